//! Request texts of each operation, which the first byte selects. A text is refused and nothing is sent, or it is sent as
//! it is.
//!
//! The client uses a proxy, which is also the server, so that an input that names another host reaches only the proxy.
#![no_main]

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use apideck_vault::Status;
use apideck_vault::ffi::{
    apideck_vault_cancellation_cancel, apideck_vault_cancellation_free, apideck_vault_cancellation_new,
};
use apideck_vault_fuzz::vault::{Client, OPERATIONS};
use apideck_vault_fuzz::{Played, Request, Server, c_text, parts};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

struct Stage {
    server: Server,
    client: Client,
}

/// The cancellation of the present call. An input may ask for a year of retries; each call is cancelled after 200 ms.
static CURRENT: AtomicU64 = AtomicU64::new(0);

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        thread::spawn(|| {
            let mut last = 0;
            loop {
                thread::sleep(Duration::from_millis(200));
                let now = CURRENT.load(Ordering::Acquire);
                if now == last {
                    apideck_vault_cancellation_cancel(now);
                }
                last = now;
            }
        });
        let server = Server::start();
        let client = Client::new(&server.url(), json!({"proxy": server.url(), "retries": null}));
        Stage { server, client }
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, text)) = data.split_first() else { return };
    let Some(text) = c_text(text) else { return };
    let Stage { server, client } = stage();
    let operation = OPERATIONS[usize::from(*choice) % OPERATIONS.len()].0;
    server.play(Played { response: RESPONSE.to_vec(), close: false, ..Played::default() });

    let cancellation = apideck_vault_cancellation_new();
    CURRENT.store(cancellation, Ordering::Release);
    let reply = client.call_cancellable(operation, text, cancellation);
    apideck_vault_cancellation_free(cancellation);

    parts(&reply);
    let requests = server.requests();
    match reply.status {
        Status::Ok => {
            assert_eq!(requests.len(), 1, "{}", reply.text);
            check(operation, text, &requests[0]);
        }
        Status::InvalidArgument => assert!(requests.is_empty(), "a refused request was sent"),
        // The input names another host, which the proxy refuses, or a deadline that is too short.
        Status::Connection | Status::Timeout | Status::Cancelled => {}
        other => panic!("{other:?}: {}", reply.text),
    }
});

/// Checks that the server received what the caller wrote, and nothing else.
fn check(operation: &str, text: &str, request: &Request) {
    let given_keys: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).expect("an accepted request is JSON");
    let word =
        |key: &str| given_keys.get(key).and_then(|value| serde_json::from_str::<Option<String>>(value.get()).ok()?);
    let wanted = match operation {
        "connections.update" => given_keys["connection"].get().to_string(),
        "connections.imports" => given_keys["connection_import_data"].get().to_string(),
        "connections.token" => "{}".to_string(),
        _ => String::new(),
    };
    assert_eq!(request.body, wanted.as_bytes(), "the body is the caller's text");

    let given: Value = given_keys
        .get("http_headers")
        .map_or(Value::Null, |headers| serde_json::from_str(headers.get()).expect("an accepted request is JSON"));
    let given: BTreeMap<String, &str> = given
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().expect("header values are strings")))
        .collect();
    let own = |name: &str, value: String| (name.to_string(), value);
    let mut headers: BTreeMap<String, String> = BTreeMap::from([
        own("authorization", format!("Bearer {}", word("api_key").as_deref().unwrap_or("sk_live_marked"))),
        own("x-apideck-app-id", word("app_id").unwrap_or_else(|| "app".into())),
        own("x-apideck-consumer-id", word("consumer_id").unwrap_or_else(|| "consumer".into())),
        own("accept", "application/json".into()),
    ]);
    if !wanted.is_empty() {
        headers
            .extend([own("content-type", "application/json".into()), own("content-length", wanted.len().to_string())]);
    }
    headers.extend(given.iter().map(|(name, value)| own(name, value.to_string())));
    for (name, value) in &headers {
        assert_eq!(request.values(name), [value.as_bytes()], "{name}");
    }
    for (name, _) in &request.headers {
        let known = headers.contains_key(name) || ["host", "user-agent", "accept-encoding"].contains(&name.as_str());
        assert!(known, "{name} is not in the request");
    }

    // A server_url of the input may have a path.
    if word("server_url").is_some() {
        return;
    }
    // A request to a proxy names the server as well.
    let target = request.target.strip_prefix(&stage().server.url()).expect("the server of the client's configuration");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().expect("UTF-8").into_owned();
    match (operation, &parts[..]) {
        ("connections.list", ["", "vault", "connections"]) => {
            let pairs: BTreeMap<&str, String> =
                query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k, decoded(v))).collect();
            let configured =
                given_keys.get("configured").map(|value| value.get().to_string()).filter(|value| value != "null");
            let wanted: BTreeMap<&str, String> = [("api", word("api")), ("configured", configured)]
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
                .collect();
            assert_eq!(pairs, wanted);
        }
        (_, ["", "vault", "connections", api, service, rest @ ..]) => {
            assert_eq!((Some(decoded(api)), Some(decoded(service))), (word("unified_api"), word("service_id")));
            let suffix: &[&str] = match operation {
                "connections.imports" => &["import"],
                "connections.token" => &["token"],
                _ => &[],
            };
            assert_eq!((rest, query), (suffix, ""));
        }
        _ => panic!("{operation}: {}", request.target),
    }
}
