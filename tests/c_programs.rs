//! C programs that use only the header. Each runs twice: normally and under valgrind.
//!
//! The first line of each program describes it. This file starts the servers that it needs.

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use apideck_vault_sandbox::Sandbox;
use support::c;
use support::server::{After, Server, respond};
use support::tls::{Authority, Identity, TlsServer};
use support::{root, skip};

const CONNECTION: &str =
    r#"{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive","name":"Zoë & Søn 株式会社"}}"#;

/// Runs a program normally, and again under valgrind, which must find no error and no leak.
fn run(source: &str, arguments: &[&str]) {
    run_both(source, arguments, arguments);
}

fn run_both(source: &str, arguments: &[&str], under_valgrind: &[&str]) {
    let program = c::program(source);
    c::run(Command::new(&program).args(arguments));
    run_under_valgrind(&program, &[], under_valgrind);
}

/// Returns the program's standard output, or `None` if valgrind is not installed.
fn run_under_valgrind(program: &Path, flags: &[&str], arguments: &[&str]) -> Option<String> {
    if !c::is_installed("valgrind") {
        skip("no valgrind in PATH", "the C programs run without it");
        return None;
    }
    Some(c::run(
        Command::new("valgrind")
            .env("SLOW", "20")
            .args(["-q", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,indirect"])
            .args(["--errors-for-leak-kinds=definite,indirect", "--fair-sched=yes", "--child-silent-after-fork=yes"])
            .args(flags)
            .arg(program)
            .args(arguments),
    ))
}

/// Returns the URL of a closed port.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    format!("http://{}", listener.local_addr().expect("it is bound"))
}

/// Starts a server that reads requests and never responds.
fn hung() -> Server {
    Server::start(|_, stream| wait_for_peer(stream))
}

/// Returns when the client closes the connection.
fn wait_for_peer(stream: &mut TcpStream) -> std::io::Result<After> {
    let _ = std::io::copy(stream, &mut std::io::sink());
    Ok(After::Close)
}

/// Starts a server that responds with the status in the header `x-respond-with`.
fn with_requested_status() -> Server {
    Server::start(|request, stream| match request.header("x-respond-with") {
        Some("302") => respond(stream, "302 Found", "location: http://127.0.0.1:1/elsewhere\r\n", b""),
        Some("204") => {
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
            Ok(After::KeepAlive)
        }
        Some("200") | None => respond(stream, "200 OK", "", CONNECTION.as_bytes()),
        Some(code) => {
            let body = br#"{"message":"No","type_name":"TestError","detail":"because"}"#;
            respond(stream, code, "", body)
        }
    })
}

#[test]
fn bad_arguments_are_refused_with_a_message_and_nothing_is_sent() {
    let server = Server::with_body(CONNECTION);
    run("tests/c/arguments.c", &[&server.url()]);
    assert_eq!(server.requests().len(), 0);
}

/// Uses the local Vault, and a server with a list of 1,000 connections of 4.8 kB each.
#[test]
fn the_six_operations_work_with_text_of_any_language_and_a_large_list() {
    let connection = |number| {
        let words = "Größe, 日本 🦀. ".repeat(200);
        format!(r#"{{"id":"crm+größe-{number}","service_id":"größe-{number}","tag_line":"{words}"}}"#)
    };
    let connections: Vec<String> = (0..1_000).map(connection).collect();
    let list = format!(r#"{{"status_code":200,"status":"OK","data":[{}]}}"#, connections.join(","));
    let sandbox = Sandbox::start(Default::default()).expect("a local Vault starts");
    run("tests/c/operations.c", &[sandbox.url(), &Server::with_body(list).url()]);
}

#[test]
fn the_other_operations_serve_a_consumer_from_its_creation_to_its_deletion() {
    // One Vault for each of the two runs: both create the same consumers.
    let vault = || Sandbox::start(Default::default()).expect("a local Vault starts");
    let (first, second) = (vault(), vault());
    run_both("tests/c/consumer.c", &[first.url()], &[second.url()]);
}

#[test]
fn values_of_json_are_found_counted_and_quoted() {
    run("tests/c/json.c", &[]);
}

#[test]
fn every_row_of_the_table_of_connections_has_the_expected_health() {
    let table = root().join("tests/health/connections.json");
    run("tests/c/health.c", &[table.to_str().expect("the checkout has a path in UTF-8")]);
}

#[test]
fn every_row_of_the_table_of_webhooks_ends_with_its_status() {
    let table = root().join("tests/webhooks/vectors.json");
    run("tests/c/webhooks.c", &[table.to_str().expect("the checkout has a path in UTF-8")]);
}

/// The CGI program of the README, with a signed body, a forged one, and no key.
#[test]
fn the_webhook_of_the_readme_accepts_what_the_key_signed_and_nothing_else() {
    let readme = std::fs::read_to_string(root().join("bindings/c/README.md")).expect("there is a README");
    let section = readme.split_once("## Webhooks\n").and_then(|(_, text)| text.split_once("```c\n"));
    let (source, _) = section.and_then(|(_, text)| text.split_once("```")).expect("the README has a program");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("webhook-{}.c", std::process::id()));
    std::fs::write(&file, source).expect("a file can be written");
    let program = c::program(file.to_str().expect("a path in UTF-8"));
    let body = r#"{"payload":{"event_type":"vault.connection.callable","entity":{"state":"callable"}}}"#;
    let signature = support::vault::webhook_sign(body.as_bytes(), "sk_live_marked").text;
    let respond = |body: &str, key: Option<&str>| {
        let mut command = c::command(program.to_str().expect("a path in UTF-8"));
        command.env("HTTP_X_APIDECK_SIGNATURE", &signature).env_remove("APIDECK_API_KEY");
        key.map(|key| command.env("APIDECK_API_KEY", key));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.as_mut().expect("the program starts");
        child.stdin.take().expect("it is piped").write_all(body.as_bytes()).expect("it reads the body");
        let (mut out, mut log) = (String::new(), String::new());
        child.stdout.take().expect("it is piped").read_to_string(&mut out).expect("it prints UTF-8");
        child.stderr.take().expect("it is piped").read_to_string(&mut log).expect("it prints UTF-8");
        assert!(child.wait().expect("it ends").success());
        assert!(!log.contains("sk_live_marked") && !log.contains(&signature), "{log}");
        (out.trim().to_string(), log.trim().to_string())
    };
    let (out, log) = respond(body, Some("sk_live_marked"));
    assert_eq!((out.as_str(), log.as_str()), ("Status: 204 No Content", "vault.connection.callable: callable"));
    let (out, log) = respond(&body.replace("callable", "added"), Some("sk_live_marked"));
    assert_eq!(out, "Status: 401 Unauthorized");
    assert!(log.contains("the API key did not sign this body"), "{log}");
    assert_eq!(respond(body, None).0, "Status: 500 Internal Server Error");
}

/// The example fills in two settings. Without a consumer it fails and prints the error.
#[test]
fn the_example_lists_connections_fills_in_settings_and_prints_an_error() {
    let sandbox = Sandbox::start(Default::default()).expect("a local Vault starts");
    let program = c::program("bindings/c/connections.c");
    let run = |consumer: &str, input: &str| {
        let mut child = Command::new(&program)
            .env("APIDECK_SERVER_URL", sandbox.url())
            .envs([("APIDECK_API_KEY", "any"), ("APIDECK_APP_ID", "any"), ("APIDECK_CONSUMER_ID", consumer)])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the example starts");
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("the example reads");
        let output = child.wait_with_output().expect("the example ends");
        (output.status.success(), String::from_utf8(output.stdout).expect("it prints UTF-8"))
    };
    let (succeeded, printed) = run("acme", "https://acme.pipedrive.com\n\n\n\n");
    assert!(succeeded && printed.starts_with("Salesforce: available\nPipedrive: available\n"), "{printed}");
    assert!(printed.ends_with("? added\n"), "{printed}");
    let (succeeded, printed) = run("", "");
    assert!(!succeeded && printed.contains("consumer_id: "), "{printed}");
}

#[test]
fn every_status_is_reached() {
    run("tests/c/statuses.c", &[&with_requested_status().url(), &closed(), &hung().url()]);
}

#[test]
fn timeout_ms_bounds_the_whole_call() {
    let hangs = hung();
    let drips = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")?;
        loop {
            stream.write_all(b" ")?;
            thread::sleep(Duration::from_millis(500));
        }
    });
    let unavailable = Server::start(|_, stream| respond(stream, "503 Service Unavailable", "", b"{}"));
    let retry_in_an_hour =
        Server::start(|_, stream| respond(stream, "503 Service Unavailable", "retry-after: 3600\r\n", b"{}"));
    run("tests/c/timeouts.c", &[&hangs.url(), &drips.url(), &unavailable.url(), &retry_in_an_hour.url()]);
    assert!(unavailable.requests().len() > 2);
    assert!(retry_in_an_hour.requests().len() <= 2, "one attempt in each run");
}

#[test]
fn a_hanging_name_lookup_is_bounded_and_can_be_cancelled() {
    run_both("tests/c/lookup.c", &["child"], &[]);
}

/// Runs `source` with the URLs of servers at which a call blocks: in each phase, and in the wait before a retry.
fn run_with_stuck_servers(source: &str, first: &[&str]) {
    // Connect: the queue is full, so the kernel drops the client's SYN.
    let full = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let address = full.local_addr().expect("it is bound");
    c::shrink_backlog(&full);
    let fillers: Vec<_> = (0..8).map(|_| c::start_connecting(address)).collect();
    // TLS: a server that sends nothing. Send: a server that does not read.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let silent_port = silent.local_addr().expect("it is bound").port();
    let waits = hung();
    let stops_in_body = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"a\":")?;
        wait_for_peer(stream)
    });
    let later = Server::start(|_, stream| respond(stream, "503 Service Unavailable", "retry-after: 20\r\n", b"{}"));
    let urls = [
        format!("http://{address}"),
        format!("https://127.0.0.1:{silent_port}"),
        format!("big:http://127.0.0.1:{silent_port}"),
        waits.url(),
        stops_in_body.url(),
        later.url(),
    ];
    let arguments: Vec<&str> = first.iter().copied().chain(urls.iter().map(String::as_str)).collect();
    run(source, &arguments);
    drop(fillers);
}

#[test]
fn a_cancellation_ends_a_call_in_every_phase() {
    run_with_stuck_servers("tests/c/cancel.c", &[]);
}

#[test]
fn pthread_cancel_has_no_effect_inside_a_call_in_any_phase() {
    let server = Server::start(|request, stream| match request.method.as_str() {
        "DELETE" => {
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
            Ok(After::KeepAlive)
        }
        _ => respond(stream, "200 OK", "", CONNECTION.as_bytes()),
    });
    let ca_file = Authority::new("ours").file("thread-cancel");
    run_with_stuck_servers("tests/c/thread_cancel.c", &[&server.url(), &ca_file.to_string_lossy()]);
}

#[test]
fn calls_work_while_a_thread_or_the_process_ends() {
    let authority = Authority::new("ours");
    let https = TlsServer::start(Identity::new(Some(&authority), &["localhost"], |_| {}));
    let (server, ca_file) = (Server::with_body(CONNECTION), authority.file("exit"));
    let arguments = [&server.url(), &https.url("localhost"), &*ca_file.to_string_lossy()];
    let mut programs = vec![(
        c::program("tests/c/exit.c"),
        vec![
            "thread-key destructor",
            "thread-key destructor after a call",
            "thread-key destructor without a call",
            "atexit handler",
        ],
    )];
    if c::is_installed("c++") {
        programs.push((
            c::cpp_program("tests/c/exit.cpp"),
            vec![
                "thread_local destructor",
                "thread_local destructor",
                "static destructor of main",
                "static destructor",
            ],
        ));
    } else {
        skip("no c++ in PATH", "calls from static destructors are not tried");
    }
    for (program, places) in programs {
        let plain = c::run(Command::new(&program).args(arguments));
        assert_eq!(plain.lines().collect::<Vec<_>>(), places);
        // valgrind reports uninitialized bytes in the assembly code of `ring`, which is wrong.
        let suppressions = format!("--suppressions={}", root().join("tests/c/exit.supp").display());
        if let Some(output) = run_under_valgrind(&program, &["--undef-value-errors=no", &suppressions], &arguments) {
            assert_eq!(output.lines().collect::<Vec<_>>(), places);
        }
    }
}

#[test]
fn each_step_of_a_call_is_an_event_with_its_call_and_consumer() {
    run("tests/c/events.c", &[&Server::start(|_, stream| respond(stream, "503 Service Unavailable", "", b"{}")).url()]);
}

#[test]
fn waiting_calls_cost_nothing() {
    // Not under valgrind, which uses processor time itself.
    let program = c::program("tests/c/waiting.c");
    c::run(Command::new(program).arg(hung().url()));
}

#[test]
fn many_threads_share_a_client_while_others_make_and_free_handles() {
    let server = Server::with_body(CONNECTION);
    let url = server.url();
    run_both("tests/c/threads.c", &[&url, "64", "1000"], &[&url, "8", "30"]);
}

#[test]
fn a_child_makes_calls_while_its_parents_threads_are_inside_calls() {
    let server = Server::with_body(CONNECTION);
    let url = server.url();
    // Not under valgrind, which runs one thread at a time, so that no lock is held during the fork.
    let program = c::program("tests/c/fork.c");
    c::run(Command::new(program).args([url.as_str(), "200"]));
}
