//! The C functions for webhooks.

use std::ffi::c_char;

use super::{apideck_vault_status, c_bytes, guard, string, text, text_or_failure};
use crate::error::Failure;
use crate::webhook;

/// Checks that Apideck signed a webhook with your API key, and returns the event in it.
///
/// `body` is the body of the request as it was received, `body_length` its number of bytes; it need not end with
/// NUL. `signature` is the value of the header x-apideck-signature: NULL or "" if there is none. `api_key` is the
/// API key of the application that the webhook belongs to.
///
/// If the key signed the body, sets `*status` to APIDECK_VAULT_OK and returns
///
///   {"event":{"event_id":"...","event_type":"vault.connection.callable","entity_id":"...","entity":{...},...}}
///
/// where the event is the text that Apideck sent, byte for byte. Otherwise returns {"error":{...}} as calls do:
///
///   APIDECK_VAULT_INVALID_SIGNATURE  the key did not sign the body, or the body is not an event: larger than
///                                    1 MiB, nested deeper than 128, not a JSON object, without an event, or
///                                    with two members of the same name in one object
///   APIDECK_VAULT_INVALID_ARGUMENT   `body` or `api_key` is NULL, or `api_key` is empty or not UTF-8
///
/// Signatures are compared in constant time. Each event has an id, `/event/event_id`; Apideck may send an event
/// more than once. `status` may be NULL. The caller owns the string and frees it with apideck_vault_string_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_webhook_verify(
    body: *const c_char,
    body_length: usize,
    signature: *const c_char,
    api_key: *const c_char,
    status: *mut apideck_vault_status,
) -> *mut c_char {
    let verified = guard(|| {
        // SAFETY: promised by the caller.
        let (body, api_key) = unsafe { (bytes(body, body_length)?, required_text(api_key, "api_key")?) };
        // SAFETY: promised by the caller. A signature is ASCII, so that any other text is wrong as it is.
        let signature = unsafe { c_bytes(signature) }.map(String::from_utf8_lossy).unwrap_or_default();
        let event = webhook::verify(body, &signature, api_key)?;
        Ok(string(&format!("{{\"event\":{event}}}")))
    });
    // SAFETY: promised by the caller.
    unsafe { text_or_failure(verified, status) }
}

/// Returns the signature that Apideck would send for the body of a webhook, for your own tests: 64 hexadecimal
/// digits, over the body with the members of all objects sorted.
///
/// The parameters are those of apideck_vault_webhook_verify. On failure, returns {"error":{...}} and sets
/// `*status` to APIDECK_VAULT_INVALID_ARGUMENT: an argument is NULL or empty, or the body is not an event. The
/// caller owns the string and frees it with apideck_vault_string_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_webhook_sign(
    body: *const c_char,
    body_length: usize,
    api_key: *const c_char,
    status: *mut apideck_vault_status,
) -> *mut c_char {
    let signed = guard(|| {
        // SAFETY: promised by the caller.
        let (body, api_key) = unsafe { (bytes(body, body_length)?, required_text(api_key, "api_key")?) };
        Ok(string(&webhook::sign(body, api_key)?))
    });
    // SAFETY: promised by the caller.
    unsafe { text_or_failure(signed, status) }
}

/// Returns the caller's text, which must not be NULL.
///
/// # Safety
///
/// As for [`text`].
unsafe fn required_text<'a>(value: *const c_char, what: &str) -> Result<&'a str, Failure> {
    if value.is_null() {
        return Err(Failure::argument(what, "is NULL"));
    }
    // SAFETY: promised by the caller.
    unsafe { text(value, what) }
}

/// Returns the body of a webhook.
///
/// # Safety
///
/// `body` is NULL, or `length` bytes are readable there and do not change while the result is used.
unsafe fn bytes<'a>(body: *const c_char, length: usize) -> Result<&'a [u8], Failure> {
    if body.is_null() {
        return Err(Failure::argument("body", "is NULL"));
    }
    if length > isize::MAX as usize {
        return Err(Failure::argument("body", "has a length that no object has"));
    }
    // SAFETY: promised by the caller, and checked above.
    Ok(unsafe { std::slice::from_raw_parts(body.cast(), length) })
}
