//! Rust: the operation table, the request types, the configuration keys, `Status`, and the C functions.

use minijinja::context;
use minijinja::value::Value;

use crate::description::{
    Consumer, Description, Enum, Expression, Operation, Parameter, Place, Resend, Scalar, Type, Union,
};
use crate::names::{constant, pascal};

mod options;

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("src/api.rs", "rust/api.rs.jinja"),
    ("src/health/action.rs", "rust/health_action.rs.jinja"),
    ("src/options.rs", "rust/options.rs.jinja"),
    ("src/status.rs", "rust/status.rs.jinja"),
    ("src/ffi/operations.rs", "rust/operations.rs.jinja"),
];

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let operations: Vec<Value> = description.operations.iter().map(|item| operation(description, item)).collect();
    let statuses: Vec<Value> = description
        .statuses
        .iter()
        .map(|status| {
            context! {
                name => status.name, number => status.number, http => status.http, retryable => status.retryable,
                exception => status.exception, doc => status.doc, variant => pascal(&status.name.to_lowercase()),
            }
        })
        .collect();
    let used = request_types(description);
    let types: Vec<Value> = description
        .types
        .iter()
        .filter(|item| used.contains(&item.name))
        .map(|item| context! { name => item.name, constant => constant(&item.name), rust => rust_object(description, item) })
        .collect();
    let unions: Vec<Value> = description
        .unions
        .iter()
        .filter(|item| used.contains(&item.name))
        .map(|item| context! { name => item.name, constant => constant(&item.name), rust => rust_union(description, item) })
        .collect();
    let actions = description.find_enum("HealthAction").into_iter().flat_map(Enum::documented_values);
    let actions: Vec<Value> = actions.map(|(name, doc)| context! { name, doc, variant => pascal(name) }).collect();
    let (keys, objects) = (options::keys(description), options::objects(description));
    context! { operations, statuses, types, unions, keys, objects, actions }
}

fn operation(description: &Description, operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation.parameters.iter().map(|item| parameter(description, item)).collect();
    context! {
        name => operation.name(),
        group => operation.group,
        method => operation.method,
        constant => operation.name().replace('.', "_").to_uppercase(),
        function => format!("apideck_vault_{}_{}", operation.group, operation.method),
        http_method => operation.http_method(),
        path => operation.path(),
        parts => path_parts(operation),
        title => operation.title,
        summary => operation.summary,
        details => operation.details,
        consumer => match operation.consumer {
            Consumer::Required => "Required",
            Consumer::Optional => "Optional",
            Consumer::None => "None",
        },
        resend => match operation.resend {
            Resend::Always => "IDEMPOTENT",
            Resend::Status => "AFTER_STATUS",
            Resend::Refused => "IF_NOT_ACTED_ON",
        },
        // A POST always has a body, if only an empty object.
        sends_empty_object =>
            (operation.http_method() == "POST" && operation.body().is_none_or(|body| !body.required)).to_string(),
        response => operation.response,
        pages => operation.pages,
        example => operation.example,
        parameters,
    }
}

fn parameter(description: &Description, parameter: &Parameter) -> Value {
    let expression = Expression::parse(&parameter.r#type);
    let fields: Vec<Value> = match (parameter.r#in, expression.name().and_then(|name| description.find_type(name))) {
        (Place::Body, Some(item)) => {
            item.fields.iter().map(|(name, field)| context! { name, required => field.required }).collect()
        }
        _ => Vec::new(),
    };
    context! {
        name => parameter.name,
        place => match parameter.r#in { Place::Path => "Path", Place::Query => "Query", Place::Body => "Body" },
        required => parameter.required.to_string(),
        rust => match (parameter.minimum, parameter.maximum) {
            (Some(least), Some(most)) => format!("Type::WholeNumber {{ least: {least}, most: {most} }}"),
            _ => rust_type(description, &expression),
        },
        kind => expression.in_words(description),
        example => parameter.example,
        doc => parameter.doc,
        fields,
    }
}

/// The path template as the parts of a Rust table.
fn path_parts(operation: &Operation) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = operation.path();
    while let Some((literal, after)) = rest.split_once('{') {
        parts.push(format!("Part::Literal({literal:?})"));
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let index = operation.parameters.iter().position(|parameter| parameter.name == name).unwrap_or_default();
        parts.push(format!("Part::Parameter({index})"));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(format!("Part::Literal({rest:?})"));
    }
    parts
}

/// The names of the types that a request can contain.
fn request_types(description: &Description) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<String> = description
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters)
        .filter_map(|parameter| Expression::parse(&parameter.r#type).name().map(str::to_string))
        .collect();
    while let Some(name) = open.pop() {
        if found.contains(&name) {
            continue;
        }
        let mut add = |text: &str| open.extend(Expression::parse(text).name().map(str::to_string));
        if let Some(item) = description.find_type(&name) {
            item.fields.values().for_each(|field| add(&field.r#type));
        }
        if let Some(item) = description.find_union(&name) {
            item.of.iter().chain(item.variants.values()).for_each(|text| add(text));
        }
        found.push(name);
    }
    found.retain(|name| !description.is_enum(name));
    found
}

fn rust_object(description: &Description, item: &Type) -> String {
    let fields: Vec<String> = item
        .fields
        .iter()
        .map(|(name, field)| {
            let make = if field.required { "required" } else { "optional" };
            format!("Field::{make}({name:?}, {})", rust_reference(description, &Expression::parse(&field.r#type)))
        })
        .collect();
    if fields.is_empty() { "Type::AnyObject".into() } else { format!("Type::Object(&[{}])", fields.join(", ")) }
}

fn rust_union(description: &Description, item: &Union) -> String {
    if let Some(tag) = &item.discriminator {
        let variants: Vec<String> =
            item.variants.iter().map(|(value, name)| format!("({value:?}, &{})", constant(name))).collect();
        return format!("Type::Tagged {{ tag: {tag:?}, variants: &[{}] }}", variants.join(", "));
    }
    // An integer is a number, and the alternatives differ in their JSON type.
    let of =
        item.of.iter().filter(|text| *text != "integer").map(|text| rust_type(description, &Expression::parse(text)));
    let of: Vec<String> = of.collect();
    format!("Type::OneOf(&[{}])", of.join(", "))
}

/// The type as a Rust expression.
fn rust_type(description: &Description, expression: &Expression) -> String {
    match expression {
        Expression::Scalar(Scalar::String | Scalar::DateTime) => "Type::String".into(),
        Expression::Scalar(Scalar::Integer) => "Type::Integer".into(),
        Expression::Scalar(Scalar::Number) => "Type::Number".into(),
        Expression::Scalar(Scalar::Boolean) => "Type::Boolean".into(),
        Expression::Scalar(Scalar::Object) => "Type::AnyObject".into(),
        Expression::Array(inner) => format!("Type::Array({})", rust_reference(description, inner)),
        Expression::MapOfMaps(inner) => format!("Type::Map(&Type::Map({}))", rust_reference(description, inner)),
        Expression::Nullable(inner) => format!("Type::Nullable({})", rust_reference(description, inner)),
        // The API may add values, so that an enum is checked as any string.
        Expression::Named(name) if description.is_enum(name) => "Type::String".into(),
        Expression::Named(name) => format!("Type::Named(&{})", constant(name)),
    }
}

fn rust_reference(description: &Description, expression: &Expression) -> String {
    match expression {
        Expression::Named(name) if !description.is_enum(name) => format!("&{}", constant(name)),
        other => format!("&{}", rust_type(description, other)),
    }
}
