//! Replaces the library's `os.rs`: a descriptor is a flag, and `poll` blocks without a time limit until one is set.

use std::io;
use std::marker::PhantomData;
use std::time::Duration;

use loom::sync::{Arc, Condvar, Mutex};

/// The kernel's state of an eventfd.
#[derive(Default)]
struct Event {
    is_ready: Mutex<bool>,
    changed: Condvar,
}

pub struct Notifier(Arc<Event>);

impl Notifier {
    pub fn new() -> io::Result<Notifier> {
        Ok(Notifier(Arc::new(Event { is_ready: Mutex::new(false), changed: Condvar::new() })))
    }

    pub fn notify(&self) {
        *self.0.is_ready.lock().expect("not poisoned") = true;
        self.0.changed.notify_all();
    }
}

#[derive(Clone)]
pub struct Polled<'a> {
    event: Arc<Event>,
    notifier: PhantomData<&'a Notifier>,
}

impl<'a> Polled<'a> {
    pub fn for_reading(notifier: &'a Notifier) -> Polled<'a> {
        Polled { event: Arc::clone(&notifier.0), notifier: PhantomData }
    }

    pub fn is_ready(&self) -> bool {
        *self.event.is_ready.lock().expect("not poisoned")
    }

    pub fn copy_readiness(&mut self, _: &Polled) {}
}

/// Blocks until a descriptor is ready. If there is more than one, it checks one after the other. loom runs the other
/// threads in between, and fails the test if that never ends.
pub fn poll(polled: &mut [Polled], _: Duration) -> bool {
    if let [only] = polled {
        let mut is_ready = only.event.is_ready.lock().expect("not poisoned");
        while !*is_ready {
            is_ready = only.event.changed.wait(is_ready).expect("not poisoned");
        }
        return true;
    }
    while !polled.iter().any(Polled::is_ready) {
        loom::thread::yield_now();
    }
    true
}
