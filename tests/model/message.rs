//! What may be sent, as symbols, and the submission that a symbol stands for at a point of the record.

use crate::{
    cast::{Cast, Dealing, NOW, bit, generator},
    honest::{Desks, next},
};
use crypto::{
    EncodedPoint,
    complaint::{ComplaintContext, reveal},
    dealing::open_shares,
    rehearsal::RehearsalContext,
};
use protocol::{
    Body, Election, Entry, Submission,
    body::{CeremonyConfirmation, Complaint, DealingCommitment, Rehearsal, StageEnd},
    election::{Stage, dealing_part, part_context},
    fingerprint,
    ids::{DealingsFingerprint, EntryHash, JointKeyFingerprint},
};
use std::sync::Arc;

/// Something that somebody may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Message {
    /// What an honest trustee's tool says.
    Honest {
        trustee: u32,
    },
    Commit {
        trustee: u32,
        dealing: Dealing,
    },
    /// A commitment to what another one committed to.
    Copy {
        trustee: u32,
        of: u32,
    },
    Deal {
        trustee: u32,
        dealing: Dealing,
    },
    /// A complaint, with or without a proof that holds.
    Complain {
        trustee: u32,
        dealer: u32,
        proved: bool,
    },
    /// Names these dealers as complained of, and the dealings that are in the record, or others.
    Confirm {
        trustee: u32,
        complaints: u32,
        right: bool,
    },
    /// A rehearsal, with or without a proof that holds.
    Rehearse {
        trustee: u32,
        proved: bool,
    },
    /// Time evidence from after the deadline of the stage, or from before.
    EndStage {
        stage: u32,
        due: bool,
    },
    /// The last entry's submission, once more.
    Again,
}

/// What the bytes of a message depend on, apart from the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Context {
    stage: u32,
    dealings: Option<DealingsFingerprint>,
    joint_key: Option<JointKeyFingerprint>,
    entry: Option<EntryHash>,
    accused: u32,
}

/// The dealers that a trustee has complained of in the record.
pub(crate) fn accused(election: &Election, trustee: u32) -> u32 {
    let own = election.ceremony().verdicts().iter().filter(|verdict| verdict.complainer == trustee);
    own.fold(0, |set, verdict| set | bit(verdict.dealer))
}

impl Message {
    pub(crate) fn context(&self, cast: &Cast, election: &Election) -> Context {
        let ceremony = election.ceremony();
        let none = Context::default();
        let dealings = Context { dealings: ceremony.fingerprint(), ..none };
        let keyed = ceremony.keyed_at().and_then(|index| election.recent_hash(index));
        let joint_key = election.joint_key().map(|key| key.fingerprint);
        match self {
            Self::Honest { trustee } => {
                let base = Context { stage: ceremony.stage().number(), ..none };
                match ceremony.stage() {
                    Stage::Check => {
                        Context { dealings: ceremony.fingerprint(), accused: accused(election, *trustee), ..base }
                    }
                    Stage::Rehearse => Context { joint_key, entry: keyed, ..base },
                    _ => base,
                }
            }
            Self::Commit { .. } | Self::Deal { .. } | Self::Again => none,
            // Nothing can be copied before it is there.
            Self::Copy { of, .. } => Context { stage: u32::from(ceremony.commitment(*of).is_some()), ..none },
            Self::Complain { .. } | Self::Confirm { .. } => dealings,
            Self::Rehearse { .. } => Context { joint_key, entry: keyed, ..none },
            Self::EndStage { .. } if cast.bounds.witnessed => Context { entry: Some(election.head()), ..none },
            Self::EndStage { .. } => none,
        }
    }

    /// The submission at this point of the record; none if an honest trustee's tool refuses.
    pub(crate) fn submission(&self, cast: &Cast, desks: &Desks, election: &Arc<Election>) -> Option<Submission> {
        let rng = &mut generator((self, self.context(cast, election)));
        let ceremony = election.ceremony();
        let dealings = ceremony.fingerprint().unwrap_or(DealingsFingerprint([0; 32]));
        let (trustee, body) = match *self {
            Self::Honest { trustee } => return next(cast, desks, election, trustee).ok(),
            Self::Commit { trustee, dealing } => {
                let part = fingerprint::dealing_part(&cast.fingerprint, trustee, 0, cast.dealing(trustee, dealing));
                (trustee, Body::DealingCommitment(DealingCommitment { parts: vec![part] }))
            }
            Self::Copy { trustee, of } => {
                let parts = ceremony.commitment(of)?.to_vec();
                (trustee, Body::DealingCommitment(DealingCommitment { parts }))
            }
            Self::Again => return None,
            Self::Deal { trustee, dealing } => {
                return Some(cast.signed(trustee, cast.dealing(trustee, dealing).to_vec(), rng));
            }
            Self::Complain { trustee, dealer, proved } => {
                let posted = ceremony.dealing(dealer, 0)?;
                let place = usize::try_from(trustee).unwrap() - 1;
                let context = ComplaintContext {
                    election: cast.fingerprint.0,
                    dealings: if proved { dealings.0 } else { [0; 32] },
                    complainer: trustee.into(),
                    dealer: dealer.into(),
                    part: 0,
                    ephemeral: posted.boxes[place].ephemeral,
                    share_key: EncodedPoint::encode(&cast.share(trustee).public()),
                };
                let revealed = reveal(&context, cast.share(trustee), rng).unwrap();
                let (shared_point, proof) = (revealed.point, *revealed.proof.as_bytes());
                (trustee, Body::Complaint(Complaint { dealer, part: 0, shared_point, proof }))
            }
            Self::Confirm { trustee, complaints, right } => {
                let named = (1..=cast.bounds.trustees.2).filter(|dealer| complaints & bit(*dealer) != 0).collect();
                let dealings = if right { dealings } else { DealingsFingerprint([0; 32]) };
                (trustee, Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints: named }))
            }
            Self::Rehearse { trustee, proved } => {
                (trustee, Body::Rehearsal(rehearsal(cast, election, trustee, proved)?))
            }
            Self::EndStage { stage, due } => {
                let second = election.evidence_due()? * 60 - u64::from(!due);
                let evidence = if cast.bounds.witnessed { cast.checkpoint(election, second) } else { Vec::new() };
                return Some(cast.by_authority(&Body::StageEnd(StageEnd { stage, evidence: evidence.into() }), rng));
            }
        };
        Some(cast.signed(trustee, body.encode(), rng))
    }
}

/// A malicious trustee's rehearsal. Where a dealer gave it a bad share it cannot make one that holds, and sends what does not.
fn rehearsal(cast: &Cast, election: &Election, trustee: u32, proved: bool) -> Option<Rehearsal> {
    let joint_key = election.joint_key()?;
    let entry = election.ceremony().keyed_at()?;
    let entry_hash = election.recent_hash(entry)?;
    let (f, manifest) = (cast.fingerprint, election.manifest());
    let received: Result<Vec<_>, _> = joint_key
        .qualified
        .iter()
        .map(|dealer| {
            let context = part_context(&f, manifest, *dealer, 0);
            let posted = dealing_part(election.ceremony().dealing(*dealer, 0).expect("a qualified dealer has dealt"));
            open_shares(&context, trustee.into(), cast.share(trustee), &posted)
        })
        .collect();
    let rng = &mut generator(("rehearsal", trustee, entry_hash));
    let context = RehearsalContext {
        election: f.0,
        joint_key: joint_key.fingerprint.0,
        trustee: trustee.into(),
        entry,
        entry_hash: entry_hash.0,
    };
    let proof = received.ok().filter(|_| proved).and_then(|received| {
        let received: Vec<&[_]> = received.iter().map(Vec::as_slice).collect();
        let shares = joint_key.keys.key_shares(trustee.into(), &received).ok()?;
        let shares: Vec<_> = shares.iter().collect();
        crypto::rehearsal::rehearse(&context, &shares, joint_key.shares(trustee), rng).ok()
    });
    let proof = proof.map_or([0; 96], |proof| *proof.as_bytes());
    Some(Rehearsal { joint_key: joint_key.fingerprint, entry, entry_hash, proof })
}

/// The next entry of the record. The model's board has one minute, and the authority ends stages with some delay, so that the next one is
/// due later than the manifest says (CER-29).
pub(crate) fn entry(election: &Election, submission: &Submission) -> Entry {
    let ends = matches!(submission.body(), Ok(Body::StageEnd(_)));
    let delayed = election.evidence_due().filter(|_| ends).map(|due| due + 50);
    election.next_entry(submission.clone(), delayed.unwrap_or(NOW))
}
