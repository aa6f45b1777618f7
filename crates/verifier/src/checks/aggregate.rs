//! Check 11: the sum of the counted ballots of every tally group (TAL-11). Here it is the running sum of all ballots as their proofs were
//! verified, less the superseded ones as they are read again; in the fold it is the sum of the counted ones as they are read again.
//! Both must be the same points (VER-8).

use super::{CheckId, Closing, Count, ballots::Sums};
use crate::verdict::Failure;
use crypto::elgamal::CiphertextSum;
use protocol::Election;

#[derive(Debug, Default)]
pub(crate) struct Aggregate {
    pub(crate) count: Count,
}

impl Aggregate {
    pub(crate) fn compare(
        &mut self,
        election: &Election,
        closing: &mut Closing,
        sums: &Sums,
        index: u64,
    ) -> Result<(), Failure> {
        self.count.total = u64::try_from(closing.groups.len()).ok();
        for group in &mut closing.groups {
            let slots = election.relation(group.contest).map_or(0, |relation| relation.slots());
            let mut sum = CiphertextSum::new(slots);
            let units = group.units.iter().filter_map(|unit| sums.get(&(group.contest, *unit)));
            let merged = units.map(|unit| sum.merge(unit)).collect::<Result<Vec<()>, _>>().is_ok();
            let number = usize::try_from(group.number).unwrap_or(usize::MAX);
            let folds = election.groups(group.contest).get(number).and_then(|group| group.aggregate());
            if !merged || folds != Some(&sum) {
                let text = "what is decrypted is the sum of the counted ballots";
                let place = format!("contest {}, tally group {}", group.contest, group.number);
                let failure = Failure::new(CheckId::Aggregate, "VER-8", text, "the sum computed here", "another sum");
                return Err(failure.at(index).within(place));
            }
            group.sum = Some(sum);
            self.count.add(1);
        }
        self.count.pass();
        Ok(())
    }
}
