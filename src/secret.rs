//! Secrets: text that is never printed, and its removal from what a server sends back.
//!
//! # What is removed
//!
//! Messages and events repeat words of the server. A server may repeat what it was sent, so these words pass through
//! [`Secrets::redact`], and only they do: the library's own words hold no secret. Secrets are
//!
//! * the API key, and the credentials of the proxy,
//! * the values of headers with credentials ([`is_credential`]), and the parts of them that are credentials,
//! * every text and number below a member of the body that is named `settings`, `credentials` or like such a header,
//!
//! but none of fewer than [`MIN_SECRET_BYTES`] bytes: `1` or `eu` gives nothing away, and is part of many a sentence.
//!
//! A secret is removed where it is a whole token: where no letter, digit or `_` stands right before or behind it, if it
//! begins or ends with one itself. A setting `live` leaves `delivery` alone. Letters without upper and lower case
//! (Chinese, Thai, Arabic, ...) do not count, because their words are not always separated. The spelling does not
//! matter: JSON's escapes, also within text of JSON within JSON, and the escapes of URLs are read as what they mean.

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
const MIN_SECRET_BYTES: usize = 4;

/// How deep JSON within text within JSON is read.
const MAX_NESTING: usize = 3;

/// The secrets of one request.
#[derive(Default)]
pub struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    pub fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.len() >= MIN_SECRET_BYTES {
            self.0.push(Zeroizing::new(secret.to_string()));
        }
    }

    /// Adds the value of a header that has credentials: all of it, what follows a scheme (`Bearer ...`), the password
    /// within `Basic ...`, and the value of each cookie. Other headers are no secrets.
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

    /// Adds every text and number in the settings and credentials of a request's body.
    pub fn add_body(&mut self, body: &str) {
        if let Ok(body) = serde_json::from_str::<&RawValue>(body) {
            self.collect(body, false);
        }
    }

    fn collect(&mut self, value: &RawValue, is_secret: bool) {
        // What cannot be read was not sent.
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

    /// Replaces the secrets in `text` of a server. `cut` says that more text followed, so `text` may end within a
    /// secret.
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

    /// Adds the ranges of the original text that are secrets in this spelling of it.
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

/// Whether a header or member of this name holds a credential.
pub fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "cookie", "key", "token", "secret", "password"].iter().any(|part| name.contains(part))
}

/// Whether a range of `text` is a token of its own, not a part of a longer one.
fn is_whole(text: &str, range: Range<usize>) -> bool {
    let inside = &text[range.clone()];
    let joins = |one: Option<char>, other: Option<char>| one.is_some_and(is_word) && other.is_some_and(is_word);
    !joins(text[..range.start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[range.end..].chars().next())
}

/// Whether tokens do not end between this character and another such one.
fn is_word(character: char) -> bool {
    character == '_' || character.is_numeric() || character.is_lowercase() || character.is_uppercase()
}

/// How many bytes at the end of `text` are the beginning of `secret`.
fn cut_length(secret: &str, text: &str) -> Option<usize> {
    (1..secret.len()).rev().find(|length| {
        secret.is_char_boundary(*length)
            && text.ends_with(&secret[..*length])
            && is_whole(text, text.len() - length..text.len())
    })
}

/// Replaces ranges of `text`; those that overlap by one replacement.
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

/// What a text means once its escapes are read, and where in the original text each byte of that stands.
struct Spelling {
    text: Zeroizing<String>,
    /// For each byte of `text`, and for its end, an offset in the original text.
    at: Vec<usize>,
}

impl Spelling {
    fn plain(text: &str) -> Spelling {
        Spelling { text: Zeroizing::new(text.to_string()), at: (0..=text.len()).collect() }
    }

    /// Reads JSON's escapes. What is no escape stays as it is; an escape that the end cuts is left out.
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
                    let meant = match letter {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        '"' | '\\' | '/' => letter,
                        _ => return Some(('\\', 1)),
                    };
                    Some((meant, 2))
                }
                (character, _) => Some((character, character.len_utf8())),
            }
        })
    }

    /// Reads the escapes of URLs, as far as they are UTF-8.
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

    /// Reads the text character by character. `next` returns a character and how many bytes spell it, or `None` at the
    /// end.
    fn decoded(&self, next: impl Fn(&str) -> Option<(char, usize)>) -> Spelling {
        let mut text = Zeroizing::new(String::with_capacity(self.text.len()));
        let mut at = Vec::with_capacity(self.at.len());
        let mut from = 0;
        while let Some((character, length)) = next(&self.text[from..]) {
            text.push(character);
            at.resize(text.len(), self.at[from]);
            from += length;
        }
        // Of an escape that is cut, too: what follows the last character belongs to it.
        at.push(self.at[self.text.len()]);
        Spelling { text, at }
    }
}

enum Unicode {
    /// A character, and how many bytes spell it.
    Character(char, usize),
    /// The text ends within the escape.
    Cut,
    Invalid,
}

/// The character of `\uXXXX` at the beginning of `text`, or of two that make a surrogate pair.
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secrets(all: &[&str]) -> Secrets {
        let mut secrets = Secrets::default();
        all.iter().for_each(|secret| secrets.add(secret));
        secrets
    }

    #[test]
    fn settings_and_credentials_of_the_body_are_secrets_and_the_rest_is_not() {
        let mut secrets = Secrets::default();
        secrets.add_body(
            r#"{"settings":{"a":["p4ssw0rd"],"n":123456,"zone":"eu"},"metadata":{"plan":"enterprise","api_key":"m-key"},
                "enabled":true,"list":[{"credentials":{"t":"tok_1"}}]}"#,
        );
        let text = "p4ssw0rd, 123456, m-key and tok_1 are wrong for enterprise in eu: true";
        let redacted = "[redacted], [redacted], [redacted] and [redacted] are wrong for enterprise in eu: true";
        assert_eq!(secrets.redact(text, false), redacted);
    }

    #[test]
    fn credentials_in_headers_are_secrets_and_other_headers_are_not() {
        let mut secrets = Secrets::default();
        secrets.add_header("authorization", "Bearer tok_1");
        secrets.add_header("cookie", "sid=session-1; csrf=abcd");
        secrets.add_header("x-api-key", "first second");
        secrets.add_header("proxy-authorization", "Basic dXNlcjpwQHNz");
        secrets.add_header("x-env", "reset");
        secrets.add_header("prefer", "return=representation");
        let text =
            "Bearer token tok_1, session-1 and abcd of sid, second, p@ss of user: reset by return=representation";
        let redacted = "Bearer token [redacted], [redacted] and [redacted] of sid, [redacted], [redacted] of user: reset \
                        by return=representation";
        assert_eq!(secrets.redact(text, false), redacted);
    }

    #[test]
    fn only_whole_tokens_are_redacted() {
        let secrets = secrets(&["live", "$dollar$", "ab ab", "größe"]);
        for same in ["delivery lives alive live_x x_live live1", "LIVE", "größen", "xab ab1", "ab  ab"] {
            assert_eq!(secrets.redact(same, false), same);
        }
        for (text, redacted) in [
            ("live", "[redacted]"),
            ("(live)", "([redacted])"),
            ("go-live.", "go-[redacted]."),
            ("live live", "[redacted] [redacted]"),
            ("x$dollar$x", "x[redacted]x"),
            ("xab ab ab", "xab [redacted]"),
            ("密码是live。", "密码是[redacted]。"),
            ("größe", "[redacted]"),
        ] {
            assert_eq!(secrets.redact(text, false), redacted, "{text}");
        }
    }

    #[test]
    fn a_secret_is_found_in_any_spelling() {
        let secrets = secrets(&["q\"u\no/é🦀", "tok+/en=="]);
        for text in [
            "q\"u\no/é🦀",
            r#""q\"u\no/é🦀""#,
            r#""q\"u\no\/\u00e9\ud83e\udd80""#,
            r#""\u0071\u0022\u0075\u000A\u006F\u002F\u00E9\uD83E\uDD80""#,
            r#"{"a":"{\"b\":\"q\\\"u\\no\\/\\u00e9\\ud83e\\udd80\"}"}"#,
            r#"{"a":"{\"b\":\"{\\\"c\\\":\\\"q\\\\\\\"u\\\\no/é🦀\\\"}\"}"}"#,
            r#""line\nq\"u\no/é🦀\tnext""#,
            "/path/q%22u%0Ao%2F%C3%A9%F0%9F%A6%80?x",
            "?token=tok%2B%2Fen%3D%3D&more",
        ] {
            let redacted = secrets.redact(text, false);
            assert!(redacted.contains(REDACTED) && !redacted.contains(['é', '🦀']), "{text} -> {redacted}");
            assert!(!redacted.contains("u00") && !redacted.contains("tok%"), "{text} -> {redacted}");
        }
    }

    #[test]
    fn a_text_that_is_cut_does_not_end_within_a_secret() {
        let secrets = secrets(&["p4ssw0rd é"]);
        for (text, redacted) in [
            ("wrong: p4ssw0", "wrong: [redacted]"),
            ("wrong: p4ssw0rd ", "wrong: [redacted]"),
            (r"wrong: p4ssw0rd \u00", "wrong: [redacted]"),
            (r"wrong: p4ssw0rd \", "wrong: [redacted]"),
            ("wrong: p4ssw0rd é", "wrong: [redacted]"),
            ("wrong: ", "wrong: "),
            ("wrong: xp4ssw0", "wrong: xp4ssw0"),
        ] {
            assert_eq!(secrets.redact(text, true), redacted);
        }
        assert_eq!(secrets.redact("wrong: p4ssw0", false), "wrong: p4ssw0");
    }

    #[test]
    fn secrets_that_overlap_are_redacted_together() {
        let secrets = secrets(&["one two", "two three", "one two three four"]);
        assert_eq!(secrets.redact("zero one two three four five", false), "zero [redacted] five");
        assert_eq!(secrets.redact("zero one two three five", false), "zero [redacted] five");
    }

    #[test]
    fn a_secret_prints_as_a_placeholder() {
        assert_eq!(format!("{:?}", Secret::new("s3cret".into())), "[secret]");
    }

    /// Spells a text as some JSON writer might: `choices` decides for each character.
    fn spelled(text: &str, choices: &[u8]) -> String {
        let mut spelled = String::new();
        for (index, character) in text.chars().enumerate() {
            let choice = choices[index % choices.len()];
            match character {
                '"' | '\\' => spelled.extend(['\\', character]),
                '/' if choice & 1 == 1 => spelled.push_str("\\/"),
                '\n' if choice & 1 == 1 => spelled.push_str("\\n"),
                character if character < ' ' || choice & 2 == 2 => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let escape = if choice & 4 == 4 { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                        spelled.push_str(&escape);
                    }
                }
                character => spelled.push(character),
            }
        }
        spelled
    }

    fn unspelled(text: &str, times: usize) -> String {
        let mut spelling = Spelling::plain(text);
        for _ in 0..times {
            spelling = spelling.unescaped();
        }
        spelling.text.to_string()
    }

    /// Text of the characters that matter: of words, of escapes, and beyond ASCII.
    const TEXT: &str = "[a-c0-1_ \\-\\.\"\\\\/\n\u{1}u%é是🦀]{0,12}";

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_spelling_keeps_a_secret(
            secret in "[a-c\"\\\\/\n\u{1}é是🦀]{4,10}",
            (before, after) in (TEXT, TEXT),
            choices in proptest::collection::vec(any::<u8>(), 1..8),
            nested in 0..=3usize,
        ) {
            prop_assume!(secret.trim() == secret);
            let mut text = format!("{before} {secret} {after}");
            for _ in 0..nested {
                text = spelled(&text, &choices);
            }
            let redacted = secrets(&[&secret]).redact(&text, false);
            prop_assert!(redacted.contains(REDACTED), "{text}");
            let left = unspelled(&redacted, nested);
            let count = left.matches(&format!(" {secret} ")).count();
            prop_assert_eq!(count, 0, "{} -> {}", text, redacted);
        }

        #[test]
        fn text_without_a_secret_stays_as_it_is(secret in "[a-c]{4,6}", text in "[d-z0-9_ \\-\"\\\\/%é是🦀]{0,40}") {
            for cut in [false, true] {
                prop_assert_eq!(secrets(&[&secret]).redact(&text, cut), text.as_str());
            }
        }

        #[test]
        fn a_secret_within_a_longer_word_stays(secret in "[a-c]{4,6}", before in "[d-z0-9_]{0,3}", after in "[d-z0-9_]{0,3}") {
            prop_assume!(!before.is_empty() || !after.is_empty());
            let text = format!("to {before}{secret}{after}.");
            prop_assert_eq!(secrets(&[&secret]).redact(&text, false), text);
        }

        #[test]
        fn any_text_is_redacted_without_a_panic_and_wherever_it_is_cut(
            texts in proptest::collection::vec(TEXT, 1..4),
            all in proptest::collection::vec(TEXT, 0..4),
        ) {
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let (secrets, text) = (secrets(&all), texts.concat());
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let whole = secrets.redact(&text[..at], false);
                // What is redacted in a text is redacted in its beginning.
                prop_assert!(secrets.redact(&text[..at], true).matches(REDACTED).count() >= usize::from(whole.contains(REDACTED)));
            }
        }

        #[test]
        fn no_cut_shows_the_beginning_of_a_secret(
            secret in "[a-c\"é是🦀]{4,8}",
            choices in proptest::collection::vec(any::<u8>(), 1..8),
            nested in 0..=2usize,
        ) {
            let mut text = secret.clone();
            for _ in 0..nested {
                text = spelled(&text, &choices);
            }
            for at in (1..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let shown = secrets(&[&secret]).redact(&format!("x: {}", &text[..at]), true);
                let start = unspelled(&shown, nested);
                prop_assert!(!start["x: ".len().min(start.len())..].starts_with(&secret.chars().next().unwrap().to_string()), "{text} at {at}: {shown}");
            }
        }
    }
}
