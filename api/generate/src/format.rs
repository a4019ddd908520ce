//! The formatters of the generated languages, run as programs.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The settings of the Python package, and the formatter in the environment that its tests make.
const PYTHON_SETTINGS: &str = "bindings/python/pyproject.toml";
const PYTHON_FORMATTER: &str = "target/tmp/python/bin/ruff";

/// Formats `text` for the file at `path`, by the ending of its name.
///
/// # Errors
///
/// Fails with the formatter's own message if it refuses the text, or with a sentence if it is not installed.
pub fn format(root: &Path, path: &str, text: String) -> Result<String, String> {
    let ruff = root.join(PYTHON_FORMATTER);
    let ruff = if ruff.exists() { ruff.to_str().unwrap_or("ruff") } else { "ruff" };
    let command: &[&str] = match path.rsplit('.').next() {
        Some("rs") => &["rustfmt", "--edition", "2024", "--emit", "stdout", "--quiet"],
        Some("go") => &["gofmt"],
        Some("py") => &[ruff, "format", "--quiet", "--config", PYTHON_SETTINGS, "--stdin-filename", path, "-"],
        _ => return Ok(text),
    };
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{} formats {path} and could not be started: {error}. {}", command[0], hint(path)))?;
    let mut stdin = child.stdin.take().ok_or("the formatter has no standard input")?;
    let input = text.clone();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(|error| format!("{}: {error}", command[0]))?;
    let _ = writer.join();
    if !output.status.success() {
        return Err(format!("{} refuses {path}: {}\n{text}", command[0], String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} printed text that is not UTF-8", command[0]))
}

/// Where the formatter of the file at `path` comes from.
fn hint(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("py") => "Install it with `pip install ruff`, or run `cargo test --test python` once.",
        Some("go") => "It is part of Go.",
        _ => "It is part of the Rust toolchain.",
    }
}
