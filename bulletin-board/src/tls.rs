//! TLS spoken by the board itself (HTTP-37): certificate and key from files, taken up again on demand.

use rustls::{
    ServerConfig,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
};
use serde::Deserialize;
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use zeroize::Zeroizing;

/// HTTP-37: how long a client may take to agree on keys.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);

/// The most bytes of a certificate or key file.
const MAX_FILE: u64 = 1024 * 1024;

/// Where certificate and key are, both PEM.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The certificate, followed by those of the authorities between it and a root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why TLS cannot be spoken.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the TLS file {0} cannot be read")]
    Read(PathBuf, #[source] io::Error),
    /// A file is not what it must be.
    #[error("the TLS file {0} is not PEM, or holds nothing of the kind")]
    Malformed(PathBuf, #[source] pem::Error),
    /// Everyone on the machine can read the key.
    #[error("the TLS key {0} can be read by everyone on this machine")]
    Exposed(PathBuf),
    /// They do not fit together, or are of a kind not spoken.
    #[error("certificate and key cannot be used")]
    Unusable(#[from] rustls::Error),
}

impl Settings {
    pub(crate) fn inside(self, folder: &Path) -> Self {
        Self { certificate: folder.join(self.certificate), key: folder.join(self.key) }
    }

    fn load(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let text = read(&self.certificate, false)?;
        let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| TlsError::Malformed(self.certificate.clone(), error))?;
        let text = read(&self.key, true)?;
        let key = PrivateKeyDer::from_pem_slice(&text);
        let key = key.map_err(|error| TlsError::Malformed(self.key.clone(), error))?;
        board_api::tls::install();
        let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The board's side of TLS. New connections get the certificate that was loaded last.
#[derive(Debug)]
pub(crate) struct Acceptor {
    settings: Settings,
    config: RwLock<Arc<ServerConfig>>,
}

impl Acceptor {
    pub(crate) fn load(settings: Settings) -> Result<Self, TlsError> {
        let config = RwLock::new(settings.load()?);
        Ok(Self { settings, config })
    }

    /// Takes up the files again. If they are of no use, everything stays as it was.
    pub(crate) fn reload(&self) -> Result<(), TlsError> {
        let config = self.settings.load()?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// Agrees on keys with a client, who has [`HANDSHAKE`] for it.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner).clone();
        tokio::time::timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await?
    }
}

fn read(path: &Path, secret: bool) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let failed = |error| TlsError::Read(path.to_owned(), error);
    let file = File::open(path).map_err(failed)?;
    if secret && is_exposed(&file).map_err(failed)? {
        return Err(TlsError::Exposed(path.to_owned()));
    }
    let mut text = Zeroizing::new(Vec::new());
    file.take(MAX_FILE).read_to_end(&mut text).map_err(failed)?;
    Ok(text)
}

/// A group of its own may read it, as certificate programs arrange; everyone may not.
#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests;
