//! TLS for real: an authority made here, certificates that are right and wrong in every way, and the
//! message that says which.

mod support;

use std::io::Write;
use std::net::TcpListener;
use std::thread;

use apideck_vault::Status;
use rcgen::date_time_ymd;
use serde_json::{Value, json};
use support::tls::{Authority, Identity, Responder, TlsServer, VERSIONS, response, send, write_out};
use support::vault::Client;

/// So many bytes of JSON around a number.
fn object(number: u32, length: usize) -> String {
    format!("{:length$}}}", format!("{{\"data\":{number}"), length = length - 1)
}

/// Calls a server with this certificate: it is refused in these words, once, whatever the retries.
fn refused(identity: Identity, config: Value, part: &str) {
    let server = TlsServer::start(identity);
    let client = Client::new(&server.url("localhost"), config);
    let reply = client.call("list", json!({"retries": {"max_attempts": 3, "backoff": {"initial_interval": 1}}}));
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert!(reply.message().contains(part), "{}", reply.message());
    assert_eq!(reply.json()["error"]["retryable"], false, "{}", reply.text);
    assert_eq!((server.connections(), server.requests()), (1, 0), "it is tried once, and no request got through");
}

#[test]
fn a_server_of_an_authority_that_ca_file_names_is_trusted() {
    let authority = Authority::new("ours");
    let server = TlsServer::start(Identity::new(Some(&authority), &["localhost", "127.0.0.1"], |_| {}));
    let config = json!({"ca_file": authority.file("ours")});
    for host in ["localhost", "127.0.0.1"] {
        let client = Client::new(&server.url(host), config.clone());
        for _ in 0..3 {
            let reply = client.call("list", "{}");
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        }
    }
    assert_eq!(server.requests(), 6);
}

#[test]
fn a_certificate_that_is_not_right_is_refused_and_the_message_says_why() {
    let authority = Authority::new("ours");
    let trusting = json!({"ca_file": authority.file("trusted")});
    let names = &["localhost"];
    refused(
        Identity::new(Some(&authority), &["elsewhere.example"], |_| {}),
        trusting.clone(),
        "is for another host name",
    );
    refused(
        Identity::new(Some(&authority), names, |params| params.not_after = date_time_ymd(2020, 1, 1)),
        trusting.clone(),
        "has expired",
    );
    refused(
        Identity::new(Some(&authority), names, |params| params.not_before = date_time_ymd(4000, 1, 1)),
        trusting.clone(),
        "is not valid yet",
    );
    refused(Identity::new(None, names, |_| {}), trusting.clone(), "is self-signed");
    refused(
        Identity::new(Some(&Authority::new("theirs")), names, |_| {}),
        trusting,
        "an authority that is not trusted",
    );
    refused(Identity::new(Some(&authority), names, |_| {}), json!({}), "an authority that is not trusted");
}

#[test]
fn what_a_server_sends_behind_an_answer_is_no_answer_to_the_next_call() {
    // More than is taken from the wire at once, so that what is behind waits there.
    let planted: Responder = |session, _| send(session, &[response(&object(1, 9_000)), response(&object(2, 6_000))]);
    // The word that no more will come; the connection itself stays open until the client goes.
    let notified: Responder = |session, _| {
        let mut packet = Vec::new();
        session.conn.writer().write_all(response(&object(1, 9_000)).as_bytes()).expect("a buffer");
        session.conn.send_close_notify();
        write_out(session, &mut packet);
        let _ = session.sock.write_all(&packet).and_then(|()| std::io::copy(&mut session.sock, &mut std::io::sink()));
        false
    };
    for (answers, name) in [(planted, "planted"), (notified, "notified")] {
        let authority = Authority::new("ours");
        let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, answers);
        let config = json!({"ca_file": authority.file(name), "retries": null});
        let client = Client::new(&server.url("localhost"), config);
        for _ in 0..3 {
            let reply = client.call("token", json!({"service_id": "a", "unified_api": "b"}));
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
            assert_eq!(reply.json()["body"], json!({"data": 1}));
        }
        assert_eq!(server.requests(), 3);
    }
}

#[test]
fn a_session_that_ends_under_a_request_is_replaced_for_what_may_be_repeated() {
    let once: Responder = |session, number| {
        if number == 0 {
            return send(session, &[response("{}")]);
        }
        session.conn.send_close_notify();
        let _ = session.flush();
        false
    };
    let authority = Authority::new("ours");
    let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, once);
    let config = json!({"ca_file": authority.file("once"), "retries": null});
    let client = Client::new(&server.url("localhost"), config);
    let one = json!({"service_id": "a", "unified_api": "b"});
    for (operation, status) in
        [("get", Status::Ok), ("get", Status::Ok), ("delete", Status::Ok), ("token", Status::Connection)]
    {
        let reply = client.call(operation, &one);
        assert_eq!(reply.status, status, "{}", reply.text);
        if status == Status::Ok {
            assert_eq!(reply.json()["http"]["attempts"], 1, "a replaced connection is no attempt");
        }
    }
    assert_eq!(server.requests(), 6);
}

#[test]
fn a_chunk_whose_size_has_no_end_is_an_answer_that_is_not_understood() {
    let endless: Responder = |session, _| {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        send(session, &[head.to_string(), "0".repeat(200_000)]) // and the connection stays open
    };
    let authority = Authority::new("ours");
    let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, endless);
    let client = Client::new(&server.url("localhost"), json!({"ca_file": authority.file("endless")}));
    let reply = client.call("list", "{}");
    assert_eq!(reply.status, Status::InvalidResponse, "{}", reply.text);
    assert_eq!(reply.json()["error"]["retryable"], false, "{}", reply.text);
    assert_eq!(server.requests(), 1);
}

#[test]
fn nothing_switches_verification_off() {
    for key in ["insecure", "verify", "verify_tls", "disable_verification", "danger_accept_invalid_certs"] {
        let config = json!({"api_key": "k", "app_id": "a", key: false}).to_string();
        let error = Client::from_text(&config).err().expect("refused");
        assert!(error.contains("unknown key"), "{error}");
    }
    // What plain http needs does not loosen TLS.
    refused(Identity::new(None, &["localhost"], |_| {}), json!({"allow_insecure_http": true}), "is self-signed");
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
    let reply = Client::new(&format!("https://127.0.0.1:{port}"), json!({})).call("list", "{}");
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    assert!(reply.message().contains("TLS with 127.0.0.1"), "{}", reply.message());
}
