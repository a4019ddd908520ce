//! Every way a call can end, and the number that C sees for it.
//!
//! There is one list of statuses, [`Status::ALL`]; the header, the Python package and the Go module
//! are generated from it or tested against it. Composing the text of a failure is `envelope.rs`.

use std::fmt;
use std::time::Duration;

macro_rules! statuses {
    ($($variant:ident = $number:literal $name:literal),* $(,)?) => {
        /// How a call ended. The numbers are part of the ABI and never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        pub enum Status { $($variant = $number),* }

        impl Status {
            /// Every status, in the order of its number.
            pub const ALL: &'static [Status] = &[$(Status::$variant),*];

            /// The name as it stands in JSON: `"NOT_FOUND"`.
            pub const fn name(self) -> &'static str {
                self.c_name().split_at(self.c_name().len() - 1).0
            }

            /// The name with a NUL at its end, for C.
            pub(crate) const fn c_name(self) -> &'static str {
                match self { $(Status::$variant => concat!($name, "\0")),* }
            }

            /// The status of a number, if there is one.
            pub fn from_number(number: i32) -> Option<Status> {
                match number { $($number => Some(Status::$variant),)* _ => None }
            }
        }
    };
}

statuses! {
    Ok = 0 "OK",
    InvalidArgument = 1 "INVALID_ARGUMENT",
    InvalidHandle = 2 "INVALID_HANDLE",
    BadRequest = 3 "BAD_REQUEST",
    Unauthorized = 4 "UNAUTHORIZED",
    PaymentRequired = 5 "PAYMENT_REQUIRED",
    NotFound = 6 "NOT_FOUND",
    Unprocessable = 7 "UNPROCESSABLE",
    RateLimited = 8 "RATE_LIMITED",
    ApiError = 9 "API_ERROR",
    Connection = 10 "CONNECTION",
    Timeout = 11 "TIMEOUT",
    Cancelled = 12 "CANCELLED",
    InvalidResponse = 13 "INVALID_RESPONSE",
    Internal = 14 "INTERNAL",
}

impl Status {
    /// The status of an answer outside 2xx.
    pub fn of_http(code: u16) -> Status {
        match code {
            400 => Status::BadRequest,
            401 => Status::Unauthorized,
            402 => Status::PaymentRequired,
            404 => Status::NotFound,
            422 => Status::Unprocessable,
            429 => Status::RateLimited,
            _ => Status::ApiError,
        }
    }
}

/// A call, or a configuration, that failed: what C and the bindings tell their users.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: Status,
    /// What went wrong and where, without any secret in it.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// When the server wants to be asked again, if it said so.
    pub retry_after: Option<Duration>,
}

impl Failure {
    pub fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure {
            status,
            message: message.into(),
            retryable: matches!(status, Status::Connection | Status::Timeout),
            retry_after: None,
        }
    }

    /// The caller's text cannot be sent: `path` is where, `problem` what and what would be right.
    pub fn argument(path: impl fmt::Display, problem: impl fmt::Display) -> Failure {
        Failure::new(Status::InvalidArgument, format!("{path}: {problem}"))
    }
}
