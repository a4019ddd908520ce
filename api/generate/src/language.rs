//! What each language prints: its templates, and the description in its names and expressions.

use minijinja::value::Value;

use crate::description::Description;

mod c;
pub mod documents;
mod go_operations;
mod go_types;
mod go_words;
mod python_operations;
mod python_types;
mod python_words;
mod rust;

/// The generated files of one language.
pub struct Language {
    /// Each generated file and its template, relative to the checkout and to `templates/`.
    pub templates: &'static [(&'static str, &'static str)],
    /// Returns what the templates print.
    pub values: fn(&Description) -> Value,
}

/// Every language.
pub const ALL: &[Language] = &[
    Language { templates: rust::TEMPLATES, values: rust::values },
    Language { templates: go_operations::TEMPLATES, values: go_operations::values },
    Language { templates: go_types::TEMPLATES, values: go_types::values },
    Language { templates: c::TEMPLATES, values: c::values },
    Language { templates: python_operations::TEMPLATES, values: python_operations::values },
    Language { templates: python_types::TEMPLATES, values: python_types::values },
];
