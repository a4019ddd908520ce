//! TLS over a connection, with rustls. Certificates are always verified; there is no way to switch that
//! off.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct};
use rustls::{OtherError, RootCertStore, SignatureScheme, Stream};
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
                let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                    .build()
                    .map_err(|e| e.to_string())?;
                let config = ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(|e| e.to_string())?
                    .dangerous() // it only explains: see Explaining
                    .with_custom_certificate_verifier(Arc::new(Explaining(verifier)))
                    .with_no_client_auth();
                Ok(Box::new(Arc::new(config)))
            })
            .cloned()
            .map_err(|e: String| attempt::fail(Broken::Unaccounted(format!("TLS: {e}"))))
    }
}

/// The usual verifier, whose every refusal stands; but of an unknown issuer it also says whether that is
/// the server itself.
#[derive(Debug)]
struct Explaining(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Explaining {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.verify_server_cert(end_entity, intermediates, name, ocsp, now).map_err(|error| match error {
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) if is_self_issued(end_entity) => {
                rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(SelfSigned))))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[derive(Debug)]
struct SelfSigned;

impl fmt::Display for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is self-signed and not trusted (see ca_file)")
    }
}

impl std::error::Error for SelfSigned {}

/// Whether a certificate's issuer is its subject: the fourth and sixth parts of its body, where the
/// version comes first (X.509 v3).
fn is_self_issued(certificate: &[u8]) -> bool {
    let parts = || -> Option<bool> {
        let (certificate, _) = der(certificate)?;
        let (mut rest, _) = der(certificate)?;
        let mut parts = [&[][..]; 6]; // version, serial, algorithm, issuer, validity, subject
        for part in &mut parts {
            (*part, rest) = der(rest)?;
        }
        Some(parts[3] == parts[5])
    };
    parts().unwrap_or(false)
}

/// The content of the first DER element, and what follows it.
fn der(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match usize::from(length) {
        short @ 0..=127 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long - 128)?;
            (digits.iter().try_fold(0usize, |sum, digit| sum.checked_mul(256)?.checked_add(usize::from(*digit)))?, rest)
        }
    };
    rest.split_at_checked(length)
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
            session.complete_io(&mut wire).map_err(|e| attempt::fail(refusal(host, &e)))?;
        }
        // Room for more than the largest head that is taken, so that one which is too large is seen to be.
        let buffers = LazyBuffers::new(80 * 1024, 16 * 1024);
        Ok(Some(Either::B(Secured { session, wire, buffers })))
    }
}

/// Why there is no TLS with `host`, in words that say what to do. A refused certificate is refused every time.
fn refusal(host: &str, error: &io::Error) -> Broken {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Broken::NotConnected(match error.kind() {
            io::ErrorKind::UnexpectedEof => format!("{host} closed the connection while TLS was set up"),
            _ => format!("TLS with {host}: {error}"),
        });
    };
    match error {
        rustls::Error::InvalidCertificate(certificate) => Broken::Refused(refused(host, certificate)),
        other => Broken::NotConnected(format!("TLS with {host}: {other}")),
    }
}

fn refused(host: &str, certificate: &CertificateError) -> String {
    let why = match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host name"
        }
        CertificateError::UnknownIssuer => "is signed by an authority that is not trusted (see ca_file)",
        CertificateError::Revoked => "is revoked",
        CertificateError::Other(OtherError(why)) if why.is::<SelfSigned>() => {
            return format!("the certificate of {host} {why}");
        }
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

impl Secured {
    /// Whether all that has come was of answers that are over: what is left would be taken for the next one, or is
    /// the server's word that it sends no more.
    fn has_nothing_left(&mut self) -> Result<bool, Box<dyn std::error::Error>> {
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
            return Err(attempt::fail(Broken::without_end(self.buffers.input().len())));
        }
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
        if amount == 0 && self.buffers.input().is_empty() {
            // What the wire has brought was the end of the session, not a part of an answer.
            attempt::with(|attempt| attempt.phase = attempt.phase.before_reading());
        }
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.has_nothing_left().unwrap_or(false) && self.wire.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
