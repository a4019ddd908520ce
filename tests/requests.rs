//! Requests: an accepted one reaches the server byte for byte. Any other is refused before anything is sent, and the
//! message has the path to the wrong value.

mod support;

use std::io::{Read, Write};

use apideck_vault::Status;
use serde_json::{Value, json};
use support::server::Server;
use support::vault::{Client, OPERATIONS};

const OK: &str = r#"{"status_code":200,"status":"OK","data":{}}"#;

/// An update with three configurations, simple and grouped options, and values of every kind.
fn update() -> (String, Value) {
    let text = std::fs::read_to_string(support::root().join("tests/data/update.json")).expect("test data");
    let value = serde_json::from_str(&text).expect("test data is JSON");
    (text, value)
}

#[test]
fn a_full_update_is_accepted_and_arrives_byte_for_byte() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    let (text, _) = update();
    let reply = client.call("connections.update", &text);
    assert_eq!(reply.status, Status::Ok, "{}", reply.text);

    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("PATCH", "/vault/connections/crm/pipedrive"));
    let sent = std::str::from_utf8(&request.body).expect("what was sent is UTF-8");
    let (before, after) = text.split_once(sent).expect("the body is a part of the request's text");
    assert!(before.trim_end().ends_with("\"connection\":") && after.trim() == "}", "{before} … {after}");
}

#[test]
fn each_of_these_broken_updates_is_refused_with_the_path_to_the_wrong_value() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    let broken: [(&str, Value, &str); 15] = [
        ("/connection", json!([]), "connection: expected an object, found an array"),
        ("/connection/enabled", json!("yes"), "connection.enabled: expected a boolean, found a string"),
        ("/connection/settings", json!(7), "connection.settings: expected an object, found a number"),
        ("/connection/metadata", json!([]), "connection.metadata: expected an object, found an array"),
        ("/connection/configuration", json!({}), "connection.configuration: expected an array, found an object"),
        ("/connection/configuration/1", json!(null), "connection.configuration[1]: expected an object, found null"),
        (
            "/connection/configuration/2/resource",
            json!(5),
            "connection.configuration[2].resource: expected a string, found a number",
        ),
        (
            "/connection/configuration/0/defaults",
            json!("x"),
            "connection.configuration[0].defaults: expected an array, found a string",
        ),
        (
            "/connection/configuration/0/defaults/1/id",
            json!(false),
            "connection.configuration[0].defaults[1].id: expected a string, found a boolean",
        ),
        (
            "/connection/configuration/0/defaults/0/value",
            json!({}),
            "connection.configuration[0].defaults[0].value: expected a string, a number, a boolean or an array",
        ),
        (
            "/connection/configuration/2/defaults/2/value",
            json!([[1]]),
            "connection.configuration[2].defaults[2].value[0]: expected a string or a number, found an array",
        ),
        (
            "/connection/configuration/1/defaults/2/options/1/option_type",
            json!("many"),
            "connection.configuration[1].defaults[2].options[1].option_type: expected \"simple\" or \"group\"",
        ),
        (
            "/connection/configuration/1/defaults/2/options/0/options",
            json!(1),
            "connection.configuration[1].defaults[2].options[0].options: expected an array, found a number",
        ),
        (
            "/connection/configuration/1/defaults/2/options/0/options/2/label",
            json!(12.5),
            "connection.configuration[1].defaults[2].options[0].options[2].label: expected a string, found a number",
        ),
        (
            "/connection/custom_mappings/0/value",
            json!(true),
            "connection.custom_mappings[0].value: expected a string, found a boolean",
        ),
    ];
    for (at, value, message) in broken {
        let (_, mut request) = update();
        *request.pointer_mut(at).unwrap_or_else(|| panic!("{at} is in the test data")) = value;
        let reply = client.call("connections.update", request);
        assert_eq!(reply.status, Status::InvalidArgument, "{at}");
        assert!(reply.message().starts_with(message), "{at}: {}", reply.message());
    }
    for missing in ["option_type", "label"] {
        let (_, mut request) = update();
        let option = request.pointer_mut("/connection/configuration/1/defaults/2/options/1").expect("test data");
        option.as_object_mut().expect("an option").remove(missing);
        let message = client.call("connections.update", request).message();
        let path = "connection.configuration[1].defaults[2].options[1]";
        assert!(message.starts_with(&format!("{path}.{missing}: expected ")), "{message}");
    }
    assert_eq!(server.requests().len(), 0, "nothing was sent");
}

#[test]
fn unknown_fields_of_a_body_pass_through() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    let body =
        r#"{"tomorrow":{"a":[1.10,12345678901234567890123]},"configuration":[{"new":null,"defaults":[{"x":1}]}]}"#;
    let request = format!(r#"{{"service_id":"a","unified_api":"b","connection":{body}}}"#);
    assert_eq!(client.call("connections.update", request).status, Status::Ok);
    assert_eq!(server.requests()[0].body, body.as_bytes());
}

#[test]
fn each_operation_sends_the_request_of_the_reference() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    let one = json!({"service_id": "pipe drive", "unified_api": "crm"});
    let with = |key: &str| {
        let mut request = one.clone();
        request[key] = json!({});
        request
    };
    for (operation, request, method, path, body) in [
        (
            "connections.list",
            json!({"api": "crm", "configured": false}),
            "GET",
            "/vault/connections?api=crm&configured=false",
            "",
        ),
        ("connections.get", one.clone(), "GET", "/vault/connections/crm/pipe%20drive", ""),
        ("connections.update", with("connection"), "PATCH", "/vault/connections/crm/pipe%20drive", "{}"),
        ("connections.delete", one.clone(), "DELETE", "/vault/connections/crm/pipe%20drive", ""),
        (
            "connections.imports",
            with("connection_import_data"),
            "POST",
            "/vault/connections/crm/pipe%20drive/import",
            "{}",
        ),
        ("connections.token", one.clone(), "POST", "/vault/connections/crm/pipe%20drive/token", "{}"),
    ] {
        let reply = client.call(operation, request);
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        let seen = server.requests().pop().expect("a request came");
        assert_eq!((seen.method.as_str(), seen.path.as_str(), &*seen.body), (method, path, body.as_bytes()));
        assert_eq!(seen.header("authorization"), Some("Bearer sk_live_marked"));
        assert_eq!(seen.header("x-apideck-app-id"), Some("app"));
        assert_eq!(seen.header("x-apideck-consumer-id"), Some("consumer"));
        assert_eq!(seen.header("content-type"), (!body.is_empty()).then_some("application/json"));
        assert!(seen.header("user-agent").is_some_and(|agent| agent.starts_with("apideck-vault/")));
    }
}

#[test]
fn a_request_overrides_the_client_for_this_call_alone() {
    let (server, other) = (Server::with_body(OK), Server::with_body(OK));
    let client = Client::new(&server.url(), json!({"http_headers": {"x-mine": "client"}, "user_agent": "app/1"}));
    let own = json!({"api_key": "k2", "app_id": "a2", "consumer_id": "c2 ünïcode", "timeout_ms": 5000, "retries": null,
        "http_headers": {"x-mine": "call", "Accept": "application/vnd+json"}, "server_url": other.url() + "/base/"});
    assert_eq!(client.call("connections.list", own).status, Status::Ok);
    let seen = &other.requests()[0];
    assert_eq!(seen.path, "/base/vault/connections");
    for (name, value) in [
        ("authorization", "Bearer k2"),
        ("x-apideck-app-id", "a2"),
        ("x-mine", "call"),
        ("x-apideck-consumer-id", "c2 ünïcode"),
        ("accept", "application/vnd+json"),
    ] {
        assert_eq!(seen.header(name), Some(value));
    }
    assert_eq!(seen.head.iter().filter(|line| line.to_lowercase().starts_with("accept:")).count(), 1);

    assert_eq!(client.call("connections.list", "{}").status, Status::Ok);
    let seen = &server.requests()[0];
    assert_eq!((seen.header("authorization"), seen.header("x-mine")), (Some("Bearer sk_live_marked"), Some("client")));
    assert_eq!(seen.header("user-agent"), Some(concat!("app/1 apideck-vault/", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn text_of_any_language_arrives_exactly_in_every_field() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({"app_id": "приложение", "consumer_id": "客户 ✓"}));
    let text = "Zoë — 株式会社 \u{1f600} \"\\\n";
    let mut request = json!({"service_id": text, "unified_api": text});
    request["connection"] = json!({"settings": {text: text}});
    assert_eq!(client.call("connections.update", request.clone()).status, Status::Ok);
    let seen = &server.requests()[0];
    let encoded = "Zo%C3%AB%20%E2%80%94%20%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE%20%F0%9F%98%80%20%22%5C%0A";
    assert_eq!(seen.path, format!("/vault/connections/{encoded}/{encoded}"));
    assert_eq!(serde_json::from_slice::<Value>(&seen.body).expect("JSON"), request["connection"]);
    assert_eq!(seen.header("x-apideck-app-id"), Some("приложение"));
    assert_eq!(seen.header("x-apideck-consumer-id"), Some("客户 ✓"));
}

#[test]
fn every_operation_on_connections_except_list_requires_a_consumer() {
    let server = Server::with_body(OK);
    let config = json!({"api_key": "k", "app_id": "a", "server_url": server.url(), "proxy": null});
    let client = Client::from_text(&config.to_string()).unwrap_or_else(|error| panic!("{error}"));
    for (name, _) in OPERATIONS {
        let mut request = json!({"service_id": "a", "unified_api": "b"});
        match name {
            "connections.list" => request = json!({}),
            "connections.update" => request["connection"] = json!({}),
            "connections.imports" => request["connection_import_data"] = json!({}),
            _ => {}
        }
        let reply = client.call(name, request);
        let wanted = if name == "connections.list" { Status::Ok } else { Status::InvalidArgument };
        assert_eq!(reply.status, wanted, "{name}: {}", reply.text);
    }
}

#[test]
fn a_request_that_no_server_accepts_is_refused_before_it_is_sent() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    let long = "x".repeat(9_000);
    let headers: serde_json::Map<String, Value> = (0..101).map(|n| (format!("x-{n}"), json!("y"))).collect();
    let nested = format!(
        r#"{{"service_id":"a","unified_api":"b","connection":{{"settings":{{"a":{}{}}}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    for (operation, request, message) in [
        (
            "connections.get",
            json!({"service_id": long, "unified_api": "b"}).to_string(),
            "its path and query are longer than 8192 bytes",
        ),
        (
            "connections.list",
            json!({"api": "/".repeat(3_000)}).to_string(),
            "its path and query are longer than 8192 bytes",
        ),
        (
            "connections.list",
            json!({"consumer_id": long}).to_string(),
            "consumer_id: is longer than 8192 bytes, the limit of a header",
        ),
        (
            "connections.list",
            json!({"http_headers": {"x": long}}).to_string(),
            "http_headers[\"x\"]: is longer than 8192 bytes",
        ),
        (
            "connections.list",
            json!({"http_headers": {long.as_str(): "x"}}).to_string(),
            "http_headers: the name at index 0",
        ),
        ("connections.list", json!({"http_headers": headers}).to_string(), "http_headers: has more than 100 headers"),
        ("connections.update", nested, "request: is nested deeper than 128 levels at byte"),
    ] {
        let reply = client.call(operation, request);
        assert_eq!(reply.status, Status::InvalidArgument, "{}", reply.text);
        assert!(reply.message().contains(message), "{message}: {}", reply.message());
    }
    assert_eq!(server.requests().len(), 0, "nothing was sent");
    let most = json!({"service_id": "a", "unified_api": "b", "consumer_id": "c".repeat(8_192)});
    assert_eq!(client.call("connections.get", most).status, Status::Ok);
}

/// A server may refuse a request before it has read all of it.
#[test]
fn a_response_to_a_request_that_was_not_read_to_its_end_is_returned() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.read_exact(&mut [0; 1024]).expect("the beginning of a request");
        let response = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 22\r\n\r\n{\"message\":\"too much\"}";
        stream.write_all(response.as_bytes()).expect("the client reads");
        // The stream is closed with unread bytes, so that the client's writes fail.
    });
    let request =
        json!({"service_id": "a", "unified_api": "b", "connection": {"settings": {"a": "x".repeat(8_000_000)}}});
    let reply = Client::new(&url, json!({"retries": null})).call("connections.update", request);
    server.join().expect("the server does not panic");
    assert_eq!(reply.status, Status::ApiError, "{}", &reply.text[..reply.text.len().min(500)]);
    assert!(reply.message().contains("413") && reply.message().contains("too much"), "{}", reply.message());
}

/// Sends one request through apideck_vault_call and returns the request that the server read: method, path with query,
/// body and the consumer header.
fn sent(operation: &str, request: Value) -> (String, String, String, Option<String>) {
    let server = Server::with_body(OK);
    let reply = Client::new(&server.url(), json!({})).call_by_name(operation, &request.to_string());
    assert_eq!(reply.status, Status::Ok, "{operation}: {}", reply.text);
    let request = &server.requests()[0];
    let body = String::from_utf8(request.body.clone()).expect("a body is UTF-8");
    let consumer = request.header("x-apideck-consumer-id").map(str::to_string);
    (request.method.clone(), request.path.clone(), body, consumer)
}

#[test]
fn every_operation_sends_the_request_of_its_description() {
    let one = json!({"service_id": "a b", "unified_api": "crm"});
    let with = |key: &str, value: Value| {
        let mut request = one.clone();
        request[key] = value;
        request
    };
    let at = "/vault/connections/crm/a%20b";
    let consumer = Some("consumer");
    let filter = json!({"filter": {"search": "ä&b", "consumer_id": null}, "cursor": "c=", "limit": 200});
    for (operation, request, method, path, body, header) in [
        (
            "connections.list",
            json!({"configured": false}),
            "GET",
            "/vault/connections?configured=false".into(),
            "",
            consumer,
        ),
        ("connections.get", one.clone(), "GET", at.to_string(), "", consumer),
        (
            "connections.update",
            with("connection", json!({"enabled": true})),
            "PATCH",
            at.to_string(),
            r#"{"enabled":true}"#,
            consumer,
        ),
        ("connections.delete", one.clone(), "DELETE", at.to_string(), "", consumer),
        (
            "connections.imports",
            with("connection_import_data", json!({"settings": null})),
            "POST",
            format!("{at}/import"),
            r#"{"settings":null}"#,
            consumer,
        ),
        ("connections.token", one.clone(), "POST", format!("{at}/token"), "{}", consumer),
        (
            "connections.migrate",
            with("connection_migrate_data", json!({"target_service_id": "x"})),
            "POST",
            format!("{at}/migrate"),
            r#"{"target_service_id":"x"}"#,
            consumer,
        ),
        ("validate_connection.state", one.clone(), "POST", format!("{at}/validate"), "{}", consumer),
        (
            "connection_settings.list",
            with("resource", json!("leads")),
            "GET",
            format!("{at}/leads/config"),
            "",
            consumer,
        ),
        (
            "connection_settings.update",
            {
                let mut request = with("resource", json!("leads"));
                request["connection"] = json!({"enabled": true});
                request
            },
            "PATCH",
            format!("{at}/leads/config"),
            r#"{"enabled":true}"#,
            consumer,
        ),
        ("sessions.create", json!({}), "POST", "/vault/sessions".into(), "{}", consumer),
        (
            "sessions.create",
            json!({"session": {"redirect_uri": "https://a"}}),
            "POST",
            "/vault/sessions".into(),
            r#"{"redirect_uri":"https://a"}"#,
            consumer,
        ),
        (
            "consumers.list",
            filter,
            "GET",
            "/vault/consumers?filter%5Bsearch%5D=%C3%A4%26b&cursor=c%3D&limit=200".into(),
            "",
            None,
        ),
        (
            "consumers.create",
            json!({"consumer": {"consumer_id": "acme"}}),
            "POST",
            "/vault/consumers".into(),
            r#"{"consumer_id":"acme"}"#,
            None,
        ),
        ("consumers.get", json!({"consumer_id": "a/b"}), "GET", "/vault/consumers/a%2Fb".into(), "", None),
        (
            "consumers.update",
            json!({"consumer_id": "a", "consumer": {"metadata": {"email": "e"}}}),
            "PATCH",
            "/vault/consumers/a".into(),
            r#"{"metadata":{"email":"e"}}"#,
            None,
        ),
        ("consumers.delete", json!({"consumer_id": "a"}), "DELETE", "/vault/consumers/a".into(), "", None),
    ] {
        let wanted = (method.to_string(), path, body.to_string(), header.map(str::to_string));
        assert_eq!(sent(operation, request), wanted, "{operation}");
    }
}

#[test]
fn an_operation_by_name_is_checked_like_any_other() {
    let server = Server::with_body(OK);
    let client = Client::new(&server.url(), json!({}));
    for (operation, request, message) in [
        (
            "connections.lst",
            json!({}),
            "operation: unknown operation \"connections.lst\", did you mean \"connections.list\"?",
        ),
        ("", json!({}), "operation: unknown operation \"\"; known operations: connections.list, "),
        ("consumers.get", json!({}), "request: \"consumer_id\" is required"),
        ("consumers.list", json!({"consumer_id": "a"}), "request: unknown key \"consumer_id\""),
        ("consumers.list", json!({"limit": 201}), "limit: expected a whole number from 1 to 200, found another number"),
        ("consumers.list", json!({"filter": {"search": 1}}), "filter.search: expected a string, found a number"),
        ("consumers.create", json!({"consumer": {}}), "consumer.consumer_id: expected a string, found nothing"),
        (
            "sessions.create",
            json!({"session": {"settings": {"show_logs": "no"}}}),
            "session.settings.show_logs: expected a boolean, found a string",
        ),
        (
            "connection_settings.list",
            json!({"service_id": "a", "unified_api": "b", "resource": ".."}),
            "resource: must not be",
        ),
        (
            "connections.migrate",
            json!({"service_id": "a", "unified_api": "b", "connection_migrate_data": {}}),
            "connection_migrate_data.target_service_id: expected a string, found nothing",
        ),
    ] {
        let reply = client.call_by_name(operation, &request.to_string());
        assert_eq!(reply.status, Status::InvalidArgument, "{operation}: {}", reply.text);
        assert!(reply.text.contains(&json!(message).to_string()[1..message.len()]), "{operation}: {}", reply.text);
    }
    assert!(server.requests().is_empty(), "nothing was sent");
}
