//! Go: the type of a value, and the code that reads it.

use super::{Go, enum_name};
use crate::description::{Expression, Scalar};
use crate::language::go_words::unexported;

impl Go<'_> {
    /// The type of a value that is neither optional nor null.
    pub(super) fn go_type(&self, expression: &Expression) -> String {
        match expression {
            Expression::Scalar(Scalar::String) => "string".into(),
            Expression::Scalar(Scalar::Integer) => "int64".into(),
            Expression::Scalar(Scalar::Number) => "float64".into(),
            Expression::Scalar(Scalar::Boolean) => "bool".into(),
            Expression::Scalar(Scalar::DateTime) => "time.Time".into(),
            Expression::Scalar(Scalar::Object) => "map[string]any".into(),
            Expression::Array(inner) => format!("[]{}", self.go_type(inner)),
            Expression::MapOfMaps(inner) => format!("map[string]map[string]{}", self.go_type(inner)),
            Expression::Nullable(inner) => self.go_type(inner),
            Expression::Named(name) if self.is_open(name) => "map[string]any".into(),
            Expression::Named(name) if self.description.is_enum(name) => enum_name(self.description, name),
            Expression::Named(name) => self.go_name(name),
        }
    }

    pub(super) fn go_name(&self, name: &str) -> String {
        let union = self.description.find_union(name);
        union.and_then(|item| item.go_name.clone()).unwrap_or_else(|| name.to_string())
    }

    pub(super) fn is_open(&self, name: &str) -> bool {
        self.description.find_type(name).is_some_and(|item| item.open)
    }

    /// Maps and arrays have nil in place of a pointer.
    pub(super) fn is_map_or_array(&self, expression: &Expression) -> bool {
        let go_type = self.go_type(expression);
        go_type.starts_with("map[") || go_type.starts_with("[]")
    }

    /// The statement that reads a field.
    pub(super) fn read(&self, expression: &Expression, is_pointer: bool, field: &str) -> String {
        match expression {
            Expression::Nullable(inner) => self.read(inner, is_pointer, field),
            Expression::Named(name) if !is_pointer && !self.description.is_enum(name) && !self.is_open(name) => {
                format!("d.read{}(&v.{field})", self.go_name(name))
            }
            _ => format!("v.{field} = {}", self.expression(expression, is_pointer)),
        }
    }

    /// The expression that reads a value.
    pub(super) fn expression(&self, expression: &Expression, is_pointer: bool) -> String {
        let read = |name: &str| format!("d, &d.{}Pool, (*decoder).read{name}", unexported(name));
        let method = match expression {
            Expression::Scalar(Scalar::String) => ("String", "StringPointer"),
            Expression::Scalar(Scalar::Integer) => ("Int64", "Int64Pointer"),
            Expression::Scalar(Scalar::Number) => ("Float64", "Float64Pointer"),
            Expression::Scalar(Scalar::Boolean) => ("Bool", "BoolPointer"),
            Expression::Scalar(Scalar::DateTime) => ("timePointer", "timePointer"),
            Expression::Scalar(Scalar::Object) | Expression::MapOfMaps(_) => ("Map", "Map"),
            Expression::Nullable(inner) => return self.expression(inner, is_pointer),
            Expression::Array(inner) => match inner.as_ref() {
                Expression::Named(name) if self.description.is_enum(name) => {
                    return format!("enums[{}](d.Strings())", enum_name(self.description, name));
                }
                Expression::Named(name) => return format!("readSlice({})", read(&self.go_name(name))),
                _ => ("Strings", "Strings"),
            },
            Expression::Named(name) if self.is_open(name) => ("Map", "Map"),
            Expression::Named(name) if self.description.is_enum(name) => {
                let name = enum_name(self.description, name);
                return if is_pointer {
                    format!("(*{name})(d.StringPointer())")
                } else {
                    format!("{name}(d.String())")
                };
            }
            Expression::Named(name) if self.description.find_union(name).is_some() => {
                return format!("readUnionPointer({})", read(&self.go_name(name)));
            }
            Expression::Named(name) => return format!("readPointer({})", read(name)),
        };
        format!("d.{}()", if is_pointer { method.1 } else { method.0 })
    }
}
