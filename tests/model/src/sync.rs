//! Replaces the library's `sync.rs`.

pub use loom::sync::atomic::{AtomicBool, Ordering, fence};
pub use loom::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::sync::PoisonError;
