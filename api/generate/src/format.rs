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
    match path.rsplit('.').next() {
        Some("rs") => {
            let command = ["rustfmt", "--edition", "2024", "--emit", "stdout", "--quiet"];
            run(root, path, text, &command, "It is part of the Rust toolchain.")
        }
        Some("go") => run(root, path, text, &["gofmt"], "It is part of Go."),
        Some("py") => {
            let ruff = root.join(PYTHON_FORMATTER);
            let ruff = ruff.to_str().filter(|_| ruff.exists()).unwrap_or("ruff");
            let hint = "Install it with `pip install ruff`, or run `cargo test --test python` once.";
            let settings = ["--quiet", "--config", PYTHON_SETTINGS, "--stdin-filename", path, "-"];
            // The linter sorts the imports and removes those that the file does not need.
            let imports = [&[ruff, "check", "--select=F401,I", "--fix-only"], &settings[..]].concat();
            let text = run(root, path, text, &imports, hint)?;
            run(root, path, text, &[&[ruff, "format"], &settings[..]].concat(), hint)
        }
        _ => Ok(text),
    }
}

/// Runs a formatter and returns what it prints for `text`. The `hint` says where the formatter comes from.
fn run(root: &Path, path: &str, text: String, command: &[&str], hint: &str) -> Result<String, String> {
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{} formats {path} and could not be started: {error}. {hint}", command[0]))?;
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
