//! The synchronisation primitives of the code that is model-checked: `wake.rs` and `handle/table.rs`. `tests/model` puts
//! those of `loom` in their place.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
pub use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
