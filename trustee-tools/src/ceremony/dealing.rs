//! Stages 1 and 2: the one dealing of this trustee (CER-22).

use super::{Step, sign};
use crate::{
    refusal::Refusal,
    secrets::{Dealt, Memory, Note, TrusteeSecrets},
};
use crypto::{
    dealing::{DealError, deal},
    shamir::Polynomial,
};
use protocol::{
    Body, Election,
    body::{Dealing, DealingCommitment, ShareBox},
    election::part_context,
    ids::ElectionFingerprint,
    manifest::Manifest,
};
use rand_core::{CryptoRng, RngCore};

/// Stage 1: deals once, then commits to it (CER-22). A restored keystore makes no polynomial: the first one may have (CER-34).
pub(super) fn commit<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    let Some(dealt) = secrets.dealt() else {
        if secrets.is_restored() {
            return Err(Refusal::NoDealing);
        }
        let parts = deal_all(&election.fingerprint(), election.manifest(), secrets.index, rng)?;
        return Ok(Step::Store(Note(Memory::Dealt(Dealt { election: election.fingerprint(), parts }))));
    };
    let body = Body::DealingCommitment(DealingCommitment { parts: dealt.hashes(secrets.index) });
    sign(election, secrets, body.encode(), rng).map(Step::Submit)
}

/// Every part of a fresh dealing, as bodies.
fn deal_all<R: RngCore + CryptoRng>(
    election: &ElectionFingerprint,
    manifest: &Manifest,
    dealer: u32,
    rng: &mut R,
) -> Result<Vec<Vec<u8>>, Refusal> {
    let threshold = usize::try_from(manifest.threshold).map_err(|_| DealError::Parameters)?;
    let mut bodies = Vec::with_capacity(manifest.parts());
    for (part, number) in (0..manifest.parts()).zip(0u32..) {
        let slots = manifest.part_slots(part);
        let polynomials: Result<Vec<Polynomial>, _> = slots.map(|_| Polynomial::generate(threshold, rng)).collect();
        let dealt = deal(&part_context(election, manifest, dealer, number), &polynomials?, rng)?;
        let boxes = dealt.boxes.into_iter().map(|sealed| ShareBox {
            ephemeral: sealed.ephemeral,
            possession: *sealed.possession.as_bytes(),
            sealed: sealed.sealed.into(),
        });
        let body = Dealing {
            part: number,
            coefficients: dealt.coefficients,
            possession: *dealt.possession.as_bytes(),
            boxes: boxes.collect(),
        };
        bodies.push(Body::Dealing(body).encode());
    }
    Ok(bodies)
}

/// Stage 2: the first part that the record lacks.
pub(super) fn post_part<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    // A restored keystore that holds none.
    let dealt = secrets.dealt().ok_or(Refusal::NoDealing)?;
    let parts = (0u32..).zip(&dealt.parts);
    let mut lacking = parts.filter(|(part, _)| election.ceremony().dealing(secrets.index, *part).is_none());
    let (_, body) = lacking.next().ok_or(Refusal::Incomplete)?;
    sign(election, secrets, body.clone(), rng).map(Step::Submit)
}
