//! The health of a connection: every row of `tests/health/connections.json` through the core, and promises about any JSON
//! object. `tests/c/health.c`, `test_health.py` and `health_test.go` run the same rows.

mod support;

use std::collections::BTreeSet;

use apideck_vault::{HealthAction, HealthReport, Status};
use apideck_vault_generate::Description;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use support::root;
use support::vault::connection_health;

/// A row of the table.
#[derive(Deserialize)]
struct Row {
    name: String,
    connection: Value,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    action: String,
    reason: String,
    until: Option<i64>,
    authorize_url: Option<String>,
    #[serde(default)]
    missing_settings: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("tests/health/connections.json")).expect("the table can be read");
    serde_json::from_str(&text).expect("the table is JSON")
}

fn description() -> Description {
    Description::read(&root().join("api")).expect("the description can be read")
}

fn values(description: &Description, name: &str) -> Vec<String> {
    let found = description.enums.iter().find(|item| item.name == name).expect("the enum is described");
    found.values.keys().cloned().collect()
}

#[test]
fn every_row_of_the_table_has_the_expected_report() {
    for row in rows() {
        let report = HealthReport::of(&row.connection.to_string()).expect("a row is an object");
        let expected = &row.expected;
        let found = (report.action.name(), report.until, &report.authorize_url, &report.missing_settings);
        let wanted = (expected.action.as_str(), expected.until, &expected.authorize_url, &expected.missing_settings);
        assert_eq!(found, wanted, "{}", row.name);
        assert!(report.reason.contains(&expected.reason), "{}: {}", row.name, report.reason);
        let reply = connection_health(&row.connection.to_string());
        assert_eq!((reply.status, reply.text), (Status::Ok, report.json()), "{}", row.name);
    }
}

#[test]
fn the_table_has_every_action_state_and_health_and_no_name_twice() {
    let (rows, description) = (rows(), description());
    assert!(rows.len() >= 40, "{} rows", rows.len());
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), rows.len());
    for action in values(&description, "HealthAction") {
        assert!(rows.iter().any(|row| row.expected.action == action), "no row expects {action}");
    }
    for (member, name) in
        [("state", "ConnectionState"), ("health", "ConnectionHealth"), ("integration_state", "IntegrationState")]
    {
        for value in values(&description, name) {
            assert!(rows.iter().any(|row| row.connection[member] == value.as_str()), "no row has the {member} {value}");
        }
    }
}

#[test]
fn no_described_value_is_unknown_to_the_report() {
    let description = description();
    for state in values(&description, "ConnectionState") {
        for health in values(&description, "ConnectionHealth") {
            for integration_state in values(&description, "IntegrationState") {
                let connection = json!({"state": state, "health": health, "integration_state": integration_state});
                let report = HealthReport::of(&connection.to_string()).expect("an object");
                assert!(!report.reason.contains("does not know"), "{connection}: {}", report.reason);
            }
        }
    }
}

#[test]
fn text_that_is_no_object_is_refused_with_its_place() {
    for (text, message) in [
        ("", "connection: is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\"state\":", "connection: is not JSON: EOF while parsing a value at line 1 column 9"),
        ("{} {}", "connection: is not JSON: trailing characters at line 1 column 4"),
        ("[]", "connection: expected an object, found an array"),
        ("\"callable\"", "connection: expected an object, found a string"),
        ("null", "connection: expected an object, found null"),
    ] {
        let failure = HealthReport::of(text).expect_err("it is refused");
        assert_eq!((failure.status, failure.message.as_str()), (Status::InvalidArgument, message), "{text}");
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(128), "]".repeat(128));
    let failure = HealthReport::of(&deep).expect_err("it is refused");
    assert_eq!(failure.message, "connection: is nested deeper than 128 levels at byte 132");
}

#[test]
fn the_times_of_an_event_are_text_and_those_of_a_response_are_numbers() {
    let report = |deleted: Value, failed: Value| {
        let connection = json!({"state": "callable", "health": "pending_refresh", "auth_type": "oauth2",
            "credentials_expire_at": deleted, "last_refresh_failed_at": failed});
        HealthReport::of(&connection.to_string()).expect("an object")
    };
    let (deleted, failed) = (json!(1_730_172_800_000_i64), json!(1_730_000_000_000_i64));
    let of_response = report(deleted, failed);
    assert_eq!(of_response.until, Some(1_730_172_800_000));
    assert_eq!(report(json!("2024-10-29T03:33:20.000Z"), json!("2024-10-27T03:33:20Z")), of_response);
    assert_eq!(report(json!(null), json!("2024-10-27T03:33:20Z")).until, Some(1_730_172_800_000));
}

#[test]
fn a_form_field_can_hold_the_value_itself_and_the_last_of_two_members_counts() {
    let report = HealthReport::of(
        r#"{"state":"callable","health":"ok","state":"added","health":null,"auth_type":"apiKey","form_fields":[
            {"id":"a","required":true,"value":"k"},{"id":"b","required":true,"value":""},{"id":"\ud800","required":true},
            {"required":true},"b",null],"settings":{"a":null}}"#,
    )
    .expect("an object");
    assert_eq!(report.missing_settings, ["b", "\u{fffd}"]);
    assert_eq!(report.reason, "The connection is not authorized yet. First, the settings b and 1 other have no value.");
}

/// Returns values that a member of a connection may have: usual, odd, and of every type.
fn member(usual: Vec<Value>) -> impl Strategy<Value = Value> {
    let odd =
        vec![json!(null), json!(true), json!(-1.5), json!(1e300), json!("s3cret-value"), json!([1]), json!({"a": 1})];
    prop_oneof![4 => select(usual), 1 => select(odd)]
}

/// Returns times, and text that is nearly one.
fn time(usual: Vec<Value>) -> impl Strategy<Value = Value> {
    prop_oneof![3 => member(usual), 1 => "2024-10-29[T ][0-9:.Z+é-]{0,16}".prop_map(Value::from)]
}

fn connection() -> impl Strategy<Value = Map<String, Value>> {
    let text = |words: &[&str]| words.iter().map(|word| json!(word)).collect::<Vec<_>>();
    let times =
        vec![json!(0), json!(1_730_000_000_000_i64), json!(1_730_172_800_000_i64), json!("2024-10-29T03:33:20Z")];
    let setting =
        || member(vec![json!(""), json!("s3cret-value"), json!(["s3cret-value"]), json!({"k": "s3cret-value"})]);
    let fields = (select(vec!["api_key", "region"]), any::<bool>(), setting()).prop_map(
        |(id, required, value)| json!({"id": id, "required": required, "value": value, "label": "s3cret-value"}),
    );
    let members = (
        member(text(&["available", "added", "authorized", "callable", "invalid", "paused"])),
        member(text(&[
            "ok",
            "pending_refresh",
            "needs_auth",
            "pending_confirmation",
            "needs_consent",
            "revoked",
            "missing_settings",
            "degraded",
            "quarantined",
        ])),
        member(text(&["disabled", "needs_configuration", "configured", "suspended"])),
        member(vec![json!(true), json!(false)]),
        member(text(&["oauth2", "apiKey", "basic", "custom", "none", "passkey"])),
        member(text(&["authorization_code", "client_credentials", "password", "device_code"])),
        member(text(&["https://unify.apideck.com/authorize", ""])),
        prop_oneof![proptest::collection::vec(fields, 0..3).prop_map(Value::from), member(vec![json!([])])],
        proptest::collection::btree_map("api_key|region|other", setting(), 0..3),
        prop_oneof![select(vec![json!(["api_key"]), json!(["api_key", "region"]), json!([])]), member(vec![json!([])])],
        (time(times.clone()), time(times)),
    );
    let names = [
        "state",
        "health",
        "integration_state",
        "enabled",
        "auth_type",
        "oauth_grant_type",
        "authorize_url",
        "form_fields",
        "settings",
        "settings_required_for_authorization",
        "credentials_expire_at",
        "last_refresh_failed_at",
    ];
    (members, proptest::collection::vec(any::<bool>(), names.len())).prop_map(move |(values, present)| {
        let (a, b, c, d, e, f, g, h, settings, i, (j, k)) = values;
        let values = [a, b, c, d, e, f, g, h, Value::Object(settings.into_iter().collect()), i, j, k];
        let members = names.iter().zip(values).zip(present);
        members.filter(|(_, present)| *present).map(|((name, value), _)| (name.to_string(), value)).collect()
    })
}

/// Returns whether the documentation lets a connection need nothing.
fn may_need_nothing(connection: &Map<String, Value>) -> bool {
    let is_one_of = |name: &str, values: &[Value]| connection.get(name).is_none_or(|value| values.contains(value));
    let known_state = is_one_of(
        "integration_state",
        &[json!(null), json!("disabled"), json!("needs_configuration"), json!("configured")],
    );
    let no_deletion = is_one_of("credentials_expire_at", &[json!(null), json!(0)]);
    let known_switch = is_one_of("enabled", &[json!(null), json!(true), json!(false)]);
    let by_state = match connection.get("state").and_then(Value::as_str) {
        Some("callable") => {
            is_one_of("health", &[json!(null), json!("ok")])
                && connection.get("enabled") != Some(&json!(false))
                && connection.get("integration_state") != Some(&json!("disabled"))
        }
        Some("available") => is_one_of(
            "health",
            &[json!(null), json!("ok"), json!("needs_auth"), json!("missing_settings"), json!("needs_consent")],
        ),
        _ => false,
    };
    by_state && known_state && no_deletion && known_switch
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_documented_connections_need_nothing_and_no_report_has_a_secret(connection in connection()) {
        let text = Value::Object(connection.clone()).to_string();
        let report = HealthReport::of(&text).expect("an object");
        if report.action == HealthAction::None {
            prop_assert!(may_need_nothing(&connection), "{text}");
            let rest = (report.until, report.authorize_url.as_deref(), report.missing_settings.as_slice());
            prop_assert_eq!(rest, (None, None, &[][..]), "{}", text);
        }
        prop_assert!(!report.reason.is_empty() && report.reason.ends_with('.'), "{text}: {}", report.reason);
        let without_ids: Vec<&String> = report.missing_settings.iter().filter(|id| *id != "s3cret-value").collect();
        // An enum of the response is no secret, so the report may name a value of it that is unknown.
        let is_of_enum = ["state", "health", "integration_state", "enabled", "credentials_expire_at", "last_refresh_failed_at"]
            .iter()
            .any(|name| connection.get(*name) == Some(&json!("s3cret-value")));
        let is_url = report.authorize_url.as_deref() == Some("s3cret-value");
        prop_assert!(is_of_enum || is_url || !report.json().contains("s3cret"), "{text}: {}", report.json());
        prop_assert!(without_ids.iter().all(|id| ["api_key", "region"].contains(&id.as_str())), "{text}");
        let read: Value = serde_json::from_str(&report.json()).expect("a report is JSON");
        prop_assert_eq!(read["action"].as_str(), Some(report.action.name()));
    }

    #[test]
    fn any_text_is_a_report_or_is_refused(text in "\\PC*|[{}\\[\\]\",:a-z0-9 \\\\]*") {
        if let Err(failure) = HealthReport::of(&text) {
            prop_assert_eq!(failure.status, Status::InvalidArgument);
            prop_assert!(failure.message.starts_with("connection: "), "{}", failure.message);
        }
    }
}
