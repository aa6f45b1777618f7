//! Readers of a whole record, each in its own way.

use crate::{
    cast::generator,
    ceremony::Ceremony,
    scene::{Scene, View},
};
use protocol::{
    Election, Entry,
    election::{Examined, Proven, prove_batch},
};
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::atomic::Ordering,
};

/// Whether all readers agree with the model about this record; about one record in so many.
pub(crate) fn agree(model: &Ceremony, scene: &Scene) -> bool {
    let mut hasher = DefaultHasher::new();
    scene.hash(&mut hasher);
    if model.sample.is_none_or(|sample| !hasher.finish().is_multiple_of(sample)) {
        return true;
    }
    model.reread.fetch_add(1, Ordering::Relaxed);
    let bytes: Vec<Vec<u8>> = scene.links().into_iter().map(|link| link.entry.encode()).collect();
    let first = model.cast.entry.encode();
    let exact = |election: &Election, run: &[Entry]| one_by_one(election, run);
    let batched = |election: &Election, run: &[Entry]| {
        prove_batch(examined(election, run), election.bases(), &mut generator(0))
            .into_iter()
            .map_while(Result::ok)
            .collect()
    };
    let trusting =
        |election: &Election, run: &[Entry]| examined(election, run).into_iter().map(Examined::assume_proven).collect();
    let readers: [&Reader; 3] = [&exact, &batched, &trusting];
    readers.iter().all(|reader| {
        read(&first, &bytes, *reader).is_some_and(|election| {
            View::of(&election) == *scene.view
                && election.head() == scene.election.head()
                && election.phase() == scene.election.phase()
        })
    })
}

type Reader = dyn Fn(&Election, &[Entry]) -> Vec<Proven>;

/// Folds a record from its bytes, in runs as long as the reader's proofs carry.
fn read(first: &[u8], rest: &[Vec<u8>], reader: &Reader) -> Option<Election> {
    let mut election = Election::begin(&Entry::decode(first).ok()?).ok()?;
    let entries: Vec<Entry> = rest.iter().map(|bytes| Entry::decode(bytes).ok()).collect::<Option<_>>()?;
    let mut left = entries.as_slice();
    while !left.is_empty() {
        let proven = reader(&election, left);
        let (run, after) = left.split_at(proven.len().max(1));
        for (entry, proven) in run.iter().zip(proven) {
            election.accept(entry, proven).ok()?;
        }
        if election.size() != run.last()?.index + 1 {
            return None;
        }
        left = after;
    }
    Some(election)
}

fn one_by_one(election: &Election, run: &[Entry]) -> Vec<Proven> {
    let proven = run.first().and_then(|entry| election.examine(&entry.submission()).ok()?.prove(election.bases()).ok());
    proven.into_iter().collect()
}

/// The longest run that can be examined against the state as it is.
fn examined(election: &Election, run: &[Entry]) -> Vec<Examined> {
    run.iter().map_while(|entry| election.examine(&entry.submission()).ok()).collect()
}
