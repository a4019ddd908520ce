//! One resource of an integration and its settings, for example which fields of a lead are filled in by default.
//! The catalogue declares the settings. The connection's `configuration` stores their values.

use crate::catalogue::{FormField, Integration};
use crate::connection::Record;
use crate::error::{ApiError, names};
use crate::settings;
use serde_json::{Map, Value, json};

/// A resource that its integration lets users configure.
pub struct Resource {
    pub integration: &'static Integration,
    pub name: String,
}

impl Resource {
    /// Finds a configurable resource by its name.
    ///
    /// # Errors
    ///
    /// Fails with 404 if the integration has no such resource.
    pub fn new(integration: &'static Integration, name: &str) -> Result<Resource, ApiError> {
        if integration.configurable_resources.iter().any(|known| known == name) {
            return Ok(Resource { integration, name: name.to_string() });
        }
        let known = names(&integration.configurable_resources);
        let detail = format!("{} has no configurable resource '{name}' (it has: {known})", integration.name);
        Err(ApiError::entity_not_found("Unknown Resource", detail))
    }

    /// Returns the settings that the catalogue declares for this resource.
    pub fn fields(&self) -> &'static [FormField] {
        self.integration.resource_settings.get(&self.name).map_or(&[], Vec::as_slice)
    }

    fn field(&self, id: &str) -> Option<&'static FormField> {
        self.fields().iter().find(|field| field.id == id)
    }

    /// Returns the stored values of the declared settings, by id.
    pub fn values(&self, record: Option<&Record>) -> settings::Settings {
        let stored = record.map(|record| self.stored(&record.configuration)).unwrap_or_default();
        let declared = stored.into_iter().filter(|default| self.field(id(default)).is_some());
        declared.filter_map(|mut default| Some((id(&default).to_string(), default.get_mut("value")?.take()))).collect()
    }

    /// Returns the configuration entry of this resource: all declared settings with their values, then other stored
    /// defaults.
    pub fn configuration(&self, record: Option<&Record>) -> Value {
        let values = self.values(record);
        let stored = record.map(|record| self.stored(&record.configuration)).unwrap_or_default();
        let declared = self.fields().iter().map(|field| default(field, values.get(&field.id).cloned()));
        let others = stored.into_iter().filter(|default| self.field(id(default)).is_none());
        json!({"resource": self.name, "defaults": declared.chain(others).collect::<Vec<_>>()})
    }

    /// Returns the defaults of this resource in `configuration`.
    fn stored(&self, configuration: &[Value]) -> Vec<Value> {
        let entries = configuration.iter().filter(|entry| entry["resource"] == self.name.as_str());
        entries.filter_map(|entry| entry["defaults"].as_array()).flatten().cloned().collect()
    }

    /// Merges `entries` of a request into the stored configuration. Defaults that the request does not name keep their
    /// values. `body` has checked the types of the entries.
    ///
    /// # Errors
    ///
    /// Fails with 422 if a setting is not declared or a value does not fit it, and with 400 if a default has no id.
    pub fn merge(&self, configuration: &mut Vec<Value>, entries: Vec<Value>) -> Result<(), ApiError> {
        let mut defaults = self.stored(configuration);
        for (at, entry) in entries.into_iter().enumerate() {
            let path = format!("configuration[{at}]");
            if entry.get("resource").is_some_and(|resource| resource != self.name.as_str()) {
                let detail = format!("{path}.resource: expected '{}', the resource of the path", self.name);
                return Err(ApiError::settings(detail));
            }
            for (at, change) in entry["defaults"].as_array().into_iter().flatten().enumerate() {
                self.merge_default(&format!("{path}.defaults[{at}]"), &mut defaults, change)?;
            }
        }
        self.replace(configuration, defaults);
        Ok(())
    }

    fn merge_default(&self, path: &str, defaults: &mut Vec<Value>, change: &Value) -> Result<(), ApiError> {
        let Some(wanted) = change["id"].as_str() else {
            return Err(ApiError::request(format!("{path}.id: missing")));
        };
        let stored = defaults.iter_mut().find(|default| id(default) == wanted);
        match (self.field(wanted), stored) {
            (Some(field), stored) => {
                let Some(value) = change.get("value") else { return Ok(()) };
                settings::check(field, value)
                    .map_err(|wrong| ApiError::settings(format!("{path}.value ({wanted}): {wrong}")))?;
                let changed = default(field, Some(value.clone()));
                match stored {
                    Some(stored) => *stored = changed,
                    None => defaults.push(changed),
                }
            }
            (None, Some(stored)) => {
                let keys = change.as_object().into_iter().flatten();
                stored.as_object_mut().into_iter().for_each(|stored| {
                    stored.extend(keys.clone().map(|(key, value)| (key.clone(), value.clone())));
                });
            }
            (None, None) => {
                let known = names(self.fields().iter().map(|field| &field.id));
                let detail = format!("{path}.id: '{}' has no setting '{wanted}' (it has: {known})", self.name);
                return Err(ApiError::settings(detail));
            }
        }
        Ok(())
    }

    /// Stores the changes of a form. `null` removes a value.
    ///
    /// # Errors
    ///
    /// Fails with 422 if a value does not fit its setting.
    pub fn merge_form(&self, configuration: &mut Vec<Value>, changes: settings::Settings) -> Result<(), ApiError> {
        let mut defaults = self.stored(configuration);
        for (id_of_change, value) in changes {
            defaults.retain(|default| id(default) != id_of_change);
            let Some(field) = self.field(&id_of_change).filter(|_| !value.is_null()) else { continue };
            settings::check(field, &value).map_err(|wrong| ApiError::settings(format!("{}: {wrong}", field.label)))?;
            defaults.push(default(field, Some(value)));
        }
        self.replace(configuration, defaults);
        Ok(())
    }

    fn replace(&self, configuration: &mut Vec<Value>, defaults: Vec<Value>) {
        configuration.retain(|entry| entry["resource"] != self.name.as_str());
        if !defaults.is_empty() {
            configuration.push(json!({"resource": self.name, "defaults": defaults}));
        }
    }
}

fn id(default: &Value) -> &str {
    default["id"].as_str().unwrap_or_default()
}

/// Returns a declared setting in the format of a response.
fn default(field: &FormField, value: Option<Value>) -> Value {
    let target = if field.custom_field { "custom_fields" } else { "resource" };
    let mut keys = Map::new();
    keys.insert("id".into(), field.id.as_str().into());
    keys.insert("target".into(), target.into());
    keys.insert("options".into(), json!(field.options));
    keys.extend(value.map(|value| ("value".to_string(), value)));
    keys.into()
}
