//! `export` and `import` of every official: a request for a machine without a network, and what came back from it
//! (`specs/04-key-ceremony-air-gap.md`). Neither needs a keystore.

use super::{
    CommandError, Streams,
    place::{ReadingArguments, Sent, send},
};
use crate::{
    carry::{Answer, Asked, CarryFault, FileFingerprint, Request, Step},
    record::check_extends,
};
use board_api::flags::ReadingFlags;
use protocol::{Author, Election, ids::ElectionFingerprint};
use serde::Serialize;
use std::path::{Path, PathBuf};
use verifier::Folder;

/// The board that a request is made of, and an answer goes to.
#[derive(Debug, clap::Args)]
pub(super) struct BoardArguments {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL")]
    board: String,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    #[command(flatten)]
    flags: ReadingFlags,
    /// How many seconds to wait for the witnesses, for a record to read and for what was sent.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
}

/// `vitrine trustee export`.
#[derive(Debug, clap::Args)]
pub struct TrusteeExport {
    #[command(flatten)]
    board: BoardArguments,
    /// Which trustee the request is for: 1, 2, ...
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=32))]
    trustee: u32,
    /// The step that is asked for, if it is not the one that the record awaits: commit, deal, check, rehearse, decrypt or retire.
    #[arg(long)]
    step: Option<Step>,
    /// Where the request is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// `vitrine registrar export`.
#[derive(Debug, clap::Args)]
pub struct RegistrarExport {
    #[command(flatten)]
    board: BoardArguments,
    /// Which registrar the request is for: 1, 2, ...
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=32))]
    registrar: u32,
    /// The step that is asked for: roll (for `issue` and `publish`) or replace.
    #[arg(long)]
    step: Step,
    /// Where the request is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// `vitrine authority export`.
#[derive(Debug, clap::Args)]
pub struct AuthorityExport {
    #[command(flatten)]
    board: BoardArguments,
    /// The step that is asked for: end-stage, open, extend, override, close, result, continue or notice.
    #[arg(long)]
    step: Step,
    /// Where the request is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// `import` of every official.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The answer.
    #[arg(value_name = "FILE")]
    answer: PathBuf,
    /// The fingerprint of the answer that the other machine's screen shows: another file is refused.
    #[arg(long, value_name = "FINGERPRINT")]
    fingerprint: Option<FileFingerprint>,
    #[command(flatten)]
    board: BoardArguments,
}

#[derive(Serialize)]
struct Exported {
    fingerprint: String,
    party: String,
    step: &'static str,
    entries: u64,
    bytes: u64,
    file: PathBuf,
}

#[derive(Serialize)]
struct Imported {
    fingerprint: String,
    party: String,
    step: &'static str,
    sent: Vec<Sent>,
    already_there: usize,
}

impl TrusteeExport {
    /// Writes the request.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let asked = |election: &Election| match self.step {
            None => Asked::awaited_from(self.trustee, election),
            Some(step) => Ok(Asked { party: Author::Trustee(self.trustee), step }),
        };
        self.board.export(&self.out, asked, streams).await
    }
}

impl RegistrarExport {
    /// Writes the request.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let asked = Asked { party: Author::Registrar(self.registrar), step: self.step };
        self.board.export(&self.out, |_| Ok(asked), streams).await
    }
}

impl AuthorityExport {
    /// Writes the request.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let asked = |election: &Election| {
            // Results prove themselves, and so does a closing that witnesses attest (ENT-4).
            let anyones = self.step == Step::Result || self.step == Step::Close && !election.manifest().unwitnessed();
            let party = if anyones { Author::Anyone } else { Author::Authority };
            Ok(Asked { party, step: self.step })
        };
        self.board.export(&self.out, asked, streams).await
    }
}

impl BoardArguments {
    fn reading(&self) -> ReadingArguments {
        ReadingArguments::at_board(self.board.clone(), self.election, self.flags.clone(), self.wait)
    }

    async fn export(
        &self,
        out: &Path,
        asked: impl FnOnce(&Election) -> Result<Asked, CarryFault>,
        streams: &mut Streams<'_>,
    ) -> Result<(), CommandError> {
        super::keys::check_absent(out)?;
        let (verified, folder) = self.reading().copy(streams).await?;
        let verified = verified.witnessed()?;
        let asked = asked(&verified.election)?;
        asked.check_party(verified.election.manifest())?;
        asked.check_place(&verified.election)?;
        let request = Request::write(out, &self.election, &asked, &Folder::new(folder.path()))?;
        let text = format!(
            "Request fingerprint: {}\nIt asks for the {asked}, on a record of {} entries, and has {} bytes. Carry {} to the machine with the \
             keystore, and compare the fingerprint there.",
            request.fingerprint,
            request.entries(),
            request.length,
            out.display()
        );
        let exported = Exported {
            fingerprint: request.fingerprint.to_string(),
            party: asked.party.to_string(),
            step: asked.step.name(),
            entries: request.entries(),
            bytes: request.length,
            file: out.to_owned(),
        };
        streams.give(&text, &exported)
    }
}

impl Import {
    /// Tries the whole answer against the record, then sends what the record lacks (AIR-8, AIR-9).
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let answer = Answer::read(&self.answer, &self.board.election)?;
        let found = answer.fingerprint;
        streams.say(&format!("Answer {found} ({}), submissions: {}.", answer.asked, answer.submissions.len()))?;
        found.check(self.fingerprint)?;
        let reading = self.board.reading();
        let (verified, folder) = reading.copy(streams).await?;
        let mut verified = verified.witnessed()?;
        let (memory, policy) = (reading.flags().memory()?, reading.flags().policy()?);
        check_extends(&memory, &verified, policy.as_ref(), &answer.head, &Folder::new(folder.path()))?;
        let pending = answer.pending(&mut verified.election)?;
        let sent = send(&reading.client()?, &self.board.election, &pending.missing, reading.waits(), streams).await?;
        let text = format!("Submissions sent: {}; already in the record: {}.", sent.len(), pending.present);
        let imported = Imported {
            fingerprint: found.to_string(),
            party: answer.asked.party.to_string(),
            step: answer.asked.step.name(),
            sent,
            already_there: pending.present,
        };
        streams.give(&text, &imported)
    }
}

#[cfg(test)]
#[path = "carrying_tests.rs"]
mod tests;
