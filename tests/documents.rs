//! The Markdown documents: their links lead somewhere, and the README shows what the quickstart prints.

mod support;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use support::{c, files, root};

/// The documents of the checkout.
fn documents() -> Vec<PathBuf> {
    let documents = files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents.map(|path| root().join(path)).collect()
}

/// The anchors of a document's headings, spelled as code hosts spell them.
fn anchors(text: &str) -> Vec<String> {
    let (mut anchors, mut heading) = (Vec::new(), None::<String>);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(title)) => {
                let kept = |c: &char| c.is_alphanumeric() || ['-', '_', ' '].contains(c);
                anchors.push(title.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"));
                heading = None;
            }
            (Event::Text(part) | Event::Code(part), Some(title)) => title.push_str(&part),
            _ => {}
        }
    }
    anchors
}

#[test]
fn every_link_to_a_file_or_heading_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() >= 10, "{documents:?}");
    let texts: HashMap<&PathBuf, String> =
        documents.iter().map(|path| (path, std::fs::read_to_string(path).expect("a document is UTF-8"))).collect();
    let mut broken = Vec::new();
    for (path, text) in &texts {
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
            if dest_url.contains("://") || dest_url.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let mut target = path.parent().expect("a document is in a folder").join(file);
            if file.is_empty() {
                target.clone_from(path);
            } else if target.is_dir() && !anchor.is_empty() {
                target.push("README.md");
            }
            let has_anchor = || {
                std::fs::read_to_string(&target).is_ok_and(|text| anchors(&text).iter().any(|known| known == anchor))
            };
            if !target.exists() || !anchor.is_empty() && !has_anchor() {
                broken.push(format!("{}: {dest_url}", path.strip_prefix(root()).unwrap_or(path).display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

/// The text with `PORT` for the port that the system chose.
fn without_port(text: &str) -> String {
    let mut parts = text.trim().split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| text + "127.0.0.1:PORT" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn the_readme_shows_what_the_quickstart_prints() {
    let mut quickstart = Command::new(env!("CARGO"));
    quickstart.args(["run", "--quiet", "--locked", "--example", "quickstart"]).current_dir(root());
    let printed = c::run(&mut quickstart);
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    let shown =
        readme.split_once("makes all six calls to it:\n\n```console\n").and_then(|(_, text)| text.split_once("```"));
    let (shown, _) = shown.expect("the README shows what the quickstart prints");
    assert_eq!(without_port(shown), without_port(&printed));
}
