//! One trustee that is faulty, lies or stays away (decision 0027): a program of its own, with keys of its own, which reaches the board over
//! HTTP like every other. The honest trustees' tools, the board and the verifier are told nothing of it.

use super::officials::bad;
use crate::failure::{Failure, OrFail as _};
use clap::Args;
use crypto::{
    EncodedPoint, Scalar, SecretScalar,
    complaint::{ComplaintContext, reveal},
    dealing::deal,
    schnorr::{SigningKey, prove_possession},
    sealed_share::{BoxContext, seal},
    shamir::Polynomial,
};
use protocol::{
    Author, Body, Election, Submission,
    body::{CeremonyConfirmation, Complaint, Dealing, DealingCommitment, ShareBox},
    context::{self, Role},
    election::{Stage, part_context},
    fingerprint,
    ids::ElectionId,
    manifest::TrusteeKeys,
};
use rand::rngs::OsRng;

/// The trustee that is at fault.
pub(crate) const CULPRIT: u32 = 2;
/// The honest trustee that the fault is aimed at.
const VICTIM: u32 = 1;

/// Which fault: at most one, for of 2-of-3 no more than one trustee can be lost.
#[derive(Args, Clone, Copy, Debug)]
#[group(multiple = false)]
pub(crate) struct FaultFlags {
    /// Trustee 2 deals trustee 1 a wrong share, in a dealing that passes every public check
    #[arg(long)]
    faulty_trustee: bool,
    /// Trustee 2 complains of the dealing of trustee 1, in which nothing is wrong
    #[arg(long)]
    false_complaint: bool,
    /// Trustee 2 commits to a dealing and is never heard of again
    #[arg(long)]
    absent_trustee: bool,
}

impl FaultFlags {
    /// The fault that is wanted.
    pub(crate) fn fault(self) -> Option<Fault> {
        match self {
            Self { faulty_trustee: true, .. } => Some(Fault::BadDealing),
            Self { false_complaint: true, .. } => Some(Fault::FalseComplaint),
            Self { absent_trustee: true, .. } => Some(Fault::Absent),
            _ => None,
        }
    }
}

/// What the trustee does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Seals a wrong share.
    BadDealing,
    /// Complains of an honest dealer.
    FalseComplaint,
    /// Is silent from stage 2 on.
    Absent,
}

impl Fault {
    /// What happened, for the demo's own line.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::BadDealing => {
                "trustee 2 dealt trustee 1 a wrong share, trustee 1's tool complained, and the complaint was upheld"
            }
            Self::FalseComplaint => "trustee 2 complained of trustee 1's dealing, and the complaint was found false",
            Self::Absent => {
                "trustee 2 committed and was not heard of again, and the authority ended stage 2 when the witnesses' clocks said so"
            }
        }
    }

    /// The reason that the verifier's report must find for the trustee's departure.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::BadDealing => "bad-dealing",
            Self::FalseComplaint => "false-complaint",
            Self::Absent => "silent",
        }
    }
}

/// The trustee at fault.
#[derive(Debug)]
pub(crate) struct Rogue {
    pub(crate) fault: Fault,
    name: &'static str,
    signing: SigningKey,
    share: SecretScalar,
    /// The bodies of its dealing, from stage 1 on.
    dealing: Vec<Vec<u8>>,
}

impl Rogue {
    /// Fresh keys.
    pub(crate) fn generate(fault: Fault, name: &'static str) -> Result<Self, Failure> {
        let (signing, share) =
            (SigningKey::generate(&mut OsRng).or_fail()?, SecretScalar::generate(&mut OsRng).or_fail()?);
        Ok(Self { fault, name, signing, share, dealing: Vec::new() })
    }

    /// Name, keys and proof of possession (MAN-4).
    pub(crate) fn public(&self, election: &ElectionId) -> Result<TrusteeKeys, Failure> {
        let transcript = context::key_possession(election, Role::Trustee, CULPRIT, self.name);
        let possession = prove_possession(transcript, &[self.signing.secret(), &self.share], &mut OsRng).or_fail()?;
        Ok(TrusteeKeys {
            name: self.name.to_owned(),
            signing_key: self.signing.public(),
            share_key: EncodedPoint::encode(&self.share.public()),
            possession: *possession.as_bytes(),
        })
    }

    /// What it sends now, if anything.
    pub(crate) fn next(&mut self, record: &Election) -> Result<Option<Submission>, Failure> {
        let ceremony = record.ceremony();
        if !ceremony.awaited(record.manifest()).contains(&CULPRIT) {
            return Ok(None);
        }
        let body = match ceremony.stage() {
            Stage::Commit => {
                self.deal(record)?;
                let hash = |(part, body): (u32, &Vec<u8>)| {
                    fingerprint::dealing_part(&record.fingerprint(), CULPRIT, part, body)
                };
                let parts = (0u32..).zip(&self.dealing).map(hash).collect();
                Body::DealingCommitment(DealingCommitment { parts }).encode()
            }
            Stage::Deal if self.fault != Fault::Absent => {
                let mut parts = (0u32..).zip(&self.dealing);
                let lacking = parts.find(|(part, _)| ceremony.dealing(CULPRIT, *part).is_none());
                let (_, body) = lacking.ok_or_else(|| bad("the dealing has no part that the record lacks"))?;
                body.clone()
            }
            Stage::Check => self.check(record)?.encode(),
            Stage::Deal | Stage::Rehearse | Stage::Ended => return Ok(None),
        };
        let author = Author::Trustee(CULPRIT);
        Submission::sign(&record.fingerprint(), &author, body, &self.signing, &mut OsRng).or_fail().map(Some)
    }

    /// Deals once. The wrong share is made here, before anything is committed to: sealed and proved like a right one, it is seen by nobody
    /// but its recipient.
    fn deal(&mut self, record: &Election) -> Result<(), Failure> {
        let manifest = record.manifest();
        let threshold = usize::try_from(manifest.threshold).or_fail()?;
        for (part, place) in (0u32..).zip(0..manifest.parts()) {
            let context = part_context(&record.fingerprint(), manifest, CULPRIT, part);
            let slots = manifest.part_slots(place);
            let polynomials: Result<Vec<Polynomial>, _> =
                slots.map(|_| Polynomial::generate(threshold, &mut OsRng)).collect();
            let polynomials = polynomials.or_fail()?;
            let mut dealt = deal(&context, &polynomials, &mut OsRng).or_fail()?;
            if self.fault == Fault::BadDealing && part == 0 {
                let mut shares: Vec<SecretScalar> =
                    polynomials.iter().map(|polynomial| polynomial.evaluate(VICTIM.into())).collect();
                if let Some(share) = shares.first_mut() {
                    *share = SecretScalar::new(share.expose() + Scalar::ONE);
                }
                let recipients = (1..).zip(&manifest.trustees).zip(&mut dealt.boxes);
                for ((recipient, keys), sealed) in recipients.filter(|((number, _), _)| *number == VICTIM) {
                    let context = BoxContext {
                        election: record.fingerprint().0,
                        dealer: CULPRIT.into(),
                        recipient: recipient.into(),
                        part: part.into(),
                        share_key: keys.share_key,
                    };
                    *sealed = seal(&context, &shares, &mut OsRng).or_fail()?;
                }
            }
            let boxes = dealt.boxes.into_iter().map(|sealed| ShareBox {
                ephemeral: sealed.ephemeral,
                possession: *sealed.possession.as_bytes(),
                sealed: sealed.sealed.into(),
            });
            let body = Dealing {
                part,
                coefficients: dealt.coefficients,
                possession: *dealt.possession.as_bytes(),
                boxes: boxes.collect(),
            };
            self.dealing.push(Body::Dealing(body).encode());
        }
        Ok(())
    }

    /// The false complaint, if that is what it does, and then a confirmation, as if nothing were wrong with itself.
    fn check(&self, record: &Election) -> Result<Body, Failure> {
        let ceremony = record.ceremony();
        let dealings = ceremony.fingerprint().ok_or_else(|| bad("stage 3 without a dealings fingerprint"))?;
        let own = ceremony.verdicts().iter().filter(|verdict| verdict.complainer == CULPRIT);
        let complaints: Vec<u32> = own.map(|verdict| verdict.dealer).collect();
        if self.fault != Fault::FalseComplaint || !complaints.is_empty() {
            return Ok(Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints }));
        }
        let place = usize::try_from(CULPRIT.saturating_sub(1)).or_fail()?;
        let sealed = ceremony.dealing(VICTIM, 0).and_then(|dealing| dealing.boxes.get(place));
        let sealed = sealed.ok_or_else(|| bad("the record has no box to complain of"))?;
        let context = ComplaintContext {
            election: record.fingerprint().0,
            dealings: dealings.0,
            complainer: CULPRIT.into(),
            dealer: VICTIM.into(),
            part: 0,
            ephemeral: sealed.ephemeral,
            share_key: EncodedPoint::encode(&self.share.public()),
        };
        let revealed = reveal(&context, &self.share, &mut OsRng).or_fail()?;
        let proof = *revealed.proof.as_bytes();
        Ok(Body::Complaint(Complaint { dealer: VICTIM, part: 0, shared_point: revealed.point, proof }))
    }
}
