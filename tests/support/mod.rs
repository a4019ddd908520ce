//! What the tests of the C ABI share: where things are, a C compiler, and servers to talk to.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod c;
pub mod library;
pub mod server;
pub mod vault;

use std::path::PathBuf;

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
