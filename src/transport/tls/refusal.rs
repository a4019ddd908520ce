//! Messages for TLS errors: each says what is wrong and what to do. Pure.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, OtherError, PeerIncompatible};

use super::verifier::Refused;
use crate::transport::attempt::TransportError;

/// Returns the error of a failed handshake with `host`.
pub fn handshake_error(host: &str, error: &io::Error) -> TransportError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(error) if is_permanent(error) => TransportError::Refused(message(host, error)),
        Some(error) => TransportError::NotConnected(message(host, error)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => TransportError::NotConnected(format!(
            "{host} closed the connection during the TLS handshake: check that this port of server_url speaks TLS"
        )),
        None => TransportError::NotConnected(format!("the TLS handshake with {host} failed: {error}")),
    }
}

/// Returns whether another handshake would fail in the same way: the server's certificate is refused, or one side does
/// not support what the other requires.
fn is_permanent(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(_)
        | Error::NoCertificatesPresented
        | Error::UnsupportedNameType
        | Error::PeerIncompatible(_)
        | Error::InvalidMessage(InvalidMessage::InvalidContentType) => true,
        Error::AlertReceived(alert) => !matches!(
            alert,
            AlertDescription::CloseNotify
                | AlertDescription::UserCanceled
                | AlertDescription::InternalError
                | AlertDescription::BadRecordMac
                | AlertDescription::DecryptError
                | AlertDescription::DecodeError
        ),
        _ => false,
    }
}

/// Returns the message for a TLS error of a connection to `host`.
pub fn message(host: &str, error: &Error) -> String {
    match error {
        Error::InvalidCertificate(certificate) => {
            format!("the certificate of {host} {}", of_certificate(host, certificate))
        }
        Error::NoCertificatesPresented => format!("{host} sent no certificate: configure one on the server"),
        Error::UnsupportedNameType => format!("{host} is not a name that a certificate can have"),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            format!("{host} does not speak TLS on this port: check the scheme and port of server_url")
        }
        Error::PeerIncompatible(why) => format!("{host} {}", of_incompatibility(why)),
        Error::AlertReceived(alert) => {
            format!("{host} ended TLS with the alert {}{}", alert_name(*alert), of_alert(*alert))
        }
        Error::PeerSentOversizedRecord
        | Error::InvalidMessage(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::PeerMisbehaved(_) => {
            format!("{host} violated the TLS protocol ({}): report this to its operator", violation(error))
        }
        Error::DecryptError => format!("a TLS record from {host} was damaged in transit: it could not be decrypted"),
        Error::FailedToGetCurrentTime => "the clock of this machine is set before 1970: correct it".into(),
        Error::FailedToGetRandomBytes => "the operating system gave no random bytes, which TLS needs".into(),
        other => format!("TLS with {host} failed: {other}"),
    }
}

/// Returns the part of a message that follows "the certificate of HOST".
fn of_certificate(host: &str, error: &CertificateError) -> String {
    use CertificateError as E;
    const CLOCK: &str = "renew it on the server, or correct this machine's clock";
    match error {
        E::Expired => format!("has expired: {CLOCK}"),
        E::ExpiredContext { time, not_after } => {
            format!("has expired on {} (it is now {}): {CLOCK}", Date(*not_after), Date(*time))
        }
        E::NotValidYet => "is not valid yet: correct this machine's clock, or the certificate".into(),
        E::NotValidYetContext { time, not_before } => format!(
            "is not valid yet, before {} (it is now {}): correct this machine's clock, or the certificate",
            Date(*not_before),
            Date(*time)
        ),
        E::NotValidForName => {
            format!("is for another host name: correct server_url, or give {host} a certificate of its name")
        }
        E::NotValidForNameContext { presented, .. } => match names(presented) {
            names if names.is_empty() => format!(
                "names no host in its subject alternative names (its common name does not count): \
                 give {host} a certificate that names it"
            ),
            names => format!(
                "is for another host name ({names}): correct server_url, or give {host} a certificate of its name"
            ),
        },
        E::UnknownIssuer => {
            "is signed by an authority that is not trusted: add the authority's certificate to ca_file, \
             or set tls_roots to \"system\" if the operating system trusts it"
                .into()
        }
        E::Revoked => "is revoked: replace it on the server".into(),
        E::UnknownRevocationStatus | E::ExpiredRevocationList | E::ExpiredRevocationListContext { .. } => {
            "cannot be checked for revocation: the revocation list is missing or out of date".into()
        }
        E::BadEncoding => "cannot be read: it is not a well-formed X.509 certificate; replace it on the server".into(),
        E::UnhandledCriticalExtension => {
            "has a critical extension that is not supported: replace it on the server".into()
        }
        E::BadSignature => {
            "is not signed with the key it names, or the server does not have its key: replace it on the server".into()
        }
        E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed with an algorithm that is not supported: replace it with one of ECDSA, Ed25519 or RSA (2048 to \
             8192 bits) and SHA-256, SHA-384 or SHA-512"
                .into()
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => NOT_FOR_SERVERS.into(),
        E::InvalidOcspResponse => "has a revocation status (OCSP) that is not valid: correct it on the server".into(),
        E::ApplicationVerificationFailure => "is refused".into(),
        E::Other(OtherError(why)) => match (why.downcast_ref(), why.downcast_ref()) {
            (Some(Refused::SelfSigned), _) => {
                "is self-signed and not trusted: if it is the expected one, add it to ca_file".into()
            }
            (Some(Refused::NotForServers), _) => NOT_FOR_SERVERS.into(),
            (_, Some(error)) => of_webpki(error).into(),
            _ => "is refused".into(),
        },
        #[allow(deprecated, reason = "rustls can still return it")]
        E::UnsupportedSignatureAlgorithm => "is signed with an algorithm that is not supported".into(),
        _ => "is refused".into(),
    }
}

const NOT_FOR_SERVERS: &str = "is not for a server: its key usage must allow digital signatures, its extended key usage \
                               server authentication";

/// As `of_certificate`, for errors of webpki that rustls passes on.
fn of_webpki(error: &webpki::Error) -> &'static str {
    use webpki::Error as E;
    match error {
        E::CaUsedAsEndEntity => {
            "is an authority's certificate: if it is the server's own as well, add it to ca_file; \
             else give the server one of its own"
        }
        E::EndEntityUsedAsCa | E::PathLenConstraintViolated => {
            "is signed by a certificate that may not sign others: correct the chain on the server"
        }
        E::UnsupportedCertVersion => "uses an outdated version of X.509: replace it with one of version 3",
        E::NameConstraintViolation => "has a name that its authority may not sign",
        E::EmptyEkuExtension | E::RequiredEkuNotFoundContext(_) => NOT_FOR_SERVERS,
        E::CertDistrusted => "is distrusted by name: replace it on the server",
        E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => {
            "comes with a chain that is too long or too complex to verify: send only the certificates that are needed"
        }
        E::UnsupportedCriticalExtension => "has a critical extension that is not supported: replace it on the server",
        _ => "cannot be read: it is not a well-formed X.509 certificate; replace it on the server",
    }
}

/// Returns the part of a message that follows the host.
fn of_incompatibility(why: &PeerIncompatible) -> &'static str {
    match why {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::SupportedVersionsExtensionRequired => {
            "supports neither TLS 1.2 nor TLS 1.3: enable one of them on the server"
        }
        PeerIncompatible::NoCipherSuitesInCommon => {
            "supports no cipher suite in common with this library: enable one with ECDHE and AES-GCM or ChaCha20-Poly1305"
        }
        PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NamedGroupsExtensionRequired
        | PeerIncompatible::KeyShareExtensionRequired => {
            "supports no key exchange in common with this library: enable X25519, P-256 or P-384"
        }
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon
        | PeerIncompatible::SignatureAlgorithmsExtensionRequired => {
            "supports no signature algorithm in common with this library: give it a certificate with ECDSA, Ed25519 or RSA"
        }
        PeerIncompatible::ExtendedMasterSecretExtensionRequired => {
            "lacks the extended master secret of TLS 1.2 (RFC 7627): update the server"
        }
        _ => "supports no form of TLS in common with this library: update the server",
    }
}

fn alert_name(alert: AlertDescription) -> String {
    match alert.as_str() {
        Some(name) => format!("\"{}\"", spaced(name)),
        None => format!("number {}", u8::from(alert)),
    }
}

/// Returns the cause of an alert that the server sent, after a colon, or an empty string.
fn of_alert(alert: AlertDescription) -> &'static str {
    use AlertDescription as A;
    match alert {
        A::HandshakeFailure | A::InsufficientSecurity => {
            ": it supports no cipher suite or signature algorithm in common with this library"
        }
        A::ProtocolVersion => ": it supports neither TLS 1.2 nor TLS 1.3",
        A::UnrecognisedName => ": it has no site of this name; check the host in server_url",
        A::CertificateRequired
        | A::BadCertificate
        | A::NoCertificate
        | A::CertificateUnknown
        | A::UnknownCA
        | A::UnsupportedCertificate
        | A::CertificateExpired
        | A::CertificateRevoked
        | A::AccessDenied => ": it may ask for a client certificate, which this library does not send",
        A::InternalError => ": it failed on its side",
        _ => "",
    }
}

/// Returns a name of rustls in words: `unrecognised name` for `UnrecognisedName`.
fn spaced(name: &str) -> String {
    let name = name.split(['(', ' ', '{']).next().unwrap_or_default();
    let mut words = String::new();
    let mut before_is_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && before_is_lower {
            words.push(' ');
        }
        before_is_lower = letter.is_lowercase() || letter.is_ascii_digit();
        words.extend(letter.to_lowercase());
    }
    words
}

/// Returns how the server violated the TLS protocol.
fn violation(error: &Error) -> String {
    match error {
        Error::InvalidMessage(why) => spaced(&format!("{why:?}")),
        Error::PeerMisbehaved(why) => spaced(&format!("{why:?}")),
        Error::PeerSentOversizedRecord => "an oversized record".into(),
        _ => "an unexpected message".into(),
    }
}

/// Returns the names of a certificate, at most five. `DnsName("a.example")` in rustls becomes `a.example`.
fn names(presented: &[String]) -> String {
    const MAX_NAMES: usize = 5;
    let clean = |name: &String| {
        let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner.trim_end_matches(')'));
        inner.trim_matches('"').chars().filter(|letter| letter.is_ascii_graphic()).take(64).collect::<String>()
    };
    let mut names = presented.iter().take(MAX_NAMES).map(clean).collect::<Vec<_>>().join(", ");
    if presented.len() > MAX_NAMES {
        names.push_str(", …");
    }
    names
}

/// A time of a certificate as a date.
struct Date(UnixTime);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The last second of the year 9999, which certificates use for "never".
        const LAST: u64 = 253_402_300_799;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.as_secs().min(LAST));
        write!(f, "{}", httpdate::HttpDate::from(time))
    }
}

#[cfg(test)]
mod tests;
