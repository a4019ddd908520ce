//! The rules of `/sandbox/faults`, which make requests fail from outside.

use crate::client::{Client, sandbox};
use crate::clock::control;
use serde_json::{Value, json};

fn add(client: &Client, rule: &Value) -> Value {
    control(client, "POST", "faults", rule).expect(201).json()
}

fn rules(client: &Client) -> Vec<Value> {
    control(client, "GET", "faults", &Value::Null).expect(200).json()["data"].as_array().unwrap().clone()
}

#[test]
fn a_rule_applies_to_its_operation_and_consumer_as_often_as_it_says() {
    let (_sandbox, client) = sandbox();
    let rule = json!({
        "operation": "connections.list", "consumer_id": "acme", "fault": "status=503;retry-after=1", "times": 2,
    });
    let added = add(&client, &rule);
    let mut expected = rule.clone();
    expected["id"] = 1.into();
    expected["remaining"] = 2.into();
    assert_eq!(added, expected);
    let list = |client: &Client| client.call("GET", "/vault/connections?api=crm", "");
    list(&client.with("x-apideck-consumer-id", "other")).expect(200);
    client.get("crm/hubspot").expect(200);
    for remaining in [1, 0] {
        let failed = list(&client).expect(503);
        assert_eq!(failed.header("retry-after"), "1");
        assert!(failed.error().1.contains("/sandbox/faults/1"), "{}", failed.text);
        assert_eq!(rules(&client)[0]["remaining"], remaining);
    }
    list(&client).expect(200);
}

#[test]
fn a_rule_without_operation_consumer_and_times_applies_until_it_is_removed() {
    let (_sandbox, client) = sandbox();
    let id = add(&client, &json!({"fault": "status=500"}))["id"].to_string();
    for consumer in ["acme", "other"] {
        let client = client.with("x-apideck-consumer-id", consumer);
        client.get("crm/hubspot").expect(500);
        client.call("GET", "/vault/consumers", "").expect(500);
    }
    control(&client, "DELETE", &format!("faults/{id}"), &Value::Null).expect(204);
    client.get("crm/hubspot").expect(200);
    for id in [id.as_str(), "x"] {
        let missing = control(&client, "DELETE", &format!("faults/{id}"), &Value::Null).expect(404).json();
        assert_eq!(missing["message"], format!("there is no rule '{id}'"));
    }
    add(&client, &json!({"fault": "reset"}));
    add(&client, &json!({"fault": "garbage"}));
    assert!(client.send("GET", "/vault/connections", "").is_err());
    control(&client, "DELETE", "faults", &Value::Null).expect(204);
    assert!(rules(&client).is_empty());
    client.get("crm/hubspot").expect(200);
}

#[test]
fn operations_on_consumers_match_the_consumer_in_their_path() {
    let (_sandbox, client) = sandbox();
    client.call("POST", "/vault/consumers", r#"{"consumer_id": "zoë"}"#).expect(200);
    add(&client, &json!({"consumer_id": "zoë", "fault": "status=429;retry-after=3"}));
    let no_consumer = client.with("x-apideck-consumer-id", "");
    assert_eq!(no_consumer.consumer("zo%C3%AB").expect(429).header("retry-after"), "3");
    no_consumer.call("GET", "/vault/consumers", "").expect(200);
}

#[test]
fn the_header_comes_before_the_rules_and_the_first_rule_before_the_next() {
    let (_sandbox, client) = sandbox();
    add(&client, &json!({"fault": "status=500;times=1"}));
    add(&client, &json!({"fault": "status=502"}));
    client.with("x-sandbox-fault", "status=503;times=1").get("crm/hubspot").expect(503);
    client.with("x-sandbox-fault", "status=503;times=1").get("crm/hubspot").expect(500);
    client.get("crm/hubspot").expect(502);
    assert_eq!((&rules(&client)[0]["times"], &rules(&client)[0]["remaining"]), (&json!(1), &json!(0)));
}

#[test]
fn every_operation_can_be_named_in_a_rule() {
    let (_sandbox, client) = sandbox();
    let connection = "/vault/connections/crm/pipedrive";
    for (operation, method, path) in [
        ("connections.list", "GET", "/vault/connections".to_string()),
        ("connections.get", "GET", connection.to_string()),
        ("connections.update", "PATCH", connection.to_string()),
        ("connections.delete", "DELETE", connection.to_string()),
        ("connections.imports", "POST", format!("{connection}/import")),
        ("connections.token", "POST", format!("{connection}/token")),
        ("connections.migrate", "POST", format!("{connection}/migrate")),
        ("validate_connection.state", "POST", format!("{connection}/validate")),
        ("connection_settings.list", "GET", format!("{connection}/leads/config")),
        ("connection_settings.update", "PATCH", format!("{connection}/leads/config")),
        ("sessions.create", "POST", "/vault/sessions".to_string()),
        ("consumers.list", "GET", "/vault/consumers".to_string()),
        ("consumers.create", "POST", "/vault/consumers".to_string()),
        ("consumers.get", "GET", "/vault/consumers/acme".to_string()),
        ("consumers.update", "PATCH", "/vault/consumers/acme".to_string()),
        ("consumers.delete", "DELETE", "/vault/consumers/acme".to_string()),
    ] {
        add(&client, &json!({"operation": operation, "fault": "status=503", "times": 1}));
        client.call(method, &path, if method == "GET" || method == "DELETE" { "" } else { "{}" }).expect(503);
        assert_eq!(rules(&client).pop().unwrap()["remaining"], 0, "{operation}");
    }
}

#[test]
fn an_invalid_rule_is_refused_with_a_message() {
    let (_sandbox, client) = sandbox();
    for (rule, message) in [
        (json!({}), "missing field `fault`"),
        (json!({"fault": "stauts=503"}), "fault: `stauts=503` is not valid; expected one of status=CODE"),
        (json!({"fault": "status=503;times=1", "times": 2}), "times: the fault has `times` already"),
        (json!({"fault": "reset", "times": 0}), "times: expected at least 1"),
        (json!({"fault": "reset", "times": -1}), "invalid value"),
        (json!({"fault": "reset", "consumer": "acme"}), "unknown field `consumer`"),
        (json!({"fault": "reset", "operation": "connections.lst"}), "known are connections.list, connections.get"),
    ] {
        let refused = control(&client, "POST", "faults", &rule).expect(400).json();
        assert!(refused["message"].as_str().unwrap().contains(message), "{refused} for {rule}");
    }
    assert!(rules(&client).is_empty());
}
