//! The check of a server's certificate. The rules are those of rustls. This module also accepts a configured
//! certificate from the server itself, and adds reasons to some refusals.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage};

/// Accepts a certificate that is signed by a trusted root, and one that is configured itself.
#[derive(Debug)]
pub struct Verifier {
    roots: Arc<WebPkiServerVerifier>,
    /// Sorted.
    configured: Vec<CertificateDer<'static>>,
}

/// Why a certificate is refused, where rustls has no error of its own.
#[derive(Debug)]
pub enum Refused {
    /// The certificate is signed with its own key.
    SelfSigned,
    /// The usage of the certificate does not include servers.
    NotForServers,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refused::SelfSigned => "is self-signed",
            Refused::NotForServers => "is not for a server",
        })
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
    }
}

impl Verifier {
    pub fn new(roots: Arc<WebPkiServerVerifier>, mut configured: Vec<CertificateDer<'static>>) -> Verifier {
        configured.sort_unstable_by(|one, other| one.as_ref().cmp(other));
        Verifier { roots, configured }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.configured.binary_search_by(|known| (**known).cmp(end_entity)).is_ok() {
            return verify_configured(end_entity, name, now);
        }
        self.roots.verify_server_cert(end_entity, intermediates, name, ocsp, now).map_err(|error| {
            match lacks_trusted_issuer(&error) && is_self_issued(end_entity) {
                true => Refused::SelfSigned.into(),
                false => error,
            }
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.roots.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.roots.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.roots.supported_verify_schemes()
    }
}

/// Returns whether the error is an unknown issuer, or an authority's certificate that a server uses as its own.
fn lacks_trusted_issuer(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => true,
        Error::InvalidCertificate(CertificateError::Other(OtherError(why))) => {
            matches!(why.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    }
}

/// Verifies a server certificate that equals a configured one byte for byte. It needs no issuer, but its dates, usage
/// and name must be right. The handshake proves that the server has its key.
fn verify_configured(
    certificate: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let parsed = EndEntityCert::try_from(certificate).map_err(from_webpki)?;
    // Without roots, webpki checks only the certificate itself, in this order: its dates, whether it is an authority's,
    // its extended key usage. `tests/tls.rs` checks this order.
    match parsed.verify_for_usage(&[], &[], &[], now, KeyUsage::server_auth(), None, None) {
        Err(webpki::Error::UnknownIssuer) => {}
        Err(webpki::Error::CaUsedAsEndEntity) if is_for_servers(certificate) => {}
        Err(webpki::Error::CaUsedAsEndEntity) => return Err(Refused::NotForServers.into()),
        Err(other) => return Err(from_webpki(other)),
        Ok(_) => return Err(Error::General("a certificate was accepted without roots".into())),
    }
    parsed.verify_is_valid_for_subject_name(name).map_err(from_webpki)?;
    Ok(ServerCertVerified::assertion())
}

/// Converts the errors of webpki that `verify_configured` gets to errors of rustls.
fn from_webpki(error: webpki::Error) -> Error {
    Error::InvalidCertificate(match error {
        webpki::Error::CertExpired { time, not_after } => CertificateError::ExpiredContext { time, not_after },
        webpki::Error::CertNotValidYet { time, not_before } => {
            CertificateError::NotValidYetContext { time, not_before }
        }
        webpki::Error::CertNotValidForName(context) => {
            CertificateError::NotValidForNameContext { expected: context.expected, presented: context.presented }
        }
        webpki::Error::RequiredEkuNotFoundContext(_) => return Refused::NotForServers.into(),
        other => CertificateError::Other(OtherError(Arc::new(other))),
    })
}

/// Returns whether an authority's certificate may be used by a server: its key usage and its extended key usage allow
/// it, or are absent. OpenSSL has the same rule.
fn is_for_servers(certificate: &[u8]) -> bool {
    const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f]; // 2.5.29.15
    const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25]; // 2.5.29.37
    const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1]; // 1.3.6.1.5.5.7.3.1
    const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0]; // 2.5.29.37.0
    /// digitalSignature, keyEncipherment, keyAgreement.
    const FOR_TLS: u8 = 0x80 | 0x20 | 0x08;
    let check = || -> Option<bool> {
        let key_usage = match extension(certificate, KEY_USAGE)? {
            Some(bits) => element(bits)?.0.get(1).is_some_and(|bits| bits & FOR_TLS != 0),
            None => true,
        };
        let extended = match extension(certificate, EXTENDED_KEY_USAGE)? {
            Some(purposes) => elements(element(purposes)?.0)?.iter().any(|id| *id == SERVER_AUTH || *id == ANY_USAGE),
            None => true,
        };
        Some(key_usage && extended)
    };
    check().unwrap_or(false)
}

/// Returns whether a certificate's issuer is its subject. In X.509 v3 they are the fourth and sixth parts of the body.
fn is_self_issued(certificate: &[u8]) -> bool {
    body(certificate).is_some_and(|parts| parts.len() > 5 && parts[3] == parts[5])
}

/// Returns the value of an extension, or `Some(None)` if the certificate does not have it. Returns `None` if the
/// certificate cannot be read.
fn extension<'a>(certificate: &'a [u8], id: &[u8]) -> Option<Option<&'a [u8]>> {
    // Version, serial number, algorithm, issuer, validity, subject, key, extensions.
    let parts = body(certificate)?;
    let Some(extensions) = parts.get(7) else { return Some(None) };
    for extension in elements(element(extensions)?.0)? {
        let parts = elements(extension)?; // id, whether critical, value
        if parts.first() == Some(&id) {
            return Some(parts.last().copied());
        }
    }
    Some(None)
}

/// Returns the parts of the signed body of a certificate.
fn body(certificate: &[u8]) -> Option<Vec<&[u8]>> {
    elements(element(element(certificate)?.0)?.0)
}

/// Returns the contents of consecutive DER elements.
fn elements(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut contents = Vec::new();
    while !bytes.is_empty() {
        let (content, rest) = element(bytes)?;
        contents.push(content);
        bytes = rest;
    }
    Some(contents)
}

/// Returns the content of the first DER element, and the bytes after it.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
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
