//! The server plays each script of the table, which a plain socket reads.

use std::collections::HashSet;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use apideck_vault_scenarios::{Action, Row, ScenarioServer, table};
use serde_json::Value;

#[test]
fn each_row_has_a_script_and_a_unique_name() {
    let rows = table();
    assert!(rows.len() >= 60);
    let mut names = HashSet::new();
    for row in &rows {
        assert!(names.insert(&row.name), "{} appears twice", row.name);
        assert!(row.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", row.name);
        assert!(row.operation.contains('.'), "{}", row.name);
        assert!(row.request.is_object() && row.config.is_object() && row.calls >= 1, "{}", row.name);
        assert!(!row.script.is_empty() && !row.what.is_empty(), "{}", row.name);
        let expected = &row.expected;
        assert_eq!(expected.attempts.is_some(), expected.http_status.is_some(), "{}", row.name);
        assert!(expected.min_ms < expected.max_ms, "{}", row.name);
    }
}

#[test]
fn every_status_that_a_server_can_cause_is_in_the_table() {
    let rows = table();
    for status in [
        "OK",
        "BAD_REQUEST",
        "UNAUTHORIZED",
        "PAYMENT_REQUIRED",
        "NOT_FOUND",
        "CONFLICT",
        "UNPROCESSABLE",
        "RATE_LIMITED",
        "API_ERROR",
        "CONNECTION",
        "TIMEOUT",
        "INVALID_RESPONSE",
    ] {
        assert!(rows.iter().any(|row| row.expected.status == status), "{status}");
    }
}

#[test]
fn each_script_sends_its_content_and_ends_in_its_way() {
    let server = ScenarioServer::start().expect("a scenario server");
    let (rows, next) = (table(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for (index, entry) in row.script.iter().enumerate() {
                        compare(&server, row, index, entry);
                    }
                }
            });
        }
    });
}

/// Sends the request for entry `index` and compares the response. The earlier entries must have been requested.
fn compare(server: &ScenarioServer, row: &Row, index: usize, entry: &[Action]) {
    let around = server.surroundings();
    let name = &row.name;
    let mut wanted = Vec::new();
    let mut stream = connect(server);
    request(&mut stream, &format!("s/{name}/compared/vault/connections?n={index}"));
    for action in entry {
        match action {
            Action::Send(content) => wanted.extend(content.bytes(around)),
            Action::Respond(response) => wanted.extend(response.bytes(around)),
            // Only the beginning is compared, because the rest is slow.
            Action::Drip(drip) => wanted.extend(drip.content.bytes(around).iter().take(8)),
            Action::Read(bytes) => stream.write_all(&vec![b'x'; *bytes]).expect("the server reads"),
            Action::PauseMs(_) | Action::Close | Action::Reset | Action::Hang | Action::Keep => {}
        }
        if matches!(action, Action::Drip(_)) {
            break;
        }
    }
    let mut got = vec![0; wanted.len()];
    stream.read_exact(&mut got).unwrap_or_else(|e| panic!("{name} {index}: {e}"));
    // All dates have the same length, but they change every second.
    assert!(got == wanted || name.contains("date"), "{name} {index}: {}", String::from_utf8_lossy(&got));

    let mut rest = Vec::new();
    if entry.iter().any(|action| matches!(action, Action::Drip(_))) {
        return;
    }
    match entry.last() {
        Some(Action::Close) => {
            stream.read_to_end(&mut rest).unwrap_or_else(|e| panic!("{name} {index}: {e}"));
        }
        Some(Action::Reset) => {
            let error = stream.read_to_end(&mut rest).expect_err("a reset");
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{name} {index}");
        }
        Some(Action::Hang) => {
            stream.shutdown(Shutdown::Write).expect("half a connection can be closed");
            stream.read_to_end(&mut rest).unwrap_or_else(|e| panic!("{name} {index}: {e}"));
        }
        _ => {
            let record = count(&mut stream, &format!("{name}/compared"));
            assert_eq!(record["requests"], index + 1, "{name} {index}");
        }
    }
    assert!(rest.is_empty(), "{name} {index}: {} bytes too many", rest.len());
}

#[test]
fn requests_are_recorded_by_run() {
    let server = ScenarioServer::start().expect("a scenario server");
    for run in ["a", "b"] {
        let mut stream = connect(&server);
        let head = format!("PATCH /s/plain-update/{run}/vault/connections/x?y=z HTTP/1.1\r\nX-Odd: 1\r\n");
        stream.write_all(format!("{head}Content-Length: 4\r\n\r\nbody").as_bytes()).expect("a request can be sent");
        stream.read_exact(&mut [0; 16]).expect("a response comes");
    }
    let mut stream = connect(&server);
    let record = count(&mut stream, "plain-update/a");
    assert_eq!(record["requests"], 1);
    let entry = &record["log"][0];
    assert_eq!((&entry["method"], &entry["path"]), (&"PATCH".into(), &"/vault/connections/x?y=z".into()));
    assert_eq!((&entry["headers"]["x-odd"], &entry["body"]), (&"1".into(), &"body".into()));
    assert_eq!(count(&mut stream, "plain-update/c")["requests"], 0);
}

#[test]
fn requests_to_the_other_host_are_counted() {
    let server = ScenarioServer::start().expect("a scenario server");
    let mut stream = connect(&server);
    assert_eq!(count(&mut stream, "other-host")["requests"], 0);
    let other = server.surroundings().other_host.trim_start_matches("http://").to_string();
    let mut stray = TcpStream::connect(other).expect("it listens");
    request(&mut stray, "");
    stray.read_exact(&mut [0; 8]).expect("it responds");
    assert_eq!(count(&mut stream, "other-host")["requests"], 1);
}

#[test]
fn a_dropped_server_no_longer_listens() {
    let server = ScenarioServer::start().expect("a scenario server");
    let address = server.url().trim_start_matches("http://").to_string();
    drop(server);
    while TcpStream::connect(&address).is_ok() {
        thread::yield_now();
    }
}

fn connect(server: &ScenarioServer) -> TcpStream {
    TcpStream::connect(server.url().trim_start_matches("http://")).expect("the server listens")
}

fn request(stream: &mut TcpStream, path: &str) {
    stream.write_all(format!("GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).expect("a request can be sent");
}

/// Reads a record over a connection that stays open.
fn count(stream: &mut TcpStream, place: &str) -> Value {
    request(stream, &format!("count/{place}"));
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a response has a head");
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("the head is text");
    let length = head.split("Content-Length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    let mut body = vec![0; length.expect("a length")];
    stream.read_exact(&mut body).expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}
