//! The six operations as data; request text -> [`Prepared`]. Pure.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use ureq::http::Method;

use crate::config::{Seen, Settings};
use crate::error::Failure;
use crate::object::{self, Kind};
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
    /// What follows the connection in the path.
    suffix: &'static str,
    body: Body,
    /// Whether a 2xx carries a JSON object.
    pub promises_body: bool,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $constant:ident = $method:ident $name:literal $of_one:literal $suffix:literal $body:expr, $promises:literal;)*) => {
        impl Operation {
            $($(#[$doc])* pub const $constant: &'static Operation = &Operation {
                name: concat!("connections.", $name), method: Method::$method, of_one: $of_one,
                suffix: $suffix, body: $body, promises_body: $promises,
            };)*

            /// Every operation.
            pub const ALL: &'static [&'static Operation] = &[$(Operation::$constant),*];
        }
    };
}

const CONNECTION: Body = Body::Given { key: "connection", check: schema::check_connection };
const IMPORT_DATA: Body = Body::Given { key: "connection_import_data", check: schema::check_connection_import_data };

operations! {
    /// Get all connections.
    LIST    = GET    "list"    false ""        Body::None,        true;
    /// Get a connection.
    GET     = GET    "get"     true  ""        Body::None,        true;
    /// Update a connection.
    UPDATE  = PATCH  "update"  true  ""        CONNECTION,        true;
    /// Delete a connection.
    DELETE  = DELETE "delete"  true  ""        Body::None,        false;
    /// Import an authorized connection.
    IMPORTS = POST   "imports" true  "/import" IMPORT_DATA,       true;
    /// Authorize an access token.
    TOKEN   = POST   "token"   true  "/token"  Body::EmptyObject, true;
}

/// A request, checked and ready for the wire.
pub struct Prepared<'a> {
    /// The path below the server's own, percent-encoded.
    pub path: String,
    /// The query, with its question mark, or nothing.
    pub query: String,
    pub body: Option<&'a str>,
    pub settings: Settings,
}

const PER_CALL: &[&str] = &["api_key", "consumer_id", "app_id", "server_url", "timeout_ms", "retries", "http_headers"];

/// All but the characters that need no encoding anywhere in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Operation {
    /// The keys of a request, for the message about one that is none of them.
    fn keys(&self) -> Vec<&'static str> {
        let mut keys = if self.of_one { vec!["service_id", "unified_api"] } else { vec!["api", "configured"] };
        if let Body::Given { key, .. } = self.body {
            keys.push(key);
        }
        keys.extend(PER_CALL);
        keys
    }

    /// Reads and checks a request. `has_consumer`: the client has a consumer id of its own.
    /// `insecure`: plain http is allowed to any host.
    pub fn prepare<'a>(&self, text: &'a str, has_consumer: bool, insecure: bool) -> Result<Prepared<'a>, Failure> {
        let what = "request";
        let mut seen = Seen::default();
        let (mut service_id, mut unified_api) = (None, None);
        let (mut query, mut body) = (String::new(), None);
        let mut settings = Settings::default();

        object::for_each_member(object::parse(text, what)?, &what, |key, value| {
            seen.once(&key, &what)?;
            let given = Kind::of(value) != Kind::Null;
            match (&*key, &self.body) {
                ("service_id", _) if self.of_one => service_id = read_part(value, given, "service_id")?,
                ("unified_api", _) if self.of_one => unified_api = read_part(value, given, "unified_api")?,
                ("api" | "configured", _) if !self.of_one && !given => {}
                ("api", _) if !self.of_one => {
                    push_query(&mut query, "api", &object::string(value, &key)?);
                }
                ("configured", _) if !self.of_one => {
                    let configured = object::boolean(value, &key)?;
                    push_query(&mut query, "configured", if configured { "true" } else { "false" });
                }
                (name, Body::Given { key, check }) if name == *key && given => {
                    check(value)?;
                    body = Some(value.get());
                }
                (name, Body::Given { key, .. }) if name == *key => {}
                _ if settings.take(&key, value, || insecure)? => {}
                _ => return Err(object::unknown_key(&what, &key, &self.keys())),
            }
            Ok(())
        })?;

        match &self.body {
            Body::None => {}
            Body::EmptyObject => body = Some("{}"),
            Body::Given { key, .. } if body.is_none() => return Err(missing(key)),
            Body::Given { .. } => {}
        }
        let mut path = String::with_capacity(96);
        path.push_str("/vault/connections");
        if self.of_one {
            let (Some(unified_api), Some(service_id)) = (unified_api.as_deref(), service_id.as_deref()) else {
                return Err(missing(if service_id.is_none() { "service_id" } else { "unified_api" }));
            };
            if !has_consumer && settings.consumer_id.is_none() {
                return Err(Failure::argument(
                    "consumer_id",
                    "is required: give it in the request, in the configuration, or set APIDECK_CONSUMER_ID",
                ));
            }
            for part in [unified_api, service_id] {
                path.push('/');
                path.extend(utf8_percent_encode(part, ENCODED));
            }
        }
        path.push_str(self.suffix);
        Ok(Prepared { path, query, body, settings })
    }
}

fn missing(key: &str) -> Failure {
    Failure::argument("request", format_args!("{key:?} is required"))
}

/// A part of the path. Encoded, it cannot leave its place; but "." and ".." mean a step even when
/// encoded, so they are refused.
fn read_part<'a>(value: &'a RawValue, given: bool, key: &str) -> Result<Option<Cow<'a, str>>, Failure> {
    if !given {
        return Ok(None);
    }
    let part = object::string(value, &key)?;
    match &*part {
        "" => Err(Failure::argument(key, "must not be empty")),
        "." | ".." => Err(Failure::argument(key, "must not be \".\" or \"..\", which are steps in a path")),
        _ => Ok(Some(part)),
    }
}

fn push_query(query: &mut String, key: &str, value: &str) {
    query.push(if query.is_empty() { '?' } else { '&' });
    query.push_str(key);
    query.push('=');
    query.extend(utf8_percent_encode(value, ENCODED));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(operation: &Operation, text: &str) -> String {
        operation.prepare(text, true, false).err().expect("refused").message
    }

    #[test]
    fn the_path_keeps_its_shape_whatever_the_ids_are() {
        for (id, encoded) in [("a/b?c", "a%2Fb%3Fc"), ("ä #%", "%C3%A4%20%23%25"), ("..a", "..a"), ("%2e", "%252e")] {
            let text = format!(r#"{{"service_id":"{id}","unified_api":"crm"}}"#);
            let prepared = Operation::TOKEN.prepare(&text, true, false).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!(prepared.path, format!("/vault/connections/crm/{encoded}/token"));
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
        let prepared = Operation::LIST.prepare(r#"{"configured":true,"api":"c&m"}"#, false, false);
        let prepared = prepared.unwrap_or_else(|f| panic!("{f:?}"));
        assert_eq!(
            (prepared.path.as_str(), prepared.query.as_str()),
            ("/vault/connections", "?configured=true&api=c%26m")
        );
    }

    #[test]
    fn the_body_is_the_callers_text() {
        let text = r#"{ "connection" : { "enabled":true , "x":1.10 }, "service_id":"a","unified_api":"b"}"#;
        let prepared = Operation::UPDATE.prepare(text, true, false).unwrap_or_else(|f| panic!("{f:?}"));
        assert_eq!(prepared.body, Some(r#"{ "enabled":true , "x":1.10 }"#));
    }

    #[test]
    fn what_is_required_is_asked_for() {
        assert!(message(Operation::GET, r#"{"unified_api":"crm"}"#).contains("\"service_id\" is required"));
        assert!(
            message(Operation::UPDATE, r#"{"unified_api":"a","service_id":"b"}"#)
                .contains("\"connection\" is required")
        );
        let alone = Operation::GET.prepare(r#"{"unified_api":"a","service_id":"b"}"#, false, false);
        assert!(alone.err().is_some_and(|f| f.message.starts_with("consumer_id: is required")));
    }
}
