//! Reports what a connection needs, from whom and until when. Pure: the report depends on the connection alone, not on
//! the clock. `facts` reads the connection, and `timestamp` its times. `docs/connection-health.md` has the rules.
//!
//! `health` is the server's own summary, so a known value of it decides before `state` does. The action `none` needs
//! evidence: a documented state with a documented health, and no value that this version does not know.

mod action;
mod facts;
mod timestamp;

use serde::Serialize;

pub use action::HealthAction;

use crate::error::Failure;
use facts::{Facts, Health, IntegrationState, SignIn, State};
use timestamp::Moment;

/// How long Vault keeps the credentials of a connection after a refresh was refused, in milliseconds.
const RETENTION: i64 = 48 * 60 * 60 * 1000;

/// The most names of settings in a reason.
const MOST_NAMES: usize = 5;

/// What a connection needs, from whom and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    /// What the connection needs. It determines who acts.
    pub action: HealthAction,
    /// Why, in English. Contains no value of a setting and no credentials.
    pub reason: String,
    /// When Vault deletes the credentials unless a refresh succeeds before, in milliseconds since 1970.
    pub until: Option<i64>,
    /// The page where the user authorizes the connection, for `Reauthorize`, and for `Wait` while there is an `until`.
    /// A program adds a URL-encoded `redirect_uri` to its query.
    pub authorize_url: Option<String>,
    /// The ids of the required settings that have no value, in the order of the form fields.
    pub missing_settings: Vec<String>,
}

impl HealthReport {
    /// Returns the report of a connection, which is JSON text as the API returns it.
    ///
    /// `null` counts as absent. A value of an unexpected type counts as one that this version does not know.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the text is not JSON, not an object, or nested deeper than 128 levels.
    pub fn of(connection_json: &str) -> Result<HealthReport, Failure> {
        let facts = Facts::read(connection_json)?;
        let (action, reason) = need(&facts);
        let until = if action == HealthAction::None { None } else { facts.deletion() };
        let shows_page = action == HealthAction::Reauthorize || (action == HealthAction::Wait && until.is_some());
        let sets_up = !matches!(action, HealthAction::None | HealthAction::Wait | HealthAction::Enable);
        Ok(HealthReport {
            action,
            reason,
            until,
            missing_settings: if sets_up { facts.missing().map(str::to_string).collect() } else { Vec::new() },
            authorize_url: facts.authorize_url.filter(|_| shows_page).map(String::from),
        })
    }

    /// Returns the report as JSON text.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for HealthAction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Returns the action for a connection, and its reason.
fn need(connection: &Facts<'_>) -> (HealthAction, String) {
    if connection.state == Some(State::Available) && !connection.has_credentials() {
        return none_unless_unclear(connection, "The consumer has not added the connection.");
    }
    if connection.enabled == Some(false) {
        return (HealthAction::Enable, "The connection is disabled.".into());
    }
    if connection.integration_state == Some(IntegrationState::Disabled) {
        return (HealthAction::Enable, "The integration is disabled, for every consumer.".into());
    }
    match connection.health {
        Some(Health::Revoked) => authorize(connection, "The authorization was revoked"),
        Some(Health::NeedsAuth) => authorize(connection, "The connection is not authorized"),
        Some(Health::NeedsConsent) => {
            (HealthAction::Reauthorize, "The consumer has to consent to the data scopes of the application.".into())
        }
        Some(Health::PendingConfirmation) => {
            let reason =
                "The last authorization is not confirmed. The application confirms it, or the user authorizes again.";
            (HealthAction::Reauthorize, reason.into())
        }
        Some(Health::MissingSettings) => fill_settings(connection),
        Some(Health::PendingRefresh) => await_refresh(connection),
        Some(Health::Ok | Health::Degraded) | None => by_state(connection),
    }
}

/// Returns the action for a connection whose health does not determine it.
fn by_state(connection: &Facts<'_>) -> (HealthAction, String) {
    let is_degraded = connection.health == Some(Health::Degraded);
    match connection.state {
        Some(State::Added) => authorize(connection, "The connection is not authorized yet"),
        Some(State::Invalid) => authorize(connection, "The credentials no longer work"),
        Some(State::Authorized)
            if connection.missing().next().is_none() && connection.sign_in == SignIn::Application =>
        {
            authorize(connection, "The connection has no access token yet")
        }
        Some(State::Authorized) => fill_settings(connection),
        Some(State::Callable | State::Available) if connection.is_refresh_failing() => await_refresh(connection),
        Some(State::Callable | State::Available) if is_degraded => {
            (HealthAction::Wait, "The service could not be reached recently. The connection stays callable.".into())
        }
        Some(State::Callable) => none_unless_unclear(connection, "The connection is ready for calls."),
        // What is stored decides for an available connection above. An absent or unknown state never means `none`.
        Some(State::Available) | None => (HealthAction::Wait, connection.unclear().unwrap_or_default()),
    }
}

/// Returns `none`, or `wait` if the connection has a value that this version does not know.
fn none_unless_unclear(connection: &Facts<'_>, reason: &str) -> (HealthAction, String) {
    match connection.unclear() {
        None => (HealthAction::None, reason.into()),
        Some(unclear) => (HealthAction::Wait, unclear),
    }
}

/// Returns the action for a connection whose token Vault tries to refresh.
fn await_refresh(connection: &Facts<'_>) -> (HealthAction, String) {
    if connection.state == Some(State::Invalid) {
        return authorize(connection, "Refreshing the access token failed, and the credentials no longer work");
    }
    if connection.are_credentials_deleted() {
        return authorize(connection, "Refreshing the access token failed until the credentials were deleted");
    }
    if connection.state != Some(State::Callable) && connection.sign_in == SignIn::Application {
        return authorize(connection, "The connection has no access token yet");
    }
    let reason = match connection.deletion() {
        Some(_) => "Refreshing the access token failed. Vault keeps trying until it deletes the credentials.",
        None => "Refreshing the access token failed. Vault keeps trying.",
    };
    (HealthAction::Wait, reason.into())
}

/// Returns the action for a connection that lacks credentials. `reason` is a sentence without its full stop.
fn authorize(connection: &Facts<'_>, reason: &str) -> (HealthAction, String) {
    let lacks_configuration = connection.integration_state == Some(IntegrationState::NeedsConfiguration);
    if connection.sign_in == SignIn::User && lacks_configuration {
        let reason = format!("{reason}, and the application has not configured the integration.");
        return (HealthAction::FillSettings, reason);
    }
    let is_first = |id: &&str| connection.sign_in != SignIn::User || connection.is_required_for_authorization(id);
    let first: Vec<&str> = connection.missing().filter(is_first).collect();
    if !first.is_empty() {
        return (HealthAction::FillSettings, format!("{reason}. First, {}.", lack_of(&first, "the")));
    }
    let has_form = connection.form_fields.as_ref().is_none_or(|fields| !fields.is_empty());
    match connection.sign_in {
        SignIn::User | SignIn::Settings if connection.authorize_url.is_some() => {
            (HealthAction::Reauthorize, format!("{reason}. The user has to authorize it."))
        }
        // Only a whole connection has form fields, so only without them the URL may exist elsewhere.
        SignIn::User if connection.form_fields.is_none() => {
            (HealthAction::Reauthorize, format!("{reason}. The user has to authorize it."))
        }
        SignIn::User => {
            (HealthAction::ImportCredentials, format!("{reason}, and Vault has no page where the user authorizes it."))
        }
        SignIn::Application => {
            (HealthAction::ExchangeToken, format!("{reason}. Vault can exchange the stored credentials for a token."))
        }
        SignIn::Settings if has_form => {
            (HealthAction::FillSettings, format!("{reason}. The settings that are its credentials need new values."))
        }
        SignIn::Settings => {
            (HealthAction::ImportCredentials, format!("{reason}, and no form field asks for its credentials."))
        }
        SignIn::None => (HealthAction::Wait, format!("{reason}, although its connector needs no authorization.")),
    }
}

fn fill_settings(connection: &Facts<'_>) -> (HealthAction, String) {
    let missing: Vec<&str> = connection.missing().collect();
    let reason = match missing.is_empty() {
        true => "Required settings have no value. The response does not name them.".into(),
        false => format!("{}.", lack_of(&missing, "The")),
    };
    (HealthAction::FillSettings, reason)
}

/// Returns the beginning of a sentence about settings without a value. Names that are no ordinary words are counted, not
/// written.
fn lack_of(missing: &[&str], the: &str) -> String {
    let mut names: Vec<&str> = missing.iter().copied().filter(|name| is_word(name)).take(MOST_NAMES).collect();
    let others = match missing.len() - names.len() {
        0 => String::new(),
        1 => "1 other".into(),
        count => format!("{count} others"),
    };
    if !others.is_empty() {
        names.push(&others);
    }
    match names.as_slice() {
        [name] if missing.len() == 1 && name != &others => format!("{the} setting {name} has no value"),
        [others] => format!("{the} settings ({others}) have no value"),
        [names @ .., last] => format!("{the} settings {} and {last} have no value", names.join(", ")),
        [] => format!("{the} settings have no value"),
    }
}

/// Returns whether a text of the server can be part of a sentence.
fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

impl Facts<'_> {
    /// Returns when Vault deletes the credentials, unless it has. If the connection does not name the time, it is at most
    /// 48 hours after the last failure.
    fn deletion(&self) -> Option<i64> {
        match (self.credentials_expire_at, self.last_refresh_failed_at) {
            (Moment::At(_), _) if self.are_credentials_deleted() => None,
            (Moment::At(time), _) => Some(time),
            (Moment::Absent | Moment::Unreadable, Moment::At(failed)) if self.is_refresh_failing() => {
                Some(failed.saturating_add(RETENTION))
            }
            _ => None,
        }
    }

    /// Returns whether a refresh failed after the credentials were to be deleted.
    fn are_credentials_deleted(&self) -> bool {
        match (self.credentials_expire_at, self.last_refresh_failed_at) {
            (Moment::At(deleted), Moment::At(failed)) => deleted <= failed,
            _ => false,
        }
    }

    /// Returns whether Vault tries to refresh the token after a failure. With another health, the connection has recovered
    /// from its last failure, unless a deletion is planned.
    fn is_refresh_failing(&self) -> bool {
        let has_failed = matches!(self.last_refresh_failed_at, Moment::At(_));
        self.health == Some(Health::PendingRefresh)
            || matches!(self.credentials_expire_at, Moment::At(_))
            || (has_failed && self.has_no_health())
    }

    /// Returns whether something is stored, although the state may be `available`.
    fn has_credentials(&self) -> bool {
        let by_health = matches!(
            self.health,
            Some(Health::Revoked | Health::PendingRefresh | Health::PendingConfirmation | Health::Degraded)
        );
        by_health || matches!(self.credentials_expire_at, Moment::At(_))
    }
}
