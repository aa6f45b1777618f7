//! The one secret of a trustee (CER-32): 32 bytes, from which its signing secret and its share secret follow, for one election and one
//! place. So 24 words on paper are enough to have both again.

use crate::{
    RandomnessFailure, Scalar, SecretScalar,
    hash::{Tag, TaggedHash},
    schnorr::SigningKey,
};
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of a seed.
pub const LENGTH: usize = 32;

/// A trustee's seed: wiped on drop, never cloned, printed or compared, and in one place on the heap for life.
pub struct TrusteeSeed(Box<Zeroizing<[u8; LENGTH]>>);

impl std::fmt::Debug for TrusteeSeed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TrusteeSeed(…)")
    }
}

impl TrusteeSeed {
    /// A fresh seed.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Result<Self, RandomnessFailure> {
        let mut seed = Box::new(Zeroizing::new([0; LENGTH]));
        rng.try_fill_bytes(seed.as_mut_slice()).map_err(|_| RandomnessFailure)?;
        Ok(Self(seed))
    }

    /// The seed of these bytes, which the caller wipes.
    pub fn from_bytes(bytes: &[u8; LENGTH]) -> Self {
        let mut seed = Box::new(Zeroizing::new([0; LENGTH]));
        seed.copy_from_slice(bytes);
        Self(seed)
    }

    /// The bytes, for a sealed keystore or a recovery sheet.
    pub fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// CER-32: the signing key and the share secret of the trustee in this place; none if one of the two is zero, which no seed that
    /// anybody will ever draw gives.
    pub fn keys(&self, election_id: &[u8; 32], index: u64) -> Option<(SigningKey, SecretScalar)> {
        let signing = self.secret(Tag::TrusteeSigning, election_id, index)?;
        Some((SigningKey::from_secret(signing), self.secret(Tag::TrusteeShare, election_id, index)?))
    }

    fn secret(&self, tag: Tag, election_id: &[u8; 32], index: u64) -> Option<SecretScalar> {
        let hash = TaggedHash::wide(tag, 3).bytes(election_id).integer(index).bytes(self.as_bytes());
        let mut digest = hash.sha3_512();
        let secret = SecretScalar::from_wide(digest);
        digest.zeroize();
        (*secret.expose() != Scalar::ZERO).then_some(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::tests::Broken;

    /// CER-32: other election, place or seed, other secrets; and the two of one trustee differ.
    #[test]
    fn secrets_are_of_one_election_and_one_place() {
        let secrets = |seed: u8, election: u8, index| {
            let (signing, share) = TrusteeSeed::from_bytes(&[seed; 32]).keys(&[election; 32], index).unwrap();
            [*signing.to_bytes(), *share.to_bytes()]
        };
        let first = secrets(1, 2, 3);
        assert_eq!(first, secrets(1, 2, 3));
        assert_ne!(first[0], first[1]);
        for other in [secrets(2, 2, 3), secrets(1, 3, 3), secrets(1, 2, 4)] {
            assert!(first.iter().all(|secret| !other.contains(secret)));
        }
    }

    #[test]
    fn a_seed_is_random_and_is_not_printed() {
        assert!(TrusteeSeed::generate(&mut Broken).is_err());
        assert_eq!(format!("{:?}", TrusteeSeed::from_bytes(&[7; 32])), "TrusteeSeed(…)");
    }
}
