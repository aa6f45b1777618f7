//! What a mirror keeps against a log or its board (MIR-4, MIR-5): files that speak for themselves, each written once.

use super::Trouble;
use protocol::{Evidence, ids::ElectionFingerprint};
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tlog::proof::Receipt;

/// MIR-5: the most files of one kind for an election. One convinces; whoever has two heads that do not fit together can show them in any
/// number of ways.
const MAX_FILES: usize = 100;

/// The folder of evidence.
#[derive(Clone, Debug)]
pub(super) struct Cabinet(PathBuf);

impl Cabinet {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// MIR-5: keeps evidence of two histories, or of one that went back; none if there is enough of it.
    pub(super) fn keep(&self, evidence: &Evidence) -> io::Result<Option<PathBuf>> {
        let bytes = evidence.encode();
        let digest: String = hex::encode(Sha256::digest(&bytes)).chars().take(16).collect();
        let kind = format!("{}-{}-", evidence.election(), evidence.kind().name().replace(' ', "-"));
        let name = format!("{kind}{digest}.evidence");
        if !self.0.join(&name).exists() && self.names(&kind)?.len() >= MAX_FILES {
            return Ok(None);
        }
        self.write(&name, &bytes).map(Some)
    }

    /// MIR-4: what a receipt that is kept says against an election's log, over restarts too.
    pub(super) fn refused(&self, election: &ElectionFingerprint) -> io::Result<Option<Trouble>> {
        let beginning = format!("{election}-refused-");
        let Some(name) = self.names(&beginning)?.into_iter().next() else { return Ok(None) };
        let rest = name.strip_prefix(&beginning).and_then(|rest| rest.strip_suffix(".tlog-proof"));
        let (index, rule) = rest.and_then(|rest| rest.split_once('-')).unwrap_or(("?", "?"));
        let text = format!("entry {index} of the log was refused by {rule}; {name} is kept");
        Ok(Some(Trouble { alarm: true, lasting: true, rule: Some(rule.to_owned()), text }))
    }

    /// The files whose names begin so, in order.
    fn names(&self, beginning: &str) -> io::Result<Vec<String>> {
        let files = match std::fs::read_dir(&self.0) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = files.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
        let mut names =
            names.filter(|name: &io::Result<String>| name.as_ref().map_or(true, |name| name.starts_with(beginning)));
        let mut names = names.by_ref().collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// MIR-5
    #[test]
    fn evidence_is_kept_once_and_not_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let cabinet = Cabinet::new(folder.path().join("evidence"));
        let rollback =
            |manifest: &str, number: usize| Evidence::rollback(manifest.as_bytes(), "larger", &number.to_string());
        let first = cabinet.keep(&rollback("one", 0)).unwrap().unwrap();
        for number in 0..MAX_FILES {
            assert!(cabinet.keep(&rollback("one", number)).unwrap().is_some());
        }
        assert_eq!(cabinet.keep(&rollback("one", MAX_FILES)).unwrap(), None);
        assert_eq!(cabinet.keep(&rollback("one", 0)).unwrap(), Some(first));
        assert!(cabinet.keep(&rollback("two", 0)).unwrap().is_some(), "another election has room of its own");
        assert_eq!(std::fs::read_dir(folder.path().join("evidence")).unwrap().count(), MAX_FILES + 1);
    }

    /// MIR-4
    #[test]
    fn a_refused_entry_is_remembered_by_its_receipt() {
        let folder = tempfile::tempdir().unwrap();
        let cabinet = Cabinet::new(folder.path().to_owned());
        let (election, other) = (ElectionFingerprint([1; 32]), ElectionFingerprint([2; 32]));
        let receipt = Receipt { extra: vec![1], index: 7, path: Vec::new(), checkpoint_note: "note\n".to_owned() };
        assert_eq!(cabinet.refused(&election).unwrap(), None);
        cabinet.keep_refused(&election, "ENT-5", &receipt).unwrap();
        let trouble = cabinet.refused(&election).unwrap().unwrap();
        assert_eq!((trouble.lasting, trouble.rule.as_deref()), (true, Some("ENT-5")));
        assert!(trouble.text.contains("entry 7"), "{}", trouble.text);
        assert_eq!(cabinet.refused(&other).unwrap(), None);
    }
}
