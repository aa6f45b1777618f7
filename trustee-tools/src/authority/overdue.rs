//! What comes only when its time has come: the end of a ceremony stage and the closing (CER-8, CLO-2). Witnesses attest the time; under
//! `quorum none` the authority's word stands for it, so this refuses to give it early.

use super::{Obstacle, in_phase, sign};
use crate::secrets::AuthoritySecrets;
use protocol::{
    Body, Election, Phase, Submission,
    body::{Closing, StageEnd},
    ids::Minutes,
};
use rand_core::{CryptoRng, RngCore};

/// What comes only when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timed {
    /// The end of the present ceremony stage.
    StageEnd,
    /// The closing.
    Closing,
}

/// The minute from which on it may come, for whoever knows that it is `now`.
///
/// # Errors
/// [`Obstacle::Phase`] or [`Obstacle::CeremonyEnded`] when it has no place in the record now.
pub fn due(election: &Election, timed: Timed, now: Minutes) -> Result<Minutes, Obstacle> {
    match timed {
        Timed::StageEnd => {
            in_phase(election, Phase::Setup, "the end of a ceremony stage")?;
            election.evidence_due_at(now).ok_or(Obstacle::CeremonyEnded)
        }
        Timed::Closing => {
            in_phase(election, Phase::Voting, "a closing")?;
            Ok(election.closing_time().saturating_add(election.manifest().grace))
        }
    }
}

/// That its time has come, by the clock of who asks: the witnesses' clocks decide.
pub(crate) fn check_time(election: &Election, timed: Timed, now: Minutes) -> Result<Minutes, Obstacle> {
    let since = due(election, timed, now)?;
    match timed {
        _ if now >= since => Ok(since),
        Timed::Closing => Err(Obstacle::TooEarly { until: since, now }),
        Timed::StageEnd => {
            let ceremony = election.ceremony();
            let (stage, awaited) = (ceremony.stage().number(), ceremony.awaited(election.manifest()));
            Err(Obstacle::NotOverdue { stage, deadline: since, awaited })
        }
    }
}

/// CER-28: that the ceremony goes on if the present stage ends now.
pub(crate) fn check_survival(election: &Election) -> Result<(), Obstacle> {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    let left = ceremony.staying(manifest).len();
    if usize::try_from(manifest.quorum).is_ok_and(|quorum| left >= quorum) {
        return Ok(());
    }
    let (stage, awaited) = (ceremony.stage().number(), ceremony.awaited(manifest));
    Err(Obstacle::WouldFail { stage, left, quorum: manifest.quorum, awaited })
}

/// Ends the present ceremony stage without those it waits for (CER-8). The evidence is empty under `quorum none`.
///
/// # Errors
/// [`Obstacle`].
pub fn stage_end<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    evidence: &[u8],
    now: Minutes,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    check_time(election, Timed::StageEnd, now)?;
    if evidence.is_empty() && !election.manifest().unwitnessed() {
        return Err(Obstacle::Witnessed);
    }
    let stage = election.ceremony().stage().number();
    let body = Body::StageEnd(StageEnd { stage, evidence: evidence.to_vec().into() });
    fitting(election, sign(election, secrets, body, rng)?)
}

/// Closes the voting over what the record counts now (CLO-1), under `quorum none`, where only the authority may.
///
/// # Errors
/// [`Obstacle`].
pub fn closing<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    now: Minutes,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    check_time(election, Timed::Closing, now)?;
    if !election.manifest().unwitnessed() {
        return Err(Obstacle::Witnessed);
    }
    fitting(election, sign(election, secrets, closing_body(election, &[]), rng)?)
}

/// Closes the voting over what the record counts now (CLO-1), with the witnesses' time evidence (CLO-2). Nobody's key is needed.
///
/// # Errors
/// [`Obstacle`].
pub fn anyone_closes(election: &Election, evidence: &[u8], now: Minutes) -> Result<Submission, Obstacle> {
    check_time(election, Timed::Closing, now)?;
    if evidence.is_empty() {
        return Err(Obstacle::Witnessed);
    }
    fitting(election, Submission::anonymous(closing_body(election, evidence).encode()))
}

fn closing_body(election: &Election, evidence: &[u8]) -> Body {
    Body::Closing(Closing { counted: election.count().fingerprint, evidence: evidence.to_vec().into() })
}

/// Tried against the fold before it is given out: evidence of another moment, or of too few witnesses, is told here.
fn fitting(election: &Election, submission: Submission) -> Result<Submission, Obstacle> {
    match election.examine(&submission) {
        Ok(_) => Ok(submission),
        Err(rejection) => Err(Obstacle::Evidence(Box::new(rejection))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW};
    use protocol::Rule;

    fn refused_by(outcome: Result<Submission, Obstacle>) -> Option<Rule> {
        match outcome {
            Err(Obstacle::Evidence(rejection)) => Some(rejection.rule()),
            _ => None,
        }
    }

    /// CLO-2: three of four witnesses, at the time or later, over exactly this record; and then nobody's key is needed.
    #[test]
    fn anybody_closes_with_the_time_evidence_of_a_quorum() {
        let mut town = Fixture::witnessed(2, 3, 2);
        town.run_ceremony().unwrap();
        town.publish_roll();
        town.open();
        let due = due(&town.election, Timed::Closing, NOW).unwrap();
        assert_eq!(due, NOW + 110);
        let evidence = |town: &Fixture, witnesses: &[usize], seconds| town.evidence(witnesses, seconds);
        let early = evidence(&town, &[0, 1, 2], due * 60 - 1);
        assert!(matches!(anyone_closes(&town.election, &early, due - 1), Err(Obstacle::TooEarly { .. })));
        assert_eq!(
            refused_by(anyone_closes(&town.election, &early, due)),
            Some(Rule::Clo2),
            "by the witnesses' clocks"
        );
        let few = evidence(&town, &[0, 3], due * 60);
        assert_eq!(refused_by(anyone_closes(&town.election, &few, due)), Some(Rule::Clo2));
        assert!(matches!(anyone_closes(&town.election, &[], due), Err(Obstacle::Witnessed)));
        assert!(matches!(closing(&town.election, &town.authority, due, &mut town.rng), Err(Obstacle::Witnessed)));
        let good = evidence(&town, &[0, 1, 3], due * 60);
        let before = anyone_closes(&town.election, &good, due).unwrap();
        // One entry more, and the evidence is of another record.
        let notice = crate::authority::notice(&town.election, &town.authority, "Wait.", &mut town.rng).unwrap();
        town.post(notice);
        assert_eq!(refused_by(anyone_closes(&town.election, &good, due)), Some(Rule::Clo2));
        let fresh = evidence(&town, &[1, 2, 3], due * 60 + 5);
        let closing = anyone_closes(&town.election, &fresh, due).unwrap();
        assert_ne!(closing, before);
        town.post(closing);
        assert!(town.election.closing().is_some());
    }

    /// CER-8.
    #[test]
    fn a_stage_ends_with_the_time_evidence_of_a_quorum() {
        let mut town = Fixture::witnessed(2, 3, 2);
        let since = due(&town.election, Timed::StageEnd, NOW).unwrap();
        assert_eq!(since, NOW + 10);
        let end = |town: &mut Fixture, evidence: &[u8], now| {
            stage_end(&town.election, &town.authority, evidence, now, &mut town.rng)
        };
        assert!(matches!(
            check_survival(&town.election),
            Err(Obstacle::WouldFail { stage: 1, left: 0, quorum: 2, .. })
        ));
        let evidence = town.evidence(&[0, 1, 2], since * 60);
        assert!(matches!(end(&mut town, &evidence, since - 1), Err(Obstacle::NotOverdue { stage: 1, .. })));
        assert!(matches!(end(&mut town, &[], since), Err(Obstacle::Witnessed)));
        let few = town.evidence(&[2], since * 60);
        assert_eq!(refused_by(end(&mut town, &few, since)), Some(Rule::Clo2));
        for index in [1, 2] {
            let Ok(crate::ceremony::Step::Submit(commitment)) = town.step(index) else { panic!("trustee {index}") };
            town.post(commitment);
        }
        check_survival(&town.election).unwrap();
        let evidence = town.evidence(&[0, 1, 2], since * 60);
        let end = end(&mut town, &evidence, since).unwrap();
        town.post(end);
        assert_eq!(town.election.ceremony().stage().number(), 2);
        assert_eq!(town.election.ceremony().remaining().len(), 2);
    }
}
