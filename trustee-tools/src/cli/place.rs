//! Where the record is read from and submissions go: a board, or files carried to and from a machine without a network.

mod sending;

pub(super) use sending::{AllSent, Sent, await_witnesses, send};

use super::{CommandError, Streams, keys::check_absent};
use crate::{
    carry::{Answer, Asked, FileFingerprint, Head, Request},
    guide::wording::utc,
    record::{Reading, RecordError, Verified, fetch_board, head, read_folder, temporary_folder},
};
use board_api::{
    BoardClient, Memory,
    dispute::{
        ShownLog,
        reading::{show_board, show_folder},
    },
    flags::ReadingFlags,
    record::awaited_witnesses,
};
use protocol::{Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use sending::{awaiting, described};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use verifier::Folder;

/// The pause between two looks at a board whose witnesses have not answered yet.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Where the election is, for commands that send nothing.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("reading-place").required(true).args(["board", "record", "request"])))]
pub(super) struct ReadingArguments {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    /// A folder with a copy of the record, for a machine without a network.
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// A request that `export` wrote on a machine with a network: the record in one file, for one step.
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// The fingerprint of the request that the other machine's screen shows: another file is refused.
    #[arg(long, value_name = "FINGERPRINT", requires = "request")]
    fingerprint: Option<FileFingerprint>,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    pub(super) election: ElectionFingerprint,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
    /// What was read last.
    #[arg(skip)]
    seen: Mutex<Option<Seen>>,
}

/// What an answer needs to know of the record it is made on (AIR-8).
#[derive(Clone, Debug)]
struct Seen {
    head: Head,
    /// What was asked for, if the record came as a request.
    asked: Option<Asked>,
}

/// Where the election is.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArguments {
    #[command(flatten)]
    reading: ReadingArguments,
    /// Write what would be sent into this file instead; `import` sends it from a machine with a network.
    #[arg(long, value_name = "FILE", required_unless_present = "board")]
    answer: Option<PathBuf>,
}

/// How long a command waits for witnesses.
#[derive(Debug, clap::Args)]
pub(super) struct Patience {
    /// How many seconds to wait for the witnesses, for a record to read and for what was sent.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
}

impl Patience {
    /// This many seconds.
    pub(super) fn seconds(wait: u64) -> Self {
        Self { wait }
    }

    /// In seconds.
    pub(super) fn wait(&self) -> u64 {
        self.wait
    }

    fn duration(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

impl ReadingArguments {
    /// The record of a board; what is sent there is waited for as long.
    pub(super) fn at_board(url: String, election: ElectionFingerprint, flags: ReadingFlags, wait: u64) -> Self {
        Self { board: Some(url), ..Self::nowhere(election, flags, wait) }
    }

    /// The record in a request, whose fingerprint may have to be this one.
    pub(super) fn in_request(
        file: PathBuf,
        fingerprint: Option<FileFingerprint>,
        election: ElectionFingerprint,
        flags: ReadingFlags,
    ) -> Self {
        Self { request: Some(file), fingerprint, ..Self::nowhere(election, flags, 0) }
    }

    fn nowhere(election: ElectionFingerprint, flags: ReadingFlags, wait: u64) -> Self {
        let patience = Patience::seconds(wait);
        Self {
            board: None,
            record: None,
            request: None,
            fingerprint: None,
            election,
            flags,
            patience,
            seen: Mutex::default(),
        }
    }

    /// Reads and verifies the record, as soon as its witnesses attest one.
    pub(super) async fn read(&self, streams: &mut Streams<'_>) -> Result<Verified, CommandError> {
        let (verified, _folder) = match (&self.board, &self.request, &self.record) {
            (Some(_), _, _) => {
                let (verified, folder) = self.copy(streams).await?;
                (verified, Some(folder))
            }
            (None, Some(request), _) => {
                let (verified, folder) = self.read_request(request, streams)?;
                (verified, Some(folder))
            }
            (None, None, Some(folder)) => (self.read_folder(folder, None)?, None),
            // The arguments' parser demands one of them.
            (None, None, None) => return Err(CommandError::Streams(io::ErrorKind::InvalidInput.into())),
        };
        streams.say(&format!("The record's {} entries were read and verified.", verified.election.size()))?;
        Ok(verified)
    }

    /// Reads a board's record, and gives the folder that holds it for the time being.
    pub(super) async fn copy(&self, streams: &mut Streams<'_>) -> Result<(Verified, TempDir), CommandError> {
        let board = self.client()?;
        let ends = Instant::now().checked_add(self.patience.duration());
        let mut told = false;
        loop {
            let unwitnessed = match fetch_board(&board, &self.election, |_| {}, &mut OsRng).await {
                Err(error @ RecordError::Unwitnessed) => error,
                outcome => {
                    let (verified, folder) = outcome?;
                    self.see(&verified, &Folder::new(folder.path()), None);
                    return Ok((verified, folder));
                }
            };
            if ends.is_none_or(|ends| Instant::now() >= ends) {
                return Err(unwitnessed.into());
            }
            if !std::mem::replace(&mut told, true) {
                streams.say(&awaiting(&awaited_witnesses(&board, &self.election, 0).await))?;
            }
            sleep(PAUSE).await;
        }
    }

    /// AIR-7: a request's record is verified like any other copy, against the memory of this machine too.
    fn read_request(&self, request: &Path, streams: &mut Streams<'_>) -> Result<(Verified, TempDir), CommandError> {
        let folder = temporary_folder()?;
        let opened = Request::open(request, &self.election)?;
        let request = opened.request();
        let entries = request.entries();
        streams.say(&format!("Request {} ({}), entries: {entries}.", request.fingerprint, request.asked))?;
        request.fingerprint.check(self.fingerprint)?;
        let request = opened.unpack(folder.path())?;
        let verified = self.read_folder(folder.path(), Some(request.asked))?;
        request.asked.check_place(&verified.election)?;
        let last = utc(verified.election.last_time());
        streams.say(&format!("Its last entry is of {last}, by the board's clock. Is that recent enough?"))?;
        Ok((verified, folder))
    }

    fn read_folder(&self, folder: &Path, asked: Option<Asked>) -> Result<Verified, CommandError> {
        let memory = self.flags.memory()?;
        let reading = Reading { expect: self.election, policy: self.flags.policy()?, memory: Some(memory) };
        let verified = read_folder(folder, &reading, |_| {}, &mut OsRng)?;
        self.see(&verified, &Folder::new(folder), asked);
        Ok(verified)
    }

    fn see(&self, verified: &Verified, folder: &Folder, asked: Option<Asked>) {
        let seen = head(verified, folder).map(|head| Seen { head, asked });
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }

    /// The flags.
    pub(super) fn flags(&self) -> &ReadingFlags {
        &self.flags
    }

    /// A board or a folder, one of which is there.
    pub(super) fn of(
        (board, record): (Option<String>, Option<PathBuf>),
        election: ElectionFingerprint,
        flags: ReadingFlags,
        patience: Patience,
    ) -> Self {
        Self { board, record, ..Self::nowhere(election, flags, patience.wait) }
    }

    /// Where earlier readings, what boards promised, and what keystores have done, are remembered.
    pub(super) fn memory(&self) -> Result<Memory, CommandError> {
        Ok(self.flags.memory()?)
    }

    /// Reads every entry once more, for whoever has a promise to compare (EVD-15).
    pub(super) async fn show(&self, mut log: ShownLog) -> Result<ShownLog, CommandError> {
        match (&self.request, &self.record) {
            (Some(request), _) => {
                let folder = temporary_folder()?;
                Request::open(request, &self.election)?.unpack(folder.path())?;
                show_folder(folder.path(), &mut log)?;
            }
            (None, Some(folder)) => show_folder(folder, &mut log)?,
            (None, None) => show_board(&self.client()?, &self.election, &mut log, |_, _| {}).await?,
        }
        Ok(log)
    }

    /// The board's address, if one was given.
    pub(super) fn address(&self) -> Option<&str> {
        self.board.as_deref()
    }

    /// How long witnesses are waited for.
    pub(super) fn waits(&self) -> &Patience {
        &self.patience
    }

    /// How long it may take.
    pub(super) fn patience(&self) -> Duration {
        self.patience.duration()
    }

    /// The board, read by these flags.
    pub(super) fn client(&self) -> Result<BoardClient, CommandError> {
        match &self.board {
            Some(board) => Ok(self.flags.client(board)?),
            None => Err(CommandError::Streams(io::ErrorKind::InvalidInput.into())),
        }
    }
}

impl PlaceArguments {
    /// A record that is read in one way, and an answer that is written.
    pub(super) fn answering(reading: ReadingArguments, answer: PathBuf) -> Self {
        Self { reading, answer: Some(answer) }
    }

    /// A board that is read and sent to.
    pub(super) fn at_board(url: String, election: ElectionFingerprint, flags: ReadingFlags, wait: u64) -> Self {
        Self { reading: ReadingArguments::at_board(url, election, flags, wait), answer: None }
    }

    /// The election fingerprint.
    pub(super) fn election(&self) -> ElectionFingerprint {
        self.reading.election
    }

    /// Reads and verifies the record.
    pub(super) async fn read(&self, streams: &mut Streams<'_>) -> Result<Verified, CommandError> {
        // AIR-10: before anything is stored that nobody would be told.
        self.answer.as_deref().map_or(Ok(()), check_absent)?;
        self.reading.read(streams).await
    }

    /// How it is read.
    pub(super) fn reading(&self) -> &ReadingArguments {
        &self.reading
    }

    /// Whether a board was named.
    pub(super) fn has_board(&self) -> bool {
        self.reading.board.is_some()
    }

    /// Whether what is sent enters the record at once.
    pub(super) fn is_online(&self) -> bool {
        self.answer.is_none()
    }

    /// Sends one submission, as [`PlaceArguments::send_all`].
    pub(super) async fn send(&self, submission: &Submission, streams: &mut Streams<'_>) -> Result<Sent, CommandError> {
        let sent = self.send_all(std::slice::from_ref(submission), streams).await?;
        sent.into_iter().next().ok_or_else(|| CommandError::Streams(io::ErrorKind::UnexpectedEof.into()))
    }

    /// Sends submissions and waits until the witnesses attest them, or writes them into one answer.
    pub(super) async fn send_all(
        &self,
        submissions: &[Submission],
        streams: &mut Streams<'_>,
    ) -> Result<Vec<Sent>, CommandError> {
        let election = self.election();
        let Some(path) = &self.answer else {
            return send(&self.reading.client()?, &election, submissions, &self.reading.patience, streams).await;
        };
        if submissions.is_empty() {
            return Ok(Vec::new());
        }
        let seen = self.reading.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let seen = seen.ok_or_else(|| CommandError::Streams(io::ErrorKind::InvalidInput.into()))?;
        seen.asked.map_or(Ok(()), |asked| asked.check_answer(submissions))?;
        let answer = Answer::write(path, &election, &seen.head, submissions)?;
        streams.say(&format!(
            "Answer {} ({}), submissions: {}. Carry it to the machine with the network and compare this fingerprint there.",
            answer.fingerprint,
            answer.asked,
            submissions.len()
        ))?;
        let fingerprint = Some(answer.fingerprint.to_string());
        let written = |submission| Sent {
            file: Some(path.clone()),
            fingerprint: fingerprint.clone(),
            ..described(&election, submission)
        };
        Ok(submissions.iter().map(written).collect())
    }
}
