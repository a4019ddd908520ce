//! TLS over a connection, with rustls. Certificates are always verified. Verification cannot be switched off.

mod algorithms;
mod refusal;
mod verifier;

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

use super::attempt::{self, Phase, TransportError};
use crate::trust::Trust;
use verifier::Verifier;

/// The certificates that a client trusts. The root store is built when the first https connection is made.
pub struct Settings {
    without_bundled: bool,
    certificates: Vec<CertificateDer<'static>>,
    config: OnceBox<Arc<ClientConfig>>,
}

impl Settings {
    pub fn new(trust: &Trust) -> Settings {
        let Trust { without_bundled, certificates } = trust;
        Settings { without_bundled: *without_bundled, certificates: certificates.clone(), config: OnceBox::new() }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        self.config
            .get_or_try_init(|| {
                let mut roots = RootCertStore::empty();
                if !self.without_bundled {
                    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                }
                roots.add_parsable_certificates(self.certificates.iter().cloned());
                let provider = Arc::new(algorithms::provider());
                let by_roots = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                    .build()
                    .map_err(|e| e.to_string())?;
                let verifier = Verifier::new(by_roots, self.certificates.clone());
                let config = ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(|e| e.to_string())?
                    .dangerous() // verifier.rs documents what `Verifier` adds
                    .with_custom_certificate_verifier(Arc::new(verifier))
                    .with_no_client_auth();
                Ok(Box::new(Arc::new(config)))
            })
            .cloned()
            .map_err(|e: String| attempt::fail(TransportError::Unexpected(format!("TLS: {e}"))))
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
        let fail = |reason: String| attempt::fail(TransportError::Refused(reason));
        let name = ServerName::try_from(host.to_string())
            .map_err(|_| fail(refusal::message(host, &rustls::Error::UnsupportedNameType)))?;
        let mut session = ClientConnection::new(self.settings.config()?, name)
            .map_err(|e| attempt::fail(TransportError::NotConnected(refusal::message(host, &e))))?;
        let mut wire = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        while session.is_handshaking() {
            session.complete_io(&mut wire).map_err(|e| attempt::fail(refusal::handshake_error(host, &e)))?;
        }
        // The buffer is larger than the largest head that is accepted, so that a larger one is detected.
        let buffers = LazyBuffers::new(80 * 1024, 16 * 1024);
        Ok(Some(Either::B(Secured { session, wire, buffers, host: host.to_string() })))
    }
}

/// A connection with TLS.
pub struct Secured {
    session: ClientConnection,
    wire: TransportAdapter,
    buffers: LazyBuffers,
    host: String,
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secured")
    }
}

impl Secured {
    /// Returns whether every byte that arrived belongs to a response that was read. Any other byte would be read as the
    /// next response, or means that the server sends no more.
    fn is_drained(&mut self) -> Result<bool, Box<dyn std::error::Error>> {
        loop {
            let state = self.session.process_new_packets()?;
            if state.plaintext_bytes_to_read() > 0 || state.peer_has_closed() {
                return Ok(false);
            }
            let buffers = self.wire.get_mut().buffers();
            let mut rest = buffers.input();
            if rest.is_empty() {
                return Ok(true);
            }
            let taken = self.session.read_tls(&mut rest)?;
            buffers.input_consume(taken);
        }
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
        if input.is_empty() {
            return Err(attempt::fail(TransportError::endless(self.buffers.input().len())));
        }
        let amount = match Stream::new(&mut self.session, &mut self.wire).read(input) {
            Ok(amount) => amount,
            // The server closed the connection without a TLS close_notify. The length of the body, or its JSON, shows
            // whether anything is missing.
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(e) => {
                if let Some(tls) = e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Err(attempt::fail(TransportError::ConnectionLost(refusal::message(&self.host, tls))));
                }
                return Err(e.into());
            }
        };
        self.buffers.input_appended(amount);
        if amount == 0 && self.buffers.input().is_empty() {
            // The bytes that arrived ended the TLS session. They are not a part of a response.
            attempt::with(|attempt| attempt.phase = attempt.phase.before_reading());
        }
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.is_drained().unwrap_or(false) && self.wire.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
