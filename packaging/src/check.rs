//! Checks the artefacts: their sizes, their contents, and a sum for each.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, VERSION, root, run};

/// How much larger than in `packaging/sizes.toml` an artefact may be.
const GROWTH: f64 = 1.1;

/// The file with a sum for each artefact.
const SUMS: &str = "SHA256SUMS";

/// Returns the artefacts, sorted by name.
fn artefacts(out: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(out)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != SUMS {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// Prints the size of each artefact.
///
/// # Errors
///
/// Fails if an artefact has grown by more than 10 %, or has no entry in `packaging/sizes.toml`.
pub fn sizes(out: &Path) -> Result<()> {
    let text = std::fs::read_to_string(root().join("packaging/sizes.toml"))?;
    let expected: BTreeMap<String, u64> = toml::from_str(&text)?;
    let mut problems = Vec::new();
    for (name, path) in artefacts(out)? {
        let size = path.metadata()?.len();
        println!("{size:>10}  {name}");
        problems.extend(problem(&name, size, &expected));
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("packaging/sizes.toml: {}", problems.join("; ")).into()) }
}

/// Returns what is wrong with the size of an artefact.
fn problem(name: &str, size: u64, expected: &BTreeMap<String, u64>) -> Option<String> {
    let key = name.replace(VERSION, "VERSION");
    match expected.get(&key) {
        Some(before) if size as f64 <= *before as f64 * GROWTH => None,
        Some(before) => Some(format!("{name} has {size} bytes, and had {before}")),
        None => Some(format!("\"{key}\" = {size} is missing")),
    }
}

/// Unpacks each artefact in the folder `unpacked`, and fails if a file in it contains the path of the checkout: then another
/// checkout would give other bytes.
pub fn contains_no_local_path(out: &Path, unpacked: &Path) -> Result<()> {
    let local = root().to_str().ok_or("the path of the checkout is not UTF-8")?.as_bytes();
    for (name, path) in artefacts(out)? {
        let _ = std::fs::remove_dir_all(unpacked);
        std::fs::create_dir_all(unpacked)?;
        let archive = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => None,
            Some("whl" | "zip") => Some("zipfile"),
            _ => Some("tarfile"),
        };
        match archive {
            Some(module) => drop(run(Command::new("python3").args(["-m", module, "-e"]).arg(&path).arg(unpacked))?),
            None => drop(std::fs::copy(&path, unpacked.join(&name))?),
        }
        let mut left = vec![unpacked.to_path_buf()];
        while let Some(folder) = left.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    left.push(entry.path());
                } else if entry.file_type()?.is_file() {
                    let mut contents = Vec::new();
                    std::fs::File::open(entry.path())?.read_to_end(&mut contents)?;
                    if contents.windows(local.len()).any(|window| window == local) {
                        return Err(
                            format!("{name}: {} contains the path of the checkout", entry.path().display()).into()
                        );
                    }
                }
            }
        }
    }
    Ok(())
}

/// Writes `SHA256SUMS`, as `sha256sum --check` reads it.
pub fn write_sums(out: &Path) -> Result<()> {
    let mut sums = String::new();
    for (name, path) in artefacts(out)? {
        let sum = ring::digest::digest(&ring::digest::SHA256, &std::fs::read(path)?);
        let sum: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        sums += &format!("{sum}  {name}\n");
    }
    std::fs::write(out.join(SUMS), sums)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artefact_may_grow_by_ten_percent_and_must_be_listed() {
        let expected = BTreeMap::from([("a-VERSION.tar.gz".to_string(), 1000)]);
        let name = format!("a-{VERSION}.tar.gz");
        assert_eq!(problem(&name, 1100, &expected), None);
        assert_eq!(problem(&name, 1101, &expected), Some(format!("{name} has 1101 bytes, and had 1000")));
        assert_eq!(problem("b.whl", 1, &expected), Some("\"b.whl\" = 1 is missing".to_string()));
    }

    #[test]
    fn a_file_with_the_path_of_the_checkout_is_refused() {
        let folder = std::env::temp_dir().join(format!("apideck-vault-dist-{}", std::process::id()));
        let stage = folder.join("stage");
        std::fs::create_dir_all(&stage).expect("a folder can be made");
        for (text, is_refused) in
            [("/apideck-vault/src/lib.rs".to_string(), false), (root().display().to_string(), true)]
        {
            std::fs::write(stage.join("file"), text).expect("a file can be written");
            let archive = folder.join("out/a.tar.gz");
            std::fs::create_dir_all(folder.join("out")).expect("a folder can be made");
            run(Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&stage).arg("file"))
                .expect("tar packs a file");
            assert_eq!(contains_no_local_path(&folder.join("out"), &folder.join("unpacked")).is_err(), is_refused);
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
}
