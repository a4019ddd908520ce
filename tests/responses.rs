//! Responses: a caller gets the server's bytes unchanged, or a failure that says what went wrong.

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use apideck_vault::{Operation, Status};
use serde_json::{Value, json};
use support::server::{After, Server, respond};
use support::vault::Client;

#[test]
fn a_body_is_returned_byte_for_byte() {
    let body = "\n{ \"z\":1.10 , \"a\":12345678901234567890123,\"unknown\":{\"\\u00e9\":\"\\u00e9 é \\/\"},\n\t\"z\":1E400,\"e\":[ ]} ";
    let server = Server::with_body(body);
    let reply = Client::new(&server.url(), json!({})).call("connections.list", "{}");
    assert_eq!((reply.status, reply.body()), (Status::Ok, body));
}

#[test]
fn a_list_of_a_thousand_connections_is_returned_completely() {
    let connection = json!({"id": "crm+pipedrive", "name": "Zoë", "settings": {"filling": "x".repeat(4_500)}});
    let body = json!({"status_code": 200, "status": "OK", "data": vec![connection; 1_000]}).to_string();
    let server = Server::with_body(body.clone());
    let client = Client::new(&server.url(), json!({}));
    for _ in 0..3 {
        let reply = client.call("connections.list", "{}");
        assert_eq!((reply.status, reply.body() == body), (Status::Ok, true));
    }
    assert_eq!(server.requests().last().expect("requests came").on_connection, 2, "one connection served all");
}

#[test]
fn the_exchange_is_described_with_headers_in_lower_case_and_joined() {
    let server = Server::start(|_, stream| respond(stream, "200 OK", "X-Trace: a\r\nx-TRACE: \"b\"\r\n", b"{}"));
    let url = server.url();
    let reply = Client::new(&url, json!({})).call("connections.list", r#"{"api":"c&m"}"#).json();
    assert_eq!(reply["http"]["headers"]["x-trace"], "a, \"b\"");
    assert_eq!(
        reply["http"],
        json!({"status": 200, "attempts": 1, "method": "GET", "url": format!("{url}/vault/connections?api=c%26m"),
        "headers": {"content-type": "application/json", "content-length": "2", "x-trace": "a, \"b\""}})
    );
}

#[test]
fn a_deleted_connection_has_no_body() {
    let server = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        Ok(After::KeepAlive)
    });
    let client = Client::new(&server.url(), json!({}));
    let request = json!({"service_id": "a", "unified_api": "b"});
    let reply = client.call("connections.delete", request.clone());
    assert_eq!((reply.status, reply.body()), (Status::Ok, "null"));
    assert_eq!(client.call("connections.get", request).status, Status::InvalidResponse);
}

#[test]
fn an_idle_connection_that_the_server_closed_fails_no_call() {
    // Each connection is closed after one response, which does not announce it.
    let server = Server::start(|_, stream| {
        respond(stream, "200 OK", "", b"{}")?;
        Ok(After::Close)
    });
    let client = Client::new(&server.url(), json!({"retries": null}));
    let names = [
        "connections.update",
        "connections.token",
        "connections.imports",
        "connections.get",
        "connections.delete",
        "connections.update",
        "connections.token",
        "connections.list",
    ];
    for (index, name) in names.into_iter().enumerate() {
        let mut request = json!({"service_id": "a", "unified_api": "b"});
        match name {
            "connections.update" => request["connection"] = json!({}),
            "connections.imports" => request["connection_import_data"] = json!({}),
            "connections.list" => request = json!({}),
            _ => {}
        }
        let reply = client.call(name, request);
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        server.wait_for_closed(index + 1);
    }
    assert_eq!(server.requests().len(), 8, "each was sent once");
}

/// The server closes a kept-alive connection when the next request has arrived. A GET is then sent again on a new
/// connection, and neither the events nor the response count that as an attempt.
#[test]
fn a_stale_connection_is_not_an_attempt_in_events_and_responses() {
    let server = Server::start(|request, stream| match (request.on_connection, request.number) {
        (1.., _) => Ok(After::Close),
        _ => respond(stream, "200 OK", "", b"{}"),
    });
    let config = json!({"api_key": "k", "app_id": "a", "consumer_id": "c", "server_url": server.url(), "proxy": null});
    let client =
        apideck_vault::Client::new(&config.to_string()).unwrap_or_else(|failure| panic!("{}", failure.message));
    let events: Arc<Mutex<Vec<Value>>> = Arc::default();
    let seen = Arc::clone(&events);
    let record = move |event: &std::ffi::CStr| {
        seen.lock().expect("not poisoned").push(serde_json::from_slice(event.to_bytes()).expect("JSON"));
    };
    client.set_event_callback(Some(Arc::new(record))).unwrap_or_else(|failure| panic!("{}", failure.message));
    let list =
        || serde_json::from_str::<Value>(client.call(Operation::CONNECTIONS_LIST, "{}", None).json()).expect("JSON");
    assert_eq!(list()["http"]["attempts"], 1);
    let first = events.lock().expect("not poisoned").split_off(0);
    assert_eq!(list()["http"]["attempts"], 1);
    let second = events.lock().expect("not poisoned").split_off(0);
    assert_eq!(server.requests().len(), 3, "one was sent again");
    let shape = |events: &[Value]| -> Vec<Value> {
        events.iter().map(|event| json!([event["event"], event["attempt"]])).collect()
    };
    assert_eq!(shape(&first), [json!(["request", 1]), json!(["response", 1])]);
    assert_eq!(shape(&second), shape(&first));
}

#[test]
fn a_redirect_is_reported_and_its_target_sees_nothing() {
    let other = Server::with_body("{}");
    let location = format!("location: {}/vault/connections?token=secret\r\n", other.url());
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let location = location.clone();
        let server = Server::start(move |_, stream| respond(stream, status, &location, b""));
        let reply = Client::new(&server.url(), json!({})).call("connections.list", "{}");
        assert_eq!(reply.status, Status::ApiError);
        assert!(reply.message().contains("redirects are not followed"), "{}", reply.message());
        assert!(!reply.message().contains("token=secret"));
        assert_eq!(reply.json()["http"]["status"].as_u64(), status[..3].parse().ok());
    }
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn secrets_that_the_server_repeats_are_not_in_the_message() {
    let body =
        json!({"message": "bad key sk_live_marked", "detail": {"sent": "s3cr3t-setting", "token": "t0k3n-value"}});
    let body = body.to_string();
    let server = Server::start(move |_, stream| respond(stream, "422 Unprocessable Entity", "", body.as_bytes()));
    let client = Client::new(&server.url(), json!({}));
    let update = json!({"service_id": "a", "unified_api": "b", "connection": {"settings": {"a": "s3cr3t-setting", "b": "t0k3n-value"}}});
    let import = json!({"service_id": "a", "unified_api": "b",
        "connection_import_data": {"credentials": {"access_token": "t0k3n-value"}, "settings": {"x": "s3cr3t-setting"}}});
    for (name, request) in [("connections.update", update), ("connections.imports", import)] {
        let message = client.call(name, request).message();
        assert!(message.contains("bad key [redacted]"), "{message}");
        assert!(!message.contains("s3cr3t") && !message.contains("t0k3n"), "{message}");
    }
}

#[test]
fn an_error_has_the_body_that_the_server_sent() {
    for (body, shown) in [
        ("<html>down</html>", json!("<html>down</html>")),
        (r#"{"message":"No"}"#, json!({"message": "No"})),
        ("[1]", json!([1])),
        ("", Value::Null),
    ] {
        let server = Server::start(move |_, stream| respond(stream, "500 Internal Server Error", "", body.as_bytes()));
        let reply = Client::new(&server.url(), json!({"retries": null})).call("connections.list", "{}");
        assert_eq!(reply.status, Status::ApiError);
        assert_eq!(reply.json()["body"], shown);
        assert_eq!(reply.json()["http"]["status"], 500);
    }
}
