//! The description of the API, as `api/*.toml` hold it. The files explain their keys.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The whole description.
#[derive(Debug)]
pub struct Description {
    pub groups: Vec<Group>,
    pub operations: Vec<Operation>,
    pub enums: Vec<Enum>,
    pub unions: Vec<Union>,
    pub types: Vec<Type>,
    pub statuses: Vec<Status>,
    pub error: ErrorBody,
    pub configuration: Vec<Key>,
}

/// The operations that the official SDKs reach through one attribute of `vault`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub doc: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    pub group: String,
    pub method: String,
    pub http: String,
    pub sdk: String,
    pub title: String,
    pub summary: String,
    pub details: Option<String>,
    pub consumer: Consumer,
    pub resend: Resend,
    pub response: Option<String>,
    #[serde(default)]
    pub pages: bool,
    pub example: String,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Consumer {
    Required,
    Optional,
    None,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Resend {
    Always,
    Status,
    Refused,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    pub r#in: Place,
    pub r#type: String,
    #[serde(default)]
    pub required: bool,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub default: Option<i64>,
    pub example: Option<String>,
    pub doc: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Path,
    Query,
    Body,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    pub name: String,
    pub doc: String,
    /// The name in Go, of which `name` is an alias.
    pub go_name: Option<String>,
    /// The name by which a union in Go calls this enum.
    pub go_schema: Option<String>,
    /// Another name of the enum in Python.
    pub python_alias: Option<String>,
    /// Each value with its meaning.
    pub values: IndexMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Union {
    pub name: String,
    pub doc: String,
    /// The name in Go, of which `name` is an alias.
    pub go_name: Option<String>,
    /// The name by which another union in Go calls this one.
    pub go_schema: Option<String>,
    #[serde(default)]
    pub request: bool,
    /// The alternatives, which differ in their JSON type.
    #[serde(default)]
    pub of: Vec<String>,
    /// The field whose value selects the variant.
    pub discriminator: Option<String>,
    #[serde(default)]
    pub variants: IndexMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    pub name: String,
    pub doc: String,
    /// The Python module below `models` that has the type.
    #[serde(default)]
    pub module: String,
    /// The fields that `repr()` shows first in Python.
    #[serde(default)]
    pub identifying: Vec<String>,
    #[serde(default)]
    pub request: bool,
    /// Whether members that are not listed are part of the type.
    #[serde(default)]
    pub open: bool,
    #[serde(default)]
    pub fields: IndexMap<String, Field>,
    /// The fields that a debug print shows.
    pub print: Option<Vec<String>>,
    /// The type of `data` in a response body. Such a type has `status_code`, `status`, `data` and `_raw`.
    pub envelope: Option<String>,
    #[serde(default)]
    pub meta: bool,
    #[serde(default)]
    pub links: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub r#type: String,
    pub doc: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
    /// Whether the field is a pointer in Go although it is required.
    #[serde(default)]
    pub go_pointer: bool,
    pub default: Option<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub name: String,
    pub number: i32,
    pub http: Option<u16>,
    #[serde(default)]
    pub retryable: bool,
    pub exception: Option<String>,
    /// The error type in Go, if it is not `exception`.
    pub go_error: Option<String>,
    /// The Python type of `detail`, if that is an object.
    pub python_detail: Option<String>,
    /// The fields of the body that differ from those of `ErrorBody`.
    #[serde(default)]
    pub fields: IndexMap<String, Field>,
    /// The hand-written exception of the Python package.
    pub python: Option<String>,
    pub doc: String,
}

/// The body that errors have in common.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorBody {
    pub fields: IndexMap<String, Field>,
    /// The types that only errors have.
    pub r#type: Vec<Type>,
    /// The types that only errors in Python have.
    pub python_type: Vec<Type>,
}

/// A key of a client's configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub name: String,
    pub r#type: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub request: bool,
    pub environment: Option<String>,
    pub default: Option<toml::Value>,
    #[serde(default)]
    pub values: Vec<String>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub unit: Option<String>,
    pub doc: String,
}

/// A type expression of the description, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Scalar(Scalar),
    Array(Box<Expression>),
    /// A map of maps, as data scopes are.
    MapOfMaps(Box<Expression>),
    Nullable(Box<Expression>),
    Named(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    String,
    Integer,
    Number,
    Boolean,
    DateTime,
    Object,
}

impl Expression {
    pub fn parse(text: &str) -> Expression {
        let text = text.trim();
        if let Some(inner) = text.strip_suffix("| null") {
            return Expression::Nullable(Box::new(Expression::parse(inner)));
        }
        if let Some(inner) = text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")) {
            return Expression::MapOfMaps(Box::new(Expression::parse(inner)));
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return Expression::Array(Box::new(Expression::parse(inner)));
        }
        match text {
            "string" => Expression::Scalar(Scalar::String),
            "integer" => Expression::Scalar(Scalar::Integer),
            "number" => Expression::Scalar(Scalar::Number),
            "boolean" => Expression::Scalar(Scalar::Boolean),
            "date-time" => Expression::Scalar(Scalar::DateTime),
            "object" => Expression::Scalar(Scalar::Object),
            name => Expression::Named(name.to_string()),
        }
    }

    /// The expression without `| null`.
    pub fn not_null(&self) -> &Expression {
        match self {
            Expression::Nullable(inner) => inner,
            other => other,
        }
    }

    /// The type of the JSON value in words, for documents: `string or null`, `array of strings`, `object`.
    pub fn in_words(&self, description: &Description) -> String {
        match self {
            Expression::Scalar(Scalar::String) => "string".into(),
            Expression::Scalar(Scalar::Integer) => "integer".into(),
            Expression::Scalar(Scalar::Number) => "number".into(),
            Expression::Scalar(Scalar::Boolean) => "boolean".into(),
            Expression::Scalar(Scalar::DateTime) => "string (RFC 3339)".into(),
            Expression::Array(inner) if matches!(**inner, Expression::Scalar(_)) => {
                format!("array of {}s", inner.in_words(description))
            }
            Expression::Array(_) => "array".into(),
            Expression::Nullable(inner) => format!("{} or null", inner.in_words(description)),
            Expression::Named(name) if description.is_enum(name) => "string".into(),
            Expression::Scalar(Scalar::Object) | Expression::MapOfMaps(_) | Expression::Named(_) => "object".into(),
        }
    }

    /// The name that the expression refers to, if it does.
    pub fn name(&self) -> Option<&str> {
        match self {
            Expression::Scalar(_) => None,
            Expression::Array(inner) | Expression::MapOfMaps(inner) | Expression::Nullable(inner) => inner.name(),
            Expression::Named(name) => Some(name),
        }
    }
}

impl Key {
    /// The default as JSON.
    pub fn default_json(&self) -> Option<String> {
        self.default.as_ref().map(scalar_json)
    }
}

impl Field {
    /// The default as JSON.
    pub fn default_json(&self) -> Option<String> {
        self.default.as_ref().map(scalar_json)
    }
}

fn is_scalar(value: &toml::Value) -> bool {
    !value.is_table() && !value.is_array() && !value.is_datetime()
}

fn scalar_json(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("{text:?}"),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        other => unreachable!("{other:?} is no default"),
    }
}

impl Operation {
    /// `connections.list`
    pub fn name(&self) -> String {
        format!("{}.{}", self.group, self.method)
    }

    pub fn http_method(&self) -> &str {
        self.http.split(' ').next().unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.http.split(' ').nth(1).unwrap_or_default()
    }

    pub fn body(&self) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.r#in == Place::Body)
    }
}

impl Description {
    /// Reads the description from its folder and checks it.
    ///
    /// # Errors
    ///
    /// Returns a sentence that names the file and the problem.
    pub fn read(folder: &Path) -> Result<Description, String> {
        #[derive(Deserialize)]
        struct Operations {
            group: Vec<Group>,
            operation: Vec<Operation>,
        }
        #[derive(Deserialize)]
        struct Types {
            r#enum: Vec<Enum>,
            union: Vec<Union>,
            r#type: Vec<Type>,
        }
        #[derive(Deserialize)]
        struct Statuses {
            status: Vec<Status>,
            error: ErrorBody,
        }
        #[derive(Deserialize)]
        struct Configuration {
            key: Vec<Key>,
        }
        let Operations { group: groups, operation: operations } = file(folder, "operations.toml")?;
        let Types { r#enum: enums, union: unions, r#type: types } = file(folder, "types.toml")?;
        let Statuses { status: statuses, error } = file(folder, "statuses.toml")?;
        let Configuration { key: configuration } = file(folder, "configuration.toml")?;
        let description = Description { groups, operations, enums, unions, types, statuses, error, configuration };
        description.check()?;
        Ok(description)
    }

    pub fn find_type(&self, name: &str) -> Option<&Type> {
        self.types.iter().find(|item| item.name == name)
    }

    /// The Python modules of the types, in the order in which the types name them first.
    pub fn modules(&self) -> Vec<&str> {
        let mut modules = Vec::new();
        for item in &self.types {
            if !modules.contains(&item.module.as_str()) {
                modules.push(&item.module);
            }
        }
        modules
    }

    pub fn find_union(&self, name: &str) -> Option<&Union> {
        self.unions.iter().find(|item| item.name == name)
    }

    pub fn is_enum(&self, name: &str) -> bool {
        self.enums.iter().any(|item| item.name == name)
    }

    /// Checks what the bindings rely on when they read and print a type.
    fn check_types(&self) -> Result<(), String> {
        for item in &self.types {
            if let Some(name) = item.print.iter().flatten().find(|name| !item.fields.contains_key(*name)) {
                return Err(format!("types.toml: {} has no field {name}, so that it cannot be printed", item.name));
            }
            let mut fields = item.fields.iter();
            if let Some((name, _)) = fields.find(|(_, field)| !field.default.as_ref().is_none_or(is_scalar)) {
                return Err(format!("types.toml: the default of {}.{name} is no string, number or boolean", item.name));
            }
            // The decoder of Go collects the elements of a list in memory that it shares with all lists of their type.
            let mut path = vec![item.name.clone()];
            if self.contains(&item.name, &item.name, &mut path) {
                return Err(format!(
                    "types.toml: {} contains itself, by way of {}. No decoder can read such a type",
                    item.name,
                    path[1..].join(".")
                ));
            }
        }
        for item in &self.unions {
            if item.of.iter().any(|text| text == "integer") != item.of.iter().any(|text| text == "number") {
                return Err(format!(
                    "types.toml: {} has one of integer and number, but it needs both or none",
                    item.name
                ));
            }
        }
        Ok(())
    }

    /// Whether a value of the type `name` can contain one of the type `wanted`. `path` gets the names on the way to it.
    fn contains(&self, name: &str, wanted: &str, path: &mut Vec<String>) -> bool {
        let fields = self.find_type(name).into_iter().flat_map(|item| item.fields.iter());
        let fields = fields.map(|(name, field)| (name.as_str(), field.r#type.as_str()));
        let union = self.find_union(name).into_iter();
        let alternatives = union.flat_map(|item| item.of.iter().chain(item.variants.values()));
        let parts: Vec<(&str, &str)> = fields.chain(alternatives.map(|text| (text.as_str(), text.as_str()))).collect();
        parts.into_iter().any(|(step, text)| {
            let expression = Expression::parse(text);
            let Some(part) = expression.name() else { return false };
            // A type that was not checked yet may contain itself, which is reported when its turn comes.
            if path.len() > self.types.len() + self.unions.len() {
                return false;
            }
            path.push(step.to_string());
            if part == wanted || self.contains(part, wanted, path) {
                return true;
            }
            path.pop();
            false
        })
    }

    fn check(&self) -> Result<(), String> {
        let mut known = HashSet::new();
        let names = self.enums.iter().map(|item| &item.name).chain(self.unions.iter().map(|item| &item.name));
        for name in names.chain(self.types.iter().map(|item| &item.name)) {
            if !known.insert(name.as_str()) {
                return Err(format!("types.toml: {name} is described twice"));
            }
        }
        let exists = |text: &str, place: &str| match Expression::parse(text).name() {
            Some(name) if !known.contains(name) => Err(format!("{place}: the type {name} is not described")),
            _ => Ok(()),
        };
        for item in &self.types {
            if item.module.is_empty() {
                return Err(format!("types.toml: {} has no module", item.name));
            }
            if let Some(name) = item.identifying.iter().find(|name| !item.fields.contains_key(*name)) {
                return Err(format!("types.toml: {} has no field {name} to be identified by", item.name));
            }
            for (name, field) in &item.fields {
                exists(&field.r#type, &format!("types.toml: {}.{name}", item.name))?;
            }
            if let Some(data) = &item.envelope {
                exists(data, &format!("types.toml: {}", item.name))?;
            }
        }
        for item in &self.unions {
            for alternative in item.of.iter().chain(item.variants.values()) {
                exists(alternative, &format!("types.toml: {}", item.name))?;
            }
        }
        self.check_types()?;
        for operation in &self.operations {
            let place = format!("operations.toml: {}", operation.name());
            if !self.groups.iter().any(|group| group.name == operation.group) {
                return Err(format!("{place}: the group {} is not described", operation.group));
            }
            for parameter in &operation.parameters {
                exists(&parameter.r#type, &format!("{place}: {}", parameter.name))?;
                let is_in_path = operation.path().contains(&format!("{{{}}}", parameter.name));
                if is_in_path != (parameter.r#in == Place::Path) {
                    return Err(format!("{place}: {} and the path template disagree", parameter.name));
                }
            }
            if let Some(response) = &operation.response {
                exists(response, &place)?;
            }
            if operation.parameters.len() > MOST_PARAMETERS {
                return Err(format!("{place} has more than {MOST_PARAMETERS} parameters, see src/operation.rs"));
            }
        }
        let mut objects = HashSet::new();
        for key in &self.configuration {
            if let Some((object, _)) = key.name.rsplit_once('.')
                && !objects.contains(object)
            {
                return Err(format!("configuration.toml: {} does not follow the object that it is in", key.name));
            }
            if !key.default.as_ref().is_none_or(is_scalar) {
                return Err(format!("configuration.toml: the default of {} is no string, number or boolean", key.name));
            }
            if matches!(Expression::parse(&key.r#type).not_null(), Expression::Scalar(Scalar::Object)) {
                objects.insert(key.name.as_str());
            }
        }
        for (name, field) in self.error.fields.iter().chain(self.statuses.iter().flat_map(|status| &status.fields)) {
            if !Expression::parse(&field.r#type)
                .name()
                .is_some_and(|name| self.error.r#type.iter().any(|item| item.name == name))
            {
                exists(&field.r#type, &format!("statuses.toml: {name}"))?;
            }
        }
        let numbers = self.statuses.iter().enumerate();
        match numbers.into_iter().find(|(index, status)| i32::try_from(*index) != Ok(status.number)) {
            Some((_, status)) => Err(format!("statuses.toml: {} does not follow the status before it", status.name)),
            None => Ok(()),
        }
    }
}

/// How many values of parameters the core keeps of one request.
const MOST_PARAMETERS: usize = 8;

fn file<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, String> {
    let text = fs::read_to_string(folder.join(name)).map_err(|error| format!("{name} cannot be read: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{name}: {error}"))
}
