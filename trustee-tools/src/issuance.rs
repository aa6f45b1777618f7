//! What issuing leaves in a folder: the private map, a code file for each voter, and the signed roll. Nothing of it is written twice.

use crate::{
    files::{MAXIMUM_FILE, flush, flush_folder, folder_of, read_limited},
    voters::{Voter, write_map},
};
use crypto::credential_code::CredentialCode;
use protocol::{Body, Manifest, Submission};
use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// The private map: who has which roll index.
pub const MAP: &str = "map.csv";
/// The codes, `<roll index>.txt` each.
pub const CODES: &str = "codes";
/// The signed roll chunks, `<chunk>.cbor` each.
pub const ROLL: &str = "roll";

/// Why nothing was written or read.
#[derive(Debug, thiserror::Error)]
pub enum IssuanceError {
    /// The folder is there; codes are never overwritten.
    #[error("{0} exists already; codes are never overwritten")]
    Exists(PathBuf),
    /// The map could not be written.
    #[error("{path}: {cause}")]
    Map {
        /// The map.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: csv::Error,
    },
    /// The machine failed.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
    /// A roll file that is none.
    #[error("{0} is not a roll chunk")]
    NotARoll(PathBuf),
}

fn failed(path: &Path) -> impl Fn(io::Error) -> IssuanceError {
    let path = path.to_owned();
    move |cause| IssuanceError::File { path: path.clone(), cause }
}

/// Writes everything into a folder beside `folder`, which becomes `folder` when it is complete. Only the owner can read it.
///
/// # Errors
/// [`IssuanceError::Exists`] if there is something of that name already.
pub fn write(
    folder: &Path,
    manifest: &Manifest,
    voters: &[Voter],
    codes: &[CredentialCode],
    roll: &[Submission],
) -> Result<(), IssuanceError> {
    if folder.symlink_metadata().is_ok() {
        return Err(IssuanceError::Exists(folder.to_owned()));
    }
    let parent = folder_of(folder);
    let permissions = fs::Permissions::from_mode(0o700);
    let temporary = tempfile::Builder::new().prefix(".issuance").permissions(permissions).tempdir_in(parent);
    let temporary = temporary.map_err(failed(parent))?;
    let map = temporary.path().join(MAP);
    let file = private_file(&map).map_err(failed(&map))?;
    write_map(voters, true, manifest, &file).map_err(|cause| IssuanceError::Map { path: map.clone(), cause })?;
    let mut written = vec![map];
    for (name, width) in [(CODES, 6), (ROLL, 4)] {
        let inner = temporary.path().join(name);
        fs::DirBuilder::new().mode(0o700).create(&inner).map_err(failed(&inner))?;
        if name == CODES {
            for (index, code) in codes.iter().enumerate() {
                let path = inner.join(format!("{index:0width$}.txt"));
                create_code(&path, code)?;
                written.push(path);
            }
        } else {
            for (chunk, submission) in roll.iter().enumerate() {
                let path = inner.join(format!("{chunk:0width$}.cbor"));
                private_file(&path).and_then(|mut file| file.write_all(&submission.encode())).map_err(failed(&path))?;
                written.push(path);
            }
        }
        written.push(inner);
    }
    // The codes are nowhere else: the roll must not outlive them.
    written.push(temporary.path().to_owned());
    flush(&written).map_err(failed(folder))?;
    // A rename onto an existing folder that is not empty fails, so nothing is overwritten.
    fs::rename(temporary.path(), folder).map_err(failed(folder))?;
    // It is no temporary folder any more.
    let _ = temporary.keep();
    flush_folder(parent).map_err(failed(parent))
}

/// Writes one code, on a line of its own, to a file that does not exist yet. When this returns, it survives a loss of power.
///
/// # Errors
/// [`IssuanceError`].
pub fn write_code(path: &Path, code: &CredentialCode) -> Result<(), IssuanceError> {
    create_code(path, code)?;
    flush(&[path.to_owned(), folder_of(path).to_owned()]).map_err(failed(path))
}

fn create_code(path: &Path, code: &CredentialCode) -> Result<(), IssuanceError> {
    let write = |mut file: fs::File| {
        file.write_all(code.grouped().as_bytes())?;
        file.write_all(b"\n")
    };
    match private_file(path).and_then(write) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Err(IssuanceError::Exists(path.to_owned())),
        outcome => outcome.map_err(failed(path)),
    }
}

/// Reads the signed roll of a folder that [`write()`] made, chunk 0 first.
///
/// # Errors
/// [`IssuanceError`].
pub fn read_roll(folder: &Path) -> Result<Vec<(PathBuf, Submission)>, IssuanceError> {
    let folder = folder.join(ROLL);
    let mut paths = Vec::new();
    for item in fs::read_dir(&folder).map_err(failed(&folder))? {
        paths.push(item.map_err(failed(&folder))?.path());
    }
    paths.sort_unstable();
    let mut roll = Vec::new();
    for path in paths {
        let bytes = read_limited(&path, MAXIMUM_FILE).map_err(failed(&path))?;
        let submission = Submission::decode(&bytes).map_err(|_| IssuanceError::NotARoll(path.clone()))?;
        match submission.body() {
            Ok(Body::Roll(_)) => roll.push((path, submission)),
            _ => return Err(IssuanceError::NotARoll(path)),
        }
    }
    Ok(roll)
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
