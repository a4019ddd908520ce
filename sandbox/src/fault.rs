//! `x-sandbox-fault`: what a request's header says, and whether it is still to happen. How a connection is broken is in
//! `wire`.

use crate::problem::{Problem, json};
use crate::wire::{Breakage, Wire};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The request header that asks for a fault.
pub const HEADER: &str = "x-sandbox-fault";

/// Said in full whenever a header is not understood.
const GRAMMAR: &str = "expected one of status=CODE (200 to 599), reset, truncate, garbage, and with it, or alone, \
                       delay=MILLISECONDS (at most 600000), times=N (at least 1), retry-after=SECONDS (with status), \
                       joined by `;`";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Status(StatusCode),
    Broken(Breakage),
}

/// One understood header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    answer: Option<Answer>,
    pub delay: Duration,
    /// After so many requests the fault is over; `None` is never.
    pub times: Option<u64>,
    retry_after: Option<u32>,
}

impl Fault {
    pub fn parse(text: &str) -> Result<Fault, String> {
        let mut fault = Fault::default();
        let mut seen = Vec::new();
        for part in text.split(';').map(str::trim) {
            let (name, value) =
                part.split_once('=').map_or((part, None), |(name, value)| (name.trim(), Some(value.trim())));
            let slot = if matches!(name, "reset" | "truncate" | "garbage" | "status") { "answer" } else { name };
            if seen.contains(&slot) {
                return Err(format!("`{name}` is one too many; {GRAMMAR}"));
            }
            seen.push(slot);
            if fault.set(name, value).is_none() {
                return Err(format!("`{part}` is not understood; {GRAMMAR}"));
            }
        }
        match (&fault.answer, fault.retry_after) {
            (None, _) if fault.delay.is_zero() => Err(format!("nothing is to fail; {GRAMMAR}")),
            (None | Some(Answer::Broken(_)), Some(_)) => Err(format!("`retry-after` needs `status`; {GRAMMAR}")),
            _ => Ok(fault),
        }
    }

    /// `None` where the part says nothing that can be.
    fn set(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        match (name, value) {
            ("reset", None) => self.answer = Some(Answer::Broken(Breakage::Reset)),
            ("truncate", None) => self.answer = Some(Answer::Broken(Breakage::Truncate)),
            ("garbage", None) => self.answer = Some(Answer::Broken(Breakage::Garbage)),
            ("status", Some(code)) => {
                let code = code.parse().ok().filter(|code| (200..600).contains(code))?;
                self.answer = Some(Answer::Status(StatusCode::from_u16(code).ok()?));
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

    /// The answer that fails, or `None` where the request is only delayed. `wire` is the connection it came on.
    pub fn answer(&self, wire: &Wire) -> Option<Response> {
        let mut response = match self.answer? {
            Answer::Status(status) => answer_with(status),
            Answer::Broken(breakage) => {
                wire.break_next_answer(breakage);
                let data = "this answer does not arrive whole ".repeat(8);
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

fn answer_with(status: StatusCode) -> Response {
    if matches!(status.as_u16(), 204 | 205 | 304) {
        return status.into_response();
    }
    let reason = Problem::reason(status);
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
    Problem::new(status, type_name, reason, format!("The request asked for this with {HEADER}")).into_response()
}

/// How often each fault has happened, by owner, header, method and path.
#[derive(Default)]
pub struct Faults(Mutex<HashMap<[String; 5], u64>>);

impl Faults {
    /// Whether a fault that is limited to `times` happens once more; counts it if so.
    pub fn happens(&self, key: [String; 5], times: u64) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        let happens = *count < times;
        *count += u64::from(happens);
        happens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_in_any_order_and_with_spaces() {
        let fault = Fault::parse("retry-after=1; times=2 ;status=503;delay=500").unwrap();
        assert_eq!(fault, Fault::parse("status=503;times=2;retry-after=1;delay=500").unwrap());
        assert_eq!((fault.delay, fault.times), (Duration::from_millis(500), Some(2)));
        assert!(Fault::parse("delay=5").unwrap().answer.is_none());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, named) in [
            ("", "``"),
            ("stauts=503", "`stauts=503`"),
            ("status=99", "`status=99`"),
            ("status=x", "`status=x`"),
            ("status=600", "`status=600`"),
            ("reset=1", "`reset=1`"),
            ("status=503;reset", "`reset`"),
            ("times=2", "nothing is to fail"),
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

    #[test]
    fn a_fault_happens_as_often_as_it_says() {
        let faults = Faults::default();
        let key = || ["app", "consumer", "reset;times=2", "GET", "/"].map(String::from);
        let happened: Vec<_> = (0..4).map(|_| faults.happens(key(), 2)).collect();
        assert_eq!(happened, [true, true, false, false]);
    }
}
