//! Shows a [`ShownLog`] every entry of a log, in order, log by log. All are read: nobody who serves them learns which one is meant.

use super::{DisputeFault, ShownLog};
use crate::{BoardClient, ClientError, record};
use protocol::ids::ElectionFingerprint;
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::{
    checkpoint::Checkpoint,
    note::Note,
    record::{ChainPath, RecordPath},
    tile::{TileKind, TilePath, WIDTH, decode_bundle},
};

/// Why a log was not read.
#[derive(Debug, Error)]
pub enum ReadingFault {
    /// The board does not answer, or serves no log to believe.
    #[error(transparent)]
    Board(#[from] ClientError),
    /// A file of the folder cannot be read.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file that is not there, or not what its name says.
    #[error("{0} is missing in the record, or is not what its name says")]
    Record(PathBuf),
    /// Not the election's log.
    #[error(transparent)]
    Dispute(#[from] DisputeFault),
}

/// Reads a board's log under the client's options; `progress` hears how many entries of how many were read.
///
/// # Errors
/// [`ReadingFault`].
pub async fn show_board(
    client: &BoardClient,
    election: &ElectionFingerprint,
    log: &mut ShownLog,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), ReadingFault> {
    let mut reader = record::read(client, election).await?;
    let mut begun = None;
    loop {
        let entries = reader.next_entries().await?;
        if begun != Some(reader.log_start()) {
            begun = Some(reader.log_start());
            log.begin_log();
        }
        for (_, bytes) in &entries {
            log.take(bytes)?;
        }
        if let Some(checkpoint) = reader.checkpoint() {
            log.end_log(&checkpoint.note().encode());
        }
        progress(reader.position(), reader.target());
        if reader.position() >= reader.target() {
            return Ok(());
        }
    }
}

/// Reads the bundles of a record's folder, log by log (REC-7). Its hash tiles are not needed: the entries must make the checkpoint's root.
///
/// # Errors
/// [`ReadingFault`].
pub fn show_folder(folder: &Path, log: &mut ShownLog) -> Result<(), ReadingFault> {
    for number in 1..=u64::MAX {
        let place = |file| folder.join(ChainPath::new(number, file).to_string());
        let checkpoint = place(RecordPath::Checkpoint);
        if number > 1 && !checkpoint.exists() {
            break;
        }
        let bad = |path: &Path| ReadingFault::Record(path.to_owned());
        let bytes = read(&checkpoint, RecordPath::Checkpoint.byte_limit())?;
        let head = Note::parse(&bytes).ok().and_then(|note| Checkpoint::parse(note.text()).ok());
        let size = head.ok_or_else(|| bad(&checkpoint))?.size();
        log.begin_log();
        for index in 0..size.div_ceil(u64::from(WIDTH)) {
            let path = TilePath::in_tree(TileKind::Entries, index, size).ok_or_else(|| bad(&checkpoint))?;
            let file = place(RecordPath::Tile(path));
            let bytes = read(&file, RecordPath::Tile(path).byte_limit())?;
            for entry in decode_bundle(&bytes, path.width()).map_err(|_| bad(&file))? {
                log.take(entry)?;
            }
        }
        log.end_log(&String::from_utf8(bytes).map_err(|_| bad(&checkpoint))?);
    }
    Ok(())
}

fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ReadingFault> {
    let failed = |cause| ReadingFault::File { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit { Err(failed(io::ErrorKind::FileTooLarge.into())) } else { Ok(bytes) }
}
