//! The description of the API, as `api/*.toml` hold it. The files explain their keys.

use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::names::pascal;

pub use expression::{Expression, Scalar};

mod check;
mod expression;

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
    /// Who acts on each value.
    #[serde(default)]
    pub who: IndexMap<String, String>,
    /// What they do.
    #[serde(default)]
    pub steps: IndexMap<String, String>,
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
    /// The base class of the model in Python, as `MODULE.CLASS`, if it has methods that are written by hand.
    pub python_base: Option<String>,
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

/// Writes a default, which is a string, a number or a boolean, as JSON.
pub fn json_of(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("{text:?}"),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(switch) => switch.to_string(),
        other => unreachable!("{other:?} is no default"),
    }
}

impl Enum {
    /// Each value with its meaning, and what is done about it.
    pub fn documented_values(&self) -> impl Iterator<Item = (&str, String)> {
        self.values.iter().map(|(value, doc)| match self.steps.get(value) {
            Some(steps) => (value.as_str(), format!("{doc} {steps}")),
            None => (value.as_str(), doc.clone()),
        })
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

    /// Returns each type of event of webhooks: its value, the name of its class, and its documentation.
    pub fn events(&self) -> Vec<(&str, String, &str)> {
        let values = self.find_enum("EventType").into_iter().flat_map(|item| &item.values);
        values.map(|(value, doc)| (value.as_str(), pascal(value.trim_start_matches("vault.")), doc.as_str())).collect()
    }

    pub fn find_enum(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|item| item.name == name)
    }

    pub fn is_enum(&self, name: &str) -> bool {
        self.find_enum(name).is_some()
    }
}

fn file<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, String> {
    let text = fs::read_to_string(folder.join(name)).map_err(|error| format!("{name} cannot be read: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{name}: {error}"))
}
