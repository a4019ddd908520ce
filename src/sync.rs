//! The synchronization primitives of the code that is model-checked: `handle/table.rs`, `wake.rs` and
//! `transport/resolver.rs`. `tests/model` replaces them by those of `loom`.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
pub use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
