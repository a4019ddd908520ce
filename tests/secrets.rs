//! No secret leaves the library. The tests put marked values into every field that may contain a secret, make calls
//! that end in every way, and search for the marks in messages, events, debug prints and the memory of the process.
//!
//! `body` and `http.headers` are not searched, because they are the bytes that the server sent.

mod support;

use std::ffi::{CStr, c_char, c_void};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use apideck_vault::ffi::apideck_vault_client_set_event_callback;
use apideck_vault::{Client as RustClient, Operation, Status};
use apideck_vault_scenarios::{Row, ScenarioServer, table};
use serde_json::{Value, json};
use support::c;
use support::server::{After, Server, respond};
use support::vault::{Client, Reply};

/// A part of every marked value.
const MARK: &str = "s3cr3t";

fn marked(name: &str) -> String {
    format!("{name}-{MARK}-0123456789")
}

fn secret_config(url: &str) -> Value {
    json!({"api_key": marked("key"), "app_id": "app", "consumer_id": "consumer", "server_url": url, "proxy": null,
        "http_headers": {"x-token": marked("header")}})
}

/// Returns a request of the operation with a marked value in every field that may contain a secret.
fn secret_request(operation: &str) -> Value {
    let mut request = json!({"api_key": marked("own-key"), "http_headers": {"x-own-secret": marked("own-header")}});
    let (group, method) = operation.split_once('.').expect("a group and a method");
    match (group, method) {
        ("connections" | "consumers", "list") | ("sessions" | "consumers", "create") => {}
        ("consumers", _) => request["consumer_id"] = json!("acme"),
        _ => {
            request["service_id"] = json!("pipedrive");
            request["unified_api"] = json!("crm");
        }
    }
    if group == "connection_settings" {
        request["resource"] = json!("leads");
    }
    let settings = json!({"password": marked("password"), "pin": 987_654_321, "list": [{"deep": marked("deep")}]});
    match operation {
        "connections.update" | "connection_settings.update" => request["connection"] = json!({"settings": settings}),
        "connections.migrate" => {
            request["connection_migrate_data"] = json!({"target_service_id": "hubspot", "secret": marked("migrate")});
        }
        "sessions.create" => {
            let (custom, token) = (json!({"api_token": marked("custom")}), marked("session"));
            request["session"] = json!({"custom_consumer_settings": custom, "session_token": token});
        }
        "consumers.create" | "consumers.update" => {
            request["consumer"] = json!({"consumer_id": "acme", "metadata": {"password": marked("metadata")}});
        }
        "connections.imports" => {
            let credentials = json!({"access_token": marked("access"), "refresh_token": marked("refresh")});
            request["connection_import_data"] = json!({"credentials": credentials, "settings": settings});
        }
        _ => {}
    }
    request
}

fn assert_unmarked(what: &str, text: &str) {
    for mark in [MARK, "987654321", "czNjcjN0"] {
        assert!(!text.contains(mark), "{what}: {mark} is in {text}");
    }
}

/// Checks the library's own text in a reply: everything except the server's bytes and the URL, which contains ids and
/// filters.
fn assert_reveals_nothing(what: &str, reply: &Reply) {
    let parts: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(&reply.text).expect("a reply is an object");
    for (name, part) in &parts {
        if name == "body" {
            continue;
        }
        let mut part: Value = serde_json::from_str(part.get()).expect("a part of a reply is JSON");
        if name == "http" {
            part["url"].take();
        }
        assert_unmarked(what, &part.to_string());
    }
}

unsafe extern "C" fn record_event(event: *const c_char, events: *mut c_void) {
    // SAFETY: the callback is set below, with a list that outlives the client, and is called with a text.
    let (events, event) = unsafe { (&*events.cast::<Mutex<Vec<String>>>(), CStr::from_ptr(event)) };
    events.lock().expect("not poisoned").push(event.to_string_lossy().into_owned());
}

fn record_events(client: &Client, events: &Mutex<Vec<String>>) {
    let events: *const Mutex<Vec<String>> = events;
    // SAFETY: `record_event` expects a list of events, and the caller keeps this one until the client is freed.
    let set =
        unsafe { apideck_vault_client_set_event_callback(client.0, Some(record_event), events.cast_mut().cast()) };
    assert_eq!(set, 0);
}

#[test]
fn no_scenario_makes_the_library_reveal_a_secret() {
    let server = ScenarioServer::start().expect("a scenario server");
    let rows: Vec<Row> = table();
    let events = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for part in rows.chunks(rows.len().div_ceil(8)) {
            let (server, events) = (&server, &events);
            scope.spawn(move || part.iter().for_each(|row| play(row, server, events)));
        }
    });
    let events = events.into_inner().expect("not poisoned");
    assert!(events.len() > rows.len());
    events.iter().for_each(|event| assert_unmarked("event", event));
}

fn play(row: &Row, server: &ScenarioServer, events: &Mutex<Vec<String>>) {
    let mut config = secret_config(&format!("{}/s/{}/secrets", server.url(), row.name));
    for (key, value) in row.config.as_object().into_iter().flatten() {
        config[key] = value.clone();
    }
    let client = Client::from_text(&config.to_string()).unwrap_or_else(|error| panic!("{error}"));
    record_events(&client, events);
    let mut request = secret_request(&row.operation);
    if row.request.get("timeout_ms").is_some() {
        request["timeout_ms"] = row.request["timeout_ms"].clone();
    }
    for _ in 0..row.calls {
        assert_reveals_nothing(&row.name, &client.call(&row.operation, &request));
    }
}

/// The server repeats the whole request: in its message and its detail, as text and as JSON, in a quoted header, and at
/// the place where the limit of a message cuts it.
#[test]
fn a_message_has_no_secret_that_the_server_repeats() {
    let server = Server::start(|request, stream| {
        let repeated = request.head.join(" | ") + " " + &String::from_utf8_lossy(&request.body);
        let way = request.header("x-way").unwrap_or_default();
        let body = match way {
            "message" => json!({"message": repeated, "type_name": repeated, "detail": repeated}),
            "detail" => json!({"message": "m", "detail": {"sent": serde_json::from_slice::<Value>(&request.body).ok(),
                "head": request.head}}),
            // The limit of a message is somewhere within the repeated text.
            _ => json!({"message": format!("{}{}", "x".repeat(way.parse().expect("a number")), repeated)}),
        };
        let location =
            format!("location: http://127.0.0.1:1/{}\r\n", request.header("x-own-secret").unwrap_or_default());
        let status = if way == "detail" { "307 Temporary Redirect" } else { "400 Bad Request" };
        respond(stream, status, &location, body.to_string().as_bytes())
    });
    let events = Mutex::new(Vec::new());
    let client = Client::from_text(&secret_config(&server.url()).to_string()).unwrap_or_else(|error| panic!("{error}"));
    record_events(&client, &events);
    for operation in Operation::ALL.iter().map(|operation| operation.name) {
        let lengths = (3_000..4_090).step_by(7).map(|length| length.to_string());
        for way in ["message", "detail"].map(str::to_string).into_iter().chain(lengths) {
            let mut request = secret_request(operation);
            request["http_headers"]["x-way"] = json!(way);
            let reply = client.call(operation, &request);
            let message = reply.message();
            let given = ["own-key-", "header-s", "password-", "access-", "refresh-", "deep-s", "migrate-s", "custom-s"];
            for part in given.into_iter().chain(["s3cr3", "session-s", "metadata-s"]) {
                assert!(!message.contains(part), "{operation}, {way}: {part} is in {message}");
            }
        }
    }
    drop(client);
    events.into_inner().expect("not poisoned").iter().for_each(|event| assert_unmarked("event", event));
}

/// A proxy responds instead of the server, and repeats its credentials.
#[test]
fn a_message_has_no_credentials_that_a_proxy_repeats() {
    let proxy = Server::start(|request, stream| {
        let sent = request.header("proxy-authorization").unwrap_or_default().to_string();
        let body = json!({"message": format!("no {sent} here"), "detail": marked("proxy")});
        respond(stream, "403 Forbidden", "", body.to_string().as_bytes())
    });
    let mut config = secret_config("http://vault.example");
    config["allow_insecure_http"] = json!(true);
    config["proxy"] = json!(proxy.url().replace("http://", &format!("http://user:{}@", marked("proxy"))));
    let client = Client::from_text(&config.to_string()).unwrap_or_else(|error| panic!("{error}"));
    let message = client.call("connections.list", "{}").message();
    assert!(message.contains("no [redacted] here"), "{message}");
    assert_unmarked("message", &message);
}

/// JSON escapes some characters of the setting.
#[test]
fn a_secret_is_recognized_in_its_json_spelling() {
    let server = Server::start(|request, stream| {
        let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
        respond(stream, "422 Unprocessable", "", json!({"message": "m", "detail": sent}).to_string().as_bytes())
    });
    let client = Client::from_text(&secret_config(&server.url()).to_string()).unwrap_or_else(|error| panic!("{error}"));
    let password = format!("pa\"ss\\{MARK}\n\u{1}");
    let request = json!({"service_id": "a", "unified_api": "b", "connection": {"settings": {"p": password}}});
    assert_unmarked("message", &client.call("connections.update", &request).message());
}

#[test]
fn a_refused_request_or_configuration_repeats_no_value() {
    let server = Server::with_body("{}");
    let client = Client::from_text(&secret_config(&server.url()).to_string()).unwrap_or_else(|error| panic!("{error}"));
    let value = marked("value");
    let wrong = [json!(value), json!([value]), json!({"a": value}), json!(format!("{value}\n")), json!(987_654_321)];
    let fields = [
        "/api",
        "/configured",
        "/service_id",
        "/unified_api",
        "/api_key",
        "/consumer_id",
        "/app_id",
        "/server_url",
        "/timeout_ms",
        "/retries",
        "/http_headers",
        "/connection",
        "/connection/enabled",
        "/connection/settings",
        "/connection/metadata",
        "/connection/configuration",
        "/connection/custom_mappings",
        "/connection_import_data",
        "/connection_import_data/credentials",
        "/connection_import_data/credentials/access_token",
        "/connection_import_data/credentials/refresh_token",
        "/connection_import_data/credentials/expires_in",
        "/connection_import_data/credentials/issued_at",
        "/connection_import_data/settings",
    ];
    for operation in Operation::ALL.iter().map(|operation| operation.name) {
        for field in fields {
            for value in &wrong {
                let mut request = secret_request(operation);
                put(&mut request, field, value.clone());
                assert_reveals_nothing(field, &client.call(operation, &request));
                // The same as a text that is not JSON, cut at several places.
                let text = request.to_string();
                for cut in [1, 2, 20] {
                    let cut = (0..=text.len() - cut).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
                    assert_reveals_nothing(field, &client.call(operation, &text[..cut]));
                }
            }
        }
    }
    for key in [
        "api_key",
        "app_id",
        "consumer_id",
        "server_url",
        "timeout_ms",
        "connect_timeout_ms",
        "retries",
        "http_headers",
        "user_agent",
        "proxy",
        "ca_file",
        "max_response_bytes",
        "max_idle_connections",
        "max_connection_age_ms",
        "allow_insecure_http",
    ] {
        let urls = [
            format!("https://user:{value}@vault.example"),
            format!("http://user:{value}@proxy.example:99999"),
            format!("socks5://user:{value}@proxy.example"),
            format!("https://vault.example/?{value}"),
            format!("ftp://{value}"),
        ];
        for value in wrong.iter().cloned().chain(urls.map(Value::from)) {
            let mut config = secret_config(&server.url());
            config[key] = value;
            if let Err(error) = Client::from_text(&config.to_string()) {
                assert_unmarked(key, &error);
            }
        }
    }
}

/// Sets the member at `path`. Makes the objects on the way that are missing.
fn put(value: &mut Value, path: &str, new: Value) {
    let mut at = value;
    for key in path.split('/').skip(1) {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[key];
    }
    *at = new;
}

#[test]
fn neither_tls_nor_a_proxy_that_fails_makes_the_library_reveal_a_secret() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = silent.local_addr().expect("it is bound").port();
    thread::spawn(move || silent.incoming().flatten().for_each(drop));
    let refuses = Server::start(|_, stream| respond(stream, "407 Proxy Authentication Required", "", b"no"));
    let proxy = refuses.url().replace("http://", &format!("http://user:{}@", marked("proxy")));
    let gone = format!("http://user:{}@127.0.0.1:1", marked("proxy"));
    let events = Mutex::new(Vec::new());
    for (url, proxy) in [
        (format!("https://127.0.0.1:{port}"), json!(null)),
        ("https://vault.invalid".to_string(), json!(proxy)),
        ("https://vault.invalid".to_string(), json!(gone)),
        ("http://127.0.0.1:1".to_string(), json!(null)),
    ] {
        let mut config = secret_config(&url);
        config["proxy"] = proxy;
        config["retries"] = json!({"max_attempts": 2, "backoff": {"initial_interval": 1}});
        let client = Client::from_text(&config.to_string()).unwrap_or_else(|error| panic!("{error}"));
        record_events(&client, &events);
        for operation in Operation::ALL.iter().map(|operation| operation.name) {
            let reply = client.call(operation, secret_request(operation));
            assert_eq!(reply.status, Status::Connection, "{}", reply.text);
            assert_unmarked(&url, &reply.text);
        }
    }
    let events = events.into_inner().expect("not poisoned");
    assert!(!events.is_empty());
    events.iter().for_each(|event| assert_unmarked("event", event));
}

#[test]
fn debug_prints_of_public_types_contain_no_secret() {
    let server = Server::start(|_, stream| respond(stream, "401 Unauthorized", "", b"{}"));
    let config = secret_config(&server.url()).to_string();
    let client = RustClient::new(&config).unwrap_or_else(|failure| panic!("{}", failure.message));
    for operation in Operation::ALL {
        let reply = client.call(operation, &secret_request(operation.name).to_string(), None);
        assert_unmarked("Debug", &format!("{operation:?} {:?}", reply.status));
    }
    let failure = RustClient::new(&config.replace("\"app\"", "7")).err().expect("refused");
    assert_unmarked("Debug", &format!("{failure:?}"));
}

#[test]
fn the_key_is_not_in_memory_after_its_client_is_freed() {
    let ok = Server::with_body(r#"{"data":{}}"#);
    let error = Server::start(|_, stream| respond(stream, "422 Unprocessable", "", br#"{"message":"no"}"#));
    let reset = Server::start(|_, _| Ok(After::Close));
    let hung = Server::start(|_, stream| {
        let _ = std::io::copy(stream, &mut std::io::sink());
        Ok(After::Close)
    });
    let program = c::program("tests/c/wiped.c");
    let urls = [ok.url(), error.url(), reset.url(), hung.url()];
    println!("{}", c::run(Command::new(program).args(urls)));
}
