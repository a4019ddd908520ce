//! The operation that validates a connection and renews its access token.

use crate::client::sandbox;
use crate::responses::{connection_path, settings};
use serde_json::json;

#[test]
fn validation_without_a_token_reports_the_state_and_stores_nothing() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("") {
        let connection_path = connection_path(&connection);
        let available = client.validate(&connection_path).expect(200).data();
        assert_eq!(available, json!({"id": connection["id"], "state": "available"}));
        assert!(client.list("?configured=true").is_empty(), "{connection_path}");
        let body = json!({"settings": settings(&connection, false)}).to_string();
        let added = client.update(&connection_path, &body).expect(200).data();
        assert_eq!(client.validate(&connection_path).expect(200).data()["state"], added["state"], "{connection_path}");
        assert_eq!(client.get(&connection_path).data(), added, "{connection_path}");
        client.delete(&connection_path).expect(204);
    }
}

#[test]
fn validation_renews_an_outdated_access_token() {
    let (_sandbox, client) = sandbox();
    let connection_path = "hris/personio";
    let body = r#"{"settings": {"client_id": "i", "client_secret": "s"}, "credentials": {"refresh_token": "r"}}"#;
    assert_eq!(client.import(connection_path, body).expect(200).state(), "authorized");
    assert_eq!(client.validate(connection_path).expect(200).state(), "callable");
    let after = client.get(connection_path).data();
    assert_eq!((&after["state"], &after["health"]), (&json!("callable"), &json!("ok")));
}

#[test]
fn validation_does_not_restore_a_denied_or_revoked_connection() {
    let (_sandbox, client) = sandbox();
    let connection = client.import("ats/lever", r#"{"credentials": {"access_token": "a"}}"#).expect(200).data();
    let press = |link: &str, decision: &str| {
        let path = connection[link].as_str().expect("a link").replace(&client.url, "");
        client.send("POST", &path, &format!("decision={decision}")).expect("a response").expect(200);
    };
    assert_eq!(client.validate("ats/lever").expect(200).state(), "callable");
    press("revoke_url", "approve");
    assert_eq!(client.validate("ats/lever").expect(200).state(), "invalid");
    assert_eq!(client.get("ats/lever").data()["health"], "revoked");
    client.delete("ats/lever").expect(204);
}

#[test]
fn every_connection_supports_validation() {
    let (_sandbox, client) = sandbox();
    assert!(client.list("").iter().all(|connection| connection["validation_support"] == true));
    // The description makes the body optional.
    client.call("POST", "/vault/connections/crm/hubspot/validate", "").expect(200);
}
