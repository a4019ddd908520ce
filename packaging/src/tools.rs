//! The tools of `packaging/requirements.txt`, in a Python environment below `target`.

use std::path::PathBuf;
use std::process::Command;

use crate::{Result, root, run, target};

pub struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Installs the tools, unless an earlier build has installed these versions.
    pub fn install() -> Result<Tools> {
        let folder = target().join("dist-tools");
        let wanted = std::fs::read_to_string(root().join("packaging/requirements.txt"))?;
        let stamp = folder.join("installed");
        if !std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
            let mut pip = Command::new(folder.join("bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
            run(pip.arg(root().join("packaging/requirements.txt")))?;
            std::fs::write(&stamp, wanted)?;
        }
        Ok(Tools { folder })
    }

    /// Returns a command that runs one of the tools.
    pub fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join("bin").join(name))
    }

    /// Returns a command that runs cargo with zig as its C compiler and linker.
    pub fn zigbuild(&self) -> Result<Command> {
        let mut command = self.command("cargo-zigbuild");
        command.env("CARGO_ZIGBUILD_ZIG_PATH", self.zig()?);
        for cache in ["CARGO_ZIGBUILD_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"] {
            command.env(cache, self.folder.join("zig-cache"));
        }
        Ok(command)
    }

    /// Returns the path of zig, whose folder has everything that it needs.
    pub fn zig(&self) -> Result<PathBuf> {
        let find = "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))";
        Ok(run(self.command("python").args(["-c", find]))?.trim().into())
    }
}
