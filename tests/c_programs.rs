//! C programs that know nothing but the header, each run as it is and under valgrind.
//!
//! What each shows is said in its first line; the servers that it talks to are made here.

mod support;

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use apideck_vault_sandbox::Sandbox;
use support::c;
use support::server::{After, Server, answer};
use support::tls::{Authority, Identity, TlsServer};
use support::{left_out, root};

const CONNECTION: &str =
    r#"{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive","name":"Zoë & Søn 株式会社"}}"#;

/// Runs a program as it is, and again under valgrind, which finds no error and no byte that was lost.
fn run(source: &str, arguments: &[&str]) {
    run_both(source, arguments, arguments);
}

fn run_both(source: &str, arguments: &[&str], under_valgrind: &[&str]) {
    let program = c::program(source);
    c::run(Command::new(&program).args(arguments));
    run_under_valgrind(&program, &[], under_valgrind);
}

/// Returns what the program writes to its standard output; nothing without valgrind.
fn run_under_valgrind(program: &Path, flags: &[&str], arguments: &[&str]) -> Option<String> {
    if !c::is_installed("valgrind") {
        left_out("no valgrind in PATH", "the C programs run without it");
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

/// A port that nobody listens on.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    format!("http://{}", listener.local_addr().expect("it is bound"))
}

/// A server that takes requests and never answers.
fn hung() -> Server {
    Server::start(|_, stream| wait_for_peer(stream))
}

/// Returns when the other side has gone.
fn wait_for_peer(stream: &mut TcpStream) -> std::io::Result<After> {
    let _ = std::io::copy(stream, &mut std::io::sink());
    Ok(After::Close)
}

/// Answers with the status that the header `x-answer` asks for.
fn obliging() -> Server {
    Server::start(|request, stream| match request.header("x-answer") {
        Some("302") => answer(stream, "302 Found", "location: http://127.0.0.1:1/elsewhere\r\n", b""),
        Some("204") => {
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
            Ok(After::KeepAlive)
        }
        Some("200") | None => answer(stream, "200 OK", "", CONNECTION.as_bytes()),
        Some(code) => {
            let body = br#"{"message":"No","type_name":"TestError","detail":"because"}"#;
            answer(stream, code, "", body)
        }
    })
}

#[test]
fn bad_arguments_are_refused_in_words_and_nothing_is_sent() {
    let server = Server::with_body(CONNECTION);
    run("tests/c/arguments.c", &[&server.url()]);
    assert_eq!(server.requests().len(), 0);
}

/// Runs against the local Vault, and a server with a list of 1,000 connections of 4.8 kB.
#[test]
fn the_six_operations_do_what_they_say() {
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

/// The example asks for two settings, and is refused a third time, when the settings are not those of the service.
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
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
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
    run("tests/c/statuses.c", &[&obliging().url(), &closed(), &hung().url()]);
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
    let unavailable = Server::start(|_, stream| answer(stream, "503 Service Unavailable", "", b"{}"));
    let later = Server::start(|_, stream| answer(stream, "503 Service Unavailable", "retry-after: 3600\r\n", b"{}"));
    run("tests/c/timeouts.c", &[&hangs.url(), &drips.url(), &unavailable.url(), &later.url()]);
    assert!(unavailable.requests().len() > 2);
    assert!(later.requests().len() <= 2, "one attempt a run");
}

#[test]
fn a_hanging_name_lookup_is_bounded_and_can_be_cancelled() {
    run_both("tests/c/lookup.c", &["child"], &[]);
}

/// Runs `source` with the URLs of servers at which a call gets stuck: in each phase, and in a retry's wait.
fn run_with_stuck_servers(source: &str, first: &[&str]) {
    // Connect: a queue that is full. The kernel drops what comes; the client's SYN gets no answer.
    let full = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let address = full.local_addr().expect("it is bound");
    c::shrink_backlog(&full);
    let fillers: Vec<_> = (0..8).map(|_| c::start_connecting(address)).collect();
    // TLS: a server that says nothing. Send: one that does not read.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let silent_port = silent.local_addr().expect("it is bound").port();
    let waits = hung();
    let stops_in_body = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"a\":")?;
        wait_for_peer(stream)
    });
    let later = Server::start(|_, stream| answer(stream, "503 Service Unavailable", "retry-after: 20\r\n", b"{}"));
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
        _ => answer(stream, "200 OK", "", CONNECTION.as_bytes()),
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
        left_out("no c++ in PATH", "calls from static destructors are not tried");
    }
    for (program, places) in programs {
        let plain = c::run(Command::new(&program).args(arguments));
        assert_eq!(plain.lines().collect::<Vec<_>>(), places);
        // The assembly of `ring` makes valgrind see uninitialised bytes where there are none.
        let suppressions = format!("--suppressions={}", root().join("tests/c/exit.supp").display());
        if let Some(output) = run_under_valgrind(&program, &["--undef-value-errors=no", &suppressions], &arguments) {
            assert_eq!(output.lines().collect::<Vec<_>>(), places);
        }
    }
}

#[test]
fn each_step_of_a_call_is_an_event_with_its_call_and_consumer() {
    run("tests/c/events.c", &[&Server::start(|_, stream| answer(stream, "503 Service Unavailable", "", b"{}")).url()]);
}

#[test]
fn waiting_calls_cost_nothing() {
    // Not under valgrind, which takes processor time of its own.
    let program = c::program("tests/c/waiting.c");
    c::run(Command::new(program).arg(hung().url()));
}

#[test]
fn many_threads_share_a_client_while_handles_come_and_go() {
    let server = Server::with_body(CONNECTION);
    let url = server.url();
    run_both("tests/c/threads.c", &[&url, "64", "1000"], &[&url, "8", "30"]);
}

#[test]
fn a_child_makes_calls_while_its_parents_threads_are_inside_theirs() {
    let server = Server::with_body(CONNECTION);
    let url = server.url();
    // Not under valgrind, which runs one thread at a time and gives a fork nothing to trip over.
    let program = c::program("tests/c/fork.c");
    c::run(Command::new(program).args([url.as_str(), "200"]));
}
