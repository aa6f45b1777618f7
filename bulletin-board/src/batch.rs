//! One batch of submissions against the fold (BRD-6 to BRD-8): everything that costs is done side by side before anything is applied
//! in order. Plain computation: no clock, no socket, no database.

use protocol::{
    Body, Election, Entry, Rejection, Submission,
    election::{Proven, prove_batch},
    ids::{Minutes, SubmissionId},
};
use rand::rngs::OsRng;
use std::{num::NonZeroUsize, thread};

/// The most submissions in a batch (BRD-7).
pub(crate) const BATCH: usize = 256;

/// The fewest submissions that are worth a thread of their own: a batched check is cheaper the larger it is.
const SHARE: usize = 16;

/// Who has checked a submission's proofs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proofs {
    /// Nobody yet.
    Unchecked,
    /// Another process of this board, which says so under the board's key (BRD-35, BRD-36).
    Vouched,
}

/// A submission that waits for its place.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) id: SubmissionId,
    pub(crate) submission: Submission,
    pub(crate) proofs: Proofs,
    /// Whether this is its second and last batch (BRD-8).
    pub(crate) retried: bool,
}

/// What became of a candidate.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is the fold's next entry, with these bytes.
    Accepted(Vec<u8>),
    /// Refused for good.
    Refused(Rejection),
    /// Refused, but something was applied after it was examined: try again in the next batch (BRD-8).
    Again,
    /// A ballot, and the closing time, given here, has passed (BRD-18).
    VotingOver(Minutes),
}

/// Applies a batch, which must be sorted by submission id (BRD-7). The verdicts are in the order of the candidates.
pub(crate) fn apply<'a>(
    election: &mut Election,
    candidates: impl ExactSizeIterator<Item = &'a Candidate>,
    now: Minutes,
) -> Vec<Verdict> {
    let candidates: Vec<&Candidate> = candidates.collect();
    let checked = check(election, &candidates);
    let start = election.size();
    let outcomes: Vec<Result<Vec<u8>, Fault>> = candidates
        .iter()
        .zip(checked)
        .map(|(candidate, checked)| {
            let proven = checked?;
            let closing = election.closing_time();
            if now >= closing && is_cast(proven.body()) {
                return Err(Fault::VotingOver(closing));
            }
            let entry = election.next_entry(candidate.submission.clone(), now);
            election.accept(&entry, proven).map_err(Fault::Order)?;
            Ok(entry.encode())
        })
        .collect();
    let moved = election.size() > start;
    let judged = candidates.iter().zip(outcomes).map(|(candidate, outcome)| match outcome {
        Ok(entry) => Verdict::Accepted(entry),
        Err(Fault::Order(_)) if moved && !candidate.retried => Verdict::Again,
        Err(Fault::Order(rejection) | Fault::Proof(rejection)) => Verdict::Refused(rejection),
        Err(Fault::VotingOver(closing)) => Verdict::VotingOver(closing),
    });
    judged.collect()
}

/// What a process that does not sequence finds out about a candidate (BRD-34).
#[derive(Debug)]
pub(crate) enum Look {
    /// A ballot whose proofs hold.
    Proven,
    /// For the process that sequences to say.
    Open,
    /// A proof fails, which no state mends.
    Refused(Rejection),
    /// BRD-18
    VotingOver(Minutes),
}

/// BRD-34: looks at candidates without applying them.
pub(crate) fn look<'a>(
    election: &Election,
    candidates: impl ExactSizeIterator<Item = &'a Candidate>,
    now: Minutes,
) -> Vec<Look> {
    let candidates: Vec<&Candidate> = candidates.collect();
    let closing = election.closing_time();
    let looked = check(election, &candidates).into_iter().map(|checked| match checked {
        Ok(proven) if now >= closing && is_cast(proven.body()) => Look::VotingOver(closing),
        // What a ballot's proofs are about stands in the ballot itself, or never changes once there is an opening. Of nothing else is that
        // true, so nothing else is vouched for (BRD-35).
        Ok(proven) if matches!(proven.body(), Body::Ballot(_)) => Look::Proven,
        Ok(_) | Err(Fault::Order(_)) => Look::Open,
        Err(Fault::Proof(rejection)) => Look::Refused(rejection),
        Err(Fault::VotingOver(closing)) => Look::VotingOver(closing),
    });
    looked.collect()
}

fn is_cast(body: &Body) -> bool {
    matches!(body, Body::Ballot(_) | Body::AuditedBallot(_))
}

/// Applies recorded entries (BRD-13), proofs checked by the batch, or taken as checked (BRD-36); stops behind a closing, which is to be settled first. Gives how
/// many were applied. `entries` follow each other and the fold.
///
/// # Errors
/// The first entry that is refused, with its rule.
pub(crate) fn replay(election: &mut Election, entries: &[Entry], proofs: Proofs) -> Result<usize, (u64, Rejection)> {
    let submissions: Vec<Submission> = entries.iter().map(Entry::submission).collect();
    let all: Vec<_> = submissions.iter().map(|submission| (submission, proofs)).collect();
    let checked = check_all(election, &all);
    let start = election.size();
    for (entry, checked) in entries.iter().zip(checked) {
        let taken = checked.is_ok_and(|proven| election.accept(entry, proven).is_ok());
        if !taken {
            // It was checked against the state before the batch; the state right before it decides.
            let applied = match proofs {
                Proofs::Unchecked => election.apply(entry),
                Proofs::Vouched => election
                    .examine(&entry.submission())
                    .and_then(|examined| election.accept(entry, examined.assume_proven())),
            };
            applied.map_err(|rejection| (entry.index, rejection))?;
        }
        if election.closing().is_some() && !election.is_settled() {
            break;
        }
    }
    Ok(usize::try_from(election.size().saturating_sub(start)).unwrap_or(usize::MAX))
}

/// Why a candidate was not accepted.
enum Fault {
    /// By the state: another order could have it accepted.
    Order(Rejection),
    /// By its proofs, which no order mends.
    Proof(Rejection),
    /// By the board's clock.
    VotingOver(Minutes),
}

fn check(election: &Election, candidates: &[&Candidate]) -> Vec<Result<Proven, Fault>> {
    let all: Vec<_> = candidates.iter().map(|candidate| (&candidate.submission, candidate.proofs)).collect();
    check_all(election, &all)
}

/// BRD-6: cheap checks, then proofs, shared out over the cores.
fn check_all(election: &Election, submissions: &[(&Submission, Proofs)]) -> Vec<Result<Proven, Fault>> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = submissions.len().div_ceil(cores).max(SHARE);
    if submissions.len() <= share {
        return check_share(election, submissions);
    }
    thread::scope(|scope| {
        let shares: Vec<_> =
            submissions.chunks(share).map(|share| scope.spawn(move || check_share(election, share))).collect();
        let results = shares.into_iter().flat_map(|share| match share.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results.collect()
    })
}

fn check_share(election: &Election, submissions: &[(&Submission, Proofs)]) -> Vec<Result<Proven, Fault>> {
    let mut sound = Vec::with_capacity(submissions.len());
    // None: its proofs are among those to be decided.
    let examined: Vec<Option<Result<Proven, Fault>>> = submissions
        .iter()
        .map(|(submission, proofs)| match (election.examine(submission), proofs) {
            (Err(rejection), _) => Some(Err(Fault::Order(rejection))),
            (Ok(examined), Proofs::Vouched) => Some(Ok(examined.assume_proven())),
            (Ok(examined), Proofs::Unchecked) => {
                sound.push(examined);
                None
            }
        })
        .collect();
    let mut proven = prove_batch(sound, election.bases(), &mut OsRng).into_iter();
    let mut next = || proven.next().expect("one answer for each examined submission").map_err(Fault::Proof);
    examined.into_iter().map(|decided| decided.unwrap_or_else(&mut next)).collect()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
#[allow(dead_code, reason = "shared with the tests from outside, which use all of it")]
#[path = "../tests/board/town.rs"]
pub(crate) mod town;
