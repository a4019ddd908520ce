//! Types of request bodies and parameters, and the check of a JSON value against a type. Pure.
//!
//! The types themselves are data in `api.rs`, and one function checks all of them. Members that a type does not list
//! pass through unchecked, so a new field of the API needs no release. The text is never changed.

use std::fmt;

use serde_json::value::RawValue;

use crate::error::Failure;
use crate::object::{self, Kind};

/// A type of the API, as precise as the check of a request needs it.
pub enum Type {
    Boolean,
    /// Also for dates, and for enums, because the API may add values.
    String,
    Integer,
    /// An integer with bounds, as in `1..=200`.
    WholeNumber {
        least: u64,
        most: u64,
    },
    Number,
    /// An object with any members.
    AnyObject,
    Object(&'static [Field]),
    /// An object whose members all have one type.
    Map(&'static Type),
    Array(&'static Type),
    Nullable(&'static Type),
    /// The first alternative with the value's JSON type.
    OneOf(&'static [Type]),
    /// An object whose member `tag` names its type. The member may be at any position.
    Tagged {
        tag: &'static str,
        variants: &'static [(&'static str, &'static Type)],
    },
    Named(&'static Type),
}

/// A member of an object.
pub struct Field {
    pub name: &'static str,
    pub value: &'static Type,
    required: bool,
}

impl Field {
    pub const fn optional(name: &'static str, value: &'static Type) -> Field {
        Field { name, value, required: false }
    }

    pub const fn required(name: &'static str, value: &'static Type) -> Field {
        Field { name, value, required: true }
    }
}

/// Checks a value against a type. Messages call the value `name`.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT`. The message has the path to the wrong value.
pub fn check(wanted: &Type, value: &RawValue, name: &str) -> Result<(), Failure> {
    check_at(wanted, value, &Path::Root(name))
}

/// The place of a value in the body. It is converted to text only for a message.
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

/// Writes the type for a message: "a string", "a string or null".
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Boolean => f.write_str("a boolean"),
            Type::String => f.write_str("a string"),
            Type::Integer => f.write_str("a whole number"),
            Type::WholeNumber { least, most } => write!(f, "a whole number from {least} to {most}"),
            Type::Number => f.write_str("a number"),
            Type::AnyObject | Type::Object(_) | Type::Map(_) | Type::Tagged { .. } => f.write_str("an object"),
            Type::Array(element) => write!(f, "an array of {}", Plural(element)),
            Type::Nullable(inner) => write!(f, "{inner} or null"),
            Type::Named(inner) => inner.fmt(f),
            Type::OneOf(types) => {
                for (index, alternative) in types.iter().enumerate() {
                    let separator = match index {
                        0 => "",
                        last if last + 1 == types.len() => " or ",
                        _ => ", ",
                    };
                    write!(f, "{separator}{alternative}")?;
                }
                Ok(())
            }
        }
    }
}

/// Writes the type of an array's elements for a message: "strings and numbers".
struct Plural<'a>(&'a Type);

impl fmt::Display for Plural<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let words: Vec<String> = text
            .replace(" or ", ", ")
            .split(", ")
            .map(|word| format!("{}s", word.trim_start_matches("an ").trim_start_matches("a ")))
            .collect();
        f.write_str(&words.join(" and "))
    }
}

fn check_at(wanted: &Type, value: &RawValue, path: &Path<'_>) -> Result<(), Failure> {
    let kind = Kind::of(value);
    match wanted {
        Type::Boolean => object::expect(value, Kind::Boolean, path),
        Type::String => object::expect(value, Kind::String, path),
        Type::Number => object::expect(value, Kind::Number, path),
        Type::AnyObject => object::expect(value, Kind::Object, path),
        Type::Integer if kind == Kind::Number && !value.get().contains(['.', 'e', 'E']) => Ok(()),
        Type::WholeNumber { least, most }
            if value.get().parse::<u64>().is_ok_and(|number| (*least..=*most).contains(&number)) =>
        {
            Ok(())
        }
        Type::WholeNumber { .. } if kind == Kind::Number => mismatch(wanted, "another number", path),
        Type::Integer | Type::WholeNumber { .. } => mismatch(wanted, kind, path),
        Type::Nullable(_) if kind == Kind::Null => Ok(()),
        Type::Nullable(inner) | Type::Named(inner) => check_at(inner, value, path),
        Type::Object(fields) => check_fields(fields, value, path),
        Type::Map(member) => {
            object::for_each_member(value, path, |key, value| check_at(member, value, &Path::Key(path, &key)))
        }
        Type::Array(element) => {
            object::for_each_element(value, path, |index, value| check_at(element, value, &Path::Index(path, index)))
        }
        Type::OneOf(types) => match types.iter().find(|alternative| alternative.accepts(kind)) {
            Some(alternative) => check_at(alternative, value, path),
            None => mismatch(wanted, kind, path),
        },
        Type::Tagged { tag, variants } => check_tagged(tag, variants, value, path),
    }
}

impl Type {
    /// Returns whether a value with this JSON type can have this type.
    fn accepts(&self, kind: Kind) -> bool {
        match self {
            Type::Boolean => kind == Kind::Boolean,
            Type::String => kind == Kind::String,
            Type::Integer | Type::WholeNumber { .. } | Type::Number => kind == Kind::Number,
            Type::AnyObject | Type::Object(_) | Type::Map(_) | Type::Tagged { .. } => kind == Kind::Object,
            Type::Array(_) => kind == Kind::Array,
            Type::Nullable(inner) => kind == Kind::Null || inner.accepts(kind),
            Type::Named(inner) => inner.accepts(kind),
            Type::OneOf(types) => types.iter().any(|alternative| alternative.accepts(kind)),
        }
    }
}

fn check_fields(fields: &'static [Field], value: &RawValue, path: &Path<'_>) -> Result<(), Failure> {
    let mut seen = 0u64;
    object::for_each_member(value, path, |key, value| {
        let Some(index) = fields.iter().position(|field| field.name == key) else { return Ok(()) };
        seen |= 1 << index;
        check_at(fields[index].value, value, &Path::Key(path, fields[index].name))
    })?;
    match fields.iter().enumerate().find(|(index, field)| field.required && seen & (1 << index) == 0) {
        Some((_, field)) => mismatch(field.value, "nothing", &Path::Key(path, field.name)),
        None => Ok(()),
    }
}

fn check_tagged(
    tag: &'static str,
    variants: &'static [(&'static str, &'static Type)],
    value: &RawValue,
    path: &Path<'_>,
) -> Result<(), Failure> {
    let at = Path::Key(path, tag);
    let mut variant = None;
    let names = || variants.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(" or ");
    object::for_each_member(value, path, |key, value| {
        if key == tag {
            let text = object::string(value, &at)?;
            variant = variants.iter().find(|(name, _)| *name == text);
            if variant.is_none() {
                return mismatch(names(), "another string", &at);
            }
        }
        Ok(())
    })?;
    match variant {
        Some((_, wanted)) => check_at(wanted, value, path),
        None => mismatch(names(), "nothing", &at),
    }
}

fn mismatch<T>(wanted: impl fmt::Display, found: impl fmt::Display, path: &Path<'_>) -> Result<T, Failure> {
    Err(Failure::argument(path, format_args!("expected {wanted}, found {found}")))
}
