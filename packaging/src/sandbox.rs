//! Builds the local Vault, and packs it as an archive and as a wheel that puts it on the `PATH`.

use std::path::{Path, PathBuf};

use crate::platform::{Platform, System};
use crate::tools::Tools;
use crate::{Result, VERSION, archive, library, notices, python, root, run, target};

/// The name of the program.
pub const PROGRAM: &str = "apideck-vault-sandbox";

/// The name of the archive without its ending, which is also that of the folder in it.
pub fn archive_name(platform: &Platform) -> String {
    format!("{PROGRAM}-{VERSION}-{}", platform.name)
}

pub fn wheel_name(platform: &Platform) -> String {
    format!("apideck_vault_sandbox-{VERSION}-py3-none-{}.whl", platform.wheel_tag)
}

pub fn build(platform: &Platform, tools: &Tools, out: &Path) -> Result<()> {
    println!("{}: the local Vault", platform.name);
    let folder = target().join("dist-build");
    let mut cargo = tools.cargo_rustc(platform)?;
    cargo.args(["--package", PROGRAM, "--bin", PROGRAM]);
    let flags: &[&str] = match platform.system {
        System::Gnu => &[],
        // The linker brings musl; the compiler has none.
        System::Musl => &["-Clink-self-contained=no"],
        System::Windows => &["-Clink-arg=-Wl,--no-insert-timestamp"],
    };
    run(library::without_local_paths(&mut cargo, flags).current_dir(root()))?;

    let name = archive_name(platform);
    let stage = target().join("dist-stage").join(&name);
    let _ = std::fs::remove_dir_all(&stage);
    std::fs::create_dir_all(&stage)?;
    let program = platform.system.program(PROGRAM);
    std::fs::copy(folder.join(platform.target).join("release").join(&program), stage.join(&program))?;
    std::fs::copy(root().join("sandbox/README.md"), stage.join("README.md"))?;
    notices::collect(platform, PROGRAM, tools)?.write(&stage)?;
    archive::pack(platform, &stage, &name, out)?;
    wheel(platform, tools, &stage, out)
}

/// Builds the wheel from what is in the archive.
fn wheel(platform: &Platform, tools: &Tools, archived: &Path, out: &Path) -> Result<()> {
    let stage: PathBuf = target().join("dist-stage/sandbox-wheel");
    let _ = std::fs::remove_dir_all(&stage);
    std::fs::create_dir_all(&stage)?;
    for folder in [archived, &root().join("packaging/sandbox")] {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            std::fs::copy(entry.path(), stage.join(entry.file_name()))?;
        }
    }
    let mut build = tools.command("python");
    build.args(["-m", "build", "--wheel", "--no-isolation", "--outdir"]).arg(out).arg(&stage);
    build.env("APIDECK_VAULT_VERSION", VERSION).env("APIDECK_VAULT_PLATFORM_TAG", platform.wheel_tag);
    run(build.env("APIDECK_VAULT_PROGRAM", platform.system.program(PROGRAM)))?;
    python::check_wheel(platform, tools, &out.join(wheel_name(platform)), &stage.join(platform.system.program(PROGRAM)))
}
