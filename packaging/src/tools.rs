//! The tools of `packaging/requirements.txt`, in a Python environment below `target`, and the compilers that they need.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::process::Command;

use crate::cross::Cross;
use crate::platform::{Compiler, Platform, System};
use crate::{Result, root, run, target};

pub struct Tools {
    folder: PathBuf,
    cross: OnceCell<Cross>,
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
        Ok(Tools { folder, cross: OnceCell::new() })
    }

    /// Returns a command that runs one of the tools.
    pub fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join("bin").join(name))
    }

    /// Returns a command that runs `cargo rustc` for a platform.
    pub fn cargo_rustc(&self, platform: &Platform) -> Result<Command> {
        let mut command = match (platform.compiler, platform.system) {
            (Compiler::Installed, _) => self.command("cargo-zigbuild"),
            (Compiler::Cross, System::Gnu | System::Musl) => {
                self.cross()?.command(self.folder.join("bin/cargo-zigbuild"))?
            }
            (Compiler::Cross, System::Windows) => self.cross()?.command("cargo")?,
        };
        command.args(["rustc", "--release", "--locked", "--target", platform.zig_target]);
        command.arg("--target-dir").arg(target().join("dist-build"));
        if platform.compiler == Compiler::Cross {
            command.args(["-Z", "build-std=std,panic_unwind"]);
        }
        match platform.system {
            System::Windows => {
                let tool = |name: &str| format!("{}{name}", platform.binutils);
                command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", tool("gcc-posix"));
                command.env("CC_x86_64_pc_windows_gnu", tool("gcc-posix")).env("AR_x86_64_pc_windows_gnu", tool("ar"));
            }
            System::Gnu | System::Musl => {
                command.env("CARGO_ZIGBUILD_ZIG_PATH", self.zig()?);
                for cache in ["CARGO_ZIGBUILD_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"] {
                    command.env(cache, self.folder.join("zig-cache"));
                }
            }
        }
        Ok(command)
    }

    /// Returns a command that runs one of the binutils for a platform.
    pub fn binutils(&self, platform: &Platform, name: &str) -> Result<Command> {
        let program = format!("{}{name}", platform.binutils);
        match platform.compiler {
            Compiler::Installed => Ok(Command::new(program)),
            Compiler::Cross => self.cross()?.command(program),
        }
    }

    /// Returns the Rust compiler for other platforms. The first call installs it.
    pub fn cross(&self) -> Result<&Cross> {
        if let Some(cross) = self.cross.get() {
            return Ok(cross);
        }
        let cross = Cross::install()?;
        Ok(self.cross.get_or_init(|| cross))
    }

    /// Returns the path of zig, whose folder has everything that it needs.
    pub fn zig(&self) -> Result<PathBuf> {
        Ok(self.ziglang()?.join("zig"))
    }

    /// Returns the folder of zig: the program, and the C libraries that it links.
    pub fn ziglang(&self) -> Result<PathBuf> {
        let find = "import os, ziglang; print(os.path.dirname(ziglang.__file__))";
        Ok(run(self.command("python").args(["-c", find]))?.trim().into())
    }
}
