//! Safety of `fork`: a child process can use the library without waiting for a lock that no thread will release.
//!
//! A child has one thread: the one that called `fork`. A lock that another thread of the parent held stays held in the
//! child, and the data that it protects may be inconsistent. Two mechanisms protect the library:
//!
//! * the handle table's lock is taken before the fork and released on both sides of it ([`install_handlers`]);
//! * everything else that holds locks (connections, TLS sessions, event callbacks) is kept in a [`PerProcess`]: the
//!   child builds its own and never uses its parent's.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use once_cell::race::OnceBox;

use crate::{handle, os};

/// Counts the forks between the first process that loaded the library and this one.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// Installs the fork handlers. Called before anything is made that a child may use: a client, a handle.
pub fn install_handlers() {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    // Two threads may install the handlers at the same time. Then they run twice, which is harmless. A lock would
    // prevent that, but would not survive a fork.
    if !INSTALLED.load(Ordering::Acquire) {
        os::keep_loaded();
        os::register_fork_handlers(before, in_parent, in_child);
        INSTALLED.store(true, Ordering::Release);
    }
}

extern "C" fn before() {
    handle::hold();
}

extern "C" fn in_parent() {
    handle::release();
}

extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    handle::release();
}

/// A value that each process builds for itself on first use.
///
/// Never blocks. If two threads use it first at the same time, both build a value and one of them is dropped.
pub struct PerProcess<T> {
    first: OnceBox<Node<T>>,
    drops_inherited: bool,
}

struct Node<T> {
    generation: u64,
    /// `None` only while it is dropped.
    value: Option<T>,
    drops_inherited: bool,
    /// The value of a descendant process.
    next: OnceBox<Node<T>>,
}

impl<T> PerProcess<T> {
    /// For values that may hold locks. A process leaks the value of its ancestor, because it may be inconsistent.
    pub const fn new() -> PerProcess<T> {
        PerProcess { first: OnceBox::new(), drops_inherited: false }
    }

    /// For values without locks, such as descriptors. A process drops the value of its ancestor.
    pub const fn dropping_inherited() -> PerProcess<T> {
        PerProcess { first: OnceBox::new(), drops_inherited: true }
    }

    /// Returns this process's value, and builds it on first use. `build` gets the value of the nearest ancestor
    /// process. Its locks may be held by threads that do not exist in this process.
    pub fn get(&self, build: impl Fn(Option<&T>) -> T) -> &T {
        match self.get_or_try(|ancestor| Ok::<T, Infallible>(build(ancestor))) {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }

    /// Like [`get`](PerProcess::get), with a `build` that can fail.
    ///
    /// # Errors
    ///
    /// Returns the error of `build`. The next call builds again.
    pub fn get_or_try<E>(&self, build: impl Fn(Option<&T>) -> Result<T, E>) -> Result<&T, E> {
        let generation = GENERATION.load(Ordering::Relaxed);
        let mut ancestor: Option<&T> = None;
        let mut slot = &self.first;
        loop {
            let node = slot.get_or_try_init(|| {
                let value = Some(build(ancestor)?);
                Ok(Box::new(Node { generation, value, drops_inherited: self.drops_inherited, next: OnceBox::new() }))
            })?;
            if node.generation == generation {
                return Ok(node.value());
            }
            ancestor = Some(node.value());
            slot = &node.next;
        }
    }

    /// Returns this process's value, if it has one.
    pub fn existing(&self) -> Option<&T> {
        let generation = GENERATION.load(Ordering::Relaxed);
        let mut slot = &self.first;
        loop {
            let node = slot.get()?;
            if node.generation == generation {
                return Some(node.value());
            }
            slot = &node.next;
        }
    }
}

impl<T> Node<T> {
    fn value(&self) -> &T {
        self.value.as_ref().unwrap_or_else(|| unreachable!("it is taken only in `drop`"))
    }
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        if !self.drops_inherited && self.generation != GENERATION.load(Ordering::Relaxed) {
            std::mem::forget(self.value.take());
        }
    }
}
