//! The six operations as data; request text -> [`Prepared`]. Pure.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use ureq::http::Method;

use bytes::Bytes;
use ureq::http::uri::PathAndQuery;

use crate::config::{Config, LONGEST_LINE, Settings};
use crate::error::Failure;
use crate::object::{self, Keys, Kind};
use crate::retry::Resend;
use crate::schema;

/// What the request body of an operation is.
enum Body {
    None,
    /// Always `{}`.
    EmptyObject,
    /// The caller's text under `key`, checked and sent as it is.
    Given {
        key: &'static str,
        check: fn(&RawValue) -> Result<(), Failure>,
    },
}

/// One of the six.
pub struct Operation {
    /// The name in events: `connections.list`.
    pub name: &'static str,
    pub method: Method,
    /// Whether it is about one connection (`/{unified_api}/{service_id}`), and for one consumer.
    of_one: bool,
    /// When a request may be sent again.
    pub(crate) resend: Resend,
    /// What follows the connection in the path.
    suffix: &'static str,
    body: Body,
    /// The keys of a request.
    keys: &'static [&'static str],
    /// Whether a 2xx carries a JSON object.
    pub promises_body: bool,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $constant:ident = $method:ident $resend:ident $name:literal $of_one:literal $suffix:literal $body:expr, $keys:expr, $promises:literal;)*) => {
        impl Operation {
            $($(#[$doc])* pub const $constant: &'static Operation = &Operation {
                name: concat!("connections.", $name), method: Method::$method, resend: Resend::$resend,
                of_one: $of_one, suffix: $suffix, body: $body, keys: $keys, promises_body: $promises,
            };)*

            /// Every operation.
            pub const ALL: &'static [&'static Operation] = &[$(Operation::$constant),*];
        }
    };
}

const CONNECTION: Body = Body::Given { key: "connection", check: schema::check_connection };
const IMPORT_DATA: Body = Body::Given { key: "connection_import_data", check: schema::check_connection_import_data };

/// An operation's own keys, and those of every request.
macro_rules! keys {
    ($($own:literal),*) => {
        &[$($own,)* "api_key", "consumer_id", "app_id", "server_url", "timeout_ms", "retries", "http_headers"]
    };
}

const LIST: &[&str] = keys!("api", "configured");
const ONE: &[&str] = keys!("service_id", "unified_api");
const UPDATE: &[&str] = keys!("service_id", "unified_api", "connection");
const IMPORTS: &[&str] = keys!("service_id", "unified_api", "connection_import_data");

operations! {
    /// Get all connections.
    LIST    = GET    IDEMPOTENT      "list"    false ""        Body::None,        LIST,    true;
    /// Get a connection.
    GET     = GET    IDEMPOTENT      "get"     true  ""        Body::None,        ONE,     true;
    /// Update a connection.
    UPDATE  = PATCH  AFTER_STATUS    "update"  true  ""        CONNECTION,        UPDATE,  true;
    /// Delete a connection.
    DELETE  = DELETE IDEMPOTENT      "delete"  true  ""        Body::None,        ONE,     false;
    /// Import an authorized connection. Sent twice, it may overwrite a token that is newer.
    IMPORTS = POST   IF_NOT_ACTED_ON "imports" true  "/import" IMPORT_DATA,       IMPORTS, true;
    /// Authorize an access token.
    TOKEN   = POST   AFTER_STATUS    "token"   true  "/token"  Body::EmptyObject, ONE,     true;
}

/// A request, checked and ready for the wire.
pub struct Prepared<'a> {
    /// The server's own path, the operation's, percent-encoded, and the query.
    pub target: PathAndQuery,
    /// Where in the target the operation's path begins.
    path_at: usize,
    pub body: Option<&'a str>,
    pub settings: Settings,
}

impl Prepared<'_> {
    /// The path below the server's own, as events name it.
    pub fn path(&self) -> &str {
        &self.target.path()[self.path_at..]
    }
}

/// All but the characters that need no encoding anywhere in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Operation {
    /// Reads and checks a request to a client with this configuration.
    pub fn prepare<'a>(&self, text: &'a str, config: &Config) -> Result<Prepared<'a>, Failure> {
        let what = "request";
        let mut keys = Keys::new(what, self.keys);
        let (mut service_id, mut unified_api) = (None, None);
        let (mut api, mut configured, mut body) = (None, None, None);
        let mut settings = Settings::default();

        object::for_each_member(object::parse(text, what)?, &what, |key, value| {
            keys.admit(&key)?;
            let given = Kind::of(value) != Kind::Null;
            match (&*key, &self.body) {
                _ if settings.take(&key, value, || config.allow_insecure_http)? => {}
                _ if !given => {}
                ("service_id", _) => service_id = Some(read_part(value, "service_id")?),
                ("unified_api", _) => unified_api = Some(read_part(value, "unified_api")?),
                ("api", _) => api = Some(object::string(value, &key)?),
                ("configured", _) => configured = Some(object::boolean(value, &key)?),
                (_, Body::Given { check, .. }) => {
                    check(value)?;
                    body = Some(value.get());
                }
                _ => unreachable!("every key of the table has its arm"),
            }
            Ok(())
        })?;

        match &self.body {
            Body::None => {}
            Body::EmptyObject => body = Some("{}"),
            Body::Given { key, .. } if body.is_none() => return Err(missing(key)),
            Body::Given { .. } => {}
        }
        let base = &settings.server.as_ref().unwrap_or(&config.server).base_path;
        let mut target = String::with_capacity(base.len() + 96);
        target.push_str(base);
        target.push_str("/vault/connections");
        if self.of_one {
            let (Some(unified_api), Some(service_id)) = (unified_api, &service_id) else {
                return Err(missing(if service_id.is_none() { "service_id" } else { "unified_api" }));
            };
            if config.consumer_id.is_none() && settings.consumer_id.is_none() {
                return Err(Failure::argument(
                    "consumer_id",
                    "is required: give it in the request, in the configuration, or set APIDECK_CONSUMER_ID",
                ));
            }
            for part in [&unified_api, service_id] {
                target.push('/');
                target.extend(utf8_percent_encode(part, ENCODED));
            }
        }
        target.push_str(self.suffix);
        let configured = configured.map(|configured| if configured { "true" } else { "false" });
        let query = [("api", api.as_deref()), ("configured", configured)];
        let given = query.into_iter().filter_map(|(key, value)| Some((key, value?)));
        for ((key, value), before) in given.zip(['?', '&']) {
            target.extend([before.encode_utf8(&mut [0; 4]), key, "="]);
            target.extend(utf8_percent_encode(value, ENCODED));
        }
        let path_at = base.len();
        if target.len() > LONGEST_LINE {
            return Err(Failure::argument(
                what,
                format_args!("its path and query are longer than {LONGEST_LINE} bytes"),
            ));
        }
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target))
            .map_err(|_| Failure::argument(what, "its path is none that a URL can have"))?;
        Ok(Prepared { target, path_at, body, settings })
    }
}

fn missing(key: &str) -> Failure {
    Failure::argument("request", format_args!("{key:?} is required"))
}

/// A part of the path. Encoded, it cannot leave its place; but "." and ".." mean a step even when
/// encoded, so they are refused.
fn read_part<'a>(value: &'a RawValue, key: &str) -> Result<Cow<'a, str>, Failure> {
    let part = object::string(value, &key)?;
    match &*part {
        "" => Err(Failure::argument(key, "must not be empty")),
        "." | ".." => Err(Failure::argument(key, "must not be \".\" or \"..\", which are steps in a path")),
        _ => Ok(part),
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
            let prepared = prepare(Operation::TOKEN, &text).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!(prepared.path(), format!("/vault/connections/crm/{encoded}/token"));
            assert_eq!(prepared.target, format!("/v1/vault/connections/crm/{encoded}/token"));
        }
        for id in ["", ".", "..", "\\u002e\\u002e"] {
            let text = format!(r#"{{"service_id":"{id}","unified_api":"crm"}}"#);
            assert!(message(Operation::GET, &text).starts_with("service_id: must not"), "{id}");
        }
    }

    #[test]
    fn an_unknown_key_names_its_nearest_neighbour() {
        assert_eq!(
            message(Operation::GET, r#"{"servce_id":"a"}"#),
            "request: unknown key \"servce_id\", did you mean \"service_id\"?"
        );
        assert!(message(Operation::LIST, r#"{"service_id":"a"}"#).contains("known keys: api, configured"));
        assert!(message(Operation::GET, r#"{"timeout_ms":1,"timeout_ms":2}"#).contains("given twice"));
    }

    #[test]
    fn a_list_carries_its_filters_in_the_query() {
        for (text, target) in [
            (r#"{"configured":true,"api":"c&m"}"#, "/v1/vault/connections?api=c%26m&configured=true"),
            (r#"{"configured":false,"api":null}"#, "/v1/vault/connections?configured=false"),
            ("{}", "/v1/vault/connections"),
        ] {
            let prepared = Operation::LIST.prepare(text, &config("")).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!((prepared.target.as_str(), prepared.path()), (target, "/vault/connections"));
        }
    }

    #[test]
    fn the_body_is_the_callers_text() {
        let text = r#"{ "connection" : { "enabled":true , "x":1.10 }, "service_id":"a","unified_api":"b"}"#;
        let prepared = prepare(Operation::UPDATE, text).unwrap_or_else(|f| panic!("{f:?}"));
        assert_eq!(prepared.body, Some(r#"{ "enabled":true , "x":1.10 }"#));
    }

    #[test]
    fn what_is_required_is_asked_for() {
        assert!(message(Operation::GET, r#"{"unified_api":"crm"}"#).contains("\"service_id\" is required"));
        assert!(
            message(Operation::UPDATE, r#"{"unified_api":"a","service_id":"b"}"#)
                .contains("\"connection\" is required")
        );
        let alone = Operation::GET.prepare(r#"{"unified_api":"a","service_id":"b"}"#, &config(""));
        assert!(alone.err().is_some_and(|f| f.message.starts_with("consumer_id: is required")));
    }
}
