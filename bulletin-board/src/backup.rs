//! Copies of a board's database that cannot be mistaken for it (BRD-61, BRD-62).

use crate::{
    config::Database,
    store::{self, StoreError},
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such file.
    #[error("there is no database {0}")]
    Missing(PathBuf),
    /// It would be written over.
    #[error("{0} is there already; a backup overwrites nothing")]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{0} cannot be written")]
    File(PathBuf, #[source] io::Error),
    /// PostgreSQL has tools of its own.
    #[error(
        "PostgreSQL is backed up by its own tools (pg_dump, or a base backup); restore into an empty database, and mark that by `vitrine \
         board mark-copy` before any board opens it"
    )]
    Postgres,
}

/// BRD-61: writes a copy of a board's database, also while the board runs: of one moment, marked as a copy before it bears its name, and
/// on the disk when this returns.
///
/// # Errors
/// [`BackupError`]; nothing stands under the name then.
pub async fn backup(database: &Database, to: &Path) -> Result<(), BackupError> {
    let Database::File(from) = database else { return Err(BackupError::Postgres) };
    if !from.is_file() {
        return Err(BackupError::Missing(from.clone()));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let failed = |error| BackupError::File(to.to_owned(), error);
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A folder of its own, beside the goal: what is not finished goes with it.
    let passing = tempfile::tempdir_in(folder).map_err(failed)?;
    let fresh = passing.path().join("copy.sqlite");
    store::copy_file(from, &fresh).await?;
    File::open(&fresh).and_then(|file| file.sync_all()).map_err(failed)?;
    // A link, unlike a renaming, replaces nothing that came meanwhile.
    fs::hard_link(&fresh, to).map_err(failed)?;
    // On systems where a folder cannot be opened there is nothing to flush.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all()).map_err(failed)
}

/// BRD-62: marks a database as a copy, for ever.
///
/// # Errors
/// [`BackupError`].
pub async fn mark_copy(database: &Database) -> Result<(), BackupError> {
    if let Database::File(path) = database
        && !path.is_file()
    {
        return Err(BackupError::Missing(path.clone()));
    }
    Ok(store::mark_copy(database).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{board::Board, config::Config, fsck::fsck};

    /// BRD-61: a copy made while the board runs; it is marked, the original is not; nothing is overwritten.
    #[tokio::test]
    async fn a_backup_is_a_marked_copy_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (original, copy) = (folder.path().join("board.sqlite"), folder.path().join("backup.sqlite"));
        let missing = backup(&original.clone().into(), &copy).await;
        assert!(matches!(missing, Err(BackupError::Missing(_))));
        let key = folder.path().join("board.key");
        let board = Board::open(Config::new(original.clone(), key.clone(), "board.example")).await.unwrap();
        backup(&original.clone().into(), &copy).await.unwrap();
        assert!(matches!(backup(&original.clone().into(), &copy).await, Err(BackupError::Exists(_))));
        board.close().await;
        drop(board);
        for (path, is_copy) in [(&original, false), (&copy, true)] {
            let store = store::open(&path.clone().into(), &store::Settings::default()).await.unwrap();
            assert_eq!(store.is_copy().await.unwrap(), is_copy, "{}", path.display());
            store.close().await;
            drop(store);
            assert!(fsck(&path.clone().into(), &key).await.unwrap().is_empty());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().flatten().filter(|item| item.path().is_dir()).count(), 0);
        mark_copy(&original.clone().into()).await.unwrap();
        let store = store::open(&original.into(), &store::Settings::default()).await.unwrap();
        assert!(store.is_copy().await.unwrap());
        store.close().await;
    }
}
