//! What C users and packagers do: build the example against a checkout, install with cargo-c, and find what was
//! installed with pkg-config and CMake, as `bindings/c/README.md` says.

mod support;

use std::path::{Path, PathBuf};

use apideck_vault_sandbox::{Options, Sandbox};
use support::{c, left_out, root};

/// Runs the example, however it was built, against a local Vault: it lists connections, and updates one.
fn runs(program: &Path, libraries: Option<&Path>) {
    let sandbox = Sandbox::start(Options::default()).expect("a local Vault starts");
    let mut command = c::command(program.to_str().expect("a path in UTF-8"));
    command.env("APIDECK_SERVER_URL", sandbox.url()).env("APIDECK_API_KEY", "any");
    command.env("APIDECK_APP_ID", "any").env("APIDECK_CONSUMER_ID", "any").env_remove("LD_LIBRARY_PATH");
    if let Some(folder) = libraries {
        command.env("LD_LIBRARY_PATH", folder);
    }
    let printed = c::run(&mut command);
    assert!(printed.starts_with("Salesforce: available\nPipedrive: available\n"), "{printed}");
    let state = printed.trim_end().rsplit(['?', '\n']).next().expect("it has a last line").trim();
    assert!(["available", "added"].contains(&state), "the state after the update: {printed}");
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

#[test]
fn the_example_builds_against_a_checkout_and_runs() {
    runs(&c::program("bindings/c/connections.c"), None);
}

/// The commands in a part of bindings/c/README.md.
fn commands(heading: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("there is a README");
    let part = readme.split(&format!("## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no part {heading}"));
    let block = part.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has commands");
    block.replace("\\\n", " ").lines().map(str::to_string).collect()
}

/// The command that README.md has for a way to link, with `connections.c` for the program.
fn command(way: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let row = readme.lines().find_map(|line| line.strip_prefix(&format!("| {way} | `"))).expect("a row of the table");
    row.trim_end_matches("` |").replace("\\|", "|").replace("program.c", "connections.c -o connections")
}

#[test]
fn cargo_c_installs_what_pkg_config_and_cmake_find() {
    // Older ones know neither this edition nor this resolver.
    let version = c::command("cargo").args(["cinstall", "--version"]).output().expect("cargo runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if !version.split_whitespace().nth(1).is_some_and(|v| !v.starts_with("0.9.") && v.starts_with("0.")) {
        return left_out("no cargo-c 0.10 or later", "installing is not tested");
    }
    if let Some(tool) = ["pkg-config", "cmake"].into_iter().find(|tool| !c::is_installed(tool)) {
        return left_out(&format!("no {tool} in PATH"), "installing is not tested");
    }
    let prefix = folder("prefix");
    let destination = format!("--prefix={}", prefix.display());
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cargo-c");
    let mut install = c::command("cargo");
    // Where things go does not depend on how far they are optimised, but how long this takes does.
    install.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    install.args(["cinstall", "--release", "--locked", &destination, "--target-dir"]).arg(&target);
    c::run(install.current_dir(root()));
    // Where libraries are is the system's choice: Debian has a folder for each architecture.
    let found = c::run(c::command("find").arg(&prefix).args(["-name", "apideck_vault.pc"]));
    let descriptions = Path::new(found.trim()).parent().expect("a description in a folder");
    // What a user types, in a folder with the program.
    let project = folder("project");
    std::fs::copy(root().join("bindings/c/connections.c"), project.join("connections.c"))
        .expect("a file can be copied");
    let shell = |command: &str| {
        let mut shell = c::command("sh");
        shell.args(["-e", "-c", command]).current_dir(&project).env("PKG_CONFIG_PATH", descriptions);
        c::run(&mut shell).trim().to_string()
    };
    assert_eq!(shell("pkg-config --modversion apideck_vault"), env!("CARGO_PKG_VERSION"));
    let lib = PathBuf::from(shell("pkg-config --variable=libdir apideck_vault"));
    assert!(prefix.join("include/apideck_vault.h").exists() && lib.join("libapideck_vault.a").exists());
    for page in ["apideck_vault.3", "apideck_vault_connections_list.3"] {
        assert!(prefix.join("share/man/man3").join(page).exists(), "{page} is not installed");
    }
    let dynamic = c::run(c::command("readelf").arg("-d").arg(lib.join("libapideck_vault.so")));
    assert!(dynamic.contains("soname: [libapideck_vault.so.0]"), "{dynamic}");

    let [shared, alone] = &commands("Build with pkg-config")[..] else { panic!("one shared, one static") };
    for (command, libraries) in [
        (shared, Some(lib.as_path())),
        (alone, None),
        (&command("pkg-config, shared"), Some(lib.as_path())),
        (&command("pkg-config, static"), None),
    ] {
        shell(command);
        let program = project.join("connections");
        runs(&program, libraries);
        let needed = c::run(c::command("readelf").arg("-d").arg(&program));
        assert_eq!(needed.contains("libapideck_vault"), libraries.is_some(), "{command}: {needed}");
    }

    let readme = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("there is a README");
    let lists = readme.split("```cmake\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has a snippet");
    std::fs::write(project.join("CMakeLists.txt"), lists).expect("a file can be written");
    shell("cmake -S . -B build && cmake --build build");
    runs(&project.join("build/connections"), Some(&lib));

    for folder in [&prefix, &project] {
        let _ = std::fs::remove_dir_all(folder);
    }
}
