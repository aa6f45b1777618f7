mod bytes;

use super::*;
use crate::{ceremony::Step as Turn, fixture::Fixture};
use bytes::{items, sealed};
use protocol::{Author, Rule, Submission, entry::Entry, ids::ElectionFingerprint};
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
