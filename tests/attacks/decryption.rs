//! Decryptions and results (THR-20, THR-21, THR-23).

use crate::{
    ceremony::{tool_moves, with_a_tool},
    option, rule, trustee,
    trustees::{deal_all, dealings, inner},
};
use crypto::{
    EncodedPoint, SecretScalar,
    dleq::prove_equality,
    group::G,
    transcript::{Kind, Label, Transcript},
};
use protocol::{
    Body, Submission,
    body::{PartialDecryption, ResultBody},
    election::{GroupStatus, Stage},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use trustee_tools::{ceremony::Step, decryption, refusal::Refusal, secrets::TrusteeSecrets};
use vitrine_tests::{Drill, Options, drill::place};

/// THR-20: all trustees agree on totals with one vote moved, and make the partial decryptions that would give them.
#[test]
fn false_result() {
    let mut drill = Drill::opened(Options::simple(4));
    for voter in 0..4 {
        drill.cast(voter, &option(voter % 2)).unwrap();
    }
    drill.close();
    let wished = || {
        Submission::anonymous(Body::Result(ResultBody { contest: 0, group: 0, totals: vec![3, 1, 0, 0, 0] }).encode())
    };
    // No decryption at all, and false ones with the best proofs there are.
    assert_eq!(rule(drill.apply(wished())), "TAL-4");
    for who in 1..=3 {
        let body = shifted_partial(&mut drill, who);
        trustee(&mut drill, who, &body).unwrap();
    }
    assert_eq!(drill.election.groups(0)[0].wrong().len(), 3, "three wrong ones, each evidence against its author");
    assert_eq!(rule(drill.apply(wished())), "TAL-4");
    // Right ones beside a false result.
    for who in 1..=2 {
        let body = drill.partial(who, 0, 0);
        trustee(&mut drill, who, &body).unwrap();
    }
    assert_eq!(rule(drill.apply(wished())), "TAL-5");
    // Nor does anybody take it from a board that records it all the same.
    let mut entries = drill.entries.clone();
    entries.push(drill.election.next_entry(wished(), drill.now));
    let failure = crate::board::refused(&drill, &entries);
    assert_eq!((failure.rule, failure.entry), ("TAL-5", Some(drill.election.size())));
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.groups(0)[0].totals(), Some(&[2, 2, 0, 0, 0][..]));
}

/// Points that move a vote from slot 2 to slot 1, with an equality proof over these very points.
fn shifted_partial(drill: &mut Drill, who: u32) -> Body {
    let Body::PartialDecryption(right) = drill.partial(who, 0, 0) else { unreachable!("a partial is a partial") };
    let mut body = right.clone();
    for (slot, shift) in [(0, -G), (1, G)] {
        body.partials[slot] = EncodedPoint::encode(&(body.partials[slot].decode().unwrap() + shift));
    }
    let joint_key = drill.election.joint_key().unwrap();
    // The context of `decryption` (CRY-70).
    let mut transcript = Transcript::new(Kind::Decryption, &drill.election.fingerprint().0);
    transcript.bytes(Label::Closing, &drill.election.closing().unwrap().0);
    transcript.bytes(Label::JointKey, &joint_key.fingerprint.0);
    transcript.integer(Label::Contest, 0);
    transcript.integer(Label::Group, 0);
    transcript.integer(Label::Trustee, who.into());
    let shares: Vec<&SecretScalar> = drill.trustees[place(who)].key_shares.iter().collect();
    let base = drill.election.groups(0)[0].aggregate().unwrap().z();
    let images = joint_key.shares(who);
    // With the right points this very transcript gives a proof that holds.
    let honest = right.partials;
    let proof = prove_equality(transcript.clone(), &shares, &base, images, &honest, &mut drill.rng).unwrap();
    let claim = crypto::dleq::equality_claim(transcript.clone(), &base, images, &honest, &proof).unwrap();
    claim.verify(&crypto::batch::Bases::new(0, &[])).unwrap();
    let proof = prove_equality(transcript, &shares, &base, images, &body.partials, &mut drill.rng).unwrap();
    body.proof = *proof.as_bytes();
    Body::PartialDecryption(body)
}

/// THR-21: it counts for nothing, blocks nothing, and stays with its author's signature on it.
#[test]
fn wrong_partial_decryption() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &option(1)).unwrap();
    drill.close();
    let wrong = shifted_partial(&mut drill, 1);
    let index = trustee(&mut drill, 1, &wrong).unwrap();
    // Not again: a trustee cannot fill the record with them.
    let Body::PartialDecryption(mut another) = wrong else { unreachable!("a partial is a partial") };
    another.partials.rotate_left(1);
    assert_eq!(rule(trustee(&mut drill, 1, &Body::PartialDecryption(another))), "TAL-3");
    for who in [2, 3] {
        let body = drill.partial(who, 0, 0);
        trustee(&mut drill, who, &body).unwrap();
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    let group = &drill.election.groups(0)[0];
    assert_eq!((group.totals(), group.wrong().get(&1)), (Some(&[0, 1, 0, 0, 0][..]), Some(&index)));
    assert_eq!(crate::board::verdict(&drill.record(), None).word(), "valid");
}

/// THR-23: nothing a trustee says or does decrypts anything but the one set of counted ballots.
#[test]
fn trustee_as_oracle() {
    // A rehearsal serves as no decryption: its point follows from the record, and its proof is of another kind.
    let mut drill = Drill::opened(Options::simple(3));
    let Body::Rehearsal(rehearsal) = drill.rehearsal(1) else { unreachable!("a rehearsal is a rehearsal") };
    drill.cast(0, &option(1)).unwrap();
    drill.close();
    let Body::PartialDecryption(mut body) = drill.partial(1, 0, 0) else { unreachable!("a partial is a partial") };
    body.proof = rehearsal.proof;
    trustee(&mut drill, 1, &Body::PartialDecryption(body)).unwrap();
    assert!(drill.election.groups(0)[0].right().is_empty());

    // A dealer puts a ciphertext whose exponent it does not know where a complaint would raise it to the recipient's secret.
    let foreign = drill.election.groups(0)[0].aggregate().unwrap().z();
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    inner(&mut parts[0]).boxes[1].ephemeral = EncodedPoint::encode(&foreign);
    assert_eq!(rule(deal_all(&mut drill, &parts)), "CER-4");

    // One ballot, alone in its tally group: nothing is asked of anybody.
    let mut drill = Drill::opened(Options { minimum_unit: 2, ..Options::simple(3) });
    drill.cast(0, &option(1)).unwrap();
    drill.close();
    assert_eq!(drill.election.groups(0)[0].status, GroupStatus::Withheld);
    let asked = PartialDecryption { contest: 0, group: 0, partials: vec![EncodedPoint::IDENTITY; 5], proof: [0; 96] };
    assert_eq!(rule(trustee(&mut drill, 1, &Body::PartialDecryption(asked))), "ENT-7");
}

/// THR-23: after a closing was answered, a fork with one ballot more gets nothing out of the same keystore.
#[test]
fn second_closing() {
    let (mut drill, mut secrets) = with_the_tool();
    drill.publish_roll();
    drill.open();
    drill.cast(0, &option(1)).unwrap();
    let (fork, before) = (drill.entries.len(), drill.entries.clone());
    let rng = &mut ChaCha20Rng::seed_from_u64(5);
    assert!(matches!(decryption::next_step(&drill.election, &secrets, rng), Err(Refusal::Phase { .. })));
    drill.close();
    // Stored before it is answered.
    let Ok(Step::Store(note)) = decryption::next_step(&drill.election, &secrets, rng) else {
        unreachable!("nothing is answered before it is stored")
    };
    secrets.remember(note);
    let Ok(Step::Submit(answer)) = decryption::next_step(&drill.election, &secrets, rng) else {
        unreachable!("the first closing is answered")
    };
    drill.apply(answer).unwrap();

    drill.election = crate::replay(&before);
    drill.entries.truncate(fork);
    drill.cast(1, &option(2)).unwrap();
    drill.close();
    assert!(matches!(decryption::next_step(&drill.election, &secrets, rng), Err(Refusal::SecondClosing { .. })));
}

/// A drill whose trustee 1 is the real tool, at the end of the ceremony; and the tool's secrets.
fn with_the_tool() -> (Drill, TrusteeSecrets) {
    let (mut drill, mut secrets) = with_a_tool();
    let others: Vec<Body> = [2, 3].map(|who| drill.dealing(who).remove(0)).into();
    for stage in 1..=4 {
        tool_moves(&mut drill, &mut secrets).unwrap();
        for who in [2, 3] {
            match stage {
                1 => drop(drill.commit(who, &others[place(who) - 1..place(who)]).unwrap()),
                2 => drop(trustee(&mut drill, who, &others[place(who) - 1]).unwrap()),
                3 => drop(drill.confirm(who).unwrap()),
                _ => {
                    drill.take_key_shares(who);
                    drill.rehearse(who).unwrap();
                }
            }
        }
    }
    assert_eq!(drill.election.ceremony().stage(), Stage::Ended);
    (drill, secrets)
}
