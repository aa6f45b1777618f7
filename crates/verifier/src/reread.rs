//! The second reading, after the closing: the ballots once more, now that it is known which of them count (VER-8, VER-14). Nothing of the
//! first reading was kept but what the rules need, so the bytes must be shown to be the same: the leaves make the same tree.

use crate::{
    Progress, Stage,
    checks::{
        Ballots, CheckId, Log, Overrides,
        ballots::{Sums, add},
        log::Place,
    },
    replay::{Stop, voter},
    source::Source,
    verdict::Failure,
};
use crypto::Point;
use protocol::{
    Body, Election, Entry,
    election::{self, SettleError},
};
use rayon::prelude::*;
use tlog::{
    merkle::{CompactRange, leaf_hash},
    record::{ChainPath, RecordError, RecordPath},
    tile::{TileKind, TilePath, WIDTH, decode_bundle},
};

/// Ballots whose sums one task makes.
const TASK: usize = 64;

/// What is read again.
pub(crate) struct Reading<'a> {
    pub(crate) election: &'a Election,
    pub(crate) ballots: &'a Ballots,
    pub(crate) overrides: &'a Overrides,
    /// Index of the closing.
    pub(crate) closing: u64,
    /// The logs, with the size of each; the closing is in the last of them.
    pub(crate) logs: &'a [(Place, u64)],
}

/// What a second reading gives.
pub(crate) struct Found {
    /// For the fold: sums of the counted ballots.
    pub(crate) sums: election::Sums,
    /// For check 11: the running sums less the ballots that do not count.
    pub(crate) own: Sums,
}

/// One ballot, sorted.
enum Sorted {
    Counted(Entry),
    LeftOut { unit: u32, weight: u32, ciphertexts: Vec<Vec<Point>> },
}

impl Reading<'_> {
    pub(crate) fn run<S: Source>(
        &self,
        source: &S,
        first: &CompactRange,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Found, Stop> {
        let mut range = CompactRange::new();
        let mut found = Found { sums: election::Sums::default(), own: self.ballots.sums.clone() };
        for (log, size) in self.logs {
            self.log(source, *log, *size, &mut range, &mut found, progress)?;
        }
        if range != *first {
            return Err(self.changed("another tree").into());
        }
        Ok(found)
    }

    fn log<S: Source>(
        &self,
        source: &S,
        log: Place,
        size: u64,
        range: &mut CompactRange,
        found: &mut Found,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stop> {
        let mut number = 0u64;
        while let Some(path) = TilePath::in_tree(TileKind::Entries, number, size)
            .filter(|path| log.first.saturating_add(path.start()) <= self.closing)
        {
            let bytes = fetch(source, log, path)?;
            let wrong = |fault| Log::refused(log, RecordError::<S::Error>::Bundle { path, fault });
            let entries = decode_bundle(&bytes, path.width()).map_err(wrong)?;
            let start = log.first.saturating_add(path.start());
            let kept: Vec<(u64, &[u8])> =
                (start..).zip(entries).take_while(|(index, _)| *index <= self.closing).collect();
            let leaves: Vec<_> = kept.par_iter().map(|(_, entry)| leaf_hash(entry)).collect();
            leaves.into_iter().for_each(|leaf| range.append(leaf));
            self.bundle(&kept, found)?;
            number = number.saturating_add(1);
            let done = start.saturating_add(u64::from(WIDTH)).min(self.closing);
            progress(Progress { stage: Stage::Sums, done, total: self.closing });
        }
        Ok(())
    }

    fn bundle(&self, entries: &[(u64, &[u8])], found: &mut Found) -> Result<(), Stop> {
        let sorted: Vec<Sorted> = entries
            .par_iter()
            .filter_map(|(index, bytes)| self.sort(*index, bytes).transpose())
            .collect::<Result<_, Failure>>()?;
        let mut counted = Vec::new();
        for one in sorted {
            match one {
                Sorted::Counted(entry) => counted.push(entry),
                Sorted::LeftOut { unit, weight, ciphertexts } => {
                    add(&mut found.own, self.election, unit, &ciphertexts, |sum, points| {
                        sum.subtract(points, weight.into()).ok()
                    })
                    .ok_or_else(|| self.changed("a ballot that does not count, of another style"))?;
                }
            }
        }
        let sums: Vec<Result<election::Sums, SettleError>> =
            counted.par_chunks(TASK).map(|ballots| self.election.sum(ballots)).collect();
        for sum in sums {
            let merged = sum.and_then(|sum| found.sums.merge(sum));
            merged.map_err(|error| self.changed(&error.to_string()))?;
        }
        Ok(())
    }

    /// A ballot as counted, or as superseded or overridden (OVR-4); `None` for any other entry.
    fn sort(&self, index: u64, bytes: &[u8]) -> Result<Option<Sorted>, Failure> {
        let other = || self.changed("other bytes").at(index);
        let entry = Entry::decode(bytes).map_err(|_| other())?;
        let Ok(Body::Ballot(ballot)) = entry.submission().body() else { return Ok(None) };
        let row = voter(&entry).and_then(|key| self.election.credential(&key)).ok_or_else(other)?.index;
        let latest = self.ballots.latest(row).ok_or_else(other)?;
        if latest.position == index && self.overrides.of(row).is_none() {
            return Ok(Some(Sorted::Counted(entry)));
        }
        let ciphertexts = self.election.ciphertexts(latest.unit, &ballot).ok_or_else(other)?;
        Ok(Some(Sorted::LeftOut { unit: latest.unit, weight: latest.weight, ciphertexts }))
    }

    fn changed(&self, found: &str) -> Failure {
        let text = "a file that is read twice holds the same bytes both times";
        Failure::new(CheckId::Aggregate, "VER-14", text, "the entries of the first reading", found).at(self.closing)
    }
}

fn fetch<S: Source>(source: &S, log: Place, path: TilePath) -> Result<Vec<u8>, Stop> {
    let path = RecordPath::Tile(path);
    let bytes = source.fetch(&ChainPath::new(log.number, path));
    let bytes = bytes.map_err(|source| Log::refused(log, RecordError::Fetch { path, source }))?;
    bytes.ok_or_else(|| Log::refused(log, RecordError::<S::Error>::Missing(path)).into())
}
