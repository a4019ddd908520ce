//! A server that speaks TLS, with a certificate that a test makes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// An authority that signs certificates for tests.
pub struct Authority {
    pub issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// Writes the authority's certificate to a file, for `ca_file`.
    pub fn file(&self, name: &str) -> PathBuf {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pem", std::process::id()));
        std::fs::write(&path, &self.pem).expect("a temporary file");
        path
    }
}

/// A server's certificate and key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub key: KeyPair,
}

pub fn identity(
    authority: Option<&Authority>,
    names: &[&str],
    change: impl FnOnce(&mut CertificateParams),
) -> Identity {
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
pub type Session = StreamOwned<ServerConnection, TcpStream>;

/// Handles the request with this number on its connection. Returns whether the session goes on.
pub type Answers = fn(&mut Session, usize) -> bool;

/// Responds to https with an object, and counts the requests that arrive.
pub fn serve(identity: Identity) -> (u16, Arc<AtomicUsize>) {
    serve_with(identity, |session, _| session.write_all(answer("{}").as_bytes()).is_ok())
}

pub fn serve_with(identity: Identity, answers: Answers) -> (u16, Arc<AtomicUsize>) {
    let (port, served, _) = serve_counting(identity, answers);
    (port, served)
}

/// Returns the port, the number of requests and the number of connections.
pub fn serve_counting(identity: Identity, answers: Answers) -> (u16, Arc<AtomicUsize>, Arc<AtomicUsize>) {
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

pub fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}
