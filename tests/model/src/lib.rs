//! Concurrent parts of the library, compiled a second time with locks and threads that `loom` controls.
//!
//! `tests/` runs them in every order in which their threads can take turns: `cargo test -p apideck-vault-model`. The
//! files are the library's own; only [`sync`] differs, where each takes its locks and atomics from.

#![allow(clippy::new_without_default, reason = "the files are public here alone")]

pub mod sync;

#[path = "../../../src/handle/table.rs"]
pub mod table;
