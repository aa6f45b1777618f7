//! The answer: what the machine without a network signed, and the record it signed it on (AIR-8, AIR-9).

use super::{
    Asked, CarryFault, FileFingerprint, Head, Step, UnknownStep,
    file::{Items, Kind, Writer, malformed},
    step::{of_all, standing},
};
use protocol::{Author, Election, Manifest, Rule, Submission, cbor, entry::MAXIMUM_ENTRY, ids::ElectionFingerprint};
use std::path::Path;
use tlog::note::MAX_NOTE_BYTES;

/// AIR-4: the most bytes of an answer. It is held in memory; the largest is a registrar's roll.
pub const MAXIMUM_ANSWER: u64 = 1 << 28;

/// AIR-4: the most submissions of one answer.
const MAXIMUM_SUBMISSIONS: u64 = 4096;

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Header {
    #[n(0)]
    format: String,
    #[n(1)]
    election: ElectionFingerprint,
    #[n(2)]
    party: Author,
    #[n(3)]
    step: String,
    #[n(4)]
    log: u64,
    #[n(5)]
    submissions: u64,
}

/// An answer: whole, of this version, its submissions all of one author and one step. Whether they may enter, the fold says.
#[derive(Debug)]
pub struct Answer {
    /// What both screens show.
    pub fingerprint: FileFingerprint,
    /// The election.
    pub election: ElectionFingerprint,
    /// Whose step it is, and which.
    pub asked: Asked,
    /// The end of the record that it was made on.
    pub head: Head,
    /// What is to be sent, in this order.
    pub submissions: Vec<Submission>,
}

/// What an answer comes to on a record.
#[derive(Debug, Default)]
pub struct Pending {
    /// What the record lacks.
    pub missing: Vec<Submission>,
    /// How many it has already.
    pub present: usize,
}

impl Answer {
    /// Writes an answer.
    ///
    /// # Errors
    /// [`CarryFault`]; no file is there then.
    pub fn write(
        path: &Path,
        election: &ElectionFingerprint,
        head: &Head,
        submissions: &[Submission],
    ) -> Result<Self, CarryFault> {
        let asked =
            of_all(submissions).ok_or_else(|| malformed("submissions of several steps, or of nobody's".to_owned()))?;
        let count = u64::try_from(submissions.len()).unwrap_or(u64::MAX);
        if count > MAXIMUM_SUBMISSIONS {
            return Err(malformed(format!("{count} submissions, more than {MAXIMUM_SUBMISSIONS}")));
        }
        let header = Header {
            format: Kind::Answer.format().to_owned(),
            election: *election,
            party: asked.party,
            step: asked.step.name().to_owned(),
            log: head.log,
            submissions: count,
        };
        let mut writer = Writer::new(path, &cbor::encode(&header), MAXIMUM_ANSWER)?;
        writer.item(&head.checkpoint)?;
        submissions.iter().try_for_each(|submission| writer.item(&submission.encode()))?;
        let (fingerprint, _) = writer.finish()?;
        Ok(Self { fingerprint, election: *election, asked, head: head.clone(), submissions: submissions.to_vec() })
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`CarryFault`].
    pub fn read(path: &Path, expect: &ElectionFingerprint) -> Result<Self, CarryFault> {
        let (mut items, header) = Items::open(path, Kind::Answer, MAXIMUM_ANSWER)?;
        let header: Header = cbor::decode(&header, "answer's header").map_err(|fault| malformed(fault.to_string()))?;
        let step: Step = header.step.parse().map_err(|fault: UnknownStep| malformed(fault.to_string()))?;
        if header.election != *expect {
            return Err(CarryFault::OtherElection { expected: *expect, found: header.election });
        }
        if !(1..=MAXIMUM_SUBMISSIONS).contains(&header.submissions) || header.log == 0 {
            return Err(malformed(format!("{} submissions on log {}", header.submissions, header.log)));
        }
        let checkpoint = items.item(u64::try_from(MAX_NOTE_BYTES).unwrap_or(u64::MAX))?;
        let head = Head { log: header.log, checkpoint };
        if head.claim().is_none() {
            return Err(malformed("no checkpoint of the record it was made on".to_owned()));
        }
        let longest = u64::try_from(MAXIMUM_ENTRY).unwrap_or(u64::MAX);
        let mut submissions = Vec::new();
        for number in 1..=header.submissions {
            let submission = Submission::decode(&items.item(longest)?);
            submissions.push(submission.map_err(|fault| malformed(format!("submission {number}: {fault}")))?);
        }
        items.end()?;
        let asked = Asked { party: header.party, step };
        if of_all(&submissions) != Some(asked) {
            return Err(malformed(format!("submissions that are not all of the {asked}")));
        }
        Ok(Self { fingerprint: items.fingerprint, election: header.election, asked, head, submissions })
    }

    /// AIR-9: tries every submission against the record, one after the other as they would enter, before anything is sent. What is there
    /// already is not sent again, so that an answer may be imported any number of times. The election is changed by the trial: read it anew.
    ///
    /// # Errors
    /// [`CarryFault::Refused`] with the fold's reason.
    pub fn pending(&self, election: &mut Election) -> Result<Pending, CarryFault> {
        let stands = standing(election);
        let mut pending = Pending::default();
        for submission in &self.submissions {
            let entry = election.next_entry(submission.clone(), election.last_time());
            match election.apply(&entry) {
                Ok(()) => pending.missing.push(submission.clone()),
                Err(rejection) if rejection.rule() == Rule::Ent6 => pending.present = pending.present.saturating_add(1),
                Err(rejection) => {
                    let body = submission.body().map_or("a submission", |body| body.name());
                    let author = self.asked.party;
                    return Err(CarryFault::Refused { body, author, rejection: Box::new(rejection), stands });
                }
            }
        }
        Ok(pending)
    }
}

impl Asked {
    /// AIR-6: the manifest has such a party, and it takes such steps.
    ///
    /// # Errors
    /// [`CarryFault::NotTheirs`].
    pub fn check_party(&self, manifest: &Manifest) -> Result<(), CarryFault> {
        let listed = |index: u32, count: usize| usize::try_from(index).is_ok_and(|index| (1..=count).contains(&index));
        let known = match self.party {
            Author::Trustee(index) => listed(index, manifest.trustees.len()),
            Author::Registrar(index) => listed(index, manifest.registrars.len()),
            _ => true,
        };
        if known && self.step.is_of(&self.party) { Ok(()) } else { Err(CarryFault::NotTheirs(*self)) }
    }

    /// AIR-6: refuses a step that has no place in the record as it is.
    ///
    /// # Errors
    /// [`CarryFault::NoPlace`].
    pub fn check_place(&self, election: &Election) -> Result<(), CarryFault> {
        if self.step.has_place(election) {
            Ok(())
        } else {
            Err(CarryFault::NoPlace { step: self.step, stands: standing(election) })
        }
    }

    /// AIR-6: what a record asks of a trustee now.
    ///
    /// # Errors
    /// [`CarryFault::NothingAsked`].
    pub fn awaited_from(trustee: u32, election: &Election) -> Result<Self, CarryFault> {
        let step = Step::awaited_from(trustee, election);
        let step = step.ok_or_else(|| CarryFault::NothingAsked { trustee, stands: standing(election) })?;
        Ok(Self { party: Author::Trustee(trustee), step })
    }

    /// AIR-5: what is going to be answered is what was asked for.
    ///
    /// # Errors
    /// [`CarryFault::OtherParty`], [`CarryFault::OtherStep`].
    pub fn check_answer(&self, submissions: &[Submission]) -> Result<(), CarryFault> {
        match of_all(submissions) {
            Some(found) if found.party != self.party => {
                Err(CarryFault::OtherParty { asked: self.party, found: found.party })
            }
            Some(found) if found.step != self.step => {
                Err(CarryFault::OtherStep { asked: self.step, found: found.step })
            }
            Some(_) => Ok(()),
            None => Err(malformed("submissions of several steps, or of nobody's".to_owned())),
        }
    }
}
