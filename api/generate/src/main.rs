//! `cargo run -p apideck-vault-generate` writes every generated file of the checkout.
//!
//! With `--check` it writes nothing, prints the files that are out of date and fails if there are any.

use std::path::Path;
use std::process::ExitCode;

use apideck_vault_generate::{files, stale};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the package is two folders deep");
    let files = match files(root) {
        Ok(files) => files,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let stale = stale(root, &files);
    let check = std::env::args().nth(1).as_deref() == Some("--check");
    for file in &stale {
        if !check && let Err(error) = std::fs::write(root.join(&file.path), &file.text) {
            eprintln!("{} cannot be written: {error}", file.path);
            return ExitCode::FAILURE;
        }
        println!("{} {}", if check { "out of date:" } else { "written:" }, file.path);
    }
    if check && !stale.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
