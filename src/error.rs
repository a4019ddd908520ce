//! The failure of a call. The statuses are data in `status.rs`. `envelope.rs` writes the text of a failure.

use std::fmt;
use std::time::Duration;

pub use crate::status::Status;

impl Status {
    /// Returns the name that JSON text contains: `NOT_FOUND`.
    pub const fn name(self) -> &'static str {
        self.c_name().split_at(self.c_name().len() - 1).0
    }

    /// Returns the status with this number, if there is one.
    pub fn from_number(number: i32) -> Option<Status> {
        usize::try_from(number).ok().and_then(|index| Status::ALL.get(index)).copied()
    }
}

/// The failure of a call or of a configuration.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: Status,
    /// What went wrong and where. Contains no secret.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The time until the next request, if the server sent one in `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// Returns a failure that is retryable if its status is.
    pub fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure { status, message: message.into(), retryable: status.is_retryable(), retry_after: None }
    }

    /// Returns the failure of a text that cannot be sent. `path` is the place of the wrong value. `problem` says what
    /// is wrong and what would be right.
    pub fn argument(path: impl fmt::Display, problem: impl fmt::Display) -> Failure {
        Failure::new(Status::InvalidArgument, format!("{path}: {problem}"))
    }
}
