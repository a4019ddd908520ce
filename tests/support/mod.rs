//! Code that the tests of the C ABI share: paths, a C compiler, servers and clients.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod c;
pub mod library;
pub mod python;
pub mod server;
pub mod tls;
pub mod vault;

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Reports that a tool is `missing` and what is not tested because of it. Fails in CI, which has every tool.
#[track_caller]
pub fn skip(missing: &str, consequence: &str) {
    assert!(std::env::var_os("CI").is_none(), "{missing}: CI needs it");
    print_line(&format!("{missing}: {consequence}"));
}

/// Prints a line to stderr, once, also in a test that passes. The test harness captures `println!` in such a test.
pub fn print_line(line: &str) {
    static PRINTED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut printed = PRINTED.lock().unwrap_or_else(PoisonError::into_inner);
    if !printed.iter().any(|known| known == line) {
        let _ = writeln!(std::io::stderr(), "{line}");
        printed.push(line.to_string());
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
