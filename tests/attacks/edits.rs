//! What a board can do to the entries of a record without anybody's key.

use protocol::{Entry, Submission, ids::EntryHash};

/// The ways to alter one entry: its envelope, its author, its body, its signature.
fn alterations(entry: &Entry) -> Vec<(&'static str, Entry)> {
    let (index, previous, time, inner) = (entry.index, entry.previous, entry.time, entry.submission());
    let again = |author: Vec<u8>, body: Vec<u8>, signature: Vec<u8>| {
        Entry::new(index, previous, time, Submission::from_parts(author, body, signature))
    };
    let flipped = |bytes: &[u8], place: usize| {
        let mut bytes = bytes.to_vec();
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1;
        }
        bytes
    };
    let (author, body, signature) = (inner.author_bytes(), inner.body_bytes(), inner.signature_bytes());
    let mut found = vec![
        ("its index", Entry::new(index + 1, previous, time, inner.clone())),
        ("its previous hash", Entry::new(index, EntryHash([7; 32]), time, inner.clone())),
        ("its author", again(flipped(author, author.len() - 1), body.to_vec(), signature.to_vec())),
        ("its signature", again(author.to_vec(), body.to_vec(), [signature, &[0]].concat())),
    ];
    for place in [0, body.len() / 3, body.len() - 1] {
        found.push(("its body", again(author.to_vec(), flipped(body, place), signature.to_vec())));
    }
    if !signature.is_empty() {
        found.push(("its signature", again(author.to_vec(), body.to_vec(), flipped(signature, 40))));
    }
    found
}

/// Every edit of every entry, with what it is called and where it must be found.
pub(crate) fn edits(entries: &[Entry]) -> Vec<(String, Vec<Entry>, usize)> {
    let mut edits = Vec::new();
    for place in 0..entries.len() {
        let mut edit = |what: &str, entries: Vec<Entry>, found: usize| {
            edits.push((format!("entry {place}: {what}"), entries, found));
        };
        let last = place + 1 == entries.len();
        if !last {
            edit("dropped", [&entries[..place], &entries[place + 1..]].concat(), place);
            let mut swapped = entries.to_vec();
            swapped.swap(place, place + 1);
            edit("after the next", swapped, place);
        }
        edit("twice", [&entries[..=place], &entries[place..]].concat(), place + 1);
        for (what, altered) in alterations(&entries[place]) {
            let mut all = entries.to_vec();
            all[place] = altered;
            edit(what, all, place);
        }
    }
    edits
}
