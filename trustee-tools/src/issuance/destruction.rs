//! The end of the letters' files, when the letters are on their way (ROL-14).

use super::{IssuanceError, LETTERS, PRINT, REPLACEMENT, ROLL, failed};
use crate::files::flush_folder;
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

/// What was destroyed.
#[derive(Debug, Default)]
pub struct Destroyed {
    /// Files that were overwritten and removed.
    pub files: usize,
    /// What lies there still, for this program did not write it.
    pub left: Vec<PathBuf>,
}

/// Overwrites and removes every letter of a folder that `issue` or `replace` made. Map, roll and replacement stay. What was interrupted goes
/// on when it is asked again.
///
/// # Errors
/// [`IssuanceError::NotIssued`] for another folder, and [`IssuanceError::File`].
pub fn destroy_letters(folder: &Path) -> Result<Destroyed, IssuanceError> {
    if !folder.join(ROLL).is_dir() && !folder.join(REPLACEMENT).is_file() {
        return Err(IssuanceError::NotIssued(folder.to_owned()));
    }
    let mut destroyed = Destroyed::default();
    for (name, digits) in [(PRINT, 4), (LETTERS, 6)] {
        let inner = folder.join(name);
        let listing = match fs::read_dir(&inner) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            listing => listing.map_err(failed(&inner))?,
        };
        let mut left = Vec::new();
        for item in listing {
            let item = item.map_err(failed(&inner))?;
            let path = item.path();
            if is_letter(&path, digits) && item.file_type().map_err(failed(&path))?.is_file() {
                overwrite(&path).map_err(failed(&path))?;
                fs::remove_file(&path).map_err(failed(&path))?;
                destroyed.files = destroyed.files.saturating_add(1);
            } else {
                left.push(path);
            }
        }
        if left.is_empty() {
            fs::remove_dir(&inner).map_err(failed(&inner))?;
        } else {
            flush_folder(&inner).map_err(failed(&inner))?;
        }
        destroyed.left.append(&mut left);
    }
    flush_folder(folder).map_err(failed(folder))?;
    destroyed.left.sort_unstable();
    Ok(destroyed)
}

/// Whether the file is named as letters are: so many digits at least, and an ending.
fn is_letter(path: &Path, digits: usize) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let stem = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".html"));
    stem.is_some_and(|stem| stem.len() >= digits && stem.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Zeros in the place of what stood there, on the disk before this returns. What the disk moved aside is beyond it.
fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    let zeros = [0u8; 4096];
    while left > 0 {
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
        file.write_all(zeros.get(..take).unwrap_or(&zeros))?;
        left = left.saturating_sub(u64::try_from(take).unwrap_or(u64::MAX));
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(matches!(destroy_letters(folder.path()), Err(IssuanceError::NotIssued(_))));
        for inner in [LETTERS, PRINT, ROLL] {
            fs::create_dir(at(inner)).unwrap();
        }
        for name in [
            "letters/000000.txt",
            "letters/1000000.html",
            "print/0001.html",
            "letters/notes.txt",
            "map.csv",
            "roll/0000.cbor",
        ] {
            fs::write(at(name), vec![7; 5000]).unwrap();
        }
        // Whoever puts a link there does not make this program overwrite something else.
        std::os::unix::fs::symlink(at("map.csv"), at("print/0002.html")).unwrap();
        let destroyed = destroy_letters(folder.path()).unwrap();
        assert_eq!((destroyed.files, destroyed.left), (3, vec![at("letters/notes.txt"), at("print/0002.html")]));
        assert_eq!(fs::read(at("map.csv")).unwrap(), vec![7; 5000]);
        assert!(at("roll/0000.cbor").exists() && !at("letters/000000.txt").exists());
        for name in ["letters/notes.txt", "print/0002.html"] {
            fs::remove_file(at(name)).unwrap();
        }
        assert!(destroy_letters(folder.path()).unwrap().left.is_empty());
        assert!(!at(LETTERS).exists() && !at(PRINT).exists());
        assert_eq!(destroy_letters(folder.path()).unwrap().files, 0, "again is no harm");
    }

    #[test]
    fn what_stood_there_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("000000.txt");
        fs::write(&path, vec![7; 10_000]).unwrap();
        overwrite(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), vec![0; 10_000]);
    }
}
