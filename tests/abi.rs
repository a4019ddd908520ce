//! The parts of the ABI that a release must not change by accident: symbols, numbers, layouts, and how programs link.

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::{c, library, root, skip};

/// Every function of the library. A release may add functions, but must not remove any.
const SYMBOLS: [&str; 33] = [
    "apideck_vault_call",
    "apideck_vault_cancellation_cancel",
    "apideck_vault_cancellation_free",
    "apideck_vault_cancellation_new",
    "apideck_vault_client_free",
    "apideck_vault_client_new",
    "apideck_vault_client_set_event_callback",
    "apideck_vault_connection_health",
    "apideck_vault_connection_settings_list",
    "apideck_vault_connection_settings_update",
    "apideck_vault_connections_delete",
    "apideck_vault_connections_get",
    "apideck_vault_connections_imports",
    "apideck_vault_connections_list",
    "apideck_vault_connections_migrate",
    "apideck_vault_connections_token",
    "apideck_vault_connections_update",
    "apideck_vault_consumers_create",
    "apideck_vault_consumers_delete",
    "apideck_vault_consumers_get",
    "apideck_vault_consumers_list",
    "apideck_vault_consumers_update",
    "apideck_vault_json_count",
    "apideck_vault_json_get",
    "apideck_vault_json_quote",
    "apideck_vault_sessions_create",
    "apideck_vault_status_name",
    "apideck_vault_string_free",
    "apideck_vault_string_length",
    "apideck_vault_validate_connection_state",
    "apideck_vault_version",
    "apideck_vault_webhook_sign",
    "apideck_vault_webhook_verify",
];

#[test]
fn every_symbol_is_still_exported() {
    let listed = c::run(c::command("nm").args(["-D", "--defined-only", "--format=posix"]).arg(library::shared()));
    let exported: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(exported, SYMBOLS);
}

#[test]
fn every_type_and_number_is_as_it_was() {
    let out = c::run(&mut Command::new(c::program("tests/c/abi.c")));
    assert_eq!(out.trim(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_program_links_with_the_static_library_and_runs_alone() {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("static-{}", std::process::id()));
    c::run(
        c::command("cc")
            .args(["-std=c99", "-D_XOPEN_SOURCE=700", "-I"])
            .arg(root().join("include"))
            .arg(root().join("tests/c/abi.c"))
            .arg(library::r#static())
            .args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc", "-o"])
            .arg(&out),
    );
    assert_eq!(c::run(&mut Command::new(&out)).trim(), env!("CARGO_PKG_VERSION"));
    let needed = c::run(c::command("readelf").args(["-d"]).arg(&out));
    assert!(!needed.contains("apideck"), "{needed}");
}

#[test]
fn the_library_stays_loaded_once_it_is() {
    let flags = c::run(c::command("readelf").args(["-d"]).arg(library::shared()));
    assert!(flags.contains("NODELETE"), "its fork handlers would be called after dlclose: {flags}");
}

/// Compares with the library of the last tag, if there is a tag and the tool is installed.
#[test]
fn the_abi_is_compatible_with_the_last_release() {
    let git = |arguments: &[&str]| {
        let output = c::command("git").current_dir(root()).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(tag) = git(&["describe", "--tags", "--abbrev=0"]) else {
        println!("there is no release to compare with yet");
        return;
    };
    let header = git(&["show", &format!("{}:include/apideck_vault.h", tag.trim())]).expect("a release has a header");
    if !c::is_installed("abidiff") {
        return skip("no abidiff in PATH", &format!("the ABI is not compared with that of {}", tag.trim()));
    }
    // abidiff compares two libraries of stubs, each with the functions of one header.
    let stubs = |name: &str, header: &str| {
        let bodies = header.lines().map(|line| match line.strip_suffix(");") {
            Some(prototype) if !line.starts_with("typedef") => format!("{prototype}) {{ __builtin_trap(); }}\n"),
            _ => format!("{line}\n"),
        });
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let (source, library) = (folder.join(format!("{name}.c")), folder.join(format!("lib{name}.so")));
        std::fs::write(&source, bodies.collect::<String>()).expect("a temporary file");
        c::run(c::command("cc").args(["-g", "-shared", "-fPIC"]).arg(&source).arg("-o").arg(&library));
        library
    };
    let now = std::fs::read_to_string(root().join("include/apideck_vault.h")).expect("the header");
    c::run(c::command("abidiff").arg(stubs("before", &header)).arg(stubs("now", &now)));
}
