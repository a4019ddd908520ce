//! Proves that the artefacts can be used where there is no Rust, no checkout and no network.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::platform::Platform;
use crate::tools::Tools;
use crate::{Result, archive, dist, go, platform, python, root, run, sandbox, target};

/// The platform of this machine.
const NATIVE: &Platform = &platform::ALL[0];

/// Installs what is in `target/dist` in a root of its own, and builds and runs the first programs of the READMEs there, as the
/// READMEs say, against the local Vault. The wheel is installed for each of the interpreters `pythons`, or for that of the
/// system.
pub fn prove(pythons: &[&str]) -> Result<()> {
    let archive = built_archive(NATIVE)?;
    enclosed("c", NATIVE, &[], &[], |tmp| {
        std::fs::copy(&archive, tmp.join("archive.tar.gz"))?;
        std::fs::write(tmp.join("program.c"), block(&root().join("README.md"), "## A C program\n", "c")?)?;
        let readme = root().join("bindings/c/README.md");
        let named = |text: String| text.replace("connections", "program");
        std::fs::write(tmp.join("pkg-config.sh"), named(block(&readme, "## Build with pkg-config\n", "sh")?))?;
        std::fs::write(tmp.join("CMakeLists.txt"), named(block(&readme, "## Build with CMake\n", "cmake")?))?;
        Ok(())
    })?;
    prove_go()?;
    let mut interpreters: Vec<&str> = pythons.to_vec();
    if interpreters.is_empty() {
        interpreters.push("/usr/bin/python3");
    }
    interpreters.into_iter().try_for_each(prove_wheel)
}

/// Adds the module to a program as its README says, and builds the first program of the README in every way that it names.
fn prove_go() -> Result<()> {
    let go = run(Command::new("go").args(["env", "GOROOT"]))?;
    let zig = Tools::install()?.zig()?;
    let zig = zig.parent().and_then(Path::to_str).ok_or("zig is in a folder")?;
    enclosed("go", NATIVE, &[go.trim(), zig], &[], |tmp| {
        go::write_proxy(&dist().join(go::zip_name()), &tmp.join("proxy"))?;
        let readme = root().join("bindings/go/README.md");
        std::fs::write(tmp.join("main.go"), block(&readme, "# apideck-vault for Go\n", "go")?)?;
        std::fs::write(tmp.join("install.sh"), block(&readme, "## Install\n", "sh")?)?;
        Ok(())
    })
}

/// How the programs of another platform are compiled and run on this machine.
struct Foreign {
    /// The C compiler.
    cc: &'static str,
    /// The C compiler for static programs.
    static_cc: &'static str,
    /// What runs a program: an emulator, or nothing.
    run: &'static str,
    /// Prints what a program needs.
    objdump: &'static str,
}

/// Returns how to compile and run programs of a platform, if this machine can.
fn foreign(platform: &Platform) -> Option<Foreign> {
    match platform.name {
        "x86_64-linux-musl" => Some(Foreign {
            cc: "musl-gcc",
            // The static libgcc of Debian, which musl-gcc uses, needs glibc.
            static_cc: "zig cc -target x86_64-linux-musl -lunwind",
            run: "",
            objdump: "objdump",
        }),
        "aarch64-linux-gnu" => Some(Foreign {
            cc: "aarch64-linux-gnu-gcc",
            static_cc: "aarch64-linux-gnu-gcc",
            run: "qemu-aarch64-static -L /usr/aarch64-linux-gnu",
            objdump: "aarch64-linux-gnu-objdump",
        }),
        _ => None,
    }
}

/// Installs the archive of another platform, builds the program of the README with a cross compiler, and runs it against the
/// local Vault of that platform.
pub fn prove_foreign(name: &str) -> Result<()> {
    let platform = platform::named(&[name])?[0];
    let Some(foreign) = foreign(platform) else {
        return Err(format!("there is no proof for {name} on this machine").into());
    };
    let archive = built_archive(platform)?;
    let variables = [
        ("PLATFORM", name),
        ("CC", foreign.cc),
        ("STATIC_CC", foreign.static_cc),
        ("RUN", foreign.run),
        ("OBJDUMP", foreign.objdump),
    ];
    let zig = Tools::install()?.ziglang()?;
    enclosed("foreign", platform, &[zig.to_str().ok_or("zig is in a folder")?], &variables, |tmp| {
        std::fs::copy(&archive, tmp.join("archive.tar.gz"))?;
        std::fs::write(tmp.join("program.c"), block(&root().join("README.md"), "## A C program\n", "c")?)?;
        Ok(())
    })
}

/// Returns the archive of the C library of a platform.
///
/// # Errors
///
/// Fails if it is not built.
fn built_archive(platform: &Platform) -> Result<PathBuf> {
    let archive = dist().join(format!("{}.{}", archive::name(platform), platform.system.archive()));
    match archive.exists() {
        true => Ok(archive),
        false => {
            Err(format!("first build what is to be proved: cargo run -p apideck-vault-dist -- {}", platform.name)
                .into())
        }
    }
}

/// Installs the wheel and runs the first program of its README with an interpreter.
fn prove_wheel(interpreter: &str) -> Result<()> {
    let ask = "import sys; print('%d.%d' % sys.version_info[:2], sys.base_prefix, sep='\\n')";
    let printed = run(Command::new(interpreter).args(["-c", ask]))?;
    let (version, prefix) = printed.trim().split_once('\n').ok_or("Python prints two lines")?;
    let tools: &[&str] = if prefix == "/usr" { &[] } else { &[prefix] };
    enclosed("python", NATIVE, tools, &[], |tmp| {
        let wheels = tmp.join("wheels");
        std::fs::create_dir(&wheels)?;
        for wheel in [python::wheel_name(NATIVE), sandbox::wheel_name(NATIVE)] {
            std::fs::copy(dist().join(&wheel), wheels.join(&wheel))?;
        }
        download(version, &wheels)?;
        let readme = root().join("bindings/python/README.md");
        std::fs::write(tmp.join("program.py"), block(&readme, "# apideck-vault for Python\n", "python")?)?;
        Ok(())
    })
}

/// Downloads what the wheel depends on, for a version of Python, and a pip, which a system's Python need not have.
fn download(version: &str, folder: &Path) -> Result<()> {
    let mut pip = Tools::install()?.command("python");
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    pip.args(["--python-version", version, "--dest"]).arg(folder);
    run(pip.args(["msgspec>=0.19", "pip"]))?;
    Ok(())
}

/// Runs a script of `packaging/proof` in a root without Rust, checkout and network. The script finds the local Vault of the
/// platform and what `prepare` writes in its working folder, the programs in the folders `tools`, and `variables` in its
/// environment.
fn enclosed(
    script: &str,
    platform: &Platform,
    tools: &[&str],
    variables: &[(&str, &str)],
    prepare: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let place = target().join("dist-proof").join(script);
    let _ = std::fs::remove_dir_all(&place);
    let tmp = place.join("tmp");
    std::fs::create_dir_all(&tmp)?;
    std::fs::copy(dist().join(format!("{}.tar.gz", sandbox::archive_name(platform))), tmp.join("sandbox.tar.gz"))?;
    for file in [script, "vault"] {
        std::fs::copy(root().join("packaging/proof").join(file), tmp.join(file))?;
    }
    prepare(&tmp)?;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"]);
    command.env("TOOLS", tools.join(":"));
    command.arg(root().join("packaging/proof/enclosed")).arg(&place);
    command.arg("/usr/bin/env").args(variables.iter().map(|(name, value)| format!("{name}={value}")));
    command.arg("/bin/sh").arg(format!("/tmp/{script}"));
    print!("{}", run(&mut command)?);
    std::fs::remove_dir_all(&place)?;
    Ok(())
}

/// Returns the first block of `language` after a heading of a page.
fn block(page: &Path, heading: &str, language: &str) -> Result<String> {
    let text = std::fs::read_to_string(page)?;
    let part = text.split_once(heading).map(|(_, part)| part);
    let block = part.and_then(|part| part.split_once(&format!("```{language}\n"))).map(|(_, block)| block);
    let block = block.and_then(|block| block.split_once("```")).map(|(block, _)| block.to_string());
    block.ok_or_else(|| format!("{}: no {language} after {heading:?}", page.display()).into())
}
