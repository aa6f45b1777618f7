//! Files that a reader or a voter keeps: only their owner can read them, and they are whole or not there, also after a power cut.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// Puts new content in the place of a file, whole or not at all. The folder is made if it is not there.
///
/// # Errors
/// As the file system's.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = parent(path);
    make_folder(folder)?;
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

/// A folder that only its owner may list: the names of files tell which elections somebody reads, and which ballots are somebody's. That it
/// is there survives a power cut too.
///
/// # Errors
/// As the file system's.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = parent(folder);
    make_folder(parent)?;
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        // Another program of the same person was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => File::open(parent)?.sync_all(),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
