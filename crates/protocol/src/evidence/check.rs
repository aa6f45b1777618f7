//! The checks of a file of evidence (EVD-4 to EVD-12); of trustees' messages in `message` and `left_out`: what it takes to convict somebody, and nothing less.

use super::{
    Ahead, Behind, Claim, EndedWithout, Evidence, EvidenceFault, Finding, OtherEntry, Part, Rollback, SplitView,
    finding::{self, Cleared, Culprit},
    left_out,
    trust::Trust,
};
use crate::{body::Body, entry::Entry, ids::Minutes};
use tlog::{
    checkpoint::SignedCheckpoint,
    merkle::{Hash, leaf_hash, verify_consistency},
    note::VerifierKey,
};

/// EVD-11: how far, in seconds, an entry's time may be off the witnesses' times.
pub const TOLERANCE: u64 = 600;

impl Evidence {
    /// EVD-4: what the file shows. The caller compares [`Evidence::election`] with the fingerprint it knows.
    ///
    /// # Errors
    /// [`EvidenceFault`] when it shows nothing.
    pub fn check(&self) -> Result<Finding, EvidenceFault> {
        let trust = Trust::of(self)?;
        let Outcome { culprits, shown, open, cleared } = match &self.claim {
            Claim::SplitView(claim) => claim.check(&trust)?,
            Claim::OtherEntry(claim) => claim.check(&trust)?,
            Claim::EndedWithout(claim) => claim.check(&trust)?,
            Claim::Rollback(claim) => claim.check(&trust)?,
            Claim::Ahead(claim) => claim.check(&trust)?,
            Claim::Behind(claim) => claim.check(&trust)?,
            Claim::TwoMessages(claim) => claim.check(&trust, self.continuations.is_empty())?,
            Claim::LeftOut(claim) => claim.check(&trust)?,
        };
        Ok(Finding { election: self.election(), kind: self.kind(), culprits, shown, open, cleared })
    }
}

/// What a claim's check gives.
pub(super) struct Outcome {
    pub(super) culprits: Vec<Culprit>,
    pub(super) shown: Vec<String>,
    pub(super) open: Vec<String>,
    pub(super) cleared: Option<Cleared>,
}

impl Outcome {
    /// Nobody is cleared.
    pub(super) fn of(culprits: Vec<Culprit>, shown: Vec<String>, open: Vec<String>) -> Self {
        Self { culprits, shown, open, cleared: None }
    }
}

type Checked = Result<Outcome, EvidenceFault>;

impl SplitView {
    /// EVD-5.
    fn check(&self, trust: &Trust) -> Checked {
        let smaller = trust.open(&self.smaller, Part::Smaller)?;
        let larger = trust.open(&self.larger, Part::Larger)?;
        let (first, second) = (smaller.checkpoint(), larger.checkpoint());
        verify_consistency(first.size(), &self.beginning, second.size(), second.root(), &self.proof)
            .map_err(EvidenceFault::NotJoined)?;
        if *self.beginning == *first.root() {
            return Err(EvidenceFault::OneHistory);
        }
        let shown = vec![
            format!("The log signed a tree of {} entries ({}).", first.size(), trust.worth(&smaller)),
            format!("It signed another of {} entries ({}).", second.size(), trust.worth(&larger)),
            format!(
                "The first {} entries of the one are not those of the other, so no log holds both: LOG-17 is broken.",
                first.size()
            ),
        ];
        Ok(Outcome::of(trust.both_sides(&smaller, &larger), shown, Vec::new()))
    }
}

impl OtherEntry {
    /// EVD-6.
    fn check(&self, trust: &Trust) -> Checked {
        let (promised, body, promise) = trust.entry(&self.promise, Part::Promise)?;
        let shown = other_entry(trust, &promised, &self.shown, *self.leaf)?;
        let words = vec![
            promise_in_words(&promised, &body, &promise),
            format!(
                "Its tree of {} entries ({}) has another entry in that place.",
                shown.checkpoint().size(),
                trust.worth(&shown)
            ),
        ];
        Ok(Outcome::of(trust.both_sides(&promise, &shown), words, Vec::new()))
    }
}

/// EVD-6: the attested tree under the receipt `shown`, which has another leaf than the promised entry's in its place.
pub(super) fn other_entry(
    trust: &Trust,
    promised: &Entry,
    shown: &str,
    leaf: Hash,
) -> Result<SignedCheckpoint, EvidenceFault> {
    let (receipt, shown) = trust.receipt(shown, Some(leaf), Part::Shown)?;
    trust.demand(&shown, "EVD-6", Part::Shown)?;
    // Both receipts are of one log, in which an entry's leaf number is its index less that of the first.
    let found = trust.first.saturating_add(receipt.index);
    if found != promised.index {
        return Err(EvidenceFault::Elsewhere { rule: "EVD-6", promised: promised.index, found });
    }
    if leaf_hash(&promised.encode()) == leaf { Err(EvidenceFault::Kept) } else { Ok(shown) }
}

impl EndedWithout {
    /// EVD-7.
    fn check(&self, trust: &Trust) -> Checked {
        let (promised, body, promise) = trust.entry(&self.promise, Part::Promise)?;
        let (ending, end, shown) = trust.entry(&self.ending, Part::Ending)?;
        trust.demand(&shown, "EVD-7", Part::Ending)?;
        if ending.index >= promised.index {
            return Err(EvidenceFault::Elsewhere { rule: "EVD-7", promised: promised.index, found: ending.index });
        }
        if !ends((&ending, &end), (&promised, &body)) {
            return Err(EvidenceFault::NotEnded { promised: body.name(), ending: end.name() });
        }
        let after = match &body {
            Body::Rehearsal(_) if matches!(end, Body::StageEnd(_)) => "no entry of an earlier minute stands".to_owned(),
            _ => format!("no {} is valid", body.name()),
        };
        let words = vec![
            promise_in_words(&promised, &body, &promise),
            format!(
                "Its tree of {} entries ({}) has a {} before that place, as entry {}: after it {after}.",
                shown.checkpoint().size(),
                trust.worth(&shown),
                end.name(),
                ending.index,
            ),
            "Whatever the log still puts there, what it promised is not in the election.".to_owned(),
        ];
        let (cleared, open) = left_out::ended_before(trust, (&promised, &body), (&ending, &end));
        Ok(Outcome { culprits: vec![finding::log(&trust.log)], shown: words, open, cleared })
    }
}

impl Rollback {
    /// EVD-8.
    fn check(&self, trust: &Trust) -> Checked {
        let larger = trust.open(&self.larger, Part::Larger)?;
        let smaller = trust.open(&self.smaller, Part::Smaller)?;
        let (first, second) = (larger.checkpoint().size(), smaller.checkpoint().size());
        if first <= second {
            return Err(EvidenceFault::Sizes { rule: "EVD-8", first, second });
        }
        let times = |signed: &SignedCheckpoint, key: &VerifierKey| -> Vec<u64> {
            let by_key = signed.cosignatures().iter().filter(|by| by.key == *key);
            by_key.map(|by| by.timestamp).filter(|time| *time > 0).collect()
        };
        let went_back = |key: &VerifierKey| {
            let earliest = times(&larger, key).into_iter().min();
            let latest = times(&smaller, key).into_iter().max();
            earliest.zip(latest).is_some_and(|(larger, smaller)| smaller > larger)
        };
        let culprits = finding::witnesses(&trust.policy, went_back);
        let mut words = vec![
            format!("The log signed a tree of {first} entries ({}).", trust.worth(&larger)),
            format!("It also signed one of {second} entries ({}).", trust.worth(&smaller)),
        ];
        let log = "A log's signature states no time: that it served the smaller tree after the larger one rests on the word of whoever \
                   saved the two.";
        if culprits.is_empty() {
            let open = "No witness states a later time on the smaller tree than on the larger one.";
            return Ok(Outcome::of(culprits, words, vec![open.to_owned(), log.to_owned()]));
        }
        let names: Vec<&str> = culprits.iter().map(|culprit| culprit.name.as_str()).collect();
        words.push(format!(
            "{} stated that {second} entries were the most it had seen, later than it stated {first}: LOG-21 is broken.",
            names.join(", ")
        ));
        Ok(Outcome::of(culprits, words, vec![log.to_owned()]))
    }
}

impl Ahead {
    /// EVD-9.
    fn check(&self, trust: &Trust) -> Checked {
        let (entry, _, signed) = trust.entry(&self.entry, Part::Entry)?;
        let early = |time: u64| time > 0 && time.saturating_add(TOLERANCE) < first_second(entry.time);
        let names = trust.clocks(&signed, early, "EVD-9", Part::Entry)?;
        let words = vec![
            format!("Entry {} of the log says minute {} since 1970.", entry.index, entry.time),
            format!(
                "More than {TOLERANCE} seconds before, {names}, which is a quorum, had cosigned a tree that holds it."
            ),
            "The log wrote a time that had not come, by the clocks of a quorum of witnesses (EVD-11).".to_owned(),
        ];
        Ok(Outcome::of(vec![finding::log(&trust.log)], words, Vec::new()))
    }
}

impl Behind {
    /// EVD-10.
    fn check(&self, trust: &Trust) -> Checked {
        let (entry, _, _) = trust.entry(&self.entry, Part::Entry)?;
        let without = trust.open(&self.without, Part::Without)?;
        let size = without.checkpoint().size();
        if trust.first.saturating_add(size) > entry.index {
            return Err(EvidenceFault::Sizes { rule: "EVD-10", first: entry.index, second: size });
        }
        let late = |time: u64| time > last_second(entry.time).saturating_add(TOLERANCE);
        let names = trust.clocks(&without, late, "EVD-10", Part::Without)?;
        let words = vec![
            format!("Entry {} of the log says minute {} since 1970.", entry.index, entry.time),
            format!(
                "More than {TOLERANCE} seconds after, {names}, which is a quorum, had seen no more than {size} entries."
            ),
            "The entry's time is not borne out by the witnesses (EVD-11).".to_owned(),
        ];
        let open = "A log whose clock is right, and which could not reach its witnesses for so long while somebody else showed them the \
                    smaller tree, would look the same."
            .to_owned();
        Ok(Outcome::of(Vec::new(), words, vec![open]))
    }
}

pub(super) fn promise_in_words(entry: &Entry, body: &Body, promise: &SignedCheckpoint) -> String {
    let size = promise.checkpoint().size();
    format!("The log promised a {} as entry {}, in a tree of {size} entries that it signed.", body.name(), entry.index)
}

/// EVD-11: an entry of minute T was made in one of its sixty seconds.
fn first_second(time: Minutes) -> u64 {
    time.saturating_mul(60)
}

fn last_second(time: Minutes) -> u64 {
    first_second(time).saturating_add(59)
}

/// EVD-7: whether what was promised cannot come after this entry: no such body is valid there (ENT-7, CER-8), or none of its minute (ENT-3).
pub fn ends((ending, end): (&Entry, &Body), (promised, body): (&Entry, &Body)) -> bool {
    let stage = match body {
        Body::DealingCommitment(_) => Some(1),
        Body::Dealing(_) => Some(2),
        Body::Complaint(_) | Body::CeremonyConfirmation(_) => Some(3),
        Body::StageEnd(body) => Some(body.stage),
        _ => None,
    };
    let setup = stage.is_some() || matches!(body, Body::Roll(_) | Body::Opening(_));
    let voting = matches!(
        body,
        Body::Rehearsal(_)
            | Body::Ballot(_)
            | Body::AuditedBallot(_)
            | Body::Replacement(_)
            | Body::Extension(_)
            | Body::Closing(_)
    );
    match end {
        // An active trustee rehearses after stage 4 too, but not in a minute before its end.
        Body::StageEnd(end) if matches!(body, Body::Rehearsal(_)) => end.stage == 4 && promised.time < ending.time,
        Body::StageEnd(end) => stage.is_some_and(|stage| stage <= end.stage),
        Body::Opening(_) => setup,
        Body::Closing(_) => setup || voting,
        _ => false,
    }
}
