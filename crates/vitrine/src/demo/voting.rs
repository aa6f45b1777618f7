//! The polling day: every voter's device seals and casts through the real client, many at a time.

use super::{
    folder::DemoFolder,
    officials::bad,
    paper::Poll,
    plan::{Before, Voter},
    table::Choice,
    witnesses::all_cosigned,
};
use crate::failure::{Failure, OrFail as _};
use ballot_client::{
    Credential, OpenElection, Sealed, Session, Tracker, TypedTracker, check_audit,
    client::{Delivery, deliver},
    folder::Folder,
    session::PublicationWish,
};
use board_api::{BoardClient, record};
use indicatif::ProgressBar;
use protocol::{Election, Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use std::sync::Arc;
use tlog::proof::Receipt;
use tokio::task::JoinSet;

/// Voters at the polls at the same time: enough that the board's batches are never thin.
const AT_ONCE: usize = 256;
/// The one contest of the demo.
const CONTEST: u32 = 0;

/// What the voters' devices share.
#[derive(Debug)]
pub(crate) struct Polls {
    pub(crate) client: BoardClient,
    /// The record up to the opening, as the voting devices read it.
    pub(crate) election: Election,
    /// The same, read once more: a second device takes nothing from the first.
    pub(crate) second_device: Election,
    /// What is asked, and how a choice is filled in.
    pub(crate) poll: Arc<Poll>,
    pub(crate) folder: DemoFolder,
}

/// What happened at the polls.
#[derive(Debug, Default)]
pub(crate) struct Turnout {
    /// Ballots the board has promised.
    pub(crate) ballots: u64,
    /// Of these, ballots that a later one of the same voter replaced.
    pub(crate) replaced: u64,
    /// Sealed ballots that were opened on a second device, and held what the voter had chosen.
    pub(crate) audits: u64,
    /// Of these, those that are published in the record.
    pub(crate) published: u64,
    /// Voters whose devices kept a receipt on disk, with its tracker.
    pub(crate) receipts: Vec<(usize, Tracker)>,
    /// The witness that was stopped halfway.
    pub(crate) stopped: Option<&'static str>,
}

impl Turnout {
    /// Makes receipts of the promises that were kept: the same entries under the checkpoint that the witnesses have cosigned (HTTP-28).
    pub(crate) async fn make_final(
        &self,
        client: &BoardClient,
        folder: &DemoFolder,
        election: &ElectionFingerprint,
    ) -> Result<(), Failure> {
        all_cosigned(client, election).await?;
        for (number, tracker) in &self.receipts {
            let kept = Folder::of(&folder.voter(*number), election);
            let promise = std::fs::read(kept.path().join(format!("{tracker}.tlog-proof"))).or_fail()?;
            let promise = Receipt::parse(&promise).or_fail()?;
            let receipt = record::receipt(client, election, promise.index, &promise.extra).await.or_fail()?;
            let receipt = receipt.ok_or_else(|| bad("a promised ballot is not under the cosigned checkpoint"))?;
            kept.keep_receipt(&tracker.0, &receipt.encode()).or_fail()?;
        }
        Ok(())
    }

    fn add(&mut self, other: Self) {
        self.ballots = self.ballots.saturating_add(other.ballots);
        self.replaced = self.replaced.saturating_add(other.replaced);
        self.audits = self.audits.saturating_add(other.audits);
        self.published = self.published.saturating_add(other.published);
        self.receipts.extend(other.receipts);
    }
}

/// Everybody votes.
pub(crate) async fn vote_all(polls: Polls, voters: Vec<Voter>, bar: &ProgressBar) -> Result<Turnout, Failure> {
    let polls = Arc::new(polls);
    let mut turnout = Turnout::default();
    let mut voting = JoinSet::new();
    let mut voters = voters.into_iter();
    loop {
        while voting.len() < AT_ONCE
            && let Some(voter) = voters.next()
        {
            let polls = polls.clone();
            voting.spawn(async move { polls.vote(voter).await });
        }
        match voting.join_next().await {
            None => break,
            Some(voted) => turnout.add(voted.or_fail()??),
        }
        bar.inc(1);
    }
    turnout.receipts.sort_by_key(|(voter, _)| *voter);
    Ok(turnout)
}

impl Polls {
    /// One voter, from the letter to the receipt.
    async fn vote(&self, voter: Voter) -> Result<Turnout, Failure> {
        let Voter { number, code, before, choice, keeps_receipt } = voter;
        let (manifest, fingerprint) = (self.election.manifest(), self.election.fingerprint());
        let open = OpenElection::check(&self.election, &fingerprint).or_fail()?;
        let credential = Credential::from_codes(&[code], manifest, &fingerprint).or_fail()?;
        let mut session = Session::of(open, credential).or_fail()?;
        let mut turnout = Turnout::default();
        match before {
            Before::Nothing => {}
            Before::Audit { made_up, publish } => {
                turnout.audits = 1;
                if let Some(publication) = self.audit(&session, &made_up, publish)? {
                    self.client.submit(&fingerprint, &publication).await.or_fail()?;
                    turnout.published = 1;
                }
            }
            Before::Cast(first_thought) => {
                let sealed = self.seal(&session, &first_thought)?;
                let tracker = sealed.tracker();
                let submission = sealed.cast(&mut OsRng).or_fail()?;
                self.recorded(number, &submission).await?;
                session.recorded(tracker.0);
                (turnout.ballots, turnout.replaced) = (1, 1);
            }
        }
        let sealed = self.seal(&session, &choice)?;
        let tracker = sealed.tracker();
        let submission = sealed.cast(&mut OsRng).or_fail()?;
        turnout.ballots = turnout.ballots.saturating_add(1);
        if keeps_receipt {
            // BAL-38: the signed ballot is on disk before it is sent, and goes when the receipt is there.
            let folder = Folder::of(&self.folder.voter(number), &fingerprint);
            folder.keep_manifest(manifest).or_fail()?;
            folder.keep_ballot(&submission).or_fail()?;
            let receipt = self.recorded(number, &submission).await?;
            folder.keep_receipt(&tracker.0, &receipt).or_fail()?;
            turnout.receipts.push((number, tracker));
        } else {
            self.recorded(number, &submission).await?;
        }
        Ok(turnout)
    }

    /// Sends a ballot; gives the checked promise as a receipt.
    async fn recorded(&self, number: usize, submission: &Submission) -> Result<String, Failure> {
        let election = self.election.fingerprint();
        match deliver(&self.client, &election, submission, &mut OsRng).await.or_fail()? {
            Delivery::Recorded { receipt, .. } => Ok(receipt.encode()),
            Delivery::Unknown(error) => Err(error).or_fail(),
            Delivery::Refused(problem) => Err(bad(format_args!("the ballot of voter {number} was refused: {problem}"))),
            Delivery::Displaced(_) => Err(bad(format_args!("another ballot stands in the place of voter {number}'s"))),
            Delivery::Broken(bad_promise) => {
                Err(bad(format_args!("the board's promise to voter {number} is worthless: {bad_promise}")))
            }
        }
    }

    /// Seals a made-up choice, notes the tracker, and has the ballot opened on the second device. Gives what publishes the audit, if
    /// that is wished.
    fn audit(&self, session: &Session<'_>, made_up: &Choice, publish: bool) -> Result<Option<Submission>, Failure> {
        let sealed = self.seal(session, made_up)?;
        // The voter types what the first device showed before it knew that it would be audited.
        let shown: TypedTracker = sealed.tracker().to_string().parse().or_fail()?;
        let opening = sealed.audit();
        let findings = check_audit(&opening.encode(), &shown, &self.second_device).or_fail()?;
        let expected = self.poll.selection(made_up);
        if findings.contests.iter().any(|contest| contest.selection != expected) {
            return Err(bad(format_args!("the audited ballot {} holds something else: {findings}", findings.tracker)));
        }
        if !publish {
            return Ok(None);
        }
        session.publish_audit(&opening, PublicationWish::after_warning(), &mut OsRng).or_fail().map(Some)
    }

    fn seal(&self, session: &Session<'_>, choice: &Choice) -> Result<Sealed, Failure> {
        session.ballot().select(CONTEST, self.poll.selection(choice)).or_fail()?.seal(&mut OsRng).or_fail()
    }
}
