//! Compiles the shared and the static library of a platform, and reduces the static one to what programs need.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::platform::{Platform, System};
use crate::tools::Tools;
use crate::{Result, cross, root, run, target};

/// The files of a build.
pub struct Library {
    pub shared: PathBuf,
    pub r#static: PathBuf,
    /// A file with the linker options for the system libraries that the static library needs.
    pub system_libraries: PathBuf,
    /// The folder of the man pages.
    pub man_pages: PathBuf,
}

pub fn build(platform: &Platform, tools: &Tools) -> Result<Library> {
    println!("{}: compiling", platform.name);
    let folder = target().join("dist-build");
    let built = folder.join(platform.target).join("release");
    let system_libraries = built.join("apideck_vault.system-libraries");
    let mut cargo = tools.cargo_rustc(platform)?;
    cargo.args(["--package", "apideck-vault", "--lib", "--crate-type", "cdylib,staticlib"]);
    cargo.arg("--").arg(format!("--print=native-static-libs={}", system_libraries.display()));
    let flags: &[&str] = match platform.system {
        System::Gnu => &[],
        // Without this, musl makes no shared library.
        System::Musl => &["-Ctarget-feature=-crt-static"],
        System::Windows => &["-Clink-arg=-Wl,--no-insert-timestamp"],
    };
    run(without_local_paths(&mut cargo, flags).current_dir(root()))?;

    let shared = built.join(platform.system.shared_library());
    let whole = built.join("libapideck_vault.a");
    let reduced = built.join("reduced");
    let _ = std::fs::remove_dir_all(&reduced);
    std::fs::create_dir_all(&reduced)?;
    let r#static = match platform.system {
        System::Gnu | System::Musl => reduce(platform, tools, &whole, &shared, &reduced)?,
        System::Windows => strip(platform, tools, &whole, &reduced)?,
    };
    Ok(Library { shared, r#static, system_libraries, man_pages: man_pages(&folder, platform)? })
}

/// Makes the compilers write the same paths on every machine. rustc gets `flags`, too.
pub fn without_local_paths<'a>(cargo: &'a mut Command, flags: &[&str]) -> &'a mut Command {
    let places = [(root().to_path_buf(), "/apideck-vault"), (cross::cargo_home(), "/cargo")];
    let rust = places.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    let rust = rust.chain(flags.iter().map(|flag| flag.to_string()));
    let c = places.iter().map(|(from, to)| format!("'-ffile-prefix-map={}={to}'", from.display()));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rust.collect::<Vec<_>>().join("\u{1f}"));
    // Rust's crate `cc` reads quotes in CFLAGS only if CC_SHELL_ESCAPED_FLAGS is set.
    cargo.env("CC_SHELL_ESCAPED_FLAGS", "1").env("CFLAGS", c.collect::<Vec<_>>().join(" "))
}

/// Returns the folder of the man pages that the build script wrote last.
fn man_pages(folder: &Path, platform: &Platform) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.join(platform.target).join("release/build"))? {
        let pages = entry?.path().join("out/man/man3");
        if let Ok(metadata) = pages.metadata() {
            found.push((metadata.modified()?, pages));
        }
    }
    found.sort();
    found.pop().map(|(_, pages)| pages).ok_or_else(|| "the build script wrote no man pages".into())
}

/// Writes a static library of one object, in which only the functions of the header are global. It is a third as large, and
/// it can be linked into a program that has another Rust library in it.
fn reduce(platform: &Platform, tools: &Tools, archive: &Path, shared: &Path, folder: &Path) -> Result<PathBuf> {
    let tool = |name: &str| tools.binutils(platform, name);
    let listed = run(tool("nm")?.args(["-D", "--defined-only", "--format=posix"]).arg(shared))?;
    let exports: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    let keep = folder.join("exports");
    std::fs::write(&keep, exports.join("\n") + "\n")?;

    let object = folder.join("apideck_vault.o");
    let mut link = tool("ld")?;
    link.args(["-r", "--gc-sections", "-T"]).arg(root().join("packaging/one-object.ld"));
    for export in &exports {
        link.args(["-u", export]);
    }
    run(link.arg("-o").arg(&object).arg(archive))?;
    let mut localize = tool("objcopy")?;
    localize.arg(format!("--keep-global-symbols={}", keep.display()));
    run(localize.args(NOT_LINKED).arg(&object))?;
    run(tool("strip")?.arg("--strip-unneeded").arg(&object))?;
    // D: no times and no owners.
    let reduced = folder.join("libapideck_vault.a");
    run(tool("ar")?.arg("rcsD").arg(&reduced).arg(&object))?;
    Ok(reduced)
}

/// Sections of bitcode for link-time optimisation by rustc, and of the names of compilers.
const NOT_LINKED: [&str; 6] = ["-R", ".llvmbc", "-R", ".llvmcmd", "-R", ".comment"];

/// Writes a static library without debug information. The objects of Windows cannot be joined, so all their functions stay
/// global.
fn strip(platform: &Platform, tools: &Tools, archive: &Path, folder: &Path) -> Result<PathBuf> {
    let stripped = folder.join("libapideck_vault.a");
    let mut objcopy = tools.binutils(platform, "objcopy")?;
    objcopy.args(["--enable-deterministic-archives", "--strip-debug"]).args(NOT_LINKED);
    run(objcopy.arg(archive).arg(&stripped))?;
    Ok(stripped)
}
