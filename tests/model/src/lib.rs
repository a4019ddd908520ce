//! Concurrent parts of the library, compiled a second time with locks and threads that `loom` controls.
//!
//! `tests/` runs them in every order in which their threads can take turns: `cargo test -p apideck-vault-model`. The
//! files are the library's own; only [`sync`], where each takes its locks and atomics from, [`fork`] and [`os`] differ. A
//! wake-up that is lost shows as a deadlock.

#![allow(clippy::new_without_default, reason = "the files are public here alone")]

pub mod fork;
pub mod os;
pub mod sync;

#[path = "../../../src/transport/resolver.rs"]
pub mod resolver;

#[path = "../../../src/handle/table.rs"]
pub mod table;

#[path = "../../../src/wake.rs"]
pub mod wake;
