//! Proofs of ballots, decided apart from the record that they stand in (VER-42): for a verifier whose workers share no memory. Each of them is given the
//! entries up to the opening and some of the bundles behind it.

use crate::source::Source;
use protocol::{Author, Body, Election, Entry, Rejection, election::prove_batch};
use rand_core::{CryptoRng, RngCore};
use tlog::{
    merkle::{Hash, leaf_hash},
    record::{ChainPath, RecordPath, RecordReader},
    tile::{TileKind, TilePath, WIDTH, decode_bundle},
};

/// The entry bundles of a record's first log, as workers divide them.
#[derive(Debug, PartialEq, Eq)]
pub struct Division {
    /// From the first entry to the opening's bundle: what every worker needs.
    pub setup: Vec<TilePath>,
    /// The full bundles behind them: each may be one worker's.
    pub bundles: Vec<TilePath>,
}

/// VER-42: how a record can be divided; `None` if there is no opening in it, or it cannot be read so far. Says nothing about whether it is valid.
pub fn divide<S: Source>(source: &S) -> Option<Division> {
    let fetch = |path: &RecordPath| source.fetch(&ChainPath::from(path));
    let size = RecordReader::open(fetch).ok()?.claimed().size();
    let paths = |from: u64| (from..).map_while(move |number| TilePath::in_tree(TileKind::Entries, number, size));
    let mut setup = Vec::new();
    for path in paths(0) {
        setup.push(path);
        let bytes = source.fetch(&ChainPath::from(RecordPath::Tile(path))).ok()??;
        if decode_bundle(&bytes, path.width()).ok()?.into_iter().any(is_opening) {
            let bundles = paths(path.index().checked_add(1)?).filter(|path| path.width() == WIDTH).collect();
            return Some(Division { setup, bundles });
        }
    }
    None
}

fn is_opening(bytes: &[u8]) -> bool {
    Entry::decode(bytes).is_ok_and(|entry| matches!(entry.submission().body(), Ok(Body::Opening(_))))
}

/// Decides proofs of ballots that are given to it without their neighbours. It checks no chain, no position and no hash; the set-up it takes as it stands,
/// because whoever relies on its answers checks all that.
#[derive(Debug, Default)]
pub struct Prover(Option<Election>);

impl Prover {
    /// Takes the next entry, from entry 0 to the opening.
    ///
    /// # Errors
    /// When it cannot stand there: the ballots behind it cannot be decided.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let entry = Entry::decode(bytes)?;
        let Some(election) = &mut self.0 else {
            self.0 = Some(Election::begin(&entry)?);
            return Ok(());
        };
        let examined = election.examine(&entry.submission())?;
        election.accept(&entry, examined.assume_proven())
    }

    /// Whether the opening was taken.
    pub fn is_ready(&self) -> bool {
        self.0.as_ref().is_some_and(|election| election.opening().is_some())
    }

    /// The leaves of those of these entries that are ballots whose signature and selections are proved. The generator draws the weights of the batch.
    pub fn prove<R: RngCore + CryptoRng>(&self, entries: &[&[u8]], rng: &mut R) -> Vec<Hash> {
        let Some(election) = self.0.as_ref().filter(|_| self.is_ready()) else { return Vec::new() };
        let examine = |bytes: &&[u8]| {
            let submission = Entry::decode(bytes).ok()?.submission();
            matches!(submission.author(), Ok(Author::Credential(_))).then_some(())?;
            Some((leaf_hash(bytes), election.ballot_proofs(&submission).ok()?))
        };
        let (leaves, examined): (Vec<Hash>, Vec<_>) = entries.iter().filter_map(examine).unzip();
        let proven = prove_batch(examined, election.bases(), rng);
        leaves.into_iter().zip(proven).filter_map(|(leaf, proven)| proven.is_ok().then_some(leaf)).collect()
    }
}
