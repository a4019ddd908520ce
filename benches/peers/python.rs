//! The peers in Python. pip installs each into a folder of its own.

use std::path::Path;
use std::process::Command;

use crate::measure::run;
use crate::native::{counter, folder, library, root};
use crate::peer::{Entry, Program};

pub const PEERS: [Entry; 3] = [
    Entry { name: "httpx", language: "Python", checks: "JSON into dicts", ours: false, prepare: || peer("httpx") },
    Entry {
        name: "apideck-unify",
        language: "Python",
        checks: "JSON into models",
        ours: false,
        prepare: || peer("apideck-unify"),
    },
    Entry { name: "apideck-vault", language: "Python", checks: "JSON, models when read", ours: true, prepare: vault },
];

fn peer(package: &'static str) -> Result<Program, String> {
    let packages = folder(&format!("python/{package}"))?;
    let installed = std::fs::read_dir(&packages).is_ok_and(|mut entries| entries.next().is_some());
    if !installed {
        run(&mut pip(&packages, package))?;
    }
    program(if package == "httpx" { "httpx" } else { "official" }, &packages)
}

/// This package, with the library that all languages measure.
fn vault() -> Result<Program, String> {
    let packages = folder("python/apideck-vault")?;
    let source = root().join("bindings/python").display().to_string();
    let mut pip = pip(&packages, &source);
    pip.arg("--upgrade").env("APIDECK_VAULT_PREBUILT_LIBRARY", library()?.join("libapideck_vault.so"));
    run(&mut pip)?;
    program("vault", &packages)
}

fn pip(into: &Path, package: &str) -> Command {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]).arg(into).arg(package);
    pip
}

fn program(library: &'static str, packages: &Path) -> Result<Program, String> {
    let (path, start_path) = (packages.to_path_buf(), packages.to_path_buf());
    let client = root().join("benches/python/client.py");
    let import = match library {
        "official" => "from apideck_unify import Apideck",
        "vault" => "from apideck_vault import Apideck",
        _ => "import httpx",
    };
    Ok(Program {
        call: Box::new(move |url, kind, count| {
            // The official SDK takes a second for a list of a thousand, so it makes fewer calls.
            let count = (count / if library == "vault" { 4 } else { 40 }).max(3);
            let mut command = Command::new("python3");
            command.arg(&client).args([library, url, kind, &count.to_string()]).env("PYTHONPATH", &path);
            command
        }),
        start: Some(Box::new(move |_| {
            let timed =
                format!("import time; t = time.perf_counter(); {import}; print((time.perf_counter() - t) * 1e3)");
            let mut command = Command::new("python3");
            command.args(["-c", &timed]).env("PYTHONPATH", &start_path);
            command
        })),
        installed: Some(size_of(packages)),
        counter: Some(counter()?),
    })
}

/// Returns the size of all files in and below a folder, in bytes.
fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}
