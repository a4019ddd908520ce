//! Any text in any field is either refused before anything is sent, or arrives at the server exactly. It changes no
//! other part of the request.

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use apideck_vault::Status;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use support::server::{Request, Server, respond};
use support::vault::{Client, Reply};

/// A server that responds to every request with `{}`, and a client for it.
struct Stage {
    client: Client,
    last: Arc<Mutex<Option<Request>>>,
    url: String,
    _server: Server,
}

impl Stage {
    fn new(config: Value) -> Stage {
        let last: Arc<Mutex<Option<Request>>> = Arc::default();
        let seen = Arc::clone(&last);
        let server = Server::start(move |request, stream| {
            *seen.lock().expect("not poisoned") = Some(request.clone());
            respond(stream, "200 OK", "", b"{}")
        });
        Stage { client: Client::new(&server.url(), config), last, url: server.url(), _server: server }
    }

    /// Makes a call. Returns the request that the server read, if there was one.
    fn call(&self, operation: &str, request: &Value) -> (Reply, Option<Request>) {
        self.call_text(operation, &request.to_string())
    }

    fn call_text(&self, operation: &str, request: &str) -> (Reply, Option<Request>) {
        let reply = self.client.call(operation, request);
        let sent = self.last.lock().expect("not poisoned").take();
        (reply, sent)
    }
}

/// Returns any text, and texts of characters that are special in JSON, URLs, heads and terminals.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\0",
        "\t",
        " ",
        "\"",
        "\\",
        "/",
        "?",
        "#",
        "%",
        "%2F",
        "%00",
        "..",
        ".",
        "&",
        "=",
        "+",
        ";",
        ":",
        ",",
        "@",
        "{",
        "}",
        "[",
        "]",
        "é",
        "日本",
        "🦀",
        "\u{7f}",
        "\u{80}",
        "\u{85}",
        "\u{feff}",
        "\u{202e}",
        "\u{2028}",
        "a",
        "Host",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "GET / HTTP/1.1",
    ]);
    prop_oneof![any::<String>(), "[ -~]{0,40}", proptest::collection::vec(odd, 0..8).prop_map(|parts| parts.concat()),]
}

fn operation() -> impl Strategy<Value = &'static str> {
    select(vec![
        "connections.list",
        "connections.get",
        "connections.update",
        "connections.delete",
        "connections.imports",
        "connections.token",
    ])
}

/// Any JSON value.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Returns a valid request, to which a test adds a value.
fn plain(operation: &str) -> Value {
    match operation {
        "connections.list" => json!({}),
        "connections.update" => json!({"service_id": "s", "unified_api": "u", "connection": {"enabled": true}}),
        "connections.imports" => {
            json!({"service_id": "s", "unified_api": "u", "connection_import_data": {"settings": null}})
        }
        _ => json!({"service_id": "s", "unified_api": "u"}),
    }
}

fn suffix(operation: &str) -> &'static str {
    match operation {
        "connections.imports" => "/import",
        "connections.token" => "/token",
        _ => "",
    }
}

/// Returns the headers by their lower-case names. Panics if a name appears twice.
fn headers(request: &Request) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    for line in &request.head[1..] {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
        let twice = headers.insert(name.to_ascii_lowercase(), value.to_string());
        assert_eq!(twice, None, "{name} came twice");
    }
    headers
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8().expect("what is sent is UTF-8").into_owned()
}

/// Checks that a call failed because of an argument and that nothing was sent.
fn assert_refused(reply: &Reply, sent: Option<&Request>) {
    assert_eq!(reply.status, Status::InvalidArgument, "{}", reply.text);
    assert!(sent.is_none(), "refused, and yet {sent:?}");
    assert!(!reply.message().is_empty());
}

fn runs() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn ids_stay_in_their_segment_of_the_path() {
    let stage = Stage::new(json!({}));
    proptest!(runs(), |(operation in operation(), service_id in text(), unified_api in text())| {
        prop_assume!(operation != "connections.list");
        let mut request = plain(operation);
        request["service_id"] = json!(service_id);
        request["unified_api"] = json!(unified_api);
        let (reply, sent) = stage.call(operation, &request);
        if [&service_id, &unified_api].iter().any(|id| matches!(id.as_str(), "" | "." | "..")) {
            assert_refused(&reply, sent.as_ref());
            return Ok(());
        }
        let sent = sent.unwrap_or_else(|| panic!("{}", reply.text));
        let parts: Vec<&str> = sent.path.split('/').collect();
        prop_assert_eq!(&parts[..3], ["", "vault", "connections"]);
        prop_assert_eq!([decoded(parts[3]), decoded(parts[4])], [unified_api, service_id]);
        prop_assert_eq!(sent.path.splitn(6, '/').nth(5).unwrap_or_default(), suffix(operation).trim_start_matches('/'));
        prop_assert!(sent.path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#".contains(&byte)));
    });
}

#[test]
fn filters_are_read_back_from_the_query_as_they_were_written() {
    let stage = Stage::new(json!({}));
    proptest!(runs(), |(api in text(), configured in any::<Option<bool>>())| {
        let (reply, sent) = stage.call("connections.list", &json!({"api": api, "configured": configured}));
        let sent = sent.unwrap_or_else(|| panic!("{}", reply.text));
        let query = sent.path.strip_prefix("/vault/connections?").expect("one path, one query");
        prop_assert!(query.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#/".contains(&byte)));
        let pairs: BTreeMap<&str, String> =
            query.split('&').map(|pair| pair.split_once('=').expect("a pair")).map(|(k, v)| (k, decoded(v))).collect();
        let mut wanted = BTreeMap::from([("api", api)]);
        wanted.extend(configured.map(|configured| ("configured", configured.to_string())));
        prop_assert_eq!(pairs, wanted);
    });
}

#[test]
fn a_text_in_a_header_arrives_exactly_and_changes_no_other() {
    let stage = Stage::new(json!({}));
    let usual: BTreeMap<&str, BTreeMap<String, String>> = [
        "connections.list",
        "connections.get",
        "connections.update",
        "connections.delete",
        "connections.imports",
        "connections.token",
    ]
    .map(|operation| (operation, headers(&stage.call(operation, &plain(operation)).1.expect("sent"))))
    .into();
    let field = select(vec!["api_key", "app_id", "consumer_id", "http_headers"]);
    proptest!(runs(), |(operation in operation(), field in field, value in text())| {
        let mut request = plain(operation);
        request[field] = if field == "http_headers" { json!({"X-Custom": value}) } else { json!(value) };
        let (reply, sent) = stage.call(operation, &request);
        let carried = !value.bytes().any(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f)
            && value.trim_matches([' ', '\t']) == value
            && (field == "http_headers" || !value.is_empty())
            && (field != "api_key" || value.is_ascii());
        if !carried {
            assert_refused(&reply, sent.as_ref());
            return Ok(());
        }
        let sent = sent.unwrap_or_else(|| panic!("{}", reply.text));
        let (name, value) = match field {
            "api_key" => ("authorization", format!("Bearer {value}")),
            "app_id" => ("x-apideck-app-id", value),
            "consumer_id" => ("x-apideck-consumer-id", value),
            _ => ("x-custom", value),
        };
        let mut wanted = usual[operation].clone();
        wanted.insert(name.to_string(), value);
        // The test server trims Unicode white space, which is more than HTTP does, so the values are compared trimmed.
        prop_assert_eq!(headers(&sent), wanted);
    });
}

#[test]
fn a_text_as_a_headers_name_is_that_header_or_refused() {
    let stage = Stage::new(json!({}));
    let framing =
        ["connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];
    let name = prop_oneof![
        text(),
        "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}",
        select(framing.to_vec()).prop_map(|name| name.to_ascii_uppercase()),
        select(framing.to_vec()).prop_map(str::to_string),
    ];
    proptest!(runs(), |(operation in operation(), name in name)| {
        let mut request = plain(operation);
        request["http_headers"] = json!({name.as_str(): "5"});
        let (reply, sent) = stage.call(operation, &request);
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let lower = name.to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(token) || framing.contains(&lower.as_str()) {
            assert_refused(&reply, sent.as_ref());
            return Ok(());
        }
        let sent = sent.unwrap_or_else(|| panic!("{}", reply.text));
        prop_assert_eq!(sent.header(&lower), Some("5"));
        let length = sent.header("content-length").map(str::to_string);
        let usual = stage.call(operation, &plain(operation)).1.expect("sent");
        prop_assert_eq!(length.as_deref(), usual.header("content-length"));
        prop_assert_eq!(sent.body, usual.body);
    });
}

#[test]
fn a_body_arrives_byte_for_byte_with_its_length() {
    let stage = Stage::new(json!({}));
    let spaces = select(vec!["", " ", "\n", "\t \r\n"]);
    proptest!(runs(), |(imports in any::<bool>(), settings in json_value(), extra in json_value(), space in spaces)| {
        let (operation, key) = if imports { ("connections.imports", "connection_import_data") } else { ("connections.update", "connection") };
        let body = format!("{{{space}\"settings\":{space}{{\"a\":{settings}}}{space},\"tomorrow\"{space}:{extra}{space}}}");
        let request = format!(r#"{{"service_id":"s",{space}"{key}"{space}:{space}{body}{space},"unified_api":"u"}}"#);
        let (reply, sent) = stage.call_text(operation, &request);
        prop_assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        let sent = sent.expect("a request that was accepted is sent");
        prop_assert_eq!(std::str::from_utf8(&sent.body), Ok(body.as_str()));
        prop_assert_eq!(sent.header("content-length").map(str::to_string), Some(body.len().to_string()));
        prop_assert_eq!(sent.header("transfer-encoding"), None);
        prop_assert_eq!(sent.on_connection, sent.number, "one connection carries them all: no body has left bytes behind");
    });
}

#[test]
fn any_value_in_any_field_is_refused_or_leaves_the_request_intact() {
    let stage = Stage::new(json!({}));
    let field = select(vec![
        "api",
        "configured",
        "service_id",
        "unified_api",
        "connection",
        "connection_import_data",
        "api_key",
        "consumer_id",
        "app_id",
        "timeout_ms",
        "retries",
        "http_headers",
        "servce_id",
    ]);
    proptest!(runs(), |(operation in operation(), field in field, value in json_value())| {
        // A deadline of one millisecond may pass, which is not the subject of this test.
        prop_assume!(field != "timeout_ms" || !value.is_i64());
        let mut request = plain(operation);
        request[field] = value.clone();
        let (reply, sent) = stage.call(operation, &request);
        let Some(sent) = sent else {
            assert_refused(&reply, None);
            return Ok(());
        };
        prop_assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        let wanted = match operation {
            "connections.update" => request["connection"].to_string(),
            "connections.imports" => request["connection_import_data"].to_string(),
            "connections.token" => "{}".to_string(),
            _ => String::new(),
        };
        prop_assert_eq!(std::str::from_utf8(&sent.body), Ok(wanted.as_str()));
        let segments = sent.path.split('?').next().map(|path| path.split('/').count());
        let suffix = usize::from(!suffix(operation).is_empty());
        prop_assert_eq!(segments, Some(if operation == "connections.list" { 3 } else { 5 + suffix }));
        prop_assert_eq!(sent.head[0].split(' ').count(), 3);
    });
}

#[test]
fn texts_that_are_not_a_request_are_refused_with_a_message() {
    let stage = Stage::new(json!({}));
    proptest!(runs(), |(operation in operation(), text in text())| {
        let text: String = text.chars().filter(|character| *character != '\0').collect();
        prop_assume!(!text.trim().starts_with('{') || serde_json::from_str::<Value>(&text).is_err());
        let (reply, sent) = stage.call_text(operation, &text);
        assert_refused(&reply, sent.as_ref());
    });
}

#[test]
fn any_text_in_the_configuration_is_refused_or_arrives() {
    let stage = Stage::new(json!({}));
    let field = select(vec!["api_key", "app_id", "consumer_id", "user_agent", "server_url"]);
    proptest!(runs(), |(field in field, value in text())| {
        let url = if field == "server_url" { format!("{}/{value}", stage.url) } else { stage.url.clone() };
        let mut config =
            json!({"api_key": "k", "app_id": "a", "consumer_id": "c", "server_url": url, "proxy": null, "retries": null});
        if field != "server_url" {
            config[field] = json!(value);
        }
        let client = match Client::from_text(&config.to_string()) {
            Ok(client) => client,
            Err(error) => {
                prop_assert!(error.contains(&format!("\"message\":\"{field}")), "{}", error);
                return Ok(());
            }
        };
        let reply = client.call("connections.get", plain("connections.get"));
        let sent = stage.last.lock().expect("not poisoned").take().unwrap_or_else(|| panic!("{}", reply.text));
        let headers = headers(&sent);
        match field {
            "api_key" => prop_assert_eq!(&headers["authorization"], &format!("Bearer {value}")),
            "app_id" => prop_assert_eq!(&headers["x-apideck-app-id"], &value),
            "consumer_id" => prop_assert_eq!(&headers["x-apideck-consumer-id"], &value),
            "user_agent" => prop_assert!(headers["user-agent"].starts_with(&value)),
            _ => {
                // Non-ASCII characters are percent-encoded.
                let base = format!("/{}", percent_encoding::utf8_percent_encode(&value, percent_encoding::CONTROLS));
                let wanted = format!("{}/vault/connections/u/s", base.trim_end_matches('/'));
                prop_assert_eq!(&sent.path, &wanted);
            }
        }
    });
}
