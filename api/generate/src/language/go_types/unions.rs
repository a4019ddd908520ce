//! Go: unions, with the names that the official SDK gives their alternatives.

use minijinja::context;
use minijinja::value::Value;

use super::Go;
use crate::description::{Expression, Scalar, Union};
use crate::language::go_words::{describe, exported, unexported};

impl Go<'_> {
    pub(super) fn union(&self, item: &Union) -> Value {
        let name = item.go_name.as_ref().unwrap_or(&item.name);
        let tagged: Vec<Value> = item.variants.iter().map(|(value, of)| self.variant(item, value, of)).collect();
        let alternatives: Vec<Value> = item.of.iter().map(|text| self.alternative(text)).collect();
        context! {
            name, alternatives,
            doc => describe(name, &item.doc),
            alias => item.go_name.as_ref().map(|_| &item.name),
            has_number => item.of.iter().any(|text| text == "number"),
            discriminator => item.discriminator,
            variants => tagged,
            is_strict => !self.responses.contains(&item.name),
        }
    }

    /// A variant of a union with a discriminator. A value without the discriminator is the first variant, unless it has
    /// a member that only another variant requires.
    fn variant(&self, item: &Union, value: &str, of: &str) -> Value {
        let first = item.variants.values().next().and_then(|first| self.description.find_type(first));
        let required = self.description.find_type(of).into_iter().flat_map(|variant| &variant.fields);
        let mut own = required.filter(|(key, field)| {
            field.required && first.is_none_or(|first| !first.fields.contains_key(key.as_str()))
        });
        context! { value, type => of, pool => format!("{}Pool", unexported(of)), name => exported(value), argument => unexported(&exported(value)), mark => own.next().map(|(key, _)| key) }
    }

    /// An alternative of a union, with the names that the official SDK gives it.
    fn alternative(&self, text: &str) -> Value {
        let expression = Expression::parse(text);
        let (kind, schema) = match &expression {
            Expression::Scalar(Scalar::String | Scalar::DateTime) => ("string", "str".to_string()),
            Expression::Scalar(Scalar::Integer) => ("integer", text.to_string()),
            Expression::Scalar(Scalar::Number) => ("number", text.to_string()),
            Expression::Scalar(Scalar::Boolean) => ("boolean", text.to_string()),
            Expression::Scalar(Scalar::Object) => ("object", "mapOfAny".to_string()),
            Expression::Array(inner) => ("array", format!("arrayOf{}", self.schema(inner))),
            Expression::MapOfMaps(inner) => ("object", format!("mapOfMapOf{}", self.schema(inner))),
            other => ("string", self.schema(other)),
        };
        let field = exported(&schema);
        let is_pointer = matches!(kind, "string" | "integer" | "number" | "boolean");
        let value_type = self.go_type(&expression);
        let read = match &expression {
            Expression::Scalar(Scalar::String | Scalar::DateTime) => "d.PointTo(d.String())".into(),
            Expression::Scalar(Scalar::Boolean) => "d.PointToBool(d.Bool())".into(),
            Expression::MapOfMaps(inner) => {
                format!("readMapOfMaps(d, (*decoder).read{})", inner.name().unwrap_or_default())
            }
            other => self.expression(other, true),
        };
        context! {
            field, kind, schema, read, value_type,
            argument => unexported(&field),
            type => if is_pointer { format!("*{value_type}") } else { value_type.clone() },
            address => if is_pointer { "&" } else { "" },
            value => if is_pointer { "*" } else { "" },
        }
    }

    /// The name by which the official SDK calls a type inside a union.
    fn schema(&self, expression: &Expression) -> String {
        let name = expression.name().unwrap_or("Any");
        let of_enum = self.description.enums.iter().find(|item| item.name == name);
        let of_union = self.description.find_union(name);
        let schema = of_enum.map_or(of_union.and_then(|item| item.go_schema.clone()), |item| item.go_schema.clone());
        schema.unwrap_or_else(|| name.to_string())
    }
}
