//! Secrets: text that is never printed, and its removal from the text of a server.
//!
//! # What is removed
//!
//! Messages and events contain text of the server, which may repeat parts of the request. So [`Secrets::redact`]
//! removes secrets from the server's text. The library's own text contains no secret and is never redacted. Secrets are
//!
//! * the API key, and the credentials of the proxy,
//! * the values of headers with credentials ([`is_credential`]), and the parts of them that are credentials,
//! * every string and number inside a member of the body that is named `settings` or `credentials`, or that has the
//!   name of a credential.
//!
//! A value of fewer than [`MIN_SECRET_BYTES`] bytes is not a secret: `1` or `eu` reveals nothing and is part of many
//! ordinary texts.
//!
//! A secret is removed only where it is a whole token. If it begins or ends with a letter, digit or `_`, there must be
//! no such character next to it: a setting `live` does not change `delivery`. Letters without upper and lower case
//! (Chinese, Thai, Arabic, ...) are not counted, because such words are not always separated. The spelling does not
//! matter: JSON escapes, also of JSON inside a JSON string, and URL escapes are decoded before the comparison.

use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::object::{self, Kind};

/// Text that is wiped when it is dropped, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// Returns the text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

const REDACTED: &str = "[redacted]";
/// A shorter text is not a secret.
const MIN_SECRET_BYTES: usize = 4;

/// How many levels of JSON inside JSON strings are decoded.
const MAX_NESTING: usize = 3;

/// The secrets of one request.
#[derive(Default)]
pub struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    /// Adds a secret, unless it is too short.
    pub fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.len() >= MIN_SECRET_BYTES {
            self.0.push(Zeroizing::new(secret.to_string()));
        }
    }

    /// Adds the value of a header that has credentials: the whole value, the part after a scheme (`Bearer ...`), the
    /// password of `Basic ...`, and the value of each cookie. Does nothing for other headers.
    pub fn add_header(&mut self, name: &str, value: &str) {
        if !is_credential(name) {
            return;
        }
        self.add(value);
        if let Some((scheme, credentials)) = value.split_once(' ') {
            self.add(credentials);
            if scheme.eq_ignore_ascii_case("basic")
                && let Ok(pair) = BASE64_STANDARD.decode(credentials.trim()).map(Zeroizing::new)
                && let Ok(pair) = std::str::from_utf8(&pair)
            {
                self.add(pair);
                self.add(pair.split_once(':').map_or("", |(_, password)| password));
            }
        }
        if name.contains("cookie") {
            value.split(';').filter_map(|cookie| cookie.split_once('=')).for_each(|(_, value)| self.add(value));
        }
    }

    /// Adds every string and number in the settings and credentials of a request's body.
    pub fn add_body(&mut self, body: &str) {
        if let Ok(body) = serde_json::from_str::<&RawValue>(body) {
            self.collect(body, false);
        }
    }

    fn collect(&mut self, value: &RawValue, is_secret: bool) {
        // Values that cannot be read were not sent.
        match Kind::of(value) {
            Kind::String if is_secret => {
                if let Ok(text) = serde_json::from_str(value.get()).map(Zeroizing::<String>::new) {
                    self.add(&text);
                }
            }
            Kind::Number if is_secret => self.add(value.get()),
            Kind::Array => {
                let _ = object::for_each_element(value, &"", |_, element| {
                    self.collect(element, is_secret);
                    Ok(())
                });
            }
            Kind::Object => {
                let _ = object::for_each_member(value, &"", |name, member| {
                    let named = matches!(&*name, "settings" | "credentials") || is_credential(&name);
                    self.collect(member, is_secret || named);
                    Ok(())
                });
            }
            _ => {}
        }
    }

    /// Returns a text of the server with its secrets replaced. `cut` is true if `text` is the beginning of a longer
    /// text, so that it may end within a secret.
    pub fn redact(&self, text: &str, cut: bool) -> String {
        let mut found = Vec::new();
        let plain = Spelling::plain(text);
        self.find(&plain.percent_decoded(), cut, &mut found);
        let mut spelling = Some(plain);
        for _ in 0..=MAX_NESTING {
            let Some(current) = spelling else { break };
            self.find(&current, cut, &mut found);
            spelling = current.text.contains('\\').then(|| current.unescaped());
        }
        replace(text, found)
    }

    /// Adds the ranges of the original text that contain secrets in this spelling.
    fn find(&self, spelling: &Spelling, cut: bool, found: &mut Vec<Range<usize>>) {
        let text = &spelling.text;
        for secret in &self.0 {
            let mut from = 0;
            while let Some(at) = text[from..].find(secret.as_str()).map(|at| from + at) {
                let end = at + secret.len();
                if is_whole(text, at..end) {
                    found.push(spelling.at[at]..spelling.at[end]);
                    from = end;
                } else {
                    from = at + text[at..].chars().next().map_or(1, char::len_utf8);
                }
            }
            if cut && let Some(length) = cut_length(secret, text) {
                found.push(spelling.at[text.len() - length]..spelling.at[text.len()]);
            }
        }
    }
}

/// Returns whether a header or member with this name contains a credential.
pub fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "cookie", "key", "token", "secret", "password"].iter().any(|part| name.contains(part))
}

/// Returns whether a range of `text` is a whole token, not a part of a longer one.
fn is_whole(text: &str, range: Range<usize>) -> bool {
    let inside = &text[range.clone()];
    let joins = |one: Option<char>, other: Option<char>| one.is_some_and(is_word) && other.is_some_and(is_word);
    !joins(text[..range.start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[range.end..].chars().next())
}

/// Returns whether a character is part of a word: there is no token boundary between two such characters.
fn is_word(character: char) -> bool {
    character == '_' || character.is_numeric() || character.is_lowercase() || character.is_uppercase()
}

/// Returns how many bytes at the end of `text` are the beginning of `secret`.
fn cut_length(secret: &str, text: &str) -> Option<usize> {
    (1..secret.len()).rev().find(|length| {
        secret.is_char_boundary(*length)
            && text.ends_with(&secret[..*length])
            && is_whole(text, text.len() - length..text.len())
    })
}

/// Replaces ranges of `text`. Ranges that overlap become one replacement.
fn replace(text: &str, mut found: Vec<Range<usize>>) -> String {
    found.sort_by_key(|range| (range.start, range.end));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for range in found {
        if range.start >= done {
            result.push_str(&text[done..range.start]);
            result.push_str(REDACTED);
        }
        done = done.max(range.end);
    }
    result.push_str(&text[done..]);
    result
}

/// A text with decoded escapes, and the position in the original text of each of its bytes.
struct Spelling {
    text: Zeroizing<String>,
    /// For each byte of `text`, and for its end, an offset in the original text.
    at: Vec<usize>,
}

impl Spelling {
    fn plain(text: &str) -> Spelling {
        Spelling { text: Zeroizing::new(text.to_string()), at: (0..=text.len()).collect() }
    }

    /// Decodes JSON escapes. Other text is unchanged. An incomplete escape at the end is left out.
    fn unescaped(&self) -> Spelling {
        self.decoded(|rest| {
            let mut characters = rest.chars();
            match (characters.next()?, characters.next()) {
                ('\\', None) => None,
                ('\\', Some('u')) => match unicode(rest) {
                    Unicode::Character(character, length) => Some((character, length)),
                    Unicode::Cut => None,
                    Unicode::Invalid => Some(('\\', 1)),
                },
                ('\\', Some(letter)) => {
                    let decoded = match letter {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        '"' | '\\' | '/' => letter,
                        _ => return Some(('\\', 1)),
                    };
                    Some((decoded, 2))
                }
                (character, _) => Some((character, character.len_utf8())),
            }
        })
    }

    /// Decodes URL escapes that are UTF-8.
    fn percent_decoded(&self) -> Spelling {
        self.decoded(|rest| {
            let mut bytes = [0; 4];
            for length in 1..=4 {
                let Some(byte) = rest.get(3 * (length - 1)..3 * length).and_then(|escape| escape.strip_prefix('%'))
                else {
                    break;
                };
                let Ok(byte) = u8::from_str_radix(byte, 16) else { break };
                bytes[length - 1] = byte;
                if let Some(character) = std::str::from_utf8(&bytes[..length]).ok().and_then(|text| text.chars().next())
                {
                    return Some((character, 3 * length));
                }
            }
            let character = rest.chars().next()?;
            Some((character, character.len_utf8()))
        })
    }

    /// Decodes the text character by character. `next` returns a character and the length of its spelling in bytes, or
    /// `None` at the end.
    fn decoded(&self, next: impl Fn(&str) -> Option<(char, usize)>) -> Spelling {
        let mut text = Zeroizing::new(String::with_capacity(self.text.len()));
        let mut at = Vec::with_capacity(self.at.len());
        let mut from = 0;
        while let Some((character, length)) = next(&self.text[from..]) {
            text.push(character);
            at.resize(text.len(), self.at[from]);
            from += length;
        }
        // An incomplete escape at the end belongs to the end position.
        at.push(self.at[self.text.len()]);
        Spelling { text, at }
    }
}

enum Unicode {
    /// A character, and the length of its spelling in bytes.
    Character(char, usize),
    /// The text ends within the escape.
    Cut,
    Invalid,
}

/// Decodes `\uXXXX` at the beginning of `text`, or two of them that form a surrogate pair.
fn unicode(text: &str) -> Unicode {
    let unit = |from: usize| -> Option<u16> {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let is_cut = |from: usize| {
        let rest = &text[from..];
        let digits = rest.strip_prefix("\\u").unwrap_or_default();
        rest.len() < 6 && ("\\u".starts_with(rest) || digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let Some(first) = unit(0) else {
        return if is_cut(0) { Unicode::Cut } else { Unicode::Invalid };
    };
    match char::decode_utf16([first]).next() {
        Some(Ok(character)) => Unicode::Character(character, 6),
        _ if is_cut(6) => Unicode::Cut,
        _ => match unit(6).and_then(|second| char::decode_utf16([first, second]).next()) {
            Some(Ok(character)) => Unicode::Character(character, 12),
            _ => Unicode::Invalid,
        },
    }
}

#[cfg(test)]
mod tests;
