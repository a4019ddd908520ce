//! Generates the C header from src/ffi.rs, and links the shared library so that it is never unloaded.
//!
//! The header goes to `OUT_DIR`; `tests/header.rs` compares it with the committed
//! `include/apideck_vault.h` and says how to update that.

use std::env;
use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo::rerun-if-changed=src/ffi.rs");
    println!("cargo::rerun-if-changed=src/ffi/operations.rs");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=build.rs");

    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join("src/ffi.rs"))
        .with_src(root.join("src/ffi/operations.rs"))
        .generate()
        .expect("src/ffi has a header")
        .write_to_file(out.join("apideck_vault.h"));

    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // Fork handlers and a lookup that outlives its call run code of the library: dlclose must leave it.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
