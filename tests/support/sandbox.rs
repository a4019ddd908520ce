//! The program of the local Vault, built by cargo when a test first needs it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::c::run;
use super::root;

/// The name of the package and of its program.
const NAME: &str = "apideck-vault-sandbox";

/// Returns the path of the program. The tests depend on the package's library, for which cargo does not build the program.
pub fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--package", NAME, "--bin", NAME]).current_dir(root());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let messages = run(cargo.args(["--message-format", "json-render-diagnostics"]));
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.expect("cargo reports the program that it built")
}
