//! Runs every scenario of `tests/scenarios/scenarios.json` through the C functions.

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use apideck_vault::{Operation, Status};
use apideck_vault_scenarios::{BodyExpectation, Expected, Row, ScenarioServer, Sent, table};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use support::vault::{Client, Reply};

/// The number of scenarios that run at the same time. Most of them wait.
const AT_ONCE: usize = 8;

#[test]
fn every_scenario_ends_as_the_table_expects() {
    let server = ScenarioServer::start().expect("a scenario server");
    let only = std::env::var("SCENARIO").ok();
    let rows: Vec<Row> = table().into_iter().filter(|row| only.as_ref().is_none_or(|only| row.name == *only)).collect();
    let next = AtomicUsize::new(0);
    let failures: Vec<String> = thread::scope(|scope| {
        let play = || {
            let mut failures = Vec::new();
            while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                failures.extend(play(row, server.url()).into_iter().map(|wrong| format!("{}: {wrong}", row.name)));
            }
            failures
        };
        let players: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(play)).collect();
        players.into_iter().flat_map(|player| player.join().expect("no scenario panics")).collect()
    });
    assert!(failures.is_empty(), "{} of {} rows:\n{}", failures.len(), rows.len(), failures.join("\n"));
    assert_eq!(count(server.url(), "other-host")["requests"], 0, "a redirect was followed");
}

#[test]
fn every_operation_succeeds_times_out_and_gets_an_invalid_response_in_the_table() {
    let rows = table();
    for operation in Operation::ALL {
        for status in [Status::Ok, Status::Timeout, Status::InvalidResponse] {
            let found = rows.iter().any(|row| row.operation == operation.name && row.expected.status == status.name());
            assert!(found, "{operation:?}: {}", status.name());
        }
    }
}

/// Makes the calls of a row. Returns the differences from its expectations.
fn play(row: &Row, server: &str) -> Vec<String> {
    let place = format!("{}/rust", row.name);
    let client = Client::new(&format!("{server}/s/{place}"), row.config.clone());
    let mut wrong = Vec::new();
    for call in 1..row.calls {
        let reply = client.call(&row.operation, &row.request);
        if reply.status != Status::Ok {
            wrong.push(format!("call {call}: wanted OK, got {}", reply.text));
        }
        while row.wait_for_close && count(server, &place)["open"] != 0 {
            thread::yield_now();
        }
    }
    let begun = Instant::now();
    let reply = client.call(&row.operation, &row.request);
    wrong.extend(compare(&row.expected, &reply, begun.elapsed()));
    // A call may time out before a busy server reads its request.
    let give_up_at = Instant::now() + Duration::from_secs(20);
    let mut seen = requests(server, &place);
    while seen < row.expected.requests && Instant::now() < give_up_at {
        thread::sleep(Duration::from_millis(5));
        seen = requests(server, &place);
    }
    if seen != row.expected.requests {
        wrong.push(format!("requests: wanted {}, got {seen}", row.expected.requests));
    }
    if let Some(sent) = &row.expected.sent {
        for request in count(server, &place)["log"].as_array().expect("a list") {
            wrong.extend(check_request(sent, request));
        }
    }
    wrong
}

/// What is wrong with a request, as the server's record has it.
fn check_request(expected: &Sent, request: &Value) -> Option<String> {
    let text = |key: &str| request[key].as_str().expect("a text");
    let body = (!text("body").is_empty()).then(|| serde_json::from_str::<Value>(text("body")).expect("a body is JSON"));
    let consumer = request["headers"]["x-apideck-consumer-id"].is_string();
    let fits = text("method") == expected.method
        && text("path") == expected.path
        && body == expected.body
        && consumer == expected.consumer;
    (!fits).then(|| format!("sent: wanted {expected:?}, got {request}"))
}

fn compare(expected: &Expected, reply: &Reply, took: Duration) -> Vec<String> {
    // The body may have the largest depth that is allowed, and the envelope is one level deeper, so each part is parsed
    // alone.
    let parts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&reply.text).expect("a reply is an object");
    let part = |name: &str| parts.get(name).map_or(Value::Null, |part| serde_json::from_str(part.get()).expect("JSON"));
    let envelope = json!({"http": part("http"), "error": part("error")});
    let mut wrong = Vec::new();
    let mut same = |what: &str, wanted: Value, got: &Value| {
        if wanted != *got {
            wrong.push(format!("{what}: wanted {wanted}, got {got}"));
        }
    };
    same("status", json!(expected.status), &json!(reply.status.name()));
    same("http.status", json!(expected.http_status), &envelope["http"]["status"]);
    same("http.attempts", json!(expected.attempts), &envelope["http"]["attempts"]);
    if let Some(retryable) = expected.retryable {
        same("retryable", json!(retryable), &envelope["error"]["retryable"]);
    }
    let wait = envelope["error"]["retry_after_ms"].as_u64();
    let wait_fits = match (expected.retry_after_ms, wait) {
        (Some([least, most]), Some(wait)) => (least..=most).contains(&wait),
        (wanted, got) => wanted.is_none() && got.is_none(),
    };
    if !wait_fits {
        wrong.push(format!("retry_after_ms: wanted {:?}, got {wait:?}", expected.retry_after_ms));
    }
    if !(expected.min_ms..=expected.max_ms).contains(&(took.as_millis() as u64)) {
        wrong.push(format!("took {took:?}, not {} to {} ms", expected.min_ms, expected.max_ms));
    }
    if let Some(problem) =
        expected.body.as_ref().and_then(|body| compare_body(body, parts.get("body").map(|_| reply.body())))
    {
        wrong.push(format!("body: {problem}"));
    }
    let message = envelope["error"]["message"].as_str().unwrap_or_default();
    for part in &expected.message_contains {
        if !message.contains(part) {
            wrong.push(format!("message: {part:?} is not in {message:?}"));
        }
    }
    for part in &expected.must_not_contain {
        if message.contains(part) {
            wrong.push(format!("message: {part:?} is in {message:?}"));
        }
    }
    wrong
}

/// Returns the difference of the body from its expectation. `text` is `None` if there is no body.
fn compare_body(expected: &BodyExpectation, text: Option<&str>) -> Option<String> {
    let body = || text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let fits = match expected {
        BodyExpectation::Json(wanted) => body().as_ref() == Some(wanted),
        BodyExpectation::Text(wanted) => text == Some(wanted),
        BodyExpectation::Length(wanted) => text.is_some_and(|text| text.len() == *wanted),
        BodyExpectation::Starts(wanted) => {
            body().is_some_and(|body| body.as_str().is_some_and(|body| body.starts_with(wanted) && body.len() <= 4_096))
        }
        BodyExpectation::Absent => text.is_none(),
    };
    let shown: String = text.unwrap_or("none").chars().take(200).collect();
    (!fits).then(|| format!("wanted {expected:?}, got {shown}"))
}

fn requests(server: &str, place: &str) -> u64 {
    count(server, place)["requests"].as_u64().expect("a number")
}

/// Returns the server's record of a run.
fn count(server: &str, place: &str) -> Value {
    let address = server.strip_prefix("http://").expect("an http URL");
    let mut stream = TcpStream::connect(address).expect("the server listens");
    write!(stream, "GET /count/{place} HTTP/1.1\r\nConnection: close\r\n\r\n").expect("a request can be sent");
    stream.shutdown(std::net::Shutdown::Write).expect("the request can be ended");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("a response arrives");
    let (_, body) = response.split_once("\r\n\r\n").expect("a response has a head");
    serde_json::from_str(body).expect("the body is JSON")
}
