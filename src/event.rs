//! What a watcher is told: one line of JSON for each step of a call.
//!
//! A watcher is called on the thread that makes the call, under a gate that the function replacing it
//! waits at: once that function has returned, the old watcher is not called again. Nothing is composed
//! while nobody watches.

use std::cell::Cell;
use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use serde::Serialize;

use crate::error::Failure;
use crate::fork::PerProcess;

/// What is called with the text of each event.
pub type Callback = std::sync::Arc<dyn Fn(&CStr) + Send + Sync>;

/// One step of a call. Keys are left out where they do not apply.
#[derive(Serialize)]
pub struct Event<'a> {
    pub event: &'static str,
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

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// The place of a client's watcher.
pub struct Watcher {
    /// Whether there is one: looked at first, so that unwatched calls take no lock.
    present: AtomicBool,
    /// Read while a watcher runs, written to replace it. A child process builds its own.
    gate: PerProcess<RwLock<Option<Callback>>>,
}

impl Watcher {
    pub const fn new() -> Watcher {
        Watcher { present: AtomicBool::new(false), gate: PerProcess::new() }
    }

    /// Replaces or removes the watcher, once the old one is not running any more. `Err` inside a
    /// callback, where it would wait for itself.
    pub fn set(&self, callback: Option<Callback>) -> Result<(), Failure> {
        if IN_CALLBACK.get() {
            return Err(Failure::argument("callback", "cannot be set inside a callback"));
        }
        let present = callback.is_some();
        let mut place = self.gate().write().unwrap_or_else(PoisonError::into_inner);
        *place = callback;
        self.present.store(present, Ordering::Release);
        Ok(())
    }

    /// Whether an event would be heard; calls made from inside a callback are not told about.
    pub fn is_watched(&self) -> bool {
        self.present.load(Ordering::Acquire) && !IN_CALLBACK.get()
    }

    pub fn tell(&self, event: &Event<'_>) {
        if !self.is_watched() {
            return;
        }
        let Ok(text) = serde_json::to_vec(event).map_err(drop).and_then(|text| CString::new(text).map_err(drop)) else {
            return; // Cannot be: an event always serialises, and JSON text holds no NUL.
        };
        let place = self.gate().read().unwrap_or_else(PoisonError::into_inner);
        if let Some(callback) = place.as_ref() {
            IN_CALLBACK.set(true);
            let _reset = Reset;
            callback(&text);
        }
    }

    fn gate(&self) -> &RwLock<Option<Callback>> {
        // A child starts with its parent's watcher, unless the fork came while it was being replaced.
        self.gate.get(|parent| RwLock::new(parent.and_then(|gate| gate.try_read().ok()?.clone())))
    }
}

struct Reset;

impl Drop for Reset {
    fn drop(&mut self) {
        IN_CALLBACK.set(false);
    }
}
