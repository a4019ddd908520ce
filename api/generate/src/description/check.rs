//! Checks the description before anything is generated from it.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::{Description, Expression, Place, Scalar};

/// How many values of parameters the core keeps of one request.
const MOST_PARAMETERS: usize = 8;

impl Description {
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
        for item in &self.enums {
            let has_all = |texts: &IndexMap<String, String>| texts.is_empty() || texts.keys().eq(item.values.keys());
            if !has_all(&item.who) || !has_all(&item.steps) || item.who.is_empty() != item.steps.is_empty() {
                return Err(format!(
                    "types.toml: who and steps of {} do not have the same keys as its values",
                    item.name
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

    /// Checks that every name is described once, and what the generated code relies on.
    pub(super) fn check(&self) -> Result<(), String> {
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

fn is_scalar(value: &toml::Value) -> bool {
    !value.is_table() && !value.is_array() && !value.is_datetime()
}
