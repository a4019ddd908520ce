//! One connection: its stored record, its state, and its form in responses. Nothing here uses the database or HTTP.

use crate::catalogue::{AuthType, FormField, Grant, Integration};
use crate::event::EventType;
use crate::refresh::{Failure, Refresh};
use crate::settings::{self, Settings};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The states of a connection, in the usual order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The integration is in the catalogue, but nothing is stored.
    Available,
    /// Something is stored, but the user has not signed in yet.
    Added,
    /// Credentials are stored, but a required setting or an access token is missing.
    Authorized,
    /// The user denied or revoked access, or a required setting was removed.
    Invalid,
    /// The connection is ready for calls to its API.
    Callable,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Available => "available",
            State::Added => "added",
            State::Authorized => "authorized",
            State::Invalid => "invalid",
            State::Callable => "callable",
        }
    }
}

/// Why a connection without credentials is `invalid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    Denied,
    Revoked,
    /// The provider refused to refresh the token, and the credentials were deleted.
    Expired,
}

/// Credentials that were imported or that the authorize page created. No response contains them, and there is no `Debug`
/// that could print them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub access_token: Option<String>,
    pub refresh_token: Option<String>,
    /// Whether the access token is or was valid. If not, it needs an exchange.
    pub current: bool,
    /// When the access token expires, in milliseconds since 1970. `None` means that nobody knows.
    #[serde(default)]
    pub expires_at: Option<i64>,
}

impl Credentials {
    /// Returns new credentials, as a provider would issue them.
    pub fn issued_here() -> Self {
        let access_token = Some("issued by the sandbox".into());
        Credentials { access_token, refresh_token: None, current: true, expires_at: None }
    }

    /// Makes the refreshes that succeeded since the access token expired.
    pub fn catch_up(&mut self, now: i64, lifetime: i64) {
        if let Some(expires_at) = self.expires_at.as_mut().filter(|expires_at| **expires_at <= now) {
            let refreshes = (now - *expires_at) / lifetime + 1;
            *expires_at = expires_at.saturating_add(refreshes.saturating_mul(lifetime));
        }
    }
}

/// The stored record of a connection. A connection without a record is `available`.
#[derive(Clone)]
pub struct Record {
    pub enabled: bool,
    pub settings: Settings,
    /// The JSON text of the client, byte for byte.
    pub metadata: Option<Box<RawValue>>,
    pub configuration: Vec<Value>,
    pub custom_mappings: Vec<Value>,
    pub credentials: Option<Credentials>,
    pub refusal: Option<Refusal>,
    /// Whether it was callable with its current credentials. If so, a missing setting makes it invalid.
    pub was_callable: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub updated_at: i64,
    /// The service that this connection was migrated from.
    pub migrated_from: Option<String>,
    pub refresh: Refresh,
    /// When the service could not be reached. `None` means that it can.
    pub degraded_at: Option<i64>,
    /// What happened since the record was read, beside the changes of its fields. This is not stored.
    pub events: Vec<EventType>,
}

impl Record {
    pub fn new(now: i64) -> Self {
        Record {
            enabled: true,
            settings: Settings::new(),
            metadata: None,
            configuration: Vec::new(),
            custom_mappings: Vec::new(),
            credentials: None,
            refusal: None,
            was_callable: false,
            created_at: now,
            updated_at: now,
            migrated_from: None,
            refresh: Refresh::default(),
            degraded_at: None,
            events: Vec::new(),
        }
    }

    /// Stores credentials. This clears an earlier denial or revocation, and refreshes that failed. A provider that refused
    /// the old credentials accepts the new ones.
    pub fn sign_in(&mut self, credentials: Credentials) {
        self.credentials = Some(credentials);
        self.refusal = None;
        self.was_callable = false;
        self.refresh.accept_new_credentials();
        self.events.push(EventType::Updated);
    }

    /// Exchanges the stored credentials or settings for an access token, for grants without a user. Returns whether the
    /// provider allowed it.
    ///
    /// # Errors
    ///
    /// Fails with the names of the missing settings if there are neither credentials nor complete settings.
    pub fn exchange(&mut self, integration: &Integration, now: i64, lifetime: i64) -> Result<bool, String> {
        let missing = settings::missing(integration, &self.settings);
        if self.credentials.is_none() && !missing.is_empty() {
            return Err(missing.join(", "));
        }
        if !self.refresh.succeeds() {
            self.attempt_refresh(now, lifetime);
            return Ok(false);
        }
        self.sign_in(self.refreshed(now.saturating_add(lifetime)));
        Ok(true)
    }

    /// Returns new credentials that keep the refresh token.
    pub fn refreshed(&self, expires_at: i64) -> Credentials {
        let refresh_token = self.credentials.as_ref().and_then(|credentials| credentials.refresh_token.clone());
        Credentials { refresh_token, expires_at: Some(expires_at), ..Credentials::issued_here() }
    }

    /// Returns whether the stored credentials need the token operation.
    pub fn needs_exchange(&self, integration: &Integration) -> bool {
        matches!(signed_in(integration, self.credentials.as_ref()), SignIn::Pending)
    }

    /// Returns the state that follows from the stored record.
    pub fn state(&self, integration: &Integration) -> State {
        if self.refusal.is_some() || self.deletion_at().is_some() {
            return State::Invalid;
        }
        let complete = settings::missing(integration, &self.settings).is_empty();
        match (signed_in(integration, self.credentials.as_ref()), complete) {
            (SignIn::Missing, _) => State::Added,
            (SignIn::Done, true) => State::Callable,
            (_, false) if self.was_callable => State::Invalid,
            (SignIn::NotNeeded, true) => State::Callable,
            (SignIn::NotNeeded, false) => State::Added,
            (SignIn::Done, false) | (SignIn::Pending, _) => State::Authorized,
        }
    }

    /// Updates `was_callable` and `updated_at`. Call this after every change.
    pub fn mark_changed(&mut self, integration: &Integration, now: i64) {
        self.mark_state(integration);
        self.updated_at = now.max(self.updated_at);
    }

    /// Updates `was_callable`.
    pub fn mark_state(&mut self, integration: &Integration) {
        match self.state(integration) {
            State::Callable => self.was_callable = true,
            State::Invalid => {}
            State::Available | State::Added | State::Authorized => self.was_callable = false,
        }
    }

    /// Returns when the credentials are deleted because the provider refused them.
    pub fn deletion_at(&self) -> Option<i64> {
        let failure = self.refresh.failure.as_ref().filter(|_| self.credentials.is_some());
        failure.and_then(Failure::deletion_at)
    }

    /// Returns when the last refresh failed, if none has succeeded since.
    pub fn last_refresh_failed_at(&self) -> Option<i64> {
        self.refresh.failure.as_ref().map(|failure| failure.last_at)
    }

    pub fn health(&self, integration: &Integration) -> &'static str {
        let missing = !settings::missing(integration, &self.settings).is_empty();
        match (self.refusal, signed_in(integration, self.credentials.as_ref())) {
            (Some(Refusal::Revoked), _) => "revoked",
            (Some(Refusal::Denied | Refusal::Expired), _) => "needs_auth",
            _ if missing => "missing_settings",
            (None, SignIn::Missing) => "needs_auth",
            (None, SignIn::Pending) => "pending_refresh",
            (None, SignIn::Done) if self.refresh.failure.is_some() => "pending_refresh",
            _ if self.degraded_at.is_some() => "degraded",
            (None, SignIn::NotNeeded | SignIn::Done) => "ok",
        }
    }
}

enum SignIn {
    /// The integration needs settings only.
    NotNeeded,
    Missing,
    /// Credentials are stored but need the token operation.
    Pending,
    Done,
}

fn signed_in(integration: &Integration, credentials: Option<&Credentials>) -> SignIn {
    match (integration.oauth_grant_type, credentials) {
        (None, _) => SignIn::NotNeeded,
        (Some(_), None) => SignIn::Missing,
        // An outdated token counts as signed in, because the sandbox can refresh it at any time.
        (Some(Grant::AuthorizationCode), Some(_)) => SignIn::Done,
        (Some(_), Some(credentials)) if credentials.current => SignIn::Done,
        (Some(_), Some(_)) => SignIn::Pending,
    }
}

/// The absolute links of a connection. Callers append `redirect_uri`.
pub struct Links {
    pub authorize_url: String,
    pub revoke_url: String,
}

/// A connection in a response.
#[derive(Serialize)]
pub struct Connection<'a> {
    pub id: String,
    service_id: &'a str,
    name: &'a str,
    tag_line: &'a str,
    unified_api: &'a str,
    pub state: State,
    integration_state: &'static str,
    auth_type: AuthType,
    #[serde(skip_serializing_if = "Option::is_none")]
    oauth_grant_type: Option<Grant>,
    status: &'static str,
    enabled: bool,
    website: &'a str,
    icon: &'a str,
    logo: &'a str,
    authorize_url: Option<String>,
    revoke_url: Option<String>,
    settings: Settings,
    metadata: Option<Box<RawValue>>,
    form_fields: Vec<FilledField<'a>>,
    configuration: Vec<Value>,
    configurable_resources: &'a [String],
    resource_schema_support: [&'static str; 0],
    resource_settings_support: Vec<&'a str>,
    validation_support: bool,
    schema_support: bool,
    settings_required_for_authorization: &'a [String],
    subscriptions: [Map<String, Value>; 0],
    has_guide: bool,
    custom_mappings: Vec<Value>,
    consent_state: &'static str,
    health: &'static str,
    credentials_expire_at: i64,
    last_refresh_failed_at: i64,
    last_downstream_error_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

#[derive(Serialize)]
struct FilledField<'a> {
    #[serde(flatten)]
    field: &'a FormField,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

impl<'a> Connection<'a> {
    pub fn new(integration: &'a Integration, record: Option<Record>, links: Option<Links>) -> Self {
        let stored = record.is_some();
        let record = record.unwrap_or_else(|| Record::new(0));
        let credentials_expire_at = record.deletion_at().unwrap_or_default();
        let last_refresh_failed_at = record.last_refresh_failed_at().unwrap_or_default();
        let last_downstream_error_at = record.degraded_at.unwrap_or_default();
        let (authorize_url, revoke_url) = links.map(|links| (links.authorize_url, links.revoke_url)).unzip();
        Connection {
            id: integration.id(),
            service_id: &integration.service_id,
            name: &integration.name,
            tag_line: &integration.tag_line,
            unified_api: &integration.unified_api,
            state: if stored { record.state(integration) } else { State::Available },
            integration_state: "configured",
            auth_type: integration.auth_type,
            oauth_grant_type: integration.oauth_grant_type,
            status: "live",
            enabled: stored && record.enabled,
            website: &integration.website,
            icon: &integration.icon,
            logo: &integration.logo,
            authorize_url,
            revoke_url,
            form_fields: (integration.form_fields.iter())
                .map(|field| FilledField { field, value: record.settings.get(&field.id).cloned() })
                .collect(),
            health: record.health(integration),
            settings: record.settings,
            metadata: record.metadata,
            configuration: record.configuration,
            configurable_resources: &integration.configurable_resources,
            resource_schema_support: [],
            resource_settings_support: integration.resource_settings.keys().map(String::as_str).collect(),
            validation_support: true,
            schema_support: false,
            settings_required_for_authorization: &integration.settings_required_for_authorization,
            subscriptions: [],
            has_guide: false,
            custom_mappings: record.custom_mappings,
            consent_state: "implicit",
            credentials_expire_at,
            last_refresh_failed_at,
            last_downstream_error_at,
            created_at: stored.then_some(record.created_at),
            updated_at: stored.then_some(record.updated_at),
        }
    }

    /// Returns the same connection with another configuration.
    pub fn with_configuration(self, configuration: Vec<Value>) -> Self {
        Connection { configuration, ..self }
    }
}
