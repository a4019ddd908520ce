//! The operation that migrates a connection to another integration of its unified API.

use crate::client::{Client, sandbox};
use serde_json::json;

const SOURCE: &str = "accounting/quickbooks";
const TARGET: &str = "accounting/intuit-enterprise-suite";

/// Connects the source with credentials and a value for everything that a connection stores.
fn connect(client: &Client) -> serde_json::Value {
    let imported = json!({
        "credentials": {"access_token": "a", "refresh_token": "r"},
        "settings": {"environment": "sandbox", "sync_since": "2024-01-01T00:00"},
        "metadata": {"plan": "enterprise"},
    });
    client.import(SOURCE, &imported.to_string()).expect(200);
    let updated = json!({
        "enabled": false,
        "configuration": [{"resource": "invoices", "defaults": [{"id": "a", "value": 1}]}],
        "custom_mappings": [{"value": "$.a"}],
    });
    client.update(SOURCE, &updated.to_string()).expect(200).data()
}

#[test]
fn a_migration_moves_credentials_and_state_and_removes_the_source() {
    let (_sandbox, client) = sandbox();
    let before = connect(&client);
    assert_eq!(before["state"], "callable");
    let moved = client.migrate(SOURCE, "intuit-enterprise-suite").expect(200).data();
    assert_eq!((&moved["id"], &moved["state"]), (&json!("accounting+intuit-enterprise-suite"), &json!("callable")));
    for kept in ["settings", "metadata", "configuration", "custom_mappings", "enabled", "created_at"] {
        assert_eq!(moved[kept], before[kept], "{kept}");
    }
    assert_eq!(client.get(TARGET).data(), moved);
    let source = client.get(SOURCE).data();
    assert_eq!((&source["state"], &source["settings"]), (&json!("available"), &json!({})));
    // The source's links do not open the target.
    let link = before["authorize_url"].as_str().unwrap().replace(&client.url, "");
    client.send("GET", &link, "").unwrap().expect(404);
}

#[test]
fn a_migration_keeps_the_states_added_and_invalid() {
    let (_sandbox, client) = sandbox();
    client.update(SOURCE, "{}").expect(200);
    assert_eq!(client.migrate(SOURCE, "intuit-enterprise-suite").expect(200).state(), "added");
    client.delete(TARGET).expect(204);
    let link = connect(&client)["revoke_url"].as_str().unwrap().replace(&client.url, "");
    client.send("POST", &link, "decision=approve").unwrap().expect(200);
    let moved = client.migrate(SOURCE, "intuit-enterprise-suite").expect(200).data();
    assert_eq!((&moved["state"], &moved["health"]), (&json!("invalid"), &json!("revoked")));
}

#[test]
fn a_migration_that_is_sent_again_succeeds_and_changes_nothing() {
    let (_sandbox, client) = sandbox();
    connect(&client);
    let first = client.migrate(SOURCE, "intuit-enterprise-suite").expect(200).data();
    assert_eq!(client.migrate(SOURCE, "intuit-enterprise-suite").expect(200).data(), first);
    // A connection of the target that was not migrated from this source does not count as an earlier migration.
    client.delete(TARGET).expect(204);
    client.update(TARGET, "{}").expect(200);
    let (kind, detail) = client.migrate(SOURCE, "intuit-enterprise-suite").expect(422).error();
    assert!(kind == "InvalidStateError" && detail.contains("QuickBooks is not added"), "{kind} {detail}");
}

#[test]
fn a_target_that_is_not_declared_is_a_conflict() {
    let (_sandbox, client) = sandbox();
    connect(&client);
    for (connection_path, target, message) in [
        (SOURCE, "xero", "it has: intuit-enterprise-suite"),
        (SOURCE, "quickbooks", "it has: intuit-enterprise-suite"),
        (SOURCE, "nowhere", "'nowhere'"),
        (SOURCE, "salesforce", "'salesforce'"),
        (TARGET, "quickbooks", "it has: none"),
    ] {
        let (kind, detail) = client.migrate(connection_path, target).expect(409).error();
        assert!(kind == "ConflictError" && detail.contains(message), "{kind} {detail}");
    }
    assert_eq!(client.get(SOURCE).state(), "callable");
}

#[test]
fn a_target_that_has_a_connection_is_a_conflict_and_both_connections_stay() {
    let (_sandbox, client) = sandbox();
    let before = connect(&client);
    client.update(TARGET, r#"{"metadata": {"mine": 1}}"#).expect(200);
    let (kind, detail) = client.migrate(SOURCE, "intuit-enterprise-suite").expect(409).error();
    assert!(kind == "ConflictError" && detail.contains("has a connection already"), "{kind} {detail}");
    assert_eq!(client.get(SOURCE).data(), before);
    assert_eq!(client.get(TARGET).data()["metadata"], json!({"mine": 1}));
}

#[test]
fn a_migration_needs_a_connection_and_a_target() {
    let (_sandbox, client) = sandbox();
    let (kind, detail) = client.migrate(SOURCE, "intuit-enterprise-suite").expect(422).error();
    assert!(kind == "InvalidStateError" && detail.contains("not added"), "{kind} {detail}");
    let path = format!("/vault/connections/{SOURCE}/migrate");
    for (body, message) in [
        ("", "not JSON"),
        ("{}", "target_service_id: missing"),
        (r#"{"target_service_id": 1}"#, "target_service_id: expected a string, found a number"),
        (r#"{"target_service_id": null}"#, "target_service_id: expected a string, found null"),
        (r#"{"target_service_id": ""}"#, "target_service_id: empty"),
    ] {
        let (kind, detail) = client.call("POST", &path, body).expect(400).error();
        assert!(kind == "RequestValidationError" && detail.contains(message), "{detail}");
    }
}

#[test]
fn only_the_connection_of_this_consumer_is_moved() {
    let (_sandbox, client) = sandbox();
    let other = client.with("x-apideck-consumer-id", "other");
    connect(&client);
    connect(&other);
    client.migrate(SOURCE, "intuit-enterprise-suite").expect(200);
    assert_eq!((other.get(SOURCE).state().as_str(), other.get(TARGET).state().as_str()), ("callable", "available"));
}
