//! Check 13: every recorded total is the one that the sums and the partial decryptions give, computed here (TAL-5, TAL-10, VER-11), and
//! no more than the counted ballots can hold (VER-12). A recorded total is never believed.

use super::{CheckId, Closing, Count, Decryptions};
use crate::verdict::Failure;
use crypto::{Point, Scalar};
use protocol::{Contest, ContestKind, Election, body, election::GroupStatus};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) count: Count,
    pub(crate) totals: BTreeMap<(u32, u32), Vec<u64>>,
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
    pub(crate) fn finish(&mut self, election: &Election, closing: &Closing) -> Result<(), Failure> {
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
        Ok(())
    }
}

/// VER-12: no total is above the group's weight times the slot's largest value, and where exactly one slot is marked the totals add up to
/// the weight. This follows from the ballots' proofs; if it does not hold, some check before was wrong.
fn plausible(contest: &Contest, weight: u64, totals: &[u64]) -> Result<(), (String, String)> {
    for (most, total) in contest.slot_maxima().into_iter().zip(totals) {
        let most = weight.saturating_mul(most);
        if *total > most {
            return Err((format!("at most {most}"), total.to_string()));
        }
    }
    let sum = totals.iter().fold(0u64, |sum, total| sum.saturating_add(*total));
    if matches!(contest.kind, ContestKind::ChooseOne | ContestKind::Question { .. }) && sum != weight {
        return Err((format!("{weight} altogether"), sum.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_fit_the_ballots() {
        let contest = |kind, options: usize| Contest::new("C", kind, vec![String::new(); options], false);
        let (one, some) =
            (contest(ContestKind::ChooseOne, 3), contest(ContestKind::Choose { minimum: 0, maximum: 2 }, 2));
        assert!(plausible(&one, 5, &[2, 3, 0]).is_ok());
        assert!(plausible(&one, 5, &[2, 2, 0]).is_err());
        assert!(plausible(&one, 5, &[2, 4, 0]).is_err());
        assert!(plausible(&one, 5, &[6, 0, 0]).is_err());
        assert!(plausible(&some, 5, &[5, 5]).is_ok());
        assert!(plausible(&some, 5, &[0, 0]).is_ok());
        assert!(plausible(&some, 5, &[6, 0]).is_err());
        let score = contest(ContestKind::Score { top: 4 }, 2);
        assert!(plausible(&score, 5, &[20, 0]).is_ok());
        assert!(plausible(&score, 5, &[21, 0]).is_err());
    }
}
