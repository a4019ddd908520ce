//! Webhooks: checks that Apideck signed an event, and signs events for tests. Pure.
//!
//! Apideck sends the HMAC-SHA256 of an event, with the API key as its key, in the header `x-apideck-signature`. The
//! public documentation describes what is signed in three ways: the body with the members of all objects sorted, with
//! the members sorted outside arrays, or as it was sent. It encodes the result as hexadecimal digits or as base64. A
//! signature is accepted if it is one of these six.

mod canonical;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::value::RawValue;
use subtle::ConstantTimeEq;

use crate::error::{Failure, Status};
use crate::object::{self, Kind};
use crate::validate;
use canonical::{Canonical, Duplicate, Form};

/// The largest body that is read. Events have a few kilobytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// The number of bytes of an HMAC-SHA256.
const LENGTH: usize = 32;

/// The most characters of a name in a message.
const MAX_NAME: usize = 64;

const NOT_SIGNED: &str = "the API key did not sign this body: use the key of the application that the webhook belongs \
                          to, and the bytes of the body as they were received";

/// Checks that the key signed the body, and returns the event in it: the JSON text of the member `payload`, or of the
/// body where that is the event itself.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if `api_key` is empty. Fails with `INVALID_SIGNATURE` if the key did not sign the
/// body, or if the body is not an event: larger than [`MAX_BODY`], nested deeper than 128 levels, not JSON, not an
/// object, or with two members of the same name in one object, because parsers disagree on its meaning. No message has
/// the key, the signature or a value of the body.
pub fn verify<'a>(body: &'a [u8], signature: &str, api_key: &str) -> Result<&'a str, Failure> {
    let key = key(api_key)?;
    let signature = decode(signature)?;
    let text = check(body).map_err(|problem| invalid("body", problem))?;
    let canonical = Canonical::read(text).map_err(|duplicate| invalid("body", duplicate))?;
    let is_signed = |write: &dyn Fn(&mut hmac::Context)| {
        let mut context = hmac::Context::with_key(&key);
        write(&mut context);
        bool::from(context.sign().as_ref().ct_eq(&signature))
    };
    let in_form = |form| is_signed(&|context| canonical.write(form, &mut |part| context.update(part.as_bytes())));
    let is_accepted = is_signed(&|context| context.update(body))
        || in_form(Form::Sorted)
        || canonical.has_two_forms() && in_form(Form::SortedOutsideArrays);
    if !is_accepted {
        return Err(invalid("signature", NOT_SIGNED));
    }
    event(text)
}

/// Returns the signature of a body, for tests: over the body with sorted members, in hexadecimal digits.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if `api_key` is empty, or if [`verify`] would refuse the body.
pub fn sign(body: &[u8], api_key: &str) -> Result<String, Failure> {
    let key = key(api_key)?;
    let text = check(body).map_err(|problem| Failure::argument("body", problem))?;
    let canonical = Canonical::read(text).map_err(|duplicate| Failure::argument("body", duplicate))?;
    event(text).map_err(|failure| Failure::new(Status::InvalidArgument, failure.message))?;
    let mut context = hmac::Context::with_key(&key);
    canonical.write(Form::Sorted, &mut |part| context.update(part.as_bytes()));
    Ok(context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn invalid(what: &str, problem: impl fmt::Display) -> Failure {
    Failure::new(Status::InvalidSignature, format!("{what}: {problem}"))
}

fn key(api_key: &str) -> Result<hmac::Key, Failure> {
    if api_key.is_empty() {
        return Err(Failure::argument("api_key", "is empty; expected the API key of the application"));
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, api_key.as_bytes()))
}

/// Returns the bytes of a signature in hexadecimal digits or base64.
fn decode(signature: &str) -> Result<[u8; LENGTH], Failure> {
    let decoded = match signature.len() {
        0 => return Err(invalid("signature", "is missing; expected the value of the header x-apideck-signature")),
        HEX => from_hex(signature),
        _ => STANDARD.decode(signature).ok().and_then(|bytes| bytes.try_into().ok()),
    };
    decoded.ok_or_else(|| invalid("signature", format_args!("expected {HEX} lower-case hexadecimal digits or {BASE64} characters of base64, found neither in its {} bytes", signature.len())))
}

const HEX: usize = 2 * LENGTH;
const BASE64: usize = LENGTH.div_ceil(3) * 4;

fn from_hex(digits: &str) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        if !pair.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Returns the body as text if it is a JSON object within the limits.
fn check(body: &[u8]) -> Result<&str, String> {
    if body.len() > MAX_BODY {
        return Err(format!("has {} bytes, and an event has at most {MAX_BODY}", body.len()));
    }
    validate::object(body).map_err(|problem| problem.to_string().trim_start_matches("the body ").to_string())?;
    std::str::from_utf8(body).map_err(|problem| format!("is not UTF-8 at byte {}", problem.valid_up_to()))
}

/// Returns the text of the event in a body that is a JSON object.
fn event(body: &str) -> Result<&str, Failure> {
    let not_json = |problem: serde_json::Error| invalid("body", format_args!("is not JSON: {problem}"));
    let whole: &RawValue = serde_json::from_str(body).map_err(not_json)?;
    let mut event = None;
    object::for_each_member(whole, &"body", |name, value| {
        match &*name {
            "payload" => event = Some(value),
            "event_type" if event.is_none() => event = Some(whole),
            _ => {}
        }
        Ok(())
    })
    .map_err(|failure| Failure::new(Status::InvalidSignature, failure.message))?;
    match event {
        Some(event) if Kind::of(event) == Kind::Object => Ok(event.get()),
        _ => Err(invalid("body", "has no event: expected an object as the member \"payload\"")),
    }
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Duplicate { name, offset } = self;
        let shown: String = name.chars().take(MAX_NAME).collect();
        let end = if shown.len() < name.len() { "…" } else { "" };
        write!(f, "the object at byte {offset} has a second member {shown}{end}, so that its meaning is ambiguous")
    }
}
