//! In the place of `src/sync.rs`.

pub use loom::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::sync::PoisonError;
