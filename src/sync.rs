//! The synchronisation primitives of `wake.rs`.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
