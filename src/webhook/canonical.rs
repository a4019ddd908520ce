//! The canonical forms of a JSON text, over which webhooks are signed. Pure.
//!
//! A canonical form is what JavaScript's `JSON.stringify` writes for the parsed text after the members of its objects
//! were sorted. That is RFC 8785, except that names like `"10"` come first, because JavaScript puts them first in every
//! object. Numbers are doubles, written as ECMAScript writes them. Characters are escaped only where they must be.
//!
//! The text is read once. A part that is the same in every form, such as a number or an object whose members are sorted,
//! becomes one range of `scratch`; only other objects, and what contains them, become nodes. So a form is written by
//! copying a few ranges, and memory and time stay in proportion to the text, whatever it is.

use std::cmp::Ordering;
use std::fmt::Write;
use std::ops::Range;

/// A canonical form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// The members of every object are sorted.
    Sorted,
    /// The members of objects are sorted, except within arrays.
    SortedOutsideArrays,
}

/// A JSON text whose forms can be written.
pub struct Canonical {
    scratch: String,
    root: Node,
}

/// Two members of one object have the same name.
#[derive(Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The name as a JSON string.
    pub name: String,
    /// The offset of the second member in the text.
    pub offset: usize,
}

enum Node {
    /// The same text in every form. In an array, it can be several elements.
    Text(Range<usize>),
    Array(Vec<Node>),
    /// The members in sorted order.
    Object(Vec<Member>),
}

struct Member {
    /// The name as a JSON string without its quotes.
    name: Range<usize>,
    value: Node,
    /// The offset in the text.
    offset: usize,
}

impl Canonical {
    /// Reads a text, which must be one JSON value of a depth that is limited.
    pub fn read(json: &str) -> Result<Canonical, Duplicate> {
        let mut reader = Reader { json, at: 0, scratch: String::with_capacity(json.len()) };
        let root = reader.value()?;
        Ok(Canonical { scratch: reader.scratch, root })
    }

    /// Returns whether the forms differ.
    pub fn has_two_forms(&self) -> bool {
        matches!(self.root, Node::Array(_) | Node::Object(_))
    }

    /// Calls `write` with the parts of a form, in order.
    pub fn write(&self, form: Form, write: &mut dyn FnMut(&str)) {
        self.write_node(&self.root, form, true, write);
    }

    /// `sorts`: whether the members of objects are sorted at this place.
    fn write_node(&self, node: &Node, form: Form, sorts: bool, write: &mut dyn FnMut(&str)) {
        match node {
            Node::Text(range) => write(&self.scratch[range.clone()]),
            Node::Array(elements) => {
                let mut separator = "[";
                for element in elements {
                    write(separator);
                    separator = ",";
                    self.write_node(element, form, form == Form::Sorted, write);
                }
                write("]");
            }
            Node::Object(members) => {
                let mut members: Vec<&Member> = members.iter().collect();
                if !sorts {
                    members.sort_by_key(|member| {
                        let index = array_index(&self.scratch[member.name.clone()]);
                        index.map_or((true, member.offset as u64), |index| (false, index.into()))
                    });
                }
                let mut separator = "{\"";
                for member in members {
                    write(separator);
                    separator = ",\"";
                    write(&self.scratch[member.name.clone()]);
                    write("\":");
                    self.write_node(&member.value, form, sorts, write);
                }
                write("}");
            }
        }
    }
}

/// Reads the text from `at` on. It is valid JSON, so that no character needs a check.
struct Reader<'a> {
    json: &'a str,
    at: usize,
    scratch: String,
}

impl Reader<'_> {
    /// Reads a value. If it becomes a `Text`, its canonical text is the end of `scratch`.
    fn value(&mut self) -> Result<Node, Duplicate> {
        let start = self.scratch.len();
        match self.peek() {
            b'{' => return self.object(),
            b'[' => return self.array(),
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
        Ok(Node::Text(start..self.scratch.len()))
    }

    fn array(&mut self) -> Result<Node, Duplicate> {
        let start = self.scratch.len();
        self.at += 1;
        self.scratch.push('[');
        let mut elements: Vec<Node> = Vec::new();
        while self.peek() != b']' {
            let element = self.value()?;
            match (elements.last_mut(), element) {
                // The element, and the comma before it, follow the text of the last one.
                (Some(Node::Text(last)), Node::Text(text)) => last.end = text.end,
                (_, element) => elements.push(element),
            }
            if self.peek() == b',' {
                self.at += 1;
                self.scratch.push(',');
            }
        }
        self.at += 1;
        self.scratch.push(']');
        let is_text = elements.iter().all(|element| matches!(element, Node::Text(_)));
        Ok(if is_text { Node::Text(start..self.scratch.len()) } else { Node::Array(elements) })
    }

    fn object(&mut self) -> Result<Node, Duplicate> {
        let start = self.scratch.len();
        self.at += 1;
        self.scratch.push('{');
        let mut members: Vec<Member> = Vec::new();
        while self.peek() != b'}' {
            let (offset, at) = (self.at, self.scratch.len());
            self.string();
            let name = at + 1..self.scratch.len() - 1;
            self.peek();
            self.at += 1;
            self.scratch.push(':');
            members.push(Member { name, value: self.value()?, offset });
            if self.peek() == b',' {
                self.at += 1;
                self.scratch.push(',');
            }
        }
        self.at += 1;
        self.scratch.push('}');

        let order = |a: &Member, b: &Member| {
            let names = (&self.scratch[a.name.clone()], &self.scratch[b.name.clone()]);
            order_of_names(names.0, names.1).then(a.offset.cmp(&b.offset))
        };
        let is_sorted = members.is_sorted_by(|a, b| order(a, b).is_lt());
        if !is_sorted {
            members.sort_unstable_by(order);
        }
        let is_twice = |pair: &&[Member]| self.scratch[pair[0].name.clone()] == self.scratch[pair[1].name.clone()];
        if let Some(pair) = members.windows(2).find(is_twice) {
            let name = format!("\"{}\"", &self.scratch[pair[1].name.clone()]);
            return Err(Duplicate { name, offset: pair[1].offset });
        }
        let is_text = is_sorted && members.iter().all(|member| matches!(member.value, Node::Text(_)));
        Ok(if is_text { Node::Text(start..self.scratch.len()) } else { Node::Object(members) })
    }

    /// Appends a string as `JSON.stringify` writes it.
    fn string(&mut self) {
        self.scratch.push('"');
        self.at += 1;
        loop {
            let rest = &self.json[self.at..];
            let plain = memchr::memchr2(b'"', b'\\', rest.as_bytes()).unwrap_or(rest.len());
            self.scratch.push_str(&rest[..plain]);
            self.at += plain + 1;
            if rest.as_bytes().get(plain) != Some(&b'\\') {
                break;
            }
            match self.next() {
                b'u' => {
                    let unit = self.unit();
                    self.escape(unit);
                }
                b'/' => self.scratch.push('/'),
                escaped => self.scratch.extend(['\\', char::from(escaped)]),
            }
        }
        self.scratch.push('"');
    }

    /// Appends the character of a `\u` escape. If it is the first half of a surrogate pair, its second half is read.
    fn escape(&mut self, unit: u16) {
        let next = self.json[self.at..].strip_prefix("\\u").and_then(|rest| rest.get(..4));
        let next = next.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let is_second_half = |unit: &u16| (0xdc00..0xe000).contains(unit);
        let units = match next.filter(|next| (0xd800..0xdc00).contains(&unit) && is_second_half(next)) {
            Some(next) => {
                self.at += 6;
                [unit, next]
            }
            None => [unit, 0],
        };
        match char::decode_utf16(units).next() {
            Some(Ok('"')) => self.scratch.push_str("\\\""),
            Some(Ok('\\')) => self.scratch.push_str("\\\\"),
            Some(Ok('\u{8}')) => self.scratch.push_str("\\b"),
            Some(Ok('\t')) => self.scratch.push_str("\\t"),
            Some(Ok('\n')) => self.scratch.push_str("\\n"),
            Some(Ok('\u{c}')) => self.scratch.push_str("\\f"),
            Some(Ok('\r')) => self.scratch.push_str("\\r"),
            Some(Ok(character)) if character >= ' ' => self.scratch.push(character),
            // A control character, or half a surrogate pair.
            _ => {
                let _ = write!(self.scratch, "\\u{unit:04x}");
            }
        }
    }

    fn number(&mut self) {
        let text = self.token();
        // JavaScript writes an integer of up to 15 digits as it is.
        if text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.scratch.push_str(text);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => self.scratch.push_str(ryu_js::Buffer::new().format_finite(number)),
            // JavaScript reads a number beyond the range of doubles as Infinity, which JSON does not have.
            _ => self.scratch.push_str("null"),
        }
    }

    fn word(&mut self) {
        let text = self.token();
        self.scratch.push_str(text);
    }
}

impl<'a> Reader<'a> {
    /// Returns the text up to the next delimiter.
    fn token(&mut self) -> &'a str {
        let rest = &self.json[self.at..];
        let is_end = |byte: u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        let length = rest.bytes().position(is_end).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Returns the next byte that is not white space, without passing it.
    fn peek(&mut self) -> u8 {
        let rest = &self.json.as_bytes()[self.at..];
        let space = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        self.at += space;
        rest.get(space).copied().unwrap_or_default()
    }

    fn next(&mut self) -> u8 {
        self.at += 1;
        self.json.as_bytes()[self.at - 1]
    }

    /// Reads four hexadecimal digits.
    fn unit(&mut self) -> u16 {
        let digits = &self.json[self.at..self.at + 4];
        self.at += 4;
        u16::from_str_radix(digits, 16).unwrap_or_default()
    }
}

/// Returns the index that JavaScript makes of a name: a decimal number below 2^32 - 1 without leading zeros.
fn array_index(name: &str) -> Option<u32> {
    let is_index = name.len() <= 10 && name.bytes().all(|byte| byte.is_ascii_digit());
    let index = name.parse().ok().filter(|index| is_index && *index != u32::MAX)?;
    (name == "0" || !name.starts_with('0')).then_some(index)
}

/// Compares names, which are JSON strings without quotes, as JavaScript orders sorted members: numbers first, then by
/// UTF-16 code units.
fn order_of_names(a: &str, b: &str) -> Ordering {
    match (array_index(a), array_index(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        // The order of UTF-8 is that of UTF-16, except for characters from U+E000 on.
        (None, None) if [a, b].iter().all(|name| name.bytes().all(|byte| byte < 0xee && byte != b'\\')) => a.cmp(b),
        (None, None) => code_units(a).cmp(code_units(b)),
    }
}

/// Returns the UTF-16 code units of a JSON string without quotes, as [`Reader::string`] writes it.
fn code_units(name: &str) -> impl Iterator<Item = u16> {
    let mut characters = name.chars();
    let mut second_half = None;
    std::iter::from_fn(move || {
        if let Some(unit) = second_half.take() {
            return Some(unit);
        }
        let character = match characters.next()? {
            '\\' => match characters.next()? {
                'u' => {
                    let unit = u16::from_str_radix(characters.as_str().get(..4)?, 16).ok()?;
                    characters = characters.as_str()[4..].chars();
                    return Some(unit);
                }
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                escaped => escaped,
            },
            plain => plain,
        };
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units);
        second_half = units.get(1).copied();
        Some(units[0])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str, form: Form) -> String {
        let mut text = String::new();
        let canonical = Canonical::read(json).unwrap_or_else(|duplicate| panic!("{json}: {duplicate:?}"));
        canonical.write(form, &mut |part| text.push_str(part));
        text
    }

    #[test]
    fn members_are_sorted_at_every_level_or_outside_arrays() {
        let json = r#" { "b" : [ {"y":1, "x":[ {"q":0,"p":{}} ]}, 2 , 3,"s"] , "a" : { "d" : null , "c" : true } } "#;
        assert_eq!(
            written(json, Form::Sorted),
            r#"{"a":{"c":true,"d":null},"b":[{"x":[{"p":{},"q":0}],"y":1},2,3,"s"]}"#
        );
        assert_eq!(
            written(json, Form::SortedOutsideArrays),
            r#"{"a":{"c":true,"d":null},"b":[{"y":1,"x":[{"q":0,"p":{}}]},2,3,"s"]}"#
        );
    }

    #[test]
    fn names_that_are_indices_come_first_everywhere() {
        let json = r#"{"b":1,"10":2,"9":3,"a":[{"z":4,"2":5,"1":6,"01":7}],"4294967295":8,"4294967294":9,"-1":0}"#;
        assert_eq!(
            written(json, Form::Sorted),
            r#"{"9":3,"10":2,"4294967294":9,"-1":0,"4294967295":8,"a":[{"1":6,"2":5,"01":7,"z":4}],"b":1}"#
        );
        assert_eq!(
            written(json, Form::SortedOutsideArrays),
            r#"{"9":3,"10":2,"4294967294":9,"-1":0,"4294967295":8,"a":[{"1":6,"2":5,"z":4,"01":7}],"b":1}"#
        );
    }

    #[test]
    fn names_are_ordered_by_utf_16_code_units() {
        let json = "{\"\u{ff01}\":1,\"\u{1f600}\":2,\"z\":3,\"\u{e9}\":4,\"\\ud900\":5,\"\\n\":6,\"\\\"\":7,\"\":8}";
        assert_eq!(
            written(json, Form::Sorted),
            "{\"\":8,\"\\n\":6,\"\\\"\":7,\"z\":3,\"\u{e9}\":4,\"\u{1f600}\":2,\"\\ud900\":5,\"\u{ff01}\":1}"
        );
    }

    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        for (number, wanted) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0e5", "0"),
            ("1.0", "1"),
            ("1e21", "1e+21"),
            ("1E20", "100000000000000000000"),
            ("123456789012345678", "123456789012345680"),
            ("0.000001", "0.000001"),
            ("1e-7", "1e-7"),
            ("5e-324", "5e-324"),
            ("1e-400", "0"),
            ("1e400", "null"),
            ("-1e400", "null"),
            ("333333333.33333329", "333333333.3333333"),
            ("9007199254740993", "9007199254740992"),
        ] {
            assert_eq!(written(number, Form::Sorted), wanted, "{number}");
        }
    }

    #[test]
    fn characters_are_escaped_only_where_they_must_be() {
        let json = r#""\/\u002f\u00e9\u0022\u005C\u000A\u001f\u007f\ud83d\ude00\uD83D\u0041\ud83d\ud83d\u2028\b""#;
        let wanted = "\"//\u{e9}\\\"\\\\\\n\\u001f\u{7f}\u{1f600}\\ud83dA\\ud83d\\ud83d\u{2028}\\b\"";
        assert_eq!(written(json, Form::Sorted), wanted);
    }

    #[test]
    fn a_name_that_appears_twice_is_refused_however_it_is_escaped() {
        for (json, name, offset) in [
            (r#"{"a":1,"a":1}"#, "\"a\"", 7),
            (r#"[{"b":{"a":1,"c":2,"\u0061":1}}]"#, "\"a\"", 19),
            (r#"{"\ud800":1,"\uD800":2}"#, "\"\\ud800\"", 12),
            (r#"{"1":1,"z":0,"1":2}"#, "\"1\"", 13),
        ] {
            let found = Canonical::read(json).err();
            assert_eq!(found, Some(Duplicate { name: name.into(), offset }), "{json}");
        }
    }
}
