//! TLS servers for tests, with new certificate authorities and with valid and invalid certificates.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

/// The two versions of TLS that the library supports.
pub const VERSIONS: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

/// Writes a file for `ca_file`.
pub fn pem_file(name: &str, pem: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pem", std::process::id()));
    std::fs::write(&path, pem).expect("a temporary file");
    path
}

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Authority { pem: certificate.pem(), certificate: certificate.der().clone(), issuer: Issuer::new(params, key) }
    }

    /// Writes the authority's certificate to a file for `ca_file`.
    pub fn file(&self, name: &str) -> PathBuf {
        pem_file(name, &self.pem)
    }
}

/// A server's certificate chain and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub pem: String,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Makes a certificate that is signed by `authority`, or self-signed.
    pub fn new(authority: Option<&Authority>, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        let mut params = CertificateParams::new(names).expect("valid names");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = match authority {
            Some(authority) => params.signed_by(&key, &authority.issuer),
            None => params.self_signed(&key),
        }
        .expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a private key");
        Identity { chain: vec![certificate.der().clone()], pem: certificate.pem(), key }
    }

    /// Makes a self-signed certificate that is also an authority's, as `openssl req -x509` and Go's `httptest` do.
    pub fn of_openssl(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        Identity::new(None, names, |params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            change(params);
        })
    }

    /// Reads certificates, and the key of the first one, from PEM.
    pub fn of_pem(pem: &str) -> Identity {
        let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().expect("PEM");
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a private key");
        Identity { chain, pem: pem.to_string(), key }
    }

    /// Adds the certificate of an authority to the chain.
    pub fn with_chain(mut self, authority: &Authority) -> Identity {
        self.chain.push(authority.certificate.clone());
        self
    }
}

/// A server's session with one client.
pub type Session = StreamOwned<ServerConnection, TcpStream>;

/// Handles the request with this number on its connection. Returns whether the session continues.
pub type Responder = fn(&mut Session, usize) -> bool;

/// An https server on 127.0.0.1.
pub struct TlsServer {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl TlsServer {
    /// Starts a server that responds with an object.
    pub fn start(identity: Identity) -> TlsServer {
        TlsServer::with(identity, &VERSIONS, |session, _| send(session, &[response("{}")]))
    }

    pub fn with(
        identity: Identity,
        versions: &[&'static SupportedProtocolVersion],
        respond: impl Fn(&mut Session, usize) -> bool + Send + Sync + 'static,
    ) -> TlsServer {
        TlsServer::certified(identity.chain, &identity.key, versions, respond)
    }

    /// Starts a server that does not have the key of its certificate.
    pub fn without_key(identity: &Identity, version: &'static SupportedProtocolVersion) -> TlsServer {
        let other = Identity::new(None, &["localhost"], |_| {});
        TlsServer::certified(identity.chain.clone(), &other.key, &[version], |_, _| false)
    }

    fn certified(
        chain: Vec<CertificateDer<'static>>,
        key: &PrivateKeyDer<'static>,
        versions: &[&'static SupportedProtocolVersion],
        respond: impl Fn(&mut Session, usize) -> bool + Send + Sync + 'static,
    ) -> TlsServer {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = provider.key_provider.load_private_key(key.clone_key()).expect("a private key");
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("the versions are supported")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key))));
        let (config, respond) = (Arc::new(config), Arc::new(respond));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let server = TlsServer { port, connections: Arc::default(), heads: Arc::default() };
        let (connections, heads) = (Arc::clone(&server.connections), Arc::clone(&server.heads));
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::AcqRel);
                let (config, respond, heads) = (Arc::clone(&config), Arc::clone(&respond), Arc::clone(&heads));
                thread::spawn(move || {
                    let mut session = StreamOwned::new(ServerConnection::new(config).expect("a session"), tcp);
                    let (mut head, mut byte, mut number) = (Vec::new(), [0], 0);
                    while let Ok(1) = session.read(&mut byte) {
                        head.push(byte[0]);
                        if head.ends_with(b"\r\n\r\n") {
                            heads.lock().expect("not poisoned").push(String::from_utf8_lossy(&head).into_owned());
                            head.clear();
                            if !respond(&mut session, number) {
                                break;
                            }
                            number += 1;
                        }
                    }
                });
            }
        });
        server
    }

    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Acquire)
    }

    /// Returns the number of requests that arrived.
    pub fn requests(&self) -> usize {
        self.heads().len()
    }

    /// Returns the heads of the requests that arrived.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("not poisoned").clone()
    }
}

pub fn response(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Sends each text in separate TLS records, but all in one write. Returns whether the write succeeded.
pub fn send(session: &mut Session, texts: &[String]) -> bool {
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

pub fn write_out(session: &mut Session, packet: &mut Vec<u8>) {
    while session.conn.wants_write() {
        session.conn.write_tls(packet).expect("a write to a Vec cannot fail");
    }
}
