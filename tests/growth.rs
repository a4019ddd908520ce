//! The memory, descriptors and threads of a process do not grow with the number of calls, however they end, or with the
//! size of a compressed response. Each program runs in its own process and prints its figures.

mod support;

use std::net::TcpListener;
use std::process::Command;

use apideck_vault_scenarios::ScenarioServer;
use support::c;
use support::server::{After, Server, respond};

#[test]
fn a_response_that_decompresses_to_too_much_needs_no_more_memory_than_is_allowed() {
    let server = ScenarioServer::start().expect("a scenario server");
    for scenario in ["gzip-bomb", "gzip-bomb-of-json"] {
        let program = c::program("tests/c/bomb.c");
        println!("{scenario}: {}", c::run(Command::new(program).arg(format!("{}/s/{scenario}/growth", server.url()))));
    }
}

/// `SOAK=200000 cargo test --test growth` makes 200,000 calls. The default takes a few seconds.
#[test]
fn memory_descriptors_and_threads_do_not_grow_however_calls_end() {
    let responding = Server::quiet(|request, stream| match request.header("x-respond-with") {
        Some(code) => respond(stream, code, "", br#"{"message":"no","type_name":"TestError","detail":"because"}"#),
        None => respond(stream, "200 OK", "", br#"{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive"}}"#),
    });
    let hung = Server::quiet(|_, stream| {
        let _ = std::io::copy(stream, &mut std::io::sink());
        Ok(After::Close)
    });
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a loopback port");
    let calls = std::env::var("SOAK").unwrap_or_else(|_| "20000".into());
    let program = c::program("tests/c/soak.c");
    let arguments = [responding.url(), format!("http://{closed}"), hung.url(), calls];
    print!("{}", c::run(Command::new(program).args(arguments)));
}
