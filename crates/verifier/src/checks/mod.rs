//! The numbered checks of a whole record, one file each, in the order of the report (VER-16).

pub(crate) mod aggregate;
pub(crate) mod audits;
pub(crate) mod ballots;
pub(crate) mod ceremony;
pub(crate) mod chain;
pub(crate) mod checkpoint;
pub(crate) mod closing;
pub(crate) mod course;
pub(crate) mod decryptions;
pub(crate) mod log;
pub(crate) mod manifest;
pub(crate) mod opening;
pub(crate) mod overrides;
mod plausible;
pub(crate) mod results;
pub(crate) mod roll;

use crate::verdict::Failure;
use protocol::{
    Author, Body, Election, Phase, Rule,
    ids::{Minutes, SubmissionId},
};
use serde::Serialize;

pub(crate) use aggregate::Aggregate;
pub(crate) use audits::Audits;
pub(crate) use ballots::Ballots;
pub(crate) use ceremony::Ceremony;
pub(crate) use chain::Chain;
pub(crate) use checkpoint::Checkpoint;
pub(crate) use closing::{Closing, Group};
pub(crate) use decryptions::Decryptions;
pub(crate) use log::Log;
pub(crate) use manifest::Manifest;
pub(crate) use opening::Opening;
pub(crate) use overrides::Overrides;
pub(crate) use results::Results;
pub(crate) use roll::Roll;

/// A check, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckId {
    /// 1: files, entries and tiles.
    Log,
    /// 2: who signed the tree head.
    Checkpoint,
    /// 3: index, previous hash, time and canonical bytes.
    Chain,
    /// 4: the manifest and its fingerprint.
    Manifest,
    /// 5: the roll.
    Roll,
    /// 6: the key ceremony.
    Ceremony,
    /// 7: the opening.
    Opening,
    /// 8: ballots.
    Ballots,
    /// 9: published audits.
    Audits,
    /// 10: the set of counted ballots.
    Closing,
    /// 11: what is decrypted.
    Aggregate,
    /// 12: partial decryptions.
    Decryptions,
    /// 13: totals.
    Results,
}

impl CheckId {
    /// Every check, in order.
    pub const ALL: [CheckId; 13] = [
        CheckId::Log,
        CheckId::Checkpoint,
        CheckId::Chain,
        CheckId::Manifest,
        CheckId::Roll,
        CheckId::Ceremony,
        CheckId::Opening,
        CheckId::Ballots,
        CheckId::Audits,
        CheckId::Closing,
        CheckId::Aggregate,
        CheckId::Decryptions,
        CheckId::Results,
    ];

    /// Its number, from 1.
    pub fn number(self) -> u8 {
        (1..).zip(Self::ALL).find(|(_, check)| *check == self).map_or(0, |(number, _)| number)
    }

    /// What it checks, and what it counts.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            CheckId::Log => ("log, tiles and files", "entries hashed"),
            CheckId::Checkpoint => ("checkpoint and witness policy", "signatures"),
            CheckId::Chain => ("chain of entries", "entries linked"),
            CheckId::Manifest => ("manifest", "manifest"),
            CheckId::Roll => ("roll", "rows"),
            CheckId::Ceremony => ("key ceremony", "keys recomputed"),
            CheckId::Opening => ("opening", "opening"),
            CheckId::Ballots => ("ballots", "ballots"),
            CheckId::Audits => ("published audits", "audits"),
            CheckId::Closing => ("counted set", "counted ballots"),
            CheckId::Aggregate => ("sums of ballots", "tally groups"),
            CheckId::Decryptions => ("partial decryptions", "partial decryptions"),
            CheckId::Results => ("results", "tally groups"),
        }
    }

    /// The check that answers for an entry of this body type when a rule of the fold is broken.
    pub(crate) fn of(rule: Rule, kind: Option<u8>) -> Self {
        if matches!(rule, Rule::Enc1 | Rule::Enc2 | Rule::Ent1 | Rule::Ent2 | Rule::Ent3) {
            return CheckId::Chain;
        }
        match kind {
            Some(0) => CheckId::Manifest,
            Some(1 | 11) => CheckId::Roll,
            Some(2..=7) => CheckId::Ceremony,
            Some(8) => CheckId::Opening,
            Some(9) => CheckId::Ballots,
            Some(10) => CheckId::Audits,
            Some(12 | 13 | 19) => CheckId::Closing,
            Some(14) => CheckId::Decryptions,
            Some(15) => CheckId::Results,
            _ => CheckId::Chain,
        }
    }
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Things found right.
    pub(crate) done: u64,
    /// Things there are, once that is known.
    pub(crate) total: Option<u64>,
    /// Whether everything it has to look at was found right.
    pub(crate) passed: bool,
}

impl Count {
    pub(crate) fn add(&mut self, count: u64) {
        self.done = self.done.saturating_add(count);
    }

    /// All that there is was found right.
    pub(crate) fn pass(&mut self) {
        self.total = Some(self.done);
        self.passed = true;
    }
}

/// An entry that the fold has taken.
pub(crate) struct Observed<'a> {
    pub(crate) index: u64,
    pub(crate) time: Minutes,
    pub(crate) author: Author,
    pub(crate) id: SubmissionId,
    pub(crate) body: &'a Body,
    /// Of a ballot: `C_0..C_K` of every contest.
    pub(crate) ciphertexts: &'a [Vec<crypto::Point>],
}

/// All checks with what they have seen so far.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) log: Log,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) chain: Chain,
    pub(crate) manifest: Manifest,
    pub(crate) roll: Roll,
    pub(crate) ceremony: Ceremony,
    pub(crate) opening: Opening,
    pub(crate) ballots: Ballots,
    pub(crate) audits: Audits,
    pub(crate) overrides: Overrides,
    pub(crate) closing: Closing,
    pub(crate) aggregate: Aggregate,
    pub(crate) decryptions: Decryptions,
    pub(crate) results: Results,
}

impl Checks {
    pub(crate) fn count(&self, check: CheckId) -> Count {
        match check {
            CheckId::Log => self.log.count,
            CheckId::Checkpoint => self.checkpoint.count,
            CheckId::Chain => self.chain.count,
            CheckId::Manifest => self.manifest.count,
            CheckId::Roll => self.roll.count,
            CheckId::Ceremony => self.ceremony.count,
            CheckId::Opening => self.opening.count,
            CheckId::Ballots => self.ballots.count,
            CheckId::Audits => self.audits.count,
            CheckId::Closing => self.closing.count,
            CheckId::Aggregate => self.aggregate.count,
            CheckId::Decryptions => self.decryptions.count,
            CheckId::Results => self.results.count,
        }
    }

    /// Looks at an entry that the fold has just taken, and compares what follows from it with the fold.
    pub(crate) fn observe(&mut self, election: &Election, seen: &Observed<'_>) -> Result<(), Failure> {
        match seen.body {
            Body::Roll(body) => self.roll.chunk(election, body),
            Body::DealingCommitment(_)
            | Body::Dealing(_)
            | Body::Complaint(_)
            | Body::CeremonyConfirmation(_)
            | Body::StageEnd(_)
            | Body::Rehearsal(_)
            | Body::Retirement(_) => self.ceremony.observe(election, seen)?,
            Body::Opening(body) => {
                self.ceremony.end(election, seen.index)?;
                self.roll.count.pass();
                self.opening.open(election, seen.index, body)?;
            }
            Body::Ballot(_) => self.ballots.ballot(election, &self.overrides, seen)?,
            Body::Override(body) => self.overrides.take(election, &self.ballots, seen, body)?,
            Body::AuditedBallot(_) => self.audits.count.add(1),
            Body::Closing(body) => {
                self.ballots.count.pass();
                self.audits.count.pass();
                self.overrides.compare(election, seen.index)?;
                self.closing.close(election, &self.ballots, &self.overrides, seen.index, body)?;
            }
            Body::PartialDecryption(body) => {
                let keys = self.ceremony.keys();
                self.decryptions.partial(election, &self.closing, keys, seen, body)?;
            }
            Body::Result(body) => {
                self.results.result(election, &self.closing, &self.decryptions, seen.index, body)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// After the last entry: what can only be said of the whole.
    pub(crate) fn finish(&mut self, election: &Election) -> Result<(), Failure> {
        self.chain.count.pass();
        if self.closing.count.passed {
            self.decryptions.finish(election, &self.closing)?;
            self.results.finish(election, &self.closing, &self.decryptions);
        }
        // VER-1: where the fold says that all is done, every check from the roll on has all that it looks at.
        let lacking =
            CheckId::ALL.into_iter().filter(|check| *check >= CheckId::Roll).find(|check| !self.count(*check).passed);
        match lacking {
            Some(check) if election.phase() == Phase::Tallied => {
                let text = "an election is tallied when every check has found everything";
                Err(Failure::new(
                    check,
                    "VER-1",
                    text,
                    "everything it looks at",
                    format!("{} things", self.count(check).done),
                ))
            }
            _ => Ok(()),
        }
    }
}
