//! Check 13: every recorded total is the one that the sums and the partial decryptions give, computed here (TAL-5, TAL-10, VER-11), and
//! no more than the counted ballots can hold (VER-12). A recorded total is never believed. What the totals come to follows (VER-35).

use super::{CheckId, Closing, Count, Decryptions, Group, plausible::plausible};
use crate::verdict::Failure;
use crypto::{EncodedPoint, Point, Scalar};
use protocol::{
    Election, body,
    counting::{
        self, Outcome,
        lot::{self, Seed},
    },
    election::GroupStatus,
};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) count: Count,
    pub(crate) totals: BTreeMap<(u32, u32), Vec<u64>>,
    /// Who won, contest by contest, as far as all totals are known.
    pub(crate) outcomes: BTreeMap<u32, Outcome>,
}

impl Results {
    pub(crate) fn result(
        &mut self,
        election: &Election,
        closing: &Closing,
        decryptions: &Decryptions,
        index: u64,
        body: &body::ResultBody,
    ) -> Result<(), Failure> {
        let failure = |rule, text: &'static str, expected: String, found: String| {
            let place = format!("contest {}, tally group {}", body.contest, body.group);
            Failure::new(CheckId::Results, rule, text, expected, found).at(index).within(place)
        };
        let text = "a recorded total is the one that sums and partial decryptions give";
        let group = closing.open_group(body.contest, body.group);
        let points = group.and_then(|group| decryptions.totals(election, group));
        let (Some(group), Some(points)) = (group, points) else {
            let k = election.manifest().threshold;
            return Err(failure("VER-11", text, format!("{k} right partial decryptions"), "fewer".into()));
        };
        let right = points.len() == body.totals.len()
            && points.iter().zip(&body.totals).all(|(point, total)| Point::mul_base(&Scalar::from(*total)) == *point);
        if !right {
            return Err(failure("VER-11", text, "the totals computed here".into(), format!("{:?}", body.totals)));
        }
        let contest = election.manifest().contest(body.contest);
        let fits = contest.map_or(Ok(()), |contest| plausible(contest, group.weight, &body.totals));
        fits.map_err(|(expected, found)| {
            failure("VER-12", "totals fit the number and weight of the counted ballots", expected, found)
        })?;
        self.totals.insert((body.contest, body.group), body.totals.clone());
        Ok(())
    }

    /// TAL-12: an empty group is zero and a small one is withheld, without an entry.
    pub(crate) fn finish(&mut self, election: &Election, closing: &Closing, decryptions: &Decryptions) {
        self.count.total = u64::try_from(closing.groups.len()).ok();
        self.count.done = 0;
        for group in &closing.groups {
            let slots = election.relation(group.contest).map_or(0, |relation| relation.slots());
            let key = (group.contest, group.number);
            match group.status {
                GroupStatus::Empty => {
                    self.totals.insert(key, vec![0; slots]);
                    self.count.add(1);
                }
                GroupStatus::Withheld => self.count.add(1),
                GroupStatus::Open if self.totals.contains_key(&key) => self.count.add(1),
                GroupStatus::Open => {}
            }
        }
        if Some(self.count.done) == self.count.total {
            self.count.pass();
        }
        for groups in closing.groups.chunk_by(|one, next| one.contest == next.contest) {
            if let Some((contest, outcome)) = self.outcome(election, decryptions, groups) {
                self.outcomes.insert(contest, outcome);
            }
        }
    }

    /// VER-35, CNT-2: what the totals of a contest's open and empty groups come to; nothing as long as one is awaited.
    fn outcome(&self, election: &Election, decryptions: &Decryptions, groups: &[Group]) -> Option<(u32, Outcome)> {
        let index = groups.first()?.contest;
        let contest = election.manifest().contest(index)?;
        let disclosed: Vec<&Group> = groups.iter().filter(|group| group.status != GroupStatus::Withheld).collect();
        let mut totals = vec![0u64; contest.slots()];
        for group in &disclosed {
            let own = self.totals.get(&(index, group.number))?;
            totals.iter_mut().zip(own).for_each(|(total, own)| *total = total.saturating_add(*own));
        }
        disclosed.first()?;
        let weight = disclosed.iter().map(|group| group.weight).fold(0u64, u64::saturating_add);
        let lot = lot(election, decryptions, &disclosed);
        Some((index, counting::outcome(contest, &totals, weight, lot.as_ref())))
    }
}

/// VER-36, CNT-20: the seed of the contest's lot, from sums and partial decryptions that were judged here.
fn lot(election: &Election, decryptions: &Decryptions, groups: &[&Group]) -> Option<Seed> {
    let open = groups.iter().filter(|group| group.status == GroupStatus::Open);
    let masks = open.map(|group| {
        let sum = group.sum.as_ref()?.slots();
        let totals = decryptions.totals(election, group)?;
        let masks = sum.iter().zip(totals).map(|(sum, total)| EncodedPoint::encode(&(sum - total)));
        Some(masks.collect::<Vec<EncodedPoint>>())
    });
    let masks: Vec<Vec<EncodedPoint>> = masks.collect::<Option<_>>()?;
    let first = groups.first().filter(|_| !masks.is_empty())?;
    Some(lot::seed(&election.closing()?, first.contest, masks.iter().map(Vec::as_slice)))
}
