//! Whether the bytes of an answer are one JSON object, UTF-8, nested no deeper than 128. Pure.
//!
//! `serde_json` can skip a value without keeping it, but then counts no depth, and refuses numbers it
//! could not represent; both matter here, because the text is passed on as it is. One loop, no
//! recursion, no allocation: the containers that are open are the bits of one integer. It reads every byte
//! of every answer, so it is written for speed: plain control flow, strings in chunks.

use std::fmt;

/// The deepest nesting that is passed on; what most JSON readers accept.
pub const MAX_DEPTH: u32 = 128;

/// Why some bytes are not what an answer should be.
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
    if let Err(e) = std::str::from_utf8(body) {
        return Err(Invalid::NotUtf8 { offset: e.valid_up_to() });
    }
    let mut scanner = Scanner { body, at: 0, expected: "" };
    scanner.skip_space();
    if scanner.at == body.len() {
        return Err(Invalid::Empty);
    }
    if scanner.document() {
        return Ok(());
    }
    Err(match (scanner.expected, scanner.at) {
        (TOO_DEEP, offset) => Invalid::TooDeep { offset },
        (_, at) if at >= body.len() => Invalid::Unfinished,
        (expected, offset) => Invalid::NotJson { offset, expected },
    })
}

/// Where the text has been read to. The methods say whether it went well; if not, `at` and `expected`
/// say what is wrong.
struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
    expected: &'static str,
}

/// Stands in `expected` when the grammar is kept, but not the depth.
const TOO_DEEP: &str = "less depth";

impl Scanner<'_> {
    fn document(&mut self) -> bool {
        // The lowest bit is the innermost open container: 1 is an object, 0 an array.
        let mut open: u128 = 0;
        let mut depth: u32 = 0;
        loop {
            // A value begins here.
            let byte = self.peek();
            match byte {
                b'"' => {
                    if !self.string() {
                        return false;
                    }
                }
                b'{' | b'[' => {
                    if depth == MAX_DEPTH {
                        return self.fail(TOO_DEEP);
                    }
                    self.at += 1;
                    self.skip_space();
                    if self.peek() != byte + 2 {
                        // Not empty: '{' + 2 is '}', '[' + 2 is ']'.
                        depth += 1;
                        open = (open << 1) | u128::from(byte == b'{');
                        if byte == b'{' && !self.key() {
                            return false;
                        }
                        continue;
                    }
                    self.at += 1;
                }
                b'-' | b'0'..=b'9' => {
                    if !self.number() {
                        return false;
                    }
                }
                b't' if self.body[self.at..].starts_with(b"true") => self.at += 4,
                b'f' if self.body[self.at..].starts_with(b"false") => self.at += 5,
                b'n' if self.body[self.at..].starts_with(b"null") => self.at += 4,
                _ => return self.fail_word(),
            }
            // A value has ended here; so may what it stands in.
            loop {
                self.skip_space();
                if depth == 0 {
                    return self.at == self.body.len() || self.fail("the end");
                }
                let in_object = open & 1 == 1;
                match self.peek() {
                    b',' => {
                        self.at += 1;
                        self.skip_space();
                        if in_object && !self.key() {
                            return false;
                        }
                        break;
                    }
                    b'}' if in_object => {}
                    b']' if !in_object => {}
                    _ if in_object => return self.fail("',' or '}'"),
                    _ => return self.fail("',' or ']'"),
                }
                self.at += 1;
                depth -= 1;
                open >>= 1;
            }
        }
    }

    /// A key and its colon, up to the value.
    #[inline]
    fn key(&mut self) -> bool {
        if self.peek() != b'"' {
            return self.fail("a key");
        }
        if !self.string() {
            return false;
        }
        self.skip_space();
        if self.peek() != b':' {
            return self.fail("':'");
        }
        self.at += 1;
        self.skip_space();
        true
    }

    #[inline]
    fn string(&mut self) -> bool {
        self.at += 1;
        loop {
            self.skip_plain();
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return true;
                }
                b'\\' => {
                    if !self.escape() {
                        return false;
                    }
                }
                _ => return self.fail("no unescaped control character"),
            }
        }
    }

    /// Skips bytes of a string that need no look, a chunk at a time.
    #[inline]
    fn skip_plain(&mut self) {
        while let Some(chunk) = self.body.get(self.at..).and_then(<[u8]>::first_chunk) {
            match special(chunk) {
                None => self.at += CHUNK,
                Some(offset) => {
                    self.at += offset;
                    return;
                }
            }
        }
        while self.body.get(self.at).is_some_and(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\') {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> bool {
        self.at += 1;
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                true
            }
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_ascii_hexdigit() {
                        return self.fail("a hexadecimal digit");
                    }
                    self.at += 1;
                }
                true
            }
            _ => self.fail("an escape"),
        }
    }

    fn number(&mut self) -> bool {
        if self.peek() == b'-' {
            self.at += 1;
        }
        match self.peek() {
            b'0' => self.at += 1,
            _ if !self.digits() => return false,
            _ => {}
        }
        if self.peek() == b'.' {
            self.at += 1;
            if !self.digits() {
                return false;
            }
        }
        if let b'e' | b'E' = self.peek() {
            self.at += 1;
            if let b'+' | b'-' = self.peek() {
                self.at += 1;
            }
            return self.digits();
        }
        true
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at > start || self.fail("a digit")
    }

    #[inline]
    fn skip_space(&mut self) {
        while let b' ' | b'\n' | b'\r' | b'\t' = self.peek() {
            self.at += 1;
        }
    }

    /// The byte at hand; 0, which the grammar has no place for, at the end.
    #[inline]
    fn peek(&self) -> u8 {
        self.body.get(self.at).copied().unwrap_or(0)
    }

    #[cold]
    fn fail(&mut self, expected: &'static str) -> bool {
        self.expected = expected;
        false
    }

    /// No value begins here; where the text ends within a word, its end is what is wrong.
    #[cold]
    fn fail_word(&mut self) -> bool {
        let rest = &self.body[self.at.min(self.body.len())..];
        if ["true", "false", "null"].iter().any(|word| word.as_bytes().starts_with(rest)) {
            self.at = self.body.len();
        }
        self.fail("a value")
    }
}

#[cfg(target_arch = "x86_64")]
const CHUNK: usize = 16;
#[cfg(not(target_arch = "x86_64"))]
const CHUNK: usize = 8;

/// Where in `chunk` the first quote, backslash or control character is.
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
    (mask != 0).then(|| mask.trailing_zeros() as usize)
}

/// The same eight at a time: the classic test for a byte that equals, or is less than, another.
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
    fn what_serde_json_accepts_is_accepted_and_what_it_refuses_is_refused() {
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
    fn numbers_that_no_machine_type_holds_are_accepted() {
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
