//! What a `fork` must not break.
//!
//! A child has one thread: the one that called `fork`. A lock that another thread of the parent held
//! stays held in the child for ever, and what that lock protects may be half changed. Two means keep
//! the library out of that:
//!
//! * the handle table's lock is taken before the fork and released on both sides of it
//!   ([`register`], called by `handle.rs`);
//! * everything else that holds locks (connections, TLS sessions, event gates) is kept in a
//!   [`PerProcess`]: the child builds its own and never looks at its parent's.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, Ordering};

use once_cell::race::OnceBox;

/// Counts the forks between the first process that loaded the library and this one.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// Has `before` called in the parent before each fork and `after` in both processes after it.
#[allow(unsafe_code)]
pub fn register(before: extern "C" fn(), after: extern "C" fn()) {
    static AFTER: std::sync::OnceLock<extern "C" fn()> = std::sync::OnceLock::new();
    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
        if let Some(after) = AFTER.get() {
            after();
        }
    }
    if AFTER.set(after).is_ok() {
        // SAFETY: three plain functions without arguments; the library is linked so that it is never
        // unloaded (build.rs), so they stay callable.
        unsafe { libc::pthread_atfork(Some(before), Some(after), Some(in_child)) };
    }
}

/// A value that each process builds for itself on first use.
///
/// Never blocks: two threads that come first together both build, and one result is dropped.
pub struct PerProcess<T> {
    first: OnceBox<Node<T>>,
}

struct Node<T> {
    generation: u64,
    value: ManuallyDrop<T>,
    /// The value of a descendant process.
    next: OnceBox<Node<T>>,
}

impl<T> PerProcess<T> {
    pub const fn new() -> PerProcess<T> {
        PerProcess { first: OnceBox::new() }
    }

    /// This process's value; `build` sees the nearest ancestor's, whose locks may be held for ever.
    pub fn get(&self, build: impl Fn(Option<&T>) -> T) -> &T {
        let generation = GENERATION.load(Ordering::Relaxed);
        let mut ancestor: Option<&T> = None;
        let mut slot = &self.first;
        loop {
            let node = slot.get_or_init(|| {
                Box::new(Node { generation, value: ManuallyDrop::new(build(ancestor)), next: OnceBox::new() })
            });
            if node.generation == generation {
                return &node.value;
            }
            ancestor = Some(&node.value);
            slot = &node.next;
        }
    }
}

impl<T> Drop for Node<T> {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // An ancestor's value may be half changed; its memory is given up rather than looked at.
        if self.generation == GENERATION.load(Ordering::Relaxed) {
            // SAFETY: dropped once, here, and never used after.
            unsafe { ManuallyDrop::drop(&mut self.value) };
        }
    }
}
