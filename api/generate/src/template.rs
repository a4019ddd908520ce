//! The template engine, with the filters that the templates use.

use std::path::Path;

use minijinja::{Environment, UndefinedBehavior};

/// Returns an engine that reads templates from `folder`. A template that prints an undefined value fails.
pub fn engine(folder: &Path) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.add_filter("wrap", wrap);
    environment.add_filter("quote", |text: String| format!("{text:?}"));
    environment.set_loader(minijinja::path_loader(folder));
    environment
}

/// Breaks `text` into lines of at most `width` characters that begin with `prefix`. Lines after the first begin with
/// `next_prefix`, if it is given.
fn wrap(text: String, prefix: String, width: usize, next_prefix: Option<String>) -> String {
    let options = textwrap::Options::new(width)
        .initial_indent(&prefix)
        .subsequent_indent(next_prefix.as_deref().unwrap_or(&prefix))
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&text, options)
}
