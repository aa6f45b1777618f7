//! Keystores: the arguments that name one, and the command that makes one with the public key file for the authority.

use super::{CommandError, Streams};
use crate::{
    files::{self, read_limited},
    keystore::{Keep, Keystore, Passphrase, WorkFactor},
};
use protocol::{Rejection, ids::ElectionId, text::check_name};
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The most bytes of a passphrase file.
const MAXIMUM_PASSPHRASE: u64 = 4096;

/// The flag that names a passphrase file.
const PASSPHRASE_FILE: &str = "--passphrase-file";

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
    /// The flag that names the passphrase file, for who cannot be asked.
    #[arg(skip = PASSPHRASE_FILE)]
    flag: &'static str,
}

/// `vitrine trustee keys` and `vitrine registrar keys`.
#[derive(Debug, clap::Args)]
pub struct Keys {
    /// The election's id, from the authority.
    #[arg(long, value_name = "ID")]
    election_id: ElectionId,
    /// Which of the trustees or registrars you are: 1, 2, ...
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=32))]
    index: u32,
    /// Your name, as everybody will see it.
    #[arg(long, value_parser = name)]
    name: String,
    #[command(flatten)]
    keystore: NewKeystoreArguments,
    /// Where the public key file is written.
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

#[derive(Serialize)]
struct NewKeys {
    role: &'static str,
    index: u32,
    public: PathBuf,
}

impl Keys {
    /// Makes the secrets of a role and their public half, and keeps both (MAN-13).
    pub(super) fn run<K: Keep, P: Serialize>(
        &self,
        streams: &mut Streams<'_>,
        role: &'static str,
        make: impl FnOnce(ElectionId, u32, &str) -> Result<(K, P), CommandError>,
    ) -> Result<(), CommandError> {
        self.keystore.check_absent()?;
        check_absent(&self.public)?;
        let (secrets, public) = make(self.election_id, self.index, &self.name)?;
        self.keystore.create(&secrets)?;
        let written = serde_json::to_vec_pretty(&public).map_err(CommandError::from);
        if let Err(error) = written.and_then(|bytes| write_new(&self.public, &bytes)) {
            // Nobody was told of these keys, and nobody ever could be: the public half is written once.
            let _ = fs::remove_file(self.keystore.path());
            return Err(error);
        }
        let (index, file) = (self.index, self.public.display());
        let text = format!("Keys of {role} {index} were made. Give {file} to the authority, and guard the keystore.");
        streams.give(&text, &NewKeys { role, index, public: self.public.clone() })
    }
}

impl KeystoreArguments {
    /// The keystore in a file.
    pub(super) fn new(keystore: PathBuf, passphrase_file: Option<PathBuf>) -> Self {
        Self { keystore, passphrase_file }
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.keystore
    }

    /// Opens it.
    pub(super) fn open<K: Keep>(&self) -> Result<(K, Keystore), CommandError> {
        let passphrase = match &self.passphrase_file {
            Some(path) => read_passphrase(path)?,
            None => prompt(&format!("Passphrase of {}: ", self.keystore.display()), PASSPHRASE_FILE)?,
        };
        Ok(Keystore::open(&self.keystore, passphrase)?)
    }
}

impl NewKeystoreArguments {
    /// A new keystore in a file.
    pub(super) fn new(keystore: PathBuf, passphrase_file: Option<PathBuf>, weak_seal: bool) -> Self {
        Self { keystore: KeystoreArguments { keystore, passphrase_file }, weak_seal, flag: PASSPHRASE_FILE }
    }

    /// Where the passphrase file is named by another flag.
    pub(super) fn asking_for(self, flag: &'static str) -> Self {
        Self { flag, ..self }
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.keystore.keystore
    }

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
                let first = prompt(&format!("New passphrase of {}: ", path.display()), self.flag)?;
                let second = prompt("Once more: ", self.flag)?;
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

fn prompt(question: &str, flag: &'static str) -> Result<Passphrase, CommandError> {
    Ok(Passphrase::new(ask_secret(question, "the passphrase", flag)?)?)
}

/// A name as the manifest takes it: refused here, and not when all officials have handed in their files.
pub(super) fn name(text: &str) -> Result<String, Rejection> {
    let name: String = text.trim().nfc().collect();
    check_name(&name, "name").map(|()| name)
}

/// Refuses before a keystore is made whose public half could not be written: it is written once.
pub(super) fn check_absent(path: &Path) -> Result<(), CommandError> {
    if path.symlink_metadata().is_ok() { Err(CommandError::Exists(path.to_owned())) } else { Ok(()) }
}

/// Writes a file that must not exist yet, for its owner's eyes alone.
pub(super) fn write_new_private(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    match files::write_new_private(path, bytes) {
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Err(CommandError::Exists(path.to_owned())),
        outcome => outcome.map_err(|cause| CommandError::File { path: path.to_owned(), cause }),
    }
}

/// Asks for something that nobody looking on may see. Without a terminal it is an error that names the flag.
pub(super) fn ask_secret(
    question: &str,
    what: &'static str,
    flag: &'static str,
) -> Result<Zeroizing<String>, CommandError> {
    let typed = rpassword::prompt_password(question);
    typed.map(Zeroizing::new).map_err(|_| CommandError::Unanswered { what, flag, elsewhere: String::new() })
}

/// Writes a file that must not exist yet.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    match files::write_new(path, bytes) {
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Err(CommandError::Exists(path.to_owned())),
        outcome => outcome.map_err(|cause| CommandError::File { path: path.to_owned(), cause }),
    }
}
