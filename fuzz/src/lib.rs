//! What the fuzz targets share: the C functions, a scripted server on loopback, and the checks of every text that the
//! library returns.
//!
//! Nothing leaves loopback. Where an input may name a server, the client uses a proxy on loopback.

mod operations;
mod server;
#[path = "../../tests/support/vault.rs"]
pub mod vault;

use std::collections::BTreeMap;

use apideck_vault::Status;
use serde_json::Value;
use serde_json::value::RawValue;

pub use operations::{Operation, operations};
pub use server::{Played, Request, Server, request_at};
use vault::Reply;

/// The members of a returned text. They stay text, because a body may be as deep as the library allows.
pub type Parts = BTreeMap<String, Box<RawValue>>;

/// Returns the members of a returned text.
///
/// # Panics
///
/// Panics if the text is not JSON or does not have the members that its status requires.
pub fn parts(reply: &Reply) -> Parts {
    let parts: Parts = serde_json::from_str(&reply.text).unwrap_or_else(|e| panic!("{e}: {}", reply.text));
    assert_ne!(reply.status, Status::Internal, "{}", reply.text);
    let http: Option<Value> = parts.get("http").map(|http| serde_json::from_str(http.get()).expect("http is shallow"));
    let code = http.as_ref().map(|http| http["status"].as_u64().expect("a status"));
    assert_eq!(http.is_some(), parts.contains_key("body"), "http and body come together: {}", reply.text);
    if reply.status == Status::Ok {
        assert!(!parts.contains_key("error"), "{}", reply.text);
        assert!(code.is_some_and(|code| (200..300).contains(&code)), "{}", reply.text);
        return parts;
    }
    let error: Value = serde_json::from_str(parts["error"].get()).expect("error is shallow");
    assert_eq!(error["status"], reply.status.name());
    assert!(error["retryable"].is_boolean(), "{}", reply.text);
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", reply.text);
    let fits = match reply.status {
        Status::BadRequest => code == Some(400),
        Status::Unauthorized => code == Some(401),
        Status::PaymentRequired => code == Some(402),
        Status::NotFound => code == Some(404),
        Status::Conflict => code == Some(409),
        Status::Unprocessable => code == Some(422),
        Status::RateLimited => code == Some(429),
        Status::ApiError => {
            code.is_some_and(|code| !(200..300).contains(&code) && ![400, 401, 402, 404, 409, 422, 429].contains(&code))
        }
        Status::Connection | Status::InvalidResponse => code.is_none_or(|code| (200..300).contains(&code)),
        _ => code.is_none(),
    };
    assert!(fits, "{}", reply.text);
    parts
}

/// Returns the bytes up to the first NUL as text, or `None` if they are not UTF-8.
pub fn c_text(data: &[u8]) -> Option<&str> {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    std::str::from_utf8(&data[..end]).ok()
}
