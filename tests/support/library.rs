//! The libraries that this very test run has built.

use std::path::PathBuf;

/// The folder of the test programs; cargo leaves the libraries of the build beside them.
fn deps() -> PathBuf {
    let program = std::env::current_exe().expect("a test program has a path");
    program.parent().expect("and stands in a folder").to_path_buf()
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
