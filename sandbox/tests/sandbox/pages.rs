//! The pages behind authorize and revoke links. A minimal browser opens links, fills in forms, presses buttons and
//! reads redirects.

use crate::client::{Client, Response};
use apideck_vault_sandbox::Sandbox;
use serde_json::json;
use url::form_urlencoded::Serializer;

pub struct Browser {
    pub client: Client,
}

/// An open page and its path.
pub struct Page {
    path: String,
    pub response: Response,
}

impl Browser {
    pub fn new(sandbox: &Sandbox) -> Browser {
        // A browser sends no API key, app or consumer header.
        let mut client = Client::new(sandbox.url()).with("accept", "text/html,application/xhtml+xml");
        client.headers.retain(|(name, _)| *name == "accept");
        Browser { client: client.with("content-type", "application/x-www-form-urlencoded") }
    }

    #[track_caller]
    pub fn open(&self, link: &str, redirect_uri: &str) -> Page {
        let mut path = link.replace(&self.client.url, "");
        if !redirect_uri.is_empty() {
            path =
                format!("{path}&{}", Serializer::new(String::new()).append_pair("redirect_uri", redirect_uri).finish());
        }
        let response = self.client.send("GET", &path, "").unwrap();
        is_safe(&response);
        Page { path, response }
    }

    /// Fills in fields of the page's form and presses a button.
    #[track_caller]
    pub fn press(&self, page: &Page, decision: &str, fields: &[(&str, &str)]) -> Response {
        let text = &page.response.text;
        assert!(text.contains(r#"<form method="post""#), "{text}");
        assert!(text.contains(&format!(r#"name="decision" value="{decision}""#)), "{text}");
        for (name, _) in fields {
            assert!(text.contains(&format!(r#"name="{name}""#)), "{name} in {text}");
        }
        let body = Serializer::new(String::new()).extend_pairs(fields).append_pair("decision", decision).finish();
        let response = self.client.send("POST", &page.path, &body).unwrap();
        is_safe(&response);
        response
    }
}

#[track_caller]
fn is_safe(response: &Response) {
    assert_eq!(response.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(response.header("x-frame-options"), "DENY");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    assert_eq!(response.header("referrer-policy"), "no-referrer");
    let policy = response.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !response.text.contains("<script") && !response.text.contains("style="));
}

fn sandbox() -> (Sandbox, Client, Browser) {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let (client, browser) = (Client::new(sandbox.url()), Browser::new(&sandbox));
    (sandbox, client, browser)
}

fn link(client: &Client, connection_path: &str, key: &str) -> String {
    client.get(connection_path).data()[key].as_str().expect("a link").to_string()
}

#[test]
fn approval_makes_a_connection_callable_and_adds_parameters_to_redirect_uri() {
    let (_sandbox, client, browser) = sandbox();
    let page = browser.open(&link(&client, "crm/hubspot", "authorize_url"), "http://localhost:3000/done?tab=a%26b#top");
    assert_eq!(page.response.status, 200);
    for part in ["Connect HubSpot", "acme", "data:image/svg+xml", "Approve", "Deny", "localhost"] {
        assert!(page.response.text.contains(part), "{part}");
    }
    assert_eq!(client.get("crm/hubspot").state(), "available", "opening the page changes nothing");
    let back = browser.press(
        &page,
        "approve",
        &[("settings.lifecycle_stages", "lead"), ("settings.lifecycle_stages", "other")],
    );
    assert_eq!(
        back.expect(303).header("location"),
        "http://localhost:3000/done?tab=a%26b&service_id=hubspot&unified_api=crm#top"
    );
    let connection = client.get("crm/hubspot").data();
    assert_eq!((&connection["state"], &connection["health"]), (&json!("callable"), &json!("ok")));
    assert_eq!(connection["settings"], json!({"lifecycle_stages": ["lead", "other"]}));
}

#[test]
fn an_authorized_connection_becomes_callable_with_its_required_settings() {
    let (_sandbox, client, browser) = sandbox();
    let page = browser.open(&link(&client, "crm/salesforce", "authorize_url"), "");
    let done = browser.press(&page, "approve", &[("settings.instance_url", "")]).expect(200);
    assert!(done.text.contains("Connected") && done.header("location").is_empty());
    assert_eq!(client.get("crm/salesforce").state(), "authorized");
    assert_eq!(client.get("crm/salesforce").data()["health"], "missing_settings");
    let body = r#"{"settings": {"instance_url": "https://a.example"}}"#;
    assert_eq!(client.update("crm/salesforce", body).state(), "callable");
}

#[test]
fn denial_redirects_with_oauth_errors_and_keeps_an_earlier_sign_in() {
    let (_sandbox, client, browser) = sandbox();
    let authorize = link(&client, "ats/lever", "authorize_url");
    let back = browser.press(&browser.open(&authorize, "https://app.example"), "deny", &[]).expect(303);
    assert_eq!(
        back.header("location"),
        "https://app.example/?service_id=lever&unified_api=ats&error=access_denied&error_description=The+user+denied+the+request"
    );
    let denied = client.get("ats/lever").data();
    assert_eq!((&denied["state"], &denied["health"]), (&json!("invalid"), &json!("needs_auth")));
    let page = browser.open(&authorize, "");
    browser.press(&page, "approve", &[]).expect(200);
    assert_eq!(client.get("ats/lever").state(), "callable");
    assert!(browser.press(&page, "deny", &[]).expect(200).text.contains("Not connected"));
    assert_eq!(client.get("ats/lever").state(), "callable");
}

#[test]
fn revoking_makes_a_connection_invalid_and_signing_in_again_restores_it() {
    let (_sandbox, client, browser) = sandbox();
    let (authorize, revoke) = (link(&client, "ats/lever", "authorize_url"), link(&client, "ats/lever", "revoke_url"));
    assert!(browser.open(&revoke, "").response.expect(422).text.contains("no access to revoke"));
    browser.press(&browser.open(&authorize, ""), "approve", &[]).expect(200);
    let page = browser.open(&revoke, "https://app.example/x?y=1");
    let kept = browser.press(&page, "deny", &[]).expect(303);
    assert_eq!(kept.header("location"), "https://app.example/x?y=1&service_id=lever&unified_api=ats");
    assert_eq!(client.get("ats/lever").state(), "callable");
    browser.press(&page, "approve", &[]).expect(303);
    let revoked = client.get("ats/lever").data();
    assert_eq!((&revoked["state"], &revoked["health"]), (&json!("invalid"), &json!("revoked")));
    browser.press(&page, "approve", &[]).expect(422);
    browser.press(&browser.open(&authorize, ""), "approve", &[]).expect(200);
    assert_eq!(client.get("ats/lever").state(), "callable");
}

#[test]
fn grants_without_a_provider_page_require_the_settings_for_sign_in() {
    let (_sandbox, client, browser) = sandbox();
    let page = browser.open(&client.page_path("accounting/acumatica", "authorize"), "");
    let wrong = [("settings.instance_url", "nowhere"), ("settings.username", "u"), ("settings.password", "p")];
    let refused = browser.press(&page, "approve", &wrong).expect(422);
    assert!(refused.text.contains("settings.instance_url: not a URL") && refused.text.contains("<form"));
    let missing =
        [("settings.instance_url", "https://a.example"), ("settings.username", "u"), ("settings.password", "")];
    assert!(browser.press(&page, "approve", &missing).expect(422).text.contains("Password: required to sign in"));
    assert_eq!(client.get("accounting/acumatica").state(), "available");
    let right =
        [("settings.instance_url", "https://a.example"), ("settings.username", "u"), ("settings.password", "p")];
    browser.press(&page, "approve", &right).expect(200);
    assert_eq!(client.get("accounting/acumatica").state(), "callable");
    // An empty sensitive field keeps its value. Other empty fields lose their value.
    let again = [("settings.password", ""), ("settings.branch", "north"), ("settings.username", "v")];
    browser.press(&page, "approve", &again).expect(200);
    browser.press(&page, "approve", &[("settings.branch", "")]).expect(200);
    let settings = client.get("accounting/acumatica").data()["settings"].take();
    assert_eq!(settings, json!({"instance_url": "https://a.example", "username": "v", "password": "p"}));
}

#[test]
fn the_form_shows_and_submits_every_type_of_field() {
    let (_sandbox, client, browser) = sandbox();
    for (connection_path, fields, settings) in [
        (
            "file-storage/google-drive",
            vec![("settings.shared_drives", ""), ("settings.shared_drives", "true")],
            json!({"shared_drives": true}),
        ),
        ("file-storage/google-drive", vec![("settings.shared_drives", "")], json!({"shared_drives": false})),
        ("crm/hubspot", vec![("settings.lifecycle_stages", "")], json!({"lifecycle_stages": []})),
        (
            "accounting/quickbooks",
            vec![("settings.environment", "sandbox"), ("settings.sync_since", "2024-01-01T00:00")],
            json!({"environment": "sandbox", "sync_since": "2024-01-01T00:00"}),
        ),
        ("accounting/xero", vec![("settings.tenant_id", "my own")], json!({"tenant_id": "my own"})),
        ("ecommerce/shopify", vec![("settings.shop", "acme")], json!({"shop": "acme"})),
        (
            "issue-tracking/jira",
            vec![("settings.site_url", "https://a.example"), ("settings.contact_email", "")],
            json!({"site_url": "https://a.example"}),
        ),
    ] {
        let page = browser.open(&link(&client, connection_path, "authorize_url"), "");
        browser.press(&page, "approve", &fields).expect(200);
        assert_eq!(client.get(connection_path).data()["settings"], settings, "{connection_path}");
    }
    let again = browser.open(&link(&client, "accounting/quickbooks", "authorize_url"), "").response.text;
    assert!(again.contains(r#"<option value="sandbox" selected>"#) && again.contains(r#"value="2024-01-01T00:00""#));
    let page = browser.open(&link(&client, "ecommerce/shopify", "authorize_url"), "");
    client.delete("ecommerce/shopify").expect(204);
    browser.press(&page, "approve", &[]).expect(404);
}

#[test]
fn a_stored_text_without_a_matching_browser_control_survives_a_submission() {
    let (_sandbox, client, browser) = sandbox();
    for (connection_path, id, text, control) in [
        ("accounting/quickbooks", "sync_since", "2024-01-01T00:00:00Z", "text"),
        ("accounting/quickbooks", "sync_since", "2024-01-01T09:30", "datetime-local"),
        ("accounting/xero", "fiscal_year_start", "1 July", "text"),
        ("accounting/xero", "fiscal_year_start", "2024-07-01", "date"),
    ] {
        let body = json!({"settings": {id: text}});
        client.update(connection_path, &body.to_string()).expect(200);
        let page = browser.open(&link(&client, connection_path, "authorize_url"), "");
        let name = format!("settings.{id}");
        let input = format!(r#"<input type="{control}" name="{name}" value="{text}""#);
        assert!(page.response.text.contains(&input), "{input} in {}", page.response.text);
        let mut fields = vec![(name.as_str(), text)];
        fields.extend((connection_path == "accounting/quickbooks").then_some(("settings.environment", "sandbox")));
        browser.press(&page, "approve", &fields).expect(200);
        assert_eq!(client.get(connection_path).data()["settings"][id], text);
    }
}

#[test]
fn a_refused_form_shows_the_submitted_values_except_secrets() {
    let (_sandbox, client, browser) = sandbox();
    let page = browser.open(&client.page_path("crm/pipedrive", "authorize"), "");
    let typed = [("settings.instance_url", "no address"), ("settings.api_key", "s3cr3t")];
    let refused = browser.press(&page, "approve", &typed).expect(422).text;
    assert!(refused.contains(r#"value="no address""#) && !refused.contains("s3cr3t"), "{refused}");
    assert!(!refused.contains("A value is stored"), "nothing is stored yet: {refused}");
    client
        .update("crm/pipedrive", r#"{"settings": {"instance_url": "https://a.example", "api_key": "old"}}"#)
        .expect(200);
    let emptied = browser.press(&page, "approve", &[("settings.instance_url", ""), ("settings.api_key", "s3cr3t")]);
    let emptied = emptied.expect(422).text;
    assert!(!emptied.contains("https://a.example") && !emptied.contains("s3cr3t"), "{emptied}");
    assert!(emptied.contains("A value is stored"), "{emptied}");
    let settings = client.get("crm/pipedrive").data()["settings"].take();
    assert_eq!(settings, json!({"instance_url": "https://a.example", "api_key": "old"}));
}

#[test]
fn a_changed_link_or_a_link_of_a_deleted_connection_gets_404() {
    let (_sandbox, client, browser) = sandbox();
    let authorize = link(&client, "ats/lever", "authorize_url");
    let other = client.with("x-apideck-consumer-id", "other");
    assert_ne!(link(&other, "ats/lever", "authorize_url"), authorize);
    for wrong in [
        authorize.replace("state=", "state=0"),
        authorize.split('?').next().unwrap().to_string() + "?state=",
        authorize.split('?').next().unwrap().to_string() + "?x=y",
        authorize.replace("/lever/", "/hubspot/"),
        authorize.replace("/app?", "/other?"),
        authorize.replace("/app?", "/%ff?"),
        authorize.replace("/lever/", "/' OR 1=1 --/").replace(' ', "%20"),
    ] {
        let page = browser.open(&wrong, "https://app.example");
        assert!(page.response.status == 404 && page.response.header("location").is_empty(), "{wrong}");
    }
    browser.open(&authorize, "").response.expect(200);
    client.delete("ats/lever").expect(204);
    browser.open(&authorize, "").response.expect(404);
    assert_ne!(link(&client, "ats/lever", "authorize_url"), authorize);
    // A program gets the same error as JSON.
    let response = client.call("GET", &authorize.replace(&client.url, ""), "").expect(404);
    assert_eq!(response.error().0, "EntityNotFoundError");
}

#[test]
fn only_http_and_https_redirects_are_accepted() {
    let (_sandbox, client, browser) = sandbox();
    let authorize = link(&client, "ats/lever", "authorize_url");
    for wrong in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//http://a",
        "data:text/html,x",
        "//evil.example",
        "/x",
        "file:///etc/passwd",
        "http:",
        "https://",
        "app://x",
        "http://a b/",
    ] {
        let page = browser.open(&authorize, wrong);
        let shown = page.response.expect(400).text;
        assert!(shown.contains("redirect_uri") && !shown.contains("<form"), "{wrong}");
        let body = "decision=approve";
        let posted = browser.client.send("POST", &page.path, body).unwrap().expect(400);
        assert_eq!(posted.header("location"), "");
    }
    assert_eq!(client.get("ats/lever").state(), "available");
    // Line breaks are removed, and characters that a header cannot carry are encoded.
    let page = browser.open(&authorize, "https://é.example/ü?q=\r\nset-cookie:%20a\u{1F600}");
    let back = browser.press(&page, "approve", &[]).expect(303);
    assert_eq!(
        back.header("location"),
        "https://xn--9ca.example/%C3%BC?q=set-cookie:%20a%F0%9F%98%80&service_id=lever&unified_api=ats"
    );
    assert_eq!(back.header("set-cookie"), "");
}

#[test]
fn the_page_escapes_names_and_settings() {
    let (sandbox, client, browser) = sandbox();
    let hostile = r#"<img src=x onerror="alert('1')">&amp;"#;
    let client = client.with("x-apideck-app-id", hostile).with("x-apideck-consumer-id", hostile);
    let body = json!({"settings": {"shop": format!("\"{hostile}")}});
    client.update("ecommerce/shopify", &body.to_string()).expect(200);
    let page = browser.open(&link(&client, "ecommerce/shopify", "authorize_url"), "https://a.example/<b>\"'");
    let text = page.response.text.as_str();
    assert_eq!(page.response.status, 200);
    assert!(!text.contains("<img src=x") && text.matches("&lt;img src=x onerror=&quot;").count() >= 3, "{text}");
    assert!(text.contains("&amp;amp;"));
    drop(sandbox);
}

#[test]
fn a_form_that_is_too_long_or_has_no_decision_is_refused() {
    let (_sandbox, client, browser) = sandbox();
    let path = link(&client, "ats/lever", "authorize_url").replace(&client.url, "");
    for body in ["decision=perhaps", "x=y", "%%%=&&;\u{1}", r#"{"decision": "approve"}"#] {
        browser.client.send("POST", &path, body).unwrap().expect(400);
    }
    let long = format!("decision=approve&x={}", "x".repeat(2 << 20));
    browser.client.send("POST", &path, &long).unwrap().expect(413);
    assert_eq!(client.get("ats/lever").state(), "available");
}

#[test]
fn the_front_page_shows_the_catalogue_to_a_browser_without_headers() {
    let (_sandbox, client, browser) = sandbox();
    let front = browser.client.send("GET", "/", "").unwrap().expect(200);
    is_safe(&front);
    for entry in client.list("") {
        assert!(front.text.contains(&format!(r#"alt="{}""#, entry["name"].as_str().unwrap())));
        assert!(front.text.contains(entry["tag_line"].as_str().unwrap()));
    }
    let style = front.text.split(r#"rel="stylesheet" href=""#).nth(1).unwrap().split('"').next().unwrap();
    let style = browser.client.send("GET", style, "").unwrap().expect(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}
