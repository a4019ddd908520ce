//! Cancellations: how another thread ends a call.

use std::fmt;
use std::time::{Duration, Instant};

use crate::os::Polled;
use crate::wake::{self, WakeUp};

/// Ends the calls that use it. Once cancelled, it stays cancelled.
pub struct Cancellation(WakeUp);

impl Cancellation {
    /// Returns a cancellation that is not cancelled yet.
    pub fn new() -> Cancellation {
        Cancellation(WakeUp::new())
    }

    /// Ends every call that uses this cancellation, and every one that begins afterwards.
    pub fn cancel(&self) {
        self.0.set();
    }

    /// Returns whether [`cancel`](Cancellation::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_set()
    }

    /// Blocks until this is cancelled or `limit` has passed. Returns whether it is cancelled.
    pub(crate) fn wait(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if self.is_cancelled() || left.is_zero() {
                return self.is_cancelled();
            }
            wake::wait(&mut [], &[&self.0], left);
        }
    }

    /// Like [`wake::wait`], for this and `other`.
    pub(crate) fn wait_with(&self, sockets: &mut [Polled], other: Option<&WakeUp>, limit: Duration) -> bool {
        match other {
            Some(other) => wake::wait(sockets, &[&self.0, other], limit),
            None => wake::wait(sockets, &[&self.0], limit),
        }
    }
}

impl Default for Cancellation {
    fn default() -> Cancellation {
        Cancellation::new()
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancellation").field(&self.is_cancelled()).finish()
    }
}
