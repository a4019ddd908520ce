//! Writes the Go module as a release tag holds it: the sources, and a static library and the header that they link.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library::Library;
use crate::notices::Notices;
use crate::platform::Platform;
use crate::{Result, VERSION, root, run, target};

/// The path that programs import.
pub const MODULE: &str = "github.com/apideck-vault/apideck-vault/bindings/go";

/// The folder of the C library in the module.
const NATIVE: &str = "internal/native";

/// The module, while it is written.
pub struct Module {
    folder: PathBuf,
}

/// The name of the archive, which has the layout of the archives of module proxies.
pub fn zip_name() -> String {
    format!("apideck-vault-go-v{VERSION}.zip")
}

impl Module {
    /// Copies the sources.
    pub fn start() -> Result<Module> {
        let folder = target().join("dist-stage/go");
        let _ = std::fs::remove_dir_all(&folder);
        let module = Module { folder };
        let sources = root().join("bindings/go");
        // Without what is built or downloaded there.
        let files = run(Command::new("git").args(["ls-files", "-z", "."]).current_dir(&sources))?;
        for file in files.split_terminator('\0') {
            let to = module.folder.join(file);
            std::fs::create_dir_all(to.parent().ok_or("a file is in a folder")?)?;
            std::fs::copy(sources.join(file), to)?;
        }
        let header = "apideck_vault.h";
        std::fs::copy(root().join("include").join(header), module.folder.join(NATIVE).join(header))?;
        Ok(module)
    }

    /// Adds the static library of a platform.
    pub fn add(&self, platform: &Platform, library: &Library) -> Result<()> {
        let package = self.folder.join(NATIVE).join("prebuilt").join(platform.go_package);
        std::fs::copy(&library.r#static, package.join("libapideck_vault.a"))?;
        // The file that stops builds of commits without the library.
        std::fs::remove_file(package.join("missing.go"))?;
        Ok(())
    }

    /// Adds the licences and packs the module.
    pub fn finish(&self, notices: &Notices, out: &Path) -> Result<()> {
        println!("the Go module");
        notices.write(&self.folder)?;
        // Package pages show the documentation of a module only if they know the licence in this file.
        let licences = ["LICENSE-APACHE", "LICENSE-MIT"].map(|file| std::fs::read_to_string(self.folder.join(file)));
        let [apache, mit] = licences;
        std::fs::write(self.folder.join("LICENSE"), format!("{}\n{}", mit?, apache?))?;

        let zip = target().join("dist-tools/modzip");
        let mut build = Command::new("go");
        run(build.args(["build", "-o"]).arg(&zip).arg(".").current_dir(root().join("packaging/go")))?;
        run(Command::new(&zip).arg(&self.folder).arg(format!("v{VERSION}")).arg(out.join(zip_name())))?;
        Ok(())
    }
}

/// Writes a folder that the go command can use as a module proxy for this module.
pub fn write_proxy(zip: &Path, proxy: &Path) -> Result<()> {
    let versions = proxy.join(MODULE).join("@v");
    std::fs::create_dir_all(&versions)?;
    std::fs::write(versions.join("list"), format!("v{VERSION}\n"))?;
    let info = serde_json::json!({"Version": format!("v{VERSION}"), "Time": "2000-01-01T00:00:00Z"});
    std::fs::write(versions.join(format!("v{VERSION}.info")), info.to_string())?;
    std::fs::copy(root().join("bindings/go/go.mod"), versions.join(format!("v{VERSION}.mod")))?;
    std::fs::copy(zip, versions.join(format!("v{VERSION}.zip")))?;
    Ok(())
}
