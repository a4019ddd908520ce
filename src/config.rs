//! Configuration text -> [`Config`], and the settings a request may override for one call.
//!
//! The one place for defaults and for what the environment adds. Not for the network.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use ureq::http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::object::{self, Keys, Kind};
use crate::proxy::Proxies;
use crate::retry::Policy;
use crate::secret::Secret;
use crate::server::Server;
use crate::trust::{Roots, Trust};

const DEFAULT_SERVER_URL: &str = "https://unify.apideck.com";
const DEFAULT_TIMEOUT: Duration = Duration::from_millis(30_000);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_millis(10_000);
const DEFAULT_MAX_RESPONSE_BYTES: u64 = 64 * 1024 * 1024;
const DEFAULT_MAX_IDLE_CONNECTIONS: usize = 64;
/// Long enough to be worth it, short enough that a changed DNS record is seen.
const DEFAULT_MAX_CONNECTION_AGE: Duration = Duration::from_secs(300);

/// A year: longer waits are taken for a mistake (seconds in place of milliseconds, a negative number).
const MOST_MILLISECONDS: u64 = 366 * 24 * 60 * 60 * 1000;

const KEYS: &[&str] = &[
    "api_key",
    "app_id",
    "consumer_id",
    "server_url",
    "allow_insecure_http",
    "timeout_ms",
    "connect_timeout_ms",
    "retries",
    "http_headers",
    "user_agent",
    "proxy",
    "tls_roots",
    "ca_file",
    "max_response_bytes",
    "max_idle_connections",
    "max_connection_age_ms",
];

/// Headers that say where a message ends or how the connection is used: they belong to the transport.
const FRAMING: &[&str] =
    &["connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/// The longest line of a request's head: most servers take no longer one.
pub const LONGEST_LINE: usize = 8 * 1024;

/// How many `http_headers` there may be: most servers take no more.
const MOST_HEADERS: usize = 100;

/// A text as a header value, and the text itself. The bytes are shared, not copied, and wiped with the
/// last of them.
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
            .map_err(|_| Failure::argument(path, "a character that no header may carry"))?;
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

/// What a client is made with, and what a request may say for itself.
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

/// A client's configuration, complete.
#[derive(Debug)]
pub struct Config {
    pub api_key: Identity,
    pub app_id: Identity,
    pub consumer_id: Option<Identity>,
    pub server: Server,
    pub allow_insecure_http: bool,
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub retries: Policy,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub user_agent: HeaderValue,
    pub proxies: Proxies,
    pub trust: Trust,
    pub max_response_bytes: u64,
    pub max_idle_connections: usize,
    /// A kept-alive connection that is older is not used again.
    pub max_connection_age: Duration,
}

impl Config {
    /// Reads a configuration; `environment` looks up a variable.
    pub fn read(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let what = "configuration";
        let (mut keys, mut settings) = (Keys::new(what), Settings::default());
        let (mut server_url, mut user_agent, mut proxies) = (None, None, None);
        let (mut roots, mut ca_file) = (Roots::Bundled, None);
        let (mut allow_insecure_http, mut connect_timeout) = (false, DEFAULT_CONNECT_TIMEOUT);
        let mut max_response_bytes = DEFAULT_MAX_RESPONSE_BYTES;
        let mut max_idle_connections = DEFAULT_MAX_IDLE_CONNECTIONS;
        let mut max_connection_age = DEFAULT_MAX_CONNECTION_AGE;

        object::for_each_member(object::parse(text, what)?, &what, |key, value| {
            keys.admit(&key, KEYS.iter().copied())?;
            let path = &key;
            match &*key {
                "proxy" => proxies = Some(Proxies::read(value)?),
                "server_url" if Kind::of(value) != Kind::Null => {
                    server_url = Some(object::string(value, path)?.into_owned())
                }
                _ if settings.take(&key, value, allow_any_http)? => {}
                _ if Kind::of(value) == Kind::Null => {}
                "allow_insecure_http" => allow_insecure_http = object::boolean(value, path)?,
                "connect_timeout_ms" => connect_timeout = milliseconds(value, path)?,
                "user_agent" => user_agent = Some(object::string(value, path)?),
                "tls_roots" => roots = Roots::read(value)?,
                "ca_file" => ca_file = Some(object::string(value, path)?),
                "max_response_bytes" => max_response_bytes = object::whole(value, path, "bytes", 1, i64::MAX as u64)?,
                "max_connection_age_ms" => max_connection_age = milliseconds(value, path)?,
                _ => max_idle_connections = object::whole(value, path, "connections", 0, 65_536)? as usize,
            }
            Ok(())
        })?;

        let identity = |given: Option<Identity>, key: &str, variable: &str, prefix: &str| match given {
            Some(identity) => Ok(Some(identity)),
            None => environment(variable)
                .filter(|value| !value.is_empty())
                .map(|value| Identity::new(&Zeroizing::new(value), prefix, &format_args!("{key} (from {variable})")))
                .transpose(),
        };
        let required = |found: Option<Identity>, key: &str, variable: &str| {
            found.ok_or_else(|| Failure::argument(key, format_args!("is required: give it here or set {variable}")))
        };
        let api_key = identity(settings.api_key, "api_key", "APIDECK_API_KEY", "Bearer ")?;
        let app_id = identity(settings.app_id, "app_id", "APIDECK_APP_ID", "")?;
        let server_url = match server_url {
            Some(url) => url,
            None => environment("APIDECK_SERVER_URL")
                .filter(|url| !url.is_empty())
                .unwrap_or_else(|| DEFAULT_SERVER_URL.to_string()),
        };

        let server = Server::read(&server_url, allow_insecure_http)?;
        let proxies = proxies.unwrap_or_else(|| Proxies::of_environment(environment));
        proxies.of(&server.scheme, &server.authority)?;

        Ok(Config {
            api_key: required(api_key, "api_key", "APIDECK_API_KEY")?,
            app_id: required(app_id, "app_id", "APIDECK_APP_ID")?,
            consumer_id: identity(settings.consumer_id, "consumer_id", "APIDECK_CONSUMER_ID", "")?,
            server,
            allow_insecure_http,
            timeout: settings.timeout.unwrap_or(DEFAULT_TIMEOUT),
            connect_timeout,
            retries: settings.retries.unwrap_or_default(),
            headers: settings.headers,
            user_agent: user_agent_header(user_agent.as_deref())?,
            proxies,
            trust: Trust::read(roots, ca_file.as_deref(), environment)?,
            max_response_bytes,
            max_idle_connections,
            max_connection_age,
        })
    }
}

impl Settings {
    /// The keys that every request may have, for that call alone.
    pub const KEYS: &'static [&'static str] =
        &["api_key", "consumer_id", "app_id", "server_url", "timeout_ms", "retries", "http_headers"];

    /// Takes the member `key`, if it is one that both a configuration and a request may have.
    /// `server_url` is for the caller of a request alone; a configuration reads it when
    /// `allow_insecure_http` is known.
    pub fn take(&mut self, key: &str, value: &RawValue, insecure: impl Fn() -> bool) -> Result<bool, Failure> {
        let given = Kind::of(value) != Kind::Null;
        match key {
            "retries" => self.retries = Some(read_retries(value)?),
            "api_key" | "app_id" | "consumer_id" | "server_url" | "timeout_ms" | "http_headers" if !given => {}
            "api_key" => {
                let text = Zeroizing::new(object::string(value, &key)?.into_owned());
                self.api_key = Some(Identity::new(&text, "Bearer ", &key)?);
            }
            "app_id" => self.app_id = Some(Identity::new(&object::string(value, &key)?, "", &key)?),
            "consumer_id" => self.consumer_id = Some(Identity::new(&object::string(value, &key)?, "", &key)?),
            "server_url" => self.server = Some(Server::read(&object::string(value, &key)?, insecure())?),
            "timeout_ms" => self.timeout = Some(milliseconds(value, &key)?),
            "http_headers" => self.headers = read_headers(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn allow_any_http() -> bool {
    true // not asked: a configuration reads its server_url itself
}

fn milliseconds(value: &RawValue, path: &dyn fmt::Display) -> Result<Duration, Failure> {
    Ok(Duration::from_millis(object::whole(value, path, "milliseconds", 1, MOST_MILLISECONDS)?))
}

/// `null` and `{"strategy":"none"}` switch retries off; what is left out has its default, but for
/// `max_attempts`: retries that are given without it are bound by time alone.
fn read_retries(value: &RawValue) -> Result<Policy, Failure> {
    const RETRIES: &[&str] = &["strategy", "backoff", "max_attempts", "retry_connection_errors"];
    if Kind::of(value) == Kind::Null {
        return Ok(Policy::none());
    }
    let (mut keys, mut none) = (Keys::new("retries"), false);
    let mut policy = Policy { max_attempts: None, ..Policy::default() };
    object::for_each_member(value, &"retries", |key, value| {
        keys.admit(&key, RETRIES.iter().copied())?;
        let path = &format_args!("retries.{key}");
        match &*key {
            "strategy" => match &*object::string(value, path)? {
                "none" => none = true,
                "backoff" => none = false,
                _ => return Err(Failure::argument(path, "expected \"backoff\" or \"none\"")),
            },
            "backoff" if Kind::of(value) == Kind::Null => {}
            "backoff" => read_backoff(value, &mut policy)?,
            "max_attempts" if Kind::of(value) == Kind::Null => {}
            "max_attempts" => policy.max_attempts = Some(object::whole(value, path, "attempts", 1, 1_000_000)?),
            _ => policy.retry_connection_errors = object::boolean(value, path)?,
        }
        Ok(())
    })?;
    Ok(if none { Policy::none() } else { policy })
}

fn read_backoff(value: &RawValue, policy: &mut Policy) -> Result<(), Failure> {
    const BACKOFF: &[&str] = &["initial_interval", "max_interval", "exponent", "max_elapsed_time"];
    let mut keys = Keys::new("retries.backoff");
    object::for_each_member(value, &"retries.backoff", |key, value| {
        keys.admit(&key, BACKOFF.iter().copied())?;
        let path = &format_args!("retries.backoff.{key}");
        let duration = || Ok(Duration::from_millis(object::whole(value, path, "milliseconds", 0, MOST_MILLISECONDS)?));
        match &*key {
            "initial_interval" => policy.initial_interval = duration()?,
            "max_interval" => policy.max_interval = duration()?,
            "max_elapsed_time" => policy.max_elapsed_time = duration()?,
            _ => {
                let found = value.get().parse::<f64>().ok().filter(|number| (1.0..=1_000.0).contains(number));
                let Some(number) = found else {
                    return Err(Failure::argument(path, "expected a number from 1 to 1000"));
                };
                policy.exponent = number;
            }
        }
        Ok(())
    })
}

fn read_headers(value: &RawValue) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
    object::for_each_member(value, &"http_headers", |key, value| {
        // Not repeated: somebody may have swapped name and value.
        let Some(name) = HeaderName::from_bytes(key.as_bytes()).ok().filter(|name| name.as_str().len() <= 256) else {
            let problem = "is not a header name: up to 256 letters, digits and -_.!#$%&'*+^`|~";
            return Err(Failure::argument(
                "http_headers",
                format_args!("the name at index {} {problem}", headers.len()),
            ));
        };
        let path = &format_args!("http_headers[{key:?}]");
        if headers.len() == MOST_HEADERS {
            return Err(Failure::argument("http_headers", format_args!("has more than {MOST_HEADERS} headers")));
        }
        if FRAMING.contains(&name.as_str()) {
            return Err(Failure::argument(path, "cannot be set: it belongs to the transport"));
        }
        if headers.iter().any(|(known, _)| *known == name) {
            return Err(Failure::argument(path, "is given twice (names are the same in any case)"));
        }
        let text = object::string(value, path)?;
        check_header_value(&text, path)?;
        if name == header::AUTHORIZATION || name == header::HOST {
            check_ascii(&text, path)?;
        }
        let mut value = HeaderValue::from_bytes(text.as_bytes())
            .map_err(|_| Failure::argument(path, "a character that no header may carry"))?;
        value.set_sensitive(true);
        headers.push((name, value));
        Ok(())
    })?;
    Ok(headers)
}

/// What a header can carry so that it arrives as it is: no control character (CR, LF and NUL among
/// them), no white space at the ends, which servers take off.
fn check_header_value(text: &str, path: &dyn fmt::Display) -> Result<(), Failure> {
    if let Some(at) = text.bytes().position(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
        let problem = format_args!("a control character at byte {at}, which no header may carry");
        return Err(Failure::argument(path, problem));
    }
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err(Failure::argument(path, "white space at its start or end, which no header keeps"));
    }
    if text.len() > LONGEST_LINE {
        return Err(Failure::argument(path, format_args!("is longer than a header may be ({LONGEST_LINE} bytes)")));
    }
    Ok(())
}

/// Other headers carry UTF-8; these two have a grammar of their own, which does not.
fn check_ascii(text: &str, path: &dyn fmt::Display) -> Result<(), Failure> {
    match text.is_ascii() {
        true => Ok(()),
        false => Err(Failure::argument(path, "a character beyond ASCII, which this header cannot carry")),
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
        .map_err(|_| Failure::argument("user_agent", "a character that no header may carry"))
}
