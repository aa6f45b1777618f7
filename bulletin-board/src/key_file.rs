//! Ed25519 keys in files: a board's, which as a log's key bears the log's origin as its name (BRD-1, BRD-16), and a cosigner's (WIT-10).

use rand::{RngCore as _, rngs::OsRng};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::{
    cosignature::CosignerKey,
    note::{KeyError, SignerKey},
};
use zeroize::Zeroizing;

/// Why the key cannot be used.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key file {0} cannot be used")]
    File(PathBuf, #[source] io::Error),
    /// Not 64 hexadecimal digits and a newline.
    #[error("the key file {0} holds no key")]
    Malformed(PathBuf),
    /// Others than its owner may read it.
    #[error("the key file {0} can be read by others than its owner")]
    Exposed(PathBuf),
    /// The database was written with a key; a new one could not go on with it.
    #[error("the key file {0} is missing, and what the database holds was signed with it")]
    Missing(PathBuf),
}

/// The secret in a key file: 64 hexadecimal digits.
pub(crate) struct Seed(Zeroizing<[u8; 32]>);

/// The board's secret.
pub(crate) struct BoardKey(Seed);

impl BoardKey {
    /// BRD-16: reads the key; makes one if there is none and none is expected.
    pub(crate) fn open(path: &Path, expected: bool) -> Result<Self, KeyFileError> {
        Seed::open(path, expected).map(Self)
    }

    /// The key of the log with this origin.
    pub(crate) fn signer(&self, origin: &str) -> Result<SignerKey, KeyError> {
        SignerKey::from_seed(origin, &self.0.0)
    }
}

impl Seed {
    /// BRD-16, WIT-10: reads the key; makes one if there is none and none is expected.
    pub(crate) fn open(path: &Path, expected: bool) -> Result<Self, KeyFileError> {
        let failed = |error| KeyFileError::File(path.to_owned(), error);
        match File::open(path) {
            Ok(file) => {
                if is_exposed(&file).map_err(failed)? {
                    return Err(KeyFileError::Exposed(path.to_owned()));
                }
                let mut text = Zeroizing::new(String::new());
                file.take(66).read_to_string(&mut text).map_err(failed)?;
                let mut seed = Zeroizing::new([0; 32]);
                let digits = text.strip_suffix('\n').unwrap_or(&text);
                hex::decode_to_slice(digits, seed.as_mut()).map_err(|_| KeyFileError::Malformed(path.to_owned()))?;
                Ok(Self(seed))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && expected => {
                Err(KeyFileError::Missing(path.to_owned()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut seed = Zeroizing::new([0; 32]);
                OsRng.try_fill_bytes(seed.as_mut()).map_err(|error| failed(io::Error::other(error)))?;
                write(path, &seed).map_err(failed)?;
                Ok(Self(seed))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The key of a cosigner with this name.
    pub(crate) fn cosigner(&self, name: &str) -> Result<CosignerKey, KeyError> {
        CosignerKey::from_seed(name, &self.0)
    }
}

/// Under another name first, so that a crash leaves a whole key or none.
fn write(path: &Path, seed: &Zeroizing<[u8; 32]>) -> io::Result<()> {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    let fresh = PathBuf::from(fresh);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(hex::encode(**seed))));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // On systems where a folder cannot be opened there is nothing to flush.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.key");
        assert!(matches!(BoardKey::open(&path, true), Err(KeyFileError::Missing(_))));
        let made = BoardKey::open(&path, false).unwrap().signer("log").unwrap().verifier_key();
        assert_eq!(BoardKey::open(&path, true).unwrap().signer("log").unwrap().verifier_key(), made);
    }

    #[cfg(unix)]
    #[test]
    fn an_exposed_or_malformed_key_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.key");
        BoardKey::open(&path, false).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(BoardKey::open(&path, false), Err(KeyFileError::Exposed(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "short\n").unwrap();
        assert!(matches!(BoardKey::open(&path, false), Err(KeyFileError::Malformed(_))));
    }
}
