//! `cast`: resend what was not answered for, fill in, seal, show the tracker, and only then ask whether to cast or to audit
//! (BAL-24, BAL-38, BAL-39).

use super::{Cast, CliError, Console, Exit, read_file, selecting, time_in_words, write_file};
use crate::{
    client::{Delivery, Reading, deliver},
    credential::Credential,
    folder::Folder,
    session::{BeginError, OpenElection, Sealed, Session},
    tracker::Tracker,
};
use board_api::{
    BoardClient, ClientError,
    record::{RecordFault, Waited, await_receipt},
};
use protocol::{Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tlog::proof::Receipt;

/// What `cast` gives.
#[derive(Serialize)]
struct Outcome {
    /// `cast`, `sent-again` or `forgotten`.
    outcome: &'static str,
    tracker: String,
    tracker_hex: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<PathBuf>,
    /// Whether nobody but the board need attest the receipt, or a quorum does.
    #[serde(skip_serializing_if = "Option::is_none")]
    final_receipt: Option<bool>,
}

/// What happens on the way.
#[derive(Serialize)]
struct Event<'t> {
    event: &'static str,
    tracker: &'t str,
    tracker_hex: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

/// What the voter decides once the tracker was shown.
enum Decision {
    Cast,
    Audit,
    Forget,
}

pub(super) async fn run(cast: &Cast, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let board = cast.place.client()?;
    let reading = cast.place.read(&board, None, console).await?;
    if !reading.witnessed.suffices() {
        return Err(CliError::Unwitnessed(reading.witnessed.to_string()));
    }
    let folder = Folder::of(&cast.folder, &cast.place.election);
    if let Some(seen) = folder.checkpoint()? {
        reading.extends(&seen)?;
    }
    let open = OpenElection::check(&reading.election, &cast.place.election).map_err(BeginError::from);
    if !folder.holds_ballots()? {
        // Nobody is asked for codes that cannot be used.
        open.clone()?;
    }
    let manifest = reading.election.manifest();
    console.say(&format!("{}, closing {}", manifest.title, time_in_words(reading.election.closing_time())))?;
    let credential = cast.codes.credential(manifest, &cast.place.election, console)?;
    folder.keep_manifest(manifest)?;
    folder.keep_checkpoint(reading.checkpoint_note())?;
    let voter = Voter { cast, board: &board, reading: &reading, folder: &folder };
    if let Some(exit) = voter.send_again(&credential, console).await? {
        return Ok(exit);
    }
    let session = Session::of(open?, credential)?;
    if session.state().sequence > 0 {
        // BAL-49
        let before = session.state();
        console.say(&format!(
            "A ballot with these codes is recorded already: {}, entry {}. The one that you cast now will count instead of it. The receipt of the earlier one \
             stays good, and shows that it is in the record, not that it counts.",
            Tracker(before.previous),
            before.position.unwrap_or(0)
        ))?;
    }
    let choices = match &cast.selections {
        Some(path) => selecting::from_file(&zeroize::Zeroizing::new(read_file(path)?), &session, console)?,
        None => selecting::ask(&session, console)?,
    };
    loop {
        let mut ballot = session.ballot();
        for (contest, selection) in choices.selections() {
            ballot = ballot.select(contest, selection.clone())?;
        }
        let sealed = ballot.seal(&mut OsRng)?;
        voter.show(sealed.tracker(), console)?;
        match decide(console)? {
            Decision::Cast => {
                drop(choices);
                return voter.cast(sealed, console).await;
            }
            Decision::Audit => voter.audit(sealed, console)?,
            Decision::Forget => {
                let outcome = outcome("forgotten", sealed.tracker());
                console.give("The ballot was forgotten. Nothing was cast.", &outcome)?;
                return Ok(Exit::Good);
            }
        }
    }
}

/// Everything that stays the same while one voter votes.
struct Voter<'v> {
    cast: &'v Cast,
    board: &'v BoardClient,
    reading: &'v Reading,
    folder: &'v Folder,
}

impl Voter<'_> {
    fn election(&self) -> ElectionFingerprint {
        self.cast.place.election
    }

    /// BAL-38: signed ballots without a receipt come first. Gives how the command ends, if it does.
    async fn send_again(&self, credential: &Credential, console: &mut Console<'_>) -> Result<Option<Exit>, CliError> {
        for submission in self.folder.ballots(&credential.public())? {
            let tracker = Tracker(submission.id(&self.election()));
            console.say(&format!("Your signed ballot {tracker} was never answered for. It is sent again."))?;
            match self.deliver(&submission, "sent-again", console).await {
                Ok(exit) => return Ok(Some(exit)),
                Err(CliError::Refused { problem, kept }) => {
                    console.say(&format!(
                        "The board refuses it, and the record does not show it: {problem}.\nIf you give it up and seal another, a \
                         dishonest board could still record the old one in its place, and never both."
                    ))?;
                    let answer = console.ask("Type `give up` to go on without it: ")?;
                    if answer.is_none_or(|answer| !answer.eq_ignore_ascii_case("give up")) {
                        return Err(CliError::Refused { problem, kept });
                    }
                    self.folder.forget_ballot(&tracker.0)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// BAL-24: the tracker, before anybody asks what shall become of the ballot.
    fn show(&self, tracker: Tracker, console: &mut Console<'_>) -> Result<(), CliError> {
        let (shown, hex) = (tracker.to_string(), tracker.hex());
        if let (true, false, Ok(code)) = (console.terminal, console.json, tracker.qr_text()) {
            console.say(&format!("\n{code}"))?;
        }
        if let (Some(path), Ok(svg)) = (&self.cast.qr, tracker.qr_svg()) {
            write_file(path, svg.as_bytes())?;
        }
        let text = format!(
            "\nYour ballot is sealed and NOT cast yet.\nIts tracker: {shown}\n     in full: {hex}\nWrite it down first."
        );
        console.event(&text, &Event { event: "sealed", tracker: &shown, tracker_hex: &hex, file: None })
    }

    /// BAL-28: signs, keeps, sends.
    async fn cast(&self, sealed: Sealed, console: &mut Console<'_>) -> Result<Exit, CliError> {
        let submission = sealed.cast(&mut OsRng)?;
        self.folder.keep_ballot(&submission)?;
        self.deliver(&submission, "cast", console).await
    }

    async fn deliver(
        &self,
        submission: &Submission,
        what: &'static str,
        console: &mut Console<'_>,
    ) -> Result<Exit, CliError> {
        let tracker = Tracker(submission.id(&self.election()));
        let kept = self.folder.path().to_path_buf();
        match deliver(self.board, &self.election(), submission, &mut OsRng).await? {
            Delivery::Recorded { index, receipt } => self.recorded(tracker, index, &receipt, what, console).await,
            Delivery::Displaced(found) => {
                self.folder.forget_ballot(&tracker.0)?;
                Err(CliError::Displaced { index: found.index, tracker: found.tracker.to_string() })
            }
            Delivery::Refused(problem) => Err(CliError::Refused { kept, problem }),
            Delivery::Unknown(error) => Err(CliError::Unanswered { kept, error }),
            Delivery::Broken(bad) => {
                let answer = self.folder.keep_bad_answer(&tracker.0, &bad.answer)?;
                Err(CliError::BrokenPromise { kept, answer, fault: bad.fault })
            }
        }
    }

    /// BAL-35, BAL-42: the promise is kept at once, then the receipt in its place, and it is said what it is worth.
    async fn recorded(
        &self,
        tracker: Tracker,
        index: u64,
        promise: &Receipt,
        what: &'static str,
        console: &mut Console<'_>,
    ) -> Result<Exit, CliError> {
        let path = self.folder.keep_receipt(&tracker.0, &promise.encode())?;
        let receipt = self.receipt(index, promise, &path, console).await?;
        let witnessed = self.reading.judge(receipt.checkpoint_note.as_bytes())?;
        let suffices = witnessed.suffices();
        if suffices {
            self.folder.keep_receipt(&tracker.0, &receipt.encode())?;
        }
        let later = if suffices {
            String::new()
        } else {
            format!(
                "\nMake it final later: vitrine ballot receipt {} --complete --board {} --election {}",
                path.display(),
                self.cast.place.board,
                self.election()
            )
        };
        let text = format!(
            "Cast. Your ballot is entry {index} of the record.\nTracker: {tracker}\nReceipt: {}\nThe receipt is {witnessed}.{later}\nIt shows \
             that this ballot is in the record, and not what it holds.",
            path.display()
        );
        let outcome = Outcome {
            index: Some(index),
            receipt: Some(path),
            final_receipt: Some(suffices),
            ..outcome(what, tracker)
        };
        console.give(&text, &outcome)?;
        Ok(Exit::Good)
    }

    /// The receipt, if the witnesses cosign in time; otherwise the promise. Trouble on the way takes nothing from what is kept.
    async fn receipt(
        &self,
        index: u64,
        promise: &Receipt,
        kept: &Path,
        console: &mut Console<'_>,
    ) -> Result<Receipt, CliError> {
        let patience = Duration::from_secs(self.cast.wait);
        let mut said = Ok(());
        let heard = |missing: &[String]| {
            if said.is_ok() {
                let who = if missing.is_empty() { String::new() } else { format!(": {}", missing.join(", ")) };
                said = console.say(&format!("Cast as entry {index}; awaiting witnesses{who}."));
            }
        };
        let entry = (index, promise.extra.as_slice());
        let waited = await_receipt(self.board, &self.election(), entry, patience, heard).await;
        said?;
        match waited {
            Ok(Waited::Final(receipt)) => Ok(receipt),
            Ok(Waited::Awaiting(_)) => Ok(promise.clone()),
            Err(ClientError::Record(fault)) if matches!(*fault, RecordFault::EntryMismatch(_)) => {
                Err(CliError::NotKept { index, promise: kept.to_owned() })
            }
            Err(error @ ClientError::Record(_)) => Err(crate::client::ReadError::from(error).into()),
            Err(error) => {
                console.say(&format!("The witnesses' checkpoint was not to be had: {error}."))?;
                Ok(promise.clone())
            }
        }
    }

    /// BAL-29: the opening goes to a file for the second device; the ballot is forgotten.
    fn audit(&self, sealed: Sealed, console: &mut Console<'_>) -> Result<(), CliError> {
        let tracker = sealed.tracker();
        let opening = sealed.audit();
        let path = self.folder.keep_audit(&tracker, &opening.encode())?;
        let text = format!(
            "\nThis ballot is opened and can never be cast. Take {} to another device and run\n  vitrine ballot check-audit {} --tracker \
             {tracker} --board {} --election {}\nwith the tracker you wrote down. Your choices are now sealed again.",
            path.display(),
            path.display(),
            self.cast.place.board,
            self.election()
        );
        let (shown, hex) = (tracker.to_string(), tracker.hex());
        console.event(&text, &Event { event: "opened", tracker: &shown, tracker_hex: &hex, file: Some(path) })
    }
}

fn outcome(what: &'static str, tracker: Tracker) -> Outcome {
    let (tracker, tracker_hex) = (tracker.to_string(), tracker.hex());
    Outcome { outcome: what, tracker, tracker_hex, index: None, receipt: None, final_receipt: None }
}

fn decide(console: &mut Console<'_>) -> Result<Decision, CliError> {
    loop {
        let answer = console.ask("Type `cast` to cast it, `audit` to open and check it instead, or `forget`: ")?;
        match answer.ok_or(CliError::InputEnded)?.to_lowercase().as_str() {
            "cast" => return Ok(Decision::Cast),
            "audit" => return Ok(Decision::Audit),
            "forget" => return Ok(Decision::Forget),
            _ => {}
        }
    }
}
