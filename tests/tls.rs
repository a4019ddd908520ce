//! TLS for real: an authority made here, certificates that are right and wrong in every way, and the
//! message that says which.

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use apideck_vault::Status;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use support::vault::Client;

/// An authority of this test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// The authority in a file, for `ca_file`.
    fn file(&self, name: &str) -> PathBuf {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pem", std::process::id()));
        std::fs::write(&path, &self.pem).expect("a temporary file");
        path
    }
}

/// A server's certificate and key.
struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn identity(authority: Option<&Authority>, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let mut params = CertificateParams::new(names).expect("valid names");
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = match authority {
        Some(authority) => params.signed_by(&key, &authority.issuer),
        None => params.self_signed(&key),
    };
    Identity { certificate: certificate.expect("a certificate").der().clone(), key }
}

/// A server's session with one client.
type Session = StreamOwned<ServerConnection, TcpStream>;

/// What a server does with the request that comes as this one on its connection; false ends the session.
type Answers = fn(&mut Session, usize) -> bool;

/// Answers https with an object and counts the requests that got through.
fn serve(identity: Identity) -> (u16, Arc<AtomicUsize>) {
    serve_with(identity, |session, _| send(session, &[answer("{}")]))
}

fn serve_with(identity: Identity, answers: Answers) -> (u16, Arc<AtomicUsize>) {
    let (port, served, _) = serve_counting(identity, answers);
    (port, served)
}

/// The port, the number of requests and the number of connections.
fn serve_counting(identity: Identity, answers: Answers) -> (u16, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the defaults are supported")
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate], key.into())
        .expect("the key is the certificate's");
    let (config, served, connections) =
        (Arc::new(config), Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = listener.local_addr().expect("it is bound").port();
    let (count, opened) = (Arc::clone(&served), Arc::clone(&connections));
    thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            opened.fetch_add(1, Ordering::AcqRel);
            let (config, served) = (Arc::clone(&config), Arc::clone(&count));
            thread::spawn(move || {
                let mut session = StreamOwned::new(ServerConnection::new(config).expect("a session"), tcp);
                let (mut head, mut byte, mut number) = (Vec::new(), [0], 0);
                while let Ok(1) = session.read(&mut byte) {
                    head.push(byte[0]);
                    if head.ends_with(b"\r\n\r\n") {
                        head.clear();
                        served.fetch_add(1, Ordering::AcqRel);
                        if !answers(&mut session, number) {
                            break;
                        }
                        number += 1;
                    }
                }
            });
        }
    });
    (port, served, connections)
}

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// So many bytes of JSON around a number.
fn object(number: u32, length: usize) -> String {
    format!("{:length$}}}", format!("{{\"data\":{number}"), length = length - 1)
}

/// Sends texts in records of their own, but together; whether the client is still there.
fn send(session: &mut Session, texts: &[String]) -> bool {
    let mut packet = Vec::new();
    for text in texts {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let taken = session.conn.writer().write(rest).expect("a buffer");
            rest = &rest[taken..];
            write_out(session, &mut packet);
        }
    }
    session.sock.write_all(&packet).is_ok()
}

fn write_out(session: &mut Session, packet: &mut Vec<u8>) {
    while session.conn.wants_write() {
        session.conn.write_tls(packet).expect("a Vec takes any write");
    }
}

/// Calls a server with this certificate: it is refused in these words, once, whatever the retries.
fn refused(identity: Identity, config: serde_json::Value, part: &str) {
    let (port, served, connections) = serve_counting(identity, |session, _| send(session, &[answer("{}")]));
    let client = Client::new(&format!("https://localhost:{port}"), config);
    let reply = client.call("list", json!({"retries": {"max_attempts": 3, "backoff": {"initial_interval": 1}}}));
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert!(reply.message().contains(part), "{}", reply.message());
    assert_eq!(reply.json()["error"]["retryable"], false, "{}", reply.text);
    assert_eq!(served.load(Ordering::Acquire), 0, "no request got through");
    assert_eq!(connections.load(Ordering::Acquire), 1, "it is tried once");
}

#[test]
fn a_server_of_an_authority_that_ca_file_names_is_trusted() {
    let authority = Authority::new("ours");
    let (port, served) = serve(identity(Some(&authority), &["localhost", "127.0.0.1"], |_| {}));
    let config = json!({"ca_file": authority.file("ours")});
    for host in ["localhost", "127.0.0.1"] {
        let client = Client::new(&format!("https://{host}:{port}"), config.clone());
        for _ in 0..3 {
            let reply = client.call("list", "{}");
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        }
    }
    assert_eq!(served.load(Ordering::Acquire), 6);
}

#[test]
fn a_certificate_that_is_not_right_is_refused_and_the_message_says_why() {
    let authority = Authority::new("ours");
    let trusting = json!({"ca_file": authority.file("trusted")});
    let names = &["localhost"];
    refused(identity(Some(&authority), &["elsewhere.example"], |_| {}), trusting.clone(), "is for another host name");
    refused(
        identity(Some(&authority), names, |params| params.not_after = date_time_ymd(2020, 1, 1)),
        trusting.clone(),
        "has expired",
    );
    refused(
        identity(Some(&authority), names, |params| params.not_before = date_time_ymd(4000, 1, 1)),
        trusting.clone(),
        "is not valid yet",
    );
    refused(identity(None, names, |_| {}), trusting.clone(), "is self-signed");
    refused(identity(Some(&Authority::new("theirs")), names, |_| {}), trusting, "an authority that is not trusted");
    refused(identity(Some(&authority), names, |_| {}), json!({}), "an authority that is not trusted");
}

#[test]
fn what_a_server_sends_behind_an_answer_is_no_answer_to_the_next_call() {
    // More than is taken from the wire at once, so that what is behind waits there.
    let planted: Answers = |session, _| send(session, &[answer(&object(1, 9_000)), answer(&object(2, 6_000))]);
    // The word that no more will come; the connection itself stays open until the client goes.
    let notified: Answers = |session, _| {
        let mut packet = Vec::new();
        session.conn.writer().write_all(answer(&object(1, 9_000)).as_bytes()).expect("a buffer");
        session.conn.send_close_notify();
        write_out(session, &mut packet);
        let _ = session.sock.write_all(&packet).and_then(|()| std::io::copy(&mut session.sock, &mut std::io::sink()));
        false
    };
    for (answers, name) in [(planted, "planted"), (notified, "notified")] {
        let authority = Authority::new("ours");
        let (port, served) = serve_with(identity(Some(&authority), &["localhost"], |_| {}), answers);
        let config = json!({"ca_file": authority.file(name), "retries": null});
        let client = Client::new(&format!("https://localhost:{port}"), config);
        for _ in 0..3 {
            let reply = client.call("token", json!({"service_id": "a", "unified_api": "b"}));
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
            assert_eq!(reply.json()["body"], json!({"data": 1}));
        }
        assert_eq!(served.load(Ordering::Acquire), 3);
    }
}

#[test]
fn a_session_that_ends_under_a_request_is_replaced_for_what_may_be_repeated() {
    let once: Answers = |session, number| {
        if number == 0 {
            return send(session, &[answer("{}")]);
        }
        session.conn.send_close_notify();
        let _ = session.flush();
        false
    };
    let authority = Authority::new("ours");
    let (port, served) = serve_with(identity(Some(&authority), &["localhost"], |_| {}), once);
    let config = json!({"ca_file": authority.file("once"), "retries": null});
    let client = Client::new(&format!("https://localhost:{port}"), config);
    let one = json!({"service_id": "a", "unified_api": "b"});
    for (operation, attempts, status) in
        [("get", 1, Status::Ok), ("get", 2, Status::Ok), ("delete", 2, Status::Ok), ("token", 1, Status::Connection)]
    {
        let reply = client.call(operation, &one);
        assert_eq!(reply.status, status, "{}", reply.text);
        if status == Status::Ok {
            assert_eq!(reply.json()["http"]["attempts"], attempts);
        }
    }
    assert_eq!(served.load(Ordering::Acquire), 6);
}

#[test]
fn a_chunk_whose_size_has_no_end_is_an_answer_that_is_not_understood() {
    let endless: Answers = |session, _| {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        send(session, &[head.to_string(), "0".repeat(200_000)]) // and the connection stays open
    };
    let authority = Authority::new("ours");
    let (port, served) = serve_with(identity(Some(&authority), &["localhost"], |_| {}), endless);
    let client = Client::new(&format!("https://localhost:{port}"), json!({"ca_file": authority.file("endless")}));
    let reply = client.call("list", "{}");
    assert_eq!(reply.status, Status::InvalidResponse, "{}", reply.text);
    assert_eq!(reply.json()["error"]["retryable"], false, "{}", reply.text);
    assert_eq!(served.load(Ordering::Acquire), 1);
}

#[test]
fn nothing_switches_verification_off() {
    for key in ["insecure", "verify", "verify_tls", "disable_verification", "danger_accept_invalid_certs"] {
        let config = json!({"api_key": "k", "app_id": "a", key: false}).to_string();
        let error = Client::from_text(&config).err().expect("refused");
        assert!(error.contains("unknown key"), "{error}");
    }
    // What plain http needs does not loosen TLS.
    refused(identity(None, &["localhost"], |_| {}), json!({"allow_insecure_http": true}), "is self-signed");
}

#[test]
fn a_server_that_does_not_speak_tls_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let reply = Client::new(&format!("https://127.0.0.1:{port}"), json!({"retries": null})).call("list", "{}");
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert!(reply.message().contains("TLS with 127.0.0.1"), "{}", reply.message());
}
