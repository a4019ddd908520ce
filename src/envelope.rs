//! Writes the JSON text that a caller gets for a response or a failure. Pure.
//!
//! The text of a success is built around the body: the part before the body is written first, then the body is read
//! into its final place, then the end is written. The server's bytes are never moved or changed.

use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, StatusCode};

use crate::error::{Failure, Status};
use crate::object::{self, Kind};
use crate::secret::Secrets;
use crate::transport::Encoding;
use crate::validate;

/// The number of unused bytes in front of the text, which `ffi.rs` needs.
pub const HEADROOM: usize = 2 * size_of::<usize>();

/// The most bytes of a body that is not JSON, and of a message.
const MAX_TEXT: usize = 4 * 1024;

/// The most characters of a content encoding in a message.
const MAX_ENCODING: usize = 64;

/// The most bytes of a server's text that are searched for secrets. The message is cut after the search.
const MAX_SEARCHED: usize = 64 * 1024;

/// The HTTP exchange of a call, as the member `http` describes it.
pub struct Http<'a> {
    pub method: &'a str,
    /// The scheme, the authority, and the path with its query. Neither holds credentials.
    pub url: [&'a str; 3],
    pub status: u16,
    pub headers: &'a HeaderMap,
    pub attempts: u64,
}

/// Writes the member `http`, and then `"body":`.
pub fn begin(text: &mut Vec<u8>, http: &Http<'_>) {
    text.resize(HEADROOM, 0);
    text.push(b'{');
    push_http(text, http);
    text.extend_from_slice(b",\"body\":");
}

/// Ends a text that [`begin`] began and that has its body. A body of white space becomes `null`.
pub fn end(text: &mut Vec<u8>, body_at: usize) {
    if text[body_at..].trim_ascii().is_empty() {
        text.truncate(body_at);
        text.extend_from_slice(b"null");
    }
    text.push(b'}');
}

/// Returns the text of a call that failed, with the response if there was one.
pub fn failure(failure: &Failure, response: Option<(Http<'_>, &[u8])>) -> Vec<u8> {
    let body_length = response.as_ref().map_or(0, |(_, body)| body.len());
    let mut text = Vec::with_capacity(HEADROOM + 512 + failure.message.len() + body_length);
    text.resize(HEADROOM, 0);
    text.extend_from_slice(b"{\"error\":{\"status\":");
    push_string(&mut text, failure.status.name());
    text.extend_from_slice(b",\"message\":");
    push_string(&mut text, &failure.message);
    push(&mut text, format_args!(",\"retryable\":{}", failure.retryable));
    if let Some(wait) = failure.retry_after {
        push(&mut text, format_args!(",\"retry_after_ms\":{}", wait.as_millis()));
    }
    text.push(b'}');
    if let Some((http, body)) = response {
        text.push(b',');
        push_http(&mut text, &http);
        text.extend_from_slice(b",\"body\":");
        if body.is_empty() {
            text.extend_from_slice(b"null");
        } else if validate::value(body).is_ok() {
            text.extend_from_slice(body);
        } else {
            push_string(&mut text, &lossy(body));
        }
    }
    text.push(b'}');
    text
}

/// Returns the first 4 KiB of a body that is not JSON, cut between characters.
fn lossy(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&body[..body.len().min(MAX_TEXT)]).into_owned();
    if body.len() > MAX_TEXT {
        // The cut may be within a character, whose first bytes became replacement characters.
        text.truncate(text.trim_end_matches('\u{fffd}').len());
    }
    text
}

/// Returns the message for a response outside 2xx: `404 Not Found: Unknown Connection (EntityNotFoundError): …`.
///
/// Secrets in the server's text are redacted. The library's own text is never redacted.
pub fn error_message(status: u16, headers: &HeaderMap, body: &[u8], secrets: &Secrets) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    let mut message = match reason {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    };
    if (300..400).contains(&status) {
        message.push_str(": redirects are not followed, so that credentials and ids reach no other host");
        if let Some(target) = headers.get("location").and_then(|value| value.to_str().ok()) {
            message.push_str("; it pointed to ");
            // Without the query, which may contain a token.
            let target = redacted(target, secrets);
            message.extend(target.split(['?', '#']).next().unwrap_or_default().chars().take(256));
        }
    }
    if let Encoding::Other(names) = Encoding::of(headers)
        && !body.is_empty()
        && validate::value(body).is_err()
    {
        message.push_str(": ");
        message.push_str(&unsupported_encoding(&names, secrets));
    }
    let fields = ErrorFields::read(body);
    if let Some(text) = fields.message {
        message.push_str(": ");
        message.push_str(&redacted(&text, secrets));
    }
    if let Some(name) = fields.type_name {
        message.push_str(" (");
        message.push_str(&redacted(&name, secrets));
        message.push(')');
    }
    if let Some(detail) = fields.detail {
        message.push_str(": ");
        message.push_str(&redacted(&detail, secrets));
    }
    if message.len() > MAX_TEXT {
        message.truncate(floor_char_boundary(&message, MAX_TEXT));
        message.push('…');
    }
    message
}

/// Returns the problem of a body in the encodings that the server names.
pub fn unsupported_encoding(names: &str, secrets: &Secrets) -> String {
    // The text is redacted before it is cut, so that no part of a secret remains.
    let names = redacted(names, secrets);
    let shown = names.chars().filter(|character| character.is_ascii_graphic() || *character == ' ');
    let names: String = shown.take(MAX_ENCODING).collect();
    format!("its body has the content-encoding \"{names}\": only gzip and identity are supported")
}

/// Returns a server's text without secrets, cut to the part that is searched for them.
fn redacted(text: &str, secrets: &Secrets) -> String {
    let length = floor_char_boundary(text, MAX_SEARCHED);
    secrets.redact(&text[..length], length < text.len())
}

/// The fields of an error body that a message contains.
#[derive(Default)]
struct ErrorFields {
    message: Option<String>,
    type_name: Option<String>,
    detail: Option<String>,
}

impl ErrorFields {
    /// Reads the body member by member, so that a member that cannot be read does not hide the others.
    fn read(body: &[u8]) -> ErrorFields {
        let (text, mut fields) = (String::from_utf8_lossy(body), ErrorFields::default());
        let Ok(body) = object::parse(&text, "body") else { return fields };
        // If the body is not an object, or one of its keys cannot be read, the fields found so far are used.
        let _ = object::for_each_member(body, &"body", |key, value| {
            let field = match &*key {
                "message" => &mut fields.message,
                "type_name" => &mut fields.type_name,
                "detail" => &mut fields.detail,
                _ => return Ok(()),
            };
            let text = match Kind::of(value) {
                Kind::Null => String::new(),
                Kind::String => object::string(value, &key).map_or_else(|_| value.get().to_string(), Cow::into_owned),
                // Written again without white space.
                _ => serde_json::from_str::<Value>(value.get())
                    .map_or_else(|_| value.get().to_string(), |value| value.to_string()),
            };
            *field = Some(text).filter(|text| !text.is_empty());
            Ok(())
        });
        fields
    }
}

/// Returns the last character boundary at or before `most`.
fn floor_char_boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns the time that `Retry-After` contains, in seconds or as a date. A date in the past is zero.
pub fn retry_after(headers: &HeaderMap, now: std::time::SystemTime) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        // A number of seconds that does not fit is replaced by 136 years.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX)).min(u64::from(u32::MAX))));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Returns the status of a call whose last response has this HTTP status, or `None` for a 2xx.
pub fn status_of(code: u16) -> Option<Status> {
    (!(200..300).contains(&code)).then(|| Status::of_http(code))
}

fn push_http(text: &mut Vec<u8>, http: &Http<'_>) {
    let Http { method, url: [scheme, authority, target], status, headers, attempts } = http;
    push(text, format_args!("\"http\":{{\"status\":{status},\"headers\":{{"));
    let mut last = None;
    // The values of one name are adjacent.
    for (name, value) in *headers {
        let value = value.as_bytes();
        if last == Some(name) {
            let ends_with_quote = text.pop();
            debug_assert_eq!(ends_with_quote, Some(b'"'));
            text.extend_from_slice(b", ");
        } else {
            if last.is_some() {
                text.push(b',');
            }
            text.push(b'"'); // a header name contains nothing that JSON escapes
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(b"\":\"");
            last = Some(name);
        }
        push_string_content(text, value);
        text.push(b'"');
    }
    push(text, format_args!("}},\"attempts\":{attempts},\"method\":\"{method}\",\"url\":\"{scheme}://"));
    push_string_content(text, authority.as_bytes());
    push_string_content(text, target.as_bytes());
    text.extend_from_slice(b"\"}");
}

fn push(text: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    // A write to a Vec cannot fail.
    let _ = text.write_fmt(what);
}

fn push_string(text: &mut Vec<u8>, string: &str) {
    text.push(b'"');
    push_string_content(text, string.as_bytes());
    text.push(b'"');
}

/// Writes the text between the quotes. Bytes that are not UTF-8 are replaced.
fn push_string_content(text: &mut Vec<u8>, content: &[u8]) {
    let plain = content.iter().all(|byte| (0x20..0x7f).contains(byte) && *byte != b'"' && *byte != b'\\');
    if plain {
        return text.extend_from_slice(content);
    }
    let escaped = Value::String(String::from_utf8_lossy(content).into_owned()).to_string();
    text.extend_from_slice(&escaped.as_bytes()[1..escaped.len() - 1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;
    use ureq::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn http(status: u16, headers: &HeaderMap, attempts: u64) -> Http<'_> {
        Http { method: "GET", url: ["http", "127.0.0.1:1", "/v/a\"b?c=d"], status, headers, attempts }
    }

    fn read(text: &[u8]) -> Value {
        serde_json::from_slice(&text[HEADROOM..]).unwrap()
    }

    #[test]
    fn a_body_is_in_the_text_byte_for_byte() {
        let body = "{\"b\": 1.10 ,\"a\":12345678901234567890123,\"é\":\"\\u00e9\"}";
        let mut text = Vec::new();
        begin(&mut text, &http(200, &headers(&[("x-a", "1"), ("x-a", "2"), ("x-q", "\"")]), 2));
        let body_at = text.len();
        text.extend_from_slice(body.as_bytes());
        end(&mut text, body_at);
        let text = String::from_utf8(text.split_off(HEADROOM)).unwrap();
        let head = r#"{"http":{"status":200,"headers":{"x-a":"1, 2","x-q":"\""},"attempts":2,"method":"GET","url":"http://127.0.0.1:1/v/a\"b?c=d"},"body":"#;
        assert_eq!(text, format!("{head}{body}}}"));
    }

    #[test]
    fn an_empty_body_is_null() {
        let mut text = Vec::new();
        begin(&mut text, &http(204, &HeaderMap::new(), 1));
        let body_at = text.len();
        end(&mut text, body_at);
        assert_eq!(read(&text)["body"], Value::Null);
    }

    #[test]
    fn a_body_that_is_not_json_becomes_a_string_of_at_most_4_kib() {
        let problem = Failure::new(Status::ApiError, "500");
        for body in ["<html>\"\0\u{1}é".to_string(), "é".repeat(4_000), format!("x{}", "é".repeat(4_000))] {
            let text = read(&failure(&problem, Some((http(500, &HeaderMap::new(), 1), body.as_bytes()))));
            let shown = text["body"].as_str().unwrap();
            assert!(body.starts_with(shown) && shown.len() <= MAX_TEXT && shown.len() >= MAX_TEXT.min(body.len()) - 1);
        }
        let text = read(&failure(&problem, Some((http(500, &HeaderMap::new(), 1), b"\xff\xfe"))));
        assert_eq!(text["body"], "\u{fffd}\u{fffd}");
    }

    fn error_message(status: u16, headers: &HeaderMap, body: &[u8]) -> String {
        super::error_message(status, headers, body, &Secrets::default())
    }

    #[test]
    fn only_the_servers_text_is_redacted() {
        let mut secrets = Secrets::default();
        for secret in ["redirects are not followed", "Temporary", "evil.example", "wrong", "SomeError"] {
            secrets.add(secret);
        }
        let body = br#"{"message":"wrong way","type_name":"SomeError","detail":{"a":"wrong"}}"#;
        let moved =
            super::error_message(307, &headers(&[("location", "https://evil.example/x?token=1")]), body, &secrets);
        assert_eq!(
            moved,
            "307 Temporary Redirect: redirects are not followed, so that credentials and ids reach no other host; it \
             pointed to https://[redacted]/x: [redacted] way ([redacted]): {\"a\":\"[redacted]\"}"
        );
    }

    #[test]
    fn the_message_contains_the_fields_of_the_error() {
        let body = br#"{"message":"Unknown Connection","type_name":"EntityNotFoundError","detail":{"id":"x"}}"#;
        let message = error_message(404, &HeaderMap::new(), body);
        assert_eq!(message, r#"404 Not Found: Unknown Connection (EntityNotFoundError): {"id":"x"}"#);
        let odd = br#"{"x":"\ud800","message":"why","ref":1e999,"detail":"\udfff","type_name":null}"#;
        assert_eq!(error_message(422, &HeaderMap::new(), odd), r#"422 Unprocessable Entity: why: "\udfff""#);
        assert_eq!(error_message(599, &HeaderMap::new(), b"<html>"), "599");
        let moved = error_message(302, &headers(&[("location", "https://evil.example/x?token=1")]), b"");
        assert!(moved.ends_with("it pointed to https://evil.example/x"), "{moved}");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let read = |value: &str| retry_after(&headers(&[("retry-after", value)]), now);
        assert_eq!(read("3"), Some(Duration::from_secs(3)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
        assert_eq!(read("99999999999999999999"), Some(Duration::from_secs(u64::from(u32::MAX))));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
    }
}
