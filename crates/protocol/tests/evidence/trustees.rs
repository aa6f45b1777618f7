//! What trustees signed, and what the log did with it (EVD-16 to EVD-18).

use crate::world::{History, MINUTE, World, all, ballot, closing, notice, trustee};
use protocol::{
    Author, Body, Entry, Evidence, Submission,
    body::{CeremonyConfirmation, Complaint, Dealing, DealingCommitment, PartialDecryption, Rehearsal, StageEnd},
    evidence::{Cleared, CulpritKey, EvidenceFault, Finding, Kind, MessageStep, Part, Role},
    fingerprint,
    ids::{DealingsFingerprint, EntryHash, JointKeyFingerprint, PartHash},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tlog::{merkle::leaf_hash, proof::Receipt};

fn commitment(twist: u8) -> Body {
    Body::DealingCommitment(DealingCommitment { parts: vec![PartHash([twist; 32])] })
}

fn dealing(part: u32, twist: u8) -> Body {
    Body::Dealing(Dealing { part, coefficients: Vec::new(), possession: [twist; 64], boxes: Vec::new() })
}

fn confirmation(complaints: &[u32]) -> Body {
    let dealings = DealingsFingerprint([7; 32]);
    Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints: complaints.to_vec() })
}

fn partial(contest: u32, point: u32, twist: u8) -> Body {
    let partials = vec![trustee(point).public()];
    Body::PartialDecryption(PartialDecryption { contest, group: 0, partials, proof: [twist; 96] })
}

fn rehearsal(twist: u8) -> Body {
    let (joint_key, entry_hash) = (JointKeyFingerprint([1; 32]), EntryHash([2; 32]));
    Body::Rehearsal(Rehearsal { joint_key, entry: 3, entry_hash, proof: [twist; 96] })
}

fn stage_end(stage: u32) -> Body {
    Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() })
}

/// Through its bytes, as anyone would get it.
fn check(evidence: &Evidence) -> Result<Finding, EvidenceFault> {
    Evidence::decode(&evidence.encode()).unwrap().check()
}

fn two(world: &World, (one, body): (u32, &Body), (other, second): (u32, &Body)) -> Evidence {
    Evidence::two_messages(&world.manifest, &world.by_trustee(one, body), &world.by_trustee(other, second))
}

/// A message of trustee 2 promised as entry `place`, and the log as everybody is shown it: without it, the stage ended by entry `end`.
fn left_out(world: &World, message: &Body, place: u64, end: (u64, &Body), author: u32) -> (Receipt, Receipt, Evidence) {
    let (mut told, mut shown) = (History::told(place, place, 0), History::told(end.0, place.min(end.0), 1));
    told.push_signed(MINUTE + place, world.by_trustee(author, message));
    shown.push(end.1);
    let last = u64::try_from(shown.entries.len()).unwrap();
    let index = usize::try_from(place).unwrap();
    let promise = world.receipt(&told, index, place + 1, &[]);
    let ending = world.receipt(&shown, shown.entries.len() - 1, last, &all(9));
    let place = if place < last { index } else { shown.entries.len() - 1 };
    let there = world.receipt(&shown, place, last, &all(9));
    let leaf = leaf_hash(&shown.entries[place]);
    let evidence = Evidence::left_out(&world.manifest, &promise, (&there, &leaf), &ending);
    (promise, ending, evidence)
}

/// One file of each claim about trustees.
pub(crate) fn files() -> Vec<(&'static str, Evidence)> {
    let world = World::with_trustees();
    let (_, _, at_the_end) = left_out(&world, &confirmation(&[]), 7, (9, &stage_end(3)), 2);
    let (_, _, in_its_place) = left_out(&world, &rehearsal(4), 7, (7, &stage_end(4)), 1);
    vec![
        ("two-messages", two(&world, (2, &commitment(1)), (2, &commitment(2)))),
        ("left-out", at_the_end),
        ("left-out", in_its_place),
        ("ended-without", earlier_minute(&world, &confirmation(&[]), 3, 3)),
        ("left-out", in_a_successor(&world)),
        ("ended-without", earlier_minute(&world, &rehearsal(4), 4, 1)),
    ]
}

/// EVD-2, EVD-17: in a log that continues another, where the leaf's number is not the entry's index.
fn in_a_successor(world: &World) -> Evidence {
    let (next, entry) = world.continued(&History::told(6, 6, 0));
    let (mut told, mut shown) = (History::told(0, 0, 0), History::told(0, 0, 0));
    told.push_bytes(entry.clone());
    shown.push_bytes(entry.clone());
    let message = world.by_trustee(2, &confirmation(&[]));
    told.push_bytes(Entry::new(7, EntryHash([0; 32]), MINUTE + 7, message).encode());
    shown.push_as(7, MINUTE + 7, &stage_end(3));
    let (promise, ending) = (next.receipt(&told, 1, 2, &[]), next.receipt(&shown, 1, 2, &all(9)));
    let leaf = leaf_hash(&shown.entries[1]);
    Evidence::left_out(&world.manifest, &promise, (&ending, &leaf), &ending).continued(&[entry])
}

/// Files about trustees that show nothing, and why.
pub(crate) fn refused() -> Vec<(&'static str, Evidence)> {
    let world = World::with_trustees();
    let (_, _, late) = left_out(&world, &confirmation(&[]), 7, (5, &stage_end(3)), 2);
    let (_, _, other) = left_out(&world, &confirmation(&[]), 7, (9, &stage_end(2)), 2);
    let honest = world.by_trustee(2, &commitment(1));
    let (author, body) = (Author::Trustee(2).encode(), commitment(2).encode());
    let unsigned = Submission::from_parts(author, body, honest.signature_bytes().to_vec());
    let (f, mut rng) = (fingerprint::election(&world.manifest), ChaCha20Rng::seed_from_u64(3));
    // Signed by trustee 2, but no commitments: their only hash is too short.
    let short = [1, 2].map(|twist| {
        let body = [&[0x82, 2, 0x81, 0x81, 0x58, 31][..], &[twist; 31]].concat();
        Submission::sign(&f, &Author::Trustee(2), body, &trustee(2), &mut rng).unwrap()
    });
    vec![
        ("EVD-16: two messages that are none", Evidence::two_messages(&world.manifest, &short[0], &short[1])),
        ("EVD-16: a signature of another message", Evidence::two_messages(&world.manifest, &honest, &unsigned)),
        ("EVD-17: a message that its author did not sign", unsigned_left_out(&world, unsigned)),
        ("EVD-16: one message twice", two(&world, (2, &commitment(1)), (2, &commitment(1)))),
        ("EVD-16: two trustees", two(&world, (1, &commitment(1)), (2, &commitment(2)))),
        ("EVD-16: two parts of a dealing", two(&world, (2, &dealing(0, 1)), (2, &dealing(1, 2)))),
        ("EVD-16: rehearsals", two(&world, (2, &rehearsal(1)), (2, &rehearsal(2)))),
        ("EVD-16: one set of points, two proofs", two(&world, (2, &partial(0, 1, 1)), (2, &partial(0, 1, 2)))),
        ("EVD-17: behind the end of the stage", late),
        ("EVD-17: the end of another stage", other),
        ("EVD-7: a rehearsal in the minute of the end of stage 4", earlier_minute(&world, &rehearsal(4), 4, 0)),
        ("EVD-7: a rehearsal and the end of stage 3", earlier_minute(&world, &rehearsal(4), 3, 3)),
    ]
}

fn unsigned_left_out(world: &World, message: Submission) -> Evidence {
    let (mut told, mut shown) = (History::told(7, 7, 0), History::told(7, 7, 0));
    told.push_signed(MINUTE + 7, message);
    shown.push(&stage_end(1));
    let (promise, ending) = (world.receipt(&told, 7, 8, &[]), world.receipt(&shown, 7, 8, &all(9)));
    let leaf = leaf_hash(&shown.entries[7]);
    Evidence::left_out(&world.manifest, &promise, (&ending, &leaf), &ending)
}

/// EVD-7, EVD-18: the promised place is behind the end, and the promised entry's minute is so much before it.
fn earlier_minute(world: &World, message: &Body, stage: u32, minutes: u64) -> Evidence {
    let (mut told, mut shown) = (History::told(9, 9, 0), History::told(6, 6, 0));
    shown.push(&stage_end(stage));
    told.push_signed(MINUTE + 6 - minutes, world.by_trustee(2, message));
    let promise = world.receipt(&told, 9, 10, &[]);
    let ending = world.receipt(&shown, 6, 7, &all(9));
    Evidence::ended_without(&world.manifest, &promise, &ending)
}

/// THR-62, EVD-16, CER-45: whoever signed two messages for one step is convicted by the two alone.
#[test]
fn two_messages_for_one_step_convict_the_trustee() {
    let world = World::with_trustees();
    for (one, other) in [
        (commitment(1), commitment(2)),
        (dealing(3, 1), dealing(3, 2)),
        (confirmation(&[]), confirmation(&[1])),
        (partial(1, 1, 5), partial(1, 2, 5)),
    ] {
        for (one, other) in [(&one, &other), (&other, &one)] {
            let finding = check(&two(&world, (2, one), (2, other))).unwrap();
            assert!(finding.kind == Kind::TwoMessages && finding.cleared.is_none() && !finding.open.is_empty());
            let culprit = &finding.culprits[..];
            assert!(matches!(culprit, [culprit] if culprit.role == Role::Trustee && culprit.name == "2 (Trustee 2)"));
            assert_eq!(culprit[0].key, CulpritKey::Entry(trustee(2).public()));
        }
    }
}

/// EVD-16: what an honest trustee may sign, or what it did not sign, convicts it of nothing.
#[test]
fn what_may_be_sent_again_convicts_nobody() {
    let world = World::with_trustees();
    let fault = |one: (u32, &Body), other: (u32, &Body)| check(&two(&world, one, other)).unwrap_err();
    let complaint = |twist| {
        let (dealer, part, shared_point) = (1, 0, trustee(1).public());
        Body::Complaint(Complaint { dealer, part, shared_point, proof: [twist; 96] })
    };
    assert_eq!(fault((2, &commitment(1)), (2, &commitment(1))), EvidenceFault::OneMessage);
    assert_eq!(fault((2, &partial(0, 1, 1)), (2, &partial(0, 1, 2))), EvidenceFault::SamePoints);
    for again in [rehearsal, complaint] {
        let fault = fault((2, &again(1)), (2, &again(2)));
        assert!(matches!(fault, EvidenceFault::NoStep { part: Part::First, .. }), "{fault:?}");
    }
    for (one, other) in [
        ((1, &commitment(1)), (2, &commitment(2))),
        ((2, &commitment(1)), (2, &confirmation(&[]))),
        ((2, &dealing(0, 1)), (2, &dealing(1, 1))),
        ((2, &partial(0, 1, 1)), (2, &partial(1, 2, 1))),
    ] {
        assert!(matches!(fault(one, other), EvidenceFault::OtherStep { .. }));
    }
    assert!(matches!(
        fault((1, &commitment(1)), (2, &commitment(2))),
        EvidenceFault::OtherStep { first: (_, MessageStep::Commitment), second: (_, MessageStep::Commitment) }
    ));
    // The same signature under a second form of signing: a signature covers no signature, so this is one message.
    let (f, mut rng) = (fingerprint::election(&world.manifest), ChaCha20Rng::seed_from_u64(77));
    let once = world.by_trustee(2, &commitment(1));
    let again = Submission::sign(&f, &Author::Trustee(2), commitment(1).encode(), &trustee(2), &mut rng).unwrap();
    assert_ne!(once, again);
    assert_eq!(check(&Evidence::two_messages(&world.manifest, &once, &again)), Err(EvidenceFault::OneMessage));
    // Another's key, another election, nobody's number, the authority's word.
    let forged = Submission::sign(&f, &Author::Trustee(2), commitment(2).encode(), &trustee(1), &mut rng).unwrap();
    let elsewhere = World::new().by_trustee(2, &commitment(2));
    let nobody = Submission::sign(&f, &Author::Trustee(3), commitment(2).encode(), &trustee(2), &mut rng).unwrap();
    let zero = Submission::sign(&f, &Author::Trustee(0), commitment(2).encode(), &trustee(2), &mut rng).unwrap();
    let authority = Submission::sign(&f, &Author::Authority, commitment(2).encode(), &trustee(2), &mut rng).unwrap();
    for foreign in [forged, elsewhere, nobody, zero, authority] {
        let outcome = check(&Evidence::two_messages(&world.manifest, &once, &foreign));
        assert!(matches!(outcome, Err(EvidenceFault::NotByTrustee { rule: "EVD-16", .. })), "{outcome:?}");
    }
    // It is about no log.
    let honest = two(&world, (2, &commitment(1)), (2, &commitment(2)));
    let (_, entry) = world.continued(&History::told(6, 6, 0));
    assert_eq!(check(&honest.continued(&[entry])), Err(EvidenceFault::AboutNoLog));
}

/// THR-63, EVD-17, EVD-18: the log promised the message, and ended the stage without it.
#[test]
fn a_promised_message_that_the_end_left_out() {
    let world = World::with_trustees();
    for (message, stage) in [(commitment(1), 1), (dealing(2, 1), 2), (confirmation(&[1]), 3), (rehearsal(1), 4)] {
        for end in [7, 8, 12] {
            let (_, _, evidence) = left_out(&world, &message, 7, (end, &stage_end(stage)), 2);
            let finding = check(&evidence).unwrap();
            assert_eq!((finding.kind, finding.culprits.len()), (Kind::BrokenPromise, 1));
            assert_eq!(finding.culprits[0].key, world.log.verifier_key());
            let Some(Cleared { trustee: 2, name, stage: of, promised }) = finding.cleared else {
                panic!("not cleared")
            };
            assert_eq!((name.as_str(), of, promised.index), ("Trustee 2", stage, 7));
            assert!(finding.open.iter().any(|open| open.contains("first 7 entries")), "{:?}", finding.open);
        }
        // Another stage's end, or none; a stage ended before the place; a stranger's message.
        for (end, body, author) in [(9, stage_end(stage % 4 + 1), 2), (9, closing(), 2), (9, notice("no end"), 2)] {
            let (_, _, evidence) = left_out(&world, &message, 7, (end, &body), author);
            assert!(matches!(check(&evidence), Err(EvidenceFault::OtherStage(..))));
        }
        let (_, _, late) = left_out(&world, &message, 7, (5, &stage_end(stage)), 2);
        assert!(matches!(check(&late), Err(EvidenceFault::Elsewhere { .. })));
    }
    let f = fingerprint::election(&world.manifest);
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let forged = Submission::sign(&f, &Author::Trustee(2), confirmation(&[]).encode(), &trustee(1), &mut rng).unwrap();
    let (mut told, mut shown) = (History::told(7, 7, 0), History::told(7, 7, 0));
    told.push_signed(MINUTE, forged);
    shown.push(&stage_end(3));
    let promise = world.receipt(&told, 7, 8, &[]);
    let ending = world.receipt(&shown, 7, 8, &all(9));
    let leaf = leaf_hash(&shown.entries[7]);
    let outcome = check(&Evidence::left_out(&world.manifest, &promise, (&ending, &leaf), &ending));
    assert!(matches!(outcome, Err(EvidenceFault::NotByTrustee { rule: "EVD-17", part: Part::Promise })));
    // The log alone is convicted of that one; it should not have promised it.
    let other = check(&Evidence::other_entry(&world.manifest, &promise, &ending, &leaf)).unwrap();
    assert!(other.is_proved() && other.cleared.is_none());
    // What no stage asks for.
    let (_, _, ballot) = left_out(&world, &ballot(1), 7, (9, &stage_end(3)), 2);
    assert_eq!(check(&ballot), Err(EvidenceFault::NotAsked("Ballot")));
}

/// EVD-17: the promised place, attested and with something else in it, under the very checkpoint that shows the end.
#[test]
fn what_was_kept_or_is_not_attested_clears_nobody() {
    let world = World::with_trustees();
    let mut shown = History::told(7, 7, 0);
    shown.push_signed(MINUTE + 7, world.by_trustee(2, &confirmation(&[])));
    shown.push(&stage_end(3));
    let mut other = History::told(8, 7, 1);
    other.push(&stage_end(3));
    let claim = |told: &History, place: (&History, u64, &[_]), end: (&History, usize, u64, &[_])| {
        let promise = world.receipt(told, 7, 8, &[]);
        let there = world.receipt(place.0, 7, place.1, place.2);
        let ending = world.receipt(end.0, end.1, end.2, end.3);
        check(&Evidence::left_out(&world.manifest, &promise, (&there, &leaf_hash(&place.0.entries[7])), &ending))
    };
    let quorum = &all(9)[..3];
    assert!(claim(&shown, (&other, 9, quorum), (&other, 8, 9, quorum)).is_ok());
    let kept = claim(&shown, (&shown, 9, quorum), (&shown, 8, 9, quorum));
    assert_eq!(kept, Err(EvidenceFault::Kept));
    let alone = claim(&shown, (&other, 9, &all(9)[..2]), (&other, 8, 9, &all(9)[..2]));
    assert_eq!(alone, Err(EvidenceFault::NoQuorum { rule: "EVD-6", part: Part::Shown }));
    for ending in [(&other, 8, 9, &all(9)[..]), (&other, 8, 9, &all(8)[..3]), (&shown, 8, 9, quorum)] {
        assert_eq!(claim(&shown, (&other, 9, quorum), ending), Err(EvidenceFault::TwoTrees));
    }
}

/// EVD-18: behind the end, only an earlier minute in the log's own promise clears; the log is convicted either way (EVD-7).
#[test]
fn a_promise_behind_the_end_clears_by_its_minute_alone() {
    let world = World::with_trustees();
    for (minutes, clears) in [(3, true), (1, true), (0, false)] {
        for (message, stage) in [(commitment(1), 1), (dealing(0, 1), 2), (confirmation(&[]), 3)] {
            let finding = check(&earlier_minute(&world, &message, stage, minutes)).unwrap();
            assert_eq!((finding.is_proved(), finding.cleared.is_some(), finding.open.len()), (true, clears, 1));
        }
        // Rehearsals come after stage 4 too: of the same minute it may still come, and the log is convicted of nothing.
        match check(&earlier_minute(&world, &rehearsal(1), 4, minutes)) {
            Ok(finding) => assert!(clears && finding.is_proved() && finding.cleared.is_some_and(|one| one.stage == 4)),
            Err(fault) => assert!(!clears && matches!(fault, EvidenceFault::NotEnded { .. }), "{fault:?}"),
        }
        let other = check(&earlier_minute(&world, &rehearsal(1), 3, minutes));
        assert!(matches!(other, Err(EvidenceFault::NotEnded { .. })), "{other:?}");
    }
}
