//! Checking the state of a connection, which renews its access token.

use crate::client::sandbox;
use crate::responses::{place, settings};
use serde_json::json;

#[test]
fn validation_reports_the_state_and_stores_nothing_where_there_is_no_token() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("") {
        let place = place(&connection);
        let available = client.validate(&place).expect(200).data();
        assert_eq!(available, json!({"id": connection["id"], "state": "available"}));
        assert!(client.list("?configured=true").is_empty(), "{place}");
        let body = json!({"settings": settings(&connection, false)}).to_string();
        let added = client.update(&place, &body).expect(200).data();
        assert_eq!(client.validate(&place).expect(200).data()["state"], added["state"], "{place}");
        assert_eq!(client.get(&place).data(), added, "{place}");
        client.delete(&place).expect(204);
    }
}

#[test]
fn validation_renews_an_access_token_that_is_due() {
    let (_sandbox, client) = sandbox();
    let place = "hris/personio";
    let body = r#"{"settings": {"client_id": "i", "client_secret": "s"}, "credentials": {"refresh_token": "r"}}"#;
    assert_eq!(client.import(place, body).expect(200).state(), "authorized");
    assert_eq!(client.validate(place).expect(200).state(), "callable");
    let after = client.get(place).data();
    assert_eq!((&after["state"], &after["health"]), (&json!("callable"), &json!("ok")));
}

#[test]
fn validation_does_not_sign_in_again_what_was_denied_or_revoked() {
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
fn every_connection_says_that_it_can_be_validated() {
    let (_sandbox, client) = sandbox();
    assert!(client.list("").iter().all(|connection| connection["validation_support"] == true));
    // The body may be left out, as the description has it.
    client.call("POST", "/vault/connections/crm/hubspot/validate", "").expect(200);
}
