//! The health of a connection, for any text. A JSON object has a report, and every other text is refused. `none` needs a
//! documented state, and it comes without anything to do.
#![no_main]

use apideck_vault::Status;
use apideck_vault_fuzz::c_text;
use apideck_vault_fuzz::vault::connection_health;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const ACTIONS: [&str; 7] =
    ["none", "wait", "reauthorize", "fill_settings", "enable", "import_credentials", "exchange_token"];

fuzz_target!(|data: &[u8]| {
    let Some(text) = c_text(data) else { return };
    let reply = connection_health(text);
    assert_eq!(reply.text, connection_health(text).text, "the report depends on the text alone");
    let connection = serde_json::from_str::<Value>(text);
    if reply.status != Status::Ok {
        assert_eq!(reply.status, Status::InvalidArgument);
        assert!(!connection.is_ok_and(|value| value.is_object()), "{text}: {}", reply.text);
        assert!(reply.message().starts_with("connection: "), "{}", reply.text);
        return;
    }
    let report = reply.json();
    assert_eq!(report.as_object().map(serde_json::Map::len), Some(5), "{}", reply.text);
    assert!(ACTIONS.contains(&report["action"].as_str().expect("an action")), "{}", reply.text);
    assert!(report["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{}", reply.text);
    if report["action"] == "none" {
        assert!(report["until"].is_null() && report["authorize_url"].is_null(), "{}", reply.text);
        assert_eq!(report["missing_settings"], Value::Array(Vec::new()), "{}", reply.text);
        // serde_json refuses numbers beyond a double and half of a surrogate pair, which a connection may have elsewhere.
        if let Ok(connection) = connection {
            let is = |name: &str, values: &[&str]| connection[name].as_str().is_some_and(|word| values.contains(&word));
            let is_null_or = |name: &str, values: &[&str]| connection[name].is_null() || is(name, values);
            let is_working = is("state", &["callable"]) && is_null_or("health", &["ok"]);
            let is_available = is("state", &["available"])
                && is_null_or("health", &["ok", "needs_auth", "needs_consent", "missing_settings"]);
            assert!(is_working || is_available, "{text}: {}", reply.text);
        }
    }
});
