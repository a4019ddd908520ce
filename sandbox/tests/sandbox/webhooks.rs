//! The events that the sandbox sends to `--webhook`.

use crate::client::Client;
use crate::clock::{advance, control};
use crate::openapi;
use crate::program::Program;
use apideck_vault_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// A received delivery: headers in lower case, and the body.
struct Delivery {
    headers: Vec<(String, String)>,
    body: String,
}

impl Delivery {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn payload(&self) -> Value {
        serde_json::from_str::<Value>(&self.body).expect("JSON")["payload"].take()
    }
}

/// A server that receives webhooks. It gives its first responses from `statuses`, and then 200.
struct Receiving {
    url: String,
    deliveries: Receiver<Delivery>,
}

impl Receiving {
    fn start(statuses: &[u16]) -> Receiving {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events?a=b", listener.local_addr().unwrap());
        let (sender, deliveries) = mpsc::channel();
        let statuses = statuses.to_vec();
        thread::spawn(move || {
            let mut statuses = statuses.into_iter();
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let mut line = String::new();
                let mut headers = Vec::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        headers.push((name.to_lowercase(), value.to_string()));
                    }
                    line.clear();
                }
                let mut delivery = Delivery { headers, body: String::new() };
                let length = delivery.header("content-length").parse().unwrap_or(0);
                reader.by_ref().take(length).read_to_string(&mut delivery.body).unwrap();
                let status = statuses.next().unwrap_or(200);
                let _ =
                    write!(reader.get_mut(), "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                if sender.send(delivery).is_err() {
                    return;
                }
            }
        });
        Receiving { url, deliveries }
    }

    #[track_caller]
    fn next(&self) -> Delivery {
        self.deliveries.recv_timeout(Duration::from_secs(30)).expect("a delivery")
    }

    /// Moves the clock until the next delivery arrives.
    #[track_caller]
    fn next_in_time(&self, client: &Client) -> Delivery {
        for _ in 0..600 {
            match self.deliveries.recv_timeout(Duration::from_millis(50)) {
                Ok(delivery) => return delivery,
                Err(_) => _ = advance(client, 1.0),
            }
        }
        panic!("no delivery, {}", counts(client));
    }

    /// Returns the types of the next events, without their common beginning.
    #[track_caller]
    fn types(&self, count: usize) -> Vec<String> {
        let types = (0..count).map(|_| self.next().header("x-apideck-event-type").replace("vault.connection.", ""));
        types.collect()
    }

    #[track_caller]
    fn assert_nothing(&self) {
        let nothing = self.deliveries.recv_timeout(Duration::from_millis(100));
        assert!(matches!(nothing, Err(RecvTimeoutError::Timeout)), "{:?}", nothing.map(|delivery| delivery.body));
    }
}

fn start(receiver: &Receiving, api_keys: &[&str]) -> (Sandbox, Client) {
    let webhook = Some(receiver.url.parse().unwrap());
    let api_keys = api_keys.iter().map(|key| key.to_string()).collect();
    let sandbox = Sandbox::start(Options { webhook, api_keys, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    (sandbox, client)
}

fn counts(client: &Client) -> Value {
    control(client, "GET", "webhooks", &Value::Null).expect(200).json()
}

/// Waits until the counts of events have this value.
#[track_caller]
fn wait_for(client: &Client, key: &str, expected: u64) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while counts(client)[key] != expected {
        assert!(Instant::now() < deadline, "{} instead of {expected} {key}", counts(client));
        thread::yield_now();
    }
}

/// Computes a signature over the bytes of a body.
fn signature(body: &str, key: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn press(client: &Client, connection: &str, page: &str, decision: &str) {
    let path = client.page_path(connection, page);
    client.send("POST", &path, &format!("decision={decision}")).unwrap().expect(200);
}

#[test]
fn an_event_is_signed_and_valid_under_the_openapi_description() {
    let receiver = Receiving::start(&[]);
    let (_sandbox, client) = start(&receiver, &[]);
    let body = r#"{"metadata": {"z": 1.10, "a": {"10": 1e21, "9": "é"}}, "settings": {"api_key": "s3cret"}}"#;
    let client = client.with("authorization", "Bearer the-key");
    client.update("crm/pipedrive", body).expect(200);
    for kind in ["vault.connection.created", "vault.connection.updated"] {
        let delivery = receiver.next();
        assert_eq!(delivery.header("content-type"), "application/json");
        assert_eq!(delivery.header("x-apideck-event-type"), kind);
        assert_eq!(delivery.header("x-apideck-signature"), signature(&delivery.body, "the-key"));
        assert!(delivery.header("user-agent").starts_with("apideck-vault-sandbox/"));
        let payload = delivery.payload();
        openapi::check_schema("ConnectionEvent", &payload);
        assert_eq!((&payload["event_type"], &payload["execution_attempt"]), (&json!(kind), &json!(1)));
        assert_eq!((&payload["entity_id"], &payload["entity_type"]), (&json!("crm+pipedrive"), &json!("Connection")));
        assert_eq!((&payload["entity"]["consumer_id"], &payload["entity"]["state"]), (&json!("acme"), &json!("added")));
        assert_eq!(delivery.header("x-apideck-idempotency-key"), payload["event_id"]);
        // The body is in the form that receivers sort it to, and no secret is in it.
        assert!(delivery.body.contains(r#""metadata":{"a":{"9":"é","10":1e+21},"z":1.1}"#), "{}", delivery.body);
        assert!(!delivery.body.contains("s3cret"));
    }
}

#[test]
fn each_change_of_state_sends_its_events_in_order() {
    let receiver = Receiving::start(&[]);
    let (_sandbox, client) = start(&receiver, &[]);
    let lever = "ats/lever";
    press(&client, lever, "authorize", "approve");
    assert_eq!(receiver.types(3), ["created", "updated", "callable"]);
    client.update(lever, r#"{"enabled": false}"#).expect(200);
    assert_eq!(receiver.types(2), ["updated", "disabled"]);
    client.update(lever, r#"{"enabled": true, "metadata": {"a": 1}}"#).expect(200);
    assert_eq!(receiver.types(1), ["updated"]);
    client.update(lever, r#"{"metadata": {"a": 1}}"#).expect(200);
    client.validate(lever).expect(200);
    receiver.assert_nothing();
    press(&client, lever, "revoke", "approve");
    assert_eq!(receiver.types(1), ["revoked"]);
    press(&client, lever, "authorize", "approve");
    assert_eq!(receiver.types(2), ["updated", "callable"]);
    client.delete(lever).expect(204);
    assert_eq!(receiver.types(1), ["deleted"]);
    client.delete(lever).expect(204);
    client.get(lever).expect(200);
    receiver.assert_nothing();

    client.import(
        "accounting/quickbooks",
        r#"{"settings": {"environment": "sandbox"}, "credentials": {"access_token": "a"}}"#,
    );
    assert_eq!(receiver.types(3), ["created", "updated", "callable"]);
    client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200);
    let migrated: Vec<_> = (0..3).map(|_| receiver.next().payload()).collect();
    // The events of the two connections arrive in any order.
    let of = |kind: &str| {
        let name = format!("vault.connection.{kind}");
        migrated.iter().find(|payload| payload["event_type"] == name).expect("an event")["entity"].clone()
    };
    assert_eq!(of("migrated")["migrated_from"], "quickbooks");
    assert_eq!(
        (&of("migrated")["service_id"], &of("created")["service_id"]),
        (&json!("intuit-enterprise-suite"), &json!("intuit-enterprise-suite"))
    );
    assert_eq!(of("deleted")["service_id"], "quickbooks");
    client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200);
    receiver.assert_nothing();
    client.call("DELETE", "/vault/consumers/acme", "").expect(200);
    assert_eq!(receiver.types(1), ["deleted"]);
}

#[test]
fn refreshes_and_degradation_send_events_as_the_clock_moves() {
    let receiver = Receiving::start(&[]);
    let (_sandbox, client) = start(&receiver, &[]);
    let set = |change: Value| {
        let mut body = json!({"consumer_id": "acme"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        control(&client, "POST", "connections/ats/lever", &body).expect(200);
    };
    press(&client, "ats/lever", "authorize", "approve");
    receiver.types(3);
    set(json!({"refresh": "fail"}));
    advance(&client, 1.001);
    assert_eq!(receiver.types(2), ["token_refresh.failed", "token_refresh.pending"]);
    advance(&client, 0.01);
    assert_eq!(receiver.types(1), ["token_refresh.failed"]);
    set(json!({"refresh": "recover"}));
    assert_eq!(receiver.types(1), ["token_refresh.recovered"]);
    set(json!({"degraded": true}));
    set(json!({"degraded": false}));
    assert_eq!(receiver.types(2), ["downstream.degraded", "downstream.recovered"]);
    set(json!({"refresh": "fail_for_good"}));
    client.validate("ats/lever").expect(200);
    assert_eq!(receiver.types(2), ["token_refresh.failed", "token_refresh.pending"]);
    set(json!({"refresh": "recover"}));
    assert_eq!(receiver.types(2), ["token_refresh.recovered", "callable"]);
    set(json!({"refresh": "fail_for_good"}));
    advance(&client, 60.0);
    let mut last = receiver.next();
    while last.header("x-apideck-event-type") != "vault.connection.updated" {
        assert!(last.header("x-apideck-event-type").contains("token_refresh"));
        last = receiver.next();
    }
    // The event shows the time and the state at which it happened, not those of its delivery.
    let payload = last.payload();
    assert_eq!((&payload["entity"]["state"], &payload["entity"]["health"]), (&json!("invalid"), &json!("needs_auth")));
    assert!(payload["occurred_at"].as_str() < control(&client, "GET", "clock", &Value::Null).json()["now"].as_str());
    receiver.assert_nothing();
}

#[test]
fn a_failed_delivery_is_tried_again_and_later_events_of_the_connection_wait() {
    let receiver = Receiving::start(&[500, 404]);
    let (_sandbox, client) = start(&receiver, &[]);
    client.update("ats/lever", "{}").expect(200);
    let first = receiver.next();
    client.update("ats/lever", r#"{"metadata": {}}"#).expect(200);
    let (second, third) = (receiver.next_in_time(&client), receiver.next_in_time(&client));
    for (delivery, attempt) in [(&first, 1), (&second, 2), (&third, 3)] {
        assert_eq!(delivery.header("x-apideck-event-type"), "vault.connection.created");
        assert_eq!(delivery.payload()["execution_attempt"], attempt);
        assert_eq!(delivery.header("x-apideck-signature"), signature(&delivery.body, "a-key"));
        assert_eq!(delivery.header("x-apideck-idempotency-key"), first.header("x-apideck-idempotency-key"));
    }
    assert_eq!(receiver.types(1), ["updated"]);
    wait_for(&client, "delivered", 2);
    assert_eq!(counts(&client), json!({"pending": 0, "delivered": 2, "failed": 0, "dropped": 0}));
}

#[test]
fn a_delivery_is_given_up_after_eight_attempts_and_delays_no_request_and_no_other_connection() {
    let receiver = Receiving::start(&[500; 8]);
    let (_sandbox, client) = start(&receiver, &[]);
    client.update("ats/lever", "{}").expect(200);
    for attempt in 1..=8 {
        assert_eq!(receiver.next_in_time(&client).payload()["execution_attempt"], attempt);
    }
    wait_for(&client, "failed", 1);

    // A receiver that accepts connections and never responds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let webhook = Some(format!("http://{}", silent.local_addr().unwrap()).parse().unwrap());
    let sandbox = Sandbox::start(Options { webhook, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    let begun = Instant::now();
    for consumer in 0..40 {
        client.with("x-apideck-consumer-id", &consumer.to_string()).update("ats/lever", "{}").expect(200);
    }
    assert_eq!(counts(&client)["pending"], 40);
    sandbox.stop();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[test]
fn the_first_api_key_signs_or_else_the_key_of_the_request() {
    let receiver = Receiving::start(&[]);
    let (_sandbox, client) = start(&receiver, &["first", "second"]);
    client.with("authorization", "Bearer second").update("ats/lever", "{}").expect(200);
    let delivery = receiver.next();
    assert_eq!(delivery.header("x-apideck-signature"), signature(&delivery.body, "first"));

    let receiver = Receiving::start(&[]);
    let (_sandbox, client) = start(&receiver, &[]);
    for key in ["one", "two"] {
        let client = client.with("authorization", &format!("Bearer {key}"));
        client.update("ats/lever", &json!({"metadata": {"key": key}}).to_string()).expect(200);
    }
    let deliveries: Vec<_> = (0..3).map(|_| receiver.next()).collect();
    for (delivery, key) in deliveries.iter().zip(["one", "one", "two"]) {
        assert_eq!(delivery.header("x-apideck-signature"), signature(&delivery.body, key));
    }
    // A change in a browser has no key. The last key of the app signs it.
    press(&client.with("authorization", "Bearer three"), "ats/lever", "authorize", "deny");
    let delivery = receiver.next();
    assert_eq!(delivery.header("x-apideck-signature"), signature(&delivery.body, "three"));
}

#[test]
fn a_signal_stops_the_program_while_deliveries_wait_and_first_attempts_are_sent() {
    let receiver = Receiving::start(&[]);
    let program = Program::start(&["--webhook", &receiver.url]);
    Client::new(&program.url).update("ats/lever", r#"{"metadata": {"a": 1}}"#).expect(200);
    program.signal("-TERM");
    assert!(program.wait().0.success());
    assert_eq!(receiver.types(2), ["created", "updated"]);

    let failing = Receiving::start(&[500; 8]);
    let program = Program::start(&["--webhook", &failing.url]);
    Client::new(&program.url).update("ats/lever", "{}").expect(200);
    failing.next();
    let begun = Instant::now();
    program.signal("-TERM");
    assert!(program.wait().0.success());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
