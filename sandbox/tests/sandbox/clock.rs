//! The clock of the sandbox, which tests move.

use crate::client::{Client, sandbox};
use crate::program::Program;
use serde_json::{Value, json};

/// Sends a request to the control interface. It needs no key.
pub fn control(client: &Client, method: &str, path: &str, body: &Value) -> crate::client::Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut client = client.clone();
    client.headers.clear();
    client.send(method, &format!("/sandbox/{path}"), &body).expect("a response")
}

/// Moves the clock forwards and returns its time.
#[track_caller]
pub fn advance(client: &Client, hours: f64) -> String {
    let body = json!({"advance_ms": (hours * 3_600_000.0) as i64});
    control(client, "POST", "clock", &body).expect(200).json()["now"].as_str().expect("a time").to_string()
}

fn now(client: &Client) -> String {
    control(client, "GET", "clock", &Value::Null).expect(200).json()["now"].as_str().expect("a time").to_string()
}

#[test]
fn every_time_comes_from_the_clock() {
    let (_sandbox, client) = sandbox();
    control(&client, "POST", "clock", &json!({"now": "2099-01-02T03:04:05Z"})).expect(200);
    let connection = client.update("crm/hubspot", "{}").expect(200).data();
    let in_2099 = |value: &Value| (4_070_908_800_000..4_102_444_800_000).contains(&value.as_i64().unwrap());
    assert!(in_2099(&connection["created_at"]) && in_2099(&connection["updated_at"]), "{connection}");
    let consumer = client.consumer("acme").expect(200).data();
    for key in ["created", "modified", "request_count_updated"] {
        assert!(consumer[key].as_str().unwrap().starts_with("2099-01-02T03:04:"), "{key} of {consumer}");
    }
    // A token that was issued a day ago has expired, and one that was issued now has not.
    client.update("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    for (issued_at, state) in [("2099-01-01T03:04:05Z", "authorized"), ("2099-01-02T03:04:05Z", "callable")] {
        let body = json!({"credentials": {"access_token": "a", "issued_at": issued_at, "expires_in": 3600}});
        assert_eq!(client.import("hris/personio", &body.to_string()).expect(200).state(), state, "{issued_at}");
    }
}

#[test]
fn moving_the_clock_ends_a_session() {
    let (_sandbox, client) = sandbox();
    let session = client.session(r#"{"settings": {"session_length": "2h"}}"#);
    advance(&client, 1.9);
    client.send("GET", &session, "").unwrap().expect(200);
    advance(&client, 0.2);
    client.send("GET", &session, "").unwrap().expect(410);
}

#[test]
fn the_clock_runs_on_and_goes_back_only_when_it_is_reset() {
    let (_sandbox, client) = sandbox();
    let start = now(&client);
    let moved = advance(&client, 24.0);
    assert!(moved > start && now(&client) >= moved);
    let to_start = json!({"now": start});
    let refused = control(&client, "POST", "clock", &to_start).expect(400).json();
    assert!(refused["message"].as_str().unwrap().contains("never goes backwards"), "{refused}");
    let reset = control(&client, "POST", "clock", &json!({"reset": true})).expect(200).json();
    assert!(reset["now"].as_str().unwrap() < moved.as_str());
}

#[test]
fn an_invalid_move_is_refused_with_a_message() {
    let (_sandbox, client) = sandbox();
    for (body, message) in [
        (json!({}), "expected one of advance_ms, now"),
        (json!({"advance_ms": 1, "reset": true}), "expected one of advance_ms, now"),
        (json!({"reset": false}), "expected one of advance_ms, now"),
        (json!({"advance_ms": -1}), "advance_ms: expected a number that is not negative"),
        (json!({"advance_ms": "1"}), "invalid type: string"),
        (json!({"advance": 1}), "unknown field `advance`"),
        (json!({"now": "tomorrow"}), "now: expected a date and time like"),
        (json!({"advance_ms": i64::MAX}), "the clock ends at 9999-12-31"),
        (Value::Null, "The body: EOF"),
    ] {
        let refused = control(&client, "POST", "clock", &body).expect(400).json();
        assert!(refused["message"].as_str().unwrap().contains(message), "{refused} for {body}");
    }
    control(&client, "DELETE", "clock", &Value::Null).expect(405);
}

#[test]
fn a_moved_clock_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let program = Program::with_database(&file);
    let moved = advance(&Client::new(&program.url), 1000.0);
    program.signal("-KILL");
    program.wait();
    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    assert!(now(&client) >= moved);
    control(&client, "POST", "clock", &json!({"reset": true})).expect(200);
    assert!(now(&client) < moved);
}
