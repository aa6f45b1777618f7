//! The clock of the ceremony, used against those who are in time (THR-61).

use crate::{authority, rule, trustee};
use protocol::{
    Body, Evidence, Rejection,
    body::StageEnd,
    election::{Departure, Stage},
    manifest::Waiver,
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::Note,
    proof::Receipt,
};
use vitrine_tests::{Drill, Options, drill::place};

/// The authority ends a stage with the only witness's word that this minute has come.
fn end(drill: &mut Drill, stage: u32, witness: &CosignerKey, minute: u64) -> Result<u64, Rejection> {
    let head = Checkpoint::new(drill.board.name(), drill.election.size(), drill.election.root()).unwrap();
    end_with(drill, stage, &head, witness, minute)
}

/// The same, with its word about this tree.
fn end_with(
    drill: &mut Drill,
    stage: u32,
    head: &Checkpoint,
    witness: &CosignerKey,
    minute: u64,
) -> Result<u64, Rejection> {
    let mut note = Note::parse(checkpoint::sign(head, &drill.board).unwrap().as_bytes()).unwrap();
    note.add(witness.cosign(head, minute * 60).unwrap()).unwrap();
    authority(drill, &Body::StageEnd(StageEnd { stage, evidence: note.encode().into_bytes().into() }))
}

/// A drill whose log has one witness, and the witness.
fn witnessed() -> (Drill, CosignerKey) {
    let witness = CosignerKey::from_seed("witness.example", &[7; 32]).unwrap();
    let mut drill = Drill::begin(Options::simple(3));
    drill.remake(|manifest| {
        manifest.policy = format!("log {}\nwitness w {}\nquorum w\n", manifest.log_key, witness.verifier_key());
        manifest.waivers.retain(|waiver| *waiver != Waiver::NoWitnesses);
    });
    (drill, witness)
}

/// THR-61: trustee 3 deals when the deadline of the stage *after* is about to come, and wants the others to be too late for that one. With
/// the authority's help it would be the only one left that chose its key.
#[test]
fn nobody_is_overdue_who_had_no_time() {
    let (mut drill, witness) = witnessed();
    let [first, second, third, fourth] = drill.election.manifest().stage_deadlines;
    let dealings = crate::trustees::dealings(&mut drill);
    for (who, dealing) in (1..).zip(&dealings) {
        drill.commit(who, std::slice::from_ref(dealing)).unwrap();
    }
    assert_eq!(drill.election.evidence_due(), Some(second), "a stage that begins early is not due early");
    for who in [1, 2] {
        trustee(&mut drill, who, &dealings[place(who)]).unwrap();
    }
    // Nobody ended stage 2 when it was due. It is over now, and stage 3 has just begun, one minute before its deadline.
    drill.now = third - 1;
    trustee(&mut drill, 3, &dealings[2]).unwrap();
    drill.confirm(3).unwrap();
    let due = third - 1 + (third - second);
    assert_eq!(drill.election.evidence_due(), Some(due));
    for minute in [third, due - 1] {
        assert_eq!(rule(end(&mut drill, 3, &witness, minute)), "CLO-2");
    }
    drill.now = due - 1;
    drill.confirm(1).unwrap();
    // Who does not use the time it was promised is silent all the same.
    drill.now = due;
    end(&mut drill, 3, &witness, due).unwrap();
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.departures()[&2], (Stage::Check, Departure::Silent));
    assert_eq!(ceremony.departures().len(), 1);
    assert_eq!(drill.election.evidence_due(), Some(due + (fourth - third)));
    assert!(first < second);
}

/// THR-61, CER-29, EVD-9: a board that states a year too late a minute does not keep a stage, and so the election, from ending: the witnesses'
/// clocks had not come there, and their word on the very tree convicts the log.
#[test]
fn a_stage_does_not_begin_in_the_future() {
    let (mut drill, witness) = witnessed();
    let [_, second, ..] = drill.election.manifest().stage_deadlines;
    let dealings = crate::trustees::dealings(&mut drill);
    for (who, dealing) in (1..).zip(&dealings[..2]) {
        drill.commit(who, std::slice::from_ref(dealing)).unwrap();
    }
    drill.now = second + 500_000;
    let began = drill.now;
    drill.commit(3, &dealings[2..]).unwrap();
    for who in [1, 3] {
        trustee(&mut drill, who, &dealings[place(who)]).unwrap();
    }
    assert!(drill.election.evidence_due() > Some(began));
    assert_eq!(drill.election.evidence_due_at(second), Some(second), "by a clock");
    assert_eq!(drill.election.evidence_due_at(began - 10), drill.election.evidence_due(), "ten minutes are tolerated");
    // Too early; so near to the stated minute that it may have been right; right, and too early for a stage that began then.
    for minute in [second - 1, began - 10, began + 1] {
        assert_eq!(rule(end(&mut drill, 2, &witness, minute)), "CLO-2");
    }
    let leaves: Vec<Vec<u8>> = drill.entries.iter().map(protocol::Entry::encode).collect();
    let mut tree = Tree::new();
    leaves.iter().for_each(|entry| tree.append(leaf_hash(entry)));
    let head = Checkpoint::new(drill.board.name(), tree.size(), tree.root()).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &drill.board).unwrap().as_bytes()).unwrap();
    note.add(witness.cosign(&head, second * 60).unwrap()).unwrap();
    let receipt = |index: u64| Receipt {
        extra: leaves[usize::try_from(index).unwrap()].clone(),
        index,
        path: tree.prove_inclusion(index, tree.size()).unwrap(),
        checkpoint_note: note.encode(),
    };
    let submission = drill.entries[0].submission();
    let convicts =
        |index| Evidence::ahead(submission.body_bytes(), &receipt(index)).check().is_ok_and(|one| one.is_proved());
    let ended = drill.election.ceremony().ended_at(Stage::Commit).unwrap();
    assert!(convicts(ended) && !convicts(ended - 1));
    end(&mut drill, 2, &witness, began - 11).unwrap();
    assert_eq!(drill.election.ceremony().departures().keys().copied().collect::<Vec<_>>(), [2]);
}

/// THR-79: the authority ends a stage by what the witness said of the log before the last commitment, of a log that never was, by another
/// election's log, or of another stage; the trustee whose commitment came in time is not silent.
#[test]
fn evidence_of_other_entries() {
    let (mut drill, witness) = witnessed();
    let due = drill.election.manifest().stage_deadlines[0];
    let dealings = crate::trustees::dealings(&mut drill);
    drill.commit(1, &dealings[..1]).unwrap();
    let head = |drill: &Drill, name: &str| Checkpoint::new(name, drill.election.size(), drill.election.root()).unwrap();
    let name = drill.board.name().to_owned();
    let before = head(&drill, &name);
    drill.commit(2, &dealings[1..2]).unwrap();
    let size = drill.election.size();
    let root = drill.election.root();
    let invented = [
        Checkpoint::new(&name, size, *before.root()).unwrap(),
        Checkpoint::new(&name, size + 1, root).unwrap(),
        Checkpoint::new(&name, size - 1, root).unwrap(),
        before,
    ];
    for head in &invented {
        assert_eq!(rule(end_with(&mut drill, 1, head, &witness, due)), "CLO-2");
    }
    let stranger = CosignerKey::from_seed("witness.example", &[8; 32]).unwrap();
    assert_eq!(rule(end(&mut drill, 1, &stranger, due)), "CLO-2");
    assert_eq!(rule(end(&mut drill, 1, &witness, due - 1)), "CLO-2");
    assert_eq!(rule(end(&mut drill, 2, &witness, due)), "CER-8");
    end(&mut drill, 1, &witness, due).unwrap();
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.departures().iter().collect::<Vec<_>>(), [(&3, &(Stage::Commit, Departure::Silent))]);
    for who in [1, 2] {
        trustee(&mut drill, who, &dealings[place(who)]).unwrap();
    }
    for who in [1, 2] {
        drill.confirm(who).unwrap();
    }
    assert_eq!(drill.election.joint_key().unwrap().qualified, [1, 2]);
}
