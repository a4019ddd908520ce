//! The Python environment of the tests, below `target/`: the package's development dependencies, in a folder of their
//! own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::c::run;
use super::{root, skip};

/// The folder of the Python package.
pub fn package() -> PathBuf {
    root().join("bindings/python")
}

/// Returns the interpreter of an environment that has everything the tests need. The first call makes the environment.
/// If there is no suitable Python, reports the `consequence` and returns `None`.
pub fn interpreter(consequence: &str) -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON
        .get_or_init(|| {
            let found = ["python3", "python"].into_iter().find(|name| is_usable(name));
            if found.is_none() {
                let missing = "no Python 3.9 or later with venv and ensurepip (Debian: python3-venv) in PATH";
                skip(missing, consequence);
            }
            found.map(environment)
        })
        .as_deref()
}

fn is_usable(name: &str) -> bool {
    // venv needs ensurepip, which some distributions omit.
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
    let status = Command::new(name).args(["-c", check]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Makes the environment, or returns the one that an earlier run made from the same description.
fn environment(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("python");
    let (python, stamp) = (folder.join("bin/python"), folder.join("made-from"));
    let description = std::fs::read_to_string(package().join("pyproject.toml")).expect("the package is described");
    let version = run(Command::new(name).args(["-c", "import sys; print(sys.version)"]));
    let wanted = version + &description;
    if std::fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) {
        return python;
    }
    run(Command::new(name).args(["-m", "venv", "--clear"]).arg(&folder));
    let install = |what: &[&str]| {
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(&python).args(quiet).args(what).current_dir(package()))
    };
    install(&["--upgrade", "pip>=25.1"]); // the first that reads dependency groups
    install(&["--group", "dev", "msgspec>=0.20"]);
    std::fs::write(&stamp, wanted).expect("a file can be written");
    python
}
