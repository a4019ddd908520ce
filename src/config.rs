//! Reads the configuration of a client, and the settings that a request may override for one call.
//!
//! Each key's name, bounds and default are data in `options.rs`, generated from `api/configuration.toml`. A key that is
//! read as its kind says needs no code here.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use ureq::http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::key::{Text, is_set};
use crate::object::{self, Keys};
use crate::options::{self, Options, RetriesStrategy};
use crate::proxy::Proxies;
use crate::retry::Policy;
use crate::secret::Secret;
use crate::server::Server;
use crate::trust::Trust;

/// Headers about the end of a message or the use of the connection. Only the transport may set them.
const FRAMING: &[&str] =
    &["connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/// The longest line of a request's head. Most servers accept no longer line.
pub const MAX_LINE_BYTES: usize = 8 * 1024;

/// The prefix of an API key in its header.
const BEARER: &str = "Bearer ";

/// The most `http_headers`. Most servers accept no more.
const MAX_HEADERS: usize = 100;

/// A text, also as a header value. Clones share the bytes, which are wiped when the last clone is dropped.
#[derive(Clone)]
pub struct Identity {
    pub header: HeaderValue,
    text: Secret,
}

impl Identity {
    fn new(text: &str, prefix: &str, path: &dyn fmt::Display) -> Result<Identity, Failure> {
        if text.is_empty() {
            return Err(Failure::argument(path, "must not be empty"));
        }
        let bytes = Zeroizing::new([prefix.as_bytes(), text.as_bytes()].concat());
        check_header_value(text, path)?;
        if !prefix.is_empty() {
            check_ascii(text, path)?; // a credential
        }
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes))
            .map_err(|_| Failure::argument(path, "has a character that a header cannot carry"))?;
        header.set_sensitive(true);
        Ok(Identity { header, text: Secret::new(text.to_string()) })
    }

    pub fn text(&self) -> &str {
        self.text.reveal()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[set]")
    }
}

/// The settings that both a configuration and a request may have.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub api_key: Option<Identity>,
    pub app_id: Option<Identity>,
    pub consumer_id: Option<Identity>,
    pub server: Option<Server>,
    pub timeout: Option<Duration>,
    pub retries: Option<Policy>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// The complete configuration of a client.
#[derive(Debug)]
pub struct Config {
    pub api_key: Identity,
    pub app_id: Identity,
    pub consumer_id: Option<Identity>,
    pub server: Server,
    pub timeout: Duration,
    pub retries: Policy,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub user_agent: HeaderValue,
    pub proxies: Proxies,
    pub trust: Trust,
    /// The values of the keys that need no code here.
    pub options: Options,
}

impl Config {
    /// Reads a configuration; `environment` looks up a variable.
    pub fn read(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let what = "configuration";
        let (mut keys, mut settings, mut options) = (Keys::new(what), Settings::default(), Options::default());
        let (mut server_url, mut proxies) = (None, None);

        object::for_each_member(object::parse(text, what)?, &what, |key, value| {
            keys.admit(&key, options::CONFIGURATION_KEYS.iter().copied())?;
            match &*key {
                "proxy" => proxies = Some(Proxies::read(value)?),
                "server_url" if is_set(value) => server_url = Some(options::SERVER_URL.read(value)?.into_owned()),
                _ if settings.take(&key, value, allow_any_http)? => {}
                _ if is_set(value) => options.take(&key, value).map(drop)?,
                _ => {}
            }
            Ok(())
        })?;

        let from_environment = |key: &Text| environment(key.environment?).filter(|value| !value.is_empty());
        let identity = |given: Option<Identity>, key: &Text, prefix: &str| {
            if given.is_some() {
                return Ok(given);
            }
            let path = format_args!("{} (from {})", key.name, key.environment.unwrap_or_default());
            from_environment(key).map(|value| Identity::new(&Zeroizing::new(value), prefix, &path)).transpose()
        };
        let required = |found: Option<Identity>, key: &Text| {
            let variable = key.environment.unwrap_or_default();
            found
                .ok_or_else(|| Failure::argument(key.name, format_args!("is required: give it here or set {variable}")))
        };
        let api_key = identity(settings.api_key, &options::API_KEY, BEARER)?;
        let app_id = identity(settings.app_id, &options::APP_ID, "")?;
        let server_url = server_url.or_else(|| from_environment(&options::SERVER_URL));
        let server_url = server_url.as_deref().or(options::SERVER_URL.default).unwrap_or_default();

        let server = Server::read(server_url, options.allow_insecure_http)?;
        let proxies = proxies.unwrap_or_else(|| Proxies::of_environment(environment));
        proxies.of(&server.scheme, &server.authority)?;

        Ok(Config {
            api_key: required(api_key, &options::API_KEY)?,
            app_id: required(app_id, &options::APP_ID)?,
            consumer_id: identity(settings.consumer_id, &options::CONSUMER_ID, "")?,
            server,
            timeout: settings.timeout.unwrap_or(options::TIMEOUT_MS.default_duration()),
            retries: settings.retries.unwrap_or_default(),
            headers: settings.headers,
            user_agent: user_agent_header(options.user_agent.as_deref())?,
            proxies,
            trust: Trust::read(options.tls_roots, options.ca_file.as_deref(), environment)?,
            options,
        })
    }
}

impl Settings {
    /// Reads the value of `key`. Returns false if the key is not one that both a configuration and a request may have.
    ///
    /// A configuration reads `server_url` itself, once it knows `allow_insecure_http`.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT`. The message has the path to the wrong value.
    pub fn take(&mut self, key: &str, value: &RawValue, insecure: impl Fn() -> bool) -> Result<bool, Failure> {
        match key {
            "retries" => self.retries = Some(read_retries(value)?),
            _ if !is_set(value) => return Ok(options::REQUEST_KEYS.contains(&key)),
            "api_key" => {
                let text = Zeroizing::new(options::API_KEY.read(value)?.into_owned());
                self.api_key = Some(Identity::new(&text, BEARER, &key)?);
            }
            "app_id" => self.app_id = Some(Identity::new(&options::APP_ID.read(value)?, "", &key)?),
            "consumer_id" => self.consumer_id = Some(Identity::new(&options::CONSUMER_ID.read(value)?, "", &key)?),
            "server_url" => self.server = Some(Server::read(&options::SERVER_URL.read(value)?, insecure())?),
            "timeout_ms" => self.timeout = Some(options::TIMEOUT_MS.read_duration(value)?),
            "http_headers" => self.headers = read_headers(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn allow_any_http() -> bool {
    true // not asked: a configuration reads its server_url itself
}

/// `null` and `{"strategy":"none"}` switch retries off. Keys that are not set have their default, except
/// `max_attempts`: retries that are given without it are bounded by time alone.
fn read_retries(value: &RawValue) -> Result<Policy, Failure> {
    if !is_set(value) {
        return Ok(Policy::none());
    }
    let (mut keys, mut strategy) = (Keys::new("retries"), options::RETRIES_STRATEGY.default);
    let mut policy = Policy { max_attempts: None, ..Policy::default() };
    object::for_each_member(value, &"retries", |key, value| {
        keys.admit(&key, options::RETRIES_KEYS.iter().copied())?;
        match &*key {
            "strategy" => strategy = options::RETRIES_STRATEGY.read(value)?,
            "backoff" if !is_set(value) => {}
            "backoff" => read_backoff(value, &mut policy)?,
            "max_attempts" if !is_set(value) => {}
            "max_attempts" => policy.max_attempts = Some(options::RETRIES_MAX_ATTEMPTS.read(value)?),
            _ => policy.retry_connection_errors = options::RETRIES_RETRY_CONNECTION_ERRORS.read(value)?,
        }
        Ok(())
    })?;
    Ok(match strategy {
        RetriesStrategy::None => Policy::none(),
        RetriesStrategy::Backoff => policy,
    })
}

fn read_backoff(value: &RawValue, policy: &mut Policy) -> Result<(), Failure> {
    let mut keys = Keys::new("retries.backoff");
    object::for_each_member(value, &"retries.backoff", |key, value| {
        keys.admit(&key, options::RETRIES_BACKOFF_KEYS.iter().copied())?;
        match &*key {
            "initial_interval" => {
                policy.initial_interval = options::RETRIES_BACKOFF_INITIAL_INTERVAL.read_duration(value)?;
            }
            "max_interval" => policy.max_interval = options::RETRIES_BACKOFF_MAX_INTERVAL.read_duration(value)?,
            "max_elapsed_time" => {
                policy.max_elapsed_time = options::RETRIES_BACKOFF_MAX_ELAPSED_TIME.read_duration(value)?;
            }
            _ => policy.exponent = options::RETRIES_BACKOFF_EXPONENT.read(value)?,
        }
        Ok(())
    })
}

fn read_headers(value: &RawValue) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
    object::for_each_member(value, &"http_headers", |key, value| {
        // The message does not repeat the name, because the caller may have swapped name and value.
        let Some(name) = HeaderName::from_bytes(key.as_bytes()).ok().filter(|name| name.as_str().len() <= 256) else {
            let problem = "is not a header name: up to 256 letters, digits and -_.!#$%&'*+^`|~";
            return Err(Failure::argument(
                "http_headers",
                format_args!("the name at index {} {problem}", headers.len()),
            ));
        };
        let path = &format_args!("http_headers[{key:?}]");
        if headers.len() == MAX_HEADERS {
            return Err(Failure::argument("http_headers", format_args!("has more than {MAX_HEADERS} headers")));
        }
        if FRAMING.contains(&name.as_str()) {
            return Err(Failure::argument(path, "cannot be set, because the transport sets it"));
        }
        if headers.iter().any(|(known, _)| *known == name) {
            return Err(Failure::argument(path, "is given twice (names are compared without regard to case)"));
        }
        let text = object::string(value, path)?;
        check_header_value(&text, path)?;
        if name == header::AUTHORIZATION || name == header::HOST {
            check_ascii(&text, path)?;
        }
        let mut value = HeaderValue::from_bytes(text.as_bytes())
            .map_err(|_| Failure::argument(path, "has a character that a header cannot carry"))?;
        value.set_sensitive(true);
        headers.push((name, value));
        Ok(())
    })?;
    Ok(headers)
}

/// Checks that a text arrives unchanged as a header value: it has no control character (such as CR, LF and NUL), and no
/// white space at its ends, which servers remove.
fn check_header_value(text: &str, path: &dyn fmt::Display) -> Result<(), Failure> {
    if let Some(at) = text.bytes().position(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
        let problem = format_args!("has a control character at byte {at}, which a header cannot carry");
        return Err(Failure::argument(path, problem));
    }
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err(Failure::argument(path, "has white space at its start or end, which a header cannot keep"));
    }
    if text.len() > MAX_LINE_BYTES {
        return Err(Failure::argument(
            path,
            format_args!("is longer than {MAX_LINE_BYTES} bytes, the limit of a header"),
        ));
    }
    Ok(())
}

/// Checks the value of a header whose grammar allows only ASCII. Other headers may carry UTF-8.
fn check_ascii(text: &str, path: &dyn fmt::Display) -> Result<(), Failure> {
    match text.is_ascii() {
        true => Ok(()),
        false => Err(Failure::argument(path, "has a character that is not ASCII, which this header cannot carry")),
    }
}

fn user_agent_header(given: Option<&str>) -> Result<HeaderValue, Failure> {
    let own = concat!("apideck-vault/", env!("CARGO_PKG_VERSION"));
    let text = match given {
        Some(given) if !given.is_empty() => format!("{given} {own}"),
        _ => own.to_string(),
    };
    check_header_value(&text, &"user_agent")?;
    HeaderValue::from_bytes(text.as_bytes())
        .map_err(|_| Failure::argument("user_agent", "has a character that a header cannot carry"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(more: &str) -> String {
        let text = format!(r#"{{"app_id":"a","server_url":"https://vault.example",{more}}}"#);
        Config::read(&text, &|_| None).expect_err("refused").message
    }

    #[test]
    fn every_key_of_the_description_is_read() {
        for key in options::CONFIGURATION_KEYS.iter().filter(|key| !["app_id", "server_url"].contains(key)) {
            let message = message(&format!("\"{key}\":[]"));
            assert!(message.starts_with(&format!("{key}: expected ")), "{key}: {message}");
        }
        for (object, keys) in [("retries", options::RETRIES_KEYS), ("backoff", options::RETRIES_BACKOFF_KEYS)] {
            for key in keys {
                let (path, text) = match object {
                    "retries" => (format!("retries.{key}"), format!("\"retries\":{{\"{key}\":[]}}")),
                    _ => (format!("retries.backoff.{key}"), format!("\"retries\":{{\"backoff\":{{\"{key}\":[]}}}}")),
                };
                let message = message(&text);
                assert!(message.starts_with(&format!("{path}: expected ")), "{path}: {message}");
            }
        }
    }

    #[test]
    fn null_is_no_value_for_every_key_but_two() {
        let nulls: Vec<String> = options::CONFIGURATION_KEYS.iter().map(|key| format!("\"{key}\":null")).collect();
        let environment = |variable: &str| match variable {
            "APIDECK_API_KEY" | "APIDECK_APP_ID" | "APIDECK_CONSUMER_ID" => Some("from-environment".to_string()),
            "APIDECK_SERVER_URL" => Some("https://environment.example".to_string()),
            _ => None,
        };
        let config = Config::read(&format!("{{{}}}", nulls.join(",")), &environment).expect("nothing is set");
        assert_eq!(config.consumer_id.as_ref().map(Identity::text), Some("from-environment"));
        assert_eq!(config.server.authority, "environment.example");
        assert_eq!((config.timeout, config.options.max_idle_connections), (Duration::from_secs(30), 64));
        assert_eq!(config.retries, Policy::none());
    }
}
