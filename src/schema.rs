//! What the body of an update or an import must look like. Pure.
//!
//! The types are data ([`CONNECTION`], [`CONNECTION_IMPORT_DATA`]); one walk checks any of them. A
//! field that no row names passes through unchecked, so that a field the API gains tomorrow needs no
//! release. The text itself is never changed.

use std::fmt;

use serde_json::value::RawValue;

use crate::error::Failure;
use crate::object::{self, Kind};

/// A type of the API, as far as a request can get it wrong.
enum Type {
    Boolean,
    String,
    Integer,
    /// An object of any content.
    AnyObject,
    Object(&'static [(&'static str, Type)]),
    Array(&'static Type),
    Nullable(&'static Type),
    /// A form field's value: a string, number, boolean, or an array of strings and numbers.
    Value,
    ValueElement,
    /// A form field's option: simple, or a group of simple ones; `option_type` tells which.
    FormFieldOption,
}

/// The body of an update (`connection`).
const CONNECTION: Type = Type::Object(&[
    ("enabled", Type::Boolean),
    ("settings", Type::Nullable(&Type::AnyObject)),
    ("metadata", Type::Nullable(&Type::AnyObject)),
    ("configuration", Type::Array(&CONFIGURATION)),
    ("custom_mappings", Type::Array(&Type::Object(&[("value", Type::String)]))),
    ("consent_state", Type::String),
    ("latest_consent", Type::Object(&[("granted", Type::Boolean)])),
    ("application_data_scopes", Type::Object(&[("enabled", Type::Boolean)])),
]);

const CONFIGURATION: Type = Type::Object(&[("resource", Type::String), ("defaults", Type::Array(&DEFAULTS))]);

const DEFAULTS: Type = Type::Object(&[
    ("target", Type::String),
    ("id", Type::String),
    ("options", Type::Array(&Type::FormFieldOption)),
    ("value", Type::Value),
]);

const SIMPLE_OPTION: &[(&str, Type)] = &[("label", Type::String), ("value", Type::Value)];

const OPTION_GROUP: &[(&str, Type)] =
    &[("id", Type::String), ("label", Type::String), ("options", Type::Array(&Type::Object(SIMPLE_OPTION)))];

/// The body of an import (`connection_import_data`).
const CONNECTION_IMPORT_DATA: Type = Type::Object(&[
    (
        "credentials",
        Type::Object(&[
            ("refresh_token", Type::Nullable(&Type::String)),
            ("access_token", Type::String),
            ("issued_at", Type::Nullable(&Type::String)),
            ("expires_in", Type::Nullable(&Type::Integer)),
        ]),
    ),
    ("settings", Type::Nullable(&Type::AnyObject)),
    ("metadata", Type::Nullable(&Type::AnyObject)),
]);

/// Checks the body of an update.
pub fn check_connection(body: &RawValue) -> Result<(), Failure> {
    check(&CONNECTION, body, &Path::Root("connection"))
}

/// Checks the body of an import.
pub fn check_connection_import_data(body: &RawValue) -> Result<(), Failure> {
    check(&CONNECTION_IMPORT_DATA, body, &Path::Root("connection_import_data"))
}

/// Where in the body a value stands; written out only when something is wrong there.
enum Path<'p> {
    Root(&'p str),
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(name) => f.write_str(name),
            Path::Key(parent, key) => write!(f, "{parent}.{key}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

fn check(wanted: &Type, value: &RawValue, path: &Path<'_>) -> Result<(), Failure> {
    let kind = Kind::of(value);
    match wanted {
        Type::Boolean => object::expect(value, Kind::Boolean, path),
        Type::String => object::expect(value, Kind::String, path),
        Type::AnyObject => object::expect(value, Kind::Object, path),
        Type::Nullable(_) if kind == Kind::Null => Ok(()),
        Type::Nullable(inner) => check(inner, value, path),
        Type::Integer if kind == Kind::Number && !value.get().contains(['.', 'e', 'E']) => Ok(()),
        Type::Integer => mismatch("a whole number", kind, path),
        Type::Object(fields) => check_fields(fields, value, path),
        Type::Array(element) => {
            object::for_each_element(value, path, |index, value| check(element, value, &Path::Index(path, index)))
        }
        Type::Value => match kind {
            Kind::String | Kind::Number | Kind::Boolean => Ok(()),
            Kind::Array => check(&Type::Array(&Type::ValueElement), value, path),
            _ => mismatch("a string, a number, a boolean or an array of strings and numbers", kind, path),
        },
        Type::ValueElement => match kind {
            Kind::String | Kind::Number => Ok(()),
            _ => mismatch("a string or a number", kind, path),
        },
        Type::FormFieldOption => check_option(value, path),
    }
}

fn check_fields(fields: &'static [(&str, Type)], value: &RawValue, path: &Path<'_>) -> Result<(), Failure> {
    object::for_each_member(value, path, |key, value| match fields.iter().find(|(name, _)| *name == key) {
        Some((name, wanted)) => check(wanted, value, &Path::Key(path, name)),
        None => Ok(()),
    })
}

/// `option_type` decides what the rest must be, and may stand anywhere in the object.
fn check_option(value: &RawValue, path: &Path<'_>) -> Result<(), Failure> {
    let at = Path::Key(path, "option_type");
    let mut is_group = None;
    let (mut has_label, mut has_options) = (false, false);
    object::for_each_member(value, path, |key, value| {
        match &*key {
            "label" => has_label = true,
            "options" => has_options = true,
            "option_type" => {
                is_group = Some(match &*object::string(value, &at)? {
                    "simple" => false,
                    "group" => true,
                    _ => return mismatch("\"simple\" or \"group\"", "another string", &at),
                })
            }
            _ => {}
        }
        Ok(())
    })?;
    let Some(is_group) = is_group else {
        return mismatch("\"simple\" or \"group\"", "nothing", &at);
    };
    if !has_label {
        return mismatch("a string", "nothing", &Path::Key(path, "label"));
    }
    if is_group && !has_options {
        return mismatch("an array", "nothing", &Path::Key(path, "options"));
    }
    check_fields(if is_group { OPTION_GROUP } else { SIMPLE_OPTION }, value, path)
}

fn mismatch<T>(wanted: &str, found: impl fmt::Display, path: &Path<'_>) -> Result<T, Failure> {
    Err(Failure::argument(path, format_args!("expected {wanted}, found {found}")))
}
