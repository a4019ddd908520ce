//! HTTP proxies: tunnels for https servers, requests in absolute form for plain http servers, credentials, and calls
//! that use no proxy.

mod support;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use apideck_vault::Status;
use serde_json::{Value, json};
use support::c;
use support::server::Server;
use support::tls::{Authority, Identity, Session, TlsServer, VERSIONS, response, send};
use support::vault::Client;

/// A proxy that responds to CONNECT with `status` and to any other request with an object, and records its requests.
struct Proxy {
    port: u16,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
}

/// A request to a proxy.
#[derive(Clone)]
struct RecordedRequest {
    head: String,
    body: String,
    /// Whether this is the first request on its connection.
    is_first: bool,
}

impl Proxy {
    fn start(status: &'static str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(client, status, &seen));
            }
        });
        Proxy { port, requests }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().expect("not poisoned").clone()
    }
}

fn serve(mut client: TcpStream, status: &str, seen: &Mutex<Vec<RecordedRequest>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut is_first = true;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let body = String::from_utf8(body).expect("bodies are UTF-8");
        seen.lock().expect("not poisoned").push(RecordedRequest { head: head.clone(), body, is_first });
        is_first = false;
        if head.starts_with("CONNECT ") {
            let target = head.split(' ').nth(1)?.to_string();
            write!(client, "HTTP/1.1 {status}\r\n\r\n").ok()?;
            return if status.contains(" 2") || status.starts_with('2') { tunnel(client, target) } else { None };
        }
        client.write_all(response("{\"through\":\"proxy\"}").as_bytes()).ok()?;
    }
}

fn tunnel(mut client: TcpStream, target: String) -> Option<()> {
    let server = TcpStream::connect(target).ok()?;
    let (mut from_server, mut to_client) = (server.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
    std::io::copy(&mut client, &mut { server }).ok()?;
    None
}

/// An https server, and the configuration that trusts it.
fn https(name: &str) -> (TlsServer, Value) {
    let authority = Authority::new(name);
    let server = TlsServer::start(Identity::new(Some(&authority), &["localhost"], |_| {}));
    (server, json!({"ca_file": authority.file(name), "retries": null}))
}

fn with(mut config: Value, key: &str, value: impl Into<Value>) -> Value {
    config[key] = value.into();
    config
}

const ONE: &str = r#"{"service_id":"a","unified_api":"b"}"#;

#[test]
fn https_goes_through_a_tunnel() {
    let ((server, config), proxy) = (https("tunnel"), Proxy::start("200 Connection established"));
    let url = format!("http://user:p%40ss@127.0.0.1:{}", proxy.port);
    let client = Client::new(&server.url("localhost"), with(config, "proxy", url));
    for _ in 0..2 {
        let reply = client.call("connections.list", "{}");
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
    }
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "the tunnel is kept alive");
    let head = &requests[0].head;
    assert!(head.starts_with(&format!("CONNECT localhost:{} HTTP/1.1\r\n", server.port)), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"), "user:p@ss: {head}");
    for secret in ["sk_live_marked", "x-apideck", "consumer"] {
        assert!(!head.contains(secret), "the proxy sees only the host: {head}");
    }
    for head in server.heads() {
        assert!(head.starts_with("GET /vault/connections HTTP/1.1\r\n"), "{head}");
        assert!(!head.to_lowercase().contains("proxy-authorization"), "{head}");
    }
}

#[test]
fn plain_http_is_sent_to_the_proxy_in_absolute_form() {
    let proxy = Proxy::start("500 No tunnel");
    let url = format!("http://user:p%40ss@127.0.0.1:{}", proxy.port);
    let config = json!({"proxy": url, "allow_insecure_http": true, "retries": null});
    let client = Client::new("http://vault.invalid:8080/base", config);
    let name = "ü".repeat(40_000);
    let update = json!({"service_id": "a b", "unified_api": "crm", "connection": {"settings": {"name": name}}});
    for (operation, request) in
        [("connections.list", json!({"api": "crm"})), ("connections.update", update), ("connections.list", json!({}))]
    {
        let reply = client.call(operation, request);
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        assert_eq!(reply.body(), "{\"through\":\"proxy\"}");
    }
    let requests = proxy.requests();
    for (request, line) in requests.iter().zip([
        "GET http://vault.invalid:8080/base/vault/connections?api=crm HTTP/1.1\r\n",
        "PATCH http://vault.invalid:8080/base/vault/connections/crm/a%20b HTTP/1.1\r\n",
        "GET http://vault.invalid:8080/base/vault/connections HTTP/1.1\r\n",
    ]) {
        assert!(request.head.starts_with(line), "{}", request.head);
        let head = request.head.to_lowercase();
        assert!(head.contains("\r\nhost: vault.invalid:8080\r\n"), "{head}");
        assert!(head.contains("\r\nproxy-authorization: basic dxnlcjpwqhnz\r\n"), "{head}");
        assert!(head.contains("\r\nauthorization: bearer sk_live_marked\r\n"), "{head}");
        assert_eq!(head.matches("http/1.1").count(), 1, "{head}");
    }
    assert_eq!(requests[1].body, json!({"settings": {"name": name}}).to_string());
    assert_eq!(requests.iter().filter(|request| request.is_first).count(), 1, "the connection is kept alive");
    assert_eq!(requests.len(), 3);
}

#[test]
fn any_2xx_response_to_connect_is_a_tunnel() {
    let (server, config) = https("any-2xx");
    for status in [
        "200",
        "201 Created",
        "204 No Content",
        "299 Fine\r\ncontent-length: 5",
        "200 OK\r\ntransfer-encoding: chunked\r\nodd header: x",
        "100 Continue\r\n\r\nHTTP/1.1 200 OK",
        "103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.0 200 Connection established",
    ] {
        let proxy = Proxy::start(status);
        let reply = Client::new(&server.url("localhost"), with(config.clone(), "proxy", proxy.url()))
            .call("connections.list", "{}");
        assert_eq!(reply.status, Status::Ok, "{status:?}: {}", reply.text);
    }
}

#[test]
fn a_proxy_that_refuses_fails_the_call_and_is_named_without_its_password() {
    for (status, words, retryable) in [
        ("407 Proxy Authentication Required", "407 Proxy Authentication Required: check the user and password", false),
        ("403 Forbidden", "403 Forbidden", true),
        ("302 Found\r\nlocation: http://elsewhere", "302 Found", true),
        ("199 Nothing\r\n\r\nHTTP/1.1 500", "500 Internal Server Error", true),
    ] {
        let ((server, config), proxy) = (https("refusing"), Proxy::start(status));
        let url = format!("http://user:marked@127.0.0.1:{}", proxy.port);
        let reply = Client::new(&server.url("localhost"), with(config, "proxy", url)).call("connections.token", ONE);
        assert_eq!(reply.status, Status::Connection, "{}", reply.text);
        let refusal = format!("the proxy 127.0.0.1:{}: refused the tunnel with {words}", proxy.port);
        assert!(reply.message().starts_with(&refusal), "{}", reply.message());
        assert_eq!(reply.json()["error"]["retryable"], retryable, "{}", reply.text);
        assert!(!reply.text.contains("marked"));
        assert_eq!(server.connections(), 0);
    }
}

#[test]
fn a_refusal_is_retried_for_any_method_because_nothing_was_sent() {
    let ((server, config), proxy) = (https("busy"), Proxy::start("503 Busy"));
    let config = with(config, "retries", json!({"max_attempts": 3, "backoff": {"initial_interval": 1}}));
    let reply =
        Client::new(&server.url("localhost"), with(config, "proxy", proxy.url())).call("connections.token", ONE);
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert_eq!(proxy.requests().len(), 3);
}

#[test]
fn a_proxy_with_an_invalid_response_fails_the_call() {
    for (status, words) in
        [("nonsense", "its response is not HTTP"), ("200 OK\r\nno-end: ", "it closed the connection")]
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let _ = client.read(&mut [0; 1024]);
                let _ = write!(client, "HTTP/1.1 {status}").and_then(|()| client.shutdown(std::net::Shutdown::Write));
                let _ = client.read(&mut [0; 1024]);
            }
        });
        let config = json!({"proxy": format!("http://127.0.0.1:{port}"), "retries": null});
        let reply = Client::new("https://vault.invalid", config).call("connections.list", "{}");
        assert_eq!(reply.status, Status::Connection, "{status}: {}", reply.text);
        assert_eq!(reply.message(), format!("the proxy 127.0.0.1:{port}: made no tunnel: {words}"));
    }
}

#[test]
fn a_proxy_that_cannot_be_reached_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    for url in ["https://vault.invalid", "http://127.0.0.1:1"] {
        let config = json!({"proxy": format!("http://user:marked@127.0.0.1:{port}"), "retries": null});
        let reply = Client::new(url, config).call("connections.list", "{}");
        assert_eq!(reply.status, Status::Connection, "{}", reply.text);
        let words = format!("the proxy 127.0.0.1:{port}: could not connect to 127.0.0.1:{port}");
        assert!(reply.message().starts_with(&words), "{}", reply.message());
    }
}

/// Copies bytes between the client of a session and a server until one of them closes.
fn pass(session: &mut Session, server: &mut TcpStream) -> std::io::Result<()> {
    let patience = Some(Duration::from_millis(2));
    session.sock.set_read_timeout(patience)?;
    server.set_read_timeout(patience)?;
    let mut buffer = [0; 4096];
    let waits = |error: &std::io::Error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    loop {
        match session.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(amount) => server.write_all(&buffer[..amount])?,
            Err(error) if waits(&error) => {}
            Err(error) => return Err(error),
        }
        match server.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(amount) => session.write_all(&buffer[..amount]).and_then(|()| session.flush())?,
            Err(error) if waits(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

#[test]
fn the_connection_to_a_proxy_can_use_tls() {
    let authority = Authority::new("both");
    let identity = || Identity::new(Some(&authority), &["localhost"], |_| {});
    let server = TlsServer::start(identity());
    let port = server.port;
    let proxy = TlsServer::with(identity(), &VERSIONS, move |session, _| {
        if !send(session, &["HTTP/1.1 200 OK\r\n\r\n".to_string()]) {
            return false;
        }
        let _ = TcpStream::connect(("127.0.0.1", port)).and_then(|mut server| pass(session, &mut server));
        false
    });
    let config = json!({"ca_file": authority.file("both"), "proxy": proxy.url("localhost"), "retries": null});
    let reply = Client::new(&server.url("localhost"), config.clone()).call("connections.list", "{}");
    assert_eq!(reply.status, Status::Ok, "{}", reply.text);
    assert!(proxy.heads()[0].starts_with(&format!("CONNECT localhost:{port} HTTP/1.1\r\n")));
    assert!(server.heads()[0].starts_with("GET /vault/connections HTTP/1.1\r\n"));

    // Requests for a plain http server are sent to the proxy over TLS.
    let proxy = TlsServer::start(identity());
    let client = Client::new("http://127.0.0.1:1", with(config.clone(), "proxy", proxy.url("localhost")));
    let reply = client.call("connections.list", "{}");
    assert_eq!(reply.status, Status::Ok, "{}", reply.text);
    assert!(proxy.heads()[0].starts_with("GET http://127.0.0.1:1/vault/connections HTTP/1.1\r\n"));

    // The proxy's certificate is verified like a server's.
    let elsewhere = TlsServer::start(Identity::new(Some(&authority), &["elsewhere.example"], |_| {}));
    let url = elsewhere.url("localhost");
    let reply = Client::new("http://127.0.0.1:1", with(config, "proxy", url)).call("connections.list", "{}");
    let words =
        format!("the proxy localhost:{}: the certificate of localhost is for another host name", elsewhere.port);
    assert!(reply.message().starts_with(&words), "{}", reply.message());
    assert_eq!(elsewhere.requests(), 0);
}

/// Makes a call in a new process, because a process has only one environment.
fn call_with(environment: &[(&str, &str)], url: &str) -> String {
    let program = c::program("tests/c/one_call.c");
    let mut command = Command::new(program);
    command.args([url, ",\"allow_insecure_http\":true"]).envs(environment.iter().copied());
    c::run(&mut command)
}

#[test]
fn the_environments_proxy_is_used_except_for_loopback_and_no_proxy() {
    let (server, proxy) = (Server::with_body("{}"), Proxy::start("403 Forbidden"));
    let url = &*proxy.url();
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        assert!(call_with(&[(name, url)], &server.url()).starts_with("OK"), "loopback is direct");
    }
    assert_eq!((proxy.requests().len(), server.requests().len()), (0, 4));

    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let out = call_with(&[(name, url)], "https://vault.invalid");
        assert!(out.starts_with("CONNECTION") && out.contains("refused the tunnel with 403"), "{out}");
    }
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let out = call_with(&[(name, url)], "http://vault.invalid");
        assert!(out.starts_with("OK") && out.contains("\"through\":\"proxy\""), "{out}");
    }
    let heads: Vec<_> = proxy.requests().into_iter().map(|request| request.head).collect();
    assert!(heads[..4].iter().all(|head| head.starts_with("CONNECT vault.invalid:443 ")), "{heads:?}");
    assert!(heads[4..].iter().all(|head| head.starts_with("GET http://vault.invalid/vault/connections ")), "{heads:?}");
    assert_eq!(heads.len(), 8);

    for no_proxy in ["a.invalid, vault.invalid", "invalid", "vault.invalid:443", "*"] {
        let out = call_with(&[("HTTPS_PROXY", url), ("NO_PROXY", no_proxy)], "https://vault.invalid");
        assert!(out.starts_with("CONNECTION") && !out.contains("proxy"), "{out}");
    }
    // A call does not use the proxy of the other scheme. In a CGI program, HTTP_PROXY is a client's header.
    for (environment, url) in [
        (&[("HTTP_PROXY", url)] as &[(&str, &str)], "https://vault.invalid"),
        (&[("HTTPS_PROXY", url)], "http://vault.invalid"),
        (&[("HTTP_PROXY", url), ("REQUEST_METHOD", "GET")], "http://vault.invalid"),
    ] {
        let out = call_with(environment, url);
        assert!(out.starts_with("CONNECTION") && !out.contains("proxy"), "{out}");
    }
    assert_eq!(proxy.requests().len(), 8);
}

#[test]
fn the_message_for_an_unusable_proxy_of_the_environment_names_its_variable() {
    let usable = Proxy::start("200 OK");
    for (name, value, problem) in [
        ("HTTPS_PROXY", "socks5://user:marked@127.0.0.1:1080", "SOCKS proxies are not supported"),
        ("https_proxy", "http://127.0.0.1:99999", "its port is not a number from 1 to 65535"),
        ("HTTPS_PROXY", "ftp://marked", "is not a URL like"),
        ("HTTPS_PROXY", "http://", "is not a URL like"),
    ] {
        let environment = [(name, value), ("ALL_PROXY", &usable.url())];
        let out = call_with(&environment, "https://vault.invalid");
        assert!(out.starts_with("INVALID_ARGUMENT") && out.contains(&format!("{name}: {problem}")), "{out}");
        assert!(!out.contains("marked"), "{out}");
    }
    assert_eq!(usable.requests().len(), 0);
}
