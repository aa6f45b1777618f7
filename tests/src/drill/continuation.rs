//! Continuation of a [`Drill`] in a successor log (CON-1).

use protocol::{Body, body::Continuation};
use tlog::note::SignerKey;

use super::Drill;

impl Drill {
    /// A key for the next log.
    pub fn next_board(&self, seed: u8) -> SignerKey {
        SignerKey::from_seed(&self.election.next_log_origin(), &[seed; 32]).unwrap()
    }

    /// The continuation of the present log, as it stands, under this key.
    pub fn continuation(&self, key: &SignerKey) -> Body {
        Body::Continuation(Continuation {
            old_origin: self.election.log_origin().into(),
            old_size: self.election.range().size(),
            old_root: self.election.root().into(),
            new_key: key.verifier_key().to_string(),
        })
    }

    /// Goes on in the next log.
    pub fn continue_in(&mut self, key: SignerKey) {
        let size = usize::try_from(self.election.range().size()).unwrap();
        let body = self.continuation(&key);
        let submission = self.by_authority(&body);
        self.apply(submission).unwrap();
        self.ended.push((std::mem::replace(&mut self.board, key), size));
    }
}
