//! C: the preface of the header. The functions follow from the Rust functions, see `build.rs`.

use minijinja::context;
use minijinja::value::Value;

use crate::description::{Description, Expression, Key, Operation, json_of};

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[("src/ffi/preface.h", "c/preface.h.jinja")];

/// The operations that come first. Most programs need no other.
const MAIN: usize = 6;

/// What the template prints.
pub fn values(description: &Description) -> Value {
    let functions: Vec<String> = description.operations.iter().map(function).collect();
    let widest = functions.iter().map(String::len).max().unwrap_or_default();
    let operations: Vec<Value> = description
        .operations
        .iter()
        .zip(&functions)
        .enumerate()
        .map(|(index, (operation, function))| {
            context! {
                is_main => index < MAIN,
                function_column => format!("{function:widest$}"),
                http_method_column => format!("{:6}", operation.http_method()),
                path => operation.path(),
            }
        })
        .collect();
    let keys: Vec<Value> = description.configuration.iter().map(|item| key(description, item)).collect();
    let request_keys: Vec<&str> =
        description.configuration.iter().filter(|key| key.request).map(|key| key.name.as_str()).collect();
    let actions: Vec<Value> = description
        .find_enum("HealthAction")
        .into_iter()
        .flat_map(|item| item.documented_values().map(|(name, doc)| context! { name, who => item.who[name], doc }))
        .collect();
    context! { operations, keys, request_keys, actions }
}

fn function(operation: &Operation) -> String {
    format!("apideck_vault_{}_{}", operation.group, operation.method)
}

/// A key with what a reader needs to know of its value; the keys of an object are indented below it.
fn key(description: &Description, key: &Key) -> Value {
    let mut facts = vec![Expression::parse(&key.r#type).in_words(description)];
    if !key.values.is_empty() {
        let values: Vec<String> = key.values.iter().map(|value| format!("{value:?}")).collect();
        facts = vec![values.join(" or ")];
    }
    if let Some(unit) = key.unit.as_ref().filter(|_| !key.name.ends_with("_ms") && !key.name.contains("_bytes")) {
        facts.push(unit.clone());
    }
    if key.required {
        facts.push("required".into());
    }
    facts.extend(key.environment.as_ref().map(|name| format!("or environment {name}")));
    facts.extend(key.default.as_ref().map(json_of).map(|value| format!("default {value}")));
    let (name, depth) = match key.name.rsplit_once('.') {
        Some((object, name)) => (name, object.split('.').count()),
        None => (key.name.as_str(), 0),
    };
    context! { name, facts => facts.join(", "), doc => key.doc, indent => "    ".repeat(depth) }
}
