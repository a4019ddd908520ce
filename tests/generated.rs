//! The generated files of the checkout follow from the description of the API.

mod support;

use apideck_vault_generate::{files, stale};
use support::{c, python, root, skip};

#[test]
fn generated_files_are_current() {
    let consequence = "the generated files are not compared with the description";
    if !c::is_installed("gofmt") {
        return skip("no gofmt in PATH", consequence);
    }
    // The environment of the Python tests has the formatter of Python files.
    let Some(_) = python::interpreter(consequence) else { return };
    let files = files(&root()).unwrap_or_else(|problem| panic!("{problem}"));
    let stale: Vec<&str> = stale(&root(), &files).iter().map(|file| file.path.as_str()).collect();
    assert!(
        stale.is_empty(),
        "out of date: {}. Run `cargo run -p apideck-vault-generate` and commit the result",
        stale.join(", ")
    );
}
