//! Who may send what and when, and the signature (MAN-1, ENT-4 to ENT-7).

use super::{
    Election, Phase,
    examined::{bad_signature, claimed},
};
use crate::{
    body::Body,
    context,
    entry::{Author, Submission},
    ids::{ElectionFingerprint, SubmissionId},
    rule::{Rejection, demand, refuse},
};
use crypto::{
    EncodedPoint,
    batch::Claim,
    schnorr::{Signature, signature_claim},
};

impl Election {
    /// Whether such a body by such an author may come now at all (MAN-1, ENT-4, ENT-6, ENT-7).
    pub(super) fn enterable(&self, author: &Author, body: &Body, id: &SubmissionId) -> Result<(), Rejection> {
        demand!(!matches!(body, Body::Manifest(_)), ManifestMisplaced, "no second manifest", "one");
        demand!(!self.entered.contains(id), AlreadyEntered, "a new submission", id);
        self.check_author(author, body)?;
        self.check_phase(body)
    }

    /// ENT-4.
    fn check_author(&self, author: &Author, body: &Body) -> Result<(), Rejection> {
        let unwitnessed = self.manifest.unwitnessed();
        let fits = match body {
            Body::Manifest(_) | Body::StageEnd(_) | Body::Opening(_) | Body::Extension(_) => {
                *author == Author::Authority
            }
            Body::Continuation(_) | Body::Notice(_) | Body::Override(_) => *author == Author::Authority,
            Body::Closing(_) => *author == if unwitnessed { Author::Authority } else { Author::Anyone },
            Body::Result(_) => *author == Author::Anyone,
            Body::Roll(_) | Body::Replacement(_) => matches!(author, Author::Registrar(_)),
            Body::DealingCommitment(_)
            | Body::Dealing(_)
            | Body::Complaint(_)
            | Body::CeremonyConfirmation(_)
            | Body::Rehearsal(_)
            | Body::PartialDecryption(_)
            | Body::Retirement(_) => matches!(author, Author::Trustee(_)),
            Body::Ballot(_) | Body::AuditedBallot(_) => matches!(author, Author::Credential(_)),
        };
        demand!(fits, WrongAuthor, format!("an author who may send {}", body.name()), author);
        Ok(())
    }

    /// ENT-7.
    fn check_phase(&self, body: &Body) -> Result<(), Rejection> {
        let phase = self.phase;
        let fits = match body {
            Body::Continuation(_) | Body::Notice(_) => true,
            Body::Rehearsal(_) | Body::Replacement(_) => matches!(phase, Phase::Setup | Phase::Voting),
            Body::Ballot(_) | Body::AuditedBallot(_) | Body::Extension(_) | Body::Override(_) | Body::Closing(_) => {
                phase == Phase::Voting
            }
            Body::PartialDecryption(_) | Body::Result(_) => phase == Phase::Closed,
            Body::Retirement(_) => matches!(phase, Phase::Tallied | Phase::Failed),
            _ => phase == Phase::Setup,
        };
        demand!(fits, WrongPhase, format!("a phase in which {} may come", body.name()), format!("{phase:?}"));
        Ok(())
    }

    /// The key an author signs with; none for anyone (ENT-4, ENT-5).
    pub(super) fn author_key(&self, author: &Author) -> Result<Option<EncodedPoint>, Rejection> {
        let nth = |index: u32| usize::try_from(index).ok()?.checked_sub(1);
        let unknown = || refuse!(WrongAuthor, "an author the manifest names", author);
        match author {
            Author::Authority => Ok(Some(self.manifest.authority.signing_key)),
            Author::Registrar(index) => {
                let registrar = nth(*index).and_then(|place| self.manifest.registrars.get(place));
                registrar.map(|registrar| Some(registrar.signing_key)).ok_or_else(unknown)
            }
            Author::Trustee(index) => {
                let trustee = nth(*index).and_then(|place| self.manifest.trustees.get(place));
                trustee.map(|trustee| Some(trustee.signing_key)).ok_or_else(unknown)
            }
            Author::Credential(key) => Ok(Some(*key)),
            Author::Anyone => Ok(None),
        }
    }
}

/// ENT-5.
pub(super) fn signature(
    election: &ElectionFingerprint,
    submission: &Submission,
    author: &Author,
    key: &EncodedPoint,
) -> Result<(Claim, Rejection), Rejection> {
    let refusal = bad_signature(author);
    let bytes = submission.signature_bytes();
    let signature = Signature::from_slice(bytes).map_err(|error| refusal(error.to_string()))?;
    let transcript = context::entry_signature(election, submission.author_bytes(), submission.body_bytes());
    claimed(signature_claim(transcript, key, &signature), refusal)
}
