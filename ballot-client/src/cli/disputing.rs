//! `dispute`: a receipt or promise against the log as it is now (EVD-15).

use super::{CliError, Console, Dispute, Exit, read_file, write_file};
use crate::receipt::ReceiptFault;
use board_api::dispute::{
    Outcome, ShownLog,
    reading::{show_board, show_folder},
};
use serde::Serialize;
use tlog::proof::Receipt;

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
        (Some(folder), _) => show_folder(folder, &mut log)?,
        (None, Some(board)) => {
            let client = dispute.reading.client(board)?;
            show_board(&client, &dispute.election, &mut log, |read, all| console.progress(read, all)).await?;
            console.progress_done();
        }
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
