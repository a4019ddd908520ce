//! Whether the bytes of an answer are one JSON object, UTF-8, nested no deeper than 128. Pure.
//!
//! `serde_json` can skip a value without keeping it, but then counts no depth, and refuses numbers it
//! could not represent; both matter here, because the text is passed on as it is. One loop, no
//! recursion, no allocation: the containers that are open are the bits of one integer.

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
    let mut scanner = Scanner { body, at: 0 };
    scanner.skip_space();
    if scanner.peek().is_none() {
        return Err(Invalid::Empty);
    }
    scanner.document()
}

/// What the grammar allows next.
#[derive(Clone, Copy)]
enum Next {
    Value,
    /// A value, or the end of the array that has just begun.
    ValueOrEnd,
    /// A key, or the end of the object that has just begun.
    KeyOrEnd,
    Key,
    /// A comma or the end of the innermost container.
    CommaOrEnd,
}

struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), Invalid> {
        // Bit 0 is the innermost open container: 1 is an object, 0 an array.
        let mut open: u128 = 0;
        let mut depth: u32 = 0;
        let mut next = Next::Value;
        loop {
            self.skip_space();
            let Some(byte) = self.peek() else {
                return Err(Invalid::Unfinished);
            };
            next = match (next, byte) {
                (Next::Value | Next::ValueOrEnd, b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(Invalid::TooDeep { offset: self.at });
                    }
                    depth += 1;
                    open = (open << 1) | u128::from(byte == b'{');
                    self.at += 1;
                    if byte == b'{' { Next::KeyOrEnd } else { Next::ValueOrEnd }
                }
                (Next::ValueOrEnd, b']') | (Next::KeyOrEnd, b'}') => {
                    self.at += 1;
                    depth -= 1;
                    open >>= 1;
                    Next::CommaOrEnd
                }
                (Next::Value | Next::ValueOrEnd, _) => {
                    self.scalar(byte)?;
                    Next::CommaOrEnd
                }
                (Next::Key | Next::KeyOrEnd, b'"') => {
                    self.string()?;
                    self.skip_space();
                    self.take(b':', "':'")?;
                    Next::Value
                }
                (Next::Key | Next::KeyOrEnd, _) => return self.fail("a key"),
                (Next::CommaOrEnd, b',') => {
                    self.at += 1;
                    if open & 1 == 1 { Next::Key } else { Next::Value }
                }
                (Next::CommaOrEnd, b'}' | b']') if (byte == b'}') == (open & 1 == 1) => {
                    self.at += 1;
                    depth -= 1;
                    open >>= 1;
                    Next::CommaOrEnd
                }
                (Next::CommaOrEnd, _) if open & 1 == 1 => return self.fail("',' or '}'"),
                (Next::CommaOrEnd, _) => return self.fail("',' or ']'"),
            };
            if depth == 0 {
                self.skip_space();
                return if self.at == self.body.len() { Ok(()) } else { self.fail("the end") };
            }
        }
    }

    fn scalar(&mut self, first: u8) -> Result<(), Invalid> {
        match first {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true", "'true'"),
            b'f' => self.word(b"false", "'false'"),
            b'n' => self.word(b"null", "'null'"),
            _ => self.fail("a value"),
        }
    }

    fn string(&mut self) -> Result<(), Invalid> {
        self.at += 1;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return self.fail("no unescaped control character"),
                None => return Err(Invalid::Unfinished),
            }
        }
    }

    /// Skips bytes of a string that need no look: eight at a time, the test is the classic one for a
    /// byte that equals or is less than another.
    fn skip_plain(&mut self) {
        const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
        const HIGH: u64 = ONES << 7;
        let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
        while let Some(chunk) = self.body.get(self.at..self.at + 8) {
            let word = u64::from_le_bytes(chunk.try_into().unwrap_or([0; 8]));
            let quote = zero_byte(word ^ (ONES * u64::from(b'"')));
            let backslash = zero_byte(word ^ (ONES * u64::from(b'\\')));
            let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
            let stop = quote | backslash | control;
            if stop != 0 {
                // The lowest marked byte is exact; only marks above it can be false.
                self.at += stop.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Result<(), Invalid> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    match self.peek() {
                        Some(byte) if byte.is_ascii_hexdigit() => self.at += 1,
                        _ => return self.fail("a hexadecimal digit"),
                    }
                }
                Ok(())
            }
            _ => self.fail("an escape"),
        }
    }

    fn number(&mut self) -> Result<(), Invalid> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Invalid> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { self.fail("a digit") } else { Ok(()) }
    }

    fn word(&mut self, word: &[u8], expected: &'static str) -> Result<(), Invalid> {
        if self.body[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        if word.starts_with(&self.body[self.at..]) {
            return Err(Invalid::Unfinished);
        }
        self.fail(expected)
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), Invalid> {
        if self.peek() != Some(byte) {
            return self.fail(expected);
        }
        self.at += 1;
        Ok(())
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    fn fail<T>(&self, expected: &'static str) -> Result<T, Invalid> {
        if self.at >= self.body.len() {
            return Err(Invalid::Unfinished);
        }
        Err(Invalid::NotJson { offset: self.at, expected })
    }
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
