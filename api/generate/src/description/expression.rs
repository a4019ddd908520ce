//! The types of fields and parameters, as the description writes them: `string`, `[FormField]`, `integer | null`.

use super::Description;

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
