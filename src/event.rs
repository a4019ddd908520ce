//! Events: one line of JSON for each step of a call.
//!
//! The callback runs on the thread that makes the call, under a lock that is also taken to replace the callback. After
//! the function that replaces or removes a callback returns, the previous callback is never called again. Without a
//! callback, no event is built and no lock is taken.

use std::cell::Cell;
use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use serde::Serialize;

use crate::error::Failure;
use crate::fork::PerProcess;

/// Called with the text of each event.
pub type Callback = std::sync::Arc<dyn Fn(&CStr) + Send + Sync>;

/// One step of a call. Keys that do not apply are left out.
#[derive(Serialize)]
pub struct Event<'a> {
    pub event: &'static str,
    pub call_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_id: Option<&'a str>,
    pub operation: &'static str,
    pub method: &'a str,
    pub path: &'a str,
    pub attempt: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(serialize_with = "milliseconds")]
    pub elapsed_ms: Duration,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "some_milliseconds")]
    pub wait_ms: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'a str>,
}

fn milliseconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_millis() as u64)
}

fn some_milliseconds<S: serde::Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    milliseconds(&time.unwrap_or_default(), serializer)
}

/// The id that all events of one call carry.
///
/// A call gets its id at its first event, so a call without a callback costs nothing. Ids start at 1 and count up. No
/// two calls of a process have the same id.
#[derive(Default)]
pub struct CallId(Cell<u64>);

impl CallId {
    /// Returns the id. The first call of this function assigns it.
    pub fn get(&self) -> u64 {
        static LAST: AtomicU64 = AtomicU64::new(0);
        if self.0.get() == 0 {
            self.0.set(LAST.fetch_add(1, Ordering::Relaxed) + 1);
        }
        self.0.get()
    }
}

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// Holds a client's event callback.
pub struct CallbackSlot {
    /// Whether there is a callback. Read first, so that calls without one take no lock.
    present: AtomicBool,
    /// Read-locked while a callback runs, write-locked to replace it. A child process builds its own.
    slot: PerProcess<RwLock<Option<Callback>>>,
}

impl CallbackSlot {
    pub const fn new() -> CallbackSlot {
        CallbackSlot { present: AtomicBool::new(false), slot: PerProcess::new() }
    }

    /// Replaces or removes the callback. Waits until the previous one runs on no thread.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` inside a callback, where it would wait for itself.
    pub fn set(&self, callback: Option<Callback>) -> Result<(), Failure> {
        if IN_CALLBACK.get() {
            return Err(Failure::argument("callback", "cannot be set inside a callback"));
        }
        let present = callback.is_some();
        let mut slot = self.slot().write().unwrap_or_else(PoisonError::into_inner);
        *slot = callback;
        self.present.store(present, Ordering::Release);
        Ok(())
    }

    /// Returns whether an event would reach a callback. Calls made inside a callback emit no events.
    pub fn is_active(&self) -> bool {
        self.present.load(Ordering::Acquire) && !IN_CALLBACK.get()
    }

    /// Calls the callback, if there is one, with the event's text.
    pub fn emit(&self, event: &Event<'_>) {
        if !self.is_active() {
            return;
        }
        let Ok(text) = serde_json::to_vec(event).map_err(drop).and_then(|text| CString::new(text).map_err(drop)) else {
            return; // Cannot happen: an event can always be serialized, and JSON text contains no NUL.
        };
        let slot = self.slot().read().unwrap_or_else(PoisonError::into_inner);
        if let Some(callback) = slot.as_ref() {
            IN_CALLBACK.set(true);
            let _reset = Reset;
            callback(&text);
        }
    }

    fn slot(&self) -> &RwLock<Option<Callback>> {
        // A child starts with its parent's callback, unless the fork happened while it was being replaced.
        self.slot.get(|parent| RwLock::new(parent.and_then(|slot| slot.try_read().ok()?.clone())))
    }
}

struct Reset;

impl Drop for Reset {
    fn drop(&mut self) {
        IN_CALLBACK.set(false);
    }
}
