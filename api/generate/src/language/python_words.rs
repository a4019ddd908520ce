//! Python: how types and documentation of the description are written.

use crate::description::{Description, Expression, Scalar};

/// The type of an attribute of a model.
pub fn model(of: &Expression) -> String {
    match of {
        Expression::Scalar(Scalar::String) => "str".into(),
        Expression::Scalar(Scalar::Integer) => "int".into(),
        Expression::Scalar(Scalar::Number) => "float".into(),
        Expression::Scalar(Scalar::Boolean) => "bool".into(),
        Expression::Scalar(Scalar::DateTime) => "datetime".into(),
        Expression::Scalar(Scalar::Object) => "Dict[str, Any]".into(),
        Expression::Array(inner) => format!("List[{}]", model(inner)),
        Expression::MapOfMaps(inner) => format!("Dict[str, Dict[str, {}]]", model(inner)),
        Expression::Nullable(inner) => format!("Optional[{}]", model(inner)),
        Expression::Named(name) => name.clone(),
    }
}

/// The type of a member of a typed dictionary.
pub fn typed_dict(of: &Expression, description: &Description) -> String {
    match of {
        Expression::Array(inner) => format!("List[{}]", typed_dict(inner, description)),
        Expression::MapOfMaps(inner) => format!("Dict[str, Dict[str, {}]]", typed_dict(inner, description)),
        Expression::Named(name) if !description.is_enum(name) => format!("{name}TypedDict"),
        other => model(other),
    }
}

/// The description's words for JSON values in those of Python.
pub fn python_words(text: &str) -> String {
    text.replace("`true`", "`True`").replace("`false`", "`False`").replace("`null`", "`None`")
}
