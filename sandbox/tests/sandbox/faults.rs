//! Responses that fail on purpose.

use crate::client::{Client, Response};
use apideck_vault_sandbox::{Options, Sandbox};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(Options { api_keys: vec!["a-key".into()], ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    (sandbox, client)
}

fn failing(client: &Client, fault: &str) -> Response {
    client.with("x-sandbox-fault", fault).get("crm/hubspot")
}

#[test]
fn each_status_has_the_body_that_belongs_to_it() {
    let (_sandbox, client) = sandbox();
    for status in (400..600).filter(|status| *status != 404) {
        let response = failing(&client, &format!("status={status}")).expect(status);
        assert!(response.error().1.contains("x-sandbox-fault"));
        assert_eq!(response.header("retry-after"), "");
    }
    for status in [204, 205, 304] {
        let response =
            client.with("x-sandbox-fault", &format!("status={status}")).send("GET", "/vault/connections", "");
        assert_eq!(response.unwrap().expect(status).text, "");
    }
    for status in [201, 302] {
        let response =
            client.with("x-sandbox-fault", &format!("status={status}")).send("GET", "/vault/connections", "");
        assert_eq!(response.unwrap().json()["status_code"], status);
    }
    client.get("crm/hubspot").expect(200);
}

#[test]
fn retry_after_is_sent_and_times_count_per_caller_and_request() {
    let (_sandbox, client) = sandbox();
    let fault = "status=429;retry-after=7;times=2";
    for _ in 0..2 {
        assert_eq!(failing(&client, fault).expect(429).header("retry-after"), "7");
    }
    failing(&client, fault).expect(200);
    failing(&client, fault).expect(200);
    // Each caller, request and fault has its own count.
    failing(&client.with("x-apideck-consumer-id", "other"), fault).expect(429);
    client.with("x-sandbox-fault", fault).get("crm/salesforce").expect(429);
    client.with("x-sandbox-fault", fault).update("crm/hubspot", "{}").expect(429);
    failing(&client, "status=500;times=1").expect(500);
    failing(&client, "status=500;times=1").expect(200);
}

#[test]
fn a_request_that_fails_on_purpose_changes_nothing_and_needs_no_key() {
    let (_sandbox, client) = sandbox();
    let failing = client.with("x-sandbox-fault", "status=503");
    failing.update("crm/hubspot", r#"{"enabled": true}"#).expect(503);
    failing.with("authorization", "").get("crm/hubspot").expect(503);
    assert!(failing.with("x-sandbox-fault", "reset").send("DELETE", "/vault/connections/crm/hubspot", "").is_err());
    assert_eq!(client.get("crm/hubspot").state(), "available");
}

#[test]
fn a_delay_comes_before_the_response() {
    let (_sandbox, client) = sandbox();
    for (fault, status) in [("delay=150", 200), ("delay=150;status=503", 503), ("times=1;delay=150", 200)] {
        let begun = Instant::now();
        failing(&client, fault).expect(status);
        assert!(begun.elapsed() >= Duration::from_millis(150), "{fault}");
    }
    // Other requests are served during a delay.
    let slow = client.with("x-sandbox-fault", "delay=600000");
    std::thread::spawn(move || slow.send("GET", "/vault/connections", ""));
    client.get("crm/hubspot").expect(200);
}

/// Sends a request on its own connection. Returns everything that arrives, and the error if reading fails.
fn raw(sandbox: &Sandbox, fault: &str) -> (Vec<u8>, Option<ErrorKind>) {
    let mut socket = TcpStream::connect(sandbox.url().trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = "GET /vault/connections HTTP/1.1\r\nhost: a\r\nauthorization: Bearer a-key\r\nx-apideck-app-id: a\r\n";
    write!(socket, "{head}x-sandbox-fault: {fault}\r\n\r\n").unwrap();
    let mut arrived = Vec::new();
    let failed = socket.read_to_end(&mut arrived).err().map(|error| error.kind());
    (arrived, failed)
}

#[test]
fn a_reset_closes_the_connection_without_an_orderly_end() {
    let (sandbox, _) = sandbox();
    assert_eq!(raw(&sandbox, "reset"), (Vec::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(raw(&sandbox, "delay=20;reset;times=1"), (Vec::new(), Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_truncated_response_has_less_body_than_its_content_length() {
    let (sandbox, _) = sandbox();
    let (arrived, failed) = raw(&sandbox, "truncate");
    let text = String::from_utf8(arrived).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
    assert!(head.starts_with("HTTP/1.1 200 OK"));
    let content_length: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(!body.is_empty() && body.len() < content_length, "{} of {content_length}", body.len());
    assert_eq!(failed, None);
}

#[test]
fn garbage_is_not_http() {
    let (sandbox, client) = sandbox();
    let (arrived, failed) = raw(&sandbox, "garbage");
    assert!(!arrived.is_empty() && !arrived.starts_with(b"HTTP") && failed.is_none());
    // The fault also breaks a connection that was kept alive, and only that one.
    client.get("crm/hubspot").expect(200);
    assert!(client.with("x-sandbox-fault", "garbage").send("GET", "/vault/connections", "").is_err());
    client.get("crm/hubspot").expect(200);
}

#[test]
fn an_invalid_fault_is_refused_with_the_grammar() {
    let (_sandbox, client) = sandbox();
    for fault in ["stauts=503", "status=99", "status=503;reset", "times=2", "delay=-1", "reset;retry-after=1", "a;b"] {
        let (kind, detail) = failing(&client, fault).expect(400).error();
        assert_eq!(kind, "RequestHeadersValidationError");
        assert!(detail.starts_with("x-sandbox-fault: ") && detail.contains("status=CODE"), "{detail}");
    }
}
