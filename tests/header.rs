//! The header is the one that is generated from src/ffi.rs, compiles as C99 and C++, and declares every symbol that the
//! shared library exports.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{c, library, root, skip};

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = fs::read_to_string(concat!(env!("OUT_DIR"), "/apideck_vault.h")).expect("build.rs wrote it");
    let path = root().join("include/apideck_vault.h");
    if std::env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&path, &generated).expect("include/ can be written");
    }
    let committed = fs::read_to_string(&path).expect("include/apideck_vault.h is there");
    assert!(
        committed == generated,
        "include/apideck_vault.h is stale: run `UPDATE_HEADER=1 cargo test --test header` and commit it"
    );
}

#[test]
fn the_header_is_clean_as_c99_and_as_cpp() {
    let strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"];
    for (compiler, language) in
        [("cc", ["-std=c99", "-xc"]), ("cc", ["-std=c11", "-xc"]), ("c++", ["-std=c++11", "-xc++"])]
    {
        if !c::is_installed(compiler) {
            skip(&format!("no {compiler} in PATH"), &format!("the header is not tried with {}", language[0]));
            continue;
        }
        c::run(c::command(compiler).args(strict).args(language).arg(root().join("include/apideck_vault.h")));
    }
}

#[test]
fn the_shared_library_exports_what_the_header_declares_and_nothing_else() {
    let listed = c::run(c::command("nm").args(["-D", "--defined-only", "--format=posix"]).arg(library::shared()));
    let exported: BTreeSet<String> =
        listed.lines().filter_map(|line| line.split(' ').next()).map(str::to_string).collect();
    assert_eq!(exported, c::declared_functions());
}
