//! What a voter's device keeps (BAL-38): the manifest, the last checkpoint, receipts, and every signed ballot until its receipt is there.
//! Never a code, nor anything that opens a ballot, but for the audit files the voter asked for. Only the owner can read the files.

use crate::tracker::Tracker;
use board_api::file;
use crypto::EncodedPoint;
use protocol::{
    Author, Body, Manifest, Rejection, Submission, fingerprint,
    ids::{ElectionFingerprint, SubmissionId},
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Name of the kept manifest body.
pub const MANIFEST: &str = "manifest.cbor";
/// Name of the last checkpoint seen.
const CHECKPOINT: &str = "checkpoint";
/// Ending of a signed ballot that has no receipt yet.
const BALLOT: &str = "ballot";
/// Ending of a receipt.
const RECEIPT: &str = "tlog-proof";
/// Ending of an answer of the board that holds no promise.
const BAD_ANSWER: &str = "bad-promise";
/// Ending of an audit file.
const AUDIT: &str = "audit";
/// The most bytes of a kept file that are read.
const MAXIMUM_FILE: u64 = 1 << 20;

/// Why the folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The file system refuses.
    #[error("{path}: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A kept file is damaged.
    #[error("{path} is damaged: {rejection}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        rejection: Box<Rejection>,
    },
    /// A kept manifest is another election's.
    #[error("{0} is not the manifest of this election")]
    OtherManifest(PathBuf),
}

/// The folder of one election.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    election: ElectionFingerprint,
}

impl Folder {
    /// The election's folder inside a voter's folder. Nothing is made yet.
    pub fn of(parent: &Path, election: &ElectionFingerprint) -> Self {
        let name: String = election.to_string().chars().take(16).collect();
        Self { path: parent.join(name), election: *election }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps the manifest's body, by which receipts can be judged offline.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_manifest(&self, manifest: &Manifest) -> Result<(), FolderError> {
        self.write(&self.path.join(MANIFEST), &Body::Manifest(Box::new(manifest.clone())).encode())
    }

    /// The kept manifest, if there is one.
    ///
    /// # Errors
    /// [`FolderError`]; also when it is another election's.
    pub fn manifest(&self) -> Result<Option<Manifest>, FolderError> {
        let path = self.path.join(MANIFEST);
        match read(&path)? {
            Some(bytes) => manifest_of(&bytes, &self.election, &path).map(Some),
            None => Ok(None),
        }
    }

    /// LOG-29: keeps the checkpoint a reading ended with; the next one must extend it.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_checkpoint(&self, note: &str) -> Result<(), FolderError> {
        self.write(&self.path.join(CHECKPOINT), note.as_bytes())
    }

    /// The checkpoint kept last, if there is one.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, FolderError> {
        read(&self.path.join(CHECKPOINT))
    }

    /// Keeps an audit file for the second device. Gives the file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_audit(&self, tracker: &Tracker, opening: &[u8]) -> Result<PathBuf, FolderError> {
        let path = self.path.join(format!("{tracker}.{AUDIT}"));
        self.write(&path, opening)?;
        Ok(path)
    }

    /// BAL-38: keeps a signed ballot, durably, before it is sent.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_ballot(&self, submission: &Submission) -> Result<(), FolderError> {
        self.write(&self.ballot_path(&submission.id(&self.election)), &submission.encode())
    }

    /// Whether any kept ballot has no receipt.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn holds_ballots(&self) -> Result<bool, FolderError> {
        Ok(!self.ballot_paths()?.is_empty())
    }

    /// The kept ballots of a credential that have no receipt.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn ballots(&self, credential: &EncodedPoint) -> Result<Vec<Submission>, FolderError> {
        let mut ballots = Vec::new();
        for path in self.ballot_paths()? {
            let damaged = |rejection| FolderError::Damaged { path: path.clone(), rejection: Box::new(rejection) };
            let Some(bytes) = read(&path)? else { continue };
            let submission = Submission::decode(&bytes).map_err(damaged)?;
            if submission.author().map_err(damaged)? == Author::Credential(*credential) {
                ballots.push(submission);
            }
        }
        ballots.sort_by_key(|ballot| ballot.id(&self.election));
        Ok(ballots)
    }

    fn ballot_paths(&self) -> Result<Vec<PathBuf>, FolderError> {
        let failed = |error| FolderError::File { path: self.path.clone(), error };
        let listing = match fs::read_dir(&self.path) {
            Ok(listing) => listing,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut paths = Vec::new();
        for item in listing {
            let path = item.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == BALLOT) {
                paths.push(path);
            }
        }
        Ok(paths)
    }

    /// Lets go of a kept ballot: its receipt is kept, or the voter knows that another one took its place.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn forget_ballot(&self, tracker: &SubmissionId) -> Result<(), FolderError> {
        let path = self.ballot_path(tracker);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FolderError::File { path, error }),
            _ => Ok(()),
        }
    }

    /// Keeps a receipt, and then lets go of the ballot. Gives the file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_receipt(&self, tracker: &SubmissionId, receipt: &str) -> Result<PathBuf, FolderError> {
        let path = self.path.join(format!("{}.{RECEIPT}", Tracker(*tracker)));
        self.write(&path, receipt.as_bytes())?;
        self.forget_ballot(tracker)?;
        Ok(path)
    }

    /// HTTP-14: keeps, durably and byte for byte, an answer of the board whose promise does not hold; another answer to the same ballot is
    /// another file. Gives the file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn keep_bad_answer(&self, tracker: &SubmissionId, answer: &[u8]) -> Result<PathBuf, FolderError> {
        let digest: String = hex::encode(tlog::merkle::leaf_hash(answer)).chars().take(16).collect();
        let path = self.path.join(format!("{}-{digest}.{BAD_ANSWER}", Tracker(*tracker)));
        self.write(&path, answer)?;
        Ok(path)
    }

    fn ballot_path(&self, tracker: &SubmissionId) -> PathBuf {
        self.path.join(format!("{}.{BALLOT}", Tracker(*tracker)))
    }

    /// Whole or not at all, and still there after a power cut.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        file::replace(path, bytes).map_err(|error| FolderError::File { path: path.to_path_buf(), error })
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, FolderError> {
    match read_limited(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FolderError::File { path: path.to_path_buf(), error }),
    }
}

/// A file of a size that something kept can have; a larger one is not read.
///
/// # Errors
/// As the file system's, or [`io::ErrorKind::FileTooLarge`].
pub fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    use io::Read as _;
    let mut bytes = Vec::new();
    File::open(path)?.take(MAXIMUM_FILE.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MAXIMUM_FILE) {
        Ok(bytes)
    } else {
        Err(io::Error::from(io::ErrorKind::FileTooLarge))
    }
}

/// The manifest in a file, if it is the election's.
///
/// # Errors
/// [`FolderError`].
pub fn manifest_of(bytes: &[u8], election: &ElectionFingerprint, path: &Path) -> Result<Manifest, FolderError> {
    let other = || FolderError::OtherManifest(path.to_path_buf());
    if fingerprint::election(bytes) != *election {
        return Err(other());
    }
    let damaged = |rejection| FolderError::Damaged { path: path.to_path_buf(), rejection: Box::new(rejection) };
    match Body::decode(bytes).map_err(damaged)? {
        Body::Manifest(manifest) => Ok(*manifest),
        _ => Err(other()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::schnorr::SigningKey;
    use rand::{SeedableRng as _, rngs::StdRng};

    #[test]
    fn ballots_are_kept_until_their_receipt_is() {
        let mut rng = StdRng::seed_from_u64(3);
        let election = ElectionFingerprint([7; 32]);
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::of(parent.path(), &election);
        let key = SigningKey::generate(&mut rng).unwrap();
        let sign = |body: &[u8], rng: &mut StdRng| {
            Submission::sign(&election, &Author::Credential(key.public()), body.to_vec(), &key, rng).unwrap()
        };
        assert!(folder.ballots(&key.public()).unwrap().is_empty());
        let (one, other) = (sign(b"one", &mut rng), sign(b"other", &mut rng));
        folder.keep_ballot(&one).unwrap();
        folder.keep_ballot(&other).unwrap();
        let kept = folder.ballots(&key.public()).unwrap();
        assert!(kept.len() == 2 && kept.contains(&one) && kept.contains(&other));
        assert!(folder.ballots(&EncodedPoint([1; 32])).unwrap().is_empty());
        let path = folder.keep_receipt(&one.id(&election), "receipt").unwrap();
        assert_eq!(read_limited(&path).unwrap(), b"receipt");
        assert_eq!(folder.ballots(&key.public()).unwrap(), [other]);
        assert!(folder.manifest().unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_sees_what_is_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let voter = parent.path().join("voter");
        let folder = Folder::of(&voter, &ElectionFingerprint([7; 32]));
        folder.keep_checkpoint("note").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(&voter), mode(folder.path())], [0o700; 2]);
        assert_eq!(mode(&folder.path().join(CHECKPOINT)), 0o600);
    }

    #[test]
    fn damage_is_told_and_size_is_bounded() {
        let election = ElectionFingerprint([7; 32]);
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::of(parent.path(), &election);
        fs::create_dir_all(folder.path()).unwrap();
        fs::write(folder.path().join("x.ballot"), b"no ballot").unwrap();
        assert!(matches!(folder.ballots(&EncodedPoint([1; 32])), Err(FolderError::Damaged { .. })));
        fs::write(folder.path().join(MANIFEST), b"no manifest").unwrap();
        assert!(matches!(folder.manifest(), Err(FolderError::OtherManifest(_))));
        let large = folder.path().join("large");
        fs::write(&large, vec![0; usize::try_from(MAXIMUM_FILE).unwrap() + 1]).unwrap();
        assert_eq!(read_limited(&large).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
