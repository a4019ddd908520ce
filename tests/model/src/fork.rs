//! Stands for the library's `fork.rs`, in one process: `once_cell::race::OnceBox` with loom's atomics.

use std::ptr::null_mut;

use loom::sync::atomic::{AtomicPtr, Ordering};

/// A value that is built on first use. Two threads that come first together both build, and one result is dropped.
pub struct PerProcess<T> {
    value: AtomicPtr<T>,
}

impl<T> PerProcess<T> {
    pub fn dropping_inherited() -> PerProcess<T> {
        PerProcess { value: AtomicPtr::new(null_mut()) }
    }

    pub fn existing(&self) -> Option<&T> {
        let value = self.value.load(Ordering::Acquire);
        // SAFETY: null, or from `Box::into_raw` below, and freed only in `drop`.
        unsafe { value.as_ref() }
    }

    pub fn get_or_try<E>(&self, build: impl Fn(Option<&T>) -> Result<T, E>) -> Result<&T, E> {
        if let Some(value) = self.existing() {
            return Ok(value);
        }
        let built = Box::into_raw(Box::new(build(None)?));
        let value = match self.value.compare_exchange(null_mut(), built, Ordering::Release, Ordering::Acquire) {
            Ok(_) => built,
            Err(winner) => {
                // SAFETY: nobody else has seen it.
                drop(unsafe { Box::from_raw(built) });
                winner
            }
        };
        // SAFETY: from `Box::into_raw`, here or in another thread, and freed only in `drop`.
        Ok(unsafe { &*value })
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let value = self.value.load(Ordering::Acquire);
        if !value.is_null() {
            // SAFETY: from `Box::into_raw`, and nobody borrows it any more.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}
