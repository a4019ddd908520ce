//! Compiles and runs C programs that use only the header.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{library, root};

/// Returns a command without cargo's LD_LIBRARY_PATH. That would find the library of another build before the one that a
/// program is linked with.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).env_remove("LD_LIBRARY_PATH");
    command
}

/// Runs a command that must succeed. Returns its standard output.
pub fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|e| panic!("{:?} is needed and could not be run: {e}", command.get_program()));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// Compiles `source` (a path below the checkout) against the shared library.
pub fn program(source: &str) -> PathBuf {
    program_with(source, &[])
}

pub fn program_with(source: &str, flags: &[&str]) -> PathBuf {
    compile("cc", "-std=c99", source, flags)
}

/// Compiles a C++ program against the shared library.
pub fn cpp_program(source: &str) -> PathBuf {
    compile("c++", "-std=c++11", source, &[])
}

fn compile(compiler: &str, standard: &str, source: &str, flags: &[&str]) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = Path::new(source).file_stem().expect("a source has a name").to_string_lossy().into_owned();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}-{number}", std::process::id()));
    let shared = library::shared();
    let folder = shared.parent().expect("a library is in a folder");
    run(command(compiler)
        .args([standard, "-D_XOPEN_SOURCE=700", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-O1"])
        .arg("-I")
        .arg(root().join("include"))
        .arg(root().join(source))
        .args(flags)
        .arg("-o")
        .arg(&out)
        .arg(&shared)
        .arg("-lpthread")
        // Before cargo's LD_LIBRARY_PATH, which may find the library of an older build first.
        .arg(format!("-Wl,--disable-new-dtags,-rpath,{}", folder.display())));
    out
}

pub fn is_installed(program: &str) -> bool {
    command(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Makes the queue of a listener as short as possible.
pub fn shrink_backlog(listener: &TcpListener) {
    socket2::SockRef::from(listener).listen(0).expect("a listening socket can listen again");
}

/// Starts to connect and returns the socket without waiting.
pub fn start_connecting(address: SocketAddr) -> socket2::Socket {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.set_nonblocking(true).expect("a socket can be non-blocking");
    let _ = socket.connect(&address.into());
    socket
}

/// Returns the names of the functions that the header declares.
pub fn declared_functions() -> BTreeSet<String> {
    let header =
        std::fs::read_to_string(root().join("include/apideck_vault.h")).expect("include/apideck_vault.h is there");
    header
        .lines()
        .filter(|line| !line.starts_with("//") && !line.starts_with(" *"))
        .filter_map(|line| {
            let name = line.split('(').next().filter(|_| line.contains('('))?;
            let name = name.rsplit([' ', '*']).next()?;
            name.starts_with("apideck_vault_").then(|| name.to_string())
        })
        .collect()
}
