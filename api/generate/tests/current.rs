//! The generated files of the checkout follow from the description.

use std::path::Path;

use apideck_vault_generate::{files, stale};

#[test]
fn generated_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the package is two folders deep");
    let files = files(root).unwrap_or_else(|problem| panic!("{problem}"));
    let stale: Vec<&str> = stale(root, &files).iter().map(|file| file.path.as_str()).collect();
    assert!(
        stale.is_empty(),
        "out of date: {}. Run `cargo run -p apideck-vault-generate` and commit the result",
        stale.join(", ")
    );
}
