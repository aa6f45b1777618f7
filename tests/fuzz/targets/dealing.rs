//! A dealing part: everything that everybody checks, and the opening of its boxes. The first two bytes choose slots and threshold.
#![no_main]

use std::sync::LazyLock;

use crypto::batch::Bases;
use crypto::dealing::{DealingPart, PartContext, dealing_claims, open_shares};
use crypto::group::{G, Scalar};
use crypto::schnorr::Possession;
use crypto::sealed_share::SealedShares;
use crypto::{EncodedPoint, SecretScalar};
use libfuzzer_sys::fuzz_target;
use protocol::body::Dealing;
use protocol::cbor;

static BASES: LazyLock<Bases> = LazyLock::new(|| Bases::new(0, &[]));

fuzz_target!(|bytes: &[u8]| {
    let [slots, threshold, bytes @ ..] = bytes else { return };
    let Ok(dealing) = cbor::decode::<Dealing>(bytes, "dealing") else { return };
    let secret = |index: u64| Scalar::from(1000 + index);
    let context = PartContext {
        election: [1; 32],
        dealer: 1,
        part: u64::from(dealing.part),
        threshold: usize::from(*threshold % 5),
        share_keys: (1..=3).map(|index| EncodedPoint::encode(&(G * secret(index)))).collect(),
    };
    let part = DealingPart {
        coefficients: dealing.coefficients,
        possession: Possession::new(dealing.possession),
        boxes: dealing
            .boxes
            .into_iter()
            .map(|sealed| SealedShares {
                ephemeral: sealed.ephemeral,
                possession: Possession::new(sealed.possession),
                sealed: sealed.sealed.to_vec(),
            })
            .collect(),
    };
    if let Ok(claims) = dealing_claims(&context, usize::from(*slots), &part) {
        assert!(claims.iter().any(|claim| claim.verify(&BASES).is_err()), "proved without a secret");
    }
    for recipient in 0..=4 {
        let _ = open_shares(&context, recipient, &SecretScalar::new(secret(recipient)), &part);
    }
});
