//! Checks that the bytes of a response are one JSON object in UTF-8 that is nested at most 128 levels deep. Pure.
//!
//! `serde_json` can skip a value without storing it, but then it does not count the depth, and it refuses numbers that
//! it cannot represent. Both matter here, because the text is passed on unchanged. This check is one loop without
//! recursion or allocation: the open containers are the bits of one integer. It reads every byte of every response, so
//! it is written for speed, with plain control flow and strings in chunks.

use std::fmt;

/// The deepest nesting that is accepted. Most JSON parsers accept this depth.
pub const MAX_DEPTH: u32 = 128;

/// Why the body of a response is invalid.
#[derive(Debug, PartialEq, Eq)]
pub enum Invalid {
    Empty,
    NotUtf8 { offset: usize },
    ByteOrderMark,
    NotJson { offset: usize, expected: &'static str },
    Unfinished,
    TooDeep { offset: usize },
    NotAnObject { found: &'static str },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Invalid::Empty => f.write_str("the body is empty where a JSON object is promised"),
            Invalid::NotUtf8 { offset } => write!(f, "the body is not UTF-8 at byte {offset}"),
            Invalid::ByteOrderMark => f.write_str("the body is not JSON: it begins with a byte order mark"),
            Invalid::NotJson { offset, expected } => {
                write!(f, "the body is not JSON: expected {expected} at byte {offset}")
            }
            Invalid::Unfinished => f.write_str("the body is not JSON: it ends in the middle of a value"),
            Invalid::TooDeep { offset } => {
                write!(f, "the body is nested deeper than {MAX_DEPTH} levels at byte {offset}")
            }
            Invalid::NotAnObject { found } => write!(f, "the body should be a JSON object, but is {found}"),
        }
    }
}

/// Checks that `body` is one JSON object with nothing but white space around it.
pub fn object(body: &[u8]) -> Result<(), Invalid> {
    value(body)?;
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Ok(()),
        Some(b'[') => Err(Invalid::NotAnObject { found: "an array" }),
        Some(b'"') => Err(Invalid::NotAnObject { found: "a string" }),
        Some(b't' | b'f') => Err(Invalid::NotAnObject { found: "a boolean" }),
        Some(b'n') => Err(Invalid::NotAnObject { found: "null" }),
        _ => Err(Invalid::NotAnObject { found: "a number" }),
    }
}

/// Checks that `body` is one JSON value of any type.
pub fn value(body: &[u8]) -> Result<(), Invalid> {
    if body.starts_with(b"\xef\xbb\xbf") {
        return Err(Invalid::ByteOrderMark);
    }
    if !body.is_ascii()
        && let Err(e) = std::str::from_utf8(body)
    {
        return Err(Invalid::NotUtf8 { offset: e.valid_up_to() });
    }
    let text = skip_space(body);
    if text.is_empty() {
        return Err(Invalid::Empty);
    }
    document(text).map_err(|Stop { rest, expected }| match (expected, body.len() - rest) {
        (TOO_DEEP, offset) => Invalid::TooDeep { offset },
        (_, _) if rest == 0 => Invalid::Unfinished,
        (expected, offset) => Invalid::NotJson { offset, expected },
    })
}

/// The position where the text stops being JSON, and what is expected there.
struct Stop {
    /// The number of bytes from the position to the end.
    rest: usize,
    expected: &'static str,
}

#[cold]
fn stop<T>(text: &[u8], expected: &'static str) -> Result<T, Stop> {
    Err(Stop { rest: text.len(), expected })
}

/// The value of `expected` if the text is JSON but nested too deeply.
const TOO_DEEP: &str = "less depth";

/// The functions below take a text and return the part of it that they have not read.
type Rest<'a> = Result<&'a [u8], Stop>;

fn document(mut text: &[u8]) -> Result<(), Stop> {
    // The lowest bit is the innermost open container: 1 is an object, 0 an array.
    let mut open: u128 = 0;
    let mut depth: u32 = 0;
    let mut in_object = false;
    loop {
        // A value begins here.
        match text {
            [b'"', rest @ ..] => text = string(rest)?,
            [bracket @ (b'{' | b'['), rest @ ..] => {
                if depth == MAX_DEPTH {
                    return stop(text, TOO_DEEP);
                }
                depth += 1;
                in_object = *bracket == b'{';
                open = (open << 1) | u128::from(in_object);
                text = skip_space(rest);
                // '{' + 2 is '}', '[' + 2 is ']'.
                if text.first() != Some(&(bracket + 2)) {
                    if in_object {
                        text = key(text)?;
                    }
                    continue;
                }
            }
            [b'-' | b'0'..=b'9', ..] => text = number(text)?,
            _ => text = word(text)?,
        }
        // A value has ended here. The containers around it may end here too.
        loop {
            text = skip_space(text);
            match text {
                [b',', rest @ ..] if depth > 0 => {
                    text = skip_space(rest);
                    if in_object {
                        text = key(text)?;
                    }
                    break;
                }
                [] if depth == 0 => return Ok(()),
                _ if depth == 0 => return stop(text, "the end"),
                [b'}', rest @ ..] if in_object => text = rest,
                [b']', rest @ ..] if !in_object => text = rest,
                _ if in_object => return stop(text, "',' or '}'"),
                _ => return stop(text, "',' or ']'"),
            }
            depth -= 1;
            open >>= 1;
            in_object = open & 1 == 1;
        }
    }
}

/// Reads a key and its colon, up to the value.
#[inline(always)]
fn key(text: &[u8]) -> Rest<'_> {
    let [b'"', rest @ ..] = text else { return stop(text, "a key") };
    match skip_space(string(rest)?) {
        [b':', rest @ ..] => Ok(skip_space(rest)),
        rest => stop(rest, "':'"),
    }
}

/// Reads the rest of a string, after its opening quote.
#[inline(always)]
fn string(mut text: &[u8]) -> Rest<'_> {
    loop {
        // Skip ordinary bytes, one chunk at a time.
        while let Some(chunk) = text.first_chunk() {
            match special(chunk) {
                None => text = &text[CHUNK..],
                Some(offset) => {
                    text = &text[offset..];
                    break;
                }
            }
        }
        match text {
            [b'"', rest @ ..] => return Ok(rest),
            [b'\\', rest @ ..] => text = escape(rest)?,
            [0x20..=0xff, rest @ ..] => text = rest, // fewer bytes than a chunk remain
            _ => return stop(text, "no unescaped control character"),
        }
    }
}

#[inline(never)]
fn escape(text: &[u8]) -> Rest<'_> {
    match text {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..] => Ok(rest),
        [b'u', digits @ ..] => match digits.iter().take(4).position(|digit| !digit.is_ascii_hexdigit()) {
            None if digits.len() >= 4 => Ok(&digits[4..]),
            None => stop(&[], "a hexadecimal digit"),
            Some(wrong) => stop(&digits[wrong..], "a hexadecimal digit"),
        },
        _ => stop(text, "an escape"),
    }
}

#[inline]
fn number(mut text: &[u8]) -> Rest<'_> {
    if let [b'-', rest @ ..] = text {
        text = rest;
    }
    text = match text {
        [b'0', rest @ ..] => rest,
        _ => digits(text)?,
    };
    if let [b'.', rest @ ..] = text {
        text = digits(rest)?;
    }
    if let [b'e' | b'E', rest @ ..] = text {
        text = match rest {
            [b'+' | b'-', rest @ ..] => digits(rest)?,
            _ => digits(rest)?,
        };
    }
    Ok(text)
}

#[inline(always)]
fn digits(text: &[u8]) -> Rest<'_> {
    let mut rest = text;
    while let [b'0'..=b'9', after @ ..] = rest {
        rest = after;
    }
    if rest.len() < text.len() { Ok(rest) } else { stop(text, "a digit") }
}

#[inline]
fn word(text: &[u8]) -> Rest<'_> {
    match text {
        [b't', b'r', b'u', b'e', rest @ ..] => Ok(rest),
        [b'f', b'a', b'l', b's', b'e', rest @ ..] => Ok(rest),
        [b'n', b'u', b'l', b'l', rest @ ..] => Ok(rest),
        // If the text ends within a word, the error is at its end.
        _ if [&b"true"[..], b"false", b"null"].iter().any(|word| word.starts_with(text)) => stop(&[], "a value"),
        _ => stop(text, "a value"),
    }
}

#[inline(always)]
fn skip_space(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

#[cfg(target_arch = "x86_64")]
const CHUNK: usize = 16;
#[cfg(not(target_arch = "x86_64"))]
const CHUNK: usize = 8;

/// Returns the offset in `chunk` of the first quote, backslash or control character.
#[cfg(target_arch = "x86_64")]
#[inline]
#[allow(unsafe_code, reason = "a quarter of the time for a list of 100; the fallback below is safe")]
fn special(chunk: &[u8; CHUNK]) -> Option<usize> {
    use std::arch::x86_64::*;
    // SAFETY: SSE2 is part of x86_64, and the load reads the 16 bytes of `chunk`, at any alignment.
    let mask = unsafe {
        let bytes = _mm_loadu_si128(chunk.as_ptr().cast());
        let quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"' as i8));
        let backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8));
        let controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls))
    };
    (mask != 0).then(|| mask.trailing_zeros() as usize % CHUNK)
}

/// As above, for eight bytes: the usual bit tricks for "a byte equals" and "a byte is less than".
#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn special(chunk: &[u8; CHUNK]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = ONES << 7;
    let word = u64::from_le_bytes(*chunk);
    let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    let stop = zero_byte(word ^ (ONES * u64::from(b'"'))) | zero_byte(word ^ (ONES * u64::from(b'\\'))) | controls;
    // The lowest mark is exact; only marks above it can be false.
    (stop != 0).then(|| stop.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_texts_are_accepted_as_by_serde_json() {
        let texts = [
            r#"{}"#,
            r#" { "a" : [ ] } "#,
            r#"[1,-0,0.5,1e9,1E-9,-1.5e+2]"#,
            r#""\u00e9\n\"\\\/""#,
            "true",
            "null",
            r#"{"a":{"b":[{"c":"d"}]}}"#,
            "\"\u{e9}\u{1f600}\"",
            r#"[[[[[]]]],{},{}]"#,
            "",
            "{",
            "}",
            "[1,]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "01",
            "-",
            "1.",
            "1e",
            ".5",
            "+1",
            "tru",
            "truex",
            r#""\x""#,
            r#""\u12g4""#,
            "\"a\nb\"",
            "\"a\0b\"",
            "\"12345678\u{1}\"",
            "[1 2]",
            r#"{"a" 1}"#,
            r#"{a:1}"#,
            "[}",
            "{]",
            r#"{"a":1]"#,
            "[1}",
            "1 1",
            "{} {}",
            "\u{feff}{}",
            r#""unfinished"#,
            "nul",
            "NaN",
        ];
        for text in texts {
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text);
            assert_eq!(value(text.as_bytes()).is_ok(), theirs.is_ok(), "{text:?}");
        }
    }

    #[test]
    fn nesting_of_128_is_accepted_and_of_129_refused() {
        for (depth, accepted) in [(128, true), (129, false), (100_000, false)] {
            let text = format!("{}{}", r#"{"a":"#.repeat(depth - 1) + "{", "}".repeat(depth));
            assert_eq!(object(text.as_bytes()).is_ok(), accepted, "{depth}");
        }
    }

    #[test]
    fn numbers_that_fit_no_machine_type_are_accepted() {
        assert_eq!(object(br#"{"a":12345678901234567890123,"b":1e999,"c":1.10}"#), Ok(()));
    }

    #[test]
    fn every_prefix_of_a_document_is_refused() {
        let text = r#"{"a":[1.5e3,true,null,"x\u00e9y"],"b":{"c":"0123456789"}}"#;
        for end in 0..text.len() {
            assert!(object(&text.as_bytes()[..end]).is_err(), "{}", &text[..end]);
        }
        assert_eq!(object(text.as_bytes()), Ok(()));
    }

    #[test]
    fn other_types_than_an_object_are_named() {
        assert_eq!(object(b" [1]"), Err(Invalid::NotAnObject { found: "an array" }));
        assert_eq!(object(b"\xff"), Err(Invalid::NotUtf8 { offset: 0 }));
        assert_eq!(object(b" \n"), Err(Invalid::Empty));
    }
}
