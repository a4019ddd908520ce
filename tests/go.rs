//! Runs the tests of the Go module with the library of this build, a local Vault and the scenario server.
//!
//! Without Go they print a line and pass. In CI they fail.

mod support;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use apideck_vault_sandbox::{Options, Sandbox};
use apideck_vault_scenarios::ScenarioServer;

use support::{c::run, library, root, skip};

/// Go uses every core, so only one of its commands runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn module() -> PathBuf {
    root().join("bindings/go")
}

/// Runs `test` if there is Go.
fn with_go(test: impl FnOnce()) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let found = Command::new("go")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    if found {
        return test();
    }
    skip("no go in PATH", "the Go module is not tested");
}

/// `go`, in the module, linking the library of this build.
fn go(arguments: &[&str]) -> Command {
    let shared = library::shared();
    let folder = shared.parent().expect("a library is in a folder").display().to_string();
    let mut command = Command::new("go");
    command.args(arguments).current_dir(module()).stdin(Stdio::null());
    command.env("CGO_ENABLED", "1").env("GOFLAGS", "-tags=apideck_vault_checkout -buildvcs=false");
    command.env("CGO_LDFLAGS", format!("-L{folder} -Wl,-rpath,{folder}"));
    command.env_remove("LD_LIBRARY_PATH"); // cargo sets it, and it may name an older build
    for name in ["APIDECK_API_KEY", "APIDECK_APP_ID", "APIDECK_CONSUMER_ID", "APIDECK_SERVER_URL"] {
        command.env_remove(name);
    }
    command
}

/// `go test`, with servers to talk to while it runs.
fn go_test(arguments: &[&str], environment: &[(&str, &str)]) {
    let sandbox = Sandbox::start(Options::default()).expect("a local Vault starts");
    let scenarios = ScenarioServer::start().expect("the scenario server starts");
    let mut command = go(&["test"]);
    command.args(arguments).envs(environment.iter().copied());
    command.env("APIDECK_VAULT_LIBRARY", library::shared());
    command.env("APIDECK_VAULT_TEST_SANDBOX_URL", sandbox.url());
    command.env("APIDECK_VAULT_SANDBOX", support::sandbox::program());
    command.env("APIDECK_VAULT_TEST_SCENARIOS_URL", scenarios.url());
    command.env("APIDECK_VAULT_TEST_SCENARIOS_TABLE", root().join("tests/scenarios/scenarios.json"));
    command.env("APIDECK_VAULT_TEST_HEALTH_TABLE", root().join("tests/health/connections.json"));
    command.env("APIDECK_VAULT_TEST_WEBHOOKS_TABLE", root().join("tests/webhooks/vectors.json"));
    print!("{}", run(&mut command));
}

#[test]
fn go_vet_and_gofmt_find_nothing() {
    with_go(|| {
        run(&mut go(&["vet", "./..."]));
        run(go(&["vet", "./..."]).current_dir(root().join("benches/go")));
        let unformatted =
            run(Command::new("gofmt").args(["-l", "bindings/go", "benches/go", "tests/peers"]).current_dir(root()));
        assert_eq!(unformatted, "", "gofmt -w these");
    });
}

#[test]
fn the_go_tests_pass_under_the_race_detector() {
    with_go(|| go_test(&["-race", "-count=1", "./..."], &[]));
}

/// Runs the strictest check of pointers that are passed to C. It runs without the race detector, so it includes the
/// memory test.
#[test]
fn the_go_tests_pass_with_every_pointer_to_c_checked() {
    with_go(|| {
        go_test(&["-count=1", ".", "./internal/native"], &[("GOEXPERIMENT", "cgocheck2"), ("GODEBUG", "cgocheck=1")])
    });
}

#[test]
fn a_short_fuzzing_of_the_decoders_finds_nothing() {
    with_go(|| {
        go_test(&["-run=^$", "-fuzz=FuzzUnions", "-fuzztime=5s", "-fuzzminimizetime=10x", "./models/components"], &[])
    });
}

#[test]
fn without_cgo_the_compiler_says_what_to_do() {
    with_go(|| {
        let output = go(&["build", "."]).env("CGO_ENABLED", "0").output().expect("go runs");
        let output_text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && output_text.contains("set_CGO_ENABLED_to_1_and_install_a_C_compiler"),
            "{output_text}"
        );
        assert_eq!(output_text.matches("undefined").count(), 1, "one message and no others: {output_text}");
    });
}

/// Installs a shared and a static library below a folder of their own, with what pkg-config reads.
fn install(prefix: &Path, shared: PathBuf, archive: PathBuf) {
    for folder in ["lib/pkgconfig", "include"] {
        std::fs::create_dir_all(prefix.join(folder)).expect("folders can be made");
    }
    let copy = |from: PathBuf, to: &str| {
        std::fs::copy(&from, prefix.join(to)).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    };
    copy(shared, "lib/libapideck_vault.so");
    // A program asks for the library by its soname.
    std::os::unix::fs::symlink("libapideck_vault.so", prefix.join("lib/libapideck_vault.so.0")).expect("a new link");
    copy(archive, "lib/libapideck_vault.a");
    copy(root().join("include/apideck_vault.h"), "include/apideck_vault.h");
    let description = format!(
        "prefix={}\nlibdir=${{prefix}}/lib\nName: apideck_vault\nDescription: test\nVersion: {}\n\
         Cflags: -I${{prefix}}/include\nLibs: -L${{libdir}} -lapideck_vault\n\
         Libs.private: -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc\n",
        prefix.display(),
        env!("CARGO_PKG_VERSION"),
    );
    std::fs::write(prefix.join("lib/pkgconfig/apideck_vault.pc"), description).expect("a file can be written");
}

/// Builds a program of testdata with the library installed below `prefix`.
fn build_installed(prefix: &Path, source: &str, arguments: &[&str]) -> PathBuf {
    let program = prefix.join("program");
    let mut build = go(&["build", "-o"]);
    build.arg(&program).args(arguments).arg(source).env_remove("CGO_LDFLAGS").env("GOFLAGS", "-buildvcs=false");
    build.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    // The output of pkg-config is not part of the key of Go's build cache, but this value is, and it is new each time.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970");
    build.env("CGO_CPPFLAGS", format!("-DINSTALLED_AT={}", now.as_nanos()));
    run(&mut build);
    program
}

/// A new folder to install a library in.
fn prefix(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("go-{name}-{}", std::process::id()))
}

#[test]
fn an_installed_library_is_found_by_pkg_config_and_can_be_linked_statically() {
    with_go(|| {
        if !support::c::is_installed("pkg-config") {
            return skip("no pkg-config in PATH", "linking an installed library from Go is not tested");
        }
        let prefix = prefix("prefix");
        install(&prefix, library::shared(), library::r#static());
        for (tags, needs_library) in
            [("-tags=apideck_vault_installed", true), ("-tags=apideck_vault_installed,apideck_vault_static", false)]
        {
            let program = build_installed(&prefix, "./testdata/version", &[tags]);

            let mut alone = Command::new(&program);
            alone.env_remove("LD_LIBRARY_PATH");
            let output = alone.output().expect("the program runs");
            assert_eq!(output.status.success(), !needs_library, "{tags}: {}", String::from_utf8_lossy(&output.stderr));
            let output_text = run(alone.env("LD_LIBRARY_PATH", OsString::from(prefix.join("lib"))));
            assert_eq!(output_text.trim(), env!("CARGO_PKG_VERSION"), "{tags}");
        }
        let missing = go(&["build", "."])
            .env("GOFLAGS", "-tags=apideck_vault_installed")
            .env("PKG_CONFIG_PATH", "/nowhere")
            .env("PKG_CONFIG_LIBDIR", "/nowhere")
            .output();
        let output_text = String::from_utf8_lossy(&missing.expect("go runs").stderr).into_owned();
        assert!(
            output_text.contains("apideck_vault was not found") && output_text.contains("PKG_CONFIG_PATH"),
            "{output_text}"
        );
        let _ = std::fs::remove_dir_all(&prefix);
    });
}

#[test]
fn a_build_that_has_no_library_stops_with_one_line_that_says_what_to_do() {
    with_go(|| {
        let cases = [
            (
                "1",
                "amd64",
                "this_commit_has_no_prebuilt_library__use_a_release_or_the_build_tag_apideck_vault_installed",
            ),
            ("0", "amd64", "this_package_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler"),
        ];
        for (cgo, architecture, wanted) in cases {
            let mut build = go(&["build", "."]);
            build.env("GOFLAGS", "").env("CGO_ENABLED", cgo).env("GOOS", "linux").env("GOARCH", architecture);
            let output = build.output().expect("go runs");
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(!output.status.success() && lines.len() == 1 && lines[0].contains(wanted), "{text}");
        }
    });
}

#[test]
fn a_program_can_be_linked_without_any_shared_library() {
    with_go(|| {
        if !support::c::is_installed("pkg-config") {
            return skip("no pkg-config in PATH", "a fully static program is not tested");
        }
        let prefix = prefix("static");
        install(&prefix, library::shared(), library::r#static());
        let flags = ["-tags=apideck_vault_installed,apideck_vault_static", "-ldflags=-extldflags -static"];
        let program = build_installed(&prefix, "./testdata/call", &flags);
        let loader = Command::new("ldd").arg(&program).output().expect("ldd runs");
        let found = [loader.stdout, loader.stderr].concat();
        assert!(!loader.status.success(), "it needs shared libraries: {}", String::from_utf8_lossy(&found));
        let output = run(Command::new(&program).env_clear());
        assert!(output.contains("could not connect to 127.0.0.1:1"), "{output}");
        let _ = std::fs::remove_dir_all(&prefix);
    });
}

#[test]
fn a_library_of_another_version_is_refused_in_one_line() {
    with_go(|| {
        if !support::c::is_installed("pkg-config") {
            return skip("no pkg-config in PATH", "libraries of other versions are not tested");
        }
        for version in ["0.0.1", "2.0.0"] {
            let prefix = prefix(version);
            std::fs::create_dir_all(&prefix).expect("a folder can be made");
            let object = prefix.join("stub.o");
            let (shared, archive) = (prefix.join("stub.so"), prefix.join("stub.a"));
            let mut compile = Command::new("cc");
            compile.args(["-c", "-fPIC", "-o"]).arg(&object).arg("-I").arg(root().join("include"));
            run(compile.arg(format!("-DVERSION=\"{version}\"")).arg(module().join("testdata/stub/stub.c")));
            run(Command::new("cc").arg("-shared").arg("-o").arg(&shared).arg(&object));
            run(Command::new("ar").arg("rcs").arg(&archive).arg(&object));
            install(&prefix, shared, archive);
            for tags in ["-tags=apideck_vault_installed", "-tags=apideck_vault_installed,apideck_vault_static"] {
                let program = build_installed(&prefix, "./testdata/call", &[tags]);
                let output = run(Command::new(&program).env("LD_LIBRARY_PATH", prefix.join("lib")));
                assert_eq!(output.trim().lines().count(), 1, "{tags}: {output}");
                assert!(output.contains(version) && output.contains(env!("CARGO_PKG_VERSION")), "{tags}: {output}");
            }
            let _ = std::fs::remove_dir_all(&prefix);
        }
    });
}
