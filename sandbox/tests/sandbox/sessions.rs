//! The operation that creates sessions, and the pages of a session.

use crate::client::{self, Client};
use crate::pages::Browser;
use apideck_vault_sandbox::Sandbox;
use serde_json::{Value, json};
use std::thread;
use std::time::{Duration, Instant};

fn sandbox() -> (Sandbox, Client, Browser) {
    let (sandbox, client) = client::sandbox();
    let browser = Browser::new(&sandbox);
    (sandbox, client, browser)
}

/// Returns the `href` of the link with this text.
#[track_caller]
fn link(page: &str, text: &str) -> String {
    let before = page.split(&format!("\">{text}</a>")).next().filter(|before| before.len() < page.len());
    let before = before.unwrap_or_else(|| panic!("{text} in {page}"));
    before.rsplit("href=\"").next().unwrap().replace("&amp;", "&")
}

#[test]
fn a_session_link_opens_the_integrations_of_its_consumer() {
    let (_sandbox, client, browser) = sandbox();
    client
        .update("crm/activecampaign", r#"{"settings": {"base_url": "https://a.example", "api_key": "k"}}"#)
        .expect(200);
    client.with("x-apideck-consumer-id", "other").update("ats/lever", "{}").expect(200);
    let created = client.call("POST", "/vault/sessions", "{}").expect(200).data();
    let (uri, token) = (created["session_uri"].as_str().unwrap(), created["session_token"].as_str().unwrap());
    assert_eq!(uri, format!("{}/session/{token}", client.url));
    let page = browser.open(uri, "").response.expect(200).text;
    for entry in client.list("") {
        assert!(page.contains(&format!(r#"alt="{}""#, entry["name"].as_str().unwrap())));
    }
    assert_eq!((page.matches(">callable<").count(), page.matches(">added<").count()), (1, 0), "{page}");
    assert!(page.contains("acme"));
    // The body is optional, and each session has its own token.
    assert_ne!(client.session(""), client.session(""));
}

#[test]
fn a_consumer_connects_fills_in_settings_and_disconnects_in_its_session() {
    let (_sandbox, client, browser) = sandbox();
    let session = client.session("{}");
    let connection_path = format!("{session}/crm/salesforce");
    let page = browser.open(&connection_path, "");
    let authorize = link(&page.response.text, "Authorize");
    let back = browser.press(&browser.open(&authorize, ""), "approve", &[("settings.instance_url", "")]).expect(303);
    assert!(
        back.header("location").starts_with(&format!("{}{connection_path}?", client.url)),
        "{}",
        back.header("location")
    );
    let redirected = browser.open(back.header("location"), "").response.expect(303);
    assert_eq!(redirected.header("location"), format!("{}{connection_path}", client.url));
    let page = browser.open(&connection_path, "");
    assert!(page.response.text.contains(">authorized<") && page.response.text.contains(">missing_settings<"));

    let refused = browser.press(&page, "save", &[("settings.instance_url", "nowhere")]).expect(422);
    assert!(refused.text.contains("settings.instance_url: not a URL"), "{}", refused.text);
    let saved = browser.press(&page, "save", &[("settings.instance_url", "https://a.example")]).expect(303);
    assert_eq!(saved.header("location"), format!("{}{connection_path}", client.url));
    assert_eq!(client.get("crm/salesforce").state(), "callable");

    let page = browser.open(&connection_path, "");
    browser.press(&page, "disable", &[]).expect(303);
    assert_eq!(client.get("crm/salesforce").data()["enabled"], false);
    let disabled = browser.open(&connection_path, "");
    assert!(disabled.response.text.contains(">disabled<"));
    browser.press(&disabled, "enable", &[]).expect(303);
    assert_eq!(client.get("crm/salesforce").data()["enabled"], true);

    let revoke = link(&page.response.text, "Disconnect");
    browser.press(&browser.open(&revoke, ""), "approve", &[]).expect(303);
    assert_eq!(client.get("crm/salesforce").data()["health"], "revoked");
    browser.press(&page, "delete", &[]).expect(303);
    assert_eq!(client.get("crm/salesforce").state(), "available");
    assert_eq!(browser.open(&link(&page.response.text, "All integrations"), "").response.status, 200);
}

#[test]
fn an_integration_without_settings_or_sign_in_is_connected_with_one_button() {
    let (_sandbox, client, browser) = sandbox();
    let shown = client.list("").into_iter().filter(|entry| entry["auth_type"] != "oauth2");
    for entry in shown {
        let connection_path =
            format!("{}/{}", entry["unified_api"].as_str().unwrap(), entry["service_id"].as_str().unwrap());
        let page = browser.open(&format!("{}/{connection_path}", client.session("{}")), "");
        assert!(!page.response.text.contains("Authorize"), "{connection_path}");
        browser.press(&page, "save", &[]).expect(303);
        assert_ne!(client.get(&connection_path).state(), "available", "{connection_path}");
    }
}

#[test]
fn a_session_shows_resource_settings_unless_they_are_hidden() {
    let (_sandbox, client, browser) = sandbox();
    let connection_path = format!("{}/crm/pipedrive", client.session("{}"));
    let page = browser.open(&connection_path, "").response.text;
    assert!(page.contains("Settings of leads") && page.contains("Product interest"), "{page}");
    let send = |fields: &str| browser.client.send("POST", &format!("{connection_path}/leads"), fields).unwrap();
    send("settings.ProductInterest=GC6000+series&settings.visible_to=3&settings.label_ids=&settings.label_ids=hot")
        .expect(303);
    let configured = client.config("crm/pipedrive/leads").data()["configuration"][0].take();
    let values: Vec<_> = configured["defaults"].as_array().unwrap().iter().map(|default| &default["value"]).collect();
    assert_eq!(values, [&json!("GC6000 series"), &json!(3), &json!(["hot"])]);
    assert!(browser.open(&connection_path, "").response.text.contains(r#"<option value="GC6000 series" selected>"#));
    assert!(send("settings.visible_to=7").expect(422).text.contains("Visible to: the value is not"));
    send("settings.ProductInterest=").expect(303);
    assert_eq!(client.config("crm/pipedrive/leads").data()["configuration"][0]["defaults"][0].get("value"), None);
    browser.client.send("POST", &format!("{connection_path}/nowhere"), "").unwrap().expect(404);
    let hidden = client.session(r#"{"settings": {"hide_resource_settings": true}}"#);
    assert!(!browser.open(&format!("{hidden}/crm/pipedrive"), "").response.text.contains("Settings of"));
}

#[test]
fn the_pages_follow_the_settings_of_the_session() {
    let (_sandbox, client, browser) = sandbox();
    let narrow = client.session(r#"{"settings": {"unified_apis": ["crm", "ats"]}}"#);
    let page = browser.open(&narrow, "").response.expect(200).text;
    assert!(page.contains(r#"alt="HubSpot""#) && page.contains(r#"alt="Lever""#) && !page.contains("Shopify"));
    browser.open(&format!("{narrow}/ecommerce/shopify"), "").response.expect(404);
    browser.client.send("POST", &format!("{narrow}/ecommerce/shopify"), "decision=save").unwrap().expect(404);
    assert!(client.list("?configured=true").is_empty());

    let session = client.session(
        &json!({
            "consumer_metadata": {"account_name": "SpaceX", "user_name": "Elon Musk"},
            "redirect_uri": "https://mysaas.example/dashboard",
            "settings": {"sandbox_mode": true, "isolation_mode": true},
            "theme": {
                "vault_name": "My <Vault>", "privacy_url": "https://a.example/privacy",
                "terms_url": "https://a.example/terms", "primary_color": "#286efa",
            },
            "custom_consumer_settings": {"feature_flag_1": true},
        })
        .to_string(),
    );
    let page = browser.open(&session, "").response.expect(200).text;
    for part in ["SpaceX, Elon Musk", "My &lt;Vault&gt;", "test environment"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(link(&page, "Back to mysaas.example"), "https://mysaas.example/dashboard");
    assert_eq!(link(&page, "Privacy"), "https://a.example/privacy");
    assert_eq!(link(&page, "Terms"), "https://a.example/terms");
    assert!(!browser.open(&format!("{session}/crm/hubspot"), "").response.text.contains("All integrations"));
    let plain = client.session(r#"{"settings": {"show_sidebar": false}}"#);
    let page = browser.open(&plain, "").response.text;
    assert!(!page.contains("SpaceX") && !page.contains("test environment") && !page.contains("Back to"));
}

#[test]
fn a_session_shows_and_accepts_only_its_allowed_actions() {
    let (_sandbox, client, browser) = sandbox();
    client.import("ats/lever", r#"{"credentials": {"access_token": "a"}}"#).expect(200);
    for (actions, shown) in [
        (json!(null), vec!["Authorize again", "Disconnect", "Disable", "Delete"]),
        (json!([]), vec![]),
        (json!(["delete", "reauthorize"]), vec!["Authorize again", "Delete"]),
        (json!(["disconnect", "disable"]), vec!["Disconnect", "Disable"]),
    ] {
        let settings = if actions.is_null() { json!({}) } else { json!({"allow_actions": actions}) };
        let connection_path = format!("{}/ats/lever", client.session(&json!({"settings": settings}).to_string()));
        let page = browser.open(&connection_path, "").response.expect(200).text;
        for action in ["Authorize again", "Disconnect", "Disable", "Delete"] {
            assert_eq!(page.contains(&format!(">{action}<")), shown.contains(&action), "{actions} {action}");
        }
        if !shown.contains(&"Delete") {
            browser.client.send("POST", &connection_path, "decision=delete").unwrap().expect(422);
        }
        if !shown.contains(&"Disable") {
            browser.client.send("POST", &connection_path, "decision=disable").unwrap().expect(422);
        }
        browser.client.send("POST", &connection_path, "decision=burn").unwrap().expect(400);
        let connection = client.get("ats/lever").data();
        assert_eq!((&connection["state"], &connection["enabled"]), (&json!("callable"), &json!(true)));
    }
}

#[test]
fn auto_redirect_returns_to_the_application_when_a_connection_is_callable() {
    let (_sandbox, client, browser) = sandbox();
    let session =
        client.session(r#"{"redirect_uri": "https://mysaas.example/done", "settings": {"auto_redirect": true}}"#);
    let connection_path = format!("{session}/crm/salesforce");
    let authorize = link(&browser.open(&connection_path, "").response.text, "Authorize");
    let back = browser.press(&browser.open(&authorize, ""), "approve", &[]).expect(303);
    let here = browser.open(back.header("location"), "").response.expect(303);
    assert_eq!(here.header("location"), format!("{}{connection_path}", client.url), "a setting is missing");
    let page = browser.open(&connection_path, "");
    let there = browser.press(&page, "save", &[("settings.instance_url", "https://a.example")]).expect(303);
    assert_eq!(there.header("location"), "https://mysaas.example/done");
}

#[test]
fn consumer_metadata_is_stored_on_the_consumer() {
    let (_sandbox, client, _browser) = sandbox();
    client.session(r#"{"consumer_metadata": {"account_name": "SpaceX", "email": "elon@musk.com"}}"#);
    let stored = json!({"account_name": "SpaceX", "email": "elon@musk.com"});
    assert_eq!(client.consumer("acme").expect(200).data()["metadata"], stored);
    client.session(r#"{"redirect_uri": "https://mysaas.example/"}"#);
    assert_eq!(client.consumer("acme").data()["metadata"], stored, "a session without metadata changes nothing");
}

#[test]
fn an_unknown_or_expired_token_gets_an_error_page() {
    let (_sandbox, client, browser) = sandbox();
    let session = client.session("{}");
    for unknown in ["/session/made-up".to_string(), format!("{session}0"), "/session/%ff".into(), "/session/'".into()] {
        for path in [unknown.clone(), format!("{unknown}/crm/hubspot")] {
            let page = browser.open(&path, "").response.expect(404).text;
            assert!(page.contains("This session does not exist"), "{page}");
        }
        browser.client.send("POST", &format!("{unknown}/crm/hubspot"), "decision=save").unwrap().expect(404);
    }
    let short = client.session(r#"{"settings": {"session_length": "1s"}}"#);
    let begun = Instant::now();
    let page = loop {
        let response = browser.open(&short, "").response;
        if response.status != 200 {
            break response.expect(410).text;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the session does not expire");
        thread::sleep(Duration::from_millis(50));
    };
    assert!(page.contains("This session has expired"), "{page}");
    browser.client.send("POST", &format!("{short}/crm/hubspot"), "decision=save").unwrap().expect(410);
    // A program gets the same error as JSON.
    let (kind, _) = client.send("GET", &short, "").unwrap().expect(410).error();
    assert_eq!(kind, "SessionExpiredError");
    assert!(client.list("?configured=true").is_empty());
    browser.open(&session, "").response.expect(200);
}

#[test]
fn an_invalid_session_request_is_refused_with_the_path_to_the_mistake() {
    let (_sandbox, client, _browser) = sandbox();
    for (body, message) in [
        (json!([]), "expected an object"),
        (json!({"redirect_url": "https://a.example"}), "redirect_url: unknown"),
        (json!({"redirect_uri": 1}), "redirect_uri: expected a string"),
        (json!({"redirect_uri": "javascript:alert(1)"}), "redirect_uri: expected an absolute http or https URL"),
        (json!({"consumer_metadata": {"name": "x"}}), "consumer_metadata.name: unknown"),
        (json!({"settings": []}), "settings: expected an object, found an array"),
        (json!({"settings": {"sandbox": true}}), "settings.sandbox: unknown"),
        (json!({"settings": {"unified_apis": "crm"}}), "settings.unified_apis: expected an array of strings"),
        (json!({"settings": {"unified_apis": [1]}}), "settings.unified_apis: expected an array of strings"),
        (json!({"settings": {"show_logs": "yes"}}), "settings.show_logs: expected a boolean, found a string"),
        (json!({"settings": {"session_length": "2w"}}), "settings.session_length"),
        (json!({"settings": {"session_length": 60}}), "settings.session_length: expected a string"),
        (json!({"settings": {"allow_actions": ["burn"]}}), "settings.allow_actions"),
        (json!({"theme": {"vault_name": 1}}), "theme.vault_name: expected a string"),
        (json!({"theme": {"privacy_url": "javascript:x"}}), "theme.privacy_url"),
        (json!({"custom_consumer_settings": 1}), "custom_consumer_settings: expected an object"),
    ] {
        let (kind, detail) = client.call("POST", "/vault/sessions", &body.to_string()).expect(400).error();
        assert!(kind == "RequestValidationError" && detail.contains(message), "{body}: {detail}");
    }
    assert_eq!(client.consumer("acme").data()["metadata"], json!({}), "a refused session stores nothing");
    let everything: Value = json!({"settings": {
        "unified_apis": [], "hide_resource_settings": false, "sandbox_mode": false, "isolation_mode": false,
        "session_length": "30m", "show_logs": true, "show_suggestions": false, "show_sidebar": true,
        "auto_redirect": false, "hide_guides": false, "allow_actions": ["delete"],
    }, "theme": {"favicon": "x", "logo": "x", "own": 1}});
    client.session(&everything.to_string());
}

#[test]
fn a_session_changes_only_the_connections_of_its_consumer() {
    let (_sandbox, client, browser) = sandbox();
    let hostile = r#"<img src=x onerror="alert('1')">"#;
    let other = client.with("x-apideck-consumer-id", hostile);
    let session = other.session("{}");
    let page = browser.open(&session, "").response.expect(200).text;
    assert!(page.contains("&lt;img src=x") && !page.contains("<img src=x"), "{page}");
    let connection_path = browser.open(&format!("{session}/crm/hubspot"), "");
    browser.press(&connection_path, "save", &[("settings.lifecycle_stages", "lead")]).expect(303);
    assert_eq!(other.get("crm/hubspot").state(), "added");
    assert_eq!(client.get("crm/hubspot").state(), "available");
}
