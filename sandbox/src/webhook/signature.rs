//! Signs events: HMAC-SHA256 with the API key over the body's JSON with sorted keys, in lower-case hexadecimal.
//!
//! The body is sent in exactly this form, so a receiver may sign the bytes that it got, or parse and sort them first. The
//! form is that of JavaScript's `JSON.stringify`, because receivers use it to sort.
//!
//! The library has code of its own for this. The two stay apart, so that tests with both check each of them.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Number, Value};
use sha2::Sha256;
use std::fmt::Write;

/// Returns the signature of a body.
pub fn sign(body: &str, key: &str) -> String {
    // HMAC accepts keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Returns the JSON text of a value with sorted keys, as JavaScript writes it.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Number(number) => write_number(text, number),
        Value::Array(values) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_value(text, value);
            }
            text.push(']');
        }
        Value::Object(object) => write_object(text, object),
        // The escapes of serde_json are those of JavaScript.
        Value::Null | Value::Bool(_) | Value::String(_) => _ = write!(text, "{value}"),
    }
}

fn write_object(text: &mut String, object: &Map<String, Value>) {
    let mut members: Vec<_> = object.iter().collect();
    // JavaScript puts keys that are array indices first, in the order of their numbers.
    members.sort_by_cached_key(|(key, _)| {
        let index = array_index(key);
        (index.is_none(), index, key.encode_utf16().collect::<Vec<_>>())
    });
    text.push('{');
    for (at, (key, value)) in members.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        let _ = write!(text, "{}:", Value::from(key.as_str()));
        write_value(text, value);
    }
    text.push('}');
}

fn array_index(key: &str) -> Option<u32> {
    let index: u32 = key.parse().ok()?;
    (index < u32::MAX && index.to_string() == key).then_some(index)
}

/// Writes a number as JavaScript does, which has only 64-bit floating-point numbers.
fn write_number(text: &mut String, number: &Number) {
    match number.as_f64().filter(|number| number.is_finite()) {
        Some(number) => text.push_str(ryu_js::Buffer::new().format_finite(number)),
        None => text.push_str("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_that_of_javascript() {
        // The expected text is the output of Node.js for the sorted object.
        let value: Value = serde_json::from_str(
            r#"{"b":1.0,"a":[{"z":1e21,"y":-0.0}],"10":1e-7,"9":12345678901234567890,"01":0.1,"\ud83d\ude00":1,"\uff21":"\u001f\u007f/\"é"}"#,
        )
        .unwrap();
        assert_eq!(
            canonical(&value),
            "{\"9\":12345678901234567000,\"10\":1e-7,\"01\":0.1,\"a\":[{\"y\":0,\"z\":1e+21}],\"b\":1,\"😀\":1,\
             \"Ａ\":\"\\u001f\u{7f}/\\\"é\"}"
        );
    }

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("what do ya want for nothing?", "Jefe"), expected);
    }
}
