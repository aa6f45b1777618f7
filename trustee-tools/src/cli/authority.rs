//! `vitrine authority ...`

use super::{
    CommandError, Streams,
    carrying::{AuthorityExport, Import},
    disputing::Dispute,
    keys::KeystoreArguments,
    now,
    place::{AllSent, PlaceArguments, ReadingArguments},
};
use crate::{authority, secrets::AuthoritySecrets, template};
use board_api::{BoardClient, ClientOptions};
use protocol::{Election, ids::Minutes, manifest::Waiver};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::PathBuf;
use tlog::note::{Algorithm, VerifierKey};

mod again;
mod begin;
mod continuing;
mod create;
mod overdue;
mod overriding;
mod status;

use again::AgainArguments;
use begin::{Check, New};
use continuing::Continue;
use create::Create;
use overdue::{Close, EndStage, TimeEvidenceArguments};
use overriding::Override;

/// Write the manifest, open the election, close it, and publish its result.
#[derive(Debug, clap::Subcommand)]
pub enum AuthorityCommand {
    /// Begin: make a fresh key and a fresh election id, for which all other officials then make their keys; and a template to fill in.
    New(Box<New>),
    /// Print an example of a template, with every field explained.
    Example,
    /// Check a template, and tell what it comes to: sizes, units that are counted together, and what the numbers tell about voters. Needs nothing else.
    Check(Check),
    /// Print a board's key as text: what witnesses and mirrors know its logs by.
    BoardKey(BoardKey),
    /// Make the manifest from a template and the officials' public key files, and begin the election on a board.
    Create(Box<Create>),
    /// Show where the election stands.
    Status(StatusArguments),
    /// End an overdue stage of the key ceremony without the trustees it waits for.
    EndStage(Box<EndStage>),
    /// Open the voting.
    Open(Box<Open>),
    /// Set a later closing time.
    Extend(Box<Extend>),
    /// Take a row of the roll out of the count, because its voter votes in person. Only where the manifest allows it.
    Override(Box<Override>),
    /// Close the voting, after closing time and grace. Where witnesses attest the time, anyone may.
    Close(Box<Close>),
    /// Fetch the witnesses' time evidence into a file, for closing or ending a stage on a machine without a network.
    TimeEvidence(TimeEvidenceArguments),
    /// Publish the results that the recorded partial decryptions give. Anyone may.
    Result(ResultArguments),
    /// Continue the election on another board, after the one that held it was lost.
    Continue(Box<Continue>),
    /// Publish a remark in the record.
    Notice(Box<Notice>),
    /// Begin anew after a failed ceremony: a fresh key, a fresh election id and a template with all that the old manifest says.
    Again(Box<AgainArguments>),
    /// Without a network: write the record and the step it asks for into one file, for the machine with the keystore (`--request`).
    Export(Box<AuthorityExport>),
    /// Without a network: send what was written with `--answer` on the machine with the keystore.
    Import(Box<Import>),
    /// Compare what the board promised with its log, and keep evidence if it broke its word. Needs no keystore.
    Dispute(Dispute),
}

/// `vitrine authority board-key`.
#[derive(Debug, clap::Args)]
pub struct BoardKey {
    /// Address of the board.
    #[arg(long, value_name = "URL")]
    board: String,
    /// Certificates (PEM) that vouch for an https address, in the place of the platform's.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct ShownBoardKey {
    name: String,
    origin_prefix: String,
    key: String,
}

/// The place of `vitrine authority status`.
#[derive(Debug, clap::Args)]
pub struct StatusArguments {
    #[command(flatten)]
    place: ReadingArguments,
}

/// The place of `vitrine authority result`.
#[derive(Debug, clap::Args)]
pub struct ResultArguments {
    #[command(flatten)]
    place: PlaceArguments,
}

/// What needs the authority's key and the place.
#[derive(Debug, clap::Args)]
pub(super) struct Act {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: PlaceArguments,
}

/// `vitrine authority open`.
#[derive(Debug, clap::Args)]
pub struct Open {
    #[command(flatten)]
    act: Act,
    /// Open although no trustee is spare: one lost keystore then loses the election.
    #[arg(long)]
    without_spare: bool,
}

/// `vitrine authority extend`.
#[derive(Debug, clap::Args)]
pub struct Extend {
    #[command(flatten)]
    act: Act,
    /// The new closing time, such as 2026-11-23T20:00:00+01:00.
    #[arg(long, value_name = "TIME")]
    to: String,
}

/// `vitrine authority notice`.
#[derive(Debug, clap::Args)]
pub struct Notice {
    #[command(flatten)]
    act: Act,
    /// The remark.
    #[arg(long)]
    text: String,
}

#[derive(Serialize)]
struct Example {
    template: &'static str,
}

impl AuthorityCommand {
    /// Runs the command. The digest is that of the pages for browsers which the program carries, if it carries any.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>, bundle: Option<[u8; 32]>) -> Result<(), CommandError> {
        // On the heap, each of them: together they are more than a thread's stack holds well.
        match self {
            Self::New(new) => new.run(streams, bundle.is_some()),
            Self::Example => streams.give(template::EXAMPLE, &Example { template: template::EXAMPLE }),
            Self::Check(check) => check.run(streams),
            Self::BoardKey(key) => Box::pin(key.run(streams)).await,
            Self::Create(create) => Box::pin(create.run(streams, bundle)).await,
            Self::Status(status) => {
                let verified = status.place.read(streams).await?;
                let status = status::Status::of(&verified.election, now());
                streams.give(&status.to_string(), &status)
            }
            Self::EndStage(end) => Box::pin(end.run(streams)).await,
            Self::Open(open) => Box::pin(open.run(streams)).await,
            Self::Extend(extend) => {
                let closing = minute(&extend.to)?;
                let extension = |election: &Election, secrets: &AuthoritySecrets| {
                    authority::extension(election, secrets, closing, &mut OsRng)
                };
                extend.act.run(streams, extension).await
            }
            Self::Override(one) => Box::pin(one.run(streams)).await,
            Self::Close(close) => Box::pin(close.run(streams)).await,
            Self::TimeEvidence(evidence) => Box::pin(evidence.run(streams)).await,
            Self::Result(result) => result.publish(streams).await,
            Self::Continue(continuing) => Box::pin(continuing.run(streams)).await,
            Self::Again(again) => Box::pin(again.run(streams)).await,
            Self::Dispute(dispute) => Box::pin(dispute.run(streams)).await,
            Self::Export(export) => Box::pin(export.run(streams)).await,
            Self::Import(import) => Box::pin(import.run(streams)).await,
            Self::Notice(notice) => {
                let text = &notice.text;
                notice
                    .act
                    .run(streams, |election, secrets| authority::notice(election, secrets, text, &mut OsRng))
                    .await
            }
        }
    }
}

impl BoardKey {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let options = ClientOptions { ca_file: self.ca_file.clone() };
        let document = BoardClient::with_options(&self.board, &options)?.board().await?;
        let key = VerifierKey::new(&document.origin_prefix, Algorithm::Ed25519, &document.public_key)?.to_string();
        streams
            .warn("This is what the board says of itself. Compare it with what its operator publishes elsewhere.")?;
        let (name, origin_prefix) = (document.name, document.origin_prefix);
        streams.give(&key, &ShownBoardKey { name, origin_prefix, key: key.clone() })
    }
}

impl Act {
    /// Reads, makes the submission, sends it.
    async fn run(
        &self,
        streams: &mut Streams<'_>,
        make: impl FnOnce(&Election, &AuthoritySecrets) -> Result<protocol::Submission, authority::Obstacle>,
    ) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<AuthoritySecrets>()?;
        let election = self.place.read(streams).await?.election;
        let submission = make(&election, &secrets)?;
        let sent = self.place.send(&submission, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }
}

impl Open {
    /// CER-42: without a spare trustee only by an explicit word, here or in the manifest.
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.act.keystore.open::<AuthoritySecrets>()?;
        let election = self.act.place.read(streams).await?.election;
        let submission = authority::opening(&election, &secrets, &mut OsRng)?;
        if authority::without_spare(&election) {
            let (active, threshold) = (election.ceremony().active().len(), election.manifest().threshold);
            if !(self.without_spare || election.manifest().waives(Waiver::Threshold)) {
                return Err(CommandError::NoSpare { active, threshold });
            }
            streams.warn(
                "no trustee is spare: if one of the active trustees loses its keystore, nothing can be decrypted and the election is lost",
            )?;
        }
        let sent = self.act.place.send(&submission, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }
}

impl ResultArguments {
    async fn publish(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let election = self.place.read(streams).await?.election;
        let sent = self.place.send_all(&authority::results(&election)?, streams).await?;
        let missing = status::Status::of(&election, now()).undecided();
        if sent.is_empty() && !missing.is_empty() {
            return Err(CommandError::Waiting(missing));
        }
        streams.give(&format!("Results published: {}.", sent.len()), &AllSent { sent })
    }
}

fn minute(text: &str) -> Result<Minutes, CommandError> {
    let timestamp: Option<jiff::Timestamp> = text.parse().ok();
    let seconds = timestamp.and_then(|timestamp| u64::try_from(timestamp.as_second()).ok());
    let whole = timestamp.is_some_and(|timestamp| timestamp.subsec_nanosecond() == 0);
    match seconds {
        Some(seconds) if whole && seconds % 60 == 0 => Ok(seconds / 60),
        _ => Err(CommandError::Time(text.to_owned())),
    }
}

fn hex(bytes: &[u8]) -> String {
    ::hex::encode(bytes)
}
