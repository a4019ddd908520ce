//! What must not get out. Settings come back to the consumer they belong to, as the API's own do, sensitive ones
//! included; credentials come back to nobody, and neither is ever in an error or in a page.

use crate::client::Client;
use apideck_vault_sandbox::Sandbox;

const SECRET: &str = "s3cr3t-d0-n0t-sh0w";

#[test]
fn credentials_are_in_no_response_and_no_page() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for place in ["crm/salesforce", "hris/personio", "accounting/acumatica"] {
        let body = format!(r#"{{"credentials": {{"access_token": "{SECRET}", "refresh_token": "{SECRET}"}}}}"#);
        let imported = client.import(place, &body).expect(200);
        let page = |key: &str| {
            let link = imported.data()[key].as_str().unwrap().replace(sandbox.url(), "");
            client.with("accept", "text/html").send("GET", &link, "").unwrap()
        };
        let replies = [
            client.get(place),
            client.update(place, "{}"),
            client.token(place),
            page("authorize_url"),
            page("revoke_url"),
        ];
        let list = client.ask("GET", "/vault/connections", "");
        for reply in replies.iter().chain([&imported, &list]) {
            assert!(!reply.text.contains(SECRET), "{}", reply.text);
        }
    }
}

#[test]
fn a_sensitive_setting_is_shown_to_its_consumer_and_in_no_page() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    let body = format!(r#"{{"settings": {{"instance_url": "https://acme.example", "api_key": "{SECRET}"}}}}"#);
    let updated = client.update("crm/pipedrive", &body).expect(200).data();
    assert_eq!(updated["settings"]["api_key"], SECRET);
    let link = updated["authorize_url"].as_str().unwrap().replace(sandbox.url(), "");
    let page = client.send("GET", &link, "").unwrap().expect(200).text;
    assert!(page.contains("https://acme.example") && page.contains("Stored already"));
    assert!(!page.contains(SECRET));
}

#[test]
fn no_value_is_in_an_error() {
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
        let reply = client.import("crm/pipedrive", &body);
        assert!((400..=422).contains(&reply.status), "{body}");
        assert!(!reply.text.contains(SECRET), "{}", reply.text);
    }
}
