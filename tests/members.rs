//! Runs the tests of the other packages of the workspace, so that `cargo test` in the root runs those of every part.
//!
//! `cargo build` and `cargo test` select the same packages, and `cargo build` in the root builds the library alone. So
//! `cargo test` selects the root package alone, too. This program, which has no test harness, then calls cargo for the other
//! packages. It passes its arguments on: `cargo test NAME` filters the tests of every part.

use std::env;
use std::path::Path;
use std::process::{Command, exit};

fn main() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp has a parent");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["test", "--workspace", "--exclude", "apideck-vault"]);
    // Every order of threads takes minutes: CONTRIBUTING.md says when to run it.
    cargo.args(["--exclude", "apideck-vault-model", "--locked", "--target-dir"]).arg(target);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    cargo.arg("--").args(env::args_os().skip(1));
    // Cargo describes the root package to this program. Build scripts that depend on such a variable would run again.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    let status = cargo.status().expect("cargo runs");
    exit(status.code().unwrap_or(1));
}
