//! Files as bytes: damaged, exchanged, too long, whole and wrong.

use super::*;
use crate::carry::file::Kind;
use crypto::hash::{Tag, TaggedHash};
use proptest::prelude::*;
use protocol::cbor;

/// A file of these byte strings, with the digest that it must have.
pub(super) fn sealed(items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        minicbor::Encoder::new(&mut bytes).bytes(item).unwrap();
    }
    resealed(bytes)
}

fn resealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = TaggedHash::new(Tag::Carried, 1).bytes(&bytes).sha3_256();
    minicbor::Encoder::new(&mut bytes).bytes(&digest).unwrap();
    bytes
}

/// The byte strings of a file, without the digest.
pub(super) fn items(file: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = minicbor::Decoder::new(file);
    let mut items = Vec::new();
    while decoder.position() < file.len() {
        items.push(decoder.bytes().unwrap().to_vec());
    }
    items.pop();
    items
}

/// AIR-2: whatever happens to a file on its way is seen, and every sentence says what to do.
#[test]
fn a_damaged_file_is_refused_by_its_own_digest() {
    let desk = Desk::new();
    for (reader, path) in [&desk.request, &desk.answer].into_iter().enumerate() {
        let whole = fs::read(path).unwrap();
        assert!(desk.read(&whole)[reader].is_ok());
        for place in (0..whole.len()).filter(|place| *place < 150 || place % 5 == 0) {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            let fault = desk.read(&flipped)[reader].as_ref().unwrap_err().to_string();
            // In the first bytes it may look like another kind, another version or another file.
            assert!(fault.contains("AIR-2") || place < 30 && fault.contains("AIR-1"), "{place}: {fault}");
        }
        for length in (0..whole.len()).step_by(97).chain([whole.len() - 34, whole.len() - 1]) {
            let fault = desk.read(&whole[..length])[reader].as_ref().unwrap_err().to_string();
            assert!(fault.contains("AIR-2") || length < 140 && fault.contains("AIR-1"), "{length}: {fault}");
        }
        for tail in [&[0][..], &[0x40], &whole[whole.len() - 34..], &whole] {
            let fault = &desk.read(&[&whole, tail].concat())[reader];
            assert!(matches!(fault, Err(CarryFault::Damaged)), "{fault:?}");
        }
    }
}

/// AIR-1: the other kind, another version, another file altogether.
#[test]
fn files_are_not_mixed_up() {
    let desk = Desk::new();
    let [as_request, as_answer] = desk.read(&fs::read(&desk.answer).unwrap());
    assert!(matches!(as_request, Err(CarryFault::OtherKind { .. })) && as_answer.is_ok());
    let [as_request, as_answer] = desk.read(&fs::read(&desk.request).unwrap());
    assert!(matches!(as_answer, Err(CarryFault::OtherKind { .. })) && as_request.is_ok());
    let mut parts = items(&fs::read(&desk.request).unwrap());
    let place = parts[0].windows(8).position(|bytes| bytes == b"vitrine/").unwrap() + 8;
    parts[0][place] = b'2';
    assert!(
        matches!(&desk.read(&sealed(&parts))[0], Err(CarryFault::OtherVersion(found)) if found == "vitrine/2/request")
    );
    for other in [&b""[..], b"PK\x03\x04", &[0; 5000], &[0x5b; 100], &[0x40; 100]] {
        for fault in desk.read(other) {
            assert!(matches!(fault, Err(CarryFault::NotCarried(_))), "{fault:?}");
        }
    }
    // AIR-5: of another election, although the rest is right.
    let elsewhere = ElectionFingerprint([9; 32]);
    assert!(matches!(Answer::read(&desk.answer, &elsewhere), Err(CarryFault::OtherElection { .. })));
    assert!(matches!(Request::open(&desk.request, &elsewhere), Err(CarryFault::OtherElection { .. })));
    // Not a file at all: nothing waits, nothing is read.
    assert!(matches!(Answer::read(desk.folder.path(), &desk.f), Err(CarryFault::File { .. })));
    assert!(matches!(Answer::read(Path::new("/dev/zero"), &desk.f), Err(CarryFault::File { .. })));
}

/// AIR-4: nothing of a file that is too long is read.
#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let desk = Desk::new();
    for (most, path) in [(MAXIMUM_REQUEST, &desk.request), (MAXIMUM_ANSWER, &desk.answer)] {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_len(most + 1).unwrap();
    }
    let found = Request::open(&desk.request, &desk.f).unwrap_err();
    assert!(matches!(found, CarryFault::TooLarge { most: MAXIMUM_REQUEST, .. }), "{found}");
    let found = Answer::read(&desk.answer, &desk.f).unwrap_err();
    assert!(matches!(found, CarryFault::TooLarge { most: MAXIMUM_ANSWER, .. }), "{found}");
}

type Change = fn(&mut Vec<Vec<u8>>);

/// AIR-1, AIR-4: whole files, with the digest they should have, that no program of ours writes.
#[test]
fn what_is_whole_and_wrong_is_refused() {
    fn header(items: &mut [Vec<u8>], change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut items[0]);
    }
    let both: [(&str, Change); 7] = [
        ("an item more", |items| items.push(vec![1])),
        ("an item less", |items| drop(items.pop())),
        ("no items", |items| items.truncate(1)),
        ("an empty checkpoint", |items| items[1].clear()),
        ("a longer header", |items| header(items, |bytes| bytes.push(0))),
        ("a header without end", |items| header(items, |bytes| bytes.resize(5000, 0))),
        ("an endless item", |items| items[2].resize(70_000, 0)),
    ];
    let desk = Desk::new();
    for (reader, path) in [&desk.request, &desk.answer].into_iter().enumerate() {
        let whole = items(&fs::read(path).unwrap());
        assert!(desk.read(&sealed(&whole))[reader].is_ok());
        for (name, change) in both {
            let mut changed = whole.clone();
            change(&mut changed);
            let found = &desk.read(&sealed(&changed))[reader];
            let header_gone = name == "a header without end" && matches!(found, Err(CarryFault::NotCarried(_)));
            assert!(header_gone || matches!(found, Err(CarryFault::Malformed(_))), "{reader}, {name}: {found:?}");
        }
        // A length that is not written in the shortest way.
        let mut longer = Vec::new();
        for (place, item) in whole.iter().enumerate() {
            let length = u32::try_from(item.len()).unwrap();
            if place == 1 {
                longer.extend([&[0x5a][..], &length.to_be_bytes(), item].concat());
            } else {
                minicbor::Encoder::new(&mut longer).bytes(item).unwrap();
            }
        }
        let found = &desk.read(&resealed(longer))[reader];
        assert!(matches!(found, Err(CarryFault::Malformed(what)) if what.contains("shortest")), "{found:?}");
    }
    // What the headers say.
    let f = desk.f;
    let request = |party: Author, step: &str, logs: &[u64]| {
        cbor::encode(&(Kind::Request.format().to_owned(), f, party, step.to_owned(), logs.to_vec()))
    };
    let good = items(&fs::read(&desk.request).unwrap());
    assert_eq!(good[0], request(Author::Trustee(2), "commit", &[1]));
    for wrong in [
        request(Author::Trustee(2), "open", &[1]),
        request(Author::Authority, "commit", &[1]),
        request(Author::Trustee(2), "Commit", &[1]),
        request(Author::Trustee(2), "commit", &[]),
        request(Author::Trustee(2), "commit", &[0]),
        request(Author::Trustee(2), "commit", &[2]),
        request(Author::Trustee(2), "commit", &[1, 1]),
        request(Author::Trustee(2), "commit", &[u64::MAX]),
        request(Author::Trustee(2), "commit", &[1; 257]),
    ] {
        let found = &desk.read(&sealed(&[vec![wrong], good[1..].to_vec()].concat()))[0];
        assert!(matches!(found, Err(CarryFault::Malformed(_))), "{found:?}");
    }
    // Another entry under the same checkpoint.
    let mut other = good.clone();
    other[2][40] ^= 1;
    assert!(
        matches!(&desk.read(&sealed(&other))[0], Err(CarryFault::Malformed(what)) if what.contains("another tree"))
    );
    let answer = |party: Author, step: &str, log: u64, count: u64| {
        cbor::encode(&(Kind::Answer.format().to_owned(), f, party, step.to_owned(), log, count))
    };
    let good = items(&fs::read(&desk.answer).unwrap());
    assert_eq!(good[0], answer(Author::Trustee(2), "commit", 1, 1));
    for wrong in [
        answer(Author::Trustee(3), "commit", 1, 1),
        answer(Author::Trustee(2), "deal", 1, 1),
        answer(Author::Trustee(2), "commit", 0, 1),
        answer(Author::Trustee(2), "commit", 1, 0),
        answer(Author::Trustee(2), "commit", 1, u64::MAX),
    ] {
        let found = &desk.read(&sealed(&[vec![wrong], good[1..].to_vec()].concat()))[1];
        assert!(matches!(found, Err(CarryFault::Malformed(_))), "{found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a file holds, its readers answer; what they take is what is written again.
    #[test]
    fn readers_are_total(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0usize..2, cut in 0usize..200) {
        thread_local! {
            static DESK: Desk = Desk::new();
        }
        DESK.with(|desk| {
            let path = [&desk.request, &desk.answer][kind];
            let whole = fs::read(path).unwrap();
            let mut parts = items(&whole);
            let place = cut % parts.len();
            parts[place] = bytes.clone();
            let spliced = [&whole[..cut.min(whole.len() - 34)], &bytes].concat();
            for file in [bytes.clone(), resealed(bytes.clone()), resealed(spliced), sealed(&parts)] {
                for read in desk.read(&file) {
                    prop_assert!(read.is_err() || file == whole, "{:?}", read);
                }
            }
            Ok(())
        })?;
    }

    /// Written and read are inverse.
    #[test]
    fn answers_come_back(texts in prop::collection::vec("[a-z]{1,40}", 1..20), log in 1u64..9) {
        let mut town = Fixture::new(1, 1, 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer");
        let f = town.election.fingerprint();
        let notices: Vec<Submission> = texts
            .iter()
            .map(|text| crate::authority::notice(&town.election, &town.authority, text, &mut town.rng).unwrap())
            .collect();
        let head = Head { log, ..head(&town) };
        let written = Answer::write(&path, &f, &head, &notices).unwrap();
        let read = Answer::read(&path, &f).unwrap();
        prop_assert_eq!(&read.submissions, &notices);
        prop_assert_eq!((read.head, read.asked, read.fingerprint), (head, written.asked, written.fingerprint));
    }
}
