//! One-shot wake-ups: a thread ends the waits of other threads, which may wait for sockets at the same time.
//!
//! A wake-up is a flag with a descriptor. The first thread that has to block makes the descriptor, so a call whose
//! response arrives quickly needs none.
//!
//! No wake-up is lost. A waiter makes the descriptor, then reads the flag. A setter sets the flag, then checks whether
//! there is a descriptor. The two fences order these four steps, so at least one side sees the write of the other.
//! Either the waiter sees the flag and does not block, or the setter sees the descriptor and makes it ready. A ready
//! descriptor stays ready and wakes every thread that waits for it, now or afterwards.
//!
//! After a `fork`, a child makes its own descriptor, because the inherited one is shared with the parent.

use std::time::Duration;

use crate::fork::PerProcess;
use crate::os::{self, Notifier, Polled};
use crate::sync::{AtomicBool, Ordering, fence};

/// How often a thread without a descriptor reads the flag while it waits.
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

    /// Wakes every thread that waits for this. Every wait that begins afterwards ends at once.
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
/// May return early for no reason, so the caller must check its condition again. If no descriptor can be made, it
/// returns after at most 20 ms.
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
