//! Packs the C library: what `make install` installs, with licences, in one archive that gives the same bytes each time.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder};

use crate::library::Library;
use crate::notices::Notices;
use crate::platform::{Platform, System};
use crate::{Result, VERSION, root, run, target};

/// The name of the archive, which is also that of the folder in it.
pub fn name(platform: &Platform) -> String {
    format!("apideck-vault-{VERSION}-{}", platform.name)
}

pub fn write(platform: &Platform, library: &Library, notices: &Notices, out: &Path) -> Result<()> {
    let name = name(platform);
    let stage = target().join("dist-stage").join(&name);
    let _ = std::fs::remove_dir_all(&stage);
    install(platform, library, &stage)?;
    std::fs::copy(root().join("bindings/c/README.md"), stage.join("README.md"))?;
    std::fs::copy(root().join("bindings/c/connections.c"), stage.join("connections.c"))?;
    notices.write(&stage)?;
    pack(platform, &stage, &name, out)
}

/// Packs a folder into an archive that has the same bytes each time. `name` is the name of the folder in the archive, and of
/// the archive without its ending.
pub fn pack(platform: &Platform, stage: &Path, name: &str, out: &Path) -> Result<()> {
    let file = File::create(out.join(format!("{name}.{}", platform.system.archive())))?;
    match platform.system {
        System::Windows => pack_zip(stage, name, file),
        System::Gnu | System::Musl => pack_tar(stage, name, file),
    }
}

fn pack_tar(stage: &Path, name: &str, file: File) -> Result<()> {
    // No name and no time in the header.
    let gzip = GzBuilder::new().write(file, Compression::best());
    let mut archive = tar::Builder::new(gzip);
    archive.mode(tar::HeaderMode::Deterministic);
    archive.follow_symlinks(false);
    for path in sorted(stage)? {
        let inside = Path::new(name).join(path.strip_prefix(stage)?);
        archive.append_path_with_name(&path, inside)?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}

fn pack_zip(stage: &Path, name: &str, file: File) -> Result<()> {
    let mut archive = zip::ZipWriter::new(file);
    // The default time, which is the same in each archive.
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    for path in sorted(stage)?.into_iter().filter(|path| path.is_file()) {
        let inside = Path::new(name).join(path.strip_prefix(stage)?);
        archive.start_file(inside.to_str().ok_or("a file has a UTF-8 name")?, options)?;
        archive.write_all(&std::fs::read(&path)?)?;
    }
    archive.finish()?;
    Ok(())
}

/// Installs as users do from source, below `prefix`.
fn install(platform: &Platform, library: &Library, prefix: &Path) -> Result<()> {
    let mut make = Command::new("make");
    for name in ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"] {
        make.env_remove(name);
    }
    make.args(["--silent", "install", "DESTDIR=", "CARGO=false"]).arg(format!("SYSTEM={}", platform.system.make()));
    make.arg(format!("PREFIX={}", prefix.display()));
    make.arg(format!("SHARED={}", library.shared.display()));
    make.arg(format!("STATIC={}", library.r#static.display()));
    make.arg(format!("SYSTEM_LIBRARIES_FILE={}", library.system_libraries.display()));
    make.arg(format!("MANPAGES={}", library.man_pages.display()));
    run(make.current_dir(root()))?;
    Ok(())
}

/// Returns every folder, file and link below `folder`, in the order of their names.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        entries.push(entry.path());
        if entry.file_type()?.is_dir() {
            entries.extend(sorted(&entry.path())?);
        }
    }
    entries.sort();
    Ok(entries)
}
