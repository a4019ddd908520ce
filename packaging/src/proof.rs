//! Proves that the archive of the C library can be used where there is no Rust, no checkout and no network.

use std::path::Path;
use std::process::Command;

use crate::{Result, archive, dist, platform, root, run, target};

/// The platform of this machine.
const NATIVE: &platform::Platform = &platform::ALL[0];

/// Installs the archive of `target/dist` in a root of its own, builds the program of `README.md` there in each way that the
/// README of the C library shows, and runs it against the local Vault.
pub fn prove() -> Result<()> {
    let archive = dist().join(format!("{}.tar.gz", archive::name(NATIVE)));
    if !archive.exists() {
        return Err("first build what is to be proved: cargo run -p apideck-vault-dist".into());
    }
    run(Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package", "apideck-vault-sandbox"])
        .current_dir(root()))?;

    let place = target().join("dist-proof");
    let _ = std::fs::remove_dir_all(&place);
    let tmp = place.join("tmp");
    std::fs::create_dir_all(&tmp)?;
    std::fs::copy(&archive, tmp.join("archive.tar.gz"))?;
    std::fs::copy(target().join("debug/apideck-vault-sandbox"), tmp.join("apideck-vault-sandbox"))?;
    std::fs::copy(root().join("packaging/proof/c"), tmp.join("proof"))?;

    std::fs::write(tmp.join("program.c"), block(&root().join("README.md"), "A C program", "c")?)?;
    let readme = root().join("bindings/c/README.md");
    let named = |text: String| text.replace("connections", "program");
    std::fs::write(tmp.join("pkg-config.sh"), named(block(&readme, "Build with pkg-config", "sh")?))?;
    std::fs::write(tmp.join("CMakeLists.txt"), named(block(&readme, "Build with CMake", "cmake")?))?;

    let mut enclosed = Command::new("unshare");
    enclosed.args(["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"]);
    enclosed.arg(root().join("packaging/proof/enclosed")).arg(&place).args(["/bin/sh", "/tmp/proof"]);
    print!("{}", run(&mut enclosed)?);
    std::fs::remove_dir_all(&place)?;
    Ok(())
}

/// Returns the first block of `language` in a part of a page.
fn block(page: &Path, heading: &str, language: &str) -> Result<String> {
    let text = std::fs::read_to_string(page)?;
    let part = text.split_once(&format!("## {heading}\n")).map(|(_, part)| part);
    let block = part.and_then(|part| part.split_once(&format!("```{language}\n"))).map(|(_, block)| block);
    let block = block.and_then(|block| block.split_once("```")).map(|(block, _)| block.to_string());
    block.ok_or_else(|| format!("{}: no {language} in the part {heading}", page.display()).into())
}
