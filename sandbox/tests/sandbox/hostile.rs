//! Hostile requests. They neither stop nor block the server, and they do not delay other clients.

use crate::client::Client;
use apideck_vault_sandbox::Sandbox;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

fn connect(sandbox: &Sandbox) -> TcpStream {
    let socket = TcpStream::connect(sandbox.url().trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

/// Sends bytes, then reads to the end. A connection that the server closes with unread bytes counts as an end.
fn send(sandbox: &Sandbox, bytes: &[u8]) -> String {
    let mut socket = connect(sandbox);
    let mut arrived = Vec::new();
    let ended = socket.write_all(bytes).and_then(|()| socket.read_to_end(&mut arrived).map(drop));
    if let Err(error) = ended {
        assert!(!matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "the server hangs: {error}");
    }
    String::from_utf8_lossy(&arrived).into_owned()
}

const HEADERS: &str = "host: a\r\nauthorization: Bearer k\r\nx-apideck-app-id: a\r\nx-apideck-consumer-id: c\r\n";

#[test]
fn invalid_http_gets_a_client_error_or_is_cut_off() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x-many: 1\r\n".repeat(5_000));
    for bytes in [
        b"\r\n\r\n\x00\x01\x02 no http at all \xff\xfe\r\n\r\n".as_slice(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999999\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let response = send(&sandbox, bytes);
        let refused = ["HTTP/1.1 400", "HTTP/1.1 414", "HTTP/1.1 431"].iter().any(|line| response.starts_with(line));
        assert!(refused || response.is_empty(), "{response}");
    }
    Client::new(sandbox.url()).get("crm/hubspot").expect(200);
}

#[test]
fn a_body_is_read_before_its_request_is_refused() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    for (method, path, status) in [
        ("POST", "/session/made-up/crm/hubspot", 404),
        ("POST", "/vault/authorize/hubspot/app?state=made-up", 404),
        ("POST", "/nowhere", 404),
        ("PUT", "/vault/connections/crm/hubspot", 405),
    ] {
        let mut socket = connect(&sandbox);
        write!(socket, "{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 13\r\n\r\n").unwrap();
        // Later requests have their responses, so the server has read this head.
        for _ in 0..3 {
            Client::new(sandbox.url()).get("crm/hubspot").expect(200);
        }
        write!(socket, "decision=saveGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        let mut responses = String::new();
        let _ = socket.read_to_string(&mut responses);
        let both = responses.starts_with(&format!("HTTP/1.1 {status}")) && responses.contains("HTTP/1.1 200");
        assert!(both, "{path}: {responses:.300}");
    }
}

#[test]
fn a_body_that_is_too_large_gets_413_in_the_common_error_format() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let path = "/vault/connections/crm/hubspot";
    let announced = format!("PATCH {path} HTTP/1.1\r\n{HEADERS}content-length: 17000000\r\n\r\n{{");
    assert!(
        send(&sandbox, announced.as_bytes()).contains("RequestBodyError"),
        "the error comes before the body is sent"
    );
    let client = Client::new(sandbox.url());
    let metadata = |bytes: usize| format!(r#"{{"metadata": {{"a": "{}"}}}}"#, "x".repeat(bytes));
    // A client that sends the whole body before it reads also gets the error.
    let (kind, detail) = client.update("crm/hubspot", &metadata(17 << 20)).expect(413).error();
    assert!(kind == "RequestBodyError" && detail.contains("16777216"), "{detail}");
    assert_eq!(client.get("crm/hubspot").state(), "available");
    client.update("crm/hubspot", &metadata(9 << 20)).expect(200);
}

#[test]
fn a_body_that_ends_early_is_dropped_and_changes_nothing() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    for body in [
        "content-length: 100\r\n\r\n{\"enabled\": true}",
        "transfer-encoding: chunked\r\n\r\n10\r\n{\"enabled\"",
        "transfer-encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    ] {
        let mut socket = connect(&sandbox);
        write!(socket, "PATCH /vault/connections/crm/hubspot HTTP/1.1\r\n{HEADERS}{body}").unwrap();
        socket.shutdown(Shutdown::Write).unwrap();
        let mut response = Vec::new();
        let _ = socket.read_to_end(&mut response);
        assert!(!response.starts_with(b"HTTP/1.1 200"), "{body}");
    }
    assert_eq!(Client::new(sandbox.url()).get("crm/hubspot").state(), "available");
}

#[test]
fn requests_in_one_packet_get_their_responses_in_order() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let one = |service: &str| format!("GET /vault/connections/crm/{service} HTTP/1.1\r\n{HEADERS}");
    let both = format!("{}\r\n{}connection: close\r\n\r\n", one("hubspot"), one("salesforce"));
    let response = send(&sandbox, both.as_bytes());
    assert_eq!(response.matches("HTTP/1.1 200 OK").count(), 2);
    assert!(response.find(r#""id":"crm+hubspot""#) < response.find(r#""id":"crm+salesforce""#));
}

#[test]
fn a_header_that_is_not_utf_8_is_refused() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    for name in ["authorization", "x-apideck-app-id", "x-apideck-consumer-id", "x-sandbox-fault"] {
        let others: String = HEADERS.split_inclusive("\r\n").filter(|line| !line.starts_with(name)).collect();
        let head = format!("GET /vault/connections HTTP/1.1\r\n{others}connection: close\r\n{name}: ");
        let response = send(&sandbox, &[head.as_bytes(), b"\xff\xfe\r\n\r\n"].concat());
        assert!(response.starts_with("HTTP/1.1 400") && response.contains("not UTF-8"), "{response}");
    }
}

#[test]
fn hundreds_of_idle_and_half_sent_connections_delay_no_other_client() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let idle: Vec<_> = (0..300)
        .map(|at| {
            let mut socket = connect(&sandbox);
            let part = ["", "GE", "GET / HTTP/1.1\r\nx: ", "PATCH / HTTP/1.1\r\ncontent-length: 9\r\n\r\n"][at % 4];
            socket.write_all(part.as_bytes()).unwrap();
            socket
        })
        .collect();
    let client = Client::new(sandbox.url());
    for _ in 0..20 {
        client.get("crm/hubspot").expect(200);
    }
    let begun = Instant::now();
    sandbox.stop();
    assert!(begun.elapsed() < Duration::from_secs(10), "stopping does not wait for idle connections");
    drop(idle);
}

#[test]
fn threads_that_write_at_once_each_get_their_own_responses() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    thread::scope(|scope| {
        for at in 0..32 {
            let client = Client::new(sandbox.url()).with("x-apideck-consumer-id", &format!("consumer-{at}"));
            scope.spawn(move || {
                for n in 0..25 {
                    let body = format!(r#"{{"metadata": {{"at": {at}, "n": {n}}}}}"#);
                    let metadata = client.update("crm/hubspot", &body).expect(200).data()["metadata"].take();
                    assert_eq!((&metadata["at"], &metadata["n"]), (&at.into(), &n.into()));
                    assert_eq!(client.get("crm/hubspot").data()["metadata"], metadata);
                }
            });
        }
    });
}
