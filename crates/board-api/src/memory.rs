//! A reader's memory: of every election it ever read, the last checkpoint that it accepted, in a folder that outlives the program
//! (LOG-29, HTTP-26). What a log shows later must extend it. Beside it lies what boards promised to an official (HTTP-43).

use crate::{Promise, file};
use protocol::ids::ElectionFingerprint;
use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::note::MAX_NOTE_BYTES;

/// Environment variable that names the folder.
pub const FOLDER_VARIABLE: &str = "VITRINE_STATE";

/// HTTP-43: how many promises of an election are kept.
pub const MOST_PROMISES: usize = 512;

/// A folder with the last accepted checkpoint of each election. Clones mean the same folder; several programs may use it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    folder: PathBuf,
    /// The log of each election that is meant (REC-7).
    log: u64,
}

/// Why the memory cannot be used. Without it nothing is read: a reader that forgets can be shown two histories.
#[derive(Debug, Error)]
pub enum MemoryError {
    /// The machine refuses.
    #[error("the memory of earlier readings cannot be used: {path}: {error}")]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// What was kept is no checkpoint of this log.
    #[error("{path} holds no checkpoint of this election's log; restore it, or delete it to begin without memory")]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// Other programs change the same memory faster than this one reads.
    #[error("{path} keeps being changed by other programs; try again")]
    Contended {
        /// Which file.
        path: PathBuf,
    },
}

impl Memory {
    /// The memory in a folder, which is made if need be, readable by its owner alone.
    ///
    /// # Errors
    /// [`MemoryError::File`].
    pub fn open(folder: &Path) -> Result<Self, MemoryError> {
        file::make_folder(folder).map_err(|error| MemoryError::File { path: folder.to_owned(), error })?;
        Ok(Self { folder: folder.to_owned(), log: 1 })
    }

    /// The memory of the log with this number, from 1, of every election: each log is remembered by itself.
    #[must_use]
    pub fn of_log(&self, number: u64) -> Self {
        Self { folder: self.folder.clone(), log: number }
    }

    /// HTTP-26: where a user's memory is, unless told otherwise: `$XDG_STATE_HOME/vitrine`, or `.local/state/vitrine` in the home folder.
    /// None without a home.
    pub fn usual_folder() -> Option<PathBuf> {
        let absolute = |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local").join("state")))?;
        Some(state.join("vitrine"))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of an election.
    pub fn path(&self, election: &ElectionFingerprint) -> PathBuf {
        let log = if self.log <= 1 { String::new() } else { format!("-{}", self.log) };
        self.folder.join(format!("{election}{log}.checkpoint"))
    }

    /// The last checkpoint accepted, a signed note; unchecked.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn last(&self, election: &ElectionFingerprint) -> Result<Option<Vec<u8>>, MemoryError> {
        let path = self.path(election);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(MemoryError::File { path, error }),
        };
        let limit = u64::try_from(MAX_NOTE_BYTES).unwrap_or(u64::MAX);
        let mut note = Vec::new();
        match file.take(limit.saturating_add(1)).read_to_end(&mut note) {
            Ok(_) if note.len() > MAX_NOTE_BYTES => Err(MemoryError::Damaged { path }),
            Ok(_) => Ok(Some(note)),
            Err(error) => Err(MemoryError::File { path, error }),
        }
    }

    /// Keeps a checkpoint that was shown to extend `expected`, the one that was kept when it was compared. False, and nothing is changed,
    /// if another program has kept another one since: then compare again. When true is given, the note is on the disk.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn advance(
        &self,
        election: &ElectionFingerprint,
        expected: Option<&[u8]>,
        note: &str,
    ) -> Result<bool, MemoryError> {
        let path = self.path(election);
        let failed = |error| MemoryError::File { path: path.clone(), error };
        // The lock is let go when the file is closed, however this ends.
        let lock = File::create(self.folder.join(format!("{election}.lock"))).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let present = self.last(election)?;
        if present.as_deref() != expected {
            return Ok(false);
        }
        if present.as_deref() != Some(note.as_bytes()) {
            file::replace(&path, note.as_bytes()).map_err(failed)?;
        }
        Ok(true)
    }

    /// Keeps a file of evidence under a name that its content gives; the same content again is the same file. Gives its path.
    ///
    /// # Errors
    /// [`MemoryError::File`].
    pub fn keep(&self, election: &ElectionFingerprint, kind: &str, bytes: &[u8]) -> Result<PathBuf, MemoryError> {
        let digest = hex::encode(tlog::merkle::leaf_hash(bytes));
        let (short, digest) = (election.to_string(), digest.get(..16).unwrap_or(&digest).to_owned());
        let path = self.folder.join(format!("{}-{kind}-{digest}.evidence", short.get(..16).unwrap_or(&short)));
        file::replace(&path, bytes).map_err(|error| MemoryError::File { path: path.clone(), error })?;
        Ok(path)
    }

    /// HTTP-43: keeps a promise as a receipt, and gives its path. The first one for an entry stays; of too many, that of the lowest index goes.
    ///
    /// # Errors
    /// [`MemoryError::File`].
    pub fn keep_promise(&self, election: &ElectionFingerprint, promise: &Promise) -> Result<PathBuf, MemoryError> {
        let receipt = promise.receipt();
        let digest = hex::encode(tlog::merkle::leaf_hash(&receipt.extra));
        let name = format!("{:020}-{}.tlog-proof", promise.index(), digest.get(..16).unwrap_or(&digest));
        let path = self.promise_folder(election).join(name);
        if path.exists() {
            return Ok(path);
        }
        let kept = self.promises(election)?;
        let surplus = kept.len().saturating_add(1).saturating_sub(MOST_PROMISES);
        for old in kept.iter().take(surplus) {
            fs::remove_file(old).map_err(|error| MemoryError::File { path: old.clone(), error })?;
        }
        let written = file::replace(&path, receipt.encode().as_bytes());
        written.map_err(|error| MemoryError::File { path: path.clone(), error })?;
        Ok(path)
    }

    /// HTTP-43: the files with what was promised in this election, by index.
    ///
    /// # Errors
    /// [`MemoryError::File`].
    pub fn promises(&self, election: &ElectionFingerprint) -> Result<Vec<PathBuf>, MemoryError> {
        let folder = self.promise_folder(election);
        let failed = |error| MemoryError::File { path: folder.clone(), error };
        let mut paths = Vec::new();
        match fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries {
                    paths.push(entry.map_err(failed)?.path());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "tlog-proof"));
        paths.sort_unstable();
        Ok(paths)
    }

    fn promise_folder(&self, election: &ElectionFingerprint) -> PathBuf {
        self.folder.join(format!("{election}.promises"))
    }
}
