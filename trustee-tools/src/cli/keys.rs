//! Arguments that name a keystore.

use super::CommandError;
use crate::{
    files::read_limited,
    keystore::{Keep, Keystore, Passphrase, WorkFactor},
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The most bytes of a passphrase file.
const MAXIMUM_PASSPHRASE: u64 = 4096;

/// An official's keystore.
#[derive(Debug, clap::Args)]
pub(super) struct KeystoreArguments {
    /// The keystore file.
    #[arg(long, value_name = "FILE")]
    keystore: PathBuf,
    /// A file with the passphrase. Without it the passphrase is asked for.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Where a new keystore is written.
#[derive(Debug, clap::Args)]
pub(super) struct NewKeystoreArguments {
    #[command(flatten)]
    keystore: KeystoreArguments,
    /// For demonstrations only: seal so weakly that it takes no time.
    #[arg(long)]
    weak_seal: bool,
}

impl KeystoreArguments {
    /// Opens it.
    pub(super) fn open<K: Keep>(&self) -> Result<(K, Keystore), CommandError> {
        let passphrase = match &self.passphrase_file {
            Some(path) => read_passphrase(path)?,
            None => prompt(&format!("Passphrase of {}: ", self.keystore.display()))?,
        };
        Ok(Keystore::open(&self.keystore, passphrase)?)
    }
}

impl NewKeystoreArguments {
    /// Refuses early, before anything is asked.
    pub(super) fn check_absent(&self) -> Result<(), CommandError> {
        let path = &self.keystore.keystore;
        if path.symlink_metadata().is_ok() {
            return Err(crate::keystore::KeystoreError::Exists(path.clone()).into());
        }
        Ok(())
    }

    /// Writes it.
    pub(super) fn create<K: Keep>(&self, secrets: &K) -> Result<(), CommandError> {
        let path = &self.keystore.keystore;
        let passphrase = match &self.keystore.passphrase_file {
            Some(path) => read_passphrase(path)?,
            None => {
                let first = prompt(&format!("New passphrase of {}: ", path.display()))?;
                let second = prompt("Once more: ")?;
                if !first.matches(&second) {
                    return Err(CommandError::PassphrasesDiffer);
                }
                first
            }
        };
        let work = if self.weak_seal { WorkFactor::DEMONSTRATION } else { WorkFactor::STRONG };
        Keystore::create(path, secrets, passphrase, work)?;
        Ok(())
    }
}

fn read_passphrase(path: &Path) -> Result<Passphrase, CommandError> {
    let failed = |cause| CommandError::File { path: path.to_owned(), cause };
    let bytes = Zeroizing::new(read_limited(path, MAXIMUM_PASSPHRASE).map_err(failed)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| failed(std::io::ErrorKind::InvalidData.into()))?;
    Ok(Passphrase::new(Zeroizing::new(text.to_owned()))?)
}

fn prompt(question: &str) -> Result<Passphrase, CommandError> {
    Ok(Passphrase::new(Zeroizing::new(rpassword::prompt_password(question)?))?)
}
