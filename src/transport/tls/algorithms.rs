//! The signature algorithms of certificates and handshakes: those of `ring`, and ECDSA with P-521 or SHA-512. `ring`
//! lacks the latter, and curl, CPython and Go accept them.
//!
//! Measured on x86_64 (shared library, release): the three algorithms from RustCrypto add 167 kB to 2,435 kB (P-521
//! alone 87 kB) and a quarter of the build time. `aws-lc-rs` instead of `ring` adds 2,076 kB. Verification uses public
//! data only, so it need not run in constant time.

use once_cell::race::OnceBox;
use ring::digest::{SHA512, digest};
use rustls::SignatureScheme;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

type Algorithm = &'static dyn SignatureVerificationAlgorithm;
type Lists = (Vec<Algorithm>, Vec<(SignatureScheme, &'static [Algorithm])>);

/// P-521 comes first, because it is the only one of the three with a signature scheme in TLS 1.3.
static ADDED: [Algorithm; 3] = [&P521, &P384, &P256];

/// Returns the provider of `ring`, with the added algorithms.
pub fn provider() -> CryptoProvider {
    static LISTS: OnceBox<Lists> = OnceBox::new();
    let mut provider = rustls::crypto::ring::default_provider();
    let ring = provider.signature_verification_algorithms;
    let (all, mapping) = LISTS.get_or_init(|| {
        let mapping = [ring.mapping, &[(SignatureScheme::ECDSA_NISTP521_SHA512, &ADDED[..])]].concat();
        Box::new(([ring.all, &ADDED].concat(), mapping))
    });
    provider.signature_verification_algorithms = WebPkiSupportedAlgorithms { all, mapping };
    provider
}

macro_rules! ecdsa_with_sha512 {
    ($name:ident, $library:ident, $key:ident) => {
        /// ECDSA of this curve with SHA-512.
        #[derive(Debug)]
        struct $name;

        impl SignatureVerificationAlgorithm for $name {
            fn public_key_alg_id(&self) -> AlgorithmIdentifier {
                alg_id::$key
            }

            fn signature_alg_id(&self) -> AlgorithmIdentifier {
                alg_id::ECDSA_SHA512
            }

            fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
                use $library::ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier};
                let key = VerifyingKey::from_sec1_bytes(key).map_err(|_| InvalidSignature)?;
                let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
                let hash = digest(&SHA512, message);
                key.verify_prehash(hash.as_ref(), &signature).map_err(|_| InvalidSignature)
            }
        }
    };
}

ecdsa_with_sha512!(P521, p521, ECDSA_P521);
ecdsa_with_sha512!(P384, p384, ECDSA_P384);
ecdsa_with_sha512!(P256, p256, ECDSA_P256);
