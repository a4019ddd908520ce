//! HTTP proxies: a tunnel with and without credentials, one that refuses, and when none is used.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use apideck_vault::Status;
use serde_json::json;
use support::c;
use support::server::Server;
use support::vault::Client;

/// A proxy that answers CONNECT with `status`, and keeps the heads of what it was asked.
struct Proxy {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(status: &'static str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || tunnel(client, status, &seen));
            }
        });
        Proxy { port, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("not poisoned").clone()
    }
}

fn tunnel(mut client: TcpStream, status: &str, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let target = head.split(' ').nth(1)?.to_string();
    seen.lock().expect("not poisoned").push(head);
    write!(client, "HTTP/1.1 {status}\r\n\r\n").ok()?;
    if !status.starts_with("200") {
        return None;
    }
    let server = TcpStream::connect(target).ok()?;
    let (mut from_server, mut to_client) = (server.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
    std::io::copy(&mut client, &mut { server }).ok()?;
    None
}

#[test]
fn a_call_goes_through_the_proxy_that_is_configured() {
    let (server, proxy) = (Server::with_body("{}"), Proxy::start("200 Connection established"));
    let client = Client::new(&server.url(), json!({"proxy": format!("http://user:p%40ss@127.0.0.1:{}", proxy.port)}));
    for _ in 0..2 {
        let reply = client.call("list", "{}");
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
    }
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1, "the tunnel is kept alive");
    assert!(heads[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", &server.url()[7..])), "{}", heads[0]);
    assert!(heads[0].contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"), "user:p@ss: {}", heads[0]);
    for secret in ["sk_live_marked", "x-apideck", "consumer"] {
        assert!(!heads[0].contains(secret), "the proxy sees no more than the host: {}", heads[0]);
    }
    assert_eq!(server.requests()[0].header("proxy-authorization"), None);
}

#[test]
fn a_proxy_that_refuses_is_no_connection() {
    let (server, proxy) = (Server::with_body("{}"), Proxy::start("407 Proxy Authentication Required"));
    let url = format!("http://user:marked@127.0.0.1:{}", proxy.port);
    let reply = Client::new(&server.url(), json!({"proxy": url, "retries": null}))
        .call("token", json!({"service_id": "a", "unified_api": "b"}));
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert!(reply.message().contains("the proxy refused") && reply.message().contains("407"), "{}", reply.message());
    assert!(!reply.text.contains("marked"));
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_refusal_is_tried_again_for_any_method_because_nothing_was_sent() {
    let (server, proxy) = (Server::with_body("{}"), Proxy::start("503 Busy"));
    let config = json!({"proxy": format!("http://127.0.0.1:{}", proxy.port),
        "retries": {"max_attempts": 3, "backoff": {"initial_interval": 1}}});
    let request = json!({"service_id": "a", "unified_api": "b"});
    let reply = Client::new(&server.url(), config).call("token", request);
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert_eq!(proxy.heads().len(), 3);
}

#[test]
fn a_proxy_that_answers_something_else_is_no_connection() {
    let server = Server::with_body("{}");
    for status in ["nonsense", "403 Forbidden\r\n: a header without a name"] {
        let proxy = Proxy::start(status);
        let config = json!({"proxy": format!("http://127.0.0.1:{}", proxy.port), "retries": null});
        let reply = Client::new(&server.url(), config).call("list", "{}");
        assert_eq!(reply.status, Status::Connection, "{status}: {}", reply.text);
        assert!(reply.message().contains("proxy"), "{}", reply.message());
    }
    assert_eq!(server.requests().len(), 0);
}

/// The environment belongs to a process, so these calls are made by one of their own.
fn run_statuses_with(environment: &[(&str, String)], url: &str) -> String {
    let program = c::program("tests/c/one_call.c");
    let mut command = Command::new(program);
    command.arg(url).envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    c::run(&mut command)
}

#[test]
fn the_environments_proxy_is_used_but_not_for_loopback_nor_what_no_proxy_names() {
    let (server, proxy) = (Server::with_body("{}"), Proxy::start("403 Forbidden"));
    let environment = |no_proxy: &str| {
        [("HTTPS_PROXY", format!("http://127.0.0.1:{}", proxy.port)), ("NO_PROXY", no_proxy.to_string())]
    };
    assert!(run_statuses_with(&environment(""), &server.url()).starts_with("OK"));
    assert_eq!(proxy.heads().len(), 0);

    let out = run_statuses_with(&environment(""), "https://vault.invalid");
    assert!(out.starts_with("CONNECTION") && out.contains("the proxy refused"), "{out}");
    assert!(proxy.heads()[0].starts_with("CONNECT vault.invalid:443 "));

    for no_proxy in ["a.invalid, vault.invalid", "invalid", "vault.invalid:443", "*"] {
        let out = run_statuses_with(&environment(no_proxy), "https://vault.invalid");
        assert!(out.starts_with("CONNECTION") && !out.contains("proxy"), "{out}");
    }
}
