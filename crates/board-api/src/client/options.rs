//! How a client reaches a board (HTTP-37).

use std::path::PathBuf;
#[cfg(not(target_family = "wasm"))]
use {
    super::ClientError,
    reqwest::Certificate,
    rustls::{
        RootCertStore,
        pki_types::{CertificateDer, pem::PemObject as _},
    },
    std::{fs::File, io::Read as _, path::Path},
};

/// The most bytes of a file of certificates: more than any system's own.
#[cfg(not(target_family = "wasm"))]
const MAX_CERTIFICATES: u64 = 4 * 1024 * 1024;

/// How a client reaches a board. By default, whoever the platform trusts vouches for an `https` address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// Certificates (PEM) of the authorities that vouch for the board's address, in the place of the platform's. A browser has its own.
    pub ca_file: Option<PathBuf>,
}

#[cfg(not(target_family = "wasm"))]
impl ClientOptions {
    /// The certificates, if there is a file of them.
    pub(super) fn certificates(&self) -> Result<Option<Vec<Certificate>>, ClientError> {
        self.ca_file.as_deref().map(read).transpose()
    }
}

#[cfg(not(target_family = "wasm"))]
fn read(path: &Path) -> Result<Vec<Certificate>, ClientError> {
    let mut text = Vec::new();
    let reading = File::open(path).and_then(|file| file.take(MAX_CERTIFICATES).read_to_end(&mut text));
    reading.map_err(|error| ClientError::CaFile(path.to_owned(), error))?;
    let malformed = || ClientError::CaCertificates(path.to_owned());
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_slice_iter(&text).map(|certificate| {
        let certificate = certificate.map_err(|_| malformed())?;
        roots.add(certificate.clone()).map_err(|_| malformed())?;
        Certificate::from_der(&certificate).map_err(|_| malformed())
    });
    let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() { Err(malformed()) } else { Ok(certificates) }
}
