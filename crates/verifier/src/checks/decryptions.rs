//! Check 12: every partial decryption, judged against keys and sums computed here (TAL-4, VER-10), and what k right ones give (TAL-9).

use super::{CheckId, Closing, Count, Group, Observed, ceremony::Keys};
use crate::verdict::Failure;
use crypto::{
    Point, Scalar,
    batch::Bases,
    decryption::{DecryptionContext, PartialDecryption, decryption_claim},
    dleq::EqualityProof,
    shamir::lagrange,
};
use protocol::{Author, Election, body, election::GroupStatus};
use std::collections::BTreeMap;

/// Right partial decryptions of one tally group: trustees with their points.
type Right = BTreeMap<u32, Vec<Point>>;

#[derive(Debug, Default)]
pub(crate) struct Decryptions {
    pub(crate) count: Count,
    pub(crate) right: BTreeMap<(u32, u32), Right>,
    /// Wrong ones: trustee, contest, group, entry. Evidence that names its author and changes nothing.
    pub(crate) wrong: Vec<(u32, u32, u32, u64)>,
}

impl Decryptions {
    pub(crate) fn partial(
        &mut self,
        election: &Election,
        closing: &Closing,
        keys: Option<&Keys>,
        seen: &Observed<'_>,
        body: &body::PartialDecryption,
    ) -> Result<(), Failure> {
        let failure = |expected: &str, found: &str| {
            let text = "the record counts exactly the partial decryptions that are right";
            let place = format!("contest {}, tally group {}", body.contest, body.group);
            Failure::new(CheckId::Decryptions, "VER-10", text, expected, found).at(seen.index).within(place)
        };
        let (Author::Trustee(trustee), Some(group), Some(keys)) =
            (seen.author, closing.open_group(body.contest, body.group), keys)
        else {
            return Err(failure("a trustee, keys and a tally group to decrypt", "none"));
        };
        let points = judge(election, group, keys, trustee, body);
        let number = usize::try_from(body.group).unwrap_or(usize::MAX);
        let folds = election.groups(body.contest).get(number);
        let agrees = match &points {
            Some(points) => folds.and_then(|group| group.right().get(&trustee)) == Some(points),
            None => folds.and_then(|group| group.wrong().get(&trustee)) == Some(&seen.index),
        };
        if !agrees {
            let words = |right| if right { "a right one" } else { "a wrong one" };
            return Err(failure(words(points.is_some()), words(points.is_none())));
        }
        match points {
            Some(points) => {
                self.right.entry((body.contest, body.group)).or_default().insert(trustee, points);
            }
            None => self.wrong.push((trustee, body.contest, body.group, seen.index)),
        }
        self.count.add(1);
        Ok(())
    }

    /// TAL-9: the totals as points `t_j G`, from the last k right ones: the fold takes the first, and both must come to the same.
    pub(crate) fn totals(&self, election: &Election, group: &Group) -> Option<Vec<Point>> {
        let threshold = usize::try_from(election.manifest().threshold).ok()?;
        let right = self.right.get(&(group.contest, group.number))?;
        let first = right.len().checked_sub(threshold)?;
        let used: Vec<(u32, &Vec<Point>)> =
            right.iter().skip(first).map(|(trustee, points)| (*trustee, points)).collect();
        let trustees: Vec<u64> = used.iter().map(|(trustee, _)| u64::from(*trustee)).collect();
        let factors: Vec<Scalar> = lagrange(&trustees).ok()?;
        let mut totals = group.sum.as_ref()?.slots().to_vec();
        for (factor, (_, points)) in factors.iter().zip(used) {
            if points.len() != totals.len() {
                return None;
            }
            totals.iter_mut().zip(points).for_each(|(total, point)| *total -= point * factor);
        }
        Some(totals)
    }

    pub(crate) fn finish(&mut self, election: &Election, closing: &Closing) -> Result<(), Failure> {
        let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
        let open = closing.groups.iter().filter(|group| group.status == GroupStatus::Open);
        let decrypted = |group: &Group| {
            self.right.get(&(group.contest, group.number)).is_some_and(|right| right.len() >= threshold)
        };
        if open.into_iter().all(decrypted) {
            self.count.pass();
        }
        Ok(())
    }
}

/// TAL-4: the points, if the proof holds for them.
fn judge(
    election: &Election,
    group: &Group,
    keys: &Keys,
    trustee: u32,
    body: &body::PartialDecryption,
) -> Option<Vec<Point>> {
    let sum = group.sum.as_ref()?;
    let context = DecryptionContext {
        election: election.fingerprint().0,
        closing: election.closing()?.0,
        joint_key: election.joint_key()?.fingerprint.0,
        contest: group.contest.into(),
        group: group.number.into(),
        trustee: trustee.into(),
    };
    let partial = PartialDecryption { points: body.partials.clone(), proof: EqualityProof::new(body.proof) };
    let shares = keys.shares(trustee, sum.slots().len());
    let (claim, points) = decryption_claim(&context, shares, &sum.z(), &partial).ok()?;
    claim.verify(&Bases::new(0, &[])).ok()?;
    Some(points)
}
