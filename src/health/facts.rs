//! Reads from a connection what its health depends on.
//!
//! A server may add values to an enum, and a program may pass any JSON. So a value that is not known, and one of another
//! type than described, is kept apart from one that is absent: [`Facts::unclear`] describes the first of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::value::RawValue;

use super::is_word;
use super::timestamp::Moment;
use crate::error::Failure;
use crate::object::{self, Kind};
use crate::pointer;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Available,
    Added,
    Authorized,
    Callable,
    Invalid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Ok,
    PendingRefresh,
    NeedsAuth,
    PendingConfirmation,
    NeedsConsent,
    Revoked,
    MissingSettings,
    Degraded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegrationState {
    Disabled,
    NeedsConfiguration,
    Configured,
}

/// Where the credentials of a connection come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// The user authorizes on a page. Also the choice for a connector of an unknown kind.
    User,
    /// The application exchanges the stored credentials for a token.
    Application,
    /// The settings are the credentials.
    Settings,
    /// The connector needs none.
    None,
}

/// One setting that a connection asks for.
pub struct FormField<'a> {
    id: Cow<'a, str>,
    is_required: bool,
    has_value: bool,
}

/// What the health of a connection depends on. `None` stands for absent, `null`, unknown, and of another type.
pub struct Facts<'a> {
    pub state: Option<State>,
    pub health: Option<Health>,
    pub integration_state: Option<IntegrationState>,
    pub enabled: Option<bool>,
    pub sign_in: SignIn,
    pub authorize_url: Option<Cow<'a, str>>,
    pub form_fields: Option<Vec<FormField<'a>>>,
    pub credentials_expire_at: Moment,
    pub last_refresh_failed_at: Moment,
    required_for_authorization: Vec<Cow<'a, str>>,
    /// Whether each setting has a value.
    settings: BTreeMap<Cow<'a, str>, bool>,
    members: Members<'a>,
}

/// The members of a connection that a report reads.
#[derive(Default)]
struct Members<'a> {
    state: Option<&'a RawValue>,
    health: Option<&'a RawValue>,
    integration_state: Option<&'a RawValue>,
    enabled: Option<&'a RawValue>,
    auth_type: Option<&'a RawValue>,
    oauth_grant_type: Option<&'a RawValue>,
    authorize_url: Option<&'a RawValue>,
    form_fields: Option<&'a RawValue>,
    settings: Option<&'a RawValue>,
    settings_required_for_authorization: Option<&'a RawValue>,
    credentials_expire_at: Option<&'a RawValue>,
    last_refresh_failed_at: Option<&'a RawValue>,
}

impl<'a> Facts<'a> {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the text is not a JSON object.
    pub fn read(connection_json: &'a str) -> Result<Facts<'a>, Failure> {
        let connection = object::parse(connection_json, "connection")?;
        let members = Members::read(connection)?;
        Ok(Facts {
            state: word(members.state).and_then(|word| state(&word)),
            health: word(members.health).and_then(|word| health(&word)),
            integration_state: word(members.integration_state).and_then(|word| integration_state(&word)),
            enabled: members
                .enabled
                .filter(|value| Kind::of(value) == Kind::Boolean)
                .map(|value| value.get() == "true"),
            sign_in: sign_in(word(members.auth_type).as_deref(), word(members.oauth_grant_type).as_deref()),
            authorize_url: word(members.authorize_url).filter(|url| !url.is_empty()),
            form_fields: members.form_fields.filter(|value| Kind::of(value) == Kind::Array).map(form_fields),
            credentials_expire_at: members.credentials_expire_at.map_or(Moment::Absent, Moment::read),
            last_refresh_failed_at: members.last_refresh_failed_at.map_or(Moment::Absent, Moment::read),
            required_for_authorization: members.settings_required_for_authorization.map(ids).unwrap_or_default(),
            settings: members.settings.map(settings).unwrap_or_default(),
            members,
        })
    }

    /// Returns the ids of the required settings without a value: first those of the form fields, in their order, then those
    /// that only the authorization needs.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let fields = self.form_fields.as_deref().unwrap_or_default();
        let in_form = fields.iter().filter(|field| {
            let is_needed = field.is_required || self.is_required_for_authorization(&field.id);
            is_needed && !field.has_value && !self.is_set(&field.id)
        });
        // A configured integration has the settings that are no form fields, such as its client id.
        let is_elsewhere = self.form_fields.is_some() && self.integration_state == Some(IntegrationState::Configured);
        let others = self.required_for_authorization.iter().enumerate().filter(move |(index, id)| {
            let is_repeated = self.required_for_authorization[..*index].contains(id);
            !is_elsewhere && !is_repeated && !self.is_set(id) && fields.iter().all(|field| field.id != **id)
        });
        in_form.map(|field| &*field.id).chain(others.map(|(_, id)| &**id))
    }

    pub fn is_required_for_authorization(&self, id: &str) -> bool {
        self.required_for_authorization.iter().any(|required| required == id)
    }

    fn is_set(&self, id: &str) -> bool {
        self.settings.get(id).copied().unwrap_or_default()
    }

    /// Returns whether the connection has no health, which older servers do not send.
    pub fn has_no_health(&self) -> bool {
        self.members.health.is_none()
    }

    /// Returns a sentence about the first value that this version does not know, of those that decide whether a connection
    /// works. The state is the only one that must be present.
    pub fn unclear(&self) -> Option<String> {
        let members = &self.members;
        let read = |moment: Moment| moment != Moment::Unreadable;
        let values = [
            ("state", members.state, self.state.is_some()),
            ("health", members.health, self.health.is_some()),
            ("enabled", members.enabled, self.enabled.is_some()),
            ("integration_state", members.integration_state, self.integration_state.is_some()),
            ("credentials_expire_at", members.credentials_expire_at, read(self.credentials_expire_at)),
            ("last_refresh_failed_at", members.last_refresh_failed_at, read(self.last_refresh_failed_at)),
        ];
        let (name, value, _) = values.into_iter().find(|(name, value, is_known)| match value {
            None => *name == "state",
            Some(_) => !is_known,
        })?;
        let found: Box<dyn Display> = match value {
            None => return Some(format!("The connection has no {name}.")),
            Some(value) => match word(Some(value)).filter(|word| is_word(word)) {
                Some(word) => Box::new(format!("{word:?}")),
                None => Box::new(Kind::of(value)),
            },
        };
        Some(format!("This version does not know the value of {name}, which is {found}."))
    }
}

impl<'a> Members<'a> {
    /// Reads the members that are not `null`. If a name appears twice, the last member counts.
    fn read(connection: &'a RawValue) -> Result<Members<'a>, Failure> {
        let mut members = Members::default();
        object::for_each_member(connection, &"connection", |key, value| {
            let member = match &*key {
                "state" => &mut members.state,
                "health" => &mut members.health,
                "integration_state" => &mut members.integration_state,
                "enabled" => &mut members.enabled,
                "auth_type" => &mut members.auth_type,
                "oauth_grant_type" => &mut members.oauth_grant_type,
                "authorize_url" => &mut members.authorize_url,
                "form_fields" => &mut members.form_fields,
                "settings" => &mut members.settings,
                "settings_required_for_authorization" => &mut members.settings_required_for_authorization,
                "credentials_expire_at" => &mut members.credentials_expire_at,
                "last_refresh_failed_at" => &mut members.last_refresh_failed_at,
                _ => return Ok(()),
            };
            *member = (Kind::of(value) != Kind::Null).then_some(value);
            Ok(())
        })?;
        Ok(members)
    }
}

fn state(word: &str) -> Option<State> {
    Some(match word {
        "available" => State::Available,
        "added" => State::Added,
        "authorized" => State::Authorized,
        "callable" => State::Callable,
        "invalid" => State::Invalid,
        _ => return None,
    })
}

fn health(word: &str) -> Option<Health> {
    Some(match word {
        "ok" => Health::Ok,
        "pending_refresh" => Health::PendingRefresh,
        "needs_auth" => Health::NeedsAuth,
        "pending_confirmation" => Health::PendingConfirmation,
        "needs_consent" => Health::NeedsConsent,
        "revoked" => Health::Revoked,
        "missing_settings" => Health::MissingSettings,
        "degraded" => Health::Degraded,
        _ => return None,
    })
}

fn integration_state(word: &str) -> Option<IntegrationState> {
    Some(match word {
        "disabled" => IntegrationState::Disabled,
        "needs_configuration" => IntegrationState::NeedsConfiguration,
        "configured" => IntegrationState::Configured,
        _ => return None,
    })
}

fn sign_in(auth_type: Option<&str>, grant: Option<&str>) -> SignIn {
    match (auth_type, grant) {
        (Some("apiKey" | "basic" | "custom"), _) => SignIn::Settings,
        (Some("none"), _) => SignIn::None,
        (_, Some("client_credentials" | "password")) => SignIn::Application,
        _ => SignIn::User,
    }
}

/// Returns the characters of a string, and `None` for any other value.
fn word(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    value.filter(|value| Kind::of(value) == Kind::String).map(pointer::text)
}

/// Returns the ids of an array, and none for any other value.
fn ids(value: &RawValue) -> Vec<Cow<'_, str>> {
    let mut found = Vec::new();
    each_element(value, |item| found.extend(id(item)));
    found
}

fn id(value: &RawValue) -> Option<Cow<'_, str>> {
    word(Some(value)).filter(|id| !id.is_empty())
}

/// Returns for each setting whether it has a value. `null` and the empty string are no values.
fn settings(value: &RawValue) -> BTreeMap<Cow<'_, str>, bool> {
    let mut found = BTreeMap::new();
    each_member(value, |key, value| {
        found.insert(key, is_filled(value));
    });
    found
}

fn is_filled(value: &RawValue) -> bool {
    Kind::of(value) != Kind::Null && value.get() != "\"\""
}

/// Returns the form fields of an array. An item without an id is left out. Nobody fills in a deprecated field, so it is
/// not required.
fn form_fields(value: &RawValue) -> Vec<FormField<'_>> {
    let mut fields = Vec::new();
    each_element(value, |item| {
        let (mut found, mut is_required, mut is_deprecated, mut has_value) = (None, false, false, false);
        each_member(item, |key, value| match &*key {
            "id" => found = id(value),
            "required" => is_required = value.get() == "true",
            "deprecated" => is_deprecated = value.get() == "true",
            "value" => has_value = is_filled(value),
            _ => {}
        });
        fields.extend(found.map(|id| FormField { id, is_required: is_required && !is_deprecated, has_value }));
    });
    fields
}

/// Calls `each` for the members of an object, and not at all for any other value. A key that UTF-8 cannot represent ends
/// the walk.
fn each_member<'a>(value: &'a RawValue, mut each: impl FnMut(Cow<'a, str>, &'a RawValue)) {
    let _ = object::for_each_member(value, &"", |key, value| {
        each(key, value);
        Ok(())
    });
}

/// Calls `each` for the elements of an array, and not at all for any other value.
fn each_element<'a>(value: &'a RawValue, mut each: impl FnMut(&'a RawValue)) {
    let _ = object::for_each_element(value, &"", |_, value| {
        each(value);
        Ok(())
    });
}
