//! The Rust compiler for other platforms than this machine's: that of Debian, in a root below `target`. Its standard library
//! comes as sources, which cargo compiles for each platform.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, root, run, target};

/// The root that `packaging/cross/install` has made.
pub struct Cross {
    folder: PathBuf,
}

impl Cross {
    /// Makes the root, unless an earlier build has made it with the same script.
    ///
    /// # Errors
    ///
    /// Fails if this machine lacks `debootstrap`, the user is not root, or Debian no longer has the pinned versions.
    pub fn install() -> Result<Cross> {
        let script = root().join("packaging/cross/install");
        let folder = target().join("dist-rust/root");
        let stamp = target().join("dist-rust/installed");
        let wanted = std::fs::read_to_string(&script)?;
        if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            println!("installing a Rust compiler for other platforms in {}", folder.display());
            std::fs::create_dir_all(target().join("dist-rust"))?;
            run(Command::new(&script).arg(&folder))?;
            std::fs::write(&stamp, wanted)?;
        }
        Ok(Cross { folder })
    }

    /// Returns a command that runs a program in the root, in this process's working folder. It sees the checkout, the folder
    /// that everything is built in and cargo's downloads, at their own paths.
    pub fn command(&self, program: impl AsRef<Path>) -> Result<Command> {
        let cargo_home = cargo_home();
        std::fs::create_dir_all(&cargo_home)?;
        let folders = [root().to_path_buf(), target(), cargo_home.clone()];
        let folders: Vec<&str> = folders.iter().filter_map(|folder| folder.to_str()).collect();
        if folders.len() < 3 || folders.iter().any(|folder| folder.contains(':')) {
            return Err(
                "the paths of the checkout, of `target` and of cargo's folder must be UTF-8 without a colon".into()
            );
        }
        let mut command = Command::new("unshare");
        command.arg("--mount").arg(root().join("packaging/cross/enter")).arg(&self.folder);
        command.arg(folders.join(":")).arg(program.as_ref()).current_dir(root());
        command.env("CARGO_HOME", cargo_home).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        // What chooses another compiler, and the option that builds the standard library.
        for name in ["CARGO", "RUSTC", "RUSTC_WRAPPER", "RUSTDOC", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
            command.env_remove(name);
        }
        command.env("RUSTC_BOOTSTRAP", "1");
        Ok(command)
    }

    /// Returns the licences of the Rust standard library.
    pub fn standard_library_licences(&self) -> PathBuf {
        self.folder.join("usr/share/doc/rust-web-src/copyright")
    }

    /// Returns the licences of the MinGW runtime, which is inside programs for Windows.
    pub fn mingw_licences(&self) -> PathBuf {
        self.folder.join("usr/share/doc/mingw-w64-x86-64-dev/copyright")
    }
}

/// The folder of cargo's downloads.
pub fn cargo_home() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default()
}
