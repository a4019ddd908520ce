//! TLS with servers whose certificates are valid, or invalid in a particular way, and the message for each.

mod support;

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use apideck_vault::Status;
use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose, date_time_ymd};
use serde_json::{Value, json};
use support::tls::{Authority, Identity, Responder, TlsServer, VERSIONS, pem_file, response, send, write_out};
use support::vault::Client;
use support::{c, root};

/// Returns `length` bytes of JSON that contain a number.
fn object(number: u32, length: usize) -> String {
    format!("{:length$}}}", format!("{{\"data\":{number}"), length = length - 1)
}

/// Calls a server with this certificate, and checks that it is refused with this message and without a retry.
fn refused(identity: Identity, config: Value, part: &str) {
    let server = TlsServer::start(identity);
    let client = Client::new(&server.url("localhost"), config);
    let reply =
        client.call("connections.list", json!({"retries": {"max_attempts": 3, "backoff": {"initial_interval": 1}}}));
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
            let reply = client.call("connections.list", "{}");
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        }
    }
    assert_eq!(server.requests(), 6);
}

#[test]
fn an_invalid_certificate_is_refused_and_the_message_says_why() {
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

/// Checks that a client with `config` accepts a server with this certificate.
fn accepted(identity: Identity, versions: &[&'static rustls::SupportedProtocolVersion], config: Value) {
    let server = TlsServer::with(identity, versions, |session, _| send(session, &[response("{}")]));
    let reply = Client::new(&server.url("localhost"), config).call("connections.list", "{}");
    assert_eq!(reply.status, Status::Ok, "{versions:?}: {}", reply.text);
}

#[test]
fn a_certificate_in_ca_file_is_accepted_from_the_server_itself() {
    let names = &["localhost"];
    for version in VERSIONS {
        let theirs = Authority::new("theirs");
        for (name, identity) in [
            ("openssl", Identity::of_openssl(names, |_| {})),
            (
                "httptest",
                Identity::of_openssl(names, |params| {
                    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
                    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
                }),
            ),
            (
                "any-usage",
                Identity::of_openssl(names, |params| {
                    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
                }),
            ),
            ("self-signed", Identity::new(None, names, |_| {})),
            ("leaf", Identity::new(Some(&theirs), names, |_| {})),
            ("leaf-with-chain", Identity::new(Some(&theirs), names, |_| {}).with_chain(&theirs)),
        ] {
            let file = pem_file(&format!("itself-{name}"), &identity.pem);
            accepted(identity, &[version], json!({"ca_file": file}));
        }
    }
}

#[test]
fn a_certificate_made_by_openssl_req_x509_is_accepted_from_the_server_itself() {
    let file = root().join("tests/data/certificates/self-signed.pem");
    let pem = std::fs::read_to_string(&file).expect("it is kept");
    accepted(Identity::of_pem(&pem), &VERSIONS, json!({"ca_file": file}));
    refused(Identity::of_pem(&pem), json!({}), "is self-signed and not trusted");
}

#[test]
fn a_certificate_in_ca_file_must_have_valid_dates_usage_and_name() {
    let names = &["localhost"];
    let itself = |name: &str, identity: Identity, part: &str| {
        let file = pem_file(&format!("wrong-{name}"), &identity.pem);
        refused(identity, json!({"ca_file": file}), part);
    };
    itself(
        "name",
        Identity::of_openssl(&["elsewhere.example"], |_| {}),
        "is for another host name (elsewhere.example)",
    );
    itself("no-name", Identity::of_openssl(&[], |_| {}), "names no host in its subject alternative names");
    let expired = |params: &mut rcgen::CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    itself("expired", Identity::of_openssl(names, expired), "has expired on Wed, 01 Jan 2020");
    itself("expired-leaf", Identity::new(None, names, expired), "has expired on Wed, 01 Jan 2020");
    let not_yet = |params: &mut rcgen::CertificateParams| params.not_before = date_time_ymd(4000, 1, 1);
    itself("not-yet", Identity::of_openssl(names, not_yet), "is not valid yet, before Sat, 01 Jan 4000");
    let signs_only = |params: &mut rcgen::CertificateParams| {
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    };
    itself("signs-only", Identity::of_openssl(names, signs_only), "is not for a server");
    let for_clients = |params: &mut rcgen::CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    };
    itself("for-clients", Identity::of_openssl(names, for_clients), "is not for a server");
    itself("for-clients-leaf", Identity::new(None, names, for_clients), "is not for a server");
}

#[test]
fn another_certificate_of_the_same_name_is_not_the_one_in_ca_file() {
    let [ours, theirs] = [0, 1].map(|_| Identity::of_openssl(&["localhost"], |_| {}));
    let config = json!({"ca_file": pem_file("ours-not-theirs", &ours.pem)});
    refused(theirs, config, "is self-signed and not trusted: if it is the expected one, add it to ca_file");
    let authority = Authority::new("ours");
    let below = |params: &mut rcgen::CertificateParams| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "below");
    };
    refused(
        Identity::new(Some(&authority), &["localhost"], below),
        json!({"ca_file": authority.file("above")}),
        "is an authority's certificate: if it is the server's own as well, add it to ca_file",
    );
}

/// A server without the key of its certificate cannot sign the handshake correctly.
#[test]
fn a_certificate_in_ca_file_needs_its_key() {
    let right = Identity::of_openssl(&["localhost"], |_| {});
    let file = pem_file("stolen", &right.pem);
    for version in VERSIONS {
        let server = TlsServer::without_key(&right, version);
        let reply = Client::new(&server.url("localhost"), json!({"ca_file": file})).call("connections.list", "{}");
        assert_eq!(reply.status, Status::Connection, "{}", reply.text);
        assert!(reply.message().contains("the server does not have its key"), "{}", reply.message());
        assert_eq!((server.connections(), server.requests()), (1, 0));
    }
}

#[test]
fn a_byte_order_mark_in_ca_file_is_ignored() {
    let [first, second] = ["first", "second"].map(Authority::new);
    let file = pem_file("marked", format!("\u{feff}{}\u{feff}{}", first.pem, second.pem));
    for authority in [&first, &second] {
        accepted(Identity::new(Some(authority), &["localhost"], |_| {}), &VERSIONS, json!({"ca_file": file}));
    }
}

#[test]
fn certificates_signed_by_ecdsa_with_p521_or_sha512_are_accepted() {
    for name in ["p521", "p384", "p256"] {
        let read = |file: &str| {
            let path = root().join("tests/data/certificates").join(format!("{name}-sha512-{file}.pem"));
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        let config = json!({"ca_file": pem_file(&format!("{name}-sha512"), read("authority"))});
        for version in VERSIONS {
            accepted(Identity::of_pem(&read("server")), &[version], config.clone());
        }
        // Change one bit of the signature, which is at the end.
        let mut forged = Identity::of_pem(&read("server"));
        let mut der = forged.chain[0].to_vec();
        *der.last_mut().expect("a certificate has bytes") ^= 1;
        forged.chain[0] = der.into();
        refused(forged, config, "is not signed with the key it names");
    }
}

/// Makes a call in a new process, because a process has only one environment.
fn call_with(environment: &[(&str, &str)], url: &str, config: Value) -> String {
    let members = config.to_string().trim_matches(['{', '}']).to_string();
    let members = if members.is_empty() { members } else { format!(",{members}") };
    let mut command = Command::new(c::program("tests/c/one_call.c"));
    command.args([url, &members]).envs(environment.iter().copied());
    c::run(&mut command)
}

#[test]
fn certificates_of_ssl_cert_file_and_ssl_cert_dir_are_trusted_too() {
    let [authority, other] = ["by-variable", "other"].map(Authority::new);
    let directory = pem_file("directory", "").with_extension("d");
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    std::fs::write(directory.join("authority.crt"), &authority.pem).expect("a temporary file");
    let (file, directory) = (authority.file("by-variable"), directory.display().to_string());
    let several = format!("/nonexistent:{directory}");
    let server = TlsServer::start(Identity::new(Some(&authority), &["localhost"], |_| {}));
    for config in [json!({}), json!({"tls_roots": "system"}), json!({"ca_file": other.file("besides")})] {
        for (variable, value) in
            [("SSL_CERT_FILE", file.to_str().expect("UTF-8")), ("SSL_CERT_DIR", &directory), ("SSL_CERT_DIR", &several)]
        {
            let out = call_with(&[(variable, value)], &server.url("localhost"), config.clone());
            assert!(out.starts_with("OK"), "{variable} {config}: {out}");
        }
    }
    // A certificate in SSL_CERT_FILE is accepted from the server itself too.
    let itself = Identity::of_openssl(&["localhost"], |_| {});
    let file = pem_file("itself-by-variable", &itself.pem);
    let server = TlsServer::start(itself);
    let out = call_with(&[("SSL_CERT_FILE", file.to_str().expect("UTF-8"))], &server.url("localhost"), json!({}));
    assert!(out.starts_with("OK"), "{out}");
    let out = call_with(&[("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", "")], &server.url("localhost"), json!({}));
    assert!(out.contains("is self-signed and not trusted"), "{out}");
}

#[test]
fn the_message_for_an_unreadable_store_names_its_variable() {
    let empty = pem_file("empty", "no certificate\n");
    let empty = empty.to_str().expect("UTF-8");
    for (variable, value, part) in [
        ("SSL_CERT_FILE", "/nonexistent.pem", "SSL_CERT_FILE: cannot be read: No such file"),
        ("SSL_CERT_FILE", empty, "SSL_CERT_FILE: contains no certificate"),
        ("SSL_CERT_DIR", "/nonexistent:/neither", "SSL_CERT_DIR: cannot be read: No such file"),
    ] {
        let out = call_with(&[(variable, value)], "https://vault.invalid", json!({}));
        assert!(out.starts_with("INVALID_ARGUMENT") && out.contains(part), "{out}");
    }
}

#[test]
fn the_roots_of_the_operating_system_replace_the_bundled_ones() {
    let error = |config: Value| Client::from_text(&config.to_string()).err().expect("refused");
    let roots = |value: Value| json!({"api_key": "k", "app_id": "a", "tls_roots": value});
    assert!(error(roots(json!("native"))).contains("tls_roots: expected \\\"bundled\\\" or \\\"system\\\""));
    assert!(error(roots(json!(true))).contains("tls_roots: "));
    for value in [json!("bundled"), json!("system"), Value::Null] {
        assert!(Client::from_text(&roots(value.clone()).to_string()).is_ok(), "{value}");
    }
    // A certificate that neither store trusts is refused with both.
    for value in ["bundled", "system"] {
        refused(Identity::new(None, &["localhost"], |_| {}), json!({"tls_roots": value}), "is self-signed");
    }
}

#[test]
fn bytes_after_a_response_are_not_the_response_to_the_next_call() {
    // The response is larger than one read, so that the bytes after it stay in the socket.
    let planted: Responder = |session, _| send(session, &[response(&object(1, 9_000)), response(&object(2, 6_000))]);
    // The server sends close_notify, but keeps the connection open until the client closes it.
    let notified: Responder = |session, _| {
        let mut packet = Vec::new();
        session.conn.writer().write_all(response(&object(1, 9_000)).as_bytes()).expect("a buffer");
        session.conn.send_close_notify();
        write_out(session, &mut packet);
        let _ = session.sock.write_all(&packet).and_then(|()| std::io::copy(&mut session.sock, &mut std::io::sink()));
        false
    };
    for (respond, name) in [(planted, "planted"), (notified, "notified")] {
        let authority = Authority::new("ours");
        let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, respond);
        let config = json!({"ca_file": authority.file(name), "retries": null});
        let client = Client::new(&server.url("localhost"), config);
        for _ in 0..3 {
            let reply = client.call("connections.token", json!({"service_id": "a", "unified_api": "b"}));
            assert_eq!(reply.status, Status::Ok, "{}", reply.text);
            assert_eq!(reply.json()["body"], json!({"data": 1}));
        }
        assert_eq!(server.requests(), 3);
    }
}

#[test]
fn a_session_that_ends_during_a_request_is_replaced_if_the_request_may_be_repeated() {
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
    for (operation, status) in [
        ("connections.get", Status::Ok),
        ("connections.get", Status::Ok),
        ("connections.delete", Status::Ok),
        ("connections.token", Status::Connection),
    ] {
        let reply = client.call(operation, &one);
        assert_eq!(reply.status, status, "{}", reply.text);
        if status == Status::Ok {
            assert_eq!(reply.json()["http"]["attempts"], 1, "a replaced connection is not an attempt");
        }
    }
    assert_eq!(server.requests(), 6);
}

#[test]
fn a_chunk_size_without_end_is_an_invalid_response() {
    let endless: Responder = |session, _| {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        send(session, &[head.to_string(), "0".repeat(200_000)]) // and the connection stays open
    };
    let authority = Authority::new("ours");
    let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, endless);
    let client = Client::new(&server.url("localhost"), json!({"ca_file": authority.file("endless")}));
    let reply = client.call("connections.list", "{}");
    assert_eq!(reply.status, Status::InvalidResponse, "{}", reply.text);
    assert_eq!(reply.json()["error"]["retryable"], false, "{}", reply.text);
    assert_eq!(server.requests(), 1);
}

#[test]
fn an_unusual_response_is_read_however_it_is_split_into_records() {
    let unusual: Responder = |session, served| {
        let interim = "HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n";
        let head = "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n";
        // The body is several records long, in a chunk whose size line is longer than `ureq` reads.
        let body = object(u32::try_from(served).expect("few requests"), 60_000);
        let chunk = format!("{:x};padding={}\r\n{body}\r\n", body.len(), "a".repeat(1_000));
        let end = "0\r\nX-Trailer: a\r\n b\r\n\r\n";
        let (begin, rest) = head.split_at(20);
        send(session, &[interim.into(), begin.into(), rest.into(), chunk, end.into()])
    };
    let authority = Authority::new("ours");
    let server = TlsServer::with(Identity::new(Some(&authority), &["localhost"], |_| {}), &VERSIONS, unusual);
    let client = Client::new(&server.url("localhost"), json!({"ca_file": authority.file("unusual")}));
    for _ in 0..3 {
        let reply = client.call("connections.list", "{}");
        assert_eq!(reply.status, Status::Ok, "{}", reply.text);
        assert_eq!(reply.body().len(), 60_000);
    }
    assert_eq!((server.connections(), server.requests()), (1, 3), "the connection is kept alive");
}

#[test]
fn nothing_switches_verification_off() {
    for key in ["insecure", "verify", "verify_tls", "disable_verification", "danger_accept_invalid_certs"] {
        let config = json!({"api_key": "k", "app_id": "a", key: false}).to_string();
        let error = Client::from_text(&config).err().expect("refused");
        assert!(error.contains("unknown key"), "{error}");
    }
    // The key for plain http does not weaken TLS.
    refused(Identity::new(None, &["localhost"], |_| {}), json!({"allow_insecure_http": true}), "is self-signed");
}

#[test]
fn the_message_for_a_server_without_tls_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let reply = Client::new(&format!("https://127.0.0.1:{port}"), json!({})).call("connections.list", "{}");
    assert_eq!(reply.status, Status::Connection, "{}", reply.text);
    let words = "127.0.0.1 does not speak TLS on this port: check the scheme and port of server_url";
    assert_eq!((reply.message().as_str(), &reply.json()["error"]["retryable"]), (words, &json!(false)));
}
