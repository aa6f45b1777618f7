//! Keystores (CER-26): one file for each official, sealed under a passphrase in the age format (c2sp.org/age, scrypt recipient).
//!
//! A keystore is written whole and atomically (temporary file, fsync, rename, fsync of the folder), readable by its owner alone, by one
//! program at a time, and never over another key.

mod content;

use age::{
    Decryptor, Encryptor, scrypt,
    secrecy::{ExposeSecret as _, SecretString},
};
pub use content::Keep;
use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// The most bytes of a keystore that are read: a dealing for thousands of slots fits.
const MAXIMUM_FILE: u64 = 16 * 1024 * 1024;

/// What a keystore is sealed under. Wiped on drop, never printed.
pub struct Passphrase(SecretString);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// The words as they were typed, without the line's end.
    ///
    /// # Errors
    /// [`KeystoreError::EmptyPassphrase`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, KeystoreError> {
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(KeystoreError::EmptyPassphrase);
        }
        Ok(Self(SecretString::from(text)))
    }

    /// Whether two passphrases are the same, for a repeated prompt.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

/// How much work a guess at the passphrase takes: scrypt's N is 2 to this power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// About a second on an ordinary machine, and 256 MiB.
    pub const STRONG: Self = Self(18);
    /// No protection worth the name: for demonstrations and tests whose passphrase is public anyway.
    pub const DEMONSTRATION: Self = Self(2);
    /// The most that is accepted from a file, so that a hostile one cannot exhaust the machine.
    const MOST: u8 = 20;
}

/// Why a keystore was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// A passphrase of no characters.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// There is a file already, and keys are never overwritten.
    #[error("{0} exists already; keys are never overwritten")]
    Exists(PathBuf),
    /// Another program works with it.
    #[error("{0} is in use by another program")]
    InUse(PathBuf),
    /// It is no longer the file that was opened.
    #[error("{0} was changed by something else since it was opened; nothing was written")]
    Changed(PathBuf),
    /// It does not open under this passphrase.
    #[error("{0} does not open: the passphrase is wrong, or the file is damaged")]
    Passphrase(PathBuf),
    /// Not an age file, or one cut short.
    #[error("{0} is not a keystore, or is damaged")]
    Damaged(PathBuf),
    /// It asks for more work than is accepted.
    #[error("{0} asks for unreasonable work; it was not made by this program")]
    Work(PathBuf),
    /// It was written by another version.
    #[error("{path} has the format {found:?}, which this version does not know")]
    Version {
        /// The file.
        path: PathBuf,
        /// The format it names.
        found: String,
    },
    /// It belongs to an official of another role.
    #[error("{path} is the keystore of {found}, not of {expected}")]
    Role {
        /// The file.
        path: PathBuf,
        /// Whose was asked for.
        expected: &'static str,
        /// Whose it is.
        found: &'static str,
    },
    /// CER-37: only the signed statement is left in it.
    #[error(
        "{0} is retired: its keys and shares were destroyed, and only the signed statement of it is left. vitrine trustee retire sends that \
         once more; nothing else can be done with it"
    )]
    Retired(PathBuf),
    /// The machine failed to read or write it.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
}

/// An open keystore file. It stays reserved for this program until dropped.
#[derive(Debug)]
pub struct Keystore {
    path: PathBuf,
    passphrase: Passphrase,
    work: WorkFactor,
    /// The bytes last read or written: what must still be there when the next are written.
    sealed: Vec<u8>,
    _lock: File,
}

impl Keystore {
    /// Writes a new keystore.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] if there is a file of that name, whatever it holds.
    pub fn create<K: Keep>(
        path: &Path,
        secrets: &K,
        passphrase: Passphrase,
        work: WorkFactor,
    ) -> Result<Self, KeystoreError> {
        let lock = reserve(path)?;
        let mut keystore = Self { path: path.to_owned(), passphrase, work, sealed: Vec::new(), _lock: lock };
        let sealed = keystore.seal(secrets)?;
        keystore.write(sealed, |file, path| {
            file.persist_noclobber(path).map(drop).map_err(|refused| match refused.error.kind() {
                io::ErrorKind::AlreadyExists => KeystoreError::Exists(path.to_owned()),
                _ => failure(path)(refused.error),
            })
        })?;
        Ok(keystore)
    }

    /// Opens a keystore and gives what it holds.
    ///
    /// # Errors
    /// [`KeystoreError`].
    pub fn open<K: Keep>(path: &Path, passphrase: Passphrase) -> Result<(K, Self), KeystoreError> {
        let path = &behind_links(path)?;
        let lock = reserve(path)?;
        let sealed = read(path)?;
        let (plain, work) = unseal(path, &sealed, &passphrase)?;
        let secrets = content::decode(path, &plain)?;
        Ok((secrets, Self { path: path.to_owned(), passphrase, work, sealed, _lock: lock }))
    }

    /// Writes what changed. When this returns, it survives a loss of power.
    ///
    /// # Errors
    /// [`KeystoreError::Changed`] if the file is not the one this program read or wrote last.
    pub fn save<K: Keep>(&mut self, secrets: &K) -> Result<(), KeystoreError> {
        if read(&self.path)? != self.sealed {
            return Err(KeystoreError::Changed(self.path.clone()));
        }
        let sealed = self.seal(secrets)?;
        self.write(sealed, |file, path| file.persist(path).map(drop).map_err(|refused| failure(path)(refused.error)))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn seal<K: Keep>(&self, secrets: &K) -> Result<Vec<u8>, KeystoreError> {
        let mut recipient = scrypt::Recipient::new(self.passphrase.0.clone());
        recipient.set_work_factor(self.work.0);
        let plain = content::encode(secrets);
        let failed = |cause: io::Error| failure(&self.path)(cause);
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|error| failed(io::Error::other(error.to_string())))?;
        let mut sealed = Vec::with_capacity(plain.len().saturating_add(1024));
        let mut writer = encryptor.wrap_output(&mut sealed).map_err(failed)?;
        writer.write_all(&plain).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(sealed)
    }

    /// Temporary file in the same folder, fsync, rename by `persist`, fsync of the folder.
    fn write(
        &mut self,
        sealed: Vec<u8>,
        persist: impl FnOnce(NamedTempFile, &Path) -> Result<(), KeystoreError>,
    ) -> Result<(), KeystoreError> {
        let failed = failure(&self.path);
        let folder = folder_of(&self.path);
        // Mode 0600 from the start: `tempfile` gives its files to their owner alone.
        let mut file = tempfile::Builder::new().prefix(".keystore").tempfile_in(folder).map_err(&failed)?;
        file.write_all(&sealed).map_err(&failed)?;
        file.as_file().sync_all().map_err(&failed)?;
        persist(file, &self.path)?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(&failed)?;
        self.sealed = sealed;
        Ok(())
    }
}

fn failure(path: &Path) -> impl Fn(io::Error) -> KeystoreError {
    let path = path.to_owned();
    move |cause| KeystoreError::File { path: path.clone(), cause }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file itself: what replaced a link would leave an old copy behind it, with a lock of its own. A pipe, once opened, would wait for
/// ever.
fn behind_links(path: &Path) -> Result<PathBuf, KeystoreError> {
    let linked = path.symlink_metadata().map_err(failure(path))?.is_symlink();
    let path = if linked { path.canonicalize().map_err(failure(path))? } else { path.to_owned() };
    let kind = path.symlink_metadata().map_err(failure(&path))?.file_type();
    if kind.is_file() { Ok(path) } else { Err(KeystoreError::Damaged(path)) }
}

/// One program at a time: two that step at once would deal twice. The lock is beside the keystore, which is replaced when written.
fn reserve(path: &Path) -> Result<File, KeystoreError> {
    let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(".lock");
    let lock = File::options().create(true).truncate(false).write(true).open(folder_of(path).join(name));
    let lock = lock.map_err(failure(path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(KeystoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(cause)) => Err(failure(path)(cause)),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, KeystoreError> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(failure(path))?;
    file.take(MAXIMUM_FILE.saturating_add(1)).read_to_end(&mut bytes).map_err(failure(path))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAXIMUM_FILE) {
        return Err(KeystoreError::Damaged(path.to_owned()));
    }
    Ok(bytes)
}

/// Gives the content, and the work factor to seal the next version with.
fn unseal(
    path: &Path,
    sealed: &[u8],
    passphrase: &Passphrase,
) -> Result<(Zeroizing<Vec<u8>>, WorkFactor), KeystoreError> {
    let refuse = |error: age::DecryptError| match error {
        age::DecryptError::ExcessiveWork { .. } => KeystoreError::Work(path.to_owned()),
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => KeystoreError::Passphrase(path.to_owned()),
        _ => KeystoreError::Damaged(path.to_owned()),
    };
    let decryptor = Decryptor::new_buffered(sealed).map_err(refuse)?;
    if !decryptor.is_scrypt() {
        return Err(KeystoreError::Damaged(path.to_owned()));
    }
    let mut identity = scrypt::Identity::new(passphrase.0.clone());
    identity.set_max_work_factor(WorkFactor::MOST);
    // The plaintext is shorter than the file, so this never moves and leaves no copy behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(refuse)?;
    reader.read_to_end(&mut plain).map_err(|_| KeystoreError::Damaged(path.to_owned()))?;
    Ok((plain, work_of(sealed)))
}

/// The work factor in the header, `-> scrypt <salt> <log2 N>`; it was within bounds, or the file had not opened.
fn work_of(sealed: &[u8]) -> WorkFactor {
    let line = sealed.split(|byte| *byte == b'\n').nth(1).and_then(|line| std::str::from_utf8(line).ok());
    let factor = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    factor.map_or(WorkFactor::STRONG, WorkFactor)
}

#[cfg(test)]
#[path = "keystore_tests.rs"]
mod tests;
