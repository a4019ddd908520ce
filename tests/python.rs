//! Runs the tests of the Python package with the library of this build, a local Vault and the scenario server, and its
//! type checkers and linter.
//!
//! They make a virtual environment in `target/`. Without a Python that can make one, they print a line and pass. In CI
//! they fail.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use apideck_vault_scenarios::ScenarioServer;

use support::python::{self, package};
use support::{c::run, library, print_line, root, sandbox, skip};

/// The interpreter of the tests' environment, if there is one.
fn interpreter() -> Option<&'static Path> {
    python::interpreter("the Python package is not tested")
}

/// Returns a command of the environment that runs in the package's folder with this build's library.
fn command(python: &Path, module: &str) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", module]).current_dir(package()).stdin(Stdio::null());
    command.env("PYTHONPATH", package().join("src")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("APIDECK_VAULT_LIBRARY", library::shared());
    command.env_remove("LD_LIBRARY_PATH"); // cargo sets it, and it names the library too
    // Programs that a tool starts by name, such as a type checker, are those of the environment.
    let folder = python.parent().expect("an interpreter is in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).expect("paths can be joined"));
    command
}

#[test]
fn the_python_tests_pass() {
    let Some(python) = interpreter() else { return };
    let scenarios = ScenarioServer::start().expect("the scenario server starts");
    let mut tests = command(python, "pytest");
    tests.args(["-q", "-p", "no:cacheprovider", "--durations=5"]);
    tests.env("APIDECK_VAULT_SANDBOX", sandbox::program());
    tests.env("APIDECK_VAULT_TEST_SCENARIOS_URL", scenarios.url());
    tests.env("APIDECK_VAULT_TEST_SCENARIOS_TABLE", root().join("tests/scenarios/scenarios.json"));
    tests.env("APIDECK_VAULT_TEST_HEALTH_TABLE", root().join("tests/health/connections.json"));
    tests.env("APIDECK_VAULT_TEST_WEBHOOKS_TABLE", root().join("tests/webhooks/vectors.json"));
    print!("{}", run(&mut tests));
}

/// Returns the interpreter, if the newest type checkers support its version.
fn typed_python() -> Option<&'static Path> {
    let python = interpreter()?;
    let check = "import sys; sys.exit(sys.version_info < (3, 10))";
    let recent = Command::new(python).args(["-c", check]).status().is_ok_and(|status| status.success());
    if !recent {
        print_line("types are checked only with Python 3.10 or later");
    }
    recent.then_some(python)
}

#[test]
fn mypy_finds_nothing() {
    let Some(python) = typed_python() else { return };
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mypy");
    run(command(python, "mypy").arg("--cache-dir").arg(cache));
}

#[test]
fn pyright_finds_nothing() {
    let Some(python) = typed_python() else { return };
    // pyright is a program for Node.js, which it finds or downloads.
    let works = command(python, "pyright").arg("--version").output().is_ok_and(|output| output.status.success());
    if !works {
        skip("pyright does not run (it needs Node.js)", "the types are checked by mypy alone");
        return;
    }
    run(command(python, "pyright").arg("--pythonpath").arg(python));
}

#[test]
fn ruff_finds_nothing() {
    let Some(python) = interpreter() else { return };
    let everything = [".", "../../tests/peers"];
    let ruff = |arguments: &[&str]| {
        run(command(python, "ruff")
            .args(arguments)
            .args(["--config", "pyproject.toml", "--no-cache"])
            .args(everything));
    };
    ruff(&["check"]);
    ruff(&["format", "--check"]);
}
