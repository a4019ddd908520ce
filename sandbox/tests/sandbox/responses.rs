//! Every operation, in every state that each integration of the catalogue can be in.

use crate::client::Client;
use apideck_vault_sandbox::Sandbox;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A value that a form field takes.
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

/// Values for the form fields of a connection; for the required ones alone, or for all.
pub fn settings(connection: &Value, all: bool) -> Value {
    let fields = connection["form_fields"].as_array().expect("form fields");
    let wanted = fields.iter().filter(|field| all || field["required"] == true);
    wanted.map(|field| (field["id"].as_str().expect("an id").to_string(), sample(field))).collect::<Map<_, _>>().into()
}

pub fn place(connection: &Value) -> String {
    let text = |key: &str| connection[key].as_str().expect("a name");
    format!("{}/{}", text("unified_api"), text("service_id"))
}

/// Makes every call that the connection can take on its way, and gives the states it was seen in.
fn live(client: &Client, connection: &Value) -> BTreeSet<String> {
    let place = place(connection);
    let oauth2 = connection["auth_type"] == "oauth2";
    let imported = r#"{"credentials": {"access_token": "a", "refresh_token": "r"}}"#;
    let mut seen = BTreeSet::new();
    let mut shows = |response: crate::client::Response| seen.insert(response.expect(200).state());

    shows(client.get(&place));
    shows(client.update(&place, "{}"));
    shows(client.import(&place, r#"{"settings": {}, "metadata": {"plan": "enterprise"}}"#));
    client.import(&place, imported).expect(if oauth2 { 200 } else { 422 });
    shows(client.get(&place));
    shows(client.update(&place, &json!({"settings": settings(connection, true), "enabled": false}).to_string()));
    match connection["oauth_grant_type"].as_str() {
        Some("client_credentials" | "password") => shows(client.token(&place)),
        _ => shows(client.token(&place).expect(422).state_of(client, &place)),
    };
    shows(client.update(&place, r#"{"settings": null}"#));
    shows(client.update(&place, &json!({"settings": settings(connection, false)}).to_string()));
    client.delete(&place).expect(204);
    shows(client.get(&place));
    seen
}

impl crate::client::Response {
    /// The connection as it is after a call that failed.
    fn state_of(self, client: &Client, place: &str) -> crate::client::Response {
        client.get(place)
    }
}

#[test]
fn every_answer_about_every_integration_is_as_described() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    let catalogue = client.list("");
    assert!(catalogue.len() >= 12);
    let mut of_oauth2 = BTreeSet::new();
    for connection in &catalogue {
        assert_eq!(connection["state"], "available");
        let seen = live(&client, connection);
        assert!(seen.contains("available") && seen.contains("callable"), "{} {seen:?}", place(connection));
        if connection["auth_type"] == "oauth2" {
            of_oauth2.extend(seen);
        }
    }
    let all = ["added", "authorized", "available", "callable", "invalid"];
    assert_eq!(of_oauth2, all.map(String::from).into());
}

#[test]
fn a_list_is_narrowed_by_api_and_by_what_is_configured() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    client.update("crm/hubspot", "{}").expect(200);
    let names = |query: &str| client.list(query).iter().map(place).collect::<Vec<_>>();
    assert_eq!(names("?api=crm&configured=true"), ["crm/hubspot"]);
    assert_eq!(names("?configured=true"), ["crm/hubspot"]);
    assert_eq!(names("?api=crm&configured=false"), ["crm/salesforce", "crm/pipedrive", "crm/activecampaign"]);
    assert_eq!(names("?api=crm").len(), 4);
    assert!(names("?api=nothing-of-it").is_empty());
    // Nobody's list: the catalogue, without links.
    let nobody = client.with("x-apideck-consumer-id", "");
    assert_eq!(nobody.list("").len(), client.list("").len());
    assert!(nobody.list("").iter().all(|entry| entry["state"] == "available" && entry["authorize_url"].is_null()));
    assert!(nobody.list("?configured=true").is_empty());
}

#[test]
fn what_a_get_returned_can_be_sent_back() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for connection in client.list("") {
        let place = place(&connection);
        let all = json!({"settings": settings(&connection, true), "metadata": {"a": [1, null]}}).to_string();
        let mut before = client.update(&place, &all).expect(200).data();
        let mut after = client.update(&place, &before.to_string()).expect(200).data();
        assert!(after["updated_at"].as_i64() >= before["updated_at"].as_i64());
        before["updated_at"].take();
        after["updated_at"].take();
        assert_eq!(before, after);
    }
}
