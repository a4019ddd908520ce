//! Parses and checks request bodies. An error message has the path to the wrong value. It names keys and JSON types,
//! never values.

use crate::catalogue::Integration;
use crate::clock::parse_iso8601;
use crate::connection::{Credentials, Record};
use crate::error::ApiError;
use crate::settings::{self, Settings, json_type};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use url::Url;

/// The body of an update. An absent key changes nothing. Read-only and unknown keys are ignored, so the response of a GET
/// can be sent back.
pub struct Update {
    pub enabled: Option<bool>,
    pub settings: Option<SettingsChange>,
    /// `Some(None)` removes the metadata.
    pub metadata: Option<Option<Box<RawValue>>>,
    pub configuration: Option<Vec<Value>>,
    pub custom_mappings: Option<Vec<Value>>,
}

/// The body of an import.
pub struct Import {
    pub credentials: Option<Credentials>,
    pub settings: Option<SettingsChange>,
    pub metadata: Option<Option<Box<RawValue>>>,
}

pub enum SettingsChange {
    /// `"settings": null`
    Clear,
    Merge(Settings),
}

impl Update {
    pub fn parse(body: &[u8]) -> Result<Update, ApiError> {
        let mut keys = Keys::parse(body)?;
        let enabled = match keys.value("enabled")? {
            None => None,
            Some(Value::Bool(enabled)) => Some(enabled),
            Some(other) => return Err(wrong_type("enabled", "a boolean", &other)),
        };
        let mut configuration = keys.array("configuration")?;
        for (at, entry) in configuration.iter_mut().flatten().enumerate() {
            complete_configuration(&format!("configuration[{at}]"), entry)?;
        }
        let custom_mappings = keys.array("custom_mappings")?;
        for (at, mapping) in custom_mappings.iter().flatten().enumerate() {
            check_mapping(&format!("custom_mappings[{at}]"), mapping)?;
        }
        let (settings, metadata) = (keys.settings()?, keys.metadata()?);
        Ok(Update { enabled, settings, metadata, configuration, custom_mappings })
    }

    /// Changes a stored connection.
    ///
    /// # Errors
    ///
    /// Fails with 422 if a setting has no form field or does not fit it.
    pub fn apply(self, integration: &Integration, record: &mut Record) -> Result<(), ApiError> {
        if let Some(change) = self.settings {
            change.apply(integration, &mut record.settings)?;
        }
        if let Some(enabled) = self.enabled {
            record.enabled = enabled;
        }
        if let Some(metadata) = self.metadata {
            record.metadata = metadata;
        }
        if let Some(configuration) = self.configuration {
            record.configuration = configuration;
        }
        if let Some(custom_mappings) = self.custom_mappings {
            record.custom_mappings = custom_mappings;
        }
        Ok(())
    }
}

impl SettingsChange {
    /// Changes stored settings.
    ///
    /// # Errors
    ///
    /// Fails with 422 if a setting has no form field or does not fit it.
    pub fn apply(self, integration: &Integration, settings: &mut Settings) -> Result<(), ApiError> {
        match self {
            SettingsChange::Clear => {
                settings.clear();
                Ok(())
            }
            SettingsChange::Merge(changes) => {
                settings::merge(integration, settings, changes).map_err(ApiError::settings)
            }
        }
    }
}

impl Import {
    /// Parses the body. `now` decides whether the access token has expired.
    pub fn parse(body: &[u8], now: i64) -> Result<Import, ApiError> {
        let mut keys = Keys::parse(body)?;
        let credentials = match keys.value("credentials")? {
            None => None,
            Some(Value::Object(given)) => Some(credentials(&given, now)?),
            Some(other) => return Err(wrong_type("credentials", "an object", &other)),
        };
        Ok(Import { credentials, settings: keys.settings()?, metadata: keys.metadata()? })
    }
}

/// Checks the body of an operation without parameters: it is empty, or an object without keys.
pub fn check_empty(body: &[u8]) -> Result<(), ApiError> {
    if body.is_empty() || Keys::parse(body)?.0.is_empty() {
        return Ok(());
    }
    Err(ApiError::request("The body must be {}: this operation has no parameters"))
}

/// Returns the service that a migration names as its target.
pub fn migration_target(body: &[u8]) -> Result<String, ApiError> {
    Keys::parse(body)?.required_string("target_service_id")
}

/// The keys of a body. Each value is still JSON text.
pub struct Keys(HashMap<String, Box<RawValue>>);

impl Keys {
    pub fn parse(body: &[u8]) -> Result<Keys, ApiError> {
        // Parsing to a value first finds bad syntax, bad escapes and too deep nesting everywhere in the body.
        let whole: Value = serde_json::from_slice(body).map_err(|cause| {
            let (line, column) = (cause.line(), cause.column());
            ApiError::request(format!("The body is not JSON: line {line}, column {column}"))
        })?;
        if !whole.is_object() {
            return Err(ApiError::request(format!("The body: expected an object, found {}", json_type(&whole))));
        }
        serde_json::from_slice(body).map(Keys).map_err(|_| ApiError::request("The body is not JSON"))
    }

    /// Fails with 400 if a key was not taken.
    pub fn finish(self) -> Result<(), ApiError> {
        match self.0.keys().min() {
            None => Ok(()),
            Some(unknown) => Err(ApiError::request(format!("{unknown}: unknown"))),
        }
    }

    pub fn required_string(&mut self, key: &str) -> Result<String, ApiError> {
        match self.value(key)? {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(Value::String(_)) => Err(ApiError::request(format!("{key}: empty"))),
            Some(other) => Err(wrong_type(key, "a string", &other)),
            None => Err(ApiError::request(format!("{key}: missing"))),
        }
    }

    pub fn value(&mut self, key: &str) -> Result<Option<Value>, ApiError> {
        let Some(text) = self.0.remove(key) else { return Ok(None) };
        serde_json::from_str(text.get()).map(Some).map_err(|_| ApiError::request(format!("{key}: not JSON")))
    }

    fn array(&mut self, key: &str) -> Result<Option<Vec<Value>>, ApiError> {
        match self.value(key)? {
            None => Ok(None),
            Some(Value::Array(entries)) => Ok(Some(entries)),
            Some(other) => Err(wrong_type(key, "an array", &other)),
        }
    }

    fn settings(&mut self) -> Result<Option<SettingsChange>, ApiError> {
        match self.value("settings")? {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(SettingsChange::Clear)),
            Some(Value::Object(settings)) => Ok(Some(SettingsChange::Merge(settings))),
            Some(other) => Err(wrong_type("settings", "an object or null", &other)),
        }
    }

    fn metadata(&mut self) -> Result<Option<Option<Box<RawValue>>>, ApiError> {
        let Some(text) = self.0.remove("metadata") else { return Ok(None) };
        match serde_json::from_str::<Value>(text.get()) {
            Ok(Value::Null) => Ok(Some(None)),
            // The API defines the meaning of this key only.
            Ok(Value::Object(keys)) => string("metadata", "company_id", &keys).map(|()| Some(Some(text))),
            Ok(other) => Err(wrong_type("metadata", "an object or null", &other)),
            Err(_) => Err(ApiError::request("metadata: not JSON")),
        }
    }
}

pub fn wrong_type(path: &str, expected: &str, found: &Value) -> ApiError {
    ApiError::request(format!("{path}: expected {expected}, found {}", json_type(found)))
}

/// Parses the URL of a web page. Other schemes are refused, because a browser might run or open what a stranger chose.
///
/// # Errors
///
/// Fails with 400 if `text` is not an absolute `http` or `https` URL. The message begins with `path`.
pub fn web_url(path: &str, text: &str) -> Result<Url, ApiError> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| ApiError::request(format!("{path}: expected an absolute http or https URL")))
}

fn credentials(given: &Map<String, Value>, now: i64) -> Result<Credentials, ApiError> {
    const KNOWN: [&str; 4] = ["refresh_token", "access_token", "issued_at", "expires_in"];
    if let Some(unknown) = given.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(ApiError::request(format!("credentials.{unknown}: unknown; known are {}", KNOWN.join(", "))));
    }
    let token = |key: &str| match given.get(key) {
        None => Ok(None),
        Some(Value::Null) if key == "refresh_token" => Ok(None),
        Some(Value::String(token)) => Ok(Some(token.clone()).filter(|token| !token.is_empty())),
        Some(other) => Err(wrong_type(&format!("credentials.{key}"), "a string", other)),
    };
    let (access_token, refresh_token) = (token("access_token")?, token("refresh_token")?);
    if access_token.is_none() && refresh_token.is_none() {
        return Err(ApiError::request("credentials: expected an access_token or a refresh_token"));
    }
    let issued_at = match given.get("issued_at") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(parse_iso8601(text).ok_or_else(|| {
            ApiError::request("credentials.issued_at: not a date and time like 2020-01-01T00:00:00Z")
        })?),
        Some(other) => return Err(wrong_type("credentials.issued_at", "a string", other)),
    };
    let expires_in = match given.get("expires_in") {
        None | Some(Value::Null) => None,
        Some(value) => Some(value.as_i64().filter(|seconds| *seconds >= 0).ok_or_else(|| {
            ApiError::request(format!("credentials.expires_in: expected whole seconds, found {}", json_type(value)))
        })?),
    };
    let expires_at =
        issued_at.zip(expires_in).map(|(at, seconds): (i64, i64)| at.saturating_add(seconds.saturating_mul(1000)));
    // A token that has expired or has no known expiry needs an exchange.
    let current = access_token.is_some() && expires_at.is_some_and(|expires_at| expires_at > now);
    Ok(Credentials { access_token, refresh_token, current, expires_at })
}

fn object<'a>(path: &str, value: &'a mut Value) -> Result<&'a mut Map<String, Value>, ApiError> {
    match value {
        Value::Object(keys) => Ok(keys),
        other => Err(wrong_type(path, "an object", other)),
    }
}

fn entries<'a>(path: &str, key: &str, keys: &'a mut Map<String, Value>) -> Result<&'a mut [Value], ApiError> {
    match keys.get_mut(key) {
        None => Ok(&mut []),
        Some(Value::Array(entries)) => Ok(entries),
        Some(other) => Err(wrong_type(&format!("{path}.{key}"), "an array", other)),
    }
}

pub fn string(path: &str, key: &str, keys: &Map<String, Value>) -> Result<(), ApiError> {
    match keys.get(key) {
        None | Some(Value::String(_)) => Ok(()),
        Some(other) => Err(wrong_type(&format!("{path}.{key}"), "a string", other)),
    }
}

fn complete_configuration(path: &str, entry: &mut Value) -> Result<(), ApiError> {
    let keys = object(path, entry)?;
    string(path, "resource", keys)?;
    for (at, default) in entries(path, "defaults", keys)?.iter_mut().enumerate() {
        let path = format!("{path}.defaults[{at}]");
        let keys = object(&path, default)?;
        string(&path, "id", keys)?;
        if keys.get("target").is_some_and(|target| target != "custom_fields" && target != "resource") {
            return Err(ApiError::request(format!("{path}.target: expected \"custom_fields\" or \"resource\"")));
        }
        check_value(&path, keys)?;
        for (at, option) in entries(&path, "options", keys)?.iter_mut().enumerate() {
            complete_option(&format!("{path}.options[{at}]"), option, true)?;
        }
    }
    Ok(())
}

/// Checks an option and adds its type if that is missing. Some SDKs send the options inside a group without a type.
fn complete_option(path: &str, option: &mut Value, may_be_group: bool) -> Result<(), ApiError> {
    let keys = object(path, option)?;
    if keys.get("option_type").is_none_or(|kind| kind == "") {
        let kind = if keys.contains_key("options") { "group" } else { "simple" };
        keys.insert("option_type".into(), kind.into());
    }
    if !keys.contains_key("label") {
        return Err(ApiError::request(format!("{path}.label: missing")));
    }
    string(path, "label", keys)?;
    string(path, "id", keys)?;
    match keys["option_type"].as_str() {
        Some("simple") => check_value(path, keys),
        Some("group") if may_be_group && keys.contains_key("options") => {
            for (at, inner) in entries(path, "options", keys)?.iter_mut().enumerate() {
                complete_option(&format!("{path}.options[{at}]"), inner, false)?;
            }
            Ok(())
        }
        Some("group") if may_be_group => Err(ApiError::request(format!("{path}.options: missing"))),
        _ if may_be_group => Err(ApiError::request(format!("{path}.option_type: expected \"simple\" or \"group\""))),
        _ => Err(ApiError::request(format!("{path}.option_type: expected \"simple\""))),
    }
}

fn check_value(path: &str, keys: &Map<String, Value>) -> Result<(), ApiError> {
    match keys.get("value") {
        None | Some(Value::String(_) | Value::Number(_) | Value::Bool(_)) => Ok(()),
        Some(Value::Array(parts)) => match parts.iter().position(|part| !part.is_string() && !part.is_number()) {
            None => Ok(()),
            Some(at) => Err(wrong_type(&format!("{path}.value[{at}]"), "a string or a number", &parts[at])),
        },
        Some(other) => Err(wrong_type(&format!("{path}.value"), "a string, a number, a boolean or an array", other)),
    }
}

fn check_mapping(path: &str, mapping: &Value) -> Result<(), ApiError> {
    let Value::Object(keys) = mapping else { return Err(wrong_type(path, "an object", mapping)) };
    for (key, value) in keys {
        let (fits, expected) = match key.as_str() {
            "value" | "id" | "label" | "key" => (value.is_string(), "a string"),
            "description" | "consumer_id" | "example" => (value.is_string() || value.is_null(), "a string or null"),
            "required" | "custom_field" => (value.is_boolean(), "a boolean"),
            _ => return Err(ApiError::request(format!("{path}.{key}: unknown"))),
        };
        if !fits {
            return Err(wrong_type(&format!("{path}.{key}"), expected, value));
        }
    }
    Ok(())
}
