//! The responses of every operation, in every state of each integration in the catalogue.

use crate::client::Client;
use apideck_vault_sandbox::Sandbox;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Returns a valid value for a form field.
fn sample(field: &Value) -> Value {
    let mut option = &field["options"][0];
    if option["option_type"] == "group" {
        option = &option["options"][0];
    }
    match field["type"].as_str().expect("a type") {
        "checkbox" => json!(true),
        "number" => json!(50),
        "email" => json!("someone@acme.example"),
        "url" => json!("https://acme.example"),
        "select" | "filtered-select" => option["value"].clone(),
        "multi-select" => json!([option["value"]]),
        _ => json!("some text"),
    }
}

/// Returns values for the form fields of a connection: for all fields, or only for the required ones.
pub fn settings(connection: &Value, all: bool) -> Value {
    let fields = connection["form_fields"].as_array().expect("form fields");
    let wanted = fields.iter().filter(|field| all || field["required"] == true);
    wanted.map(|field| (field["id"].as_str().expect("an id").to_string(), sample(field))).collect::<Map<_, _>>().into()
}

pub fn connection_path(connection: &Value) -> String {
    let text = |key: &str| connection[key].as_str().expect("a name");
    format!("{}/{}", text("unified_api"), text("service_id"))
}

/// Moves a connection through every operation. Returns the states that the responses show.
fn visit_states(client: &Client, connection: &Value) -> BTreeSet<String> {
    let connection_path = connection_path(connection);
    let oauth2 = connection["auth_type"] == "oauth2";
    let imported = r#"{"credentials": {"access_token": "a", "refresh_token": "r"}}"#;
    let mut seen = BTreeSet::new();
    let mut record = |response: crate::client::Response| seen.insert(response.expect(200).state());

    record(client.get(&connection_path));
    record(client.update(&connection_path, "{}"));
    record(client.import(&connection_path, r#"{"settings": {}, "metadata": {"plan": "enterprise"}}"#));
    client.import(&connection_path, imported).expect(if oauth2 { 200 } else { 422 });
    record(client.get(&connection_path));
    record(
        client.update(&connection_path, &json!({"settings": settings(connection, true), "enabled": false}).to_string()),
    );
    match connection["oauth_grant_type"].as_str() {
        Some("client_credentials" | "password") => record(client.token(&connection_path)),
        _ => record(client.token(&connection_path).expect(422).then_get(client, &connection_path)),
    };
    record(client.update(&connection_path, r#"{"settings": null}"#));
    record(client.update(&connection_path, &json!({"settings": settings(connection, false)}).to_string()));
    client.delete(&connection_path).expect(204);
    record(client.get(&connection_path));
    seen
}

impl crate::client::Response {
    /// Gets the connection after a call that failed.
    fn then_get(self, client: &Client, connection_path: &str) -> crate::client::Response {
        client.get(connection_path)
    }
}

#[test]
fn every_integration_reaches_its_states_with_valid_responses() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    let catalogue = client.list("");
    assert!(catalogue.len() >= 12);
    let mut of_oauth2 = BTreeSet::new();
    for connection in &catalogue {
        assert_eq!(connection["state"], "available");
        let seen = visit_states(&client, connection);
        assert!(seen.contains("available") && seen.contains("callable"), "{} {seen:?}", connection_path(connection));
        if connection["auth_type"] == "oauth2" {
            of_oauth2.extend(seen);
        }
    }
    let all = ["added", "authorized", "available", "callable", "invalid"];
    assert_eq!(of_oauth2, all.map(String::from).into());
}

#[test]
fn the_list_can_be_filtered_by_api_and_by_configured() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    client.update("crm/hubspot", "{}").expect(200);
    let names = |query: &str| client.list(query).iter().map(connection_path).collect::<Vec<_>>();
    assert_eq!(names("?api=crm&configured=true"), ["crm/hubspot"]);
    assert_eq!(names("?configured=true"), ["crm/hubspot"]);
    assert_eq!(names("?api=crm&configured=false"), ["crm/salesforce", "crm/pipedrive", "crm/activecampaign"]);
    assert_eq!(names("?api=crm").len(), 4);
    assert!(names("?api=unknown").is_empty());
    // Without a consumer, the list is the catalogue without links.
    let no_consumer = client.with("x-apideck-consumer-id", "");
    assert_eq!(no_consumer.list("").len(), client.list("").len());
    assert!(no_consumer.list("").iter().all(|entry| entry["state"] == "available" && entry["authorize_url"].is_null()));
    assert!(no_consumer.list("?configured=true").is_empty());
}

#[test]
fn the_response_of_a_get_can_be_sent_back() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for connection in client.list("") {
        let connection_path = connection_path(&connection);
        let all = json!({"settings": settings(&connection, true), "metadata": {"a": [1, null]}}).to_string();
        let mut before = client.update(&connection_path, &all).expect(200).data();
        let mut after = client.update(&connection_path, &before.to_string()).expect(200).data();
        assert!(after["updated_at"].as_i64() >= before["updated_at"].as_i64());
        before["updated_at"].take();
        after["updated_at"].take();
        assert_eq!(before, after);
    }
}
