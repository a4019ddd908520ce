//! The man pages that build.rs makes from the header: one for the library and one for each function, without a mistake
//! that `man` or `mandoc` finds.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::{c, skip};

fn folder() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/man/man3"))
}

fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("build.rs wrote the pages");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("a page").path()).collect();
    pages.sort();
    pages
}

/// Returns a page as a terminal of 100 columns shows it, and fails if `man` has a warning.
fn rendered(page: &Path) -> String {
    let mut man = c::command("man");
    man.env("MANROFFSEQ", "").env("MANWIDTH", "100").env("LC_ALL", "C.UTF-8");
    man.args(["--warnings", "-E", "UTF-8", "-Tutf8", "-l"]).arg(page);
    let output = man.output().expect("man runs");
    let warnings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && warnings.is_empty(), "{}: {warnings}", page.display());
    let text = String::from_utf8(output.stdout).expect("man prints UTF-8");
    // Bold and underlined characters are overstruck.
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\u{8}' {
            plain.pop();
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Whether there is a `man` that renders pages. Container images often have a script in its place.
fn has_man() -> bool {
    let has_man = c::is_installed("groff")
        && c::command("man")
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success() && String::from_utf8_lossy(&output.stdout).starts_with("man "));
    if !has_man {
        skip("no man-db with groff in PATH", "the man pages are not rendered");
    }
    has_man
}

#[test]
fn the_library_and_each_function_have_a_page() {
    let names = pages().into_iter().map(|page| page.file_stem().expect("a name").to_string_lossy().into_owned());
    let mut wanted: BTreeSet<String> = c::declared_functions();
    wanted.insert("apideck_vault".into());
    assert_eq!(names.collect::<BTreeSet<String>>(), wanted);
}

#[test]
fn man_renders_each_page_without_a_warning() {
    if !has_man() {
        return;
    }
    for page in pages() {
        let name = page.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = rendered(&page).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("NAME {name} - ")), "{name} has no summary: {text}");
        let refers_to_header = name != "apideck_vault" && text.contains(" above");
        assert!(!refers_to_header, "{name} says above of what is in another page: {text}");
    }
}

#[test]
fn the_pages_hold_the_text_of_the_header() {
    if !has_man() {
        return;
    }
    let overview = rendered(&folder().join("apideck_vault.3"));
    for part in [
        "\nCONFIGURATION\n",
        "timeout_ms (integer, default 30000)",
        "\n       APIDECK_VAULT_CONFLICT (15)\n",
        "typedef uint64_t apideck_vault_client;",
        "apideck_vault_connections_list(client, \"{\\\"api\\\":\\\"crm\\\"}\", 0, &status);",
    ] {
        assert!(overview.contains(part), "{part:?} is not in {overview}");
    }
    let update = rendered(&folder().join("apideck_vault_connections_update.3"));
    for part in [
        "#include <apideck_vault.h>",
        "char *apideck_vault_connections_update(apideck_vault_client client,",
        "PATCH /vault/connections/{unified_api}/{service_id}",
        "\"service_id\" (string, required): The service.",
        "see RESPONSES in apideck_vault(3)",
        "{\"service_id\":\"salesforce\",\"unified_api\":\"crm\",\"connection\":",
    ] {
        assert!(update.contains(part), "{part:?} is not in {update}");
    }
}

#[test]
fn mandoc_finds_no_mistake() {
    if !c::is_installed("mandoc") {
        return skip("no mandoc in PATH", "the man pages are not checked with it");
    }
    let output = c::command("mandoc").args(["-Tlint", "-W", "warning"]).args(pages()).output().expect("mandoc runs");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    // The pages have no date, so that a build gives the same bytes on any day.
    let mistakes: Vec<&str> = found.lines().filter(|line| !line.contains("missing date")).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}
