//! `check-audit`, `publish-audit` and `receipt`: what is done with the files a voter carries.

use super::{
    CheckAudit, CliError, Console, Exit, PublishAudit, ReceiptFile, Where, looking::ShownBallot, read_file,
    time_in_words,
};
use crate::{
    audit::{AuditOpening, check_audit},
    folder::manifest_of,
    lookup::{Search, Wanted},
    receipt::{CheckedReceipt, Trust, check_receipt},
    selections::in_file,
    session::{BeginError, OpenElection, PublicationWish, Session},
    tracker::{Tracker, TypedTracker},
};
use protocol::Manifest;
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::Path;
use tlog::proof::Receipt;

#[derive(Serialize)]
struct Audited {
    tracker: String,
    unit: String,
    contests: Vec<AuditedContest>,
}

#[derive(Serialize)]
struct AuditedContest {
    contest: u32,
    title: String,
    /// As it would stand in a selections file (BAL-72).
    selection: serde_json::Value,
    words: Vec<String>,
}

/// BAL-32: the second device, which reads the record for itself.
pub(super) async fn check(check: &CheckAudit, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let bytes = read_file(&check.file)?;
    let reading = check.place.read(&check.place.client()?, None, console).await?;
    let findings = check_audit(&bytes, &check.tracker, &reading.election)?;
    let text = format!(
        "The ballot under the tracker you were shown holds, for a voter of {}:\n\n{findings}\nIf this is what you chose, the voting device \
         sealed it honestly. If not, do not vote with that device.",
        findings.unit
    );
    let manifest = reading.election.manifest();
    let contests = findings.contests.into_iter().map(|audited| AuditedContest {
        contest: audited.contest,
        selection: manifest
            .contest(audited.contest)
            .map_or(serde_json::Value::Null, |contest| in_file(contest, &audited.selection)),
        title: audited.title,
        words: audited.words,
    });
    let result = Audited { tracker: findings.tracker.to_string(), unit: findings.unit, contests: contests.collect() };
    console.give(&text, &result)?;
    Ok(Exit::Good)
}

#[derive(Serialize)]
struct Published {
    outcome: &'static str,
    tracker: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
}

/// BAL-34: only after the warning.
pub(super) async fn publish(publish: &PublishAudit, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let opening = AuditOpening::decode(&read_file(&publish.file)?)?;
    let board = publish.place.client()?;
    let reading = publish.place.read(&board, None, console).await?;
    let open = OpenElection::check(&reading.election, &publish.place.election).map_err(BeginError::from)?;
    let credential = publish.codes.credential(reading.election.manifest(), &publish.place.election, console)?;
    let session = Session::of(open, credential)?;
    console.say(PublicationWish::WARNING)?;
    let answer = console.ask("Type `publish` to do it: ")?;
    let tracker = opening.tracker().to_string();
    if answer.is_none_or(|answer| !answer.eq_ignore_ascii_case("publish")) {
        console.give("Nothing was published.", &Published { outcome: "not-published", tracker, index: None })?;
        return Ok(Exit::Good);
    }
    let submission = session.publish_audit(&opening, PublicationWish::after_warning(), &mut OsRng)?;
    let promise = board.submit(&publish.place.election, &submission).await.map_err(CliError::NotTaken)?;
    let text = format!("Published as entry {}. The ballot counts for nothing.", promise.index());
    console.give(&text, &Published { outcome: "published", tracker, index: Some(promise.index()) })?;
    Ok(Exit::Good)
}

#[derive(Serialize)]
struct CheckedFile {
    tracker: String,
    tracker_hex: String,
    index: u64,
    time: u64,
    sequence: u64,
    origin: String,
    entries: u64,
    attested: String,
    final_receipt: bool,
    /// What the record says of it, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    ballot: Option<ShownBallot>,
}

/// BAL-36: asks nobody. Only with `--complete` the record is read (BAL-42).
pub(super) async fn receipt(file: &ReceiptFile, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let mut bytes = read_file(&file.file)?;
    let trust = match (file.flags.policy()?, &file.log_key) {
        (Some(own), _) => Trust::Policy(own),
        (None, Some(key)) => Trust::LogKey(key.parse().map_err(|_| CliError::LogKey)?),
        (None, None) => Trust::of_manifest(&manifest(file)?).map_err(crate::client::ReadError::from)?,
    };
    let mut checked = check_receipt(&bytes, &file.election, &trust)?;
    let mut fate = None;
    if let Some(board) = &file.board
        && let Some((receipt, found)) = recorded(file, board, &checked, console).await?
    {
        fate = Some(found);
        if file.complete {
            bytes = receipt.encode().into_bytes();
            checked = check_receipt(&bytes, &file.election, &trust)?;
            board_api::file::replace(&file.file, &bytes)
                .map_err(|error| CliError::File { path: file.file.clone(), error })?;
        }
    }
    let counts = match (&fate, &file.board) {
        (Some(fate), _) => fate.fate_in_words(),
        (None, Some(_)) => "The record, as far as it is attested, does not reach its entry yet.".to_owned(),
        (None, None) => "Whether it counts, only the record tells: a later ballot of the same codes may have superseded it, or the authority overridden their \
                         row. Ask with --board."
            .to_owned(),
    };
    let tracker: Tracker = checked.tracker;
    let text = format!(
        "The receipt holds.\nTracker: {tracker}\nIt is entry {} of {}, recorded {}, ballot {} of its codes.\nIt is {}.\n{counts}",
        checked.index,
        checked.origin,
        time_in_words(checked.time),
        checked.sequence,
        checked.witnessed
    );
    let result = CheckedFile {
        tracker: tracker.to_string(),
        tracker_hex: tracker.hex(),
        index: checked.index,
        time: checked.time,
        sequence: checked.sequence,
        origin: checked.origin,
        entries: checked.size,
        attested: checked.witnessed.to_string(),
        final_receipt: checked.witnessed.suffices(),
        ballot: fate,
    };
    console.give(&text, &result)?;
    Ok(if checked.witnessed.suffices() { Exit::Good } else { Exit::Incomplete })
}

/// BAL-42, BAL-48: the receipt under the record's present checkpoint, and what became of its ballot; none while it does not reach so far. The whole record is read: whoever serves it
/// does not learn which ballot is meant (BAL-40).
async fn recorded(
    file: &ReceiptFile,
    board: &str,
    promised: &CheckedReceipt,
    console: &mut Console<'_>,
) -> Result<Option<(Receipt, ShownBallot)>, CliError> {
    let place = Where { board: board.to_owned(), election: file.election, flags: file.flags.clone() };
    let wanted: TypedTracker = promised.tracker.hex().parse().map_err(|_| CliError::NoTrust)?;
    let mut search = Search::new(file.election, Wanted::Tracker(wanted));
    let reading = match place.read(&place.client()?, Some(&mut search), console).await {
        Err(CliError::Unwitnessed(why)) => {
            console.say(&why)?;
            return Ok(None);
        }
        read => read?,
    };
    if reading.size() <= promised.index {
        return Ok(None);
    }
    let found =
        search.found().into_iter().find(|found| found.index == promised.index && found.tracker == promised.tracker);
    let receipt = found.and_then(|found| Some((reading.receipt(&found)?, ShownBallot::of(&found, &reading.election))));
    receipt.map(Some).ok_or_else(|| CliError::NotKept { index: promised.index, promise: file.file.clone() })
}

/// The manifest given, or the one kept beside the receipt.
fn manifest(file: &ReceiptFile) -> Result<Manifest, CliError> {
    let beside = file.file.parent().unwrap_or(Path::new("")).join(crate::folder::MANIFEST);
    let path = match &file.manifest {
        Some(path) => path.clone(),
        None if beside.exists() => beside,
        None => return Err(CliError::NoTrust),
    };
    Ok(manifest_of(&read_file(&path)?, &file.election, &path)?)
}
