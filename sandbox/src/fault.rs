//! One fault: how it is parsed, and the response of a request that has it. `faults` decides which request that is, and
//! `stream` breaks the connections.

use crate::error::{ApiError, json};
use crate::stream::{StreamControl, StreamFault};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::time::Duration;

/// The request header that asks for a fault.
pub const HEADER: &str = "x-sandbox-fault";

/// Every error message about a fault ends with this text.
const GRAMMAR: &str = "expected one of status=CODE (200 to 599), reset, truncate, garbage, and with it, or alone, \
                       delay=MILLISECONDS (at most 600000), times=N (at least 1), retry-after=SECONDS (with status), \
                       joined by `;`";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultResponse {
    Status(StatusCode),
    Broken(StreamFault),
}

/// A parsed fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    response: Option<FaultResponse>,
    pub delay: Duration,
    /// How many requests fail before the fault ends. `None` means that it never ends.
    pub times: Option<u64>,
    retry_after: Option<u32>,
    /// Why the request fails, for the error response.
    reason: String,
}

impl Fault {
    /// Parses the value of the header, or the fault of a rule.
    ///
    /// # Errors
    ///
    /// Fails with a message that names the part that is wrong.
    pub fn parse(text: &str) -> Result<Fault, String> {
        let mut fault = Fault::default();
        let mut seen = Vec::new();
        for part in text.split(';').map(str::trim) {
            let (name, value) =
                part.split_once('=').map_or((part, None), |(name, value)| (name.trim(), Some(value.trim())));
            let key = if matches!(name, "reset" | "truncate" | "garbage" | "status") { "response" } else { name };
            if seen.contains(&key) {
                return Err(format!("`{name}` cannot be combined with an earlier part; {GRAMMAR}"));
            }
            seen.push(key);
            if fault.set(name, value).is_none() {
                return Err(format!("`{part}` is not valid; {GRAMMAR}"));
            }
        }
        match (&fault.response, fault.retry_after) {
            (None, _) if fault.delay.is_zero() => Err(format!("no fault is named; {GRAMMAR}")),
            (None | Some(FaultResponse::Broken(_)), Some(_)) => Err(format!("`retry-after` needs `status`; {GRAMMAR}")),
            _ => Ok(fault),
        }
    }

    /// Returns the same fault with its reason.
    pub fn because(self, reason: String) -> Fault {
        Fault { reason, ..self }
    }

    /// Sets one part. Returns `None` if the name is unknown or the value is not valid.
    fn set(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        match (name, value) {
            ("reset", None) => self.response = Some(FaultResponse::Broken(StreamFault::Reset)),
            ("truncate", None) => self.response = Some(FaultResponse::Broken(StreamFault::Truncate)),
            ("garbage", None) => self.response = Some(FaultResponse::Broken(StreamFault::Garbage)),
            ("status", Some(code)) => {
                let code = code.parse().ok().filter(|code| (200..600).contains(code))?;
                self.response = Some(FaultResponse::Status(StatusCode::from_u16(code).ok()?));
            }
            ("delay", Some(ms)) => {
                self.delay = Duration::from_millis(ms.parse().ok().filter(|ms| *ms <= 600_000)?);
            }
            ("times", Some(n)) => self.times = Some(n.parse().ok().filter(|n| *n >= 1)?),
            ("retry-after", Some(seconds)) => self.retry_after = Some(seconds.parse().ok()?),
            _ => return None,
        }
        Some(())
    }

    /// Returns the failing response, or `None` if the fault is only a delay. `stream` belongs to the connection of the
    /// request.
    pub fn response(&self, stream: &StreamControl) -> Option<Response> {
        let mut response = match self.response? {
            FaultResponse::Status(status) => status_response(status, &self.reason),
            FaultResponse::Broken(fault) => {
                stream.break_next_response(fault);
                let data = "this response does not arrive whole ".repeat(8);
                let mut response = json(StatusCode::OK, &json!({"status_code": 200, "status": "OK", "data": data}));
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                response
            }
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        Some(response)
    }
}

fn status_response(status: StatusCode, reason_for_fault: &str) -> Response {
    if matches!(status.as_u16(), 204 | 205 | 304) {
        return status.into_response();
    }
    let reason = ApiError::reason_phrase(status);
    if !status.is_client_error() && !status.is_server_error() {
        return json(status, &json!({"status_code": status.as_u16(), "status": reason}));
    }
    let type_name = match status.as_u16() {
        400 => "RequestValidationError",
        401 => "UnauthorizedError",
        402 => "RequestLimitError",
        404 => "EntityNotFoundError",
        409 => "ConflictError",
        422 => "InvalidStateError",
        429 => "TooManyRequestsError",
        _ => "SandboxFaultError",
    };
    ApiError::new(status, type_name, reason, reason_for_fault).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_come_in_any_order_and_with_spaces() {
        let fault = Fault::parse("retry-after=1; times=2 ;status=503;delay=500").unwrap();
        assert_eq!(fault, Fault::parse("status=503;times=2;retry-after=1;delay=500").unwrap());
        assert_eq!((fault.delay, fault.times), (Duration::from_millis(500), Some(2)));
        assert!(Fault::parse("delay=5").unwrap().response.is_none());
    }

    #[test]
    fn an_error_names_the_wrong_part_and_shows_the_grammar() {
        for (text, named) in [
            ("", "``"),
            ("stauts=503", "`stauts=503`"),
            ("status=99", "`status=99`"),
            ("status=x", "`status=x`"),
            ("status=600", "`status=600`"),
            ("reset=1", "`reset=1`"),
            ("status=503;reset", "`reset`"),
            ("times=2", "no fault is named"),
            ("status=503;times=0", "`times=0`"),
            ("status=503;times=-1", "`times=-1`"),
            ("delay=600001", "`delay=600001`"),
            ("reset;retry-after=1", "`retry-after`"),
            ("status=503;", "``"),
        ] {
            let message = Fault::parse(text).unwrap_err();
            assert!(message.contains(named) && message.contains("status=CODE"), "{text}: {message}");
        }
    }
}
