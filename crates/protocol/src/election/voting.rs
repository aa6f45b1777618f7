//! Ballots and published audits (BAL-1 to BAL-7, AUD-1 to AUD-3, EXT-1).

use super::{Election, examined::claimed};
use crate::{
    body::{AuditedBallot, Ballot, Body, Extension},
    contest::Contest,
    ids::SubmissionId,
    manifest::RevoteRule,
    rule::{Rejection, demand, refuse},
};
use crypto::{
    EncodedPoint, EncodedScalar, Point,
    batch::Claim,
    relation::Relation,
    selection_proof::{SealedContest, SelectionContext, check_opening, claim},
};
use std::collections::HashSet;

/// Ballots of one credential under the revote rule `last` (BAL-6).
pub const MAXIMUM_BALLOTS: u8 = 64;
/// Published audits of one credential (AUD-3).
pub const MAXIMUM_AUDITS: u8 = 5;

impl Election {
    /// BAL-1 to BAL-3 and, for a ballot that is to be cast, BAL-5 and BAL-6.
    pub(super) fn ballot_admissible(&self, credential: &EncodedPoint, body: &Ballot) -> Result<(), Rejection> {
        self.ballot_well_formed(credential, body)?;
        let Some((row, voter)) = self.roll.voter(credential) else { return Err(unknown(credential)) };
        self.not_overridden(row)?;
        let allowed = match self.manifest.revote {
            RevoteRule::First => 1,
            RevoteRule::Last => MAXIMUM_BALLOTS,
        };
        demand!(voter.ballots < allowed, NoRevote, format!("at most {allowed} ballots"), "that many in the record");
        let next = u64::from(voter.ballots).saturating_add(1);
        demand!(
            body.sequence == next && body.previous == voter.tracker,
            NotNextInChain,
            format!("sequence {next} after tracker {}", voter.tracker),
            format!("sequence {} after tracker {}", body.sequence, body.previous)
        );
        Ok(())
    }

    /// BAL-1, BAL-2, BAL-3.
    fn ballot_well_formed(&self, credential: &EncodedPoint, body: &Ballot) -> Result<(), Rejection> {
        let Some((_, voter)) = self.roll.voter(credential) else { return Err(unknown(credential)) };
        let opening = self.opening.map_or("none yet".to_string(), |opening| opening.to_string());
        demand!(self.opening == Some(body.opening), ForeignOpening, opening, body.opening);
        let style: Vec<usize> = self.style(voter.unit).map(|(_, _, relation)| relation.sealed_len()).collect();
        let found: Vec<usize> = body.contests.iter().map(|contest| contest.len()).collect();
        demand!(style == found, WrongContests, format!("contests of {style:?} bytes"), format!("{found:?}"));
        Ok(())
    }

    /// The contests of a unit's style with their relations.
    pub fn style(&self, unit: u32) -> impl Iterator<Item = (u32, &Contest, &Relation)> {
        self.manifest
            .style(unit)
            .filter_map(|(index, contest)| Some((index, contest, self.relations.get(usize::try_from(index).ok()?)?)))
    }

    /// BAL-4: the claim of every contest, and the decoded ciphertexts.
    #[expect(clippy::type_complexity, reason = "the pair is taken apart at once")]
    pub(super) fn ballot_claims(
        &self,
        credential: &EncodedPoint,
        body: &Ballot,
    ) -> Result<(Vec<(Claim, Rejection)>, Vec<Vec<Point>>), Rejection> {
        let (Some((_, voter)), Some(joint_key), Some(opening)) =
            (self.roll.voter(credential), self.ceremony.joint_key(), self.opening)
        else {
            return Err(unknown(credential));
        };
        let mut claims = Vec::with_capacity(body.contests.len());
        let mut ciphertexts = Vec::with_capacity(body.contests.len());
        for ((index, _, relation), bytes) in self.style(voter.unit).zip(&body.contests) {
            let context = SelectionContext {
                election: self.fingerprint.0,
                opening: opening.0,
                joint_key: joint_key.fingerprint.0,
                contest: index.into(),
                credential: *credential,
                sequence: body.sequence,
                previous: body.previous.0,
            };
            let refusal = |found| {
                refuse!(InvalidSelection, format!("a proof of a selection within the rules of contest {index}"), found)
            };
            let sealed = SealedContest::decode(bytes, relation).map_err(|error| refusal(error.to_string()))?;
            let claim = claim(relation, &self.bases, &context, &sealed).map(|(claim, points)| {
                ciphertexts.push(points);
                claim
            });
            claims.push(claimed(claim, refusal)?);
        }
        Ok((claims, ciphertexts))
    }

    /// A unit's ballot as `C_0..C_K` of each contest, its proofs left aside; `None` if there is a contest too few or no point.
    pub fn ciphertexts(&self, unit: u32, body: &Ballot) -> Option<Vec<Vec<Point>>> {
        let points = |relation: &Relation, sealed: &[u8]| -> Option<Vec<Point>> {
            let points = sealed.as_chunks::<32>().0.iter().take(relation.slots().saturating_add(1));
            points.map(|bytes| EncodedPoint(*bytes).decode().ok()).collect()
        };
        self.style(unit).zip(&body.contests).map(|((_, _, relation), sealed)| points(relation, sealed)).collect()
    }

    /// BAL-7: no `C_0` of the ballot stands in the record or twice in the ballot. After the proofs: who copies a `C_0` without its
    /// randomness proves nothing and so blocks nobody.
    pub(super) fn unseen(&self, body: &Ballot) -> Result<(), Rejection> {
        let mut own = HashSet::new();
        for (contest, c0) in body.contests.iter().zip(first_points(body)) {
            let repeated = self.seen.contains(&c0) || !own.insert(c0);
            demand!(
                !repeated,
                RepeatedCiphertext,
                "a C_0 of its own",
                format!("one that occurs already, in {} bytes", contest.len())
            );
        }
        Ok(())
    }

    /// AUD-1 to AUD-3, without the proofs.
    pub(super) fn audit_admissible(
        &self,
        credential: &EncodedPoint,
        body: &AuditedBallot,
    ) -> Result<Ballot, Rejection> {
        let Some((_, voter)) = self.roll.voter(credential) else { return Err(unknown(credential)) };
        demand!(voter.audits < MAXIMUM_AUDITS, TooManyAudits, format!("at most {MAXIMUM_AUDITS}"), voter.audits);
        let Body::Ballot(ballot) = Body::decode(&body.ballot)? else {
            return Err(refuse!(NotASealedBallot, "the body of a ballot", "another body"));
        };
        self.ballot_well_formed(credential, &ballot)?;
        demand!(
            body.openings.len() == ballot.contests.len(),
            NotASealedBallot,
            format!("{} openings", ballot.contests.len()),
            body.openings.len()
        );
        Ok(ballot)
    }

    /// AUD-2: each opening re-encrypts to its sealed contest.
    pub(super) fn check_openings(
        &self,
        credential: &EncodedPoint,
        ballot: &Ballot,
        body: &AuditedBallot,
    ) -> Result<(), Rejection> {
        let Some((_, voter)) = self.roll.voter(credential) else { return Err(unknown(credential)) };
        for (((index, _, relation), bytes), opening) in self.style(voter.unit).zip(&ballot.contests).zip(&body.openings)
        {
            let refusal = |found: String| refuse!(OpeningDiffers, format!("the opening of contest {index}"), found);
            let sealed = SealedContest::decode(bytes, relation).map_err(|error| refusal(error.to_string()))?;
            let randomness = EncodedScalar(opening.randomness).decode().map_err(|error| refusal(error.to_string()))?;
            check_opening(relation, &self.bases, &sealed, &opening.values, &randomness)
                .map_err(|_| refusal("values and randomness of another ciphertext".into()))?;
        }
        Ok(())
    }

    /// Takes a ballot that passed every check.
    pub(super) fn accept_ballot(
        &mut self,
        credential: &EncodedPoint,
        body: &Ballot,
        tracker: SubmissionId,
        position: u64,
    ) {
        self.seen.extend(first_points(body));
        if let Some(voter) = self.roll.voter_mut(credential) {
            voter.ballots = voter.ballots.saturating_add(1);
            voter.tracker = tracker;
            voter.position = position;
        }
        self.counts.ballots = self.counts.ballots.saturating_add(1);
    }

    /// Takes an audit that passed every check.
    pub(super) fn accept_audit(&mut self, credential: &EncodedPoint, ballot: &Ballot) {
        self.seen.extend(first_points(ballot));
        if let Some(voter) = self.roll.voter_mut(credential) {
            voter.audits = voter.audits.saturating_add(1);
        }
        self.counts.audits = self.counts.audits.saturating_add(1);
    }

    /// EXT-1.
    pub(super) fn extension_admissible(&self, body: &Extension) -> Result<(), Rejection> {
        let (now, latest) = (self.closing_time, self.manifest.latest_closing);
        demand!(
            now < body.closing && body.closing <= latest,
            BadExtension,
            format!("later than {now}, at most {latest}"),
            body.closing
        );
        Ok(())
    }
}

/// The encodings of `C_0` of every contest.
fn first_points(body: &Ballot) -> impl Iterator<Item = [u8; 32]> + '_ {
    body.contests.iter().filter_map(|contest| contest.first_chunk::<32>().copied())
}

fn unknown(credential: &EncodedPoint) -> Rejection {
    refuse!(UnknownCredential, "a credential of the roll", hex::encode(credential.0))
}
