//! One session: the settings of its pages, and how they are parsed from a request body.

use crate::body::{Keys, web_url, wrong_type};
use crate::error::ApiError;
use crate::settings::json_type;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;

/// A session. The API has more settings than these pages use. All of them are checked, and the used ones are stored.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub redirect_uri: Option<String>,
    pub settings: Settings,
    pub theme: Theme,
    pub length: Duration,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The unified APIs that the pages show. If this is empty, they show all.
    pub unified_apis: Vec<String>,
    pub hide_resource_settings: bool,
    pub sandbox_mode: bool,
    pub isolation_mode: bool,
    pub show_sidebar: Option<bool>,
    pub auto_redirect: bool,
    /// The allowed actions. `None` allows all.
    pub allow_actions: Option<Vec<Action>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Delete,
    Disconnect,
    Reauthorize,
    Disable,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Theme {
    pub vault_name: Option<String>,
    pub privacy_url: Option<String>,
    pub terms_url: Option<String>,
}

/// The type of a value in a request.
#[derive(Clone, Copy)]
enum Kind {
    Boolean,
    Text,
    Texts,
}

const SETTINGS: [(&str, Kind); 11] = [
    ("unified_apis", Kind::Texts),
    ("hide_resource_settings", Kind::Boolean),
    ("sandbox_mode", Kind::Boolean),
    ("isolation_mode", Kind::Boolean),
    ("session_length", Kind::Text),
    ("show_logs", Kind::Boolean),
    ("show_suggestions", Kind::Boolean),
    ("show_sidebar", Kind::Boolean),
    ("auto_redirect", Kind::Boolean),
    ("hide_guides", Kind::Boolean),
    ("allow_actions", Kind::Texts),
];

const THEME: [(&str, Kind); 8] = [
    ("favicon", Kind::Text),
    ("logo", Kind::Text),
    ("primary_color", Kind::Text),
    ("sidepanel_background_color", Kind::Text),
    ("sidepanel_text_color", Kind::Text),
    ("vault_name", Kind::Text),
    ("privacy_url", Kind::Text),
    ("terms_url", Kind::Text),
];

const DEFAULT_LENGTH: Duration = Duration::from_secs(60 * 60);
const MAX_LENGTH: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Session {
    /// Takes the keys of a session from a body.
    ///
    /// # Errors
    ///
    /// Fails with 400 if one of them has a wrong value. The message has the path to it.
    pub fn take(keys: &mut Keys) -> Result<Session, ApiError> {
        let redirect_uri = match keys.value("redirect_uri")? {
            None => None,
            Some(Value::String(text)) => Some(web_url("redirect_uri", &text)?.into()),
            Some(other) => return Err(wrong_type("redirect_uri", "a string", &other)),
        };
        let settings = object(keys, "settings")?;
        check("settings", &settings, &SETTINGS)?;
        if let Some(unknown) = settings.keys().find(|key| SETTINGS.iter().all(|(known, _)| known != key)) {
            return Err(ApiError::request(format!("settings.{unknown}: unknown")));
        }
        let length = settings.get("session_length").and_then(Value::as_str).map_or(Ok(DEFAULT_LENGTH), |text| {
            duration(text).ok_or_else(|| {
                ApiError::request("settings.session_length: expected a duration like 30m, 1h or 7d, at most a week")
            })
        })?;
        let theme = object(keys, "theme")?;
        check("theme", &theme, &THEME)?;
        for key in ["privacy_url", "terms_url"] {
            if let Some(address) = theme.get(key).and_then(Value::as_str) {
                web_url(&format!("theme.{key}"), address)?;
            }
        }
        object(keys, "custom_consumer_settings")?;
        Ok(Session {
            redirect_uri,
            // The types are checked already, so only an unknown action can fail here.
            settings: serde_json::from_value(settings.into()).map_err(|_| {
                ApiError::request("settings.allow_actions: expected some of delete, disconnect, reauthorize, disable")
            })?,
            theme: serde_json::from_value(theme.into()).map_err(|_| ApiError::request("theme: not valid"))?,
            length,
        })
    }

    pub fn allows(&self, action: Action) -> bool {
        self.settings.allow_actions.as_ref().is_none_or(|allowed| allowed.contains(&action))
    }

    pub fn shows(&self, unified_api: &str) -> bool {
        let shown = &self.settings.unified_apis;
        shown.is_empty() || shown.iter().any(|shown| shown == unified_api)
    }
}

fn object(keys: &mut Keys, key: &str) -> Result<Map<String, Value>, ApiError> {
    match keys.value(key)? {
        None => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(other) => Err(wrong_type(key, "an object", &other)),
    }
}

fn check(path: &str, object: &Map<String, Value>, known: &[(&str, Kind)]) -> Result<(), ApiError> {
    for (key, kind) in known {
        let Some(value) = object.get(*key) else { continue };
        let (fits, expected) = match kind {
            Kind::Boolean => (value.is_boolean(), "a boolean"),
            Kind::Text => (value.is_string(), "a string"),
            Kind::Texts => {
                let texts = value.as_array().is_some_and(|values| values.iter().all(Value::is_string));
                (texts, "an array of strings")
            }
        };
        if !fits {
            return Err(ApiError::request(format!("{path}.{key}: expected {expected}, found {}", json_type(value))));
        }
    }
    Ok(())
}

/// Parses a duration like `30m`: a number of seconds, minutes, hours, days or weeks. Returns `None` if the text is not
/// valid, zero, or more than a week.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
    let length = Duration::from_secs(number.checked_mul(seconds)?);
    Some(length).filter(|length| !length.is_zero() && *length <= MAX_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_at_most_a_week() {
        for (text, seconds) in [("1s", 1), ("30m", 1800), ("1h", 3600), ("2 d", 172_800), ("1w", 604_800)] {
            assert_eq!(duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "0s", "8d", "2w", "30", "-1h", "1.5h", "1y", "1hh", "99999999999999999999h", "1ü"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
