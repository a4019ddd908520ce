//! One-shot wake-ups: how a thread ends the waits of others, which may wait for sockets at the same time.
//!
//! A wake-up is a flag with a descriptor. The descriptor is made by the first thread that has to block, so a call whose
//! response is there in time needs none.
//!
//! No wake-up is lost. A waiter makes the descriptor, then reads the flag. A setter sets the flag, then reads whether
//! there is a descriptor. The two fences order these four steps: at least one side sees what the other wrote. Either the
//! waiter sees the flag and does not block, or the setter sees the descriptor and makes it ready. A descriptor that is
//! ready stays so, and wakes every thread that waits for it, now or afterwards.
//!
//! After a `fork`, a child makes a descriptor of its own, because the one it inherits is shared with its parent.

use std::time::Duration;

use crate::fork::PerProcess;
use crate::os::{self, Notifier, Polled};
use crate::sync::{AtomicBool, Ordering, fence};

/// How often a thread that waits without a descriptor reads the flag.
const WITHOUT_DESCRIPTOR: Duration = Duration::from_millis(20);

/// An event that happens once and is never undone.
pub struct WakeUp {
    is_set: AtomicBool,
    notifier: PerProcess<Notifier>,
}

impl WakeUp {
    pub fn new() -> WakeUp {
        WakeUp { is_set: AtomicBool::new(false), notifier: PerProcess::dropping_inherited() }
    }

    /// Wakes every thread that waits for this, and ends every wait that begins afterwards at once.
    pub fn set(&self) {
        if self.is_set.swap(true, Ordering::AcqRel) {
            return;
        }
        fence(Ordering::SeqCst);
        if let Some(notifier) = self.notifier.existing() {
            notifier.notify();
        }
    }

    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }
}

/// Blocks until a socket is ready, one of `wake_ups` is set, or `limit` has passed. Returns whether a socket is ready.
///
/// May return early for no reason, so the caller checks again what it waits for. If no descriptor can be made, returns
/// after 20 ms at most.
pub fn wait(sockets: &mut [Polled], wake_ups: &[&WakeUp], limit: Duration) -> bool {
    let mut limit = limit;
    let mut polled: Vec<Polled> = Vec::with_capacity(sockets.len() + wake_ups.len());
    polled.extend_from_slice(sockets);
    for wake_up in wake_ups {
        match wake_up.notifier.get_or_try(|_| Notifier::new()) {
            Ok(notifier) => polled.push(Polled::for_reading(notifier)),
            Err(_) => limit = limit.min(WITHOUT_DESCRIPTOR),
        }
    }
    fence(Ordering::SeqCst);
    let is_set = wake_ups.iter().any(|wake_up| wake_up.is_set());
    if !is_set {
        os::poll(&mut polled, limit);
    }
    for (socket, polled) in sockets.iter_mut().zip(&polled) {
        socket.copy_readiness(polled);
    }
    !is_set && sockets.iter().any(Polled::is_ready)
}
