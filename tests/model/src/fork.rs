//! Replaces the library's `fork.rs` for one process: `once_cell::race::OnceBox` with loom's atomics.

use std::ptr::null_mut;

use loom::sync::atomic::{AtomicPtr, Ordering};

/// A value that is built on first use. If two threads use it first at the same time, both build a value and one of them
/// is dropped.
pub struct PerProcess<T> {
    value: AtomicPtr<T>,
}

impl<T> PerProcess<T> {
    pub fn dropping_inherited() -> PerProcess<T> {
        PerProcess { value: AtomicPtr::new(null_mut()) }
    }

    pub fn existing(&self) -> Option<&T> {
        let value = self.value.load(Ordering::Acquire);
        // SAFETY: the pointer is null or from `Box::into_raw` below, and it is freed only in `drop`.
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
                // SAFETY: no other thread has the pointer.
                drop(unsafe { Box::from_raw(built) });
                winner
            }
        };
        // SAFETY: the pointer is from `Box::into_raw`, here or in another thread, and it is freed only in `drop`.
        Ok(unsafe { &*value })
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let value = self.value.load(Ordering::Acquire);
        if !value.is_null() {
            // SAFETY: the pointer is from `Box::into_raw`, and no borrow of the value is left.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}
