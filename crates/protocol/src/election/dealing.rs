//! Dealing parts as `crypto` takes them (CRY-52).

use crate::{body::Dealing, ids::ElectionFingerprint, manifest::Manifest};
use crypto::{
    dealing::{DealingPart, PartContext},
    schnorr::Possession,
    sealed_share::SealedShares,
};

/// The parameters a dealing part must fit.
pub fn part_context(election: &ElectionFingerprint, manifest: &Manifest, dealer: u32, part: u32) -> PartContext {
    PartContext {
        election: election.0,
        dealer: dealer.into(),
        part: part.into(),
        threshold: usize::try_from(manifest.threshold).expect("k is at most 32"),
        share_keys: manifest.trustees.iter().map(|trustee| trustee.share_key).collect(),
    }
}

/// A posted part as `crypto` reads it.
pub fn dealing_part(body: &Dealing) -> DealingPart {
    DealingPart {
        coefficients: body.coefficients.clone(),
        possession: Possession::new(body.possession),
        boxes: body
            .boxes
            .iter()
            .map(|sealed| SealedShares {
                ephemeral: sealed.ephemeral,
                possession: Possession::new(sealed.possession),
                sealed: sealed.sealed.to_vec(),
            })
            .collect(),
    }
}
