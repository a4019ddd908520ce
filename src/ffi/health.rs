//! The C function that reports the health of a connection.

use std::ffi::c_char;

use super::{apideck_vault_status, guard, string, text, text_or_failure};
use crate::error::Failure;
use crate::health::HealthReport;

/// Reports whether a connection needs somebody, who, and until when (see CONNECTION HEALTH above). The
/// connection is JSON text, as a response or an event has it: the value at "/body/data" of a get, at
/// "/body/data/0" of a list. Nothing is sent, and the clock is not read.
///
/// Returns a report, and sets `*status` to APIDECK_VAULT_OK. null counts as absent. A value that this
/// version does not know, or of an unexpected type, never makes the action "none".
///
/// If the text is NULL, not UTF-8, not a JSON object, or nested deeper than 128 levels, sets `*status` to
/// APIDECK_VAULT_INVALID_ARGUMENT and returns a failure like that of an operation. `status` may be NULL.
/// The caller owns the string and frees it with apideck_vault_string_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_connection_health(
    connection_json: *const c_char,
    status: *mut apideck_vault_status,
) -> *mut c_char {
    let reported = guard(|| {
        if connection_json.is_null() {
            return Err(Failure::argument("connection", "is NULL; expected a connection as JSON text"));
        }
        // SAFETY: promised by the caller.
        let report = HealthReport::of(unsafe { text(connection_json, "connection") }?)?;
        Ok(string(&report.json()))
    });
    // SAFETY: promised by the caller.
    unsafe { text_or_failure(reported, status) }
}
