//! Settings against the form fields that ask for them: which keys exist, and which values a field takes.
//! Messages name keys and JSON types, never values: a setting may be a secret.

use crate::catalogue::{FormField, FormFieldOption, Integration};
use crate::error::names;
use serde_json::{Map, Value};

pub type Settings = Map<String, Value>;

/// Puts `changes` into `settings`: a value replaces, `null` removes.
/// Nothing is changed when a key has no form field or a value does not fit its field; the error says which.
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

/// The required form fields that have no value yet. An empty string is no value.
pub fn missing<'a>(integration: &'a Integration, settings: &Settings) -> Vec<&'a str> {
    let filled = |id: &str| settings.get(id).is_some_and(|value| value != "");
    integration.form_fields.iter().filter(|field| field.required && !filled(&field.id)).map(|f| f.id.as_str()).collect()
}

/// The name of a value's JSON type, for messages that must not show the value.
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

/// Whether a field takes this value; the error says what it takes.
pub fn check(field: &FormField, value: &Value) -> Result<(), String> {
    let expected = |what: &str| Err(format!("expected {what}, found {}", json_type(value)));
    match field.r#type.as_str() {
        "checkbox" if !value.is_boolean() => expected("a boolean"),
        "number" if !value.is_number() => expected("a number"),
        "checkbox" | "number" => Ok(()),
        "multi-select" => match value.as_array() {
            None => expected("an array of options"),
            Some(chosen) if field.allow_custom_values || chosen.iter().all(|one| offers(&field.options, one)) => Ok(()),
            Some(_) => Err("a value that is not among the options".into()),
        },
        "select" | "filtered-select" if value.is_array() || value.is_object() => expected("one of the options"),
        "select" | "filtered-select" if field.allow_custom_values || offers(&field.options, value) => Ok(()),
        "select" | "filtered-select" => Err("a value that is not among the options".into()),
        kind => match (kind, value.as_str()) {
            (_, None) => expected("a string"),
            // An empty text empties the field, as it does in a form.
            (_, Some("")) => Ok(()),
            ("email", Some(text)) if !text.contains('@') => Err("not an email address".into()),
            ("url", Some(text)) if !matches!(url::Url::parse(text).map(|u| u.has_host()), Ok(true)) => {
                Err("not a URL with a scheme and a host".into())
            }
            _ => Ok(()),
        },
    }
}

fn offers(options: &[FormFieldOption], wanted: &Value) -> bool {
    options.iter().any(|option| match option {
        FormFieldOption::Simple { value, .. } => value == wanted,
        FormFieldOption::Group { options, .. } => offers(options, wanted),
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
    fn each_type_of_form_field_takes_its_kind_of_value_and_no_other() {
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
    fn a_refused_value_is_not_in_the_message() {
        let message = merged("crm", "pipedrive", json!({"api_key": {"s3cret": "s3cret"}})).unwrap_err();
        assert_eq!(message, "settings.api_key: expected a string, found an object");
    }
}
