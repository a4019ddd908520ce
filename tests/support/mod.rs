//! What the tests of the C ABI share: where things are, a C compiler, and servers to talk to.
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

/// Where a tool is `missing`: fails in CI, which has every tool, and elsewhere says what is not tested for want of it.
#[track_caller]
pub fn left_out(missing: &str, consequence: &str) {
    assert!(std::env::var_os("CI").is_none(), "{missing}: CI needs it");
    say(&format!("{missing}: {consequence}"));
}

/// Says a line, once, in a test that passes: what is printed with `println!` is kept back then.
pub fn say(line: &str) {
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if !said.iter().any(|known| known == line) {
        let _ = writeln!(std::io::stderr(), "{line}");
        said.push(line.to_string());
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
