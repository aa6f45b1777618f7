//! What can go wrong, in words; the exit codes are in [`exit`].

mod exit;

use crate::{
    authority,
    carry::CarryFault,
    definition::DefinitionError,
    issuance::IssuanceError,
    keystore::KeystoreError,
    marker::MarkerError,
    public_keys::PublicKeyFault,
    record::RecordError,
    recovery::{PrintError, SheetFault},
    refusal::Refusal,
    registrar,
    template::{AgainError, TemplateError},
    voters::ListError,
};
use board_api::{ClientError, dispute::DisputeFault, flags::FlagError, record::RecordFault};
use crypto::RandomnessFailure;
use protocol::ids::ElectionFingerprint;
use std::{io, path::PathBuf};
use tlog::note::KeyError;

/// Why a command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The keystore.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// Two passphrases were typed that differ.
    #[error("the two passphrases differ; nothing was written")]
    PassphrasesDiffer,
    /// The record was not read, or is bad.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The board does not take it.
    #[error("the board did not take it: {0}")]
    Board(#[from] ClientError),
    /// The board's document has no usable log key.
    #[error("the board's log key is unusable: {0}")]
    LogKey(#[from] KeyError),
    /// The trustee refuses.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The authority cannot do that.
    #[error(transparent)]
    Authority(#[from] authority::Obstacle),
    /// The keystore and what the machine remembers of it.
    #[error(transparent)]
    Marker(MarkerError),
    /// The recovery sheet.
    #[error(transparent)]
    Sheet(#[from] SheetFault),
    /// The recovery sheet's printing.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// A public key file.
    #[error("{path}: {fault}")]
    PublicKeys {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Box<PublicKeyFault>,
    },
    /// The inspection of a keystore found something wrong.
    #[error("{0}: what is marked WRONG above is not as it must be; do not use this keystore before it is explained")]
    Unsound(PathBuf),
    /// The registrar cannot do that.
    #[error(transparent)]
    Registrar(#[from] registrar::Obstacle),
    /// The template.
    #[error("{path}: {fault}")]
    Template {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: TemplateError,
    },
    /// A ballot definition.
    #[error("{path}: {fault}")]
    Definition {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with its place.
        fault: Box<DefinitionError>,
    },
    /// The manifest that is kept says something else than the template.
    #[error("{0} holds another manifest than the template, keys and board give now; if it was not sent yet, remove it")]
    OtherManifest(PathBuf),
    /// A list of voters.
    #[error("{path}: {fault}")]
    List {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with its line.
        fault: ListError,
    },
    /// The codes and the roll.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
    /// A file that was carried between two machines.
    #[error(transparent)]
    Carry(#[from] CarryFault),
    /// The flags that say how a record is read.
    #[error(transparent)]
    Flags(#[from] FlagError),
    /// It is in the log, and the witnesses have not attested it in time.
    #[error(
        "it is in the board's log, as entry {entry} at last, and not final yet: {awaiting}. Nothing is lost: run the same command again later, \
         or wait longer with --wait"
    )]
    Awaiting {
        /// The last entry.
        entry: u64,
        /// Which witnesses are missing.
        awaiting: String,
    },
    /// The witnessed log has another entry where the board promised ours.
    #[error(
        "the board promised entry {entry} for what was sent, and the log that its witnesses attest has another there: do not believe this board \
         ({fault}){}", behind(.evidence.as_deref())
    )]
    NotKept {
        /// The index promised.
        entry: u64,
        /// What was found.
        fault: Box<RecordFault>,
        /// What convicts the log, and where it is kept.
        evidence: Option<String>,
    },
    /// The record calls the trustee silent, and the board had promised its message (CER-47).
    #[error("{refusal}. {story}")]
    LeftOut {
        /// Why nothing is done.
        refusal: Box<CommandError>,
        /// What convicts the log, and where it is kept.
        story: String,
    },
    /// Promises that the log broke.
    #[error(
        "the board broke its word ({count}): do not believe it. The evidence, the first of it in {first}, convicts its log: vitrine evidence check {first} \
         --expect {election}"
    )]
    Broken {
        /// How many.
        count: usize,
        /// The first file.
        first: PathBuf,
        /// F.
        election: ElectionFingerprint,
    },
    /// Promises whose time has not come, or of a log that was lost.
    #[error("not every promise is kept yet, and none is broken: see above")]
    Undecided,
    /// A promise that the log neither keeps nor breaks.
    #[error(transparent)]
    Dispute(#[from] DisputeFault),
    /// Nothing to compare.
    #[error(
        "this machine keeps no promise of this election: give the files, or the folder of the machine that sent the messages with --state"
    )]
    NoPromises,
    /// A file that is no promise.
    #[error("{0} is no promise: a receipt with an entry in it")]
    NotAPromise(PathBuf),
    /// A folder that is no record.
    #[error("{0} is missing in the record, or is not what its name says")]
    NotARecord(PathBuf),
    /// The time evidence was always of another moment.
    #[error(
        "no time evidence for the record as it stands was to be had: the log moves on, or somebody else is asking; try again"
    )]
    NoTimeEvidence,
    /// Time evidence under `quorum none`.
    #[error(
        "this election has no witnesses: the authority's own signature stands for the time, and there is no evidence to fetch"
    )]
    NoWitnesses,
    /// Closing without witnesses needs the authority.
    #[error("this election has no witnesses, so only the authority may close it: give its --keystore")]
    NoKeystore,
    /// The board's promise of a step is not kept by its record.
    #[error(
        "the board promised to have recorded this trustee's step of stage {0}, and its record lacks it: do not believe this board. `vitrine trustee dispute` \
         keeps the evidence, if the log has gone past the promised place"
    )]
    Unrecorded(u32),
    /// What the record's rules would not take: it is not even sent.
    #[error("{path} is not sent, for the record would refuse it: {fault}")]
    WouldBeRefused {
        /// The file it lies in, or would.
        path: PathBuf,
        /// The rule.
        fault: Box<protocol::Rejection>,
    },
    /// A file is not a submission.
    #[error("{path} is not a submission: {fault}")]
    Submission {
        /// The file.
        path: PathBuf,
        /// Why not.
        fault: Box<protocol::Rejection>,
    },
    /// The guide does not know where to look, and nobody is there to tell.
    #[error("{what} is not known, and nobody is at the terminal to ask: give {flag}{elsewhere}")]
    Unanswered {
        /// What is missing.
        what: &'static str,
        /// The flag that says it.
        flag: &'static str,
        /// Where else it can be said.
        elsewhere: String,
    },
    /// Asked, and answered with no.
    #[error("nothing was sent")]
    NotConfirmed,
    /// The guide's flags before a command that has its own.
    #[error("a command's flags stand behind it: vitrine trustee COMMAND --board ...")]
    BeforeCommand,
    /// The guide's settings.
    #[error("{path} is not a file of settings for this command: {fault}")]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with its place.
        fault: Box<toml::de::Error>,
    },
    /// Something typed or written that is no election fingerprint.
    #[error("{0:?} is no election fingerprint: it has 64 hexadecimal digits")]
    Fingerprint(String),
    /// CER-42.
    #[error(
        "no trustee is spare: {active} trustees are active, and {threshold} of them must decrypt. If one loses its keystore, the election is lost. It was not opened. Begin anew with `vitrine authority again`, or say --without-spare"
    )]
    NoSpare {
        /// How many are active.
        active: usize,
        /// k.
        threshold: u32,
    },
    /// The new election's numbers, trustees or times.
    #[error(transparent)]
    Again(#[from] AgainError),
    /// The new election would be late from the beginning.
    #[error(
        "the new election's first ceremony stage would be overdue from {0} on, which is past: choose another --shift or --from"
    )]
    Past(String),
    /// The old manifest gives no template.
    #[error("the old manifest gives no template: {0}")]
    NoTemplate(Box<TemplateError>),
    /// A template that cannot be written as TOML.
    #[error("the template cannot be written as TOML: {0}")]
    Unwritable(#[from] toml::ser::Error),
    /// A span of time that was typed wrongly.
    #[error("{0:?} is no span of time in days, hours and minutes, such as 14d, 36h or 1d12h30m")]
    Span(String),
    /// A time that was typed wrongly.
    #[error("{0:?} is not a date and time with its offset, in whole minutes, such as 2026-11-23T08:00:00+01:00")]
    Time(String),
    /// Something is still missing in the record.
    #[error("{0}")]
    Waiting(String),
    /// A new file that is there already.
    #[error("{0} exists already; it was not overwritten")]
    Exists(PathBuf),
    /// A file.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
    /// The generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
    /// Terminal or pipe.
    #[error("input or output fails: {0}")]
    Streams(#[from] io::Error),
    /// The result cannot be written as JSON.
    #[error("the result cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<MarkerError> for CommandError {
    fn from(error: MarkerError) -> Self {
        match error {
            MarkerError::Refusal(refusal) => Self::Refusal(refusal),
            MarkerError::Keystore(error) => Self::Keystore(error),
            error => Self::Marker(error),
        }
    }
}

/// Evidence behind a sentence.
fn behind(evidence: Option<&str>) -> String {
    evidence.map(|evidence| format!(". {evidence}")).unwrap_or_default()
}
