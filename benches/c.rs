//! A plain `cargo bench`: this library from C, beside a bare socket and libcurl.
//!
//! It runs that part of `cargo bench --bench peers`, which compares every language and takes minutes.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["bench", "--quiet", "--bench", "peers", "--", "--only", "C", "--rounds", "3"]);
    match cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
