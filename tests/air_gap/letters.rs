//! What the stub of a board keeps: a record in memory. (A voter's letters, in the tests that the stub was made for.)

use protocol::ids::ElectionFingerprint;
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    proof::Receipt,
};
use vitrine_tests::Drill;

pub(crate) struct Letters {
    pub(crate) drill: Drill,
}

impl Letters {
    pub(crate) fn f(&self) -> ElectionFingerprint {
        self.drill.election.fingerprint()
    }

    /// What the board would hand out for this entry, under a checkpoint of the whole log.
    pub(crate) fn receipt(&self, index: u64) -> Receipt {
        let entries: Vec<Vec<u8>> = self.drill.entries.iter().map(|entry| entry.encode()).collect();
        let mut tree = Tree::new();
        entries.iter().for_each(|entry| tree.append(leaf_hash(entry)));
        let head = Checkpoint::new(self.drill.board.name(), tree.size(), tree.root()).unwrap();
        Receipt {
            extra: entries[usize::try_from(index).unwrap()].clone(),
            index,
            path: tree.prove_inclusion(index, tree.size()).unwrap(),
            checkpoint_note: checkpoint::sign(&head, &self.drill.board).unwrap(),
        }
    }
}
