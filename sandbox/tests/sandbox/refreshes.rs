//! The life of access tokens: they expire, and their refreshes fail and recover.

use crate::client::{Client, sandbox};
use crate::clock::{advance, control};
use crate::program::Program;
use apideck_vault_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: i64 = 3_600_000;

/// Sets how the refreshes of a connection go, and returns the connection.
#[track_caller]
fn set(client: &Client, connection: &str, change: Value) -> Value {
    let mut body = json!({"consumer_id": "acme"});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    control(client, "POST", &format!("connections/{connection}"), &body).expect(200).json()
}

fn sign_in(client: &Client, connection: &str) {
    let path = client.page_path(connection, "authorize");
    client.send("POST", &path, "decision=approve").unwrap().expect(200);
}

/// Returns state, health, and whether the times of the last failure and of the deletion are set.
fn summary(connection: &Value) -> (String, String, bool, bool) {
    let text = |key: &str| connection[key].as_str().expect(key).to_string();
    let is_set = |key: &str| connection[key].as_i64().expect(key) > 0;
    (text("state"), text("health"), is_set("last_refresh_failed_at"), is_set("credentials_expire_at"))
}

#[track_caller]
fn assert_summary(connection: &Value, state: &str, health: &str, failed: bool, expires: bool) {
    assert_eq!(summary(connection), (state.into(), health.into(), failed, expires), "{connection}");
}

#[test]
fn a_token_is_refreshed_whenever_it_expires() {
    let (_sandbox, client) = sandbox();
    sign_in(&client, "ats/lever");
    let before = client.get("ats/lever").data();
    for _ in 0..3 {
        advance(&client, 1000.0);
        assert_eq!(client.get("ats/lever").data(), before);
    }
    assert_summary(&before, "callable", "ok", false, false);
}

#[test]
fn a_refresh_fails_when_the_token_expires_and_not_before() {
    let lifetime = Duration::from_secs(2 * 3600);
    let sandbox = Sandbox::start(Options { token_lifetime: lifetime, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    sign_in(&client, "ats/lever");
    advance(&client, 5.0);
    assert_summary(&set(&client, "ats/lever", json!({"refresh": "fail"})), "callable", "ok", false, false);
    // The token was refreshed after 4 hours, so it expires after 6.
    advance(&client, 0.99);
    assert_summary(&client.get("ats/lever").data(), "callable", "ok", false, false);
    advance(&client, 0.02);
    let failed = client.get("ats/lever").data();
    assert_summary(&failed, "callable", "pending_refresh", true, false);
    // The refresh failed when the token expired, not when the clock stopped.
    let created = failed["created_at"].as_i64().unwrap();
    let after = failed["last_refresh_failed_at"].as_i64().unwrap() - created;
    assert!((6 * HOUR..6 * HOUR + 60_000).contains(&after), "{after}");
}

#[test]
fn a_refresh_that_fails_for_a_while_is_tried_again_and_keeps_the_credentials() {
    let (_sandbox, client) = sandbox();
    sign_in(&client, "ats/lever");
    set(&client, "ats/lever", json!({"refresh": "fail"}));
    let failed_at = |connection: &Value| connection["last_refresh_failed_at"].as_i64().unwrap();
    client.validate("ats/lever").expect(200);
    let first = client.get("ats/lever").data();
    assert_summary(&first, "callable", "pending_refresh", true, false);
    // The next attempts follow after 30 seconds and after another minute.
    for (seconds, retried) in [(29, 0), (2, 30_000), (30, 30_000), (31, 90_000)] {
        advance(&client, f64::from(seconds) / 3600.0);
        let later = failed_at(&client.get("ats/lever").data()) - failed_at(&first);
        assert_eq!(later, retried, "after {seconds} more seconds");
    }
    advance(&client, 24.0 * 365.0);
    assert_summary(&client.get("ats/lever").data(), "callable", "pending_refresh", true, false);
    let recovered = set(&client, "ats/lever", json!({"refresh": "recover"}));
    assert_summary(&recovered, "callable", "ok", false, false);
    assert_eq!(client.get("ats/lever").data(), recovered);
}

#[test]
fn credentials_that_the_provider_refuses_are_deleted_after_48_hours() {
    let (_sandbox, client) = sandbox();
    sign_in(&client, "ats/lever");
    set(&client, "ats/lever", json!({"refresh": "fail_for_good"}));
    advance(&client, 1.001);
    let refused = client.get("ats/lever").data();
    assert_summary(&refused, "invalid", "pending_refresh", true, true);
    let (failed_at, expire_at) = (&refused["last_refresh_failed_at"], &refused["credentials_expire_at"]);
    assert_eq!(expire_at.as_i64().unwrap() - failed_at.as_i64().unwrap(), 48 * HOUR);
    let in_consumer = client.consumer("acme").data()["connections"][0].take();
    assert!(in_consumer["credentials_expire_at"].is_string() && in_consumer["last_refresh_failed_at"].is_string());
    assert_eq!(client.validate("ats/lever").data()["state"], "invalid");

    advance(&client, 47.9);
    let kept = client.get("ats/lever").data();
    assert_eq!((&kept["credentials_expire_at"], &kept["health"]), (expire_at, &json!("pending_refresh")));
    advance(&client, 0.2);
    let deleted = client.get("ats/lever").data();
    assert_summary(&deleted, "invalid", "needs_auth", true, false);
    assert!(client.consumer("acme").data()["connections"][0].get("credentials_expire_at").is_none());
    // There is nothing left to refresh. Signing in again repairs the connection, and its token can be refreshed.
    let recovered = set(&client, "ats/lever", json!({"refresh": "recover"}));
    assert_summary(&recovered, "invalid", "needs_auth", true, false);
    sign_in(&client, "ats/lever");
    assert_summary(&client.get("ats/lever").data(), "callable", "ok", false, false);
}

#[test]
fn a_refused_connection_recovers_and_new_credentials_are_accepted() {
    let (_sandbox, client) = sandbox();
    for repaired_by in ["recover", "sign_in", "import"] {
        sign_in(&client, "ats/lever");
        set(&client, "ats/lever", json!({"refresh": "fail_for_good"}));
        client.validate("ats/lever").expect(200);
        assert_summary(&client.get("ats/lever").data(), "invalid", "pending_refresh", true, true);
        match repaired_by {
            "recover" => _ = set(&client, "ats/lever", json!({"refresh": "recover"})),
            "sign_in" => sign_in(&client, "ats/lever"),
            _ => _ = client.import("ats/lever", r#"{"credentials": {"refresh_token": "r"}}"#).expect(200),
        }
        assert_summary(&client.get("ats/lever").data(), "callable", "ok", false, false);
        advance(&client, 100.0);
        assert_summary(&client.get("ats/lever").data(), "callable", "ok", false, false);
    }
}

#[test]
fn the_token_operation_reports_that_the_provider_issued_no_token() {
    let (_sandbox, client) = sandbox();
    client.update("hris/personio", r#"{"settings": {"client_id": "i", "client_secret": "s"}}"#).expect(200);
    client.token("hris/personio").expect(200);
    for (refresh, expires) in [("fail", false), ("fail_for_good", true)] {
        set(&client, "hris/personio", json!({"refresh": refresh}));
        let detail = client.token("hris/personio").expect(401).json()["detail"].take();
        assert_eq!(detail["type"], "refresh_token_connector_error");
        assert!(detail["message"].as_str().unwrap().starts_with("Token refresh failed"), "{detail}");
        assert!(detail["debug"]["cooldown_remaining_ms"].as_i64().unwrap() > 0, "{detail}");
        assert_eq!(detail["debug"].get("credentials_expire_at_ms").is_some(), expires, "{detail}");
    }
    set(&client, "hris/personio", json!({"refresh": "recover"}));
    assert_eq!(client.token("hris/personio").expect(200).state(), "callable");
}

#[test]
fn a_degraded_connection_stays_callable_and_recovers() {
    let (_sandbox, client) = sandbox();
    client.update("ecommerce/demo-shop", "{}").expect(200);
    let degraded = set(&client, "ecommerce/demo-shop", json!({"degraded": true}));
    assert_eq!((&degraded["state"], &degraded["health"]), (&json!("callable"), &json!("degraded")));
    assert!(degraded["last_downstream_error_at"].as_i64().unwrap() > 0);
    assert_eq!(client.consumer("acme").data()["connections"][0]["health"], "degraded");
    // A change of another kind keeps it.
    assert_eq!(client.update("ecommerce/demo-shop", r#"{"metadata": {}}"#).data()["health"], "degraded");
    let recovered = set(&client, "ecommerce/demo-shop", json!({"degraded": false}));
    assert_eq!((&recovered["health"], &recovered["last_downstream_error_at"]), (&json!("ok"), &json!(0)));
}

#[test]
fn tokens_expire_in_time_without_a_request() {
    let lifetime = Duration::from_secs(1);
    let sandbox = Sandbox::start(Options { token_lifetime: lifetime, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    sign_in(&client, "ats/lever");
    set(&client, "ats/lever", json!({"refresh": "fail"}));
    let failed = || client.get("ats/lever").data()["health"] == "pending_refresh";
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while !failed() {
        assert!(std::time::Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn an_invalid_change_is_refused_with_a_message() {
    let (_sandbox, client) = sandbox();
    client.update("ats/lever", "{}").expect(200);
    client.with("x-apideck-app-id", "two").update("ats/lever", "{}").expect(200);
    client.update("ecommerce/demo-shop", "{}").expect(200);
    for (connection, body, status, message) in [
        ("ats/lever", json!({}), 400, "missing field `consumer_id`"),
        (
            "ats/lever",
            json!({"consumer_id": "acme", "refresh": "no"}),
            400,
            "unknown variant `no`, expected one of `fail`",
        ),
        ("ats/lever", json!({"consumer_id": "acme"}), 400, "app_id: several apps have this connection: app, two"),
        ("ats/lever", json!({"consumer_id": "acme", "app_id": "three"}), 404, "has no connection to Lever"),
        ("ats/lever", json!({"consumer_id": "other"}), 404, "has no connection to Lever"),
        ("ats/nowhere", json!({"consumer_id": "acme"}), 404, "Could not find service"),
        ("ecommerce/demo-shop", json!({"consumer_id": "acme", "refresh": "fail"}), 400, "does not use OAuth 2"),
    ] {
        let refused = control(&client, "POST", &format!("connections/{connection}"), &body).expect(status).json();
        assert!(refused["message"].as_str().unwrap().contains(message), "{refused} for {body}");
    }
    let body = json!({"consumer_id": "acme", "app_id": "two", "degraded": true});
    control(&client, "POST", "connections/ats/lever", &body).expect(200);
    assert_eq!(client.get("ats/lever").data()["last_downstream_error_at"], 0);
}

#[test]
fn failures_and_degradation_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    sign_in(&client, "ats/lever");
    sign_in(&client, "crm/hubspot");
    set(&client, "ats/lever", json!({"refresh": "fail_for_good"}));
    set(&client, "crm/hubspot", json!({"refresh": "fail", "degraded": true}));
    advance(&client, 1.1);
    let before = [client.get("ats/lever").data(), client.get("crm/hubspot").data()];
    assert_summary(&before[0], "invalid", "pending_refresh", true, true);
    assert_summary(&before[1], "callable", "pending_refresh", true, false);
    program.signal("-KILL");
    program.wait();

    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    for (kept, path) in before.iter().zip(["ats/lever", "crm/hubspot"]) {
        let after = client.get(path).data();
        for key in ["state", "health", "credentials_expire_at", "last_downstream_error_at"] {
            assert_eq!(kept[key], after[key], "{key} of {path}");
        }
    }
    advance(&client, 48.0);
    assert_summary(&client.get("ats/lever").data(), "invalid", "needs_auth", true, false);
    assert_summary(&set(&client, "crm/hubspot", json!({"refresh": "recover"})), "callable", "degraded", false, false);
}

#[test]
fn deleted_credentials_leave_nothing_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("vault.db"));
    let sandbox = Sandbox::start(Options { database, ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    let body = json!({"credentials": {"access_token": "a-s3cret-token", "refresh_token": "a-s3cret-token"}});
    client.import("ats/lever", &body.to_string()).expect(200);
    set(&client, "ats/lever", json!({"refresh": "fail_for_good"}));
    let holds = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.into_iter().any(|file| file.windows(14).any(|window| window == b"a-s3cret-token"))
    };
    advance(&client, 2.0);
    assert!(holds());
    advance(&client, 48.0);
    assert!(!holds());
}
