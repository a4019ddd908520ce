//! The compiled peers: C programs, and this library from C and Rust.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::measure::run;
use crate::peer::{Entry, Program};

pub const PEERS: [Entry; 6] = [
    Entry { name: "socket", language: "C", checks: "nothing", ours: false, prepare: socket },
    Entry { name: "libcurl", language: "C", checks: "nothing", ours: false, prepare: curl },
    Entry { name: "libcurl + yyjson", language: "C", checks: "JSON", ours: false, prepare: curl_and_yyjson },
    Entry { name: "apideck-vault", language: "C", checks: "JSON", ours: true, prepare: vault },
    Entry { name: "apideck-vault, static", language: "C", checks: "JSON", ours: true, prepare: vault_static },
    Entry { name: "apideck-vault", language: "Rust", checks: "JSON", ours: true, prepare: rust },
];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("benches/ is in the checkout")
}

/// Returns a folder below `target/peers`, which holds everything that is fetched or built for the comparison.
pub fn folder(name: &str) -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp has a parent");
    let folder = target.join("peers").join(name);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Returns the folder of the shared and the static library, built as they are installed. They are built without an rlib,
/// because cargo does no link-time optimisation for a build with one.
pub fn library() -> Result<&'static Path, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let target = folder("library")?;
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["rustc", "--release", "--lib", "--package", "apideck-vault", "--crate-type", "cdylib,staticlib"]);
        cargo.arg("--target-dir").arg(&target).current_dir(root());
        run(&mut cargo)?;
        Ok(target.join("release"))
    });
    built.as_deref().map_err(String::clone)
}

pub fn size(file: &Path) -> Option<u64> {
    std::fs::metadata(file).ok().map(|file| file.len())
}

/// Compiles a program of benches/c.
fn compile(source: &str, name: &str, flags: &[String]) -> Result<PathBuf, String> {
    let out = folder("c")?.join(name);
    let source = root().join("benches/c").join(source);
    run(Command::new("cc").args(["-std=c99", "-D_GNU_SOURCE", "-O2"]).arg(source).arg("-o").arg(&out).args(flags))?;
    Ok(out)
}

/// Returns the library that counts the allocations of a program into which it is preloaded.
pub fn counter() -> Result<PathBuf, String> {
    compile("count.c", "count.so", &["-shared", "-fPIC"].map(String::from))
}

/// Returns a program that takes `URL KIND COUNT` (see [`crate::peer::KINDS`] and `ERRORS`), and `URL get 0` for one call.
fn counted(program: PathBuf, installed: Option<u64>) -> Result<Program, String> {
    let counter = counter()?;
    let start = program.clone();
    Ok(Program {
        call: Box::new(move |url, kind, count| {
            let mut command = Command::new(&program);
            command.args([url, kind, &count.to_string()]);
            command
        }),
        start: Some(Box::new(move |url| {
            let mut command = Command::new(&start);
            command.args([url, "get", "0"]);
            command
        })),
        installed,
        counter: Some(counter),
    })
}

fn socket() -> Result<Program, String> {
    counted(compile("socket.c", "socket", &[])?, None)
}

fn curl() -> Result<Program, String> {
    let program = compile("curl.c", "curl", &curl_flags()?)?;
    let installed = needed(&program);
    counted(program, installed)
}

fn curl_and_yyjson() -> Result<Program, String> {
    let mut flags = curl_flags()?;
    let source = yyjson()?;
    flags.extend(["-DCHECK_JSON".into(), format!("-I{}", source.display())]);
    flags.push(source.join("yyjson.c").display().to_string());
    let program = compile("curl.c", "curl-yyjson", &flags)?;
    let installed = needed(&program);
    counted(program, installed)
}

fn curl_flags() -> Result<Vec<String>, String> {
    let found = run(Command::new("pkg-config").args(["--cflags", "--libs", "libcurl"]));
    let found = found.map_err(|error| format!("libcurl's headers are missing: {error}"))?;
    Ok(found.split_whitespace().map(String::from).collect())
}

/// Returns the sources of yyjson, which its Python package contains.
fn yyjson() -> Result<PathBuf, String> {
    let folder = folder("yyjson")?;
    let find = || {
        let mut packages = std::fs::read_dir(&folder).ok()?.flatten();
        packages.find_map(|package| Some(package.path().join("yyjson")).filter(|path| path.join("yyjson.c").exists()))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "yyjson"]);
    run(pip.current_dir(&folder)).map_err(|error| format!("yyjson could not be fetched: {error}"))?;
    run(Command::new("sh").args(["-c", "tar -xzf yyjson-*.tar.gz"]).current_dir(&folder))?;
    find().ok_or_else(|| "the Python package of yyjson has no yyjson.c".to_string())
}

/// Returns the size of the shared libraries that a program needs, except for those of the C library.
fn needed(program: &Path) -> Option<u64> {
    let out = run(Command::new("ldd").arg(program)).ok()?;
    let paths = out.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    let of_libc = ["libc.so", "ld-linux", "libm.so", "libdl.so", "libpthread.so", "librt.so"];
    paths.filter(|path| !of_libc.iter().any(|name| path.contains(name))).map(|path| size(Path::new(path))).sum()
}

fn vault() -> Result<Program, String> {
    let library = library()?;
    let shared = library.join("libapideck_vault.so");
    let flags = [
        format!("-I{}", root().join("include").display()),
        shared.display().to_string(),
        // Before cargo's LD_LIBRARY_PATH, which may find the library of another build first.
        format!("-Wl,--disable-new-dtags,-rpath,{}", library.display()),
    ];
    counted(compile("vault.c", "vault", &flags)?, size(&shared))
}

/// This library in a fully static program. The installation is that program, stripped.
fn vault_static() -> Result<Program, String> {
    let mut flags = vec!["-static".to_string(), "-s".into(), format!("-I{}", root().join("include").display())];
    flags.push(library()?.join("libapideck_vault.a").display().to_string());
    flags.extend(["-lpthread", "-ldl", "-lm"].map(String::from));
    let program = compile("vault.c", "vault-static", &flags)?;
    let installed = size(&program);
    Ok(Program { counter: None, ..counted(program, installed)? })
}

/// This program itself, as the client.
fn rust() -> Result<Program, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let start = program.clone();
    let mut counted = counted(program.clone(), None)?;
    counted.call = Box::new(move |url, kind, count| {
        let mut command = Command::new(&program);
        command.args(["client", url, kind, &count.to_string()]);
        command
    });
    counted.start = Some(Box::new(move |url| {
        let mut command = Command::new(&start);
        command.args(["client", url, "get", "0"]);
        command
    }));
    Ok(counted)
}
