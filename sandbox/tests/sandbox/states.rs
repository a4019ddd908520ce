//! How a connection moves through its states, and whose it is.

use crate::client::sandbox;
use crate::responses::{place, settings};
use serde_json::json;

#[test]
fn settings_make_an_integration_without_oauth_callable_and_their_removal_makes_it_invalid() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("").iter().filter(|connection| connection["auth_type"] != "oauth2") {
        let place = place(connection);
        let required = settings(connection, false);
        let none_needed = required.as_object().unwrap().is_empty();
        assert_eq!(connection["authorize_url"], json!(null));
        assert_eq!(client.update(&place, "{}").state(), if none_needed { "callable" } else { "added" });
        let filled = client.update(&place, &json!({"settings": required}).to_string()).expect(200);
        assert_eq!((filled.state().as_str(), &filled.data()["health"]), ("callable", &json!("ok")));
        for field in filled.data()["form_fields"].as_array().unwrap() {
            assert_eq!(field.get("value"), required.get(field["id"].as_str().unwrap()), "{place}");
        }
        let cleared = client.update(&place, r#"{"settings": null}"#).expect(200);
        assert_eq!(cleared.state(), if none_needed { "callable" } else { "invalid" });
        assert_eq!(cleared.data()["health"], if none_needed { "ok" } else { "missing_settings" });
        client.delete(&place).expect(204);
        let fresh = client.get(&place);
        assert_eq!((fresh.state().as_str(), &fresh.data()["settings"]), ("available", &json!({})));
    }
}

#[test]
fn imported_credentials_wait_for_the_token_operation_where_the_grant_has_one() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("").iter().filter(|connection| connection["auth_type"] == "oauth2") {
        let place = place(connection);
        let exchanges = connection["oauth_grant_type"] != "authorization_code";
        let required = settings(connection, false);
        let body = json!({"settings": required, "credentials": {"refresh_token": "r"}});
        let imported = client.import(&place, &body.to_string()).expect(200);
        let health = imported.data()["health"].clone();
        if exchanges {
            assert_eq!((imported.state().as_str(), &health), ("authorized", &json!("pending_refresh")), "{place}");
            assert_eq!(client.token(&place).expect(200).state(), "callable", "{place}");
        } else {
            assert_eq!((imported.state().as_str(), &health), ("callable", &json!("ok")), "{place}");
            let (kind, detail) = client.token(&place).expect(422).error();
            assert_eq!(kind, "InvalidStateError");
            assert!(detail.contains("authorization_code"), "{detail}");
        }
        client.delete(&place).expect(204);
        assert_eq!(client.get(&place).state(), "available");
    }
}

#[test]
fn a_token_that_is_still_valid_needs_no_exchange_and_one_that_ended_does() {
    let (_sandbox, client) = sandbox();
    let place = "hris/personio";
    client.update(place, r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    for (issued_at, expires_in, state) in [
        ("2020-01-01T00:00:00Z", "3600", "authorized"),
        ("2020-01-01T00:00:00+02:00", "4000000000", "callable"),
        ("2020-01-01T00:00:00Z", "null", "authorized"),
    ] {
        let body = format!(
            r#"{{"credentials": {{"access_token": "a", "issued_at": "{issued_at}", "expires_in": {expires_in}}}}}"#
        );
        assert_eq!(client.import(place, &body).expect(200).state(), state, "{body}");
    }
}

#[test]
fn the_token_operation_needs_something_to_exchange() {
    let (_sandbox, client) = sandbox();
    for (place, needs) in
        [("hris/personio", "client_id, client_secret"), ("accounting/acumatica", "username, password")]
    {
        let (kind, detail) = client.token(place).expect(422).error();
        assert!(kind == "InvalidStateError" && detail.contains("not added"), "{kind} {detail}");
        client.update(place, "{}").expect(200);
        assert!(client.token(place).expect(422).error().1.contains(needs));
        assert_eq!(client.get(place).state(), "added");
    }
    for place in ["crm/activecampaign", "hris/workday", "accounting/netsuite", "ecommerce/demo-shop"] {
        assert!(client.token(place).expect(422).error().1.contains("does not use OAuth 2"));
    }
    // The token's state is the connection's: the settings alone are enough, and without them it is not callable.
    client.update("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    assert_eq!(client.token("hris/personio").expect(200).state(), "callable");
    assert_eq!(client.update("hris/personio", r#"{"settings": {"client_id": null}}"#).state(), "invalid");
    assert_eq!(client.update("hris/personio", r#"{"settings": {"client_id": "j"}}"#).state(), "callable");
}

#[test]
fn the_token_operation_restores_what_was_denied_or_revoked() {
    let (_sandbox, client) = sandbox();
    for (place, required) in [
        ("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#),
        (
            "accounting/acumatica",
            r#"{"settings": {"instance_url": "https://a.example", "username": "u", "password": "p"}}"#,
        ),
    ] {
        let connection = client.update(place, required).expect(200).data();
        let press = |link: &str, decision: &str| {
            let path = connection[link].as_str().expect("a link").replace(&client.url, "");
            client.send("POST", &path, &format!("decision={decision}")).expect("an answer").expect(200);
            client.get(place).data()
        };
        let denied = press("authorize_url", "deny");
        assert_eq!((&denied["state"], &denied["health"]), (&json!("invalid"), &json!("needs_auth")), "{place}");
        assert_eq!(client.token(place).expect(200).state(), "callable", "{place}");
        let revoked = press("revoke_url", "approve");
        assert_eq!((&revoked["state"], &revoked["health"]), (&json!("invalid"), &json!("revoked")), "{place}");
        let restored = client.token(place).expect(200).data();
        assert_eq!((&restored["state"], &restored["health"]), (&json!("callable"), &json!("ok")), "{place}");
        assert_eq!(client.get(place).state(), "callable", "{place}");
    }
}

#[test]
fn nothing_of_one_consumer_or_app_is_seen_by_another() {
    let (_sandbox, acme) = sandbox();
    let others = [
        acme.with("x-apideck-consumer-id", "other"),
        acme.with("x-apideck-app-id", "other"),
        acme.with("x-apideck-consumer-id", "ACME"),
    ];
    acme.update("crm/hubspot", r#"{"metadata": {"whose": "acme"}}"#).expect(200);
    for other in &others {
        assert_eq!(other.get("crm/hubspot").state(), "available");
        assert!(other.list("?configured=true").is_empty());
        other.delete("crm/hubspot").expect(204);
        assert_ne!(other.get("crm/hubspot").data()["authorize_url"], acme.get("crm/hubspot").data()["authorize_url"]);
    }
    assert_eq!(acme.get("crm/hubspot").data()["metadata"], json!({"whose": "acme"}));
}

#[test]
fn names_beyond_ascii_are_names_like_any_other() {
    let (_sandbox, client) = sandbox();
    let (one, two) = (client.with("x-apideck-consumer-id", "Zoë/√ü?&"), client.with("x-apideck-consumer-id", "Zoé"));
    one.update("crm/hubspot", r#"{"metadata": {"名": "\ud83d\ude00"}}"#).expect(200);
    assert_eq!(one.get("crm/hubspot").data()["metadata"]["名"], "😀");
    assert_eq!(two.get("crm/hubspot").state(), "available");
}

#[test]
fn metadata_comes_back_byte_for_byte() {
    let (_sandbox, client) = sandbox();
    let metadata = r#"{"z":1.10, "a" : 12345678901234567890123,"e":"\u00e9\/","n":{"k":[1e300,-0.0,null]},  "z":2}"#;
    let updated = client.update("crm/hubspot", &format!(r#"{{"metadata":{metadata},"enabled":true}}"#)).expect(200);
    assert!(updated.text.contains(&format!(r#""metadata":{metadata},"#)), "{}", updated.text);
    assert!(client.get("crm/hubspot").text.contains(metadata));
    assert!(client.update("crm/hubspot", r#"{"enabled":false}"#).text.contains(metadata));
    let removed = client.update("crm/hubspot", r#"{"metadata":null}"#).expect(200).data();
    assert_eq!((&removed["metadata"], &removed["enabled"]), (&json!(null), &json!(false)));
}

#[test]
fn configuration_and_custom_mappings_are_kept_and_replaced_whole() {
    let (_sandbox, client) = sandbox();
    let configuration = json!([
        {"resource": "leads", "defaults": [
            {"target": "custom_fields", "id": "a", "value": "GC5000", "options": [
                {"label": "L", "value": 10, "option_type": "simple"},
                {"label": "G", "id": "g", "option_type": "group", "options": [
                    {"label": "I", "value": [1, 2.5, "x"], "option_type": "simple"}]}]},
            {"id": "b", "value": 10.5}, {"id": "c", "value": true}, {"id": "d", "value": ["x", 1]}]},
        {"resource": "contacts", "defaults": []},
    ]);
    let mappings = json!([{"value": "$.root.a", "id": "x", "description": null, "required": false}, {"value": "$.b"}]);
    let body = json!({"configuration": configuration, "custom_mappings": mappings}).to_string();
    client.update("crm/hubspot", &body).expect(200);
    client.update("crm/hubspot", r#"{"enabled": false}"#).expect(200);
    let kept = client.get("crm/hubspot").data();
    assert_eq!((&kept["configuration"], &kept["custom_mappings"]), (&configuration, &mappings));
    let replaced = client.update("crm/hubspot", r#"{"configuration": [{"resource": "leads"}]}"#).data();
    assert_eq!(replaced["configuration"], json!([{"resource": "leads"}]));
    assert_eq!(replaced["custom_mappings"], mappings);
}

#[test]
fn times_of_creation_and_change_are_told() {
    let (_sandbox, client) = sandbox();
    let available = client.get("crm/hubspot").data();
    assert_eq!((available.get("created_at"), &available["updated_at"]), (None, &json!(null)));
    let first = client.update("crm/hubspot", "{}").data();
    let second = client.update("crm/hubspot", r#"{"enabled": false}"#).data();
    assert_eq!(first["created_at"], second["created_at"]);
    assert!(second["updated_at"].as_i64() >= first["updated_at"].as_i64());
    assert!(first["created_at"].as_i64() > Some(1_700_000_000_000), "milliseconds");
}
