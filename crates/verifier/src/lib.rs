//! The whole record, re-checked: a numbered list of checks and a report (`specs/08-verification.md`).
//!
//! The verifier reads a record through a [`Source`], replays it through the fold, which is the one definition of valid, and computes
//! once more in code of its own what the result rests on: keys, counted set, sums, decryptions, totals. It opens no socket.

mod checks;
mod item;
mod proving;
mod replay;
mod report;
mod reread;
mod source;
mod verdict;

pub use checks::CheckId;
pub use proving::{Division, Prover, divide};
pub use report::words::{plain, thousands, wrapped};
pub use report::{
    CeremonyFacts, CheckReport, ComplaintFacts, ContestResult, CsvTable, DecryptionFacts, DepartureFacts,
    ElectionFacts, FORMAT, Figures, FormatError, GroupResult, GroupingFacts, Happening, LogFacts, OverrideFacts,
    PolicyFacts, RehearsalFacts, Report, RetirementFacts, SlotTotal, SmallUnit, StageEndFacts, StageFacts, Status,
    StepFacts, Table, TrusteeFacts, UnitTurnout, WaiverFacts, WeightFacts, WrongDecryption,
};
pub use source::{Folder, Source};
pub use verdict::{ExitCode, Failure, Verdict};

#[cfg(test)]
#[expect(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the election that whole-system tests run in memory, borrowed for tests of what is private here"
)]
#[path = "../../../tests/src/drill/mod.rs"]
mod drill;
#[cfg(test)]
mod formats_tests;
#[cfg(test)]
mod recount_tests;

use protocol::{Election, ids::ElectionFingerprint};
use rand_core::{CryptoRng, RngCore};
use replay::Replay;
use tlog::{merkle::Hash, policy::Policy};

/// What the reader knows besides the record.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The fingerprint of the election, got by a way the record's keepers do not control (VER-5).
    pub expect: Option<ElectionFingerprint>,
    /// The witness policy that the reader demands in place of the manifest's (VER-30).
    pub policy: Option<Policy>,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Entries are read and applied.
    Entries,
    /// Ballots are read again and added up.
    Sums,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Entries done.
    pub done: u64,
    /// Entries there are, as far as the record claims.
    pub total: u64,
}

/// Verifies a record (VER-1). The generator must be cryptographic: it draws the weights of batches.
pub fn verify<S: Source, R: RngCore + CryptoRng>(
    source: &S,
    options: &Options,
    mut progress: impl FnMut(Progress),
    rng: &mut R,
) -> Report {
    verify_election(source, options, &mut progress, rng).0
}

/// Verifies a record and gives the election as the fold has it, settled if it is closed, for those who go on with it: a trustee
/// decrypts only what it has verified. No election if the record is invalid or unreadable.
pub fn verify_election<S: Source, R: RngCore + CryptoRng>(
    source: &S,
    options: &Options,
    mut progress: impl FnMut(Progress),
    rng: &mut R,
) -> (Report, Option<Election>) {
    let mut replay = Replay::new(source, options, &mut progress, rng, None);
    let stop = replay.run().err();
    let report = Report::new(&replay.checks, replay.election.as_ref(), options, stop);
    let trusted = matches!(report.verdict, Verdict::Valid | Verdict::Incomplete { .. });
    (report, replay.election.take().filter(|_| trusted))
}

/// VER-42: verifies a record but for the proofs of those ballots of which `elsewhere` says, by index and leaf, that they are decided elsewhere. Gives the
/// leaves of the ballots for which it relied on that, too: unless all their proofs hold, the report is worth nothing.
pub fn verify_relying<S: Source, R: RngCore + CryptoRng>(
    source: &S,
    options: &Options,
    elsewhere: &(dyn Fn(u64, &Hash) -> bool + Sync),
    mut progress: impl FnMut(Progress),
    rng: &mut R,
) -> (Report, Vec<Hash>) {
    let mut replay = Replay::new(source, options, &mut progress, rng, Some(elsewhere));
    let stop = replay.run().err();
    (Report::new(&replay.checks, replay.election.as_ref(), options, stop), std::mem::take(&mut replay.relied))
}
