//! How a call can fail. The statuses are data in `status.rs`; `envelope.rs` writes the text of a failure.

use std::fmt;
use std::time::Duration;

pub use crate::status::Status;

impl Status {
    /// The name as JSON has it: `"NOT_FOUND"`.
    pub const fn name(self) -> &'static str {
        self.c_name().split_at(self.c_name().len() - 1).0
    }

    /// The status with this number, if there is one.
    pub fn from_number(number: i32) -> Option<Status> {
        usize::try_from(number).ok().and_then(|index| Status::ALL.get(index)).copied()
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
        Failure { status, message: message.into(), retryable: status.is_retryable(), retry_after: None }
    }

    /// The caller's text cannot be sent: `path` is where, `problem` what and what would be right.
    pub fn argument(path: impl fmt::Display, problem: impl fmt::Display) -> Failure {
        Failure::new(Status::InvalidArgument, format!("{path}: {problem}"))
    }
}
