//! What each step of the ceremony demands of a submission (CER-1 to CER-10, CER-12), and a retirement after it (RET-2).

use super::{
    Election,
    ceremony::{Stage, Verdict},
    dealing::{dealing_part, part_context},
    examined::{Derived, claimed},
};
use crate::{
    body::{CeremonyConfirmation, Complaint, Dealing, DealingCommitment, Rehearsal, Retirement, StageEnd},
    evidence::TOLERANCE,
    fingerprint,
    ids::JointKeyFingerprint,
    rule::{Rejection, demand, refuse},
};
use crypto::{
    batch::Claim,
    complaint::{ComplaintContext, RevealedPoint, reveal_claim},
    dealing::{OpenError, dealing_claims, open_with_point},
    dleq::EqualityProof,
    rehearsal::{RehearsalContext, rehearsal_claim},
};
use std::collections::BTreeSet;

type Claims = Vec<(Claim, Rejection)>;

/// Rehearsals of one trustee (CER-10).
const MAXIMUM_REHEARSALS: u32 = 16;

impl Election {
    /// CER-1: the stage is this one, the trustee is still part of the ceremony and has not completed the stage.
    fn at_stage(&self, stage: Stage, trustee: u32) -> Result<(), Rejection> {
        let ceremony = &self.ceremony;
        let here = ceremony.remaining.contains(&trustee);
        let done = ceremony.has_completed(trustee, &self.manifest);
        demand!(
            ceremony.stage == stage && here && !done,
            OutOfStage,
            format!("stage {} and trustee {trustee} still to complete it", stage.number()),
            format!(
                "stage {}, trustee {trustee} {}",
                ceremony.stage.number(),
                if !here {
                    "not part of it"
                } else if done {
                    "has completed it"
                } else {
                    "still to complete it"
                }
            )
        );
        Ok(())
    }

    /// CER-1, CER-2.
    pub(super) fn commitment_admissible(&self, trustee: u32, body: &DealingCommitment) -> Result<(), Rejection> {
        self.at_stage(Stage::Commit, trustee)?;
        let parts = self.manifest.parts();
        demand!(body.parts.len() == parts, WrongPartCount, format!("{parts} part hashes"), body.parts.len());
        Ok(())
    }

    /// CER-1, CER-3: the part is one the dealer committed to and has not posted.
    pub(super) fn dealing_admissible(&self, trustee: u32, body: &Dealing, bytes: &[u8]) -> Result<(), Rejection> {
        self.at_stage(Stage::Deal, trustee)?;
        let hash = fingerprint::dealing_part(&self.fingerprint, trustee, body.part, bytes);
        let place = usize::try_from(body.part).unwrap_or(usize::MAX);
        let committed = self.ceremony.commitments.get(&trustee).and_then(|parts| parts.get(place));
        let posted = self.ceremony.dealing(trustee, body.part).is_some();
        demand!(
            committed == Some(&hash) && !posted,
            DealingDiffers,
            committed.map_or("a part number that was committed to".to_string(), ToString::to_string),
            if posted { "a part posted already".to_string() } else { hash.to_string() }
        );
        // An ephemeral point serves one box only, in whatever part (CER-4).
        if let Some(repeated) = body.boxes.iter().position(|one| self.ceremony.ephemerals.contains(&one.ephemeral)) {
            return Err(refuse!(
                BadDealing,
                "ephemeral points never used before",
                format!("box {repeated} repeats one")
            ));
        }
        Ok(())
    }

    /// CER-4: all that everybody can check of a part.
    pub(super) fn dealing_claims(&self, trustee: u32, body: &Dealing) -> Result<Claims, Rejection> {
        let refusal = |found: String| {
            refuse!(BadDealing, format!("a well-formed, proved part {} of dealer {trustee}", body.part), found)
        };
        let context = part_context(&self.fingerprint, &self.manifest, trustee, body.part);
        let slots = self.manifest.part_slots(usize::try_from(body.part).unwrap_or(usize::MAX)).len();
        let claims =
            dealing_claims(&context, slots, &dealing_part(body)).map_err(|error| refusal(error.to_string()))?;
        Ok(claims.into_iter().map(|claim| (claim, refusal("a proof that does not hold".into()))).collect())
    }

    /// CER-1, CER-5.
    pub(super) fn complaint_admissible(&self, trustee: u32, body: &Complaint) -> Result<(), Rejection> {
        self.at_stage(Stage::Check, trustee)?;
        let again =
            self.ceremony.verdicts.iter().any(|verdict| verdict.complainer == trustee && verdict.dealer == body.dealer);
        let known =
            self.ceremony.remaining.contains(&body.dealer) && self.ceremony.dealing(body.dealer, body.part).is_some();
        demand!(
            known && !again && body.dealer != trustee,
            BadComplaint,
            "a part of another trustee left after stage 2, one complaint each",
            format!("dealer {}, part {}{}", body.dealer, body.part, if again { ", again" } else { "" })
        );
        Ok(())
    }

    /// CER-6 and the verdict (CER-12): anyone opens that one box with the revealed point.
    pub(super) fn complaint_claims(&self, trustee: u32, body: &Complaint) -> Result<(Claims, Derived), Rejection> {
        let refusal = |found: String| refuse!(ComplaintUnproved, "a proof that log_G Y = log_E B", found);
        let place = usize::try_from(trustee.saturating_sub(1)).unwrap_or(usize::MAX);
        let (Some(dealing), Some(keys), Some(dealings)) = (
            self.ceremony.dealing(body.dealer, body.part),
            self.manifest.trustees.get(place),
            self.ceremony.fingerprint,
        ) else {
            return Err(refusal("no such box".into()));
        };
        let Some(sealed) = dealing.boxes.get(place) else { return Err(refusal("no such box".into())) };
        let context = ComplaintContext {
            election: self.fingerprint.0,
            dealings: dealings.0,
            complainer: trustee.into(),
            dealer: body.dealer.into(),
            part: body.part.into(),
            ephemeral: sealed.ephemeral,
            share_key: keys.share_key,
        };
        let revealed = RevealedPoint { point: body.shared_point, proof: EqualityProof::new(body.proof) };
        let (claim, shared) = reveal_claim(&context, &revealed).map_err(|error| refusal(error.to_string()))?;
        let part = part_context(&self.fingerprint, &self.manifest, body.dealer, body.part);
        let upheld = match open_with_point(&part, trustee.into(), &shared, &dealing_part(dealing)) {
            Ok(()) => false,
            Err(OpenError::Bad(_)) => true,
            Err(error) => return Err(refusal(error.to_string())),
        };
        Ok((vec![(claim, refusal("a proof that does not hold".into()))], Derived::Upheld(upheld)))
    }

    /// CER-1, CER-7.
    pub(super) fn confirmation_admissible(&self, trustee: u32, body: &CeremonyConfirmation) -> Result<(), Rejection> {
        self.at_stage(Stage::Check, trustee)?;
        let own = self.ceremony.verdicts.iter().filter(|verdict| verdict.complainer == trustee);
        let own: BTreeSet<u32> = own.map(|verdict| verdict.dealer).collect();
        demand!(
            Some(body.dealings) == self.ceremony.fingerprint && body.complaints.iter().eq(own.iter()),
            WrongConfirmation,
            format!(
                "dealings {}, complaints {own:?}",
                self.ceremony.fingerprint.map_or("none".into(), |dealings| dealings.to_string())
            ),
            format!("dealings {}, complaints {:?}", body.dealings, body.complaints)
        );
        Ok(())
    }

    /// CER-8: the stage is the present one, and overdue.
    pub(super) fn stage_end_admissible(&self, body: &StageEnd) -> Result<(), Rejection> {
        let stage = self.ceremony.stage;
        demand!(
            stage != Stage::Ended && body.stage == stage.number(),
            StageNotOverdue,
            format!("the present stage, {}", stage.number()),
            body.stage
        );
        let ceremony = &self.ceremony;
        let due = ceremony.due(&self.manifest).unwrap_or(u64::MAX);
        let in_time = self.check_time_evidence(&body.evidence, due, u64::MAX);
        // CER-29: the log says that the stage began at a time that had not come when the witnesses saw it.
        match (ceremony.deadline(&self.manifest), ceremony.began) {
            (Some(deadline), Some(began)) if in_time.is_err() && deadline < due => {
                let before = began.saturating_mul(60).saturating_sub(TOLERANCE);
                self.check_time_evidence(&body.evidence, deadline, before).or(in_time)
            }
            _ => in_time,
        }
    }

    /// CER-9, CER-10: names J and an earlier entry that shows when it was made.
    pub(super) fn rehearsal_admissible(&self, trustee: u32, body: &Rehearsal) -> Result<(), Rejection> {
        let ceremony = &self.ceremony;
        if ceremony.stage != Stage::Rehearse {
            let active = ceremony.stage == Stage::Ended && ceremony.remaining.contains(&trustee);
            demand!(
                active,
                OutOfStage,
                "an active trustee, or a qualified one in stage 4",
                format!("trustee {trustee}")
            );
        } else {
            let here = ceremony.remaining.contains(&trustee);
            demand!(here, OutOfStage, "a qualified trustee", format!("trustee {trustee}"));
        }
        let done = ceremony.rehearsals.get(&trustee).map_or(0, |(count, _)| *count);
        demand!(done < MAXIMUM_REHEARSALS, TooManyRehearsals, format!("at most {MAXIMUM_REHEARSALS}"), done);
        let joint_key = ceremony.joint_key().map(|key| key.fingerprint);
        demand!(
            joint_key == Some(body.joint_key),
            BadRehearsal,
            joint_key.map_or("no joint key yet".to_string(), |key| key.to_string()),
            body.joint_key
        );
        let named = self.recent_hash(body.entry);
        let known = named == Some(body.entry_hash) && Some(body.entry) >= ceremony.keyed_at;
        demand!(
            known,
            BadRehearsal,
            "index and hash of the entry that ended stage 3, of the opening, or of one of the last 4,096 since",
            format!("entry {} with hash {}", body.entry, body.entry_hash)
        );
        Ok(())
    }

    /// CER-9: the proof.
    pub(super) fn rehearsal_claims(&self, trustee: u32, body: &Rehearsal) -> Result<Claims, Rejection> {
        let context = RehearsalContext {
            election: self.fingerprint.0,
            joint_key: body.joint_key.0,
            trustee: trustee.into(),
            entry: body.entry,
            entry_hash: body.entry_hash.0,
        };
        let shares = self.ceremony.joint_key().map_or(&[][..], |key| key.shares(trustee));
        let refusal = |found| refuse!(BadRehearsal, format!("proof of all key shares of trustee {trustee}"), found);
        Ok(vec![claimed(rehearsal_claim(&context, shares, &EqualityProof::new(body.proof)), refusal)?])
    }

    /// RET-2. There is one right body for each trustee, so ENT-6 refuses a second retirement.
    pub(super) fn retirement_admissible(&self, body: &Retirement) -> Result<(), Rejection> {
        let shown = |joint_key: Option<JointKeyFingerprint>| joint_key.map_or("none".into(), |key| key.to_string());
        let joint_key = self.ceremony.joint_key().map(|key| key.fingerprint);
        demand!(body.joint_key == joint_key, WrongRetirement, shown(joint_key), shown(body.joint_key));
        Ok(())
    }

    pub(super) fn accept_complaint(&mut self, trustee: u32, body: &Complaint, upheld: bool, entry: u64) {
        let (dealer, part) = (body.dealer, body.part);
        self.ceremony.verdicts.push(Verdict { entry, complainer: trustee, dealer, part, upheld });
    }

    pub(super) fn accept_rehearsal(&mut self, trustee: u32, index: u64) {
        let rehearsals = self.ceremony.rehearsals.entry(trustee).or_insert((0, index));
        *rehearsals = (rehearsals.0.saturating_add(1), index);
    }
}
