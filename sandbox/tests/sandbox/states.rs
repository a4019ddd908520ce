//! The states of a connection, and what it stores for which consumer.

use crate::client::sandbox;
use crate::responses::{connection_path, settings};
use serde_json::json;

#[test]
fn without_oauth_required_settings_make_a_connection_callable_and_removing_them_makes_it_invalid() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("").iter().filter(|connection| connection["auth_type"] != "oauth2") {
        let connection_path = connection_path(connection);
        let required = settings(connection, false);
        let none_needed = required.as_object().unwrap().is_empty();
        assert_eq!(connection["authorize_url"], json!(null));
        assert_eq!(client.update(&connection_path, "{}").state(), if none_needed { "callable" } else { "added" });
        let filled = client.update(&connection_path, &json!({"settings": required}).to_string()).expect(200);
        assert_eq!((filled.state().as_str(), &filled.data()["health"]), ("callable", &json!("ok")));
        for field in filled.data()["form_fields"].as_array().unwrap() {
            assert_eq!(field.get("value"), required.get(field["id"].as_str().unwrap()), "{connection_path}");
        }
        let cleared = client.update(&connection_path, r#"{"settings": null}"#).expect(200);
        assert_eq!(cleared.state(), if none_needed { "callable" } else { "invalid" });
        assert_eq!(cleared.data()["health"], if none_needed { "ok" } else { "missing_settings" });
        client.delete(&connection_path).expect(204);
        let fresh = client.get(&connection_path);
        assert_eq!((fresh.state().as_str(), &fresh.data()["settings"]), ("available", &json!({})));
    }
}

#[test]
fn imported_credentials_need_the_token_operation_if_the_grant_has_one() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("").iter().filter(|connection| connection["auth_type"] == "oauth2") {
        let connection_path = connection_path(connection);
        let exchanges = connection["oauth_grant_type"] != "authorization_code";
        let required = settings(connection, false);
        let body = json!({"settings": required, "credentials": {"refresh_token": "r"}});
        let imported = client.import(&connection_path, &body.to_string()).expect(200);
        let health = imported.data()["health"].clone();
        if exchanges {
            assert_eq!(
                (imported.state().as_str(), &health),
                ("authorized", &json!("pending_refresh")),
                "{connection_path}"
            );
            assert_eq!(client.token(&connection_path).expect(200).state(), "callable", "{connection_path}");
        } else {
            assert_eq!((imported.state().as_str(), &health), ("callable", &json!("ok")), "{connection_path}");
            let (kind, detail) = client.token(&connection_path).expect(422).error();
            assert_eq!(kind, "InvalidStateError");
            assert!(detail.contains("authorization_code"), "{detail}");
        }
        client.delete(&connection_path).expect(204);
        assert_eq!(client.get(&connection_path).state(), "available");
    }
}

#[test]
fn only_an_expired_token_needs_an_exchange() {
    let (_sandbox, client) = sandbox();
    let connection_path = "hris/personio";
    client.update(connection_path, r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    for (issued_at, expires_in, state) in [
        ("2020-01-01T00:00:00Z", "3600", "authorized"),
        ("2020-01-01T00:00:00+02:00", "4000000000", "callable"),
        ("2020-01-01T00:00:00Z", "null", "authorized"),
    ] {
        let body = format!(
            r#"{{"credentials": {{"access_token": "a", "issued_at": "{issued_at}", "expires_in": {expires_in}}}}}"#
        );
        assert_eq!(client.import(connection_path, &body).expect(200).state(), state, "{body}");
    }
}

#[test]
fn the_token_operation_needs_credentials_or_settings() {
    let (_sandbox, client) = sandbox();
    for (connection_path, needs) in
        [("hris/personio", "client_id, client_secret"), ("accounting/acumatica", "username, password")]
    {
        let (kind, detail) = client.token(connection_path).expect(422).error();
        assert!(kind == "InvalidStateError" && detail.contains("not added"), "{kind} {detail}");
        client.update(connection_path, "{}").expect(200);
        assert!(client.token(connection_path).expect(422).error().1.contains(needs));
        assert_eq!(client.get(connection_path).state(), "added");
    }
    for connection_path in ["crm/activecampaign", "hris/workday", "accounting/netsuite", "ecommerce/demo-shop"] {
        assert!(client.token(connection_path).expect(422).error().1.contains("does not use OAuth 2"));
    }
    // Complete settings are enough for an exchange. Without them the connection is not callable.
    client.update("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    assert_eq!(client.token("hris/personio").expect(200).state(), "callable");
    assert_eq!(client.update("hris/personio", r#"{"settings": {"client_id": null}}"#).state(), "invalid");
    assert_eq!(client.update("hris/personio", r#"{"settings": {"client_id": "j"}}"#).state(), "callable");
}

#[test]
fn the_token_operation_restores_a_denied_or_revoked_connection() {
    let (_sandbox, client) = sandbox();
    for (connection_path, required) in [
        ("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#),
        (
            "accounting/acumatica",
            r#"{"settings": {"instance_url": "https://a.example", "username": "u", "password": "p"}}"#,
        ),
    ] {
        let connection = client.update(connection_path, required).expect(200).data();
        // The grants without a user have no page where one signs in, so responses show none.
        assert_eq!((&connection["authorize_url"], &connection["revoke_url"]), (&json!(null), &json!(null)));
        let press = |page: &str, decision: &str| {
            let path = client.page_path(connection_path, page);
            client.send("POST", &path, &format!("decision={decision}")).expect("a response").expect(200);
            client.get(connection_path).data()
        };
        let denied = press("authorize", "deny");
        assert_eq!(
            (&denied["state"], &denied["health"]),
            (&json!("invalid"), &json!("needs_auth")),
            "{connection_path}"
        );
        assert_eq!(client.token(connection_path).expect(200).state(), "callable", "{connection_path}");
        let revoked = press("revoke", "approve");
        assert_eq!(
            (&revoked["state"], &revoked["health"]),
            (&json!("invalid"), &json!("revoked")),
            "{connection_path}"
        );
        let restored = client.token(connection_path).expect(200).data();
        assert_eq!((&restored["state"], &restored["health"]), (&json!("callable"), &json!("ok")), "{connection_path}");
        assert_eq!(client.get(connection_path).state(), "callable", "{connection_path}");
    }
}

#[test]
fn consumers_and_apps_do_not_see_the_connections_of_others() {
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
fn names_may_have_characters_beyond_ascii() {
    let (_sandbox, client) = sandbox();
    let (one, two) = (client.with("x-apideck-consumer-id", "Zoë/√ü?&"), client.with("x-apideck-consumer-id", "Zoé"));
    one.update("crm/hubspot", r#"{"metadata": {"名": "\ud83d\ude00"}}"#).expect(200);
    assert_eq!(one.get("crm/hubspot").data()["metadata"]["名"], "😀");
    assert_eq!(two.get("crm/hubspot").state(), "available");
}

#[test]
fn metadata_is_returned_byte_for_byte() {
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
fn an_update_replaces_configuration_and_custom_mappings_completely() {
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
fn responses_show_when_a_connection_was_created_and_changed() {
    let (_sandbox, client) = sandbox();
    let available = client.get("crm/hubspot").data();
    assert_eq!((available.get("created_at"), &available["updated_at"]), (None, &json!(null)));
    let first = client.update("crm/hubspot", "{}").data();
    let second = client.update("crm/hubspot", r#"{"enabled": false}"#).data();
    assert_eq!(first["created_at"], second["created_at"]);
    assert!(second["updated_at"].as_i64() >= first["updated_at"].as_i64());
    assert!(first["created_at"].as_i64() > Some(1_700_000_000_000), "milliseconds");
}
