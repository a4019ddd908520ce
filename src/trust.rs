//! The certificates that a client trusts: Mozilla's list or the operating system's store, `ca_file`, and the files that
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
//!
//! Everything is read when the client is made. A file or directory that is named and cannot be read is
//! `INVALID_ARGUMENT`, as in Python's httpx, and the message names the key or variable. Otherwise the client would
//! trust less than it was configured to, and fail during a call.

use std::fmt;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::error::Failure;
use crate::options::TlsRoots;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The certificates that a client trusts.
#[derive(Default)]
pub struct Trust {
    /// Whether Mozilla's list is not trusted.
    pub without_bundled: bool,
    /// Trusted as roots, and as a server's own certificate.
    pub certificates: Vec<CertificateDer<'static>>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates, bundled: {}", self.certificates.len(), !self.without_bundled)
    }
}

impl Trust {
    /// Reads all certificates that the configuration and the environment name. `environment` looks up a variable.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if a file, every directory of `SSL_CERT_DIR`, or the system's store cannot be read
    /// or holds no certificate that can be used.
    pub fn read(
        roots: TlsRoots,
        ca_file: Option<&str>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Trust, Failure> {
        let mut certificates = match ca_file {
            Some(file) => read_file(file, &"ca_file")?,
            None => Vec::new(),
        };
        if let Some(index) = certificates.iter().position(|certificate| !can_be_root(certificate)) {
            let problem = format_args!("certificate {} is not a well-formed X.509 certificate", index + 1);
            return Err(Failure::argument("ca_file", problem));
        }
        let named = |variable: &str| environment(variable).filter(|value| !value.is_empty());
        if let Some(file) = named("SSL_CERT_FILE") {
            certificates.extend(usable(read_file(&file, &"SSL_CERT_FILE")?, &"SSL_CERT_FILE")?);
        }
        if let Some(directories) = named("SSL_CERT_DIR") {
            certificates.extend(read_directories(&directories)?);
        }
        if roots == TlsRoots::System {
            certificates.extend(read_system()?);
        }
        certificates.sort_unstable_by(|one, other| one.as_ref().cmp(other));
        certificates.dedup();
        Ok(Trust { without_bundled: roots == TlsRoots::System, certificates })
    }
}

/// Reads the certificates of a PEM file. Fails if there is none.
fn read_file(file: &str, source: &dyn fmt::Display) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let fail = |problem: &dyn fmt::Display| Failure::argument(source, problem);
    let pem = std::fs::read(file).map_err(|e| fail(&format_args!("cannot be read: {e}")))?;
    let pem = without_byte_order_marks(pem);
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().map_err(|_| fail(&"is not PEM"))?;
    match certificates.is_empty() {
        true => Err(fail(&"contains no certificate (-----BEGIN CERTIFICATE-----)")),
        false => Ok(certificates),
    }
}

/// Removes byte order marks, which Windows editors write. They are at the start, or in the middle of concatenated
/// files.
fn without_byte_order_marks(mut pem: Vec<u8>) -> Vec<u8> {
    while let Some(at) = pem.windows(BYTE_ORDER_MARK.len()).position(|bytes| bytes == BYTE_ORDER_MARK) {
        pem.drain(at..at + BYTE_ORDER_MARK.len());
    }
    pem
}

fn can_be_root(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

/// Returns the certificates that can be roots. Others are ignored, as in OpenSSL and Go, because many stores contain
/// some. Fails if no certificate can be a root.
fn usable(
    mut certificates: Vec<CertificateDer<'static>>,
    source: &dyn fmt::Display,
) -> Result<Vec<CertificateDer<'static>>, Failure> {
    certificates.retain(can_be_root);
    match certificates.is_empty() {
        true => Err(Failure::argument(source, "contains no certificate that can be a root")),
        false => Ok(certificates),
    }
}

/// Reads the certificates in all files of the directories, which are separated as in `PATH`. Directories that do not
/// exist are common in this variable. Fails if none of them exists.
fn read_directories(directories: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let mut certificates = Vec::new();
    let mut last_error = None;
    let mut readable = false;
    for directory in std::env::split_paths(directories).filter(|path| !path.as_os_str().is_empty()) {
        match std::fs::read_dir(&directory) {
            Ok(_) => {
                readable = true;
                certificates.extend(of_directory(&directory));
            }
            Err(error) => last_error = Some(error),
        }
    }
    match last_error {
        Some(error) if !readable => Err(Failure::argument("SSL_CERT_DIR", format_args!("cannot be read: {error}"))),
        _ => Ok(certificates),
    }
}

fn of_directory(directory: &Path) -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_certs_from_paths(None, Some(directory)).certs
}

/// Reads the operating system's store.
fn read_system() -> Result<Vec<CertificateDer<'static>>, Failure> {
    let found = rustls_native_certs::load_native_certs();
    let mut certificates = found.certs;
    certificates.extend(hidden_by_variables());
    if certificates.is_empty() {
        let reason = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        let problem = format_args!("the system's store has no certificate{reason}; install one, or use \"bundled\"");
        return Err(Failure::argument("tls_roots", problem));
    }
    usable(certificates, &"tls_roots")
}

/// Returns the certificates of the store that `rustls_native_certs` leaves out: it reads SSL_CERT_FILE and SSL_CERT_DIR
/// instead. This library trusts both.
#[cfg(all(unix, not(target_os = "macos")))]
fn hidden_by_variables() -> Vec<CertificateDer<'static>> {
    match ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some()) {
        true => openssl_probe::candidate_cert_dirs().flat_map(of_directory).collect(),
        false => Vec::new(),
    }
}

/// Returns nothing: the store of this system is not in files.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn hidden_by_variables() -> Vec<CertificateDer<'static>> {
    Vec::new()
}
