//! Code that the tests of the C ABI share: paths, a C compiler, servers and clients.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod c;
pub mod library;
pub mod python;
pub mod sandbox;
pub mod server;
pub mod tls;
pub mod vault;

use std::io::Write;
use std::path::{Path, PathBuf};
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

/// The files of the checkout, relative to its root, without what builds and environments leave behind. It walks the
/// folders, because a source archive has no `.git`.
pub fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let is_hidden = name.starts_with('.') && name != ".ci";
            // Every folder of a build tool has one of these files.
            let is_cache = path.join("CACHEDIR.TAG").exists() || path.join("pyvenv.cfg").exists();
            if is_hidden || is_cache || name == "node_modules" {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path.strip_prefix(root()).expect("it is below the root").to_path_buf());
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort();
    found
}
