//! The program: how it starts and stops, and what its database keeps.

use crate::client::Client;
use crate::clock::{advance, control};
use crate::program::{Program, command, run_to_end};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn changes_that_a_response_reported_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let mut links = String::new();
    for round in 0..3 {
        let program = Program::with_database(&file);
        let client = Client::new(&program.url);
        if round > 0 {
            let kept = client.get("crm/pipedrive").data();
            assert_eq!(kept["metadata"], json!({"round": round - 1}));
            assert_eq!((&kept["state"], &kept["settings"]["api_key"]), (&json!("callable"), &json!("k")));
            assert_eq!(client.get("crm/hubspot").state(), "available");
            let link = client.page_path("crm/pipedrive", "authorize");
            assert_eq!(link, links);
            client.send("GET", &link, "").unwrap().expect(200);
        }
        let settings = r#"{"settings": {"instance_url": "https://a.example", "api_key": "k"}}"#;
        client.update("crm/pipedrive", settings).expect(200);
        client.token("crm/pipedrive").expect(200);
        client.import("crm/hubspot", r#"{"credentials": {"access_token": "a"}}"#).expect(200);
        client.delete("crm/hubspot").expect(204);
        client.update("crm/pipedrive", &json!({"metadata": {"round": round}}).to_string()).expect(200);
        links = client.page_path("crm/pipedrive", "authorize");
        program.signal("-KILL");
        assert!(!program.wait().0.success());
    }
}

#[test]
fn consumers_sessions_and_migrations_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    client
        .call("POST", "/vault/consumers", r#"{"consumer_id": "made", "metadata": {"email": "a@b.example"}}"#)
        .expect(200);
    client.import("accounting/quickbooks", r#"{"credentials": {"access_token": "a"}}"#).expect(200);
    client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200);
    let value = r#"{"configuration": [{"defaults": [{"id": "ProductInterest", "value": "GC6000 series"}]}]}"#;
    client.update_config("crm/pipedrive/leads", value).expect(200);
    client.validate("accounting/intuit-enterprise-suite").expect(200);
    let session = client.session(r#"{"settings": {"unified_apis": ["ats"]}}"#);
    let consumers = client.call("GET", "/vault/consumers", "").expect(200).json()["data"].take();
    assert_eq!(consumers[0]["aggregated_request_count"], 5);
    let configured = client.config("crm/pipedrive/leads").data()["configuration"].take();
    client.with("x-apideck-consumer-id", "last").update("crm/hubspot", "{}").expect(200);
    program.signal("-KILL");
    assert!(!program.wait().0.success());

    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    let kept = client.call("GET", "/vault/consumers", "").expect(200).json()["data"].take();
    // Everything that a response reported is kept. This includes the consumer of a reported connection.
    let ids: Vec<_> = kept.as_array().unwrap().iter().map(|consumer| &consumer["consumer_id"]).collect();
    assert_eq!(ids, ["acme", "last", "made"]);
    assert_eq!((&kept[0], &kept[2]), (&consumers[0], &consumers[1]));
    assert_eq!(client.config("crm/pipedrive/leads").data()["configuration"], configured);
    // The migration is kept, so the same request still succeeds.
    client.migrate("accounting/quickbooks", "intuit-enterprise-suite").expect(200);
    let page = client.send("GET", &session, "").unwrap().expect(200).text;
    assert!(page.contains("Lever") && !page.contains("HubSpot"));
    // A graceful stop also keeps the counts that no response has reported yet.
    let before = client.consumer("acme").data()["aggregated_request_count"].as_i64().unwrap();
    client.get("crm/hubspot").expect(200);
    program.signal("-TERM");
    assert!(program.wait().0.success());
    let program = Program::with_database(&file);
    let after = Client::new(&program.url).consumer("acme").data()["aggregated_request_count"].as_i64().unwrap();
    assert_eq!(after, before + 1);
}

#[test]
fn a_file_of_the_first_schema_version_is_upgraded_with_its_connections() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let old = rusqlite::Connection::open(&file).unwrap();
    old.execute_batch(
        "CREATE TABLE connections (
           app TEXT NOT NULL, consumer TEXT NOT NULL, unified_api TEXT NOT NULL, service_id TEXT NOT NULL,
           enabled INTEGER NOT NULL, settings TEXT NOT NULL, metadata TEXT, configuration TEXT NOT NULL,
           custom_mappings TEXT NOT NULL, credentials TEXT, refusal TEXT, was_callable INTEGER NOT NULL,
           created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
           PRIMARY KEY (app, consumer, unified_api, service_id)
         ) WITHOUT ROWID;
         CREATE TABLE links (
           state TEXT NOT NULL PRIMARY KEY,
           app TEXT NOT NULL, consumer TEXT NOT NULL, unified_api TEXT NOT NULL, service_id TEXT NOT NULL,
           UNIQUE (app, consumer, unified_api, service_id)
         ) WITHOUT ROWID;
         INSERT INTO connections VALUES ('app', 'acme', 'ats', 'lever', 1, '{}', '{\"kept\":true}', '[]', '[]',
           '{\"access_token\":\"a\",\"refresh_token\":null,\"current\":true}', NULL, 1, 1600000000000, 1600000000000);
         PRAGMA application_id = 0x566c7453;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    for _ in 0..2 {
        let program = Program::with_database(&file);
        let client = Client::new(&program.url);
        let connection = client.get("ats/lever").data();
        assert_eq!((&connection["state"], &connection["metadata"]), (&json!("callable"), &json!({"kept": true})));
        let consumer = client.consumer("acme").expect(200).data();
        assert_eq!(
            (&consumer["created"], &consumer["services"]),
            (&json!("2020-09-13T12:26:40.000Z"), &json!(["lever"]))
        );
        client.session("{}");
    }
    // A token of the old file expires like any other.
    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    let fail = json!({"consumer_id": "acme", "refresh": "fail_for_good", "degraded": true});
    control(&client, "POST", "connections/ats/lever", &fail).expect(200);
    advance(&client, 1.001);
    let refused = client.get("ats/lever").data();
    assert_eq!((&refused["state"], &refused["health"]), (&json!("invalid"), &json!("pending_refresh")));
    drop(program);
    // A file with a newer schema version is refused.
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let (code, _, err) = run_to_end(&["--database", file.to_str().unwrap()]);
    assert!(code == 1 && err.contains("not a database of this sandbox version"), "{err}");
}

#[test]
fn writes_of_many_threads_survive_kill_9_while_they_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let program = Program::with_database(&file);
    let client = Client::new(&program.url);
    let done: Vec<_> = (0..8).map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for (at, done) in done.iter().enumerate() {
            let client = client.with("x-apideck-consumer-id", &format!("consumer-{at}"));
            scope.spawn(move || {
                for n in 1.. {
                    let body = json!({"metadata": {"n": n}}).to_string();
                    match client.send("PATCH", "/vault/connections/crm/hubspot", &body) {
                        Ok(response) => drop(response.expect(200)),
                        Err(_) => return,
                    }
                    done.store(n, Ordering::SeqCst);
                }
            });
        }
        while done.iter().any(|done| done.load(Ordering::SeqCst) < 5) {
            thread::yield_now();
        }
        program.signal("-KILL");
    });
    let program = Program::with_database(&file);
    for (at, done) in done.iter().enumerate() {
        let client = Client::new(&program.url).with("x-apideck-consumer-id", &format!("consumer-{at}"));
        let kept = client.get("crm/hubspot").data()["metadata"]["n"].as_u64().unwrap() as usize;
        // The write in progress may have been stored too.
        let done = done.load(Ordering::SeqCst);
        assert!(kept == done || kept == done + 1, "{kept} after {done}");
    }
}

/// Sends a request for the Lever connection and does not wait for its response.
fn send_without_waiting(program: &Program, method: &str, fault: &str) -> TcpStream {
    let mut socket = TcpStream::connect(program.url.trim_start_matches("http://")).unwrap();
    let path = "/vault/connections/ats/lever";
    let headers = "authorization: Bearer k\r\nx-apideck-app-id: app\r\nx-apideck-consumer-id: acme";
    write!(socket, "{method} {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\nx-sandbox-fault: {fault}\r\n\r\n").unwrap();
    socket
}

#[test]
fn a_signal_stops_it_with_exit_code_0_during_requests_and_loses_nothing() {
    for name in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.db");
        let program = Program::with_database(&file);
        let client = Client::new(&program.url);
        client.update("crm/hubspot", r#"{"metadata": {"kept": true}}"#).expect(200);
        client.update("ats/lever", "{}").expect(200);
        let mut slow = send_without_waiting(&program, "GET", "delay=600000");
        // A request that completes within the shutdown timeout still gets its response.
        let mut soon = send_without_waiting(&program, "DELETE", "delay=300");
        // Later requests have their responses, so the server has read these two.
        for _ in 0..3 {
            Client::new(&program.url).get("crm/salesforce").expect(200);
        }
        program.signal(name);
        let (status, rest) = program.wait();
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "{name}");
        let mut response = String::new();
        soon.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 204"), "{name} {response}");
        let mut nothing = Vec::new();
        let _ = slow.read_to_end(&mut nothing);
        assert!(nothing.is_empty());
        let program = Program::with_database(&file);
        let client = Client::new(&program.url);
        assert_eq!(client.get("crm/hubspot").data()["metadata"], json!({"kept": true}), "{name}");
        assert_eq!(client.get("ats/lever").state(), "available", "{name}");
    }
}

#[test]
fn the_end_of_standard_input_stops_it_only_with_the_option() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    let mut with_option = command(&["--stop-with-stdin", "--database", file.to_str().unwrap()]);
    let mut program = Program::run(with_option.stdin(Stdio::piped()));
    Client::new(&program.url).update("crm/hubspot", "{}").expect(200);
    program.end_input();
    let (status, rest) = program.wait();
    assert_eq!((status.code(), rest.as_str()), (Some(0), ""));

    let mut program = Program::run(command(&["--database", file.to_str().unwrap()]).stdin(Stdio::piped()));
    program.end_input();
    assert_eq!(Client::new(&program.url).get("crm/hubspot").state(), "added");
}

#[test]
fn two_programs_can_use_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.db");
    // Both start at once. One creates the file, and the other waits for it.
    let programs: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..2).map(|_| scope.spawn(|| Program::with_database(&file))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    thread::scope(|scope| {
        for (at, program) in programs.iter().enumerate() {
            scope.spawn(move || {
                for n in 0..20 {
                    let client = Client::new(&program.url).with("x-apideck-consumer-id", &format!("{at}-{n}"));
                    client.list("");
                    client.update("crm/hubspot", "{}").expect(200);
                    client.update("ats/lever", "{}").expect(200);
                    client.delete("ats/lever").expect(204);
                }
            });
        }
    });
    for n in 0..20 {
        for (at, program) in programs.iter().enumerate() {
            let other = Client::new(&program.url).with("x-apideck-consumer-id", &format!("{}-{n}", 1 - at));
            assert_eq!(other.get("crm/hubspot").state(), "added");
            assert_eq!(other.get("ats/lever").state(), "available");
        }
    }
}

#[test]
fn a_file_that_is_not_a_sandbox_database_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    let content = "no database, only some notes that somebody wants to keep\n".repeat(100);
    std::fs::write(&text, &content).unwrap();
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE mine (a)").unwrap();
    let missing = folder.path().join("nowhere/vault.db");
    for (file, expected) in [
        (text.as_path(), "file is not a database"),
        (foreign.as_path(), "not a database of this sandbox version"),
        (missing.as_path(), "unable to open database file"),
        (folder.path(), "unable to open database file"),
    ] {
        let name = file.to_str().unwrap();
        let (code, out, err) = run_to_end(&["--database", name]);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.starts_with("apideck-vault-sandbox: ") && err.contains(name) && err.contains(expected), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    assert_eq!(std::fs::read_to_string(&text).unwrap(), content);
    let tables = "SELECT count(*) FROM sqlite_schema";
    let foreign = rusqlite::Connection::open(&foreign).unwrap();
    assert_eq!(foreign.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn special_sqlite_names_are_plain_file_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:vault.db?mode=memory"] {
        let start = || Program::run(command(&["--database", name]).current_dir(folder.path()));
        let program = start();
        Client::new(&program.url).update("crm/hubspot", "{}").expect(200);
        drop(program);
        assert!(folder.path().join(name).exists(), "{name}");
        assert_eq!(Client::new(&start().url).get("crm/hubspot").state(), "added", "{name}");
    }
}

#[test]
fn a_failed_start_reports_the_cause() {
    let program = Program::start(&[]);
    let taken = program.url.trim_start_matches("http://");
    let (code, out, err) = run_to_end(&["--listen", taken]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains(&format!("cannot listen on {taken}")), "{err}");
    for arguments in [
        &["--listen", "nowhere"][..],
        &["--request-limit", "many"],
        &["--api-key", ""],
        &["--rate-limit", "10"],
        &["--token-lifetime", "0"],
        &["--token-lifetime", "1y"],
        &["--webhook", "https://a.example/"],
        &["--what"],
    ] {
        let (code, out, err) = run_to_end(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(arguments[0]), "{err}");
    }
    let (code, out, _) = run_to_end(&["--help"]);
    assert_eq!(code, 0);
    assert!(!out.contains("nothing is lost"), "{out}");
    for word in [
        "--listen",
        "--database",
        "--api-key",
        "--request-limit",
        "--rate-limit",
        "--token-lifetime",
        "--webhook",
        "x-sandbox-fault",
        "listening on http://",
        "Without --database, the state ends with it",
    ] {
        assert!(out.contains(word), "{word} in {out}");
    }
}

#[test]
fn keys_and_limit_come_from_the_command_line_and_one_key_from_the_environment() {
    let program = Program::start(&["--api-key", "one", "--api-key", "two", "--request-limit", "2"]);
    let client = Client::new(&program.url);
    for (key, status) in [("one", 200), ("three", 401), ("two", 200), ("one", 402)] {
        client.with("authorization", &format!("Bearer {key}")).get("crm/hubspot").expect(status);
    }
    let program = Program::run(command(&[]).env("APIDECK_VAULT_SANDBOX_API_KEY", "hidden"));
    for (key, status) in [("hidden", 200), ("other", 401)] {
        Client::new(&program.url).with("authorization", &format!("Bearer {key}")).get("crm/hubspot").expect(status);
    }
    let help = command(&["--help"]).env("APIDECK_VAULT_SANDBOX_API_KEY", "hidden").output().unwrap().stdout;
    assert!(!String::from_utf8(help).unwrap().contains("hidden"));
}

#[test]
fn dropping_a_sandbox_stops_it_and_frees_its_port() {
    let sandbox = apideck_vault_sandbox::Sandbox::start(Default::default()).unwrap();
    let url = sandbox.url().to_string();
    Client::new(&url).get("crm/hubspot").expect(200);
    drop(sandbox);
    assert!(Client::new(&url).send("GET", "/vault/connections", "").is_err());
}
