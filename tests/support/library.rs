//! The libraries that the current test run has built.

use std::path::PathBuf;

/// Returns the folder of the test programs. Cargo puts the libraries of the same build there.
fn deps() -> PathBuf {
    let program = std::env::current_exe().expect("a test program has a path");
    program.parent().expect("it is in a folder").to_path_buf()
}

pub fn shared() -> PathBuf {
    present(deps().join("libapideck_vault.so"))
}

pub fn r#static() -> PathBuf {
    present(deps().join("libapideck_vault.a"))
}

fn present(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "{} is missing: cargo should have built it with this test", path.display());
    path
}
