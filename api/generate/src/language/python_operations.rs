//! Python: the methods of the operations, what they return, and the exceptions.

use std::collections::BTreeSet;

use minijinja::context;
use minijinja::value::Value;

use super::python_types::{imports, is_of_responses};
use super::python_words::{model, python_words, typed_dict};
use crate::description::{Consumer, Description, Expression, Field, Operation, Parameter, Place, Scalar, Status};
use crate::names::{pascal, snake};

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("bindings/python/src/apideck_vault/{group}.py", "python/group.py.jinja"),
    ("bindings/python/src/apideck_vault/vault.py", "python/vault.py.jinja"),
    ("bindings/python/src/apideck_vault/models/errors.py", "python/errors.py.jinja"),
    ("bindings/python/src/apideck_vault/models/operations.py", "python/operations.py.jinja"),
    ("bindings/python/src/apideck_vault/models/operation_typed_dicts.py", "python/operation_typed_dicts.py.jinja"),
];

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let groups: Vec<Value> = description
        .groups
        .iter()
        .map(|group| {
            context! {
                name => group.name, class => pascal(&group.name), module => group.name.replace('_', ""), doc => group.doc,
            }
        })
        .collect();
    let operations: Vec<Value> = description.operations.iter().map(|item| operation(description, item)).collect();
    let statuses: Vec<Value> = description.statuses.iter().filter_map(exception).collect();
    let documented = description.statuses.iter().filter_map(|status| Some((status.exception.as_ref()?, status.http?)));
    let documented: Vec<String> = documented.map(|(name, http)| format!("`models.{name}` ({http})")).collect();
    let named: BTreeSet<String> = description.operations.iter().flat_map(named_types).collect();
    let dictionaries = named.iter().filter(|name| !description.is_enum(name));
    let (of_responses, of_requests): (Vec<&String>, Vec<&String>) =
        dictionaries.partition(|name| is_of_responses(description, name));
    let of_package = [("http", &["HTTPMetadata"][..]), ("operation_response", &["OperationResponse", "PageResponse"])];
    let imports = imports(description, &named, &of_package);
    context! { groups, operations, statuses, documented, imports, of_responses, of_requests }
}

/// The types that the classes of an operation name.
fn named_types(operation: &Operation) -> BTreeSet<String> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.r#type);
    let names = parameters.chain(&operation.response).filter_map(|of| Some(Expression::parse(of).name()?.to_string()));
    names.chain(["UnexpectedErrorResponse".to_string()]).collect()
}

/// A keyword of a method, which is also an attribute of the operation's request.
struct Keyword {
    name: String,
    /// The type, without what `required`, `nullable` and `default` say.
    of: Expression,
    required: bool,
    nullable: bool,
    default: Option<i64>,
    doc: String,
}

impl Keyword {
    fn of_parameter(parameter: &Parameter) -> Keyword {
        let doc = match &parameter.example {
            Some(example) => format!("{}, for example `{example}`.", parameter.doc.trim_end_matches('.')),
            None => parameter.doc.clone(),
        };
        // Python has a function of this name, so that the official SDK adds an underscore.
        let name = if parameter.name == "filter" { "filter_".into() } else { parameter.name.clone() };
        let mut keyword = Keyword::new(&name, &parameter.r#type, parameter.required, &doc);
        keyword.default = parameter.default;
        keyword
    }

    fn of_field((name, field): (&String, &Field)) -> Keyword {
        Keyword::new(name, &field.r#type, field.required, &field.doc)
    }

    fn new(name: &str, of: &str, required: bool, doc: &str) -> Keyword {
        let (of, nullable) = match Expression::parse(of) {
            Expression::Nullable(of) => (*of, true),
            of => (of, false),
        };
        Keyword { name: name.into(), of, required, nullable, default: None, doc: python_words(doc) }
    }

    /// The default as a Python expression.
    fn default(&self) -> Option<String> {
        match self.default {
            _ if self.required => None,
            Some(number) => Some(number.to_string()),
            None => Some(if self.nullable { "UNSET" } else { "None" }.into()),
        }
    }

    /// The type as it is annotated, where values of the API's types are written by `named`.
    fn annotation(&self, named: &dyn Fn(&Expression) -> String) -> String {
        let of = named(&self.of);
        match (self.required, self.nullable) {
            (true, _) => of,
            (false, true) => format!("OptionalNullable[{of}]"),
            (false, false) => format!("Optional[{of}]"),
        }
    }

    fn value(&self, description: &Description) -> Value {
        let notes = match (self.default, self.nullable) {
            (Some(number), _) => format!(" Default: {number}."),
            (None, true) => " `None` is sent as `null`.".into(),
            (None, false) => String::new(),
        };
        let dictionary = typed_dict(&self.of, description);
        context! {
            name => self.name,
            required => self.required,
            nullable => self.nullable,
            checked => checked_type(&self.of),
            annotation => self.annotation(&|of| argument(of, description)),
            model => self.annotation(&model),
            dictionary => if self.nullable { format!("Optional[{dictionary}]") } else { dictionary },
            default => self.default(),
            doc => format!("{}{notes}", self.doc),
            plain_doc => self.doc,
        }
    }
}

fn operation(description: &Description, operation: &Operation) -> Value {
    let in_path = operation.parameters.iter().filter(|parameter| parameter.r#in == Place::Path);
    let in_query = operation.parameters.iter().filter(|parameter| parameter.r#in == Place::Query);
    let required: Vec<Keyword> = in_path.clone().map(Keyword::of_parameter).collect();
    let mut optional: Vec<Keyword> = in_query.clone().map(Keyword::of_parameter).collect();
    let mut members: Vec<Keyword> = Vec::new();
    // The attributes of the request's model: the body is one of them.
    let mut attributes: Vec<Keyword> = in_path.map(Keyword::of_parameter).collect();
    let mut optional_attributes: Vec<Keyword> = in_query.map(Keyword::of_parameter).collect();
    let mut empty = None;
    match operation.body() {
        // The official SDK makes a keyword of each member of a body that is required.
        Some(body) if body.required => {
            let fields = description.find_type(&body.r#type).map(|item| &item.fields);
            members = fields.into_iter().flatten().map(Keyword::of_field).collect();
            let name = snake(body.r#type.trim_end_matches("Input"));
            attributes.push(Keyword::new(&name, &body.r#type, true, &body.doc));
        }
        Some(body) => {
            optional.push(Keyword::of_parameter(body));
            optional_attributes.push(Keyword::of_parameter(body));
        }
        None if operation.http_method() == "POST" => {
            let of = format!("{}RequestBody", operation.sdk);
            let keyword = || Keyword::new("request_body", &of, false, "The body, which is empty. It can be left out.");
            optional_attributes.push(keyword());
            empty = Some(keyword());
        }
        None => {}
    }
    let values = |keywords: &[Keyword]| -> Vec<Value> { keywords.iter().map(|item| item.value(description)).collect() };
    let nullable = optional.iter().chain(&members).filter(|keyword| keyword.nullable && !keyword.required);
    let nullable: Vec<&str> = nullable.map(|keyword| keyword.name.as_str()).collect();
    let names: Vec<String> = members.iter().map(|member| member.name.clone()).collect();
    let (required_members, optional_members): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.required);
    let required = required.iter().chain(required_members).map(|keyword| keyword.value(description));
    context! {
        name => operation.name(),
        group => operation.group,
        method => operation.method,
        constant => operation.method.to_uppercase(),
        sdk => operation.sdk,
        http => format!("{} {}", operation.http_method(), operation.path()),
        title => operation.title,
        summary => python_words(&operation.summary),
        details => operation.details.as_deref().map(python_words),
        pages => operation.pages,
        response => operation.response,
        attribute => operation.response.as_deref().map(snake),
        response_doc => response_doc(description, operation),
        has_consumer => operation.consumer != Consumer::None,
        body => operation.body().filter(|body| body.required).map(|body| &body.name),
        required => required.collect::<Vec<_>>(),
        optional => values(&optional),
        members => names,
        optional_members => optional_members.iter().map(|member| member.value(description)).collect::<Vec<_>>(),
        nullable,
        empty => empty.map(|keyword| keyword.value(description)),
        attributes => values(&attributes),
        optional_attributes => values(&optional_attributes),
    }
}

fn response_doc<'a>(description: &'a Description, operation: &Operation) -> Option<&'a str> {
    let name = operation.response.as_deref()?;
    description.find_type(name).map(|item| item.doc.as_str())
}

/// The exception of a status, unless the status is a success.
fn exception(status: &Status) -> Option<Value> {
    let name = status.exception.as_ref().or(status.python.as_ref())?;
    let has_data = status.exception.is_some();
    Some(context! { status => status.name, http => status.http, exception => name, doc => status.doc, has_data })
}

/// The type of a keyword whose values are checked before the core sees them.
fn checked_type(of: &Expression) -> &'static str {
    match of {
        Expression::Scalar(Scalar::String) => "str",
        Expression::Scalar(Scalar::Boolean) => "bool",
        Expression::Scalar(Scalar::Integer) => "int",
        _ => "object",
    }
}

/// The type of an argument: where the API has an object, a model or a dictionary.
fn argument(of: &Expression, description: &Description) -> String {
    match of {
        Expression::Array(inner) => format!("Sequence[{}]", argument(inner, description)),
        Expression::Named(name) if description.is_enum(name) => format!("models.{name}"),
        Expression::Named(name) => format!("Union[models.{name}, models.{name}TypedDict]"),
        other => model(other),
    }
}
