//! The synchronisation primitives of `wake.rs` and `handle/table.rs`.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
pub use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
