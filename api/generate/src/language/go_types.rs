//! Go: the types of request and response bodies, how they are read, how they are sent, and how they print.

use std::collections::BTreeSet;

use minijinja::context;
use minijinja::value::Value;

use super::go_words::{describe, exported, plain, unexported};
use crate::description::{Description, Enum, Expression, Field, Scalar, Type, json_of};

mod expressions;
mod unions;

/// Each generated file and its template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("bindings/go/models/components/types_gen.go", "go/types.go.jinja"),
    ("bindings/go/models/components/getters_gen.go", "go/getters.go.jinja"),
    ("bindings/go/models/components/json_gen.go", "go/json.go.jinja"),
    ("bindings/go/webhooks/events_gen.go", "go/events.go.jinja"),
    ("bindings/go/webhooks/events_gen_test.go", "go/events_test.go.jinja"),
    ("bindings/go/models/components/types_gen_test.go", "go/types_test.go.jinja"),
];

/// The name of the error body whose status has no type of its own.
const UNEXPECTED: &str = "UnexpectedErrorResponse";

/// What the templates print.
pub fn values(description: &Description) -> Value {
    let go = Go { description, responses: response_types(description) };
    let enums: Vec<Value> = description.enums.iter().map(enumeration).collect();
    let unions: Vec<Value> = description.unions.iter().map(|item| go.union(item)).collect();
    let mut types: Vec<Value> =
        description.types.iter().filter(|item| !item.open).map(|item| go.structure(item)).collect();
    types.push(go.unexpected_error());
    let events = description.events().into_iter();
    let events: Vec<Value> = events.map(|(value, name, doc)| context! { value, name, doc => plain(doc) }).collect();
    context! { enums, unions, types, events, pools => go.pools() }
}

/// The description, and what only Go asks of it.
struct Go<'a> {
    description: &'a Description,
    /// The names of the types that a response contains.
    responses: BTreeSet<String>,
}

/// A field of a struct.
struct GoField {
    name: String,
    go_type: String,
    tag: String,
    doc: String,
    key: String,
    is_secret: bool,
    /// The statement that reads the field.
    read: String,
    /// The statement that makes the empty field encode as null.
    absent: Option<String>,
    /// The expression for the value of a field that a response does not have.
    default: Option<String>,
    /// The expression that a debug print shows, if the field may be printed.
    print: Option<String>,
}

impl GoField {
    fn value(&self) -> Value {
        context! {
            name => self.name, type => self.go_type, tag => self.tag, doc => self.doc, key => self.key,
            read => self.read, absent => self.absent, default => self.default,
            is_map => self.go_type == "map[string]any", secret => self.is_secret,
        }
    }
}

impl Go<'_> {
    fn structure(&self, item: &Type) -> Value {
        let fields = self.fields(item);
        let is_response = self.responses.contains(&item.name);
        // A variant of a union keeps the members that it does not know, so that the union is encoded as it was read.
        let tag = self.description.unions.iter().find_map(|union| {
            let (value, _) = union.variants.iter().find(|(_, name)| **name == item.name)?;
            let field = item.fields.get(union.discriminator.as_deref()?)?;
            let constant = format!("{}{}", enum_name(self.description, &field.r#type), exported(value));
            Some(context! { field => exported(union.discriminator.as_deref()?), constant, value })
        });
        // The API requires these arrays and does not accept null for them.
        let arrays: Vec<Value> = item
            .fields
            .iter()
            .filter(|(_, field)| item.request && field.required)
            .filter(|(_, field)| matches!(Expression::parse(&field.r#type), Expression::Array(_)))
            .map(|(key, field)| context! { name => exported(key), type => self.go_type(&Expression::parse(&field.r#type)) })
            .collect();
        context! {
            name => item.name,
            doc => describe(&item.name, &item.doc),
            fields => fields.iter().map(GoField::value).collect::<Vec<Value>>(),
            is_request => item.request,
            is_strict => !is_response,
            is_body => item.envelope.is_some(),
            tag, arrays,
            print => self.print(item, &fields),
            has_secret => self.has_secret(item),
        }
    }

    /// The body of an error with an unexpected status. Its fields are those that all errors have.
    fn unexpected_error(&self) -> Value {
        let fields = self.description.error.fields.iter().map(|(key, field)| self.field(UNEXPECTED, key, field));
        context! {
            name => UNEXPECTED,
            doc => "UnexpectedErrorResponse is the body of an error whose status the API does not describe. No call returns it, because \
                    such a response is an *apierrors.APIError.",
            fields => fields.map(|field| field.value()).collect::<Vec<Value>>(),
            is_request => false, is_strict => false, is_body => false, has_secret => false,
            tag => (), arrays => Vec::<Value>::new(), print => (),
        }
    }

    fn fields(&self, item: &Type) -> Vec<GoField> {
        let Some(data) = &item.envelope else {
            return item.fields.iter().map(|(key, field)| self.field(&item.name, key, field)).collect();
        };
        let make = |key: &str, r#type: &str, required, doc: &str| {
            let field = Field {
                r#type: r#type.into(),
                doc: doc.into(),
                required,
                secret: false,
                go_pointer: false,
                default: None,
            };
            self.field(&item.name, key, &field)
        };
        let mut content = make("data", data, true, "The content of the response.");
        content.read = content.read.replace("readSlice", "readLongSlice");
        let mut fields = vec![
            make("status_code", "integer", true, "The HTTP status."),
            make("status", "string", true, "The HTTP status in words."),
            content,
        ];
        if item.meta {
            fields.push(make("meta", "Meta", false, "Facts about the response."));
        }
        if item.links {
            fields.push(make("links", "Links", false, "The URLs of the neighbouring pages."));
        }
        fields.push(make("_raw", "object", false, "The response of the service behind Vault, if it was requested."));
        fields
    }

    fn field(&self, of: &str, key: &str, field: &Field) -> GoField {
        let expression = Expression::parse(&field.r#type);
        let name = exported(key.trim_start_matches('_'));
        let is_pointer = field.go_pointer || !field.required;
        let go_type = match (&expression, self.is_map_or_array(&expression)) {
            (_, false) if is_pointer => format!("*{}", self.go_type(&expression)),
            _ => self.go_type(&expression),
        };
        let is_response = self.responses.contains(of);
        let default = field.default.as_ref().map(json_of).filter(|_| is_response && self.responses_only(of));
        let option = if is_pointer { ",omitempty" } else { "" };
        let mut tag = format!("json:\"{key}{option}\"");
        if let Some(default) = &default {
            tag += &format!(" default:{default:?}");
        }
        let mut doc = describe(&name, &field.doc);
        if let Some(default) = field.default.as_ref().map(json_of) {
            doc += &format!(" The default is {}.", plain(default.trim_matches('"')));
        }
        let is_union = matches!(&expression, Expression::Named(name) if self.description.find_union(name).is_some());
        GoField {
            read: self.read(&expression, is_pointer, &name),
            // A response may lack a union that is required. Such a union is null when it is encoded.
            absent: (is_union && !is_pointer && is_response).then(|| format!("v.{name}.raw = \"null\"")),
            default: default.map(|value| match &expression {
                Expression::Scalar(Scalar::Boolean) => format!("d.PointToBool({value})"),
                Expression::Scalar(Scalar::Integer) => format!("d.PointToInt64({value})"),
                Expression::Scalar(Scalar::Number) => format!("d.PointToFloat64({value})"),
                _ => format!("d.PointTo({value})"),
            }),
            print: match (&expression, self.is_map_or_array(&expression)) {
                (_, true) => Some(format!("len(v.{name})")),
                (Expression::Named(name), _) if !self.description.is_enum(name) => None,
                _ if field.secret => None,
                _ => Some(format!("v.{name}")),
            },
            name,
            go_type,
            tag,
            doc,
            key: key.into(),
            is_secret: field.secret,
        }
    }

    /// Whether a program only receives the type. The API fills in the defaults of a request by itself.
    fn responses_only(&self, name: &str) -> bool {
        self.description.find_type(name).is_some_and(|item| !item.request)
    }

    /// The fields and expressions of a debug print, if the type has one of its own.
    fn print(&self, item: &Type, fields: &[GoField]) -> Option<Vec<Value>> {
        if item.print.is_none() && !item.fields.values().any(|field| field.secret) {
            return None;
        }
        let shown: Vec<&GoField> = match &item.print {
            Some(keys) => keys.iter().filter_map(|key| fields.iter().find(|field| field.key == *key)).collect(),
            None => fields.iter().collect(),
        };
        let entry = |field: &&GoField| Some(context! { name => field.name, value => field.print.as_ref()? });
        Some(shown.iter().filter_map(entry).collect())
    }

    /// Whether the type contains a secret, at any depth.
    fn has_secret(&self, item: &Type) -> bool {
        self.parts(&item.name).iter().chain([&item.name]).any(|name| {
            self.description.find_type(name).is_some_and(|item| item.fields.values().any(|field| field.secret))
        })
    }

    /// The names of the types that a type contains, at any depth.
    fn parts(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        collect(self.description, name, &mut found);
        found
    }

    /// The types whose values are collected in blocks of memory: those behind a pointer or in a slice.
    fn pools(&self) -> Vec<Value> {
        let mut names = BTreeSet::new();
        for union in &self.description.unions {
            names.extend(union.variants.values().cloned());
            names.extend(union.of.iter().filter_map(|text| match Expression::parse(text) {
                Expression::Array(inner) => inner.name().map(str::to_string),
                _ => None,
            }));
        }
        for item in &self.description.types {
            names.extend(
                item.envelope
                    .iter()
                    .filter(|data| data.starts_with('['))
                    .map(|data| data.trim_matches(['[', ']']).to_string()),
            );
            names.extend(
                item.fields.values().filter_map(|field| Expression::parse(&field.r#type).name().map(str::to_string)),
            );
            names.extend(item.meta.then(|| "Meta".to_string()));
            names.extend(item.links.then(|| "Links".to_string()));
        }
        names.extend(
            self.description
                .error
                .fields
                .values()
                .filter_map(|field| Expression::parse(&field.r#type).name().map(str::to_string)),
        );
        names
            .iter()
            .filter(|name| !self.description.is_enum(name) && !self.is_open(name))
            .map(|name| self.go_name(name))
            .map(|name| context! { name => format!("{}Pool", unexported(&name)), type => name })
            .collect()
    }
}

fn enumeration(item: &Enum) -> Value {
    let name = item.go_name.as_ref().unwrap_or(&item.name);
    let values = item.documented_values();
    let values: Vec<Value> = values
        .map(|(value, doc)| {
            // What does not fit beside a constant is above it.
            let is_long = item.steps.contains_key(value);
            context! { name => exported(value), value, doc => plain(&doc), is_long }
        })
        .collect();
    context! { name, values, doc => describe(name, &item.doc), alias => item.go_name.as_ref().map(|_| &item.name) }
}

fn enum_name(description: &Description, name: &str) -> String {
    description.find_enum(name).and_then(|item| item.go_name.clone()).unwrap_or_else(|| name.to_string())
}

/// The names of the types that responses and events contain.
fn response_types(description: &Description) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in description.types.iter().filter(|item| item.envelope.is_some() || item.module == "event") {
        found.insert(item.name.clone());
        collect(description, &item.name, &mut found);
    }
    found.insert(UNEXPECTED.into());
    for field in description.error.fields.values() {
        add(description, &field.r#type, &mut found);
    }
    found
}

/// Adds the names of the types that a type contains.
fn collect(description: &Description, name: &str, found: &mut BTreeSet<String>) {
    if let Some(item) = description.find_type(name) {
        item.fields.values().for_each(|field| add(description, &field.r#type, found));
        item.envelope.iter().for_each(|data| add(description, data, found));
        if item.meta {
            add(description, "Meta", found);
        }
        if item.links {
            add(description, "Links", found);
        }
    }
    if let Some(item) = description.find_union(name) {
        item.of.iter().chain(item.variants.values()).for_each(|text| add(description, text, found));
    }
}

fn add(description: &Description, text: &str, found: &mut BTreeSet<String>) {
    let expression = Expression::parse(text);
    if let Some(name) = expression.name()
        && found.insert(name.to_string())
    {
        collect(description, name, found);
    }
}
