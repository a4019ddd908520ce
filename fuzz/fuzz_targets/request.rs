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
use apideck_vault_fuzz::vault::Client;
use apideck_vault_fuzz::{Operation, Played, Request, Server, c_text, operations, parts};
use indexmap::IndexMap;
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
    let operation = &operations()[usize::from(*choice) % operations().len()];
    server.play(Played { response: RESPONSE.to_vec(), close: false, ..Played::default() });

    let cancellation = apideck_vault_cancellation_new();
    CURRENT.store(cancellation, Ordering::Release);
    let reply = client.call_cancellable(&operation.name(), text, cancellation);
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
fn check(operation: &Operation, text: &str, request: &Request) {
    let given_keys: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).expect("an accepted request is JSON");
    let word =
        |key: &str| given_keys.get(key).and_then(|value| serde_json::from_str::<Option<String>>(value.get()).ok()?);
    let (method, path) = operation.http.split_once(' ').expect("a method and a path");
    let in_body = operation.parameters.iter().find(|parameter| parameter.r#in == "body");
    let wanted = in_body.and_then(|parameter| given_keys.get(&parameter.name)).map(|value| value.get());
    // A POST without a body sends the empty object.
    let empty = if method == "POST" { "{}" } else { "" };
    let wanted = wanted.filter(|text| *text != "null").unwrap_or(empty);
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
        own("accept", "application/json".into()),
    ]);
    if operation.consumer != "none" {
        headers.extend([own("x-apideck-consumer-id", word("consumer_id").unwrap_or_else(|| "consumer".into()))]);
    }
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
    let (target, query) = target.split_once('?').unwrap_or((target, ""));
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().expect("UTF-8").into_owned();
    let segments: Vec<String> = target.split('/').map(decoded).collect();
    let wanted: Vec<String> = path
        .split('/')
        .map(|segment| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => word(name).expect("a path parameter is required"),
            None => segment.to_string(),
        })
        .collect();
    assert_eq!((&*request.method, segments), (method, wanted));

    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').expect("a name and a value"))
        .map(|(k, v)| (decoded(k), decoded(v)))
        .collect();
    let mut wanted = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.r#in == "query") {
        let Some(value) = given_keys.get(&parameter.name) else { continue };
        match serde_json::from_str::<IndexMap<String, Box<RawValue>>>(value.get()) {
            Ok(members) => {
                let members = members.iter().map(|(key, value)| (format!("{}[{key}]", parameter.name), value));
                wanted.extend(members.filter_map(|(key, value)| Some((key, in_query(value)?))));
            }
            Err(_) => wanted.extend(in_query(value).map(|text| (parameter.name.clone(), text))),
        }
    }
    assert_eq!(pairs, wanted);
}

/// Returns a value as a query has it, or `None` for `null`.
fn in_query(value: &RawValue) -> Option<String> {
    match serde_json::from_str(value.get()).expect("a value of a query is shallow") {
        Value::Null => None,
        Value::String(text) => Some(text),
        _ => Some(value.get().to_string()),
    }
}
