//! Where a record is: a folder, a static copy in a folder, or an election on a board.

use board_api::{
    BoardClient, ClientError,
    flags::{FlagError, ReadingFlags},
};
use protocol::ids::ElectionFingerprint;
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::{
    record::{ChainPath, RecordPath},
    tile::{TileKind, TilePath, WIDTH, decode_bundle, encode_bundle},
};
use tokio::runtime::Handle;
use verifier::{ExitCode, Folder, Source};

/// Bytes of one hash in a tile.
const HASH: usize = 32;

/// A place that was looked at: a record is there to be read.
#[derive(Debug)]
pub(crate) enum Place {
    /// A folder.
    Folder(PathBuf),
    /// A folder that a board publishes into: files for a web server, read like an address.
    Copy(StaticCopy),
    /// An election on a board.
    Board(Remote),
}

/// Why there is no record to read.
#[derive(Debug, Error)]
pub(crate) enum PlaceError {
    /// No such folder, or one without anything of a record.
    #[error("there is no record in {0}: expected a folder with `checkpoint` and `tile`")]
    NoRecord(PathBuf),
    /// The board is out of reach or refuses.
    #[error("{address}: {}", crate::failure::chain(.error))]
    Board {
        /// Its address.
        address: String,
        /// Why.
        error: ClientError,
    },
    /// The flags that say how a board is read.
    #[error(transparent)]
    Flags(#[from] FlagError),
    /// A board has several elections, and none was named.
    #[error("{address} has {} elections; name one by its address:{}", .elections.len(), list(.elections))]
    WhichElection {
        /// The board.
        address: String,
        /// Fingerprints and titles.
        elections: Vec<(String, String)>,
    },
    /// The copy cannot be written.
    #[error("{path}: {error}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The copy would overwrite something.
    #[error("{0} is there already; a record is saved into a new or empty folder")]
    NotEmpty(PathBuf),
}

/// What ends a download.
enum SaveError {
    Board(ClientError),
    Place(PlaceError),
}

impl From<ClientError> for SaveError {
    fn from(error: ClientError) -> Self {
        Self::Board(error)
    }
}

impl From<PlaceError> for SaveError {
    fn from(error: PlaceError) -> Self {
        Self::Place(error)
    }
}

fn list(elections: &[(String, String)]) -> String {
    let line = |(address, title): &(String, String)| format!("\n  {address}  {}", verifier::plain(title));
    elections.iter().map(line).collect()
}

impl PlaceError {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::WhichElection { .. } => ExitCode::Usage,
            Self::Flags(FlagError::Client(ClientError::Address(_)) | FlagError::Policy { .. } | FlagError::NoHome) => {
                ExitCode::Usage
            }
            Self::Board { error: ClientError::Record(fault), .. } if fault.awaits_witnesses() => ExitCode::Incomplete,
            Self::Board { error: ClientError::Address(_), .. } => ExitCode::Usage,
            Self::Board { error: ClientError::Record(_), .. } => ExitCode::Invalid,
            Self::NotEmpty(_) => ExitCode::Refused,
            Self::Flags(_) | Self::NoRecord(_) | Self::Board { .. } | Self::Write { .. } => ExitCode::Unreadable,
        }
    }
}

impl Place {
    /// Finds out what an argument names.
    pub(crate) async fn find(
        text: &str,
        expect: Option<&ElectionFingerprint>,
        flags: &ReadingFlags,
    ) -> Result<Self, PlaceError> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return Remote::find(text, expect, flags).await.map(Self::Board);
        }
        let folder = PathBuf::from(text.strip_prefix("file://").unwrap_or(text));
        // A record without its checkpoint is one that lacks a file; a folder with nothing of a record is none.
        if folder.join("checkpoint").is_file() || folder.join("tile").is_dir() {
            Ok(if text.starts_with("file://") { Self::Copy(StaticCopy(folder)) } else { Self::Folder(folder) })
        } else {
            Err(PlaceError::NoRecord(folder))
        }
    }
}

/// An election on a board, as files of a record. Read only from a thread that may block.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    client: BoardClient,
    election: ElectionFingerprint,
    runtime: Handle,
}

impl Remote {
    pub(crate) fn new(client: BoardClient, election: ElectionFingerprint) -> Self {
        Self { client, election, runtime: Handle::current() }
    }

    /// `http://board/e/<fingerprint>`, or `http://board` where the election is expected or the only one.
    async fn find(text: &str, expect: Option<&ElectionFingerprint>, flags: &ReadingFlags) -> Result<Self, PlaceError> {
        let failed = |address: &str| {
            let address = address.to_owned();
            move |error| PlaceError::Board { address, error }
        };
        let trimmed = text.trim_end_matches('/');
        if let Some((board, name)) = trimmed.rsplit_once("/e/")
            && let Ok(election) = name.parse()
        {
            return Ok(Self::new(flags.client(board)?, election));
        }
        let client = flags.client(trimmed)?;
        if let Some(election) = expect {
            return Ok(Self::new(client, *election));
        }
        let elections = client.elections().await.map_err(failed(trimmed))?;
        match elections.as_slice() {
            [one] => Ok(Self::new(client, one.fingerprint)),
            several => {
                // The board's own `path` may say anything.
                let address = |one: &board_api::ElectionSummary| format!("{trimmed}/e/{}", one.fingerprint);
                let named = |one: &board_api::ElectionSummary| (address(one), one.title.clone());
                let elections = several.iter().map(named).collect();
                Err(PlaceError::WhichElection { address: trimmed.to_owned(), elections })
            }
        }
    }

    /// How its board is read.
    pub(crate) fn client(&self) -> &BoardClient {
        &self.client
    }

    /// Saves the record as the board's present checkpoint covers it. What it holds is not checked here: that is for who verifies it.
    pub(crate) async fn save(&self, folder: &Path, mut progress: impl FnMut(u64)) -> Result<(), PlaceError> {
        if std::fs::read_dir(folder).is_ok_and(|mut items| items.next().is_some()) {
            return Err(PlaceError::NotEmpty(folder.to_owned()));
        }
        let mut done = 0u64;
        board_api::record::download(&self.client, &self.election, |path, bytes| {
            write(folder, &path, &bytes)?;
            if let RecordPath::Tile(tile) = path.file()
                && tile.kind() == TileKind::Entries
            {
                done = done.saturating_add(tile.width().into());
                progress(done);
            }
            Ok(())
        })
        .await
        .map_err(|error| match error {
            SaveError::Board(error) => PlaceError::Board { address: self.client.address().to_owned(), error },
            SaveError::Place(error) => error,
        })
    }

    /// A file; a partial tile that is gone comes out of the full one (LOG-11).
    async fn get(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, ClientError> {
        let found = self.client.fetch(&self.election, path).await?;
        let RecordPath::Tile(tile) = path.file() else { return Ok(found) };
        if found.is_some() || tile.is_full() {
            return Ok(found);
        }
        let Ok(full) = TilePath::new(tile.kind(), tile.index(), WIDTH) else { return Ok(None) };
        let full = ChainPath::new(path.log(), RecordPath::Tile(full));
        let bytes = self.client.fetch(&self.election, full).await?;
        Ok(bytes.and_then(|bytes| narrow(&bytes, &tile)))
    }
}

/// The first part of a full tile or bundle.
fn narrow(bytes: &[u8], tile: &TilePath) -> Option<Vec<u8>> {
    let width = usize::from(tile.width());
    match tile.kind() {
        TileKind::Hashes(_) => bytes.get(..width.saturating_mul(HASH)).map(<[u8]>::to_vec),
        TileKind::Entries => {
            let entries = decode_bundle(bytes, WIDTH).ok()?;
            encode_bundle(entries.get(..width)?).ok()
        }
    }
}

impl Source for Remote {
    type Error = String;

    fn fetch(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, String> {
        self.runtime.block_on(self.get(path)).map_err(|error| crate::failure::chain(&error))
    }
}

/// A static copy in a folder (BRD-40). What its checkpoint does not demand is nobody's business, as with an address: partial tiles of
/// earlier sizes lie there until they are full (BRD-43).
#[derive(Clone, Debug)]
pub(crate) struct StaticCopy(PathBuf);

impl Source for StaticCopy {
    type Error = io::Error;

    fn fetch(&self, path: &ChainPath) -> io::Result<Option<Vec<u8>>> {
        let folder = Folder::new(&self.0);
        let found = folder.fetch(path)?;
        let RecordPath::Tile(tile) = path.file() else { return Ok(found) };
        let Ok(full) = TilePath::new(tile.kind(), tile.index(), WIDTH) else { return Ok(found) };
        if found.is_some() || tile.is_full() {
            return Ok(found);
        }
        let full = ChainPath::new(path.log(), RecordPath::Tile(full));
        Ok(folder.fetch(&full)?.and_then(|bytes| narrow(&bytes, &tile)))
    }
}

/// Writes one file of a record, with the folders it lies in.
pub(crate) fn write(folder: &Path, path: &ChainPath, bytes: &[u8]) -> Result<(), PlaceError> {
    let path = folder.join(path.to_string());
    let written = match path.parent() {
        Some(parent) => std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, bytes)),
        None => std::fs::write(&path, bytes),
    };
    written.map_err(|error| PlaceError::Write { path, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{note::SignerKey, record::write_record};

    /// BRD-43: what lies beside a static copy's tree is not read, and a partial tile that went is the beginning of the full one.
    #[tokio::test]
    async fn a_static_copy_is_read_like_an_address() {
        let folder = tempfile::tempdir().unwrap();
        let key = SignerKey::from_seed("board.example/election", &[1; 32]).unwrap();
        let entries: Vec<String> = (0..300).map(|number| format!("entry {number}")).collect();
        for size in [3, 300] {
            for file in write_record(entries.iter().take(size), &key).unwrap() {
                write(folder.path(), &file.path.into(), &file.bytes).unwrap();
            }
        }
        let text = folder.path().display().to_string();
        assert!(matches!(Place::find(&text, None, &ReadingFlags::default()).await.unwrap(), Place::Folder(_)));
        let Place::Copy(copy) = Place::find(&format!("file://{text}"), None, &ReadingFlags::default()).await.unwrap()
        else {
            panic!("a copy")
        };
        assert_eq!(copy.list().unwrap(), None);
        for name in ["tile/0/000.p/3", "tile/entries/000.p/3"] {
            let path: ChainPath = name.parse().unwrap();
            let before = copy.fetch(&path).unwrap();
            std::fs::remove_file(folder.path().join(name)).unwrap();
            assert!(before.is_some());
            assert_eq!(copy.fetch(&path).unwrap(), before);
        }
        assert_eq!(copy.fetch(&"tile/0/002".parse().unwrap()).unwrap(), None);
    }
}
