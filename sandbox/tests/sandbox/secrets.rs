//! Where secrets must not appear. As in the API, a consumer's own connection shows all its settings, including sensitive
//! ones. No response contains credentials. No error and no page contains credentials or sensitive settings.

use crate::client::Client;
use apideck_vault_sandbox::{Options, Sandbox};
use serde_json::json;
use std::path::Path;

const SECRET: &str = "s3cr3t-d0-n0t-sh0w";

#[test]
fn credentials_are_in_no_response_and_no_page() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for connection_path in ["crm/salesforce", "hris/personio", "accounting/acumatica"] {
        let body = format!(r#"{{"credentials": {{"access_token": "{SECRET}", "refresh_token": "{SECRET}"}}}}"#);
        let imported = client.import(connection_path, &body).expect(200);
        let page = |key: &str| {
            let link = client.page_path(connection_path, key);
            client.with("accept", "text/html").send("GET", &link, "").unwrap()
        };
        let responses = [
            client.get(connection_path),
            client.update(connection_path, "{}"),
            client.token(connection_path),
            page("authorize"),
            page("revoke"),
        ];
        let list = client.call("GET", "/vault/connections", "");
        for response in responses.iter().chain([&imported, &list]) {
            assert!(!response.text.contains(SECRET), "{}", response.text);
        }
    }
}

#[test]
fn a_sensitive_setting_is_in_responses_to_its_consumer_and_in_no_page() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    let body = format!(r#"{{"settings": {{"instance_url": "https://acme.example", "api_key": "{SECRET}"}}}}"#);
    let updated = client.update("crm/pipedrive", &body).expect(200).data();
    assert_eq!(updated["settings"]["api_key"], SECRET);
    let link = client.page_path("crm/pipedrive", "authorize");
    let page = client.send("GET", &link, "").unwrap().expect(200).text;
    assert!(page.contains("https://acme.example") && page.contains("A value is stored"));
    assert!(!page.contains(SECRET));
}

#[test]
fn a_consumer_and_its_session_show_no_credentials_and_no_sensitive_setting() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    let body = json!({
        "settings": {"instance_url": "https://acme.example", "api_key": SECRET},
        "credentials": {"access_token": SECRET, "refresh_token": SECRET},
    });
    client.import("crm/pipedrive", &body.to_string()).expect(200);
    client.import("accounting/quickbooks", &json!({"credentials": {"access_token": SECRET}}).to_string()).expect(200);
    let session = client.session("{}");
    let page = |path: &str| client.with("accept", "text/html").send("GET", path, "").unwrap().expect(200);
    for response in [
        client.consumer("acme").expect(200),
        client.call("PATCH", "/vault/consumers/acme", r#"{"metadata": {}}"#).expect(200),
        client.call("POST", "/vault/consumers", r#"{"consumer_id": "acme"}"#).expect(200),
        client.call("GET", "/vault/consumers", "").expect(200),
        client.validate("crm/pipedrive").expect(200),
        client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200),
        page(&session),
        page(&format!("{session}/crm/pipedrive")),
        client
            .send(
                "POST",
                &format!("{session}/crm/pipedrive"),
                &format!("decision=save&settings.api_key={SECRET}&settings.instance_url=nowhere"),
            )
            .unwrap()
            .expect(422),
        client.call("DELETE", "/vault/consumers/acme", "").expect(200),
    ] {
        assert!(!response.text.contains(SECRET), "{}", response.text);
    }
}

#[test]
fn no_error_about_sessions_consumers_or_single_resources_contains_a_value() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for (method, path, body) in [
        ("POST", "/vault/sessions", json!({"settings": {"session_length": SECRET}})),
        ("POST", "/vault/sessions", json!({"redirect_uri": SECRET})),
        ("POST", "/vault/sessions", json!({"consumer_metadata": SECRET})),
        ("POST", "/vault/sessions", json!({"custom_consumer_settings": SECRET})),
        ("POST", "/vault/consumers", json!({"consumer_id": "a", "metadata": {"image": SECRET}})),
        ("POST", "/vault/consumers", json!({"consumer_id": {"a": SECRET}})),
        ("POST", "/vault/connections/crm/pipedrive/validate", json!({"api_key": SECRET})),
        (
            "PATCH",
            "/vault/connections/crm/pipedrive/leads/config",
            json!({"configuration": [
            {"resource": "leads", "defaults": [{"id": "ProductInterest", "value": SECRET}]}]}),
        ),
    ] {
        let response = client.call(method, path, &body.to_string());
        assert!((400..=422).contains(&response.status), "{path} {body}");
        assert!(!response.text.contains(SECRET), "{}", response.text);
    }
}

#[test]
fn no_error_about_an_import_contains_a_value() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url()).with("authorization", &format!("Bearer {SECRET}"));
    for body in [
        format!(r#"{{"settings": {{"api_key": ["{SECRET}"]}}}}"#),
        format!(r#"{{"settings": {{"instance_url": "{SECRET}"}}}}"#),
        format!(r#"{{"settings": "{SECRET}"}}"#),
        format!(r#"{{"metadata": "{SECRET}"}}"#),
        format!(r#"{{"credentials": "{SECRET}"}}"#),
        format!(r#"{{"credentials": {{"access_token": "{SECRET}", "expires_in": "{SECRET}"}}}}"#),
        format!(r#"{{"credentials": {{"access_token": "{SECRET}", "issued_at": "{SECRET}"}}}}"#),
        format!(r#"{{"settings": {{"api_key": "{SECRET}"}}"#),
    ] {
        let response = client.import("crm/pipedrive", &body);
        assert!((400..=422).contains(&response.status), "{body}");
        assert!(!response.text.contains(SECRET), "{}", response.text);
    }
}

/// Returns all bytes of all files in a folder.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn deleted_connections_leave_nothing_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("vault.db"));
    let sandbox = Sandbox::start(Options { database, ..Default::default() }).unwrap();
    let of = |consumer: usize| Client::new(sandbox.url()).with("x-apideck-consumer-id", &format!("{consumer:03}"));
    let mark = |consumer: usize, round: usize| format!("{SECRET}-{consumer:03}-{round};");
    // Rows of many sizes are written twice and out of order, so SQLite splits, merges and moves pages.
    let consumers: Vec<_> = (0..80).map(|n| n * 37 % 80).collect();
    for round in 0..2 {
        for consumer in &consumers {
            let mark = mark(*consumer, round);
            let long = mark.repeat([1, 3, 20, 100, 300][(consumer + round) % 5]);
            let body = json!({
                "settings": {"instance_url": "https://a.example", "api_key": long},
                "credentials": {"access_token": mark, "refresh_token": mark},
                "metadata": {"note": mark},
            });
            of(*consumer).import("crm/pipedrive", &body.to_string()).expect(200);
        }
    }
    for consumer in &consumers {
        if consumer % 3 == 0 {
            assert!(holds(&bytes(folder.path()), &mark(*consumer, 1)));
            of(*consumer).delete("crm/pipedrive").expect(204);
            let after = bytes(folder.path());
            assert!((0..2).all(|round| !holds(&after, &mark(*consumer, round))), "{consumer}");
        }
    }
    let after = bytes(folder.path());
    for consumer in 0..80 {
        assert_eq!(holds(&after, &mark(consumer, 1)), consumer % 3 != 0, "{consumer}");
        let state = if consumer % 3 == 0 { "available" } else { "authorized" };
        assert_eq!(of(consumer).get("crm/pipedrive").state(), state, "{consumer}");
    }
}

#[test]
fn a_deleted_consumer_leaves_nothing_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("vault.db"));
    let sandbox = Sandbox::start(Options { database, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    let other = client.with("x-apideck-consumer-id", "other");
    let session = json!({"consumer_metadata": {"email": SECRET}, "theme": {"vault_name": SECRET}}).to_string();
    client.session(&session);
    let token = client.session(&session).rsplit('/').next().unwrap().to_string();
    let credentials = json!({"credentials": {"refresh_token": SECRET}}).to_string();
    client.import("accounting/quickbooks", &credentials).expect(200);
    client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200);
    other.import("ats/lever", r#"{"credentials": {"refresh_token": "another"}}"#).expect(200);
    let before = bytes(folder.path());
    assert!(holds(&before, SECRET) && holds(&before, &token));
    client.call("DELETE", "/vault/consumers/acme", "").expect(200);
    let after = bytes(folder.path());
    assert!(!holds(&after, SECRET) && !holds(&after, &token) && holds(&after, "another"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("vault.db"));
    let sandbox = Sandbox::start(Options { database, ..Default::default() }).unwrap();
    Client::new(sandbox.url()).update("crm/hubspot", "{}").expect(200);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
