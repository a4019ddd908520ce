//! Go: the methods of each group, the types of their requests and results, the statuses, and the error types.
//!
//! The names and the order of parameters are those of the official Go SDK. It passes up to four parameters one by one,
//! the required ones first, and more of them as a struct. The consumer and the application count as parameters.

use minijinja::context;
use minijinja::value::Value;

use crate::description::{Consumer, Description, Expression, Field, Operation, Parameter, Place, Scalar, Status};
use crate::language::go_words::{describe, exported, plain, unexported};

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("bindings/go/operations_gen.go", "go/client.go.jinja"),
    ("bindings/go/calls_gen_test.go", "go/calls_test.go.jinja"),
    ("bindings/go/errors_gen.go", "go/errors.go.jinja"),
    ("bindings/go/models/operations/operations_gen.go", "go/operations.go.jinja"),
    ("bindings/go/models/apierrors/responses_gen.go", "go/apierrors.go.jinja"),
    ("bindings/go/internal/native/statuses_gen.go", "go/statuses.go.jinja"),
    ("bindings/go/internal/native/statuses_gen_test.go", "go/statuses_test.go.jinja"),
];

/// How many parameters a method takes one by one.
const MOST_ARGUMENTS: usize = 4;

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for operation in &description.operations {
        if !names.contains(&operation.group.as_str()) {
            names.push(&operation.group);
        }
    }
    let groups: Vec<Value> = names
        .iter()
        .map(|name| {
            let operations = description.operations.iter().filter(|operation| operation.group == *name);
            let operations: Vec<Value> = operations.map(operation).collect();
            context! { name, go => exported(name), operations }
        })
        .collect();
    let statuses: Vec<Value> = description
        .statuses
        .iter()
        .map(|status| context! { name => status.name, go => status_name(&status.name), number => status.number, doc => plain(&status.doc) })
        .collect();
    context! { groups, statuses, errors => errors(description), error_types => error_types(description) }
}

fn operation(operation: &Operation) -> Value {
    let arguments = arguments(operation);
    let takes_struct = arguments.len() > MOST_ARGUMENTS;
    let mut positional: Vec<&Argument> = arguments.iter().filter(|argument| argument.required).collect();
    positional.extend(arguments.iter().filter(|argument| !argument.required));
    let sends = arguments.iter().filter(|argument| !argument.write.is_empty());
    let consumer = match operation.consumer {
        Consumer::Required => "consumerRequired",
        Consumer::Optional => "consumerOptional",
        Consumer::None => "consumerNone",
    };
    context! {
        name => operation.name(),
        variable => unexported(&format!("{}{}", exported(&operation.group), exported(&operation.method))),
        group => exported(&operation.group),
        method => exported(&operation.method),
        summary => sentence_after(&exported(&operation.method), &operation.summary),
        details => operation.details.as_deref().map(plain),
        title => operation.title,
        http => operation.http,
        consumer,
        has_consumer => operation.consumer != Consumer::None,
        response => operation.response,
        pages => operation.pages,
        example => operation.example,
        request_type => takes_struct.then(|| format!("{}Request", operation.sdk)),
        response_type => format!("{}Response", operation.sdk),
        body_type => has_empty_body(operation).then(|| format!("{}RequestBody", operation.sdk)),
        fields => arguments.iter().map(Argument::value).collect::<Vec<Value>>(),
        positional => positional.iter().map(|argument| argument.value()).collect::<Vec<Value>>(),
        sends => sends.map(Argument::value).collect::<Vec<Value>>(),
    }
}

/// A parameter of a method, or a field of its request struct.
struct Argument {
    key: String,
    /// The name of the field.
    field: String,
    go_type: String,
    required: bool,
    /// The method of the request that writes the value. Empty if the value is not written by the generated code.
    write: &'static str,
    doc: String,
}

impl Argument {
    fn value(&self) -> Value {
        context! {
            key => self.key, field => self.field, name => unexported(&self.field), type => self.go_type,
            required => self.required, write => self.write, doc => self.doc, field_doc => describe(&self.field, &self.doc),
            // A struct is written as it is; writers of scalars take the value that the pointer has.
            value_prefix => if self.required || self.write == "any" { "" } else { "*" },
        }
    }
}

/// The parameters in the order of the official SDK: first the headers, then the parameters of the path and the query as
/// they are described, then the body.
fn arguments(operation: &Operation) -> Vec<Argument> {
    let header = |key: &str, doc: &str| Argument {
        key: key.into(),
        field: exported(key),
        go_type: "*string".into(),
        required: false,
        write: "",
        doc: doc.into(),
    };
    let mut arguments = Vec::new();
    match operation.consumer {
        Consumer::Required => arguments.push(header("consumer_id", "The consumer. Nil is the client's own.")),
        Consumer::Optional => {
            arguments
                .push(header("consumer_id", "The consumer. Nil is the client's own, and an empty string is none."));
        }
        Consumer::None => {}
    }
    arguments.push(header("app_id", "The Unify application. Nil is the client's own."));
    arguments.extend(operation.parameters.iter().map(argument));
    if has_empty_body(operation) {
        arguments.push(Argument {
            key: String::new(),
            field: "RequestBody".into(),
            go_type: format!("*{}RequestBody", operation.sdk),
            required: false,
            write: "",
            doc: "The body, which is always an empty object. Nil sends it too.".into(),
        });
    }
    arguments
}

fn argument(parameter: &Parameter) -> Argument {
    let mut expression = Expression::parse(&parameter.r#type);
    if let Expression::Nullable(inner) = expression {
        expression = *inner;
    }
    let (go_type, write) = match &expression {
        Expression::Scalar(Scalar::Boolean) => ("bool".to_string(), "bool"),
        Expression::Scalar(Scalar::Integer) => ("int64".to_string(), "int"),
        Expression::Named(name) => (format!("components.{name}"), "any"),
        _ => ("string".to_string(), "string"),
    };
    // The SDK names a body after its type, whose name in a request may end with `Input`.
    let field = match (parameter.r#in, expression.name()) {
        (Place::Body, Some(name)) => name.strip_suffix("Input").unwrap_or(name).to_string(),
        _ => exported(&parameter.name),
    };
    Argument {
        key: parameter.name.clone(),
        field,
        go_type: if parameter.required { go_type } else { format!("*{go_type}") },
        required: parameter.required,
        write,
        doc: plain(&parameter.doc),
    }
}

/// Whether the operation sends `{}`: the SDK has a type without fields for such a body.
fn has_empty_body(operation: &Operation) -> bool {
    operation.http_method() == "POST" && operation.body().is_none()
}

/// The error types, in the order of their statuses.
fn errors(description: &Description) -> Vec<Value> {
    let own: Vec<&Status> =
        description.statuses.iter().filter(|status| status.exception.is_some() && status.go_error.is_none()).collect();
    own.iter()
        .enumerate()
        .map(|(index, status)| {
            let name = status.exception.clone().unwrap_or_default();
            let mut fields: Vec<(&String, &Field)> = description.error.fields.iter().collect();
            for (key, field) in &status.fields {
                match fields.iter_mut().find(|(known, _)| *known == key) {
                    Some(known) => known.1 = field,
                    None => fields.push((key, field)),
                }
            }
            // The SDK gives a union of the first error its plain name, and the others the error's name before it.
            let prefix = if index == 0 { "" } else { &name };
            let unions: Vec<Value> = fields
                .iter()
                .filter_map(|(_, field)| {
                    let expression = Expression::parse(&field.r#type);
                    let union = description.find_union(expression.name()?)?;
                    let alternatives: Vec<Value> = union.of.iter().map(|text| alternative(text)).collect();
                    Some(context! { name => union.name, alias => format!("{prefix}{}", union.name), alternatives })
                })
                .collect();
            let fields: Vec<Value> =
                fields.iter().map(|(key, field)| error_field(description, prefix, key, field)).collect();
            context! { name, http => status.http, status => status_name(&status.name), fields, unions }
        })
        .collect()
}

/// The types that only errors have.
fn error_types(description: &Description) -> Vec<Value> {
    let types = description.error.r#type.iter();
    types
        .map(|item| {
            let fields = item.fields.iter();
            let fields: Vec<Value> = fields.map(|(key, field)| error_field(description, "", key, field)).collect();
            context! { name => item.name, doc => describe(&item.name, &item.doc), fields }
        })
        .collect()
}

fn error_field(description: &Description, prefix: &str, key: &str, field: &Field) -> Value {
    let (go_type, read) = match Expression::parse(&field.r#type) {
        Expression::Scalar(Scalar::Number) => ("*float64".to_string(), "s.Float64Pointer()".to_string()),
        Expression::Array(inner) => {
            let name = inner.name().unwrap_or_default().to_string();
            (format!("[]{name}"), format!("read{name}(s)"))
        }
        Expression::Named(name) if description.find_union(&name).is_some() => {
            (format!("*{prefix}{name}"), format!("read{name}(s)"))
        }
        _ => ("*string".to_string(), "s.StringPointer()".to_string()),
    };
    // Error is a method of every error.
    let name = if key == "error" { "Error_".to_string() } else { exported(key) };
    context! { key, name, type => go_type, read, doc => describe(&name, &field.doc) }
}

/// An alternative of a union, as the SDK names it.
fn alternative(text: &str) -> Value {
    match Expression::parse(text) {
        Expression::Scalar(Scalar::Object) => {
            context! { name => "MapOfAny", argument => "mapOfAny", type => "map[string]any", doc => "an object" }
        }
        _ => context! { name => "Str", argument => "str", type => "string", doc => "a string" },
    }
}

/// `NOT_FOUND` -> `NotFound`, `OK` -> `OK`
fn status_name(name: &str) -> String {
    if name == "OK" { name.to_string() } else { exported(&name.to_lowercase()) }
}

/// A sentence that begins with a verb, after the name that a Go comment begins with.
fn sentence_after(name: &str, sentence: &str) -> String {
    let first = sentence.get(..1).unwrap_or_default().to_lowercase();
    format!("{name} {first}{}", plain(sentence.get(1..).unwrap_or_default()))
}
