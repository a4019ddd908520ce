//! JSON Pointer (RFC 6901) over JSON text, for C programs without a JSON library. Pure, and safe for any input.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::object::{self, Kind};

/// Returns the value at `pointer` in `json`. `""` is the whole document.
///
/// Returns `None` if `json` is not JSON, `pointer` is not a JSON Pointer, or there is no such value. If several members
/// have the same name, the last one counts.
pub fn find<'a>(json: &'a str, pointer: &str) -> Option<&'a RawValue> {
    let mut value: &RawValue = serde_json::from_str(json).ok()?;
    if pointer.is_empty() {
        return Some(value);
    }
    for token in pointer.strip_prefix('/')?.split('/') {
        let token = unescape(token)?;
        value = match Kind::of(value) {
            Kind::Object => member(value, &token)?,
            Kind::Array => element(value, &token)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Returns the number of elements of an array or of members of an object, and 0 for any other value.
pub fn count(value: &RawValue) -> usize {
    let mut count = 0;
    let counted = match Kind::of(value) {
        Kind::Object => object::for_each_member(value, &"", |_, _| {
            count += 1;
            Ok(())
        }),
        Kind::Array => object::for_each_element(value, &"", |_, _| {
            count += 1;
            Ok(())
        }),
        _ => Ok(()),
    };
    if counted.is_ok() { count } else { 0 }
}

/// Returns the characters of a string, or the JSON text of any other value. Half a surrogate pair, which UTF-8 cannot
/// represent, becomes U+FFFD.
pub fn text(value: &RawValue) -> Cow<'_, str> {
    if Kind::of(value) != Kind::String {
        return Cow::Borrowed(value.get());
    }
    object::string(value, &"").unwrap_or_else(|_| Cow::Owned(characters_of_any_string(value.get())))
}

/// Decodes a token of a pointer: `~1` is `/` and `~0` is `~`. Returns `None` if the token has any other `~`.
fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut parts = token.split('~');
    let mut text = parts.next()?.to_string();
    for part in parts {
        text.push(match part.chars().next()? {
            '0' => '~',
            '1' => '/',
            _ => return None,
        });
        text.push_str(&part[1..]);
    }
    Some(Cow::Owned(text))
}

fn member<'a>(value: &'a RawValue, name: &str) -> Option<&'a RawValue> {
    let mut found = None;
    object::for_each_member(value, &"", |key, value| {
        if key == name {
            found = Some(value);
        }
        Ok(())
    })
    .ok()?;
    found
}

fn element<'a>(value: &'a RawValue, token: &str) -> Option<&'a RawValue> {
    let is_index = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    let wanted: usize = token.parse().ok().filter(|_| is_index)?;
    let mut found = None;
    object::for_each_element(value, &"", |index, value| {
        if index == wanted {
            found = Some(value);
        }
        Ok(())
    })
    .ok()?;
    found
}

/// Decodes a JSON string that contains half a surrogate pair.
fn characters_of_any_string(json: &str) -> String {
    let mut units = Vec::new();
    let mut rest = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json).chars();
    while let Some(character) = rest.next() {
        let unescaped = match (character, if character == '\\' { rest.next() } else { None }) {
            ('\\', Some('u')) => {
                let digits: String = rest.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
                continue;
            }
            ('\\', Some('b')) => '\u{8}',
            ('\\', Some('f')) => '\u{c}',
            ('\\', Some('n')) => '\n',
            ('\\', Some('r')) => '\r',
            ('\\', Some('t')) => '\t',
            ('\\', Some(escaped)) => escaped,
            (plain, _) => plain,
        };
        units.extend_from_slice(unescaped.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document of RFC 6901, section 5.
    const RFC: &str = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;

    fn get(json: &str, pointer: &str) -> Option<String> {
        find(json, pointer).map(|value| text(value).into_owned())
    }

    #[test]
    fn every_pointer_of_the_rfc_finds_its_value() {
        for (pointer, wanted) in [
            ("", RFC),
            ("/foo", r#"["bar","baz"]"#),
            ("/foo/0", "bar"),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
        ] {
            assert_eq!(get(RFC, pointer).as_deref(), Some(wanted), "{pointer}");
        }
    }

    #[test]
    fn a_pointer_without_a_value_finds_nothing() {
        for pointer in [
            "foo",
            "/foo/2",
            "/foo/-",
            "/foo/00",
            "/foo/+1",
            "/foo/0/x",
            "/x",
            "/a~b",
            "/a~2b",
            "/foo/99999999999999999999",
        ] {
            assert_eq!(get(RFC, pointer), None, "{pointer}");
        }
        for json in ["", "{", "nul", "{} {}", r#"{"a":1"#] {
            assert_eq!(get(json, "/a"), None, "{json}");
        }
    }

    #[test]
    fn escapes_are_decoded_and_the_last_member_of_a_name_counts() {
        assert_eq!(get(r#"{"a":1,"\u0061":"\u00e9\n\ud83d\ude00\""}"#, "/a").as_deref(), Some("é\n😀\""));
        assert_eq!(get(r#"["\ud800\n\\\u00e9x"]"#, "/0").as_deref(), Some("\u{fffd}\n\\éx"));
        assert_eq!(get(r#"{"\ud800":1,"a\ud800b":2,"c":3}"#, "/c").as_deref(), Some("3"));
        assert_eq!(get(r#"{"\ud800":1,"a\ud800b":2,"c":3}"#, "/a\u{fffd}b").as_deref(), Some("2"));
        assert_eq!(get(r#"["\"\udc00\""]"#, "/0").as_deref(), Some("\"\u{fffd}\""));
    }

    #[test]
    fn elements_and_members_are_counted() {
        let counted = |pointer| find(RFC, pointer).map(count);
        assert_eq!((counted(""), counted("/foo"), counted("/foo/0")), (Some(10), Some(2), Some(0)));
    }
}
