//! BRD-35: a process's word for a ballot's proofs, which another process of the same board takes. Whoever can write to the database, but
//! does not have the board's key, cannot give it.

use crate::key_file::BoardKey;
use protocol::ids::ElectionFingerprint;
use sha2::{Digest as _, Sha256};
use tlog::note::{KeyError, Note, SignerKey, Strictness, VerifierKey};
use zeroize::Zeroizing;

/// The name of the key, and what its seed is derived with.
const NAME: &str = "vitrine-voucher-v1";

/// Gives the word, and knows it again.
pub(crate) struct Voucher {
    signer: SignerKey,
    known: VerifierKey,
}

impl Voucher {
    pub(crate) fn new(key: &BoardKey) -> Result<Self, KeyError> {
        let seed = key.signer(NAME)?.seed();
        let derived = Sha256::new().chain_update(NAME).chain_update(seed.as_slice()).finalize();
        let derived: Zeroizing<[u8; 32]> = Zeroizing::new(derived.into());
        let signer = SignerKey::from_seed(NAME, &derived)?;
        let known = signer.verifier_key();
        Ok(Self { signer, known })
    }

    /// The word for this submission, given its bytes.
    pub(crate) fn give(&self, election: &ElectionFingerprint, submission: &[u8]) -> Option<String> {
        let mut note = Note::new(text(election, submission)).ok()?;
        let signature = self.signer.sign(&note);
        note.add(signature).ok()?;
        Some(note.encode())
    }

    /// Whether it was given for this submission.
    pub(crate) fn knows(&self, election: &ElectionFingerprint, submission: &[u8], word: &str) -> bool {
        let Ok(note) = Note::parse(word.as_bytes()) else { return false };
        note.text() == text(election, submission)
            && note.verify(std::slice::from_ref(&self.known), Strictness::EveryLineKnown).is_ok()
    }
}

fn text(election: &ElectionFingerprint, submission: &[u8]) -> String {
    format!("vitrine: proofs checked\n{election}\n{}\n", hex::encode(Sha256::digest(submission)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_board_vouches_for_only_this_ballot() {
        let folder = tempfile::tempdir().unwrap();
        let voucher = |file: &str| Voucher::new(&BoardKey::open(&folder.path().join(file), false).unwrap()).unwrap();
        let (ours, again, theirs) = (voucher("ours"), voucher("ours"), voucher("theirs"));
        let f = ElectionFingerprint([1; 32]);
        let word = ours.give(&f, b"ballot").unwrap();
        assert!(again.knows(&f, b"ballot", &word), "another process with the same key");
        assert!(!again.knows(&f, b"another", &word));
        assert!(!again.knows(&ElectionFingerprint([2; 32]), b"ballot", &word));
        assert!(!theirs.knows(&f, b"ballot", &word));
        for changed in [String::new(), word.replace("checked", "cheated"), format!("{word}\n"), word.replace('\n', " ")]
        {
            assert!(!again.knows(&f, b"ballot", &changed), "{changed:?}");
        }
        assert!(!again.knows(&f, b"ballot", &theirs.give(&f, b"ballot").unwrap()));
    }
}
