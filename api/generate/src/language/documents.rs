//! Markdown: the tables of the documents. `marker` explains how a document asks for one.

use minijinja::context;
use minijinja::value::Value;

use crate::description::{Description, Expression, Key, Operation, json_of};

/// The name of each table and its template.
pub const TABLES: &[(&str, &str)] = &[
    ("operations", "documents/operations.md.jinja"),
    ("configuration", "documents/configuration.md.jinja"),
    ("statuses", "documents/statuses.md.jinja"),
    ("health actions", "documents/health_actions.md.jinja"),
    ("events", "documents/events.md.jinja"),
];

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let operations: Vec<Value> = description.operations.iter().map(operation).collect();
    let keys: Vec<Value> = description.configuration.iter().map(|item| key(description, item)).collect();
    let statuses: Vec<Value> = description
        .statuses
        .iter()
        .map(|status| context! { name => status.name, number => status.number, doc => cell(&status.doc) })
        .collect();
    let actions: Vec<Value> = description
        .find_enum("HealthAction")
        .into_iter()
        .flat_map(|item| {
            item.values.iter().map(|(name, doc)| {
                context! { name, when => cell(doc), who => cell(&item.who[name]), steps => cell(&item.steps[name]) }
            })
        })
        .collect();
    let events = description.events().into_iter();
    let events: Vec<Value> = events.map(|(value, name, doc)| context! { value, name, doc => cell(doc) }).collect();
    context! { operations, keys, statuses, actions, events }
}

fn operation(operation: &Operation) -> Value {
    let keys: Vec<String> = operation
        .parameters
        .iter()
        .map(|parameter| format!("`{}`{}", parameter.name, if parameter.required { "" } else { " (optional)" }))
        .collect();
    context! { name => operation.name(), http => operation.http, keys => keys.join(", "), summary => cell(&operation.summary) }
}

fn key(description: &Description, key: &Key) -> Value {
    let mut kind = Expression::parse(&key.r#type).in_words(description);
    if !key.values.is_empty() {
        let values: Vec<String> = key.values.iter().map(|value| format!("`\"{value}\"`")).collect();
        kind = values.join(" or ");
    }
    let default = match (key.default.as_ref().map(json_of), key.required) {
        (Some(value), _) => format!("`{value}`"),
        (None, true) => "required".into(),
        (None, false) => String::new(),
    };
    context! {
        name => key.name, kind, default, doc => cell(&key.doc),
        environment => key.environment.as_ref().map(|name| format!("`{name}`")).unwrap_or_default(),
        request => key.request,
    }
}

/// Text as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
