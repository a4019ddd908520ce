//! The platforms that can be built.

use crate::Result;

/// A platform: its names in Rust, in files and in wheels.
pub struct Platform {
    /// In the names of archives.
    pub name: &'static str,
    /// The target of rustc.
    pub target: &'static str,
    /// The target of cargo-zigbuild: with the oldest glibc that the library runs with.
    pub zig_target: &'static str,
    /// The last part of the name of a wheel.
    pub wheel_tag: &'static str,
    /// The package of the Go module that has the static library.
    pub go_package: &'static str,
    pub system: System,
    pub compiler: Compiler,
    /// What the names of the binutils for the platform begin with.
    pub binutils: &'static str,
    /// Whether a build without names is for this platform. Its artefacts have sizes in `sizes.toml`, and a proof.
    pub is_released: bool,
}

/// What differs between the systems: the names of files, and what the library may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux with the GNU C library.
    Gnu,
    /// Linux with musl.
    Musl,
    Windows,
}

/// The Rust compiler that a platform is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The one of this machine, which has a standard library for its own platform only.
    Installed,
    /// The one of `cross`, which compiles the standard library, too.
    Cross,
}

impl System {
    /// The name of the shared library, as cargo writes it.
    pub fn shared_library(self) -> &'static str {
        match self {
            System::Gnu | System::Musl => "libapideck_vault.so",
            System::Windows => "apideck_vault.dll",
        }
    }

    /// The name of a program.
    pub fn program(self, name: &str) -> String {
        match self {
            System::Gnu | System::Musl => name.to_string(),
            System::Windows => format!("{name}.exe"),
        }
    }

    /// The ending of the name of an archive.
    pub fn archive(self) -> &'static str {
        match self {
            System::Gnu | System::Musl => "tar.gz",
            System::Windows => "zip",
        }
    }

    /// The name of the system in the Makefile.
    pub fn make(self) -> &'static str {
        match self {
            System::Gnu | System::Musl => "Linux",
            System::Windows => "Windows",
        }
    }
}

pub const ALL: &[Platform] = &[
    Platform {
        name: "x86_64-linux-gnu",
        target: "x86_64-unknown-linux-gnu",
        zig_target: "x86_64-unknown-linux-gnu.2.17",
        wheel_tag: "manylinux_2_17_x86_64",
        go_package: "linux_amd64",
        system: System::Gnu,
        compiler: Compiler::Installed,
        binutils: "",
        is_released: true,
    },
    Platform {
        name: "x86_64-linux-musl",
        target: "x86_64-unknown-linux-musl",
        zig_target: "x86_64-unknown-linux-musl",
        wheel_tag: "musllinux_1_2_x86_64",
        go_package: "linux_amd64_musl",
        system: System::Musl,
        compiler: Compiler::Cross,
        binutils: "x86_64-linux-gnu-",
        is_released: false,
    },
    Platform {
        name: "aarch64-linux-gnu",
        target: "aarch64-unknown-linux-gnu",
        zig_target: "aarch64-unknown-linux-gnu.2.17",
        wheel_tag: "manylinux_2_17_aarch64",
        go_package: "linux_arm64",
        system: System::Gnu,
        compiler: Compiler::Cross,
        binutils: "aarch64-linux-gnu-",
        is_released: false,
    },
    Platform {
        name: "aarch64-linux-musl",
        target: "aarch64-unknown-linux-musl",
        zig_target: "aarch64-unknown-linux-musl",
        wheel_tag: "musllinux_1_2_aarch64",
        go_package: "linux_arm64_musl",
        system: System::Musl,
        compiler: Compiler::Cross,
        binutils: "aarch64-linux-gnu-",
        is_released: false,
    },
    Platform {
        name: "x86_64-windows",
        target: "x86_64-pc-windows-gnu",
        zig_target: "x86_64-pc-windows-gnu",
        wheel_tag: "win_amd64",
        go_package: "windows_amd64",
        system: System::Windows,
        compiler: Compiler::Cross,
        binutils: "x86_64-w64-mingw32-",
        is_released: false,
    },
];

/// Returns the platforms with these names, or those that are released if there is no name.
///
/// # Errors
///
/// Fails if there is no platform with one of the names.
pub fn named(names: &[&str]) -> Result<Vec<&'static Platform>> {
    if let Some(name) = names.iter().find(|name| !ALL.iter().any(|platform| platform.name == **name)) {
        let all: Vec<&str> = ALL.iter().map(|platform| platform.name).collect();
        return Err(format!(
            "{name} is no platform. Usage: cargo run -p apideck-vault-dist [-- PLATFORM… | -- prove [PYTHON…]], with platforms \
             among {}",
            all.join(", ")
        )
        .into());
    }
    Ok(ALL
        .iter()
        .filter(|platform| match names {
            [] => platform.is_released,
            _ => names.contains(&platform.name),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_platform_is_refused_with_the_names_of_the_known_ones() {
        assert_eq!(named(&["x86_64-windows"]).map(|platforms| platforms[0].wheel_tag).ok(), Some("win_amd64"));
        let message = named(&["x86_64-windows", "beos"]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.starts_with("beos is no platform") && message.contains("aarch64-linux-musl"), "{message}");
    }
}
