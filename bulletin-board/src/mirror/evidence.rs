//! What a mirror keeps against a log or its board (MIR-4, MIR-5): files that speak for themselves, each written once.

use protocol::{Evidence, ids::ElectionFingerprint};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tlog::proof::Receipt;

/// The folder of evidence.
#[derive(Clone, Debug)]
pub(super) struct Cabinet(PathBuf);

impl Cabinet {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// MIR-5: keeps evidence of two histories, or of one that went back.
    pub(super) fn keep(&self, evidence: &Evidence) -> io::Result<PathBuf> {
        let bytes = evidence.encode();
        let digest: String = hex::encode(Sha256::digest(&bytes)).chars().take(16).collect();
        let name = format!("{}-{}-{digest}.evidence", evidence.election(), evidence.kind().name().replace(' ', "-"));
        self.write(&name, &bytes)
    }

    /// MIR-4: keeps an entry that the election's rules refuse, as the log signed it.
    pub(super) fn keep_refused(
        &self,
        election: &ElectionFingerprint,
        rule: &str,
        receipt: &Receipt,
    ) -> io::Result<PathBuf> {
        let name = format!("{election}-refused-{}-{rule}.tlog-proof", receipt.index);
        self.write(&name, receipt.encode().as_bytes())
    }

    /// Whole or not at all, and over nothing: the first of a name stays.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        std::fs::create_dir_all(&self.0)?;
        let path = self.0.join(name);
        if path.exists() {
            return Ok(path);
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.error),
        }
        sync(&self.0)?;
        Ok(path)
    }
}

/// Brings a folder's own entries to the disk, where folders can be opened.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
