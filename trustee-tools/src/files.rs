//! How officials' files are read and written: reading ends at a limit, and what was written survives a loss of power.

use std::{
    fs::{self, File},
    io::{self, Read, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// The most bytes of a file that is read whole, unless its kind allows fewer.
pub(crate) const MAXIMUM_FILE: u64 = 64 * 1024 * 1024;

/// Flushes wait for the disk and not for the processor; together they wait once.
const FLUSHES: usize = 32;

/// What stops where its limit is reached, with an error and not as if it had ended.
pub(crate) struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Limited<R> {
    pub(crate) fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let length = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

/// A whole file, if it is not longer than that.
pub(crate) fn read_limited(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Limited::new(File::open(path)?, most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that must not exist yet: whole or not at all, and still there after a loss of power.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Public files: the user's mask says who may read them.
    write_new_as(path, bytes, 0o666)
}

/// The same for a file that its owner alone may read.
pub(crate) fn write_new_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_new_as(path, bytes, 0o600)
}

fn write_new_as(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = folder_of(path);
    let permissions = fs::Permissions::from_mode(mode);
    let mut file = tempfile::Builder::new().prefix(".new").permissions(permissions).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|refused| refused.error)?;
    flush_folder(folder)
}

/// Files that were written are on the disk when this returns.
pub(crate) fn flush(paths: &[PathBuf]) -> io::Result<()> {
    let flush_all = |paths: &[PathBuf]| paths.iter().try_for_each(|path| File::open(path)?.sync_all());
    std::thread::scope(|scope| {
        let share = paths.len().div_ceil(FLUSHES).max(1);
        let flushes: Vec<_> = paths.chunks(share).map(|share| scope.spawn(move || flush_all(share))).collect();
        let broken = || Err(io::Error::other("a flush ended early"));
        flushes.into_iter().try_for_each(|flush| flush.join().unwrap_or_else(|_| broken()))
    })
}

/// The names in a folder are on the disk when this returns.
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ends_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_new(&path, b"12345").unwrap();
        assert_eq!(read_limited(&path, 5).unwrap(), b"12345");
        assert_eq!(read_limited(&path, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_limited(Path::new("/dev/zero"), 1 << 20).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_new(&path, b"first").unwrap();
        assert_eq!(write_new(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left behind");
        flush(&vec![path.clone(); 70]).unwrap();
        assert!(flush(&[path, folder.path().join("none")]).is_err());
    }
}
