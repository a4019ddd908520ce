//! Ending a call from another thread.
//!
//! A cancellation is a flag that every wait of a call looks at: the call wakes at least every
//! [`LOOK`] while one is attached. A flag needs no file descriptor, no lock and no wake-up from the
//! other side, so it is safe in a signal-heavy process and in a child after `fork`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a waiting call looks whether it was cancelled; the promise to users is 100 ms.
pub const LOOK: Duration = Duration::from_millis(20);

/// Shared between the call and whoever may end it. Cancelling is for good.
#[derive(Debug, Default)]
pub struct Cancellation(AtomicBool);

impl Cancellation {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
