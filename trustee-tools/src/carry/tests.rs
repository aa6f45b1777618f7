use super::{file::Kind, *};
use crate::{ceremony::Step as Turn, fixture::Fixture};
use crypto::hash::{Tag, TaggedHash};
use proptest::prelude::*;
use protocol::{Author, Rule, Submission, cbor, entry::Entry, ids::ElectionFingerprint};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use verifier::{Folder, Source as _};

fn head(town: &Fixture) -> Head {
    Head { log: 1, checkpoint: town.evidence(&[], 0) }
}

fn turn(town: &mut Fixture, trustee: u32) -> Submission {
    match town.step(trustee) {
        Ok(Turn::Submit(submission)) => submission,
        other => panic!("{other:?}"),
    }
}

/// A town at ceremony stage 1, with a request to trustee 2 and its answer.
struct Desk {
    town: Fixture,
    f: ElectionFingerprint,
    folder: TempDir,
    request: PathBuf,
    answer: PathBuf,
}

const COMMIT: Asked = Asked { party: Author::Trustee(2), step: Step::Commit };

impl Desk {
    fn new() -> Self {
        let mut town = Fixture::new(2, 3, 2);
        let folder = tempfile::tempdir().unwrap();
        let (request, answer) = (folder.path().join("request"), folder.path().join("answer"));
        town.save(&folder.path().join("record"), &[], 0);
        let f = town.election.fingerprint();
        Request::write(&request, &f, &COMMIT, &Folder::new(folder.path().join("record"))).unwrap();
        let commitment = turn(&mut town, 2);
        Answer::write(&answer, &f, &head(&town), &[commitment]).unwrap();
        Self { town, f, folder, request, answer }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What both readers say of these bytes.
    fn read(&self, bytes: &[u8]) -> [Result<(), CarryFault>; 2] {
        let path = self.path("given");
        fs::write(&path, bytes).unwrap();
        let record = tempfile::tempdir().unwrap();
        let request = Request::open(&path, &self.f).and_then(|opened| opened.unpack(record.path()));
        [request.map(drop), Answer::read(&path, &self.f).map(drop)]
    }
}

/// A file of these byte strings, with the digest that it must have.
fn sealed(items: &[Vec<u8>]) -> Vec<u8> {
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
fn items(file: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = minicbor::Decoder::new(file);
    let mut items = Vec::new();
    while decoder.position() < file.len() {
        items.push(decoder.bytes().unwrap().to_vec());
    }
    items.pop();
    items
}

/// AIR-3.
#[test]
fn a_fingerprint_is_read_as_it_is_shown_and_as_people_type_it() {
    let mut digest = [0; 32];
    digest[..4].copy_from_slice(&[0b0000_0000, 0b0100_0100, 0b0011_0010, 0b0001_0111]);
    digest[12] = 0b1111_0000;
    let shown = FileFingerprint::of(&digest).to_string();
    assert_eq!(shown, "0123-45R0-0000-0000-000F");
    for typed in [shown.as_str(), "o i23 45r0 0000 0000 000f", "0L2345R000000000000F"] {
        assert_eq!(typed.parse::<FileFingerprint>().unwrap(), FileFingerprint::of(&digest), "{typed}");
    }
    for wrong in ["", "0123", "0123-45R0-0000-0000-000F0", "U123-45R0-0000-0000-000F", "0123-45R0-0000-0000-000é"] {
        assert!(wrong.parse::<FileFingerprint>().is_err(), "{wrong}");
    }
}

/// AIR-7, REC-6: what is unpacked is the record, file by file; and the same record and step make the same request.
#[test]
fn a_request_brings_the_whole_record() {
    let mut town = Fixture::new(2, 3, 300);
    town.publish_roll();
    while town.entries.len() < 260 {
        let notice = crate::authority::notice(
            &town.election,
            &town.authority,
            &format!("{}", town.entries.len()),
            &mut town.rng,
        );
        town.post(notice.unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let (record, path) = (Folder::new(folder.path().join("record")), folder.path().join("request"));
    town.save(record.path(), &[], 0);
    let f = town.election.fingerprint();
    let written = Request::write(&path, &f, &COMMIT, &record).unwrap();
    let opened = Request::open(&path, &f).unwrap();
    assert_eq!((opened.request().fingerprint, opened.request().asked), (written.fingerprint, COMMIT));
    let unpacked = Folder::new(folder.path().join("unpacked"));
    assert_eq!(opened.unpack(unpacked.path()).unwrap().entries(), 260);
    let names = record.list().unwrap().unwrap();
    assert_eq!(unpacked.list().unwrap().unwrap(), names);
    assert!(names.len() > 5, "tiles of two levels and two bundles");
    for name in names {
        assert_eq!(
            fs::read(record.path().join(&name)).unwrap(),
            fs::read(unpacked.path().join(&name)).unwrap(),
            "{name}"
        );
    }
    let again = Request::write(&folder.path().join("again"), &f, &COMMIT, &record).unwrap();
    assert_eq!(again.fingerprint, written.fingerprint);
    let other = Asked { party: Author::Trustee(3), ..COMMIT };
    let other = Request::write(&folder.path().join("other"), &f, &other, &record).unwrap();
    assert_ne!(other.fingerprint, written.fingerprint);
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

/// AIR-5: what is not asked for is not answered; AIR-10: and nothing is overwritten or left half-written.
#[test]
fn an_answer_is_of_one_author_and_one_step() {
    let mut desk = Desk::new();
    let (first, second) = (turn(&mut desk.town, 1), turn(&mut desk.town, 2));
    let notice =
        crate::authority::notice(&desk.town.election, &desk.town.authority, "Hello.", &mut desk.town.rng).unwrap();
    let head = head(&desk.town);
    for mixed in [&[][..], &[first.clone(), second.clone()], &[second.clone(), notice.clone()]] {
        assert!(matches!(Answer::write(&desk.path("new"), &desk.f, &head, mixed), Err(CarryFault::Malformed(_))));
    }
    assert!(matches!(COMMIT.check_answer(std::slice::from_ref(&first)), Err(CarryFault::OtherParty { .. })));
    assert!(matches!(COMMIT.check_answer(&[notice]), Err(CarryFault::OtherParty { .. })));
    let deal = Asked { step: Step::Deal, ..COMMIT };
    let found = deal.check_answer(std::slice::from_ref(&second));
    assert!(matches!(found, Err(CarryFault::OtherStep { asked: Step::Deal, found: Step::Commit })));
    COMMIT.check_answer(std::slice::from_ref(&second)).unwrap();
    let before = fs::read(&desk.answer).unwrap();
    let found = Answer::write(&desk.answer, &desk.f, &head, &[second]);
    assert!(matches!(found, Err(CarryFault::Exists(_))));
    assert_eq!(fs::read(&desk.answer).unwrap(), before);
    let left: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "record, request and answer: {left:?}");
}

/// AIR-6.
#[test]
fn a_step_has_its_place() {
    let mut town = Fixture::new(2, 3, 2);
    let asked = |town: &Fixture, trustee| Asked::awaited_from(trustee, &town.election).map(|asked| asked.step);
    for step in [Step::Commit, Step::Deal, Step::Check, Step::Rehearse] {
        assert_eq!(asked(&town, 2).unwrap(), step);
        for other in [Step::Commit, Step::Deal, Step::Check, Step::Rehearse, Step::Decrypt] {
            let place = Asked { step: other, ..COMMIT }.check_place(&town.election);
            assert_eq!(place.is_ok(), other == step, "{other} at {step}");
        }
        for trustee in [2, 1, 3] {
            let submission = turn(&mut town, trustee);
            town.post(submission);
            if trustee != 3 {
                let waits = asked(&town, 2).unwrap_err().to_string();
                assert!(waits.contains("nothing is awaited from trustee 2") && waits.contains("trustees"), "{waits}");
            }
        }
    }
    assert!(asked(&town, 2).is_err());
    Asked { step: Step::Rehearse, ..COMMIT }.check_place(&town.election).unwrap();
    let manifest = town.election.manifest();
    COMMIT.check_party(manifest).unwrap();
    for (party, step) in [
        (Author::Trustee(4), Step::Commit),
        (Author::Trustee(0), Step::Commit),
        (Author::Registrar(3), Step::Roll),
        (Author::Authority, Step::Commit),
        (Author::Trustee(1), Step::Open),
    ] {
        assert!(matches!(Asked { party, step }.check_party(manifest), Err(CarryFault::NotTheirs(_))));
    }
}

/// AIR-7: a machine that remembers no earlier reading is not led back either: its keystore knows how far it was.
#[test]
fn a_keystore_is_never_led_back() {
    let mut town = Fixture::new(2, 3, 2);
    let mut stages = vec![town.entries.len()];
    for _ in [Step::Commit, Step::Deal, Step::Check, Step::Rehearse] {
        for trustee in 1..=3 {
            let submission = turn(&mut town, trustee);
            town.post(submission);
        }
        stages.push(town.entries.len());
    }
    let replay = |size: usize| {
        let mut election = protocol::Election::begin(&town.entries[0]).unwrap();
        town.entries[1..size].iter().for_each(|entry: &Entry| election.apply(entry).unwrap());
        election
    };
    let mut rng = crate::fixture::rng(3);
    let mut refused = |size: usize| {
        crate::ceremony::next_step(&replay(size), &town.trustees[1], &mut rng).err().map(|refusal| refusal.to_string())
    };
    assert_eq!(refused(town.entries.len()), None);
    assert!(refused(stages[3]).is_none(), "the joint key is there, the rehearsal is made again");
    assert!(refused(stages[3] - 1).unwrap().contains("accepted a joint key"));
    assert!(refused(stages[1] + 1).unwrap().contains("accepted a joint key"));
}

/// AIR-9: twice is harmless; too late is refused with the reason, and so is what the fold refuses for any other.
#[test]
fn an_answer_is_tried_before_it_is_sent() {
    let mut desk = Desk::new();
    let answer = Answer::read(&desk.answer, &desk.f).unwrap();
    let replay = |town: &Fixture| {
        let mut election = protocol::Election::begin(&town.entries[0]).unwrap();
        town.entries[1..].iter().for_each(|entry: &Entry| election.apply(entry).unwrap());
        election
    };
    let pending = answer.pending(&mut replay(&desk.town)).unwrap();
    assert_eq!((pending.missing.len(), pending.present), (1, 0));
    desk.town.post(answer.submissions[0].clone());
    let pending = answer.pending(&mut replay(&desk.town)).unwrap();
    assert_eq!((pending.missing.len(), pending.present), (0, 1), "imported again");
    // Trustee 3's answer comes after the stage has ended without it.
    let commitment = turn(&mut desk.town, 3);
    Answer::write(&desk.path("late"), &desk.f, &head(&desk.town), &[commitment]).unwrap();
    let commitment = turn(&mut desk.town, 1);
    desk.town.post(commitment);
    let due = desk.town.election.manifest().stage_deadlines[0];
    let end = crate::authority::stage_end(&desk.town.election, &desk.town.authority, &[], due, &mut desk.town.rng);
    desk.town.post(end.unwrap());
    let late = Answer::read(&desk.path("late"), &desk.f).unwrap();
    match late.pending(&mut replay(&desk.town)) {
        Err(fault @ CarryFault::Refused { .. }) => {
            let told = fault.to_string();
            assert!(told.contains("CER-1") && told.contains("stage 2 of 4"), "{told}");
        }
        other => panic!("{other:?}"),
    }
    // A signature that is not the trustee's.
    let mut parts = items(&fs::read(&desk.answer).unwrap());
    let last = parts[2].len() - 1;
    parts[2][last] ^= 1;
    fs::write(desk.path("forged"), sealed(&parts)).unwrap();
    let forged = Answer::read(&desk.path("forged"), &desk.f).unwrap();
    let mut fresh = protocol::Election::begin(&desk.town.entries[0]).unwrap();
    let refused = forged.pending(&mut fresh).unwrap_err();
    assert!(matches!(&refused, CarryFault::Refused { rejection, .. } if rejection.rule() == Rule::Ent5), "{refused}");
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
