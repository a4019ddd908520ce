//! Builds and checks the wheels and the source distribution.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library::Library;
use crate::notices::Notices;
use crate::platform::{Platform, System};
use crate::tools::Tools;
use crate::{Result, VERSION, root, run, target};

pub fn wheel_name(platform: &Platform) -> String {
    format!("apideck_vault-{VERSION}-py3-none-{}.whl", platform.wheel_tag)
}

pub fn wheel(platform: &Platform, library: &Library, notices: &Notices, tools: &Tools, out: &Path) -> Result<()> {
    println!("{}: the wheel", platform.name);
    let package = stage(notices)?;
    let mut build = tools.command("python");
    build.args(["-m", "build", "--wheel", "--no-isolation", "--outdir"]).arg(out).arg(&package);
    build.env("APIDECK_VAULT_PREBUILT_LIBRARY", &library.shared).env("APIDECK_VAULT_PLATFORM_TAG", platform.wheel_tag);
    run(&mut build)?;
    check_wheel(platform, tools, &out.join(wheel_name(platform)), &library.shared)
}

/// Fails if a wheel has mistakes, or contains what does not run on the platform that its name says.
pub fn check_wheel(platform: &Platform, tools: &Tools, wheel: &Path, contents: &Path) -> Result<()> {
    run(tools.command("twine").args(["check", "--strict"]).arg(wheel))?;
    match platform.system {
        System::Gnu => {
            let report = run(tools.command("auditwheel").arg("show").arg(wheel))?;
            match report.contains(&format!("\"{}\"", platform.wheel_tag)) {
                true => Ok(()),
                false => Err(format!("auditwheel does not agree with {}:\n{report}", platform.wheel_tag).into()),
            }
        }
        System::Musl | System::Windows => check_libraries(platform, tools, contents),
    }
}

/// Fails if a library or program needs another library than those that every system has. auditwheel does not, because it
/// examines wheels for the C library of its own machine only.
fn check_libraries(platform: &Platform, tools: &Tools, file: &Path) -> Result<()> {
    let is_present = |library: &str| match platform.system {
        System::Gnu | System::Musl => library == "libc.so",
        System::Windows => {
            let library = library.to_lowercase();
            WINDOWS_LIBRARIES.contains(&library.as_str()) || library.starts_with("api-ms-win-")
        }
    };
    let report = run(tools.binutils(platform, "objdump")?.arg("-p").arg(file))?;
    let needed = report.lines().filter_map(|line| {
        let line = line.trim();
        line.strip_prefix("NEEDED").or_else(|| line.strip_prefix("DLL Name:")).map(str::trim)
    });
    match needed.filter(|library| !is_present(library)).collect::<Vec<_>>()[..] {
        [] => Ok(()),
        ref others => Err(format!("{} needs {}", file.display(), others.join(", ")).into()),
    }
}

/// The libraries of every Windows that the library and the local Vault use.
const WINDOWS_LIBRARIES: [&str; 9] = [
    "advapi32.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "crypt32.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "userenv.dll",
    "ws2_32.dll",
];

pub fn source_distribution(tools: &Tools, out: &Path) -> Result<()> {
    println!("the source distribution");
    let mut build = tools.command("python");
    build.args(["-m", "build", "--sdist", "--no-isolation", "--outdir"]).arg(out);
    run(build.arg(root().join("bindings/python")))?;
    run(tools.command("twine").args(["check", "--strict"]).arg(out.join(format!("apideck_vault-{VERSION}.tar.gz"))))?;
    Ok(())
}

/// Copies the package and adds the licences, which hatchling puts into the wheel by their names.
fn stage(notices: &Notices) -> Result<PathBuf> {
    let folder = target().join("dist-stage/python");
    let _ = std::fs::remove_dir_all(&folder);
    let package = root().join("bindings/python");
    // Without what is built or downloaded there.
    let files = run(Command::new("git").args(["ls-files", "-z", "."]).current_dir(&package))?;
    for file in files.split_terminator('\0') {
        let to = folder.join(file);
        std::fs::create_dir_all(to.parent().ok_or("a file is in a folder")?)?;
        std::fs::copy(package.join(file), to)?;
    }
    notices.write(&folder)?;
    Ok(folder)
}
