//! Collects the licences of what is inside an artefact: of each crate, and of the Rust standard library.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::platform::{Compiler, Platform, System};
use crate::tools::Tools;
use crate::{Result, root, run};

/// What is shipped beside the library's own licences.
pub struct Notices {
    /// The licences of all crates, as text.
    pub crates: String,
    /// The licences of the Rust standard library and of the C libraries that are inside, by the name of the file that gets
    /// them.
    pub libraries: Vec<(&'static str, PathBuf)>,
}

impl Notices {
    /// Writes the licences of the project and of everything inside the artefact to a folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
            std::fs::copy(root().join(file), folder.join(file))?;
        }
        std::fs::write(folder.join("NOTICE-crates.txt"), &self.crates)?;
        for (name, file) in &self.libraries {
            std::fs::copy(file, folder.join(name))?;
        }
        Ok(())
    }
}

/// Collects the licences of what is linked into a package of the workspace.
pub fn collect(platform: &Platform, package: &str, tools: &Tools) -> Result<Notices> {
    Ok(Notices { crates: crates(platform, package)?, libraries: libraries(platform, tools)? })
}

/// Returns the licences of the crates that are linked into a package.
fn crates(platform: &Platform, package: &str) -> Result<String> {
    let metadata = metadata(platform)?;
    let mut text = String::from("The program or library contains the following crates.\n");
    // A text that several crates share is printed once.
    let mut first_with: BTreeMap<String, String> = BTreeMap::new();
    for package in inside(&metadata, package)? {
        let field = |name: &str| package[name].as_str().unwrap_or("not stated");
        let name = format!("{} {}", field("name"), field("version"));
        write!(text, "\n{}\n{name}\nLicence: {}\n", "=".repeat(80), field("license"))?;
        if let Some(repository) = package["repository"].as_str() {
            writeln!(text, "Source: {repository}")?;
        }
        let folder = Path::new(field("manifest_path")).parent().ok_or("a manifest is in a folder")?;
        for licence in licence_files(folder)? {
            let contents = String::from_utf8_lossy(&std::fs::read(folder.join(&licence))?).trim().to_string();
            match first_with.get(&contents) {
                Some(other) => writeln!(text, "\n{licence}: the same as {other}")?,
                None => {
                    write!(text, "\n--- {licence}\n\n{contents}\n")?;
                    first_with.insert(contents, format!("{licence} of {name}"));
                }
            }
        }
    }
    Ok(text)
}

/// Returns the licences of the libraries that every program contains which is built for a platform.
fn libraries(platform: &Platform, tools: &Tools) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut found = match platform.compiler {
        Compiler::Installed => {
            let sysroot = run(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
            let rust = Path::new(sysroot.trim()).join("share/doc/rust/COPYRIGHT-library.html");
            vec![("NOTICE-rust-library.html", rust)]
        }
        Compiler::Cross => vec![("NOTICE-rust-library.txt", tools.cross()?.standard_library_licences())],
    };
    match platform.system {
        System::Gnu => {}
        System::Musl => {
            found.push(("NOTICE-musl.txt", tools.ziglang()?.join("lib/libc/musl/COPYRIGHT")));
            found.push(("NOTICE-libunwind.txt", tools.ziglang()?.join("lib/libunwind/LICENSE.TXT")));
        }
        System::Windows => found.push(("NOTICE-mingw.txt", tools.cross()?.mingw_licences())),
    }
    match found.iter().find(|(_, file)| !file.exists()) {
        Some((_, file)) => Err(format!("{} is missing: use a toolchain that has it", file.display()).into()),
        None => Ok(found),
    }
}

/// Returns what cargo knows about the packages of a platform.
pub fn metadata(platform: &Platform) -> Result<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", platform.target]);
    Ok(serde_json::from_str(&run(cargo.current_dir(root()))?)?)
}

/// Returns the packages that are linked into `package`, sorted by name: no build tools, no test tools, no macros.
pub fn inside<'a>(metadata: &'a Value, package: &str) -> Result<Vec<&'a Value>> {
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let packages = metadata["packages"].as_array().ok_or("cargo metadata has no packages")?;
    let by_id: BTreeMap<&str, &Value> =
        packages.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().ok_or("cargo metadata has no graph")?;
    let dependencies: BTreeMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["id"].as_str()?, &node["deps"]))).collect();
    let own = packages.iter().find(|found| found["name"] == package).ok_or("the package is missing")?;
    let own = own["id"].as_str().ok_or("a package has an id")?;

    let mut found = BTreeSet::new();
    let mut left = vec![own.to_string()];
    while let Some(id) = left.pop() {
        for dependency in list(dependencies[id.as_str()]) {
            let is_linked = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let package = dependency["pkg"].as_str().ok_or("a dependency has an id")?;
            let is_macro = list(&by_id[package]["targets"])
                .iter()
                .any(|target| list(&target["kind"]).iter().any(|kind| kind == "proc-macro"));
            if is_linked && !is_macro && found.insert(package.to_string()) {
                left.push(package.to_string());
            }
        }
    }
    let mut packages: Vec<&Value> = found.iter().map(|id| by_id[id.as_str()]).collect();
    packages.sort_by_key(|package| package["name"].to_string() + &package["version"].to_string());
    Ok(packages)
}

/// Returns the names of the files in a package's folder that hold its licence, sorted.
fn licence_files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let upper = name.to_uppercase();
        let is_licence = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"]
            .iter()
            .any(|word| upper.starts_with(word));
        if is_licence && entry.file_type()?.is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_in_the_library_are_listed_and_those_of_builds_and_tests_are_not() {
        let metadata = metadata(&crate::platform::ALL[0]).expect("cargo describes the workspace");
        let packages = inside(&metadata, "apideck-vault").expect("the library is in it");
        let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
        for name in ["ureq", "rustls", "ring", "webpki-roots", "libc"] {
            assert!(names.contains(&name), "{name} is not in {names:?}");
        }
        for name in ["cbindgen", "cc", "proptest", "serde_derive", "apideck-vault-sandbox", "windows-sys"] {
            assert!(!names.contains(&name), "{name} is in {names:?}");
        }
        assert!(names.is_sorted(), "{names:?}");
    }

    #[test]
    fn every_crate_ships_a_licence() {
        let notices = crates(&crate::platform::ALL[0], "apideck-vault").expect("the notices can be collected");
        for part in notices.split(&"=".repeat(80)).skip(1) {
            assert!(part.contains("\n--- ") || part.contains(": the same as "), "no licence: {part}");
        }
    }
}
