//! What a board promised to an official, against its log (CER-46, CER-47): `vitrine trustee dispute`, for registrars and the authority alike, and
//! what a trustee's tool does by itself when the record calls it silent.

use super::{CommandError, Streams, place::ReadingArguments};
use crate::{files, record::RecordError};
use board_api::{
    BoardClient, ClientError, Memory, Promise,
    dispute::{
        DisputeFault, Outcome, ShownLog,
        reading::{ReadingFault, show_board},
    },
    record::RecordFault,
};
use protocol::{
    Author, Election, Entry,
    election::Departure,
    evidence::{Finding, TOLERANCE, TrialOutcome, asked_in_stage},
    ids::ElectionFingerprint,
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};
use tlog::proof::Receipt;

/// The most bytes of a receipt: an entry and a note in text form, and a proof.
const MAXIMUM_PROMISE: u64 = 1_048_576;

/// `vitrine trustee dispute`, and the same for registrars and the authority: compare what the board promised you with its log, and keep evidence if it broke its word.
///
/// Exit codes: 0 every promise is kept, 1 one is broken, 3 there is none, 4 one is not decided yet.
#[derive(Debug, clap::Args)]
pub struct Dispute {
    #[command(flatten)]
    reading: ReadingArguments,
    /// Promises; without any, all that this machine kept of the election.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What became of one promise.
#[derive(Serialize)]
struct Judged {
    promise: PathBuf,
    index: u64,
    body: &'static str,
    /// `kept`, `awaited`, `lost`, `broken` or `undecided`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleared: Option<u32>,
    #[serde(skip)]
    text: String,
}

#[derive(Serialize)]
struct AllJudged {
    promises: Vec<Judged>,
}

/// A promise that was read from a file.
struct Kept {
    path: PathBuf,
    receipt: Receipt,
    entry: Entry,
}

impl Kept {
    fn read(path: &Path) -> Result<Self, CommandError> {
        let bytes = files::read_limited(path, MAXIMUM_PROMISE)
            .map_err(|cause| CommandError::File { path: path.to_owned(), cause })?;
        let not = || CommandError::NotAPromise(path.to_owned());
        let receipt = Receipt::parse(&bytes).map_err(|_| not())?;
        let entry = Entry::decode(&receipt.extra).map_err(|_| not())?;
        Ok(Self { path: path.to_owned(), receipt, entry })
    }

    fn body(&self) -> &'static str {
        self.entry.submission().body().map_or("message", |body| body.name())
    }

    /// Whether this is what a stage asked of a trustee.
    fn is_asked_of(&self, trustee: u32, stage: u32) -> bool {
        let submission = self.entry.submission();
        let asked = submission.body().is_ok_and(|body| asked_in_stage(&body) == Some(stage));
        asked && submission.author() == Ok(Author::Trustee(trustee))
    }
}

/// CER-46: keeps what was promised, and warns of a minute that has not come.
pub(super) fn keep(
    board: &BoardClient,
    election: &ElectionFingerprint,
    promise: &Promise,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    if let Some(memory) = &board.read_options().memory {
        memory.keep_promise(election, promise).map_err(ClientError::from)?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if promise.entry().time.saturating_mul(60) > now.saturating_add(TOLERANCE) {
        streams.warn(
            "the board's promise states a time that has not come by this machine's clock: one of the two clocks is wrong. If it is not yours, say so \
             now: with such a promise nobody can show later that the message was in time",
        )?;
    }
    Ok(())
}

impl Dispute {
    /// Judges every promise and keeps what convicts the log.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (election, memory) = (self.reading.election, self.reading.memory()?);
        let paths = if self.files.is_empty() {
            memory.promises(&election).map_err(ClientError::from)?
        } else {
            self.files.clone()
        };
        if paths.is_empty() {
            return Err(CommandError::NoPromises);
        }
        let log = self.reading.show(ShownLog::new(election)).await?;
        let (mut promises, mut fault) = (Vec::new(), None);
        for path in &paths {
            let kept = Kept::read(path)?;
            let (judged, undecided) = judge(&log, &kept, &memory, &election)?;
            fault = fault.or(undecided);
            promises.push(judged);
        }
        let text: Vec<&str> = promises.iter().map(|judged| judged.text.as_str()).collect();
        let text = text.join("\n");
        let evidence: Vec<PathBuf> = promises.iter().filter_map(|judged| judged.evidence.clone()).collect();
        let open = promises.iter().any(|judged| matches!(judged.outcome, "awaited" | "lost"));
        streams.give(&text, &AllJudged { promises })?;
        match (evidence.first(), fault) {
            (Some(first), _) => Err(CommandError::Broken { count: evidence.len(), first: first.clone(), election }),
            (None, Some(fault)) => Err(fault.into()),
            (None, None) if open => Err(CommandError::Undecided),
            (None, None) => Ok(()),
        }
    }
}

/// One promise, and why it is not decided, if so.
fn judge(
    log: &ShownLog,
    kept: &Kept,
    memory: &Memory,
    election: &ElectionFingerprint,
) -> Result<(Judged, Option<DisputeFault>), CommandError> {
    let (index, body) = (kept.entry.index, kept.body());
    let judged = |outcome, text: String| Judged {
        promise: kept.path.clone(),
        index,
        body,
        outcome,
        evidence: None,
        cleared: None,
        text: format!("{body}, promised as entry {index}: {text}"),
    };
    Ok(match log.judge(&kept.receipt) {
        Ok(Outcome::Kept { size }) => (judged("kept", format!("kept, among {size} entries.")), None),
        Ok(Outcome::Awaited { size }) => {
            let text = format!("the log has {size} entries so far, and nothing excludes it. Ask again later.");
            (judged("awaited", text), None)
        }
        Ok(Outcome::Lost { size }) => {
            let text =
                format!("that log was lost after {size} entries and continued; send it again. This convicts nobody.");
            (judged("lost", text), None)
        }
        Ok(Outcome::Broken { evidence, finding }) => {
            let path = keep_evidence(memory, election, &evidence)?;
            let text = format!("BROKEN. {}", story(&finding, &path, election));
            let cleared = finding.cleared.as_ref().map(|cleared| cleared.trustee);
            (Judged { evidence: Some(path), cleared, ..judged("broken", text) }, None)
        }
        Err(fault) => (judged("undecided", fault.to_string()), Some(fault)),
    })
}

fn keep_evidence(
    memory: &Memory,
    election: &ElectionFingerprint,
    evidence: &protocol::Evidence,
) -> Result<PathBuf, CommandError> {
    Ok(memory.keep(election, evidence.kind().name(), &evidence.encode()).map_err(ClientError::from)?)
}

/// What a file of evidence shows, and what to do with it.
fn story(finding: &Finding, path: &Path, election: &ElectionFingerprint) -> String {
    let cleared = match &finding.cleared {
        Some(cleared) => format!(" It clears {cleared}."),
        None => String::new(),
    };
    format!(
        "{}{cleared} The evidence is in {}: keep it and show it to everybody; it convinces who knows the election's fingerprint: vitrine evidence check {} --expect {election}",
        finding.shown.join(" "),
        path.display(),
        path.display()
    )
}

/// CER-47: what the board promised to a trustee that the record calls silent, if the promise is broken. None in every other case.
pub(super) async fn framed(
    reading: &ReadingArguments,
    election: &Election,
    trustee: u32,
    streams: &mut Streams<'_>,
) -> Result<Option<String>, CommandError> {
    let Some((stage, Departure::Silent)) = election.ceremony().departures().get(&trustee) else { return Ok(None) };
    match search(reading, trustee, stage.number()).await {
        Ok(found) => Ok(found.map(|story| format!("That is the board's doing: {story}"))),
        // The refusal itself must not get lost over this.
        Err(error) => {
            streams.warn(&format!("what the board promised could not be compared with its log: {error}"))?;
            Ok(None)
        }
    }
}

/// The same for a refusal: what the command ends with instead.
pub(super) async fn left_out(
    reading: &ReadingArguments,
    election: &Election,
    trustee: u32,
    refusal: CommandError,
    streams: &mut Streams<'_>,
) -> CommandError {
    match framed(reading, election, trustee, streams).await {
        Ok(Some(story)) => CommandError::LeftOut { refusal: Box::new(refusal), story },
        Ok(None) => refusal,
        Err(error) => error,
    }
}

/// What clears the trustee, or else what convicts the log alone.
async fn search(reading: &ReadingArguments, trustee: u32, stage: u32) -> Result<Option<String>, CommandError> {
    let (election, memory) = (reading.election, reading.memory()?);
    let paths = memory.promises(&election).map_err(ClientError::from)?;
    // What is no promise any more is not in the way of the others.
    let kept = paths.iter().filter_map(|path| Kept::read(path).ok());
    let mine: Vec<Kept> = kept.filter(|kept| kept.is_asked_of(trustee, stage)).collect();
    if mine.is_empty() {
        return Ok(None);
    }
    let log = reading.show(ShownLog::new(election)).await?;
    let mut found = None;
    for kept in &mine {
        let Ok(Outcome::Broken { evidence, finding }) = log.judge(&kept.receipt) else { continue };
        let path = keep_evidence(&memory, &election, &evidence)?;
        if let Some(cleared) = &finding.cleared {
            let tried = reading.show(ShownLog::new(election).trying(cleared)).await?;
            return Ok(Some(format!("{}{}", story(&finding, &path, &election), worth(tried.tried()))));
        }
        found = found.or_else(|| Some(story(&finding, &path, &election)));
    }
    Ok(found)
}

/// EVD-18: what the record says of a message that it lacks.
fn worth(tried: Option<&TrialOutcome>) -> String {
    match tried {
        Some(TrialOutcome::Valid) => ". The record's own rules take the message in its place".to_owned(),
        Some(TrialOutcome::Partial) => {
            ". The record's own rules take the message in its place, as a part of what the stage asked".to_owned()
        }
        Some(TrialOutcome::Refused(rejection)) => {
            format!(". But the record's rules refuse the message there: {rejection}")
        }
        None => String::new(),
    }
}

/// CER-27, CER-47: the witnessed log has another entry where this was promised.
pub(super) async fn not_kept(
    board: &BoardClient,
    election: &ElectionFingerprint,
    promise: &Promise,
    fault: Box<RecordFault>,
) -> CommandError {
    let unproved = |fault| CommandError::NotKept { entry: promise.index(), fault, evidence: None };
    let Some(memory) = &board.read_options().memory else { return unproved(fault) };
    let mut log = ShownLog::new(*election);
    if show_board(board, election, &mut log, |_, _| {}).await.is_err() {
        return unproved(fault);
    }
    match log.judge(promise.receipt()) {
        Ok(Outcome::Broken { evidence, finding }) => match keep_evidence(memory, election, &evidence) {
            Ok(path) => {
                let evidence = Some(story(&finding, &path, election));
                CommandError::NotKept { entry: promise.index(), fault, evidence }
            }
            Err(error) => error,
        },
        _ => unproved(fault),
    }
}

impl From<ReadingFault> for CommandError {
    fn from(fault: ReadingFault) -> Self {
        match fault {
            ReadingFault::Board(error) => RecordError::from(error).into(),
            ReadingFault::File { path, cause } => Self::File { path, cause },
            ReadingFault::Record(path) => Self::NotARecord(path),
            ReadingFault::Dispute(fault) => Self::Dispute(fault),
        }
    }
}
