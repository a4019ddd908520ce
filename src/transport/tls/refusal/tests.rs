//! Every TLS error and its message.

use std::sync::Arc;

use rustls::pki_types::{ServerName, alg_id};
use rustls::{ContentType, ExtendedKeyPurpose, HandshakeType, PeerMisbehaved};

use super::*;

fn time(seconds: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> CertificateError {
    CertificateError::Other(OtherError(Arc::new(error)))
}

/// Errors of certificates, each with the beginning of the text after "the certificate of a.example ".
#[allow(deprecated, reason = "rustls can still return them")]
fn certificates() -> Vec<(CertificateError, &'static str)> {
    use CertificateError as E;
    use webpki::Error as W;
    let expected = ServerName::try_from("a.example").unwrap();
    let name = |presented: &[&str]| E::NotValidForNameContext {
        expected: expected.clone(),
        presented: presented.iter().map(|name| name.to_string()).collect(),
    };
    vec![
        (E::BadEncoding, "cannot be read: it is not a well-formed X.509 certificate"),
        (E::Expired, "has expired: renew it on the server, or correct this machine's clock"),
        (
            E::ExpiredContext { time: time(1_600_000_000), not_after: time(1_500_000_000) },
            "has expired on Fri, 14 Jul 2017 02:40:00 GMT (it is now Sun, 13 Sep 2020 12:26:40 GMT): renew it",
        ),
        (E::NotValidYet, "is not valid yet: correct this machine's clock"),
        (
            E::NotValidYetContext { time: time(0), not_before: time(u64::MAX) },
            "is not valid yet, before Fri, 31 Dec 9999 23:59:59 GMT (it is now Thu, 01 Jan 1970 00:00:00 GMT): ",
        ),
        (E::Revoked, "is revoked: replace it on the server"),
        (E::UnhandledCriticalExtension, "has a critical extension that is not supported"),
        (E::UnknownIssuer, "is signed by an authority that is not trusted: add the authority's certificate to ca_file"),
        (E::UnknownRevocationStatus, "cannot be checked for revocation"),
        (E::ExpiredRevocationList, "cannot be checked for revocation"),
        (E::ExpiredRevocationListContext { time: time(2), next_update: time(1) }, "cannot be checked for revocation"),
        (E::BadSignature, "is not signed with the key it names, or the server does not have its key"),
        (E::UnsupportedSignatureAlgorithm, "is signed with an algorithm that is not supported"),
        (
            E::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: vec![1],
                supported_algorithms: vec![alg_id::ECDSA_P256],
            },
            "is signed with an algorithm that is not supported: replace it with one of ECDSA, Ed25519 or RSA",
        ),
        (
            E::UnsupportedSignatureAlgorithmForPublicKeyContext {
                signature_algorithm_id: vec![1],
                public_key_algorithm_id: vec![2],
            },
            "is signed with an algorithm that is not supported: replace it with one of ECDSA, Ed25519 or RSA",
        ),
        (E::NotValidForName, "is for another host name: correct server_url, or give a.example a certificate"),
        (name(&[]), "names no host in its subject alternative names (its common name does not count): give"),
        (
            name(&["DnsName(\"b.example\")", "IpAddress(10.0.0.1)"]),
            "is for another host name (b.example, 10.0.0.1): correct server_url",
        ),
        (name(&["DnsName(\"b\u{7}\n\")"; 9]), "is for another host name (b, b, b, b, b, …): "),
        (E::InvalidPurpose, "is not for a server: its key usage must allow"),
        (
            E::InvalidPurposeContext {
                required: ExtendedKeyPurpose::ServerAuth,
                presented: vec![ExtendedKeyPurpose::ClientAuth],
            },
            "is not for a server: its key usage must allow",
        ),
        (E::InvalidOcspResponse, "has a revocation status (OCSP) that is not valid"),
        (E::ApplicationVerificationFailure, "is refused"),
        (other(Refused::SelfSigned), "is self-signed and not trusted: if it is the expected one, add it to ca_file"),
        (other(Refused::NotForServers), "is not for a server"),
        (other(W::CaUsedAsEndEntity), "is an authority's certificate: if it is the server's own as well, add it"),
        (other(W::EndEntityUsedAsCa), "is signed by a certificate that may not sign others"),
        (other(W::PathLenConstraintViolated), "is signed by a certificate that may not sign others"),
        (other(W::UnsupportedCertVersion), "uses an outdated version of X.509: replace it with one of version 3"),
        (other(W::NameConstraintViolation), "has a name that its authority may not sign"),
        (other(W::EmptyEkuExtension), "is not for a server"),
        (other(W::CertDistrusted), "is distrusted by name"),
        (other(W::MaximumPathDepthExceeded), "comes with a chain that is too long or too complex"),
        (other(W::MaximumSignatureChecksExceeded), "comes with a chain that is too long or too complex"),
        (other(W::UnsupportedCriticalExtension), "has a critical extension that is not supported"),
        (other(W::SignatureAlgorithmMismatch), "cannot be read: it is not a well-formed X.509 certificate"),
        (other(W::InvalidSerialNumber), "cannot be read: it is not a well-formed X.509 certificate"),
        (other(io::Error::other("Unknown { debug }")), "is refused"),
    ]
}

/// Other errors, each with the beginning of its message, and whether another handshake would fail in the same way.
fn errors() -> Vec<(Error, &'static str, bool)> {
    use PeerIncompatible as P;
    let alert = Error::AlertReceived;
    vec![
        (Error::NoCertificatesPresented, "a.example sent no certificate: configure one on the server", true),
        (Error::UnsupportedNameType, "a.example is not a name that a certificate can have", true),
        (
            Error::InvalidMessage(InvalidMessage::InvalidContentType),
            "a.example does not speak TLS on this port: check the scheme and port of server_url",
            true,
        ),
        (P::ServerDoesNotSupportTls12Or13.into(), "a.example supports neither TLS 1.2 nor TLS 1.3", true),
        (P::NoCipherSuitesInCommon.into(), "a.example supports no cipher suite in common", true),
        (P::NoKxGroupsInCommon.into(), "a.example supports no key exchange in common", true),
        (P::NoSignatureSchemesInCommon.into(), "a.example supports no signature algorithm in common", true),
        (P::ExtendedMasterSecretExtensionRequired.into(), "a.example lacks the extended master secret", true),
        (P::NullCompressionRequired.into(), "a.example supports no form of TLS in common", true),
        (
            alert(AlertDescription::HandshakeFailure),
            "a.example ended TLS with the alert \"handshake failure\": it supports no cipher suite",
            true,
        ),
        (
            alert(AlertDescription::ProtocolVersion),
            "a.example ended TLS with the alert \"protocol version\": it supports neither TLS 1.2 nor TLS 1.3",
            true,
        ),
        (
            alert(AlertDescription::UnrecognisedName),
            "a.example ended TLS with the alert \"unrecognised name\": it has no site of this name",
            true,
        ),
        (
            alert(AlertDescription::CertificateRequired),
            "a.example ended TLS with the alert \"certificate required\": it may ask for a client certificate",
            true,
        ),
        (
            alert(AlertDescription::InternalError),
            "a.example ended TLS with the alert \"internal error\": it failed on its side",
            false,
        ),
        (alert(AlertDescription::Unknown(200)), "a.example ended TLS with the alert number 200", true),
        (
            Error::InvalidMessage(InvalidMessage::MissingData("Random")),
            "a.example violated the TLS protocol (missing data): report this to its operator",
            false,
        ),
        (
            Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite),
            "a.example violated the TLS protocol (selected unoffered cipher suite)",
            false,
        ),
        (Error::PeerSentOversizedRecord, "a.example violated the TLS protocol (an oversized record)", false),
        (
            Error::InappropriateMessage {
                expect_types: vec![ContentType::Handshake],
                got_type: ContentType::ApplicationData,
            },
            "a.example violated the TLS protocol (an unexpected message)",
            false,
        ),
        (
            Error::InappropriateHandshakeMessage {
                expect_types: vec![HandshakeType::ServerHello],
                got_type: HandshakeType::Finished,
            },
            "a.example violated the TLS protocol (an unexpected message)",
            false,
        ),
        (Error::DecryptError, "a TLS record from a.example was damaged in transit", false),
        (Error::FailedToGetCurrentTime, "the clock of this machine is set before 1970: correct it", false),
        (Error::FailedToGetRandomBytes, "the operating system gave no random bytes", false),
        (Error::HandshakeNotComplete, "TLS with a.example failed: handshake not complete", false),
        (Error::General("a reason".into()), "TLS with a.example failed: unexpected error: a reason", false),
    ]
}

#[test]
fn every_tls_error_has_a_message_in_plain_words() {
    let certificates = certificates().into_iter().map(|(error, words)| {
        (Error::InvalidCertificate(error), format!("the certificate of a.example {words}"), true)
    });
    let others = errors().into_iter().map(|(error, words, permanent)| (error, words.to_string(), permanent));
    for (error, words, permanent) in certificates.chain(others) {
        let case = format!("{error:?}");
        let (message, is_permanent) = match handshake_error("a.example", &io::Error::other(error)) {
            TransportError::Refused(message) => (message, true),
            TransportError::NotConnected(message) => (message, false),
            error => panic!("{case}: {error:?}"),
        };
        assert!(message.starts_with(&words), "{case}: {message}");
        assert_eq!(is_permanent, permanent, "{case}");
        for debug in ["Context", "Other", "Error", "{", "}", "::", "(\"", "\n", "  "] {
            assert!(!message.contains(debug), "{case}: {message}");
        }
    }
}

#[test]
fn a_connection_that_breaks_during_the_handshake_may_be_tried_again() {
    for (kind, words) in [
        (io::ErrorKind::UnexpectedEof, "a.example closed the connection during the TLS handshake: check that"),
        (io::ErrorKind::ConnectionReset, "the TLS handshake with a.example failed: connection reset"),
    ] {
        match handshake_error("a.example", &kind.into()) {
            TransportError::NotConnected(message) => assert!(message.starts_with(words), "{message}"),
            error => panic!("{error:?}"),
        }
    }
}
