//! Generates the C header from src/ffi.rs and src/ffi/, and the man pages from the header, and sets how the shared
//! library is linked.
//!
//! The header goes to `OUT_DIR`. `tests/header.rs` compares it with the committed `include/apideck_vault.h` and says
//! how to update that file. The shared library gets its soname, and on Linux it is never unloaded.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "build/man.rs"]
mod man;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo::rerun-if-changed=src/ffi.rs");
    println!("cargo::rerun-if-changed=src/ffi/health.rs");
    println!("cargo::rerun-if-changed=src/ffi/operations.rs");
    println!("cargo::rerun-if-changed=src/ffi/webhook.rs");
    println!("cargo::rerun-if-changed=src/ffi/preface.h");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/man.rs");

    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let preface = fs::read_to_string(root.join("src/ffi/preface.h")).expect("src/ffi/preface.h is generated");
    config.header = Some(preface);
    config.after_includes = config.after_includes.map(|text| text.replace("@VERSION_NUMBER@", &version_number()));
    cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join("src/ffi.rs"))
        .with_src(root.join("src/ffi/operations.rs"))
        .with_src(root.join("src/ffi/health.rs"))
        .with_src(root.join("src/ffi/webhook.rs"))
        .generate()
        .expect("src/ffi has a header")
        .write_to_file(out.join("apideck_vault.h"));
    write_man_pages(&out);

    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("set by cargo");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            let soname = format!("libapideck_vault.so.{major}");
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{soname}");
            // Fork handlers and a lookup that outlives its call run code of the library: dlclose must leave it.
            println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
            link_soname(&out, &soname, "libapideck_vault.so");
        }
        Ok("macos") => {
            let name = format!("libapideck_vault.{major}.dylib");
            println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/{name}");
            link_soname(&out, &name, "libapideck_vault.dylib");
        }
        _ => {}
    }
}

/// Makes a symbolic link named `soname` beside the library, where cargo writes it: in `target/release` and in
/// `target/release/deps`, or those of another profile.
///
/// A program that is linked with the library in `target` needs it under its soname, and cargo writes it under its plain
/// name only. Without the link such a program would not start. A failure is not an error: the library itself is
/// complete.
fn link_soname(out: &Path, soname: &str, library: &str) {
    // OUT_DIR is `target/release/build/PACKAGE/out`.
    let Some(profile) = out.ancestors().nth(3) else { return };
    for folder in [profile.to_path_buf(), profile.join("deps")] {
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(library, folder.join(soname));
        #[cfg(not(unix))]
        let _ = (library, soname, folder);
    }
}

/// Writes the man pages of the header to `man/man3` in `out`, from where cargo-c installs them.
fn write_man_pages(out: &Path) {
    let folder = out.join("man/man3");
    let _ = fs::remove_dir_all(&folder); // pages of functions that are no longer there
    fs::create_dir_all(&folder).expect("OUT_DIR can be written");
    let header = fs::read_to_string(out.join("apideck_vault.h")).expect("it was written just now");
    for (name, text) in man::pages(&header, &env::var("CARGO_PKG_VERSION").expect("set by cargo")) {
        fs::write(folder.join(name), text).expect("OUT_DIR can be written");
    }
}

/// The version as one number: 1.2.3 is 1002003.
fn version_number() -> String {
    let part = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u32>().ok()).expect("set by cargo");
    let [major, minor, patch] =
        ["CARGO_PKG_VERSION_MAJOR", "CARGO_PKG_VERSION_MINOR", "CARGO_PKG_VERSION_PATCH"].map(part);
    (major * 1_000_000 + minor * 1_000 + patch).to_string()
}
