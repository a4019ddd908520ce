//! Rust: the configuration keys.

use minijinja::context;
use minijinja::value::Value;

use crate::description::{Description, Expression, Key, Scalar, json_of};
use crate::names::pascal;

/// The configuration keys. Each has a constant that describes it if a template can read it by its kind, and a field for
/// its value if it belongs to a client alone.
pub fn keys(description: &Description) -> Vec<Value> {
    description.configuration.iter().map(key).collect()
}

/// The objects among the keys, with the names of their keys.
pub fn objects(description: &Description) -> Vec<Value> {
    description
        .configuration
        .iter()
        .map(|item| (item, members(description, item)))
        .filter(|(_, members)| !members.is_empty())
        .map(|(item, members)| context! { name => item.name, constant => key_constant(item), members })
        .collect()
}

fn key(key: &Key) -> Value {
    let constant = key_constant(key);
    let is_duration = key.unit.as_deref() == Some("milliseconds");
    let default = key.default.as_ref().map(json_of);
    let choice = (!key.values.is_empty()).then(|| pascal(&key.name.replace('.', "_")));
    let text = |value: Option<&String>| value.map_or("None".to_string(), |value| format!("Some({value})"));
    let described = match (Expression::parse(&key.r#type), &choice) {
        (Expression::Scalar(Scalar::String), Some(choice)) => {
            let value = |value: &String| format!("({value:?}, {choice}::{})", pascal(value));
            let values: Vec<String> = key.values.iter().map(value).collect();
            let default = pascal(default.as_deref().unwrap_or_default().trim_matches('"'));
            let fields = format!("values: &[{}], default: {choice}::{default}", values.join(", "));
            Some((format!("Choice<{choice}>"), format!("Choice {{ name: {:?}, {fields} }}", key.name)))
        }
        (Expression::Scalar(Scalar::String), None) => {
            let environment = key.environment.as_ref().map(|name| format!("{name:?}"));
            let fields = format!("environment: {}, default: {}", text(environment.as_ref()), text(default.as_ref()));
            Some(("Text".into(), format!("Text {{ name: {:?}, {fields} }}", key.name)))
        }
        (Expression::Scalar(Scalar::Boolean), _) => default
            .as_ref()
            .map(|default| ("Switch".into(), format!("Switch {{ name: {:?}, default: {default} }}", key.name))),
        (Expression::Scalar(kind @ (Scalar::Integer | Scalar::Number)), _) => {
            let least = key.minimum.unwrap_or_default();
            let (most, default) = (key.maximum.unwrap_or(i64::MAX), default.clone().unwrap_or_default());
            let unit = key.unit.as_deref().unwrap_or_default();
            Some(match kind {
                Scalar::Integer => {
                    let fields = format!("unit: {unit:?}, least: {least}, most: {most}, default: {default}");
                    ("Whole".into(), format!("Whole {{ name: {:?}, {fields} }}", key.name))
                }
                _ => {
                    let fields = format!("least: {least}.0, most: {most}.0, default: {default}");
                    ("Real".into(), format!("Real {{ name: {:?}, {fields} }}", key.name))
                }
            })
        }
        _ => None,
    };
    let kind = described.as_ref().map(|(kind, _)| kind.clone());
    let is_plain = described.is_some() && !key.request && !key.name.contains('.');
    let (field_type, field_default, field_read) = match kind.as_deref() {
        Some("Text") => ("Option<String>".into(), "None".into(), format!("Some({constant}.read(value)?.into_owned())")),
        Some("Whole") if is_duration => {
            ("Duration".into(), format!("{constant}.default_duration()"), format!("{constant}.read_duration(value)?"))
        }
        Some("Whole") => ("u64".into(), format!("{constant}.default"), format!("{constant}.read(value)?")),
        Some("Real") => ("f64".into(), format!("{constant}.default"), format!("{constant}.read(value)?")),
        Some("Switch") => ("bool".into(), format!("{constant}.default"), format!("{constant}.read(value)?")),
        _ => (choice.clone().unwrap_or_default(), format!("{constant}.default"), format!("{constant}.read(value)?")),
    };
    let values: Vec<Value> =
        key.values.iter().map(|value| context! { name => value, variant => pascal(value) }).collect();
    context! {
        name => key.name, request => key.request, doc => key.doc, constant, choice, values, kind,
        rust => described.map(|(_, rust)| rust),
        field => is_plain.then(|| key.name.trim_end_matches("_ms")),
        field_type, field_default, field_read,
    }
}

/// The name of a key's constant: `retries.max_attempts` -> `RETRIES_MAX_ATTEMPTS`.
fn key_constant(key: &Key) -> String {
    key.name.replace('.', "_").to_uppercase()
}

/// The names of the keys that a key's object has.
fn members(description: &Description, object: &Key) -> Vec<String> {
    let member = |key: &Key| match key.name.rsplit_once('.') {
        Some((inside, name)) if inside == object.name => Some(name.to_string()),
        _ => None,
    };
    description.configuration.iter().filter_map(member).collect()
}
