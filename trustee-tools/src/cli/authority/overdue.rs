//! `vitrine authority close`, `end-stage` and `time-evidence`: what comes only when its time has come, by the witnesses' clocks (CER-28).

use crate::{
    authority::{self, Obstacle, Timed, check_survival, check_time},
    cli::{
        CommandError, Streams,
        keys::{KeystoreArguments, write_new},
        now,
        place::{PAUSE, PlaceArguments, ReadingArguments},
    },
    files::read_limited,
    secrets::AuthoritySecrets,
};
use board_api::{BoardClient, ClientError};
use protocol::{Election, Phase};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::PathBuf;
use tlog::{checkpoint::Checkpoint, note::Note};
use tokio::time::{Instant, sleep};

/// The most bytes of a file with time evidence: it fits a body (MAN-14).
const MAXIMUM_EVIDENCE: u64 = 65_000;

/// The rule by which a board says that somebody else is at it, or was just now.
const HELD: &str = "HTTP-33";

/// The rules by which it says that the time has not come for it, or that too few witnesses answer.
const NOT_YET: [&str; 2] = ["HTTP-32", "HTTP-34"];

/// `vitrine authority end-stage`.
#[derive(Debug, clap::Args)]
pub struct EndStage {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: PlaceArguments,
    #[command(flatten)]
    evidence: EvidenceFile,
    /// End the stage also if too few trustees are left then, so that the ceremony has failed for ever.
    #[arg(long)]
    even_if_it_fails: bool,
}

/// `vitrine authority close`. Where witnesses attest the time, nobody's key is needed.
#[derive(Debug, clap::Args)]
pub struct Close {
    /// The authority's keystore, for an election without witnesses.
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,
    /// A file with the passphrase. Without it the passphrase is asked for.
    #[arg(long, value_name = "FILE", requires = "keystore")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArguments,
    #[command(flatten)]
    evidence: EvidenceFile,
}

/// Evidence that was fetched elsewhere.
#[derive(Debug, clap::Args)]
pub(super) struct EvidenceFile {
    /// On a machine without a network: what `vitrine authority time-evidence` wrote.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

/// `vitrine authority time-evidence`.
#[derive(Debug, clap::Args)]
pub struct TimeEvidenceArguments {
    #[command(flatten)]
    place: ReadingArguments,
    /// Where the evidence is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Written {
    entries: u64,
    file: PathBuf,
}

impl EndStage {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<AuthoritySecrets>()?;
        if !self.even_if_it_fails {
            let election = self.place.read(streams).await?.witnessed()?.election;
            check_time(&election, Timed::StageEnd, now())?;
            check_survival(&election)?;
        }
        let (election, evidence) = self.evidence.with(&self.place, Timed::StageEnd, streams).await?;
        let submission = authority::stage_end(&election, &secrets, &evidence, now(), &mut OsRng)?;
        let sent = self.place.send(&submission, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }
}

impl Close {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let keystore = self.keystore.clone().map(|path| KeystoreArguments::new(path, self.passphrase_file.clone()));
        let secrets = keystore.map(|keystore| keystore.open::<AuthoritySecrets>()).transpose()?;
        let (election, evidence) = self.evidence.with(&self.place, Timed::Closing, streams).await?;
        let submission = match (&secrets, election.manifest().unwitnessed()) {
            (_, false) => authority::anyone_closes(&election, &evidence, now())?,
            (Some((secrets, _)), true) => authority::closing(&election, secrets, now(), &mut OsRng)?,
            (None, true) => return Err(CommandError::NoKeystore),
        };
        let sent = self.place.send(&submission, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }
}

impl TimeEvidenceArguments {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let election = self.place.read(streams).await?.witnessed()?.election;
        let timed = if election.phase() == Phase::Setup { Timed::StageEnd } else { Timed::Closing };
        check_time(&election, timed, now())?;
        if election.manifest().unwitnessed() {
            return Err(CommandError::NoWitnesses);
        }
        let (election, evidence) = fetch(&self.place, election, timed, streams).await?;
        write_new(&self.out, &evidence)?;
        let entries = election.size();
        let text = format!(
            "The witnesses attest that the log has exactly these {entries} entries now. The file {} is good as long as no other comes in: give it \
             with --evidence, beside a copy of this record.",
            self.out.display()
        );
        streams.give(&text, &Written { entries, file: self.out.clone() })
    }
}

impl EvidenceFile {
    /// The election as far as the evidence covers it, and the evidence: empty under `quorum none`.
    async fn with(
        &self,
        place: &PlaceArguments,
        timed: Timed,
        streams: &mut Streams<'_>,
    ) -> Result<(Election, Vec<u8>), CommandError> {
        let election = place.read(streams).await?.witnessed()?.election;
        check_time(&election, timed, now())?;
        if election.manifest().unwitnessed() {
            return Ok((election, Vec::new()));
        }
        if let Some(path) = &self.evidence {
            let read = read_limited(path, MAXIMUM_EVIDENCE);
            return Ok((election, read.map_err(|cause| CommandError::File { path: path.clone(), cause })?));
        }
        if !place.has_board() {
            return Err(Obstacle::Witnessed.into());
        }
        fetch(place.reading(), election, timed, streams).await
    }
}

/// Asks the board, and reads what it covers beyond the record at hand. Evidence stays good as long as nothing else enters.
async fn fetch(
    place: &ReadingArguments,
    mut election: Election,
    timed: Timed,
    streams: &mut Streams<'_>,
) -> Result<(Election, Vec<u8>), CommandError> {
    let board = place.client()?;
    let ends = Instant::now().checked_add(place.patience());
    loop {
        let since = check_time(&election, timed, now())?;
        let outcome = ask(&board, &election, since).await;
        if let Some(evidence) = outcome? {
            let covered = covered(&evidence);
            if covered.is_some_and(|covered| covered > election.size()) {
                election = place.read(streams).await?.witnessed()?.election;
            }
            if covered == Some(election.size()) {
                return Ok((election, evidence.into_bytes()));
            }
        }
        if ends.is_none_or(|ends| Instant::now() >= ends) {
            return Err(CommandError::NoTimeEvidence);
        }
        streams.say("The log moved on, or somebody else is at it; the witnesses are asked again.")?;
        sleep(PAUSE).await;
        election = place.read(streams).await?.witnessed()?.election;
    }
}

/// None while another hold lasts, or directly after one.
async fn ask(board: &BoardClient, election: &Election, since: u64) -> Result<Option<String>, CommandError> {
    match board.time_evidence(&election.fingerprint(), since).await {
        Ok(evidence) => Ok(Some(evidence)),
        Err(ClientError::Refused(problem)) if problem.rule == HELD => Ok(None),
        Err(ClientError::Refused(problem)) if NOT_YET.contains(&problem.rule.as_str()) => {
            Err(CommandError::Waiting(problem.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The entries it covers, by its own word: what it is worth is for the fold.
fn covered(evidence: &str) -> Option<u64> {
    let note = Note::parse(evidence.as_bytes()).ok()?;
    Checkpoint::parse(note.text()).ok().map(|head| head.size())
}
