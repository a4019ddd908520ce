//! Checks the text of a request and turns it into a [`Prepared`] request: path, query and body. Pure.
//!
//! The operations themselves are data in `api.rs`. No code in this module depends on a particular operation.

use std::borrow::Cow;
use std::fmt::Write;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use ureq::http::Method;
use ureq::http::uri::PathAndQuery;

use crate::config::{Config, MAX_LINE_BYTES, Settings};
use crate::error::Failure;
use crate::object::{self, Keys, Kind};
use crate::options;
use crate::retry::Resend;
use crate::schema::{self, Type};

/// An operation of the API.
pub struct Operation {
    /// The name in requests and events: `connections.list`.
    pub name: &'static str,
    pub method: Method,
    /// The path after the server's base path.
    pub path: &'static [Part],
    pub parameters: &'static [Parameter],
    pub consumer: Consumer,
    /// When a request may be sent again.
    pub(crate) resend: Resend,
    /// Whether the body is `{}` if the caller gives none.
    pub sends_empty_object: bool,
    /// Whether the body of a 2xx is a JSON object.
    pub promises_body: bool,
}

/// A part of a path template.
pub enum Part {
    Literal(&'static str),
    /// The value of the parameter with this index.
    Parameter(usize),
}

/// A parameter of an operation: a key of its requests.
pub struct Parameter {
    pub name: &'static str,
    pub place: Place,
    pub value: &'static Type,
    pub required: bool,
}

/// The part of the HTTP request that carries a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Body,
}

/// Whether a request is about a consumer. If so, a header carries the consumer's id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Consumer {
    Required,
    Optional,
    None,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A request that is checked and can be sent.
pub struct Prepared<'a> {
    /// The server's base path, the operation's path, percent-encoded, and the query.
    pub target: PathAndQuery,
    /// The offset in `target` of the operation's path.
    path_at: usize,
    pub body: Option<&'a str>,
    pub settings: Settings,
}

impl Prepared<'_> {
    /// Returns the path after the server's base path, which events contain.
    pub fn path(&self) -> &str {
        &self.target.path()[self.path_at..]
    }
}

/// The characters that are percent-encoded: all that need it in some part of a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most parameters that an operation has.
const MAX_PARAMETERS: usize = 8;

/// The values of an operation's parameters, in their order. A value is `None` if the request has none, or `null`.
type Values<'a> = [Option<&'a RawValue>; MAX_PARAMETERS];

impl Operation {
    /// Returns the operation with this name (`connections.list`).
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the name is unknown. The message has the nearest known name.
    pub fn find(name: &str) -> Result<&'static Operation, Failure> {
        let found = Operation::ALL.iter().find(|operation| operation.name == name).copied();
        found.ok_or_else(|| {
            object::unknown(&"operation", "operation", name, Operation::ALL.iter().map(|known| known.name))
        })
    }

    /// Returns the keys of a request: the operation's parameters, then the keys of every request.
    fn keys(&self) -> impl Iterator<Item = &'static str> + Clone {
        let (own, consumer) = (self.parameters, self.consumer);
        let is_taken = move |key: &&str| own.iter().any(|parameter| parameter.name == *key);
        let common = options::REQUEST_KEYS.iter().copied();
        let common = common.filter(move |key| !is_taken(key) && (*key != "consumer_id" || consumer != Consumer::None));
        own.iter().map(|parameter| parameter.name).chain(common)
    }

    /// Reads and checks a request of a client with this configuration.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT`. The message has the path to the wrong value.
    pub fn prepare<'a>(&self, text: &'a str, config: &Config) -> Result<Prepared<'a>, Failure> {
        let what = "request";
        let mut keys = Keys::new(what);
        let mut values: Values<'a> = [None; MAX_PARAMETERS];
        let mut settings = Settings::default();
        object::for_each_member(object::parse(text, what)?, &what, |key, value| {
            let index = keys.admit(&key, self.keys())?;
            match self.parameters.get(index) {
                Some(parameter) if Kind::of(value) != Kind::Null => {
                    schema::check(parameter.value, value, parameter.name)?;
                    values[index] = Some(value);
                }
                Some(_) => {}
                None => settings.take(&key, value, || config.options.allow_insecure_http).map(drop)?,
            }
            Ok(())
        })?;
        if let Some(server) = &settings.server {
            config.proxies.of(&server.scheme, &server.authority)?;
        }
        let missing =
            self.parameters.iter().zip(values).find(|(parameter, value)| parameter.required && value.is_none());
        if let Some((parameter, _)) = missing {
            return Err(Failure::argument(what, format_args!("{:?} is required", parameter.name)));
        }
        if self.consumer == Consumer::Required && config.consumer_id.is_none() && settings.consumer_id.is_none() {
            return Err(Failure::argument(
                "consumer_id",
                "is required: give it in the request, in the configuration, or set APIDECK_CONSUMER_ID",
            ));
        }
        let base = &settings.server.as_ref().unwrap_or(&config.server).base_path;
        let mut target = String::with_capacity(base.len() + 96);
        target.push_str(base);
        self.write_path(&mut target, &values)?;
        self.write_query(&mut target, &values)?;
        let path_at = base.len();
        if target.len() > MAX_LINE_BYTES {
            return Err(Failure::argument(
                what,
                format_args!("its path and query are longer than {MAX_LINE_BYTES} bytes"),
            ));
        }
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target))
            .map_err(|_| Failure::argument(what, "its path cannot be part of a URL"))?;
        let body = self.parameters.iter().zip(values).find(|(parameter, _)| parameter.place == Place::Body);
        let body = body.and_then(|(_, value)| value).map(RawValue::get);
        Ok(Prepared { target, path_at, body: body.or(self.sends_empty_object.then_some("{}")), settings })
    }

    fn write_path(&self, target: &mut String, values: &Values<'_>) -> Result<(), Failure> {
        for part in self.path {
            match part {
                Part::Literal(text) => target.push_str(text),
                Part::Parameter(index) => {
                    if let Some(value) = values[*index] {
                        target
                            .extend(utf8_percent_encode(&path_segment(value, self.parameters[*index].name)?, ENCODED));
                    }
                }
            }
        }
        Ok(())
    }

    fn write_query(&self, target: &mut String, values: &Values<'_>) -> Result<(), Failure> {
        let mut separator = '?';
        for (parameter, value) in self.parameters.iter().zip(values) {
            let (Place::Query, Some(value)) = (parameter.place, value) else { continue };
            let mut write = |name: std::fmt::Arguments<'_>, value: &RawValue| -> Result<(), Failure> {
                let text = match Kind::of(value) {
                    Kind::Null => return Ok(()),
                    Kind::String => object::string(value, &parameter.name)?,
                    _ => Cow::Borrowed(value.get()),
                };
                let _ = write!(target, "{separator}{name}={}", utf8_percent_encode(&text, ENCODED));
                separator = '&';
                Ok(())
            };
            match Kind::of(value) {
                // `filter[search]=…`, which OpenAPI calls deepObject.
                Kind::Object => object::for_each_member(value, &parameter.name, |key, value| {
                    let key = utf8_percent_encode(&key, ENCODED);
                    write(format_args!("{}%5B{key}%5D", parameter.name), value)
                })?,
                _ => write(format_args!("{}", parameter.name), value)?,
            }
        }
        Ok(())
    }
}

/// Returns the value of a path parameter. Percent-encoding keeps it within its segment. `.` and `..` are refused,
/// because they change the path even if they are encoded.
fn path_segment<'a>(value: &'a RawValue, name: &str) -> Result<Cow<'a, str>, Failure> {
    let segment = object::string(value, &name)?;
    match &*segment {
        "" => Err(Failure::argument(name, "must not be empty")),
        "." | ".." => Err(Failure::argument(name, "must not be \".\" or \"..\", which would change the path")),
        _ => Ok(segment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(more: &str) -> Config {
        let text = format!(r#"{{"api_key":"k","app_id":"a","server_url":"https://vault.example/v1/"{more}}}"#);
        Config::read(&text, &|_| None).unwrap_or_else(|f| panic!("{f:?}"))
    }

    fn prepare<'a>(operation: &Operation, text: &'a str) -> Result<Prepared<'a>, Failure> {
        operation.prepare(text, &config(r#","consumer_id":"c""#))
    }

    fn message(operation: &Operation, text: &str) -> String {
        prepare(operation, text).err().expect("refused").message
    }

    #[test]
    fn the_path_keeps_its_shape_whatever_the_ids_are() {
        for (id, encoded) in [("a/b?c", "a%2Fb%3Fc"), ("ä #%", "%C3%A4%20%23%25"), ("..a", "..a"), ("%2e", "%252e")] {
            let text = format!(r#"{{"service_id":"{id}","unified_api":"crm"}}"#);
            let prepared = prepare(Operation::CONNECTIONS_TOKEN, &text).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!(prepared.path(), format!("/vault/connections/crm/{encoded}/token"));
            assert_eq!(prepared.target, format!("/v1/vault/connections/crm/{encoded}/token"));
        }
        for id in ["", ".", "..", "\\u002e\\u002e"] {
            let text = format!(r#"{{"service_id":"{id}","unified_api":"crm"}}"#);
            assert!(message(Operation::CONNECTIONS_GET, &text).starts_with("service_id: must not"), "{id}");
        }
    }

    #[test]
    fn the_message_for_an_unknown_key_has_the_nearest_known_key() {
        assert_eq!(
            message(Operation::CONNECTIONS_GET, r#"{"servce_id":"a"}"#),
            "request: unknown key \"servce_id\", did you mean \"service_id\"?"
        );
        assert!(message(Operation::CONNECTIONS_LIST, r#"{"service_id":"a"}"#).contains("known keys: api, configured"));
        assert!(message(Operation::CONNECTIONS_GET, r#"{"timeout_ms":1,"timeout_ms":2}"#).contains("given twice"));
    }

    #[test]
    fn the_filters_of_a_list_are_in_the_query() {
        for (text, target) in [
            (r#"{"configured":true,"api":"c&m"}"#, "/v1/vault/connections?api=c%26m&configured=true"),
            (r#"{"configured":false,"api":null}"#, "/v1/vault/connections?configured=false"),
            ("{}", "/v1/vault/connections"),
        ] {
            let prepared = Operation::CONNECTIONS_LIST.prepare(text, &config("")).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!((prepared.target.as_str(), prepared.path()), (target, "/vault/connections"));
        }
    }

    #[test]
    fn the_body_is_the_callers_text() {
        let text = r#"{ "connection" : { "enabled":true , "x":1.10 }, "service_id":"a","unified_api":"b"}"#;
        let prepared = prepare(Operation::CONNECTIONS_UPDATE, text).unwrap_or_else(|f| panic!("{f:?}"));
        assert_eq!(prepared.body, Some(r#"{ "enabled":true , "x":1.10 }"#));
    }

    #[test]
    fn the_proxy_of_a_call_is_chosen_by_its_own_server_url() {
        let environment = |name: &str| match name {
            "HTTP_PROXY" => Some("socks5://127.0.0.1".to_string()),
            "HTTPS_PROXY" => Some("http://proxy.example".to_string()),
            _ => None,
        };
        let text = r#"{"api_key":"k","app_id":"a","allow_insecure_http":true}"#;
        let config = Config::read(text, &environment).unwrap_or_else(|f| panic!("{f:?}"));
        for (request, refused) in [
            ("{}", None),
            (r#"{"server_url":"http://127.0.0.1"}"#, None),
            (r#"{"server_url":"https://vault.example"}"#, None),
            (
                r#"{"server_url":"http://vault.example"}"#,
                Some("HTTP_PROXY: SOCKS proxies are not supported; use http:// or https://"),
            ),
        ] {
            let failure = Operation::CONNECTIONS_LIST.prepare(request, &config).err().map(|failure| failure.message);
            assert_eq!(failure.as_deref(), refused, "{request}");
        }
        let text = r#"{"api_key":"k","app_id":"a","server_url":"http://vault.example","allow_insecure_http":true}"#;
        assert!(Config::read(text, &environment).err().is_some_and(|f| f.message.starts_with("HTTP_PROXY: ")));
    }

    #[test]
    fn a_missing_required_key_is_refused() {
        assert!(message(Operation::CONNECTIONS_GET, r#"{"unified_api":"crm"}"#).contains("\"service_id\" is required"));
        assert!(
            message(Operation::CONNECTIONS_UPDATE, r#"{"unified_api":"a","service_id":"b"}"#)
                .contains("\"connection\" is required")
        );
        let alone = Operation::CONNECTIONS_GET.prepare(r#"{"unified_api":"a","service_id":"b"}"#, &config(""));
        assert!(alone.err().is_some_and(|f| f.message.starts_with("consumer_id: is required")));
    }
}
