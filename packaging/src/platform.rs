//! The platforms that are released.

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
}

pub const ALL: &[Platform] = &[Platform {
    name: "x86_64-linux-gnu",
    target: "x86_64-unknown-linux-gnu",
    zig_target: "x86_64-unknown-linux-gnu.2.17",
    wheel_tag: "manylinux_2_17_x86_64",
    go_package: "linux_amd64",
}];
