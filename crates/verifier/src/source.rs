//! Where a record is read from (VER-1). The verifier opens no socket: a reader of URLs is the caller's.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use tlog::record::ChainPath;

/// Gives the files of one record, of all its logs (REC-7).
pub trait Source {
    /// Why a file could not be read.
    type Error: std::fmt::Display;

    /// The bytes of a file, or `None` if it is not there. Need not read far beyond [`ChainPath::byte_limit`].
    ///
    /// # Errors
    /// When it cannot be told what the file holds: the record is then unreadable, not invalid.
    fn fetch(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, Self::Error>;

    /// The relative names of all files, with `/` between elements, where the source can tell (VER-3). A web server cannot.
    ///
    /// # Errors
    /// When the files cannot be listed.
    fn list(&self) -> Result<Option<Vec<String>>, Self::Error> {
        Ok(None)
    }
}

/// A record in memory, by relative names.
impl Source for BTreeMap<String, Vec<u8>> {
    type Error = Infallible;

    fn fetch(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.get(&path.to_string()).cloned())
    }

    fn list(&self) -> Result<Option<Vec<String>>, Infallible> {
        Ok(Some(self.keys().cloned().collect()))
    }
}

/// A record in a folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The record whose `checkpoint` stands directly in this folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Source for Folder {
    type Error = io::Error;

    fn fetch(&self, path: &ChainPath) -> io::Result<Option<Vec<u8>>> {
        let place = self.0.join(path.to_string());
        // What is no file is not the file that is asked for (VER-3); and a pipe, once opened, would wait for a writer for ever.
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let file = fs::File::open(place)?;
        // One byte more than there may be, so that a file that is too long is seen to be, and nothing larger is held.
        let limit = u64::try_from(path.byte_limit()).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn list(&self) -> io::Result<Option<Vec<String>>> {
        let mut names = Vec::new();
        let mut folders = vec![(self.0.clone(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            let mut empty = true;
            for item in fs::read_dir(&folder)? {
                let item = item?;
                empty = false;
                let name = format!("{prefix}{}", item.file_name().to_string_lossy());
                let kind = item.file_type()?;
                if kind.is_dir() {
                    folders.push((item.path(), format!("{name}/")));
                } else if kind.is_file() {
                    names.push(name);
                } else {
                    // A link or a device is not a file of a record, whatever it is called.
                    names.push(format!("{name} (not a regular file)"));
                }
            }
            if empty && !prefix.is_empty() {
                names.push(prefix);
            }
        }
        names.sort_unstable();
        Ok(Some(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_and_reads_its_files_and_nothing_twice_its_size() {
        let root = std::env::temp_dir().join(format!("vitrine-source-{}", std::process::id()));
        fs::create_dir_all(root.join("tile/0/000.p")).unwrap();
        fs::create_dir_all(root.join("tile/empty")).unwrap();
        fs::write(root.join("checkpoint"), b"note").unwrap();
        fs::write(root.join("tile/0/000.p/1"), vec![7; 1000]).unwrap();
        let folder = Folder::new(&root);
        let listed = folder.list().unwrap().unwrap();
        let tile: ChainPath = "tile/0/000.p/1".parse().unwrap();
        let read = folder.fetch(&tile).unwrap().unwrap();
        let absent = folder.fetch(&"tile/0/000".parse().unwrap()).unwrap();
        // The checkpoint is read before the files are listed: a folder or a link of its name is not one either.
        let checkpoint = root.join("checkpoint");
        fs::remove_file(&checkpoint).unwrap();
        fs::create_dir(&checkpoint).unwrap();
        let directory = folder.fetch(&"checkpoint".parse().unwrap()).unwrap();
        #[cfg(unix)]
        let link = {
            fs::remove_dir(&checkpoint).unwrap();
            std::os::unix::fs::symlink(root.join("tile/0/000.p/1"), &checkpoint).unwrap();
            folder.fetch(&"checkpoint".parse().unwrap()).unwrap()
        };
        fs::remove_dir_all(&root).unwrap();
        assert!(directory.is_none());
        #[cfg(unix)]
        assert!(link.is_none());
        assert_eq!(listed, ["checkpoint", "tile/0/000.p/1", "tile/empty/"]);
        assert_eq!(read.len(), 33, "one byte more than the limit, so that the excess shows");
        assert!(absent.is_none());
        assert!(folder.list().is_err());
    }
}
