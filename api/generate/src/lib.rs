//! Description of the API (`api/*.toml`) -> the files that follow from it.
//!
//! 1. `description`  reads the TOML files and checks that every name they use exists
//! 2. `language`     turns the description into what the templates of a language print
//! 3. `templates/`   one template per generated file
//! 4. `marker`       replaces the tables that stand between markers in the documents
//! 5. `format`       passes the result through the formatter of its language
//!
//! Adding an operation or a field needs no change here.

mod description;
mod format;
mod language;
mod marker;
mod names;
mod template;

use std::path::Path;

use minijinja::context;
use minijinja::value::Value;

pub use description::Description;

/// Stands in the path of a file that is written for each group of operations. Its template gets the name as `group`.
const GROUP: &str = "{group}";

/// Stands in the path of a file that is written for each Python module of the types. Its template gets the name as
/// `module`.
const MODULE: &str = "{module}";

/// A generated file.
pub struct File {
    /// Relative to the checkout.
    pub path: String,
    pub text: String,
}

/// Every generated file, with the text that belongs in it.
///
/// # Errors
///
/// Returns a sentence for the author of the description if it cannot be read or contradicts itself.
pub fn files(root: &Path) -> Result<Vec<File>, String> {
    let description = Description::read(&root.join("api"))?;
    let engine = template::engine(&root.join("api/generate/templates"));
    let mut files = Vec::new();
    for language in language::ALL {
        let values = (language.values)(&description);
        for (path, template) in language.templates {
            let render = |values: &Value| {
                let text = engine.get_template(template).and_then(|template| template.render(values));
                text.map_err(|error| format!("{template}: {error:#}"))
            };
            // The names that stand in the path, each with the value that the template gets.
            let parts: Vec<(&str, &str, String, &str)> = if path.contains(GROUP) {
                let groups = description.groups.iter();
                groups.map(|group| (GROUP, "group", group.name.replace('_', ""), group.name.as_str())).collect()
            } else if path.contains(MODULE) {
                description.modules().into_iter().map(|name| (MODULE, "module", name.to_string(), name)).collect()
            } else {
                files.push(File { path: (*path).to_string(), text: format::format(root, path, render(&values)?)? });
                continue;
            };
            for (placeholder, key, in_path, name) in parts {
                let path = path.replace(placeholder, &in_path);
                let named = Value::from_iter([(key, name)]);
                let text = format::format(root, &path, render(&context! { ..named, ..values.clone() })?)?;
                files.push(File { path, text });
            }
        }
    }
    files.extend(documents(root, &description, &engine)?);
    Ok(files)
}

/// The Markdown files of the checkout that have a generated table.
fn documents(root: &Path, description: &Description, engine: &minijinja::Environment) -> Result<Vec<File>, String> {
    let values = language::documents::values(description);
    let mut files = Vec::new();
    for path in marker::documents(root)? {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        let tables = |name: &str| {
            let (_, template) = language::documents::TABLES.iter().find(|(known, _)| *known == name)?;
            Some(engine.get_template(template).and_then(|template| template.render(&values)))
        };
        if let Some(text) = marker::replace(&text, tables).map_err(|problem| format!("{path}: {problem}"))? {
            files.push(File { path, text });
        }
    }
    Ok(files)
}

/// The files whose text in the checkout is not the generated one.
pub fn stale<'a>(root: &Path, files: &'a [File]) -> Vec<&'a File> {
    files
        .iter()
        .filter(|file| std::fs::read_to_string(root.join(&file.path)).ok().as_deref() != Some(&file.text))
        .collect()
}
