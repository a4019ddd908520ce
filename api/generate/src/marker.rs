//! Generated text inside documents that are written by hand.
//!
//! A document asks for a table with two lines, and the generator replaces what is between them:
//!
//! ```text
//! <!-- generated: operations -->
//! <!-- end -->
//! ```

use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- generated: ";
const BEGIN_END: &str = " -->";
const END: &str = "<!-- end -->";

/// The Markdown files below `root`, as paths relative to it, in the order of their names.
///
/// # Errors
///
/// Returns a sentence if a folder cannot be read.
pub fn documents(root: &Path) -> Result<Vec<String>, String> {
    let (mut found, mut open) = (Vec::new(), vec![String::new()]);
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(root.join(&folder)).map_err(|error| format!("{folder}: {error}"))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !name.starts_with('.') && name != "target" && name != "node_modules" {
                open.push(path);
            } else if !is_folder && name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Replaces what is between the markers of `text` by what `table` returns for their names. Returns `None` if there is
/// no marker.
///
/// # Errors
///
/// Returns a sentence if a marker has no end, if `table` does not know its name, or if the table cannot be made.
pub fn replace<E: std::fmt::Display>(
    text: &str,
    table: impl Fn(&str) -> Option<Result<String, E>>,
) -> Result<Option<String>, String> {
    let mut replaced = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n');
    let mut has_marker = false;
    while let Some(line) = lines.next() {
        replaced.push_str(line);
        let Some(name) = line.trim_end().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(BEGIN_END)) else {
            continue;
        };
        has_marker = true;
        let made = table(name).ok_or_else(|| format!("there is no table {name:?}"))?;
        replaced.push_str(made.map_err(|error| format!("{name}: {error:#}"))?.trim_end());
        replaced.push('\n');
        let end = lines.find(|line| line.trim_end() == END);
        replaced.push_str(end.ok_or_else(|| format!("the table {name:?} has no line {END}"))?);
    }
    Ok(has_marker.then_some(replaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Option<Result<String, String>> {
        match name {
            "letters" => Some(Ok("| a |\n| b |\n".into())),
            "broken" => Some(Err("no template".into())),
            _ => None,
        }
    }

    #[test]
    fn the_text_between_markers_is_replaced_and_the_rest_stays() {
        let text = "# A\n\n<!-- generated: letters -->\nold\nolder\n<!-- end -->\n\nB\n";
        let wanted = "# A\n\n<!-- generated: letters -->\n| a |\n| b |\n<!-- end -->\n\nB\n";
        assert_eq!(replace(text, table).unwrap().unwrap(), wanted);
        assert_eq!(replace(wanted, table).unwrap().unwrap(), wanted);
    }

    #[test]
    fn a_document_without_a_marker_is_none_of_ours() {
        assert_eq!(replace("Write `<!-- generated: letters -->` and `<!-- end -->`.\n", table), Ok(None));
    }

    #[test]
    fn a_marker_that_cannot_be_replaced_is_named() {
        let problem = |text: &str| replace(text, table).unwrap_err();
        assert_eq!(problem("<!-- generated: digits -->\n<!-- end -->\n"), "there is no table \"digits\"");
        assert_eq!(problem("<!-- generated: letters -->\n"), "the table \"letters\" has no line <!-- end -->");
        assert_eq!(problem("<!-- generated: broken -->\n<!-- end -->\n"), "broken: no template");
    }
}
