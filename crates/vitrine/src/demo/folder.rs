//! What the demo leaves, and where.

use crate::failure::Failure;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};
use verifier::ExitCode;

/// The demo's folder.
#[derive(Clone, Debug)]
pub(crate) struct DemoFolder {
    root: PathBuf,
}

impl DemoFolder {
    /// Makes the folder; refuses one that holds anything, so that nothing is ever overwritten.
    pub(crate) fn make(wanted: Option<PathBuf>) -> Result<Self, Failure> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let root = wanted.unwrap_or_else(|| PathBuf::from(format!("vitrine-demo-{seconds}")));
        let failed = |error: std::io::Error| {
            Failure::new(ExitCode::Unreadable, format_args!("{} cannot be made: {error}", root.display()))
        };
        match fs::read_dir(&root) {
            Ok(mut items) => {
                if items.next().is_some() {
                    let text = format!("{} is not empty; the demo needs a folder of its own", root.display());
                    return Err(Failure::new(ExitCode::Refused, text));
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        for folder in ["board", "keys", "voters"] {
            fs::create_dir_all(root.join(folder)).map_err(failed)?;
        }
        Ok(Self { root })
    }

    /// The folder of the election to try: keys and letters, in the demo's own.
    pub(crate) fn try_out(&self) -> Self {
        Self { root: self.root.join("try") }
    }

    /// Makes it.
    pub(crate) fn make_try_out(&self) -> Result<Self, Failure> {
        let folder = self.try_out();
        let keys = folder.root.join("keys");
        let failed =
            |error| Failure::new(ExitCode::Unreadable, format_args!("{} cannot be made: {error}", keys.display()));
        fs::create_dir_all(&keys).map_err(failed)?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("board").join("board.sqlite")
    }

    pub(crate) fn board_key(&self) -> PathBuf {
        self.root.join("board").join("board.key")
    }

    /// A witness's key and memory.
    pub(crate) fn witness(&self, name: &str) -> PathBuf {
        self.root.join("witnesses").join(name)
    }

    /// An official's keystore: `authority`, `registrar-1`, `trustee-2`.
    pub(crate) fn keystore(&self, official: &str) -> PathBuf {
        self.root.join("keys").join(format!("{official}.age"))
    }

    /// What all keystores of a demo are sealed under.
    pub(crate) fn passphrase(&self) -> PathBuf {
        self.root.join("keys").join("passphrase")
    }

    /// A voter's folder with receipts.
    pub(crate) fn voter(&self, number: usize) -> PathBuf {
        self.root.join("voters").join(number.to_string())
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.root.join("record")
    }

    pub(crate) fn tampered(&self) -> PathBuf {
        self.root.join("record-tampered")
    }

    pub(crate) fn report(&self) -> PathBuf {
        self.root.join("report.html")
    }
}
