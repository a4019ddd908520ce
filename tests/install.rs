//! What C users and packagers do: build the example against a checkout, install with make or cargo-c, and find what was
//! installed with pkg-config and CMake, as `bindings/c/README.md` says.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use apideck_vault_sandbox::{Options, Sandbox};
use support::{c, library, root, skip};

/// The soname of the shared library.
const SONAME: &str = "libapideck_vault.so.0";

/// Runs the example, however it was built, against a local Vault: it lists connections, and updates one.
fn runs(program: &Path, libraries: Option<&Path>) {
    let sandbox = Sandbox::start(Options::default()).expect("a local Vault starts");
    let mut command = c::command(program.to_str().expect("a path in UTF-8"));
    command.env("APIDECK_SERVER_URL", sandbox.url()).env("APIDECK_API_KEY", "any");
    command.env("APIDECK_APP_ID", "any").env("APIDECK_CONSUMER_ID", "any").env_remove("LD_LIBRARY_PATH");
    if let Some(folder) = libraries {
        command.env("LD_LIBRARY_PATH", folder);
    }
    let printed = c::run(command.current_dir("/"));
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

/// Returns a folder that has the example in it, as a user's project has.
fn project(name: &str) -> PathBuf {
    let project = folder(name);
    std::fs::copy(root().join("bindings/c/connections.c"), project.join("connections.c"))
        .expect("a file can be copied");
    project
}

/// Returns the dynamic section of a program or shared library.
fn dynamic(file: &Path) -> String {
    c::run(c::command("readelf").arg("-d").arg(file))
}

/// Returns the first block of `language` in a part of bindings/c/README.md.
fn block(heading: &str, language: &str) -> String {
    let readme = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("there is a README");
    let part = readme.split(&format!("## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no part {heading}"));
    let block = part.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
    block.unwrap_or_else(|| panic!("the part {heading} has no {language}")).to_string()
}

/// Returns the command that README.md has for a way to link, with `connections.c` for the program.
fn command(way: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let row = readme.lines().find_map(|line| line.strip_prefix(&format!("| {way} | `"))).expect("a row of the table");
    row.trim_end_matches("` |").replace("\\|", "|").replace("program.c", "connections.c -o connections")
}

/// Says which of the tools that these tests need is missing.
fn missing_tool() -> Option<&'static str> {
    ["make", "pkg-config", "cmake"].into_iter().find(|tool| !c::is_installed(tool))
}

/// Returns a command that builds the library in a target folder of that name. It optimises less than a user's build
/// does, because the place of files does not depend on that, and the time of this test does.
fn build(program: &str, target: &str) -> Command {
    let mut command = c::command(program);
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").current_dir(root());
    command.env("CARGO_TARGET_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(target));
    // `make check` runs these tests.
    for name in ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"] {
        command.env_remove(name);
    }
    command
}

/// Returns the files and links below a folder, with their paths in it.
fn files(folder: &Path) -> Vec<String> {
    let found = c::run(c::command("find").arg(".").args(["!", "-type", "d"]).current_dir(folder));
    let mut files: Vec<String> = found.lines().map(|line| line.trim_start_matches("./").to_string()).collect();
    files.sort();
    files
}

#[test]
fn the_example_builds_against_a_checkout_and_runs() {
    runs(&c::program("bindings/c/connections.c"), None);
}

#[test]
fn a_program_linked_by_a_relative_path_runs_from_any_folder() {
    let project = project("relative");
    let built = library::shared();
    let folder = built.parent().expect("a library is in a folder");
    let program = project.join("connections");
    let mut compile = c::command("cc");
    compile.arg("-I").arg(root().join("include")).arg(project.join("connections.c"));
    compile.args(["libapideck_vault.so", "-o"]).arg(&program).arg(format!("-Wl,-rpath,{}", folder.display()));
    c::run(compile.current_dir(folder));
    assert!(dynamic(&program).contains(&format!("Shared library: [{SONAME}]")), "{}", dynamic(&program));
    runs(&program, None);
    let _ = std::fs::remove_dir_all(&project);
}

#[test]
fn make_installs_what_pkg_config_and_cmake_find_and_uninstalls_it() {
    if let Some(tool) = missing_tool() {
        return skip(&format!("no {tool} in PATH"), "installing with make is not tested");
    }
    let stage = folder("a stage");
    let destination = format!("DESTDIR={}", stage.display());
    let make =
        |arguments: &[&str]| c::run(build("make", "made by make").arg("--silent").args(arguments).arg(&destination));
    make(&["all"]);
    make(&["install"]);
    let (library, link) = (format!("libapideck_vault.so.{}", env!("CARGO_PKG_VERSION")), "libapideck_vault.so");
    let mut expected: Vec<String> = [
        "include/apideck_vault.h",
        "lib/cmake/apideck_vault/apideck_vault-config-version.cmake",
        "lib/cmake/apideck_vault/apideck_vault-config.cmake",
        "lib/libapideck_vault.a",
        "lib/pkgconfig/apideck_vault-static.pc",
        "lib/pkgconfig/apideck_vault.pc",
    ]
    .map(|file| format!("usr/local/{file}"))
    .into();
    let pages = std::fs::read_dir(concat!(env!("OUT_DIR"), "/man/man3")).expect("build.rs wrote man pages");
    let page = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("a page").file_name().into_string();
    expected.extend(pages.map(|entry| format!("usr/local/share/man/man3/{}", page(entry).expect("a name in UTF-8"))));
    expected.extend([&library, SONAME, link].map(|file| format!("usr/local/lib/{file}")));
    expected.sort();
    assert_eq!(files(&stage), expected);

    // What is installed can be moved. Users build in a folder of their own, with the README's commands.
    let moved = folder("moved there").join("vault");
    std::fs::rename(stage.join("usr/local"), &moved).expect("a folder can be moved");
    let project = project("a project");
    let lib = moved.join("lib");
    assert!(dynamic(&lib.join(link)).contains(&format!("soname: [{SONAME}]")), "{}", dynamic(&lib.join(link)));
    let shell = |command: &str| {
        let mut shell = c::command("sh");
        shell.args(["-e", "-c", command]).current_dir(&project).env("PKG_CONFIG_PATH", lib.join("pkgconfig"));
        c::run(shell.env("CMAKE_PREFIX_PATH", &moved)).trim().to_string()
    };
    assert_eq!(shell("pkg-config --modversion apideck_vault"), env!("CARGO_PKG_VERSION"));
    let commands = block("Build with pkg-config", "sh");
    let [shared, inside, alone] = &commands.lines().collect::<Vec<_>>()[..] else { panic!("three ways to link") };
    let program = project.join("connections");
    for (command, libraries, dynamically) in [
        (shared.to_string(), Some(lib.as_path()), true),
        (inside.to_string(), None, true),
        (alone.to_string(), None, false),
        (command("pkg-config, shared"), Some(lib.as_path()), true),
    ] {
        shell(&command.replacen("cc ", "eval cc ", 1)); // as the README says for a folder with a space
        runs(&program, libraries);
        let needed = dynamic(&program);
        assert_eq!(needed.contains("libapideck_vault"), libraries.is_some(), "{command}: {needed}");
        assert_eq!(needed.contains("libc.so"), dynamically, "{command}: {needed}");
    }

    let lists = block("Build with CMake", "cmake");
    for (target, needs_library) in [("apideck_vault::shared", true), ("apideck_vault::static", false)] {
        let lists = lists.replace("PRIVATE apideck_vault::shared", &format!("PRIVATE {target}"));
        std::fs::write(project.join("CMakeLists.txt"), lists).expect("a file can be written");
        shell("rm -rf build && cmake -S . -B build && cmake --build build");
        let program = project.join("build/connections");
        runs(&program, None); // CMake notes where the library is
        assert_eq!(dynamic(&program).contains(SONAME), needs_library, "{target}");
    }
    let newer = lists.replace("find_package(apideck_vault 0.1 ", "find_package(apideck_vault 0.999 ");
    std::fs::write(project.join("CMakeLists.txt"), newer).expect("a file can be written");
    let refused = shell("rm -rf build && ! cmake -S . -B build 2>&1");
    assert!(refused.contains(&format!("version: {}", env!("CARGO_PKG_VERSION"))), "{refused}");

    std::fs::rename(&moved, stage.join("usr/local")).expect("a folder can be moved back");
    make(&["uninstall"]);
    assert_eq!(files(&stage), [""; 0], "after make uninstall");
    assert!(!stage.join("usr/local/lib/cmake/apideck_vault").exists(), "the folder of the CMake package");
    for folder in [&stage, &moved, &project] {
        let _ = std::fs::remove_dir_all(folder);
    }
}

#[test]
fn make_install_takes_folders_for_libraries_and_header() {
    if let Some(tool) = missing_tool() {
        return skip(&format!("no {tool} in PATH"), "installing with make is not tested");
    }
    let stage = folder("folders");
    // What is already built can be installed without cargo.
    let libraries = stage.join("system-libraries");
    std::fs::write(&libraries, "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc\n").expect("a file can be written");
    for (libdir, includedir, expected) in [
        (
            "/usr/lib/some-linux-gnu",
            "/usr/include",
            "${pcfiledir}/../../.. ${prefix}/lib/some-linux-gnu ${prefix}/include",
        ),
        ("/usr/lib", "/opt/include", "${pcfiledir}/../.. ${prefix}/lib /opt/include"),
        ("/opt/lib", "/usr/include", "/usr /opt/lib /usr/include"),
    ] {
        let mut make = build("make", "made by make");
        make.args(["--silent", "install", "PREFIX=/usr", "CARGO=false"]).arg(format!("DESTDIR={}", stage.display()));
        make.arg(format!("LIBDIR={libdir}")).arg(format!("INCLUDEDIR={includedir}"));
        make.arg(format!("MANPAGES={}/man/man3", env!("OUT_DIR"))).arg(format!("MANDIR={libdir}/man"));
        make.arg(format!("SHARED={}", library::shared().display()));
        make.arg(format!("STATIC={}", library::r#static().display()));
        c::run(make.arg(format!("SYSTEM_LIBRARIES_FILE={}", libraries.display())));
        let description = stage.join(libdir.trim_start_matches('/')).join("pkgconfig/apideck_vault.pc");
        let text = std::fs::read_to_string(&description).expect("there is a description");
        let value =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).expect("a line of it").to_string();
        assert_eq!(["prefix=", "libdir=", "includedir="].map(value).join(" "), expected);
        assert!(text.contains("\nLibs.private: -lutil -lrt -lpthread -lm -ldl\n"), "{text}");
        assert!(stage.join(libdir.trim_start_matches('/')).join("man/man3/apideck_vault.3").exists());
        assert!(stage.join(includedir.trim_start_matches('/')).join("apideck_vault.h").exists());
    }
    let _ = std::fs::remove_dir_all(&stage);
}

#[test]
fn cargo_c_installs_what_pkg_config_finds() {
    // Older ones know neither this edition nor this resolver.
    let version = c::command("cargo").args(["cinstall", "--version"]).output().expect("cargo runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if !version.split_whitespace().nth(1).is_some_and(|v| !v.starts_with("0.9.") && v.starts_with("0.")) {
        return skip("no cargo-c 0.10 or later", "installing with cargo-c is not tested");
    }
    if let Some(tool) = missing_tool() {
        return skip(&format!("no {tool} in PATH"), "installing with cargo-c is not tested");
    }
    let prefix = folder("prefix");
    c::run(
        build("cargo", "cargo-c")
            .args(["cinstall", "--release", "--locked"])
            .arg(format!("--prefix={}", prefix.display())),
    );
    // Where libraries are is the system's choice: Debian has a folder for each architecture.
    let found = c::run(c::command("find").arg(&prefix).args(["-name", "apideck_vault.pc"]));
    let descriptions = Path::new(found.trim()).parent().expect("a description in a folder");
    let project = project("project");
    let shell = |command: &str| {
        let mut shell = c::command("sh");
        shell.args(["-e", "-c", command]).current_dir(&project).env("PKG_CONFIG_PATH", descriptions);
        c::run(&mut shell).trim().to_string()
    };
    assert_eq!(shell("pkg-config --modversion apideck_vault"), env!("CARGO_PKG_VERSION"));
    let lib = PathBuf::from(shell("pkg-config --variable=libdir apideck_vault"));
    assert!(prefix.join("share/man/man3/apideck_vault.3").exists(), "the man pages");
    assert!(prefix.join("include/apideck_vault.h").exists() && lib.join("libapideck_vault.a").exists());
    let shared = dynamic(&lib.join("libapideck_vault.so"));
    assert!(shared.contains(&format!("soname: [{SONAME}]")), "{shared}");

    let commands = block("Build with pkg-config", "sh");
    for (command, libraries) in [
        (commands.lines().next().expect("the first is shared"), Some(lib.as_path())),
        (&command("pkg-config, shared"), Some(lib.as_path())),
        (&command("pkg-config, static"), None),
    ] {
        shell(command);
        let program = project.join("connections");
        runs(&program, libraries);
        let needed = dynamic(&program);
        assert_eq!(needed.contains("libapideck_vault"), libraries.is_some(), "{command}: {needed}");
    }
    for folder in [&prefix, &project] {
        let _ = std::fs::remove_dir_all(folder);
    }
}
