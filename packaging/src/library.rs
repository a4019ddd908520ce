//! Compiles the shared and the static library of a platform, and reduces the static one to what programs need.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::platform::Platform;
use crate::tools::Tools;
use crate::{Result, root, run, target};

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
    let mut cargo = tools.zigbuild()?;
    cargo.args(["rustc", "--release", "--locked", "--package", "apideck-vault", "--lib"]);
    cargo.args(["--crate-type", "cdylib,staticlib", "--target", platform.zig_target, "--target-dir"]).arg(&folder);
    cargo.arg("--").arg(format!("--print=native-static-libs={}", system_libraries.display()));
    run(without_local_paths(&mut cargo).current_dir(root()))?;

    let reduced = built.join("one-object");
    let library = Library {
        shared: built.join("libapideck_vault.so"),
        r#static: reduced.join("libapideck_vault.a"),
        system_libraries,
        man_pages: man_pages(&built)?,
    };
    reduce(&built.join("libapideck_vault.a"), &library.shared, &reduced)?;
    Ok(library)
}

/// Makes the compilers write the same paths on every machine.
pub fn without_local_paths(cargo: &mut Command) -> &mut Command {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let places = [(root().to_path_buf(), "/apideck-vault"), (home, "/cargo")];
    let rust = places.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    let c = places.iter().map(|(from, to)| format!("'-ffile-prefix-map={}={to}'", from.display()));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rust.collect::<Vec<_>>().join("\u{1f}"));
    // Rust's crate `cc` reads quotes in CFLAGS only if CC_SHELL_ESCAPED_FLAGS is set.
    cargo.env("CC_SHELL_ESCAPED_FLAGS", "1").env("CFLAGS", c.collect::<Vec<_>>().join(" "))
}

/// Returns the folder of the man pages that the build script wrote last.
fn man_pages(built: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(built.join("build"))? {
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
fn reduce(archive: &Path, shared: &Path, folder: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)?;
    let listed = run(Command::new("nm").args(["-D", "--defined-only", "--format=posix"]).arg(shared))?;
    let exports: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    let keep = folder.join("exports");
    std::fs::write(&keep, exports.join("\n") + "\n")?;

    let object = folder.join("apideck_vault.o");
    let mut link = Command::new("ld");
    link.args(["-r", "--gc-sections", "-T"]).arg(root().join("packaging/one-object.ld"));
    for export in &exports {
        link.args(["-u", export]);
    }
    run(link.arg("-o").arg(&object).arg(archive))?;
    let mut localize = Command::new("objcopy");
    localize.arg(format!("--keep-global-symbols={}", keep.display()));
    // Bitcode for link-time optimisation by rustc, and the names of compilers.
    localize.args(["-R", ".llvmbc", "-R", ".llvmcmd", "-R", ".comment"]);
    run(localize.arg(&object))?;
    run(Command::new("strip").arg("--strip-unneeded").arg(&object))?;
    // D: no times and no owners.
    run(Command::new("ar").arg("rcsD").arg(folder.join("libapideck_vault.a")).arg(&object))?;
    Ok(())
}
