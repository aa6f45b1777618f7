//! The forgery that the demo shows being refused: the board itself gives the runner-up the victory, and then does everything right:
//! it recomputes every hash and signs the new record with its real key. Only what follows from the ballots cannot be forged.

use super::folder::DemoFolder;
use crate::{
    failure::{Failure, OrFail as _},
    place,
};
use protocol::{
    Body, Entry, Submission,
    body::{self, ResultBody},
};
use tlog::{
    note::SignerKey,
    record::{RecordReader, write_record},
};
use verifier::{Folder, Source as _};
use zeroize::Zeroizing;

/// What was forged.
#[derive(Debug)]
pub(crate) struct Forgery {
    /// Slot that loses votes.
    pub(crate) from: usize,
    /// Slot that gains them.
    pub(crate) to: usize,
    /// How many.
    pub(crate) moved: u64,
}

/// Writes the forged copy of the record: votes move between two of the first `options` slots, or, where nobody marked any of them, between
/// any two.
pub(crate) fn forge(folder: &DemoFolder, origin: &str, options: usize) -> Result<Forgery, Failure> {
    let mut entries = read(folder)?;
    let signer = board_key(folder, origin)?;
    let place = entries.iter().rposition(|entry| matches!(entry.submission().body(), Ok(Body::Result(_))));
    let missing = || super::officials::bad("the record has no result to forge");
    let last = place.and_then(|place| entries.get_mut(place)).ok_or_else(missing)?;
    let Body::Result(result) = last.submission().body().or_fail()? else { return Err(missing()) };
    let forged = reverse(&result.totals, options).or_else(|| reverse(&result.totals, usize::MAX));
    let (forgery, totals) = forged.ok_or_else(missing)?;
    let forged = body::ResultBody { totals, ..ResultBody::clone(&result) };
    let submission = Submission::anonymous(Body::Result(forged).encode());
    // It is the last entry, so no entry after it has to be linked anew.
    *last = Entry::new(last.index, last.previous, last.time, submission);
    let bytes = entries.iter().map(Entry::encode);
    for file in write_record(bytes, &signer).or_fail()? {
        place::write(&folder.tampered(), &file.path.into(), &file.bytes)?;
    }
    Ok(forgery)
}

/// Just enough votes from the first to the second of the first `among` slots that they change places.
fn reverse(totals: &[u64], among: usize) -> Option<(Forgery, Vec<u64>)> {
    let mut places: Vec<usize> = (0..totals.len().min(among)).collect();
    places.sort_by_key(|place| std::cmp::Reverse(totals.get(*place).copied()));
    let (from, to) = (*places.first()?, *places.get(1)?);
    let moved = totals.get(from)?.checked_sub(*totals.get(to)?)? / 2 + 1;
    let mut forged = totals.to_vec();
    let first = forged.get_mut(from)?;
    *first = first.checked_sub(moved)?;
    let second = forged.get_mut(to)?;
    *second = second.checked_add(moved)?;
    Some((Forgery { from, to, moved }, forged))
}

fn read(folder: &DemoFolder) -> Result<Vec<Entry>, Failure> {
    let source = Folder::new(folder.record());
    let mut reader = RecordReader::open(|path| source.fetch(&path.into())).or_fail()?;
    let mut entries = Vec::new();
    while let Some(bundle) = reader.next_bundle().or_fail()? {
        for (_, bytes) in bundle.entries() {
            entries.push(Entry::decode(bytes).or_fail()?);
        }
    }
    Ok(entries)
}

/// The board's real key, from its key file: 64 hexadecimal digits.
fn board_key(folder: &DemoFolder, origin: &str) -> Result<SignerKey, Failure> {
    let text = Zeroizing::new(std::fs::read_to_string(folder.board_key()).or_fail()?);
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim_end(), seed.as_mut()).or_fail()?;
    SignerKey::from_seed(origin, &seed).or_fail()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_change_places_and_no_vote_is_lost() {
        for (totals, among, forged) in [
            (vec![4448, 4060, 984], 3, vec![4253, 4255, 984]),
            (vec![1, 0], 2, vec![0, 1]),
            (vec![3, 9, 9], 9, vec![3, 8, 10]),
            (vec![0, 7, 2, 1], 3, vec![0, 4, 5, 1]),
            // The second places and the blanks are not touched.
            (vec![4, 2, 1, 9, 9, 8, 7], 3, vec![2, 4, 1, 9, 9, 8, 7]),
        ] {
            assert_eq!(reverse(&totals, among).unwrap().1, forged);
        }
        assert!(reverse(&[], 3).is_none());
        assert!(reverse(&[5], 3).is_none());
        assert!(reverse(&[5, 4], 1).is_none());
        assert!(reverse(&[0, 0, 7], 2).is_none(), "nobody marked an option");
    }
}
