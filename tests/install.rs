//! What C users and packagers do: build the example against a checkout, install with cargo-c, and find what was
//! installed with pkg-config and CMake, as `bindings/c/README.md` says.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use apideck_vault_sandbox::{Options, Sandbox};
use support::{c, root};

/// Runs the example, however it was built, against a local Vault: all six calls succeed.
fn runs(program: &Path, libraries: Option<&Path>) {
    let sandbox = Sandbox::start(Options::default()).expect("a local Vault starts");
    let mut command = Command::new(program);
    command.env("APIDECK_SERVER_URL", sandbox.url()).env("APIDECK_API_KEY", "any");
    command.env("APIDECK_APP_ID", "any").env("APIDECK_CONSUMER_ID", "any").env_remove("LD_LIBRARY_PATH");
    if let Some(folder) = libraries {
        command.env("LD_LIBRARY_PATH", folder);
    }
    let said = c::run(&mut command);
    for operation in ["list", "get", "update", "imports", "token", "delete"] {
        let line =
            said.lines().find(|line| line.starts_with(operation)).unwrap_or_else(|| panic!("{operation}: {said}"));
        assert_eq!(line.split_whitespace().nth(1), Some("OK"), "{line}");
    }
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

#[test]
fn the_example_builds_against_a_checkout_and_makes_all_six_calls() {
    runs(&c::program("bindings/c/connections.c"), None);
}

#[test]
fn cargo_c_installs_what_pkg_config_and_cmake_find() {
    // Older ones know neither this edition nor this resolver.
    let version = c::command("cargo").args(["cinstall", "--version"]).output().expect("cargo runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let known = version.split_whitespace().nth(1).is_some_and(|v| !v.starts_with("0.9.") && v.starts_with("0."));
    if !known || !c::is_installed("cmake") || !c::is_installed("pkg-config") {
        println!("cargo-c 0.10 or later, pkg-config and cmake are needed: installing is not tested");
        return;
    }
    let prefix = folder("prefix");
    let destination = format!("--prefix={}", prefix.display());
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cargo-c");
    c::run(
        c::command("cargo")
            .args(["cinstall", "--release", "--locked", "--libdir=lib", &destination, "--target-dir"])
            .arg(&target)
            .current_dir(root()),
    );
    let lib = prefix.join("lib");
    for file in ["include/apideck_vault.h", "lib/libapideck_vault.a", "lib/libapideck_vault.so"] {
        assert!(prefix.join(file).exists(), "{file} is not installed");
    }
    let dynamic = c::run(c::command("readelf").arg("-d").arg(lib.join("libapideck_vault.so")));
    assert!(dynamic.contains("soname: [libapideck_vault.so.0]"), "{dynamic}");

    let pkg_config = |arguments: &[&str]| {
        let out = c::run(c::command("pkg-config").args(arguments).env("PKG_CONFIG_PATH", lib.join("pkgconfig")));
        out.split_whitespace().map(str::to_string).collect::<Vec<_>>()
    };
    let compile = |program: &Path, flags: Vec<String>| {
        let source = root().join("bindings/c/connections.c");
        c::run(c::command("cc").arg("-std=c99").arg(source).args(flags).arg("-o").arg(program));
    };
    assert_eq!(pkg_config(&["--modversion", "apideck_vault"]), [env!("CARGO_PKG_VERSION")]);
    let shared = prefix.join("shared");
    compile(&shared, pkg_config(&["--cflags", "--libs", "apideck_vault"]));
    runs(&shared, Some(&lib));

    let alone = prefix.join("static");
    let mut flags = pkg_config(&["--cflags", "apideck_vault"]);
    flags.push(lib.join("libapideck_vault.a").display().to_string());
    let private = pkg_config(&["--static", "--libs-only-l", "apideck_vault"]);
    flags.extend(private.into_iter().filter(|flag| flag != "-lapideck_vault"));
    compile(&alone, flags);
    runs(&alone, None);

    let project = folder("cmake");
    let readme = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("there is a README");
    let lists = readme.split("```cmake\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has a snippet");
    std::fs::write(project.join("CMakeLists.txt"), lists).expect("a file can be written");
    std::fs::copy(root().join("bindings/c/connections.c"), project.join("connections.c")).expect("and copied");
    let build = project.join("build");
    c::run(
        c::command("cmake").arg("-S").arg(&project).arg("-B").arg(&build).env("PKG_CONFIG_PATH", lib.join("pkgconfig")),
    );
    c::run(c::command("cmake").arg("--build").arg(&build));
    runs(&build.join("connections"), Some(&lib));

    for folder in [&prefix, &project] {
        let _ = std::fs::remove_dir_all(folder);
    }
}
