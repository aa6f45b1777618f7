//! Two messages of one trustee where one has its place (EVD-16).

use super::{EvidenceFault, Part, TwoMessages, check::Outcome, finding, trust::Trust};
use crate::{body::Body, entry::Submission, ids::SubmissionId, manifest::TrusteeKeys};
use std::fmt;

/// CER-45: what a trustee signs one message for, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageStep {
    /// The commitment to its dealing.
    Commitment,
    /// This part of its dealing.
    Dealing(u32),
    /// What it confirms.
    Confirmation,
    /// Its share of the decryption of this contest and tally group: other points are another message, another proof is none.
    Partial(u32, u32),
}

impl fmt::Display for MessageStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commitment => formatter.write_str("the commitment to its dealing"),
            Self::Dealing(part) => write!(formatter, "part {part} of its dealing"),
            Self::Confirmation => formatter.write_str("the confirmation of all dealings"),
            Self::Partial(contest, group) => write!(formatter, "the decryption of contest {contest}, group {group}"),
        }
    }
}

/// CER-45: the step of which this body is the one message; none for what may be made anew.
pub fn step_of(body: &Body) -> Option<MessageStep> {
    match body {
        Body::DealingCommitment(_) => Some(MessageStep::Commitment),
        Body::Dealing(dealing) => Some(MessageStep::Dealing(dealing.part)),
        Body::CeremonyConfirmation(_) => Some(MessageStep::Confirmation),
        Body::PartialDecryption(partial) => Some(MessageStep::Partial(partial.contest, partial.group)),
        _ => None,
    }
}

/// A submission whose signature was checked.
struct Message<'t> {
    trustee: (u32, &'t TrusteeKeys),
    body: Body,
    step: MessageStep,
    id: SubmissionId,
}

impl<'t> Message<'t> {
    fn read(bytes: &[u8], trust: &'t Trust, part: Part) -> Result<Self, EvidenceFault> {
        let submission = Submission::decode(bytes)?;
        let not = EvidenceFault::NotByTrustee { rule: "EVD-16", part };
        let trustee = trust.signed_by(&submission).ok_or(not)?;
        let body = submission.body()?;
        let step = step_of(&body).ok_or(EvidenceFault::NoStep { part, body: body.name() })?;
        Ok(Self { trustee, body, step, id: submission.id(&trust.election) })
    }
}

impl TwoMessages {
    /// EVD-16. The signatures are of the manifest's key, over F and the bodies: nobody else could have made the two.
    pub(super) fn check(&self, trust: &Trust, about_no_log: bool) -> Result<Outcome, EvidenceFault> {
        if !about_no_log {
            return Err(EvidenceFault::AboutNoLog);
        }
        let first = Message::read(&self.first, trust, Part::First)?;
        let second = Message::read(&self.second, trust, Part::Second)?;
        let ((index, keys), (other, _)) = (first.trustee, second.trustee);
        if (index, first.step) != (other, second.step) {
            return Err(EvidenceFault::OtherStep { first: (index, first.step), second: (other, second.step) });
        }
        if first.id.0 >= second.id.0 {
            return Err(EvidenceFault::OneMessage);
        }
        if let (Body::PartialDecryption(one), Body::PartialDecryption(two)) = (&first.body, &second.body)
            && one.partials == two.partials
        {
            return Err(EvidenceFault::SamePoints);
        }
        let signed = format!(
            "Trustee {index} ({}) signed two different messages for this election where one has its place: {}.",
            keys.name, first.step
        );
        let ids =
            format!("Their submission ids are {} and {}. No other key could have signed them.", first.id, second.id);
        let rule = match first.step {
            MessageStep::Partial(..) => {
                "The two state different points, so at least one is wrong, or they answer two closings: CER-45 is broken."
            }
            _ => "A trustee makes this message once and sends those bytes only: CER-45 is broken.",
        };
        let open = match first.step {
            MessageStep::Partial(..) => {
                "Which of the two is wrong, or which closing each answers, and which of them the record holds."
            }
            _ => "Which of the two the record holds, and to whom the other was sent.",
        };
        let words = vec![signed, ids, rule.to_owned()];
        Ok(Outcome::of(vec![finding::trustee(index, keys)], words, vec![open.to_owned()]))
    }
}
