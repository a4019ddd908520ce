//! Requests that the server refuses, with the status and the error message. A refused request changes nothing.

use crate::client::{Client, Response};
use apideck_vault_sandbox::{Options, Sandbox};

#[track_caller]
fn refused(response: Response, status: u16, type_name: &str, expected: &str) {
    let (kind, detail) = response.expect(status).error();
    assert_eq!(kind, type_name, "{detail}");
    assert!(detail.contains(expected), "{detail}");
}

#[test]
fn a_request_needs_one_of_the_configured_keys() {
    let api_keys = vec!["first".to_string(), "second".to_string()];
    let sandbox = Sandbox::start(Options { api_keys, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    for (authorization, status) in [
        ("Bearer first", 200),
        ("bearer second", 200),
        ("Bearer third", 401),
        ("Bearer firs", 401),
        ("Basic first", 401),
        ("Bearer ", 401),
        ("first", 401),
        ("", 401),
    ] {
        let client = client.with("authorization", authorization);
        for (method, path, body) in OPERATIONS {
            let response = client.call(method, path, body);
            if status == 401 {
                refused(response, 401, "UnauthorizedError", "");
            } else {
                assert_ne!(response.status, 401, "{authorization} {method} {path}");
            }
        }
    }
}

/// A valid request of each operation.
const OPERATIONS: [(&str, &str, &str); 16] = [
    ("GET", "/vault/connections", ""),
    ("GET", "/vault/connections/crm/hubspot", ""),
    ("PATCH", "/vault/connections/crm/hubspot", "{}"),
    ("POST", "/vault/connections/crm/hubspot/import", "{}"),
    ("POST", "/vault/connections/crm/hubspot/token", "{}"),
    ("POST", "/vault/connections/crm/hubspot/migrate", r#"{"target_service_id": "x"}"#),
    ("POST", "/vault/connections/crm/hubspot/validate", "{}"),
    ("GET", "/vault/connections/crm/hubspot/contacts/config", ""),
    ("PATCH", "/vault/connections/crm/hubspot/contacts/config", "{}"),
    ("DELETE", "/vault/connections/crm/hubspot", ""),
    ("POST", "/vault/sessions", "{}"),
    ("POST", "/vault/consumers", r#"{"consumer_id": "acme"}"#),
    ("GET", "/vault/consumers", ""),
    ("GET", "/vault/consumers/acme", ""),
    ("PATCH", "/vault/consumers/acme", "{}"),
    ("DELETE", "/vault/consumers/acme", ""),
];

#[test]
fn without_configured_keys_any_key_is_accepted_but_one_is_required() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    client.with("authorization", "Bearer whatever").call("GET", "/vault/connections", "").expect(200);
    client.with("authorization", "").call("GET", "/vault/connections", "").expect(401);
}

#[test]
fn app_and_consumer_headers_are_required() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for (method, path, body) in OPERATIONS {
        let response = client.with("x-apideck-app-id", "").call(method, path, body);
        refused(response, 400, "RequestHeadersValidationError", "x-apideck-app-id");
        let response = client.with("x-apideck-consumer-id", "").call(method, path, body);
        if path == "/vault/connections" || path.starts_with("/vault/consumers") {
            response.expect(200);
        } else {
            refused(response, 400, "RequestHeadersValidationError", "x-apideck-consumer-id");
        }
    }
}

#[test]
fn a_service_that_is_not_in_the_catalogue_is_not_found() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for (method, path, body) in OPERATIONS.iter().filter(|(_, path, _)| path.contains("crm/hubspot")) {
        for wrong in
            ["crm/hubspott", "accounting/hubspot", "crm/HubSpot", "crm/%2e%2e", "crm/a%2Fb", "crm/%00", "crm/%ff"]
        {
            let response = client.call(method, &path.replace("crm/hubspot", wrong), body);
            refused(response, 404, "EntityNotFoundError", "");
        }
    }
    refused(client.get("crm/hubspott"), 404, "EntityNotFoundError", "'hubspott'");
}

#[test]
fn an_app_that_reaches_the_request_limit_gets_402_and_other_apps_do_not() {
    let sandbox = Sandbox::start(Options { request_limit: Some(3), ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    let (other_consumer, other_app) =
        (client.with("x-apideck-consumer-id", "other"), client.with("x-apideck-app-id", "other"));
    // A request with an invalid key does not count.
    client.with("authorization", "").get("crm/hubspot").expect(401);
    for client in [&client, &other_consumer, &client] {
        client.get("crm/hubspot").expect(200);
    }
    for (method, path, body) in OPERATIONS {
        refused(client.call(method, path, body), 402, "RequestLimitError", "limit of 3");
    }
    other_consumer.get("crm/hubspot").expect(402);
    other_app.get("crm/hubspot").expect(200);
}

#[test]
fn settings_without_a_matching_form_field_are_refused_and_nothing_is_stored() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for (connection_path, settings, expected) in [
        ("crm/pipedrive", r#"{"instance_url": "https://a.example", "api_kay": "x"}"#, "settings.api_kay"),
        ("crm/pipedrive", r#"{"instance_url": 1}"#, "settings.instance_url: expected a string, found a number"),
        ("crm/pipedrive", r#"{"instance_url": "no url"}"#, "settings.instance_url: not a URL"),
        ("crm/hubspot", r#"{"lifecycle_stages": ["lead", "?"]}"#, "settings.lifecycle_stages"),
        ("ats/lever", r#"{"a": 1}"#, "it has: none"),
    ] {
        let body = format!(r#"{{"settings": {settings}, "enabled": false}}"#);
        refused(client.update(connection_path, &body), 422, "InvalidSettingsError", expected);
        refused(client.import(connection_path, &body), 422, "InvalidSettingsError", expected);
        assert_eq!(client.get(connection_path).state(), "available");
    }
}

#[test]
fn credentials_are_refused_for_integrations_without_oauth2() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for connection_path in ["crm/activecampaign", "hris/workday", "accounting/netsuite", "ecommerce/demo-shop"] {
        let response = client.import(connection_path, r#"{"credentials": {"access_token": "a"}, "metadata": {}}"#);
        refused(response, 422, "InvalidStateError", "OAuth 2");
        assert_eq!(client.get(connection_path).state(), "available");
    }
}

#[test]
fn an_invalid_body_is_refused_with_the_path_to_the_mistake() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for (body, expected) in [
        ("{", "not JSON: line 1, column 1"),
        ("[]", "expected an object, found an array"),
        ("\"\u{e9}\"", "found a string"),
        (r#"{"a": "\ud800"}"#, "not JSON"),
        (r#"{"enabled": 1}"#, "enabled: expected a boolean"),
        (r#"{"settings": []}"#, "settings: expected an object or null"),
        (r#"{"metadata": "x"}"#, "metadata: expected an object or null"),
        (r#"{"metadata": {"company_id": 1}}"#, "metadata.company_id: expected a string, found a number"),
        (r#"{"metadata": {"company_id": null}}"#, "metadata.company_id: expected a string, found null"),
        (r#"{"configuration": {}}"#, "configuration: expected an array"),
        (r#"{"configuration": [{"resource": 1}]}"#, "configuration[0].resource: expected a string"),
        (r#"{"configuration": [{"defaults": [{"value": null}]}]}"#, "configuration[0].defaults[0].value"),
        (r#"{"configuration": [{"defaults": [{"target": "x"}]}]}"#, "configuration[0].defaults[0].target"),
        (
            r#"{"configuration": [{"defaults": [{"options": [{"value": 1}]}]}]}"#,
            "defaults[0].options[0].label: missing",
        ),
        (
            r#"{"configuration": [{"defaults": [{"options": [{"label": "a", "option_type": "x"}]}]}]}"#,
            "options[0].option_type",
        ),
        (r#"{"custom_mappings": [{"valeu": "x"}]}"#, "custom_mappings[0].valeu: unknown"),
        (r#"{"custom_mappings": [1]}"#, "custom_mappings[0]: expected an object"),
    ] {
        refused(client.update("crm/hubspot", body), 400, "RequestValidationError", expected);
    }
    for (body, expected) in [
        ("", "not JSON"),
        (r#"{"metadata": {"company_id": []}}"#, "metadata.company_id: expected a string, found an array"),
        (r#"{"credentials": null}"#, "credentials: expected an object"),
        (r#"{"credentials": {}}"#, "an access_token or a refresh_token"),
        (r#"{"credentials": {"access_token": 1}}"#, "credentials.access_token: expected a string"),
        (r#"{"credentials": {"acess_token": "a"}}"#, "credentials.acess_token: unknown"),
        (r#"{"credentials": {"access_token": "a", "issued_at": "today"}}"#, "credentials.issued_at"),
        (r#"{"credentials": {"access_token": "a", "expires_in": -1}}"#, "credentials.expires_in"),
    ] {
        refused(client.import("crm/hubspot", body), 400, "RequestValidationError", expected);
    }
    let deep = format!(r#"{{"metadata": {}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    refused(client.update("crm/hubspot", &deep), 400, "RequestValidationError", "not JSON");
    for operation in ["token", "validate"] {
        let path = format!("/vault/connections/hris/personio/{operation}");
        refused(client.call("POST", &path, r#"{"client_secret": "x"}"#), 400, "RequestValidationError", "{}");
    }
    let response = client.call("GET", "/vault/connections?configured=yes", "");
    refused(response, 400, "RequestValidationError", "configured");
    assert_eq!(client.get("crm/hubspot").state(), "available");
}

#[test]
fn unknown_routes_and_methods_are_refused_in_the_common_error_format() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let client = Client::new(sandbox.url());
    for path in ["/vault", "/vault/connections/crm", "/vault/connections/crm/hubspot/x", "/vault/connections/", "/x"] {
        refused(client.call("GET", path, ""), 404, "RouteNotFoundError", "/vault/connections");
    }
    for (method, path, allowed) in [
        ("PUT", "/vault/connections/crm/hubspot", "GET"),
        ("POST", "/vault/connections", "GET"),
        ("GET", "/vault/sessions", "POST"),
        ("PUT", "/vault/consumers/acme", "DELETE"),
        ("GET", "/vault/connections/crm/hubspot/migrate", "POST"),
    ] {
        let response = client.call(method, path, "{}");
        assert!(response.header("allow").contains(allowed), "{}", response.header("allow"));
        refused(response, 405, "MethodNotAllowedError", "allow");
    }
}
