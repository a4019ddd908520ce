//! The concurrent parts of the library, compiled with locks and threads that `loom` controls.
//!
//! `cargo test -p apideck-vault-model` runs them in every order of their threads. The files are those of the library.
//! Only [`sync`], which has their locks and atomics, [`fork`] and [`os`] are different. A lost wake-up appears as a
//! deadlock.

#![allow(clippy::new_without_default, reason = "the files are public only here")]

pub mod fork;
pub mod os;
pub mod sync;

#[path = "../../../src/transport/resolver.rs"]
pub mod resolver;

#[path = "../../../src/handle/table.rs"]
pub mod table;

#[path = "../../../src/wake.rs"]
pub mod wake;
