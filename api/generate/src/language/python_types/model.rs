//! The types of the description as models of Python.

use crate::description::{Description, Expression, Field, Type, Union};

/// A type as Python has it: the body of an envelope has its members written out.
pub struct Model {
    pub name: String,
    pub doc: String,
    pub open: bool,
    /// The module and the name of the base class, if it is written by hand.
    pub base: Option<(String, String)>,
    pub request: bool,
    /// Whether the type is the body of an error with an exception of its own.
    pub is_of_exception: bool,
    pub identifying: Vec<String>,
    pub fields: Vec<(String, Member)>,
}

/// A member of a model.
pub struct Member {
    pub of: Expression,
    pub doc: String,
    pub required: bool,
    pub secret: bool,
    pub default: Option<String>,
    /// The name in JSON, if it is not that of the attribute.
    pub key: Option<&'static str>,
    /// Another name of the type in Python.
    pub named: Option<String>,
    /// The type of the value in Python where it is an object.
    pub object: Option<String>,
}

impl Member {
    fn new(of: &str, doc: &str, required: bool) -> Member {
        let of = Expression::parse(of);
        let doc = doc.to_string();
        Member { of, doc, required, secret: false, default: None, key: None, named: None, object: None }
    }

    fn of_field(field: &Field) -> Member {
        let mut member = Member::new(&field.r#type, &field.doc, field.required);
        member.secret = field.secret;
        member.default = field.default.as_ref().map(python_value);
        member
    }
}

/// A type of the description as a model. The body of a response has members that the description does not repeat.
pub fn of_type(item: &Type) -> Model {
    let mut fields: Vec<(String, Member)> =
        item.fields.iter().map(|(name, field)| (name.clone(), Member::of_field(field))).collect();
    if let Some(data) = &item.envelope {
        fields.push(("status_code".into(), Member::new("integer", "The HTTP status.", true)));
        fields.push(("status".into(), Member::new("string", "The HTTP status in words.", true)));
        let doc = if data.starts_with('[') { "The items of the page." } else { "The object that was requested." };
        fields.push(("data".into(), Member::new(data, doc, true)));
        if item.meta {
            fields.push(("meta".into(), Member::new("Meta", "Facts about the response.", false)));
        }
        if item.links {
            fields.push(("links".into(), Member::new("Links", "The URLs of the neighbouring pages.", false)));
        }
        let doc = "The response of the service itself, if it was requested.";
        fields.push(("raw".into(), Member { key: Some("_raw"), ..Member::new("object | null", doc, false) }));
    }
    Model {
        name: item.name.clone(),
        doc: item.doc.clone(),
        open: item.open,
        base: item.python_base.as_ref().and_then(|base| base.split_once('.')).map(|(m, c)| (m.into(), c.into())),
        request: item.request,
        is_of_exception: false,
        identifying: item.identifying.clone(),
        fields,
    }
}

/// The bodies of the documented errors, and of every other error.
pub fn error_types(description: &Description) -> Vec<Model> {
    let error = &description.error;
    let mut types: Vec<Model> = error.r#type.iter().chain(&error.python_type).map(of_type).collect();
    let body = |name: String, doc: String| Model {
        name,
        doc,
        open: false,
        base: None,
        request: false,
        is_of_exception: true,
        identifying: Vec::new(),
        fields: error.fields.iter().map(|(name, field)| (name.clone(), Member::of_field(field))).collect(),
    };
    for status in &description.statuses {
        let (Some(exception), Some(http)) = (&status.exception, status.http) else { continue };
        let mut item = body(format!("{exception}Data"), format!("The body of a response with HTTP status {http}."));
        for (name, field) in &status.fields {
            match item.fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, member)) => *member = Member::of_field(field),
                None => item.fields.push((name.clone(), Member::of_field(field))),
            }
        }
        for (_, member) in item.fields.iter_mut().filter(|(_, member)| member.of.name() == Some("Detail")) {
            member.named = Some(format!("{exception}Detail"));
            member.object = status.python_detail.clone();
        }
        types.push(item);
    }
    let doc = "The body of an error that has no type of its own.";
    types.push(Model { is_of_exception: false, ..body("UnexpectedErrorResponse".into(), doc.into()) });
    types
}

/// Sorts types so that none names a later one.
pub fn sorted(mut types: Vec<Model>, description: &Description) -> Vec<Model> {
    let needs = |item: &Model| -> Vec<String> {
        let mut names = Vec::new();
        for (_, member) in &item.fields {
            let name = member.of.name().map(str::to_string);
            for name in name.into_iter().chain(member.object.clone()) {
                match description.find_union(&name) {
                    Some(union) => names.extend(alternatives(union)),
                    None => names.push(name),
                }
            }
        }
        names
    };
    let mut sorted: Vec<Model> = Vec::new();
    while !types.is_empty() {
        let is_free = |item: &Model| !types.iter().any(|other| needs(item).contains(&other.name));
        let index = types.iter().position(is_free).unwrap_or_default();
        sorted.push(types.remove(index));
    }
    sorted
}

/// The models that a union can be.
pub fn alternatives(union: &Union) -> Vec<String> {
    let of = union.of.iter().chain(union.variants.values());
    of.filter_map(|text| Expression::parse(text).name().map(str::to_string)).collect()
}

/// A default of the description as a Python expression.
fn python_value(value: &toml::Value) -> String {
    match value {
        toml::Value::Boolean(true) => "True".into(),
        toml::Value::Boolean(false) => "False".into(),
        toml::Value::String(text) => format!("{text:?}"),
        toml::Value::Integer(number) => number.to_string(),
        other => unreachable!("{other:?} is no default"),
    }
}
