//! The catalogue of integrations, read once from `catalogue.json`. It does not change while the server runs.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How users sign in to an integration. The names are those of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthType {
    Oauth2,
    ApiKey,
    Basic,
    Custom,
    None,
}

impl AuthType {
    pub fn name(self) -> &'static str {
        match self {
            AuthType::Oauth2 => "oauth2",
            AuthType::ApiKey => "apiKey",
            AuthType::Basic => "basic",
            AuthType::Custom => "custom",
            AuthType::None => "none",
        }
    }
}

/// Which OAuth 2 grant an `oauth2` integration uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    AuthorizationCode,
    ClientCredentials,
    Password,
}

impl Grant {
    pub fn name(self) -> &'static str {
        match self {
            Grant::AuthorizationCode => "authorization_code",
            Grant::ClientCredentials => "client_credentials",
            Grant::Password => "password",
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct FormField {
    pub id: String,
    pub label: String,
    pub r#type: String,
    pub required: bool,
    pub placeholder: Option<String>,
    pub description: Option<String>,
    pub custom_field: bool,
    pub disabled: bool,
    pub hidden: bool,
    pub sensitive: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    #[serde(default)]
    pub allow_custom_values: bool,
    /// Simple options and groups of them, for the select types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FormFieldOption>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(tag = "option_type", rename_all = "snake_case")]
pub enum FormFieldOption {
    Simple { label: String, value: Value },
    Group { id: String, label: String, options: Vec<FormFieldOption> },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    pub unified_api: String,
    pub service_id: String,
    pub name: String,
    pub tag_line: String,
    pub website: String,
    pub auth_type: AuthType,
    /// Set exactly for integrations with `oauth2`.
    pub oauth_grant_type: Option<Grant>,
    pub icon: String,
    pub logo: String,
    pub configurable_resources: Vec<String>,
    /// The settings that the authorize page needs to find the user's account.
    pub settings_required_for_authorization: Vec<String>,
    pub form_fields: Vec<FormField>,
    /// The settings of each resource, by resource name.
    #[serde(default)]
    pub resource_settings: BTreeMap<String, Vec<FormField>>,
    /// The services of the same unified API that a connection can be migrated to.
    #[serde(default)]
    pub migration_targets: Vec<String>,
}

impl Integration {
    /// Returns whether its connections have authorize and revoke pages. OAuth 2 integrations do.
    pub fn has_links(&self) -> bool {
        self.oauth_grant_type.is_some()
    }

    /// Returns whether responses show the links. The grants without a user have no page where one signs in: a program
    /// calls `token` instead.
    pub fn signs_in_users(&self) -> bool {
        self.oauth_grant_type == Some(Grant::AuthorizationCode)
    }

    /// Returns its unified API and service id, which identify it together.
    pub fn key(&self) -> (&str, &str) {
        (&self.unified_api, &self.service_id)
    }

    /// Returns the id of its connections.
    pub fn id(&self) -> String {
        format!("{}+{}", self.unified_api, self.service_id)
    }

    /// Returns whether the user cannot sign in without this field.
    pub fn needs_to_authorize(&self, field: &FormField) -> bool {
        let sends_settings = matches!(self.oauth_grant_type, Some(Grant::ClientCredentials | Grant::Password));
        self.settings_required_for_authorization.contains(&field.id) || (sends_settings && field.required)
    }

    pub fn form_field(&self, id: &str) -> Option<&FormField> {
        self.form_fields.iter().find(|field| field.id == id)
    }
}

static CATALOGUE: LazyLock<Vec<Integration>> = LazyLock::new(|| {
    // The text is part of the program, and a test parses it, so this cannot fail for a user.
    serde_json::from_str(include_str!("../catalogue.json")).expect("catalogue.json is an array of integrations")
});

/// Returns all integrations in the order of the list.
pub fn all() -> &'static [Integration] {
    &CATALOGUE
}

pub fn find(unified_api: &str, service_id: &str) -> Option<&'static Integration> {
    all().iter().find(|entry| entry.key() == (unified_api, service_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalogue_covers_every_auth_type_grant_and_form_field_type() {
        let auth_types: HashSet<_> = all().iter().map(|entry| format!("{:?}", entry.auth_type)).collect();
        let grants: HashSet<_> = all().iter().filter_map(|entry| entry.oauth_grant_type).map(Grant::name).collect();
        let types: HashSet<_> = all().iter().flat_map(|entry| &entry.form_fields).map(|field| &field.r#type).collect();
        let apis: HashSet<_> = all().iter().map(|entry| &entry.unified_api).collect();
        assert_eq!((auth_types.len(), grants.len(), types.len()), (5, 3, 14));
        assert!(all().len() >= 14 && apis.len() >= 5);
    }

    #[test]
    fn entries_are_unique_complete_and_consistent() {
        let mut seen = HashSet::new();
        for entry in all() {
            assert!(seen.insert(entry.key()), "{} twice", entry.service_id);
            assert_eq!(entry.auth_type == AuthType::Oauth2, entry.oauth_grant_type.is_some(), "{}", entry.service_id);
            assert!(entry.icon.starts_with("data:image/svg+xml,") && entry.logo.starts_with("data:image/svg+xml,"));
            assert!(!entry.tag_line.is_empty() && entry.website.starts_with("https://"));
            for id in &entry.settings_required_for_authorization {
                assert!(entry.form_field(id).is_some_and(|field| field.required), "{id}");
            }
            for resource in entry.resource_settings.keys() {
                assert!(entry.configurable_resources.contains(resource), "{resource}");
            }
        }
    }

    #[test]
    fn a_migration_target_has_every_form_field_of_its_source() {
        let mut pairs = 0;
        for source in all() {
            for target in &source.migration_targets {
                let target = find(&source.unified_api, target).expect("a service of the same unified API");
                assert_ne!(target.key(), source.key());
                assert_eq!(target.oauth_grant_type, source.oauth_grant_type, "{}", source.service_id);
                for field in &source.form_fields {
                    assert_eq!(target.form_field(&field.id).map(|field| &field.r#type), Some(&field.r#type));
                }
                pairs += 1;
            }
        }
        assert!(pairs > 0);
    }

    #[test]
    fn the_readme_shows_the_catalogue() {
        let readme = include_str!("../README.md");
        assert!(readme.contains(&format!("a catalogue of {} integrations", all().len())));
        for entry in all() {
            let grant = entry.oauth_grant_type.map_or(String::new(), |grant| format!(", {}", grant.name()));
            let mut fields: Vec<_> = (entry.form_fields.iter())
                .map(|field| format!("`{}`{}", field.id, if field.required { "*" } else { "" }))
                .collect();
            if fields.is_empty() {
                fields.push("–".into());
            }
            let (api, service) = entry.key();
            let row = format!("| {api} | {service} | {}{grant} | {} |\n", entry.auth_type.name(), fields.join(", "));
            assert!(readme.contains(&row), "{row}");
        }
    }
}
