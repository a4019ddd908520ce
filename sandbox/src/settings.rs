//! Checks settings against the form fields of an integration. Messages name keys and JSON types, never values, because a
//! setting may be a secret.

use crate::catalogue::{FormField, FormFieldOption, Integration};
use crate::error::names;
use serde_json::{Map, Value};

pub type Settings = Map<String, Value>;

/// Merges `changes` into `settings`. A value replaces the old one, and `null` removes it.
///
/// # Errors
///
/// Fails and changes nothing if a key has no form field or a value does not fit its field. The message names the key.
pub fn merge(integration: &Integration, settings: &mut Settings, changes: Settings) -> Result<(), String> {
    for (id, value) in &changes {
        let Some(field) = integration.form_field(id) else {
            let known = names(integration.form_fields.iter().map(|field| &field.id));
            return Err(format!("settings.{id}: {} has no such form field (it has: {known})", integration.name));
        };
        if !value.is_null() {
            check(field, value).map_err(|wrong| format!("settings.{id}: {wrong}"))?;
        }
    }
    for (id, value) in changes {
        if value.is_null() {
            settings.remove(&id);
        } else {
            settings.insert(id, value);
        }
    }
    Ok(())
}

/// Returns the ids of required form fields without a value. An empty string counts as no value.
pub fn missing<'a>(integration: &'a Integration, settings: &Settings) -> Vec<&'a str> {
    let filled = |id: &str| settings.get(id).is_some_and(|value| value != "");
    integration.form_fields.iter().filter(|field| field.required && !filled(&field.id)).map(|f| f.id.as_str()).collect()
}

/// Returns the name of a value's JSON type, for messages that must not show the value.
pub fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Checks that a value fits its field.
///
/// # Errors
///
/// Fails with a message that says what the field accepts.
pub fn check(field: &FormField, value: &Value) -> Result<(), String> {
    let expected = |what: &str| Err(format!("expected {what}, found {}", json_type(value)));
    match field.r#type.as_str() {
        "checkbox" if !value.is_boolean() => expected("a boolean"),
        "number" if !value.is_number() => expected("a number"),
        "checkbox" | "number" => Ok(()),
        "multi-select" => match value.as_array() {
            None => expected("an array of options"),
            Some(chosen) if field.allow_custom_values || chosen.iter().all(|one| has_option(&field.options, one)) => {
                Ok(())
            }
            Some(_) => Err("the value is not one of the options".into()),
        },
        "select" | "filtered-select" if value.is_array() || value.is_object() => expected("one of the options"),
        "select" | "filtered-select" if field.allow_custom_values || has_option(&field.options, value) => Ok(()),
        "select" | "filtered-select" => Err("the value is not one of the options".into()),
        kind => match (kind, value.as_str()) {
            (_, None) => expected("a string"),
            // An empty string clears the field, as in a form.
            (_, Some("")) => Ok(()),
            ("email", Some(text)) if !text.contains('@') => Err("not an email address".into()),
            ("url", Some(text)) if !matches!(url::Url::parse(text).map(|u| u.has_host()), Ok(true)) => {
                Err("not a URL with a scheme and a host".into())
            }
            _ => Ok(()),
        },
    }
}

fn has_option(options: &[FormFieldOption], wanted: &Value) -> bool {
    options.iter().any(|option| match option {
        FormFieldOption::Simple { value, .. } => value == wanted,
        FormFieldOption::Group { options, .. } => has_option(options, wanted),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::find;
    use serde_json::json;

    fn merged(api: &str, service: &str, changes: Value) -> Result<Settings, String> {
        let mut settings = Settings::new();
        let Value::Object(changes) = changes else { panic!("settings are an object") };
        merge(find(api, service).unwrap(), &mut settings, changes).map(|()| settings)
    }

    #[test]
    fn each_type_of_form_field_accepts_only_values_of_its_type() {
        for (api, service, right, wrong) in [
            ("hris", "personio", json!({"include_former": true}), json!({"include_former": "yes"})),
            ("accounting", "netsuite", json!({"page_size": 50}), json!({"page_size": "50"})),
            ("accounting", "netsuite", json!({"private_key": "a\nb"}), json!({"private_key": 1})),
            ("accounting", "quickbooks", json!({"environment": "sandbox"}), json!({"environment": "moon"})),
            ("accounting", "quickbooks", json!({"sync_since": "2024-01-01T00:00:00Z"}), json!({"sync_since": {}})),
            ("accounting", "xero", json!({"tenant_id": "anything"}), json!({"tenant_id": []})),
            ("crm", "hubspot", json!({"lifecycle_stages": ["lead", "other"]}), json!({"lifecycle_stages": ["x"]})),
            ("crm", "hubspot", json!({"lifecycle_stages": []}), json!({"lifecycle_stages": "lead"})),
            ("crm", "salesforce", json!({"instance_url": "https://a.example"}), json!({"instance_url": "a.example"})),
            ("issue-tracking", "jira", json!({"contact_email": "a@b.example"}), json!({"contact_email": "nobody"})),
            ("ecommerce", "demo-shop", json!({"currency": "CHF"}), json!({"currency": "GBP"})),
        ] {
            assert!(merged(api, service, right.clone()).is_ok(), "{service} {right}");
            assert!(merged(api, service, wrong.clone()).is_err(), "{service} {wrong}");
        }
    }

    #[test]
    fn the_message_does_not_contain_the_refused_value() {
        let message = merged("crm", "pipedrive", json!({"api_key": {"s3cret": "s3cret"}})).unwrap_err();
        assert_eq!(message, "settings.api_key: expected a string, found an object");
    }
}
