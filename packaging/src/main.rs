//! `cargo run -p apideck-vault-dist` builds what is released into `target/dist`, the same bytes from the same sources; with
//! names of platforms, only what is for them.
//! `cargo run -p apideck-vault-dist -- prove` then installs it where there is no Rust, no checkout and no network.
//!
//! A build goes through these steps: `tools` and `cross` install pinned tools below `target`, `library` compiles, `notices`
//! collects licences, `archive`, `python`, `go` and `sandbox` pack, `sbom` lists what is inside, and `check` writes
//! `SHA256SUMS` and compares sizes.

mod archive;
mod check;
mod cross;
mod go;
mod library;
mod notices;
mod platform;
mod proof;
mod python;
mod sandbox;
mod sbom;
mod tools;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The version of everything that is released.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["prove-foreign", name] => proof::prove_foreign(name),
        ["prove", pythons @ ..] => proof::prove(pythons),
        names => build(names),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the artefacts of the named platforms, or those of all and the source distribution.
fn build(names: &[&str]) -> Result<()> {
    let platforms = platform::named(names)?;
    let tools = tools::Tools::install()?;
    let out = dist();
    if names.is_empty() {
        let _ = std::fs::remove_dir_all(&out);
    }
    std::fs::create_dir_all(&out)?;
    let module = go::Module::start()?;
    for platform in platforms {
        let library = library::build(platform, &tools)?;
        let notices = notices::collect(platform, "apideck-vault", &tools)?;
        archive::write(platform, &library, &notices, &out)?;
        python::wheel(platform, &library, &notices, &tools, &out)?;
        sandbox::build(platform, &tools, &out)?;
        module.add(platform, &library)?;
        for package in ["apideck-vault", sandbox::PROGRAM] {
            sbom::write(platform, package, &out)?;
        }
    }
    if names.is_empty() {
        module.finish(&notices::collect(&platform::ALL[0], "apideck-vault", &tools)?, &out)?;
        python::source_distribution(&tools, &out)?;
    }
    check::contains_no_local_path(&out, &target().join("dist-stage/unpacked"))?;
    check::sizes(&out)?;
    check::write_sums(&out)
}

/// The root of the checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("packaging/ is in the checkout")
}

/// The folder that everything is built in.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The folder of what is released.
fn dist() -> PathBuf {
    target().join("dist")
}

/// Runs a command and returns its standard output.
///
/// # Errors
///
/// Fails if the command cannot be started or does not succeed. What it writes to standard error is shown.
fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let failed = |reason: String| format!("{}: {reason}", command_line(command));
    let output = output.map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(failed(format!("{}\n{text}", output.status)).into()) }
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
