//! What issuing leaves in a folder: the private map, a letter for each voter, and the signed roll. Nothing of it is written twice, and no code
//! stands anywhere but in its letter (ROL-14).

mod destruction;

pub use destruction::{Destroyed, destroy_letters};

use crate::{
    files::{MAXIMUM_FILE, flush, flush_folder, folder_of, read_limited},
    letters::{LetterFault, Letterhead},
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

/// The private map: who has which roll index, and where letters go.
pub const MAP: &str = "map.csv";
/// The map as it is handed to the other registrars (ROL-11).
pub const HANDOVER: &str = "handover.csv";
/// The letters, `<roll index>.txt` each; `<roll index>.html` too, if wanted.
pub const LETTERS: &str = "letters";
/// All letters as pages, `<number>.html`.
pub const PRINT: &str = "print";
/// The signed roll chunks, `<chunk>.cbor` each.
pub const ROLL: &str = "roll";
/// The signed replacement of one credential.
pub const REPLACEMENT: &str = "replacement.cbor";

/// Letters in one file of pages: what a browser prints without trouble.
const PAGES: usize = 500;

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
    /// A letter could not be made.
    #[error("{path}: {fault}")]
    Letter {
        /// The letter.
        path: PathBuf,
        /// Why not.
        fault: LetterFault,
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
    /// A replacement that is none.
    #[error("{0} is not a replacement")]
    NotAReplacement(PathBuf),
    /// Not a folder that `issue` or `replace` made.
    #[error("{0} is not a folder that `issue` or `replace` made: it has neither a roll nor a replacement")]
    NotIssued(PathBuf),
}

fn failed(path: &Path) -> impl Fn(io::Error) -> IssuanceError {
    let path = path.to_owned();
    move |cause| IssuanceError::File { path: path.clone(), cause }
}

/// Letters to be written.
#[derive(Clone, Copy, Debug)]
pub struct Letters<'a> {
    /// What is the same in all of them.
    pub head: &'a Letterhead<'a>,
    /// Roll index of the first; the others follow.
    pub first: usize,
    /// The voters, in the order of the roll.
    pub voters: &'a [Voter],
    /// A code for each.
    pub codes: &'a [CredentialCode],
    /// Whether each is wanted as an HTML file of its own, too.
    pub each_as_page: bool,
}

/// Writes map, letters and signed roll, and the map to hand over if other registrars need it, into a folder beside `folder`, which becomes `folder` when it is complete. Only the owner can read it.
///
/// # Errors
/// [`IssuanceError::Exists`] if there is something of that name already.
pub fn write(
    folder: &Path,
    manifest: &Manifest,
    letters: &Letters<'_>,
    roll: &[Submission],
    hands_over: bool,
) -> Result<(), IssuanceError> {
    in_new_folder(folder, |inside| {
        let mut maps = vec![(MAP, true)];
        if hands_over {
            maps.push((HANDOVER, false));
        }
        for (name, contacts) in maps {
            let path = inside.root.join(name);
            let file = private_file(&path).map_err(failed(&path))?;
            write_map(letters.voters, contacts, manifest, &file)
                .map_err(|cause| IssuanceError::Map { path: path.clone(), cause })?;
            inside.written.push(path);
        }
        inside.letters(letters)?;
        let chunks = inside.folder(ROLL)?;
        for (chunk, submission) in roll.iter().enumerate() {
            inside.file(&chunks.join(format!("{chunk:04}.cbor")), &submission.encode())?;
        }
        Ok(())
    })
}

/// Writes the letter of a new code, and the signed replacement, as [`write()`] does.
///
/// # Errors
/// As [`write()`].
pub fn write_replacement(folder: &Path, letter: &Letters<'_>, replacement: &Submission) -> Result<(), IssuanceError> {
    in_new_folder(folder, |inside| {
        inside.letters(letter)?;
        let path = inside.root.join(REPLACEMENT);
        inside.file(&path, &replacement.encode())
    })
}

/// A folder that is being filled.
struct Inside {
    root: PathBuf,
    written: Vec<PathBuf>,
}

impl Inside {
    fn folder(&mut self, name: &str) -> Result<PathBuf, IssuanceError> {
        let path = self.root.join(name);
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(failed(&path))?;
        self.written.push(path.clone());
        Ok(path)
    }

    fn file(&mut self, path: &Path, bytes: &[u8]) -> Result<(), IssuanceError> {
        private_file(path).and_then(|mut file| file.write_all(bytes)).map_err(failed(path))?;
        self.written.push(path.to_owned());
        Ok(())
    }

    fn letters(&mut self, letters: &Letters<'_>) -> Result<(), IssuanceError> {
        let folder = self.folder(LETTERS)?;
        let wrong = |path: &Path| {
            let path = path.to_owned();
            move |fault| IssuanceError::Letter { path, fault }
        };
        for (place, (voter, code)) in letters.voters.iter().zip(letters.codes).enumerate() {
            let index = letters.first.saturating_add(place);
            let path = folder.join(format!("{index:06}.txt"));
            self.file(&path, letters.head.text(voter, code).map_err(wrong(&path))?.as_bytes())?;
            if letters.each_as_page {
                let path = folder.join(format!("{index:06}.html"));
                self.file(&path, letters.head.pages([(voter, code)]).map_err(wrong(&path))?.as_bytes())?;
            }
        }
        let folder = self.folder(PRINT)?;
        for (number, (voters, codes)) in (1..).zip(letters.voters.chunks(PAGES).zip(letters.codes.chunks(PAGES))) {
            let path = folder.join(format!("{number:04}.html"));
            self.file(&path, letters.head.pages(voters.iter().zip(codes)).map_err(wrong(&path))?.as_bytes())?;
        }
        Ok(())
    }
}

/// Fills a folder beside `folder`, which becomes `folder` when it is complete, and on the disk.
fn in_new_folder(
    folder: &Path,
    fill: impl FnOnce(&mut Inside) -> Result<(), IssuanceError>,
) -> Result<(), IssuanceError> {
    if folder.symlink_metadata().is_ok() {
        return Err(IssuanceError::Exists(folder.to_owned()));
    }
    let parent = folder_of(folder);
    let permissions = fs::Permissions::from_mode(0o700);
    let temporary = tempfile::Builder::new().prefix(".issuance").permissions(permissions).tempdir_in(parent);
    let temporary = temporary.map_err(failed(parent))?;
    let mut inside = Inside { root: temporary.path().to_owned(), written: Vec::new() };
    fill(&mut inside)?;
    // The codes are nowhere else: what is sent must not outlive them.
    inside.written.push(inside.root.clone());
    flush(&inside.written).map_err(failed(folder))?;
    // A rename onto an existing folder that is not empty fails, so nothing is overwritten.
    fs::rename(temporary.path(), folder).map_err(failed(folder))?;
    // It is no temporary folder any more.
    let _ = temporary.keep();
    flush_folder(parent).map_err(failed(parent))
}

/// Reads the signed replacement of a folder that [`write_replacement`] made.
///
/// # Errors
/// [`IssuanceError`].
pub fn read_replacement(folder: &Path) -> Result<Submission, IssuanceError> {
    let path = folder.join(REPLACEMENT);
    let bytes = match read_limited(&path, MAXIMUM_FILE) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(IssuanceError::Exists(folder.to_owned()));
        }
        read => read.map_err(failed(&path))?,
    };
    let submission = Submission::decode(&bytes).map_err(|_| IssuanceError::NotAReplacement(path.clone()))?;
    match submission.body() {
        Ok(Body::Replacement(_)) => Ok(submission),
        _ => Err(IssuanceError::NotAReplacement(path)),
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
