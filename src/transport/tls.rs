//! TLS over a connection, with rustls. Certificates are always verified; there is no way to switch that
//! off.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, Stream};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use super::attempt::{self, Broken, Phase};

/// Whom a client trusts; the store is built when the first https connection is made.
pub struct Settings {
    authorities: Vec<CertificateDer<'static>>,
    config: OnceBox<Arc<ClientConfig>>,
}

impl Settings {
    pub fn new(authorities: &[CertificateDer<'static>]) -> Settings {
        Settings { authorities: authorities.to_vec(), config: OnceBox::new() }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        self.config
            .get_or_try_init(|| {
                let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                roots.add_parsable_certificates(self.authorities.iter().cloned());
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
                Ok(Box::new(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
            })
            .cloned()
            .map_err(|e: rustls::Error| attempt::fail(Broken::Unaccounted(format!("TLS: {e}"))))
    }
}

pub struct Tls {
    settings: Arc<Settings>,
}

impl Tls {
    pub fn new(settings: Arc<Settings>) -> Tls {
        Tls { settings }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Secured>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        attempt::with(|attempt| attempt.phase = Phase::Handshaking);
        let host = details.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let fail = |reason: String| attempt::fail(Broken::NotConnected(reason));
        let name = ServerName::try_from(host.to_string())
            .map_err(|_| fail(format!("{host} is not a name that a certificate can have")))?;
        let mut session =
            ClientConnection::new(self.settings.config()?, name).map_err(|e| fail(format!("TLS with {host}: {e}")))?;
        let mut wire = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        while session.is_handshaking() {
            session.complete_io(&mut wire).map_err(|e| fail(refusal(host, &e)))?;
        }
        let buffers = LazyBuffers::new(64 * 1024, 16 * 1024);
        Ok(Some(Either::B(Secured { session, wire, buffers })))
    }
}

/// Why there is no TLS with `host`, in words for whoever has to mend it.
fn refusal(host: &str, error: &io::Error) -> String {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof => format!("{host} closed the connection while TLS was set up"),
            _ => format!("TLS with {host}: {error}"),
        };
    };
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        other => return format!("TLS with {host}: {other}"),
    };
    let why = match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host name"
        }
        CertificateError::UnknownIssuer => {
            "is not signed by an authority that is trusted (an unknown issuer, or self-signed; see ca_file)"
        }
        CertificateError::Revoked => "is revoked",
        other => return format!("the certificate of {host} is refused: {other}"),
    };
    format!("the certificate of {host} {why}")
}

/// A connection with TLS on it.
pub struct Secured {
    session: ClientConnection,
    wire: TransportAdapter,
    buffers: LazyBuffers,
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secured")
    }
}

impl Transport for Secured {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let output = &mut self.buffers.output()[..amount];
        let written = Stream::new(&mut self.session, &mut self.wire).write_all(output);
        zeroize::Zeroize::zeroize(output); // the key was in it
        Ok(written?)
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let input = self.buffers.input_append_buf();
        let amount = match Stream::new(&mut self.session, &mut self.wire).read(input) {
            Ok(amount) => amount,
            // A server that ends without saying so in TLS: the length of the body, or its JSON, tells
            // whether anything is missing.
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(e) => {
                if let Some(tls) = e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Err(attempt::fail(Broken::Lost(format!("TLS: {tls}"))));
                }
                return Err(e.into());
            }
        };
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.wire.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
