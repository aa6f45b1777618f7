//! `dispute`: a receipt or promise against the log as it is now (EVD-15).

use super::{CliError, Console, Dispute, Exit, read_file, write_file};
use crate::{
    client::ReadError,
    dispute::{Outcome, ShownLog},
    folder::read_limited,
    receipt::ReceiptFault,
};
use board_api::record;
use serde::Serialize;
use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use tlog::{
    checkpoint::Checkpoint,
    note::Note,
    proof::Receipt,
    record::{ChainPath, RecordPath},
    tile::{TileKind, TilePath, WIDTH, decode_bundle},
};

#[derive(Serialize)]
struct Judged {
    /// `kept`, `awaited`, `lost` or `broken`.
    outcome: &'static str,
    index: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    culprits: Vec<String>,
}

pub(super) async fn run(dispute: &Dispute, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let promise = Receipt::parse(&read_file(&dispute.file)?).map_err(ReceiptFault::from)?;
    let mut log = ShownLog::new(dispute.election);
    match (&dispute.record, &dispute.board) {
        (Some(folder), _) => from_folder(folder, &mut log)?,
        (None, Some(board)) => from_board(board, dispute, &mut log, console).await?,
        (None, None) => return Err(CliError::InputEnded),
    }
    let index = promise.index;
    let (judged, text, exit) = match log.judge(&promise)? {
        Outcome::Kept { size } => {
            let text =
                format!("The log keeps its promise: entry {index} of its {size} entries is the one you were promised.");
            (
                Judged { outcome: "kept", index, entries: Some(size), evidence: None, culprits: Vec::new() },
                text,
                Exit::Good,
            )
        }
        Outcome::Awaited { size } => {
            let text = format!(
                "The log has {size} entries that its witnesses attest; yours was promised as entry {index}. Nothing excludes it yet: ask \
                 again later, and keep the receipt."
            );
            let judged =
                Judged { outcome: "awaited", index, entries: Some(size), evidence: None, culprits: Vec::new() };
            (judged, text, Exit::Incomplete)
        }
        Outcome::Lost { size } => {
            let text = format!(
                "The log that promised you entry {index} was lost and continued in another one after {size} entries. Nobody is convicted by \
                 that; but your ballot is not in the election: send it again, and keep the receipt."
            );
            let judged = Judged { outcome: "lost", index, entries: Some(size), evidence: None, culprits: Vec::new() };
            (judged, text, Exit::Incomplete)
        }
        Outcome::Broken { evidence, finding } => {
            let path = dispute.evidence.clone().unwrap_or_else(|| dispute.file.with_extension("evidence"));
            write_file(&path, &evidence.encode())?;
            let culprits: Vec<String> =
                finding.culprits.iter().map(|culprit| format!("{} {}", culprit.role, culprit.name)).collect();
            let text = format!(
                "The log broke its promise.\n{}\nConvicted: {}.\nThe evidence is in {}. It convinces anyone who knows the election's \
                 fingerprint: vitrine evidence check {} --expect {}",
                finding.shown.join("\n"),
                culprits.join(", "),
                path.display(),
                path.display(),
                dispute.election
            );
            let evidence = Some(path.display().to_string());
            (Judged { outcome: "broken", index, entries: None, evidence, culprits }, text, Exit::Bad)
        }
    };
    console.give(&text, &judged)?;
    Ok(exit)
}

/// Reads the whole log: the board does not learn which entry is disputed.
async fn from_board(
    board: &str,
    dispute: &Dispute,
    log: &mut ShownLog,
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    let client = dispute.reading.client(board)?;
    let mut reader = record::read(&client, &dispute.election).await.map_err(ReadError::from)?;
    let mut begun = None;
    loop {
        let entries = reader.next_entries().await.map_err(ReadError::from)?;
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
        console.progress(reader.position(), reader.target());
        if reader.position() >= reader.target() {
            break;
        }
    }
    console.progress_done();
    Ok(())
}

/// Reads the bundles of a record's folder, log by log (REC-7). Its hash tiles are not needed: the entries must make the checkpoint's root.
fn from_folder(folder: &Path, log: &mut ShownLog) -> Result<(), CliError> {
    for number in 1..=u64::MAX {
        let place = |file| folder.join(ChainPath::new(number, file).to_string());
        let checkpoint = place(RecordPath::Checkpoint);
        if number > 1 && !checkpoint.exists() {
            break;
        }
        let bad = |path: &Path| CliError::Record { path: path.to_owned() };
        let bytes = read_limited(&checkpoint).map_err(|error| CliError::File { path: checkpoint.clone(), error })?;
        let head = Note::parse(&bytes).ok().and_then(|note| Checkpoint::parse(note.text()).ok());
        let size = head.ok_or_else(|| bad(&checkpoint))?.size();
        log.begin_log();
        for index in 0..size.div_ceil(u64::from(WIDTH)) {
            let path = TilePath::in_tree(TileKind::Entries, index, size).ok_or_else(|| bad(&checkpoint))?;
            let file = place(RecordPath::Tile(path));
            let bytes = read_bundle(&file, RecordPath::Tile(path).byte_limit())?;
            for entry in decode_bundle(&bytes, path.width()).map_err(|_| bad(&file))? {
                log.take(entry)?;
            }
        }
        log.end_log(&String::from_utf8(bytes).map_err(|_| bad(&checkpoint))?);
    }
    Ok(())
}

fn read_bundle(path: &PathBuf, limit: usize) -> Result<Vec<u8>, CliError> {
    let failed = |error| CliError::File { path: path.clone(), error };
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit { Err(failed(io::Error::from(io::ErrorKind::FileTooLarge))) } else { Ok(bytes) }
}
