//! Closing, tally groups, aggregate, partial decryptions and results (CLO-1, CLO-2, TAL-1 to TAL-6, TAL-9 to TAL-11).

use super::{Election, GroupStatus, TallyGroup, examined::Derived};
use crate::{
    body::{Ballot, Body, Closing, PartialDecryption, ResultBody},
    entry::{Author, Entry},
    ids::Minutes,
    rule::{Rejection, demand, refuse},
};
use crypto::{
    Point, Scalar,
    batch::Bases,
    decryption::{DecryptionContext, combine, decryption_claim},
    dleq::EqualityProof,
    elgamal::CiphertextSum,
    group::G,
};
use std::collections::BTreeMap;

/// Sums of ballots, by contest and unit.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    by: BTreeMap<(u32, u32), CiphertextSum>,
    positions: Vec<u64>,
}

/// Ballots that do not settle the closing: the caller gave other bytes than the record's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// The record is not closed, or settled already.
    #[error("there is no closing to settle")]
    NotClosed,
    /// An entry that is not a counted ballot of the record.
    #[error("entry {0} is not a counted ballot of this record")]
    NotCounted(u64),
    /// A counted ballot is missing or given twice.
    #[error("the counted ballots were not given once each")]
    Incomplete,
}

impl Sums {
    /// Adds what another pass summed.
    pub fn merge(&mut self, other: Sums) -> Result<(), SettleError> {
        self.positions.extend(other.positions);
        for (key, sum) in other.by {
            match self.by.entry(key) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(sum);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    place.get_mut().merge(&sum).map_err(|_| SettleError::Incomplete)?;
                }
            }
        }
        Ok(())
    }
}

impl Election {
    /// CLO-2: the closing time in force, and the grace.
    pub(super) fn closing_due(&self) -> Minutes {
        self.closing_time.saturating_add(self.manifest.grace)
    }

    /// CLO-1, CLO-2.
    pub(super) fn closing_admissible(&self, body: &Closing) -> Result<(), Rejection> {
        self.check_time_evidence(&body.evidence, self.closing_due(), u64::MAX)?;
        let count = self.count();
        demand!(body.counted == count.fingerprint, WrongCount, count.fingerprint, body.counted);
        Ok(())
    }

    /// Sums counted ballots, in any order and split over any number of calls. Each is compared with the record by its tracker.
    ///
    /// # Errors
    /// [`SettleError::NotCounted`] for anything but a counted ballot of this record.
    pub fn sum<'a>(&self, ballots: impl IntoIterator<Item = &'a Entry>) -> Result<Sums, SettleError> {
        let mut sums = Sums::default();
        for entry in ballots {
            let refused = SettleError::NotCounted(entry.index);
            let submission = entry.submission();
            let (Ok(Author::Credential(credential)), Ok(Body::Ballot(ballot))) =
                (submission.author(), submission.body())
            else {
                return Err(refused);
            };
            let Some((_, voter)) = self.roll.voter(&credential) else { return Err(refused) };
            let (unit, weight) = (voter.unit, voter.weight);
            if !voter.counts() || voter.position != entry.index || voter.tracker != submission.id(&self.fingerprint) {
                return Err(refused);
            }
            sums.positions.push(entry.index);
            self.add_ballot(&mut sums, unit, weight, &ballot).ok_or(refused)?;
        }
        Ok(sums)
    }

    fn add_ballot(&self, sums: &mut Sums, unit: u32, weight: u32, ballot: &Ballot) -> Option<()> {
        for ((contest, _, relation), bytes) in self.style(unit).zip(&ballot.contests) {
            let points: Option<Vec<Point>> = bytes
                .as_chunks::<32>()
                .0
                .iter()
                .take(relation.slots().saturating_add(1))
                .map(|bytes| crypto::EncodedPoint(*bytes).decode().ok())
                .collect();
            let sum = sums.by.entry((contest, unit)).or_insert_with(|| CiphertextSum::new(relation.slots()));
            sum.add_weighted(&points?, weight.into()).ok()?;
        }
        Some(())
    }

    /// Fixes the aggregates of every tally group. To be called once after `Closing`, before partial decryptions are applied.
    ///
    /// # Errors
    /// [`SettleError`] unless the sums cover every counted ballot exactly once.
    pub fn settle(&mut self, mut sums: Sums) -> Result<(), SettleError> {
        if self.closing.is_none() || self.is_settled() {
            return Err(SettleError::NotClosed);
        }
        sums.positions.sort_unstable();
        if sums.positions != self.counted_positions() {
            return Err(SettleError::Incomplete);
        }
        for (contest, (groups, relation)) in (0u32..).zip(self.groups.iter_mut().zip(&self.relations)) {
            for group in groups {
                let mut aggregate = CiphertextSum::new(relation.slots());
                for unit in &group.units {
                    if let Some(sum) = sums.by.get(&(contest, *unit)) {
                        aggregate.merge(sum).map_err(|_| SettleError::Incomplete)?;
                    }
                }
                group.aggregate = Some(aggregate);
            }
        }
        Ok(())
    }

    /// Whether the aggregates are fixed.
    pub fn is_settled(&self) -> bool {
        self.groups.iter().flatten().any(|group| group.aggregate.is_some())
    }

    fn open_group(&self, contest: u32, group: u32) -> Option<&TallyGroup> {
        let groups = self.groups.get(usize::try_from(contest).ok()?)?;
        groups.get(usize::try_from(group).ok()?).filter(|group| group.status == GroupStatus::Open)
    }

    /// TAL-1, TAL-2; and no partial decryption before the aggregate is settled.
    pub(super) fn partial_admissible(&self, trustee: u32, body: &PartialDecryption) -> Result<(), Rejection> {
        let active = self.ceremony.remaining().contains(&trustee);
        let group = self.open_group(body.contest, body.group).filter(|_| active);
        let Some(group) = group else {
            return Err(refuse!(
                NothingToDecrypt,
                "an active trustee and a contest and tally group that is decrypted",
                format!("trustee {trustee}, contest {}, group {}", body.contest, body.group)
            ));
        };
        demand!(group.aggregate.is_some(), NothingToDecrypt, "a settled aggregate", "none yet");
        let slots = self.manifest.contest(body.contest).map_or(0, |contest| contest.slots());
        demand!(body.partials.len() == slots, WrongPartialCount, slots, body.partials.len());
        Ok(())
    }

    /// TAL-4: whether the partial decryption is right. A wrong one is recorded too, as evidence.
    pub(super) fn judge_partial(&self, trustee: u32, body: &PartialDecryption) -> Derived {
        let (Some(group), Some(joint_key), Some(closing)) =
            (self.open_group(body.contest, body.group), self.ceremony.joint_key(), self.closing)
        else {
            return Derived::Partial(None);
        };
        let Some(aggregate) = &group.aggregate else { return Derived::Partial(None) };
        let context = DecryptionContext {
            election: self.fingerprint.0,
            closing: closing.0,
            joint_key: joint_key.fingerprint.0,
            contest: body.contest.into(),
            group: body.group.into(),
            trustee: trustee.into(),
        };
        let shares = joint_key.shares(trustee).get(..body.partials.len()).unwrap_or(&[]);
        let partial = crypto::decryption::PartialDecryption {
            points: body.partials.clone(),
            proof: EqualityProof::new(body.proof),
        };
        let right = decryption_claim(&context, shares, &aggregate.z(), &partial).ok().and_then(|(claim, points)| {
            claim.verify(&Bases::new(0, &[])).ok()?;
            Some(points)
        });
        Derived::Partial(right)
    }

    /// TAL-3: once right and once wrong.
    pub(super) fn partial_not_repeated(
        &self,
        trustee: u32,
        body: &PartialDecryption,
        right: bool,
    ) -> Result<(), Rejection> {
        let recorded = self.open_group(body.contest, body.group).is_some_and(|group| {
            if right { group.right.contains_key(&trustee) } else { group.wrong.contains_key(&trustee) }
        });
        let kind = if right { "right" } else { "wrong" };
        demand!(!recorded, PartialRepeated, format!("no {kind} one of trustee {trustee} yet"), "one in the record");
        Ok(())
    }

    pub(super) fn accept_partial(
        &mut self,
        trustee: u32,
        body: &PartialDecryption,
        right: Option<Vec<Point>>,
        index: u64,
    ) {
        if let Some(group) = self.group_mut(body.contest, body.group) {
            match right {
                Some(points) => {
                    group.right.insert(trustee, points);
                }
                None => {
                    group.wrong.insert(trustee, index);
                }
            }
        }
    }

    fn group_mut(&mut self, contest: u32, group: u32) -> Option<&mut TallyGroup> {
        self.groups.get_mut(usize::try_from(contest).ok()?)?.get_mut(usize::try_from(group).ok()?)
    }

    /// The totals as points `t_j G`, from any k right partial decryptions (TAL-9).
    pub fn total_points(&self, contest: u32, group: u32) -> Option<Vec<Point>> {
        let group = self.open_group(contest, group)?;
        let partials: Vec<(u64, &[Point])> =
            group.right.iter().map(|(trustee, points)| (u64::from(*trustee), points.as_slice())).collect();
        let threshold = usize::try_from(self.manifest.threshold).ok()?;
        combine(threshold, group.aggregate.as_ref()?.slots(), &partials).ok()
    }

    /// The largest total a slot can reach (TAL-10): roll length x largest weight x largest value of the slot.
    pub fn slot_bound(&self, contest: u32, slot: usize) -> u64 {
        let value = self.manifest.contest(contest).map_or(0, |contest| contest.slot_maximum(slot));
        u64::from(self.manifest.roll_length).saturating_mul(self.manifest.largest_weight.into()).saturating_mul(value)
    }

    /// TAL-4, TAL-5, TAL-6.
    pub(super) fn result_admissible(&self, body: &ResultBody) -> Result<(), Rejection> {
        let Some(group) = self.open_group(body.contest, body.group) else {
            return Err(refuse!(
                NothingToDecrypt,
                "a contest and tally group that is decrypted",
                format!("contest {}, group {}", body.contest, body.group)
            ));
        };
        demand!(group.totals.is_none(), ResultRepeated, "no result yet", "one in the record");
        let right = group.right.len();
        let Some(points) = self.total_points(body.contest, body.group) else {
            let k = self.manifest.threshold;
            return Err(refuse!(TooFewPartials, format!("{k} right partial decryptions"), right));
        };
        demand!(body.totals.len() == points.len(), WrongResult, format!("{} totals", points.len()), body.totals.len());
        for (slot, (total, point)) in body.totals.iter().zip(&points).enumerate() {
            let bound = self.slot_bound(body.contest, slot);
            demand!(
                *total <= bound && G * Scalar::from(*total) == *point,
                WrongResult,
                format!("the total of slot {slot} that the partial decryptions give, at most {bound}"),
                total
            );
        }
        Ok(())
    }

    pub(super) fn accept_result(&mut self, body: &ResultBody) {
        if let Some(group) = self.group_mut(body.contest, body.group) {
            group.totals = Some(body.totals.clone());
        }
    }

    /// Whether every tally group that is decrypted has its result.
    pub(super) fn is_tallied(&self) -> bool {
        let done = |group: &TallyGroup| group.status != GroupStatus::Open || group.totals.is_some();
        self.groups.iter().flatten().all(done)
    }
}
