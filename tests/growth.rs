//! What a process takes does not grow: not with the number of calls, however they end, and not with what a
//! server makes of its answer. The programs run in processes of their own, which print their figures.

mod support;

use std::net::TcpListener;
use std::process::Command;

use apideck_vault_scenarios::ScenarioServer;
use support::c;
use support::server::{After, Server, respond};

#[test]
fn an_answer_that_unpacks_to_more_than_is_allowed_takes_no_more_memory_than_that() {
    let server = ScenarioServer::start().expect("a scenario server");
    for scenario in ["gzip-bomb", "gzip-bomb-of-json"] {
        let program = c::program("tests/c/bomb.c");
        println!("{scenario}: {}", c::run(Command::new(program).arg(format!("{}/s/{scenario}/growth", server.url()))));
    }
}

/// `SOAK=200000 cargo test --test growth` makes so many calls; some seconds of them by default.
#[test]
fn memory_descriptors_and_threads_stay_flat_over_calls_of_every_ending() {
    let answers = Server::quiet(|request, stream| match request.header("x-respond-with") {
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
    let arguments = [answers.url(), format!("http://{closed}"), hung.url(), calls];
    print!("{}", c::run(Command::new(program).args(arguments)));
}
