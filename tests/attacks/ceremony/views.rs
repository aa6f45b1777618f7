//! Trustees that see different things, nothing, or too little of what they did; or all, and leave (THR-19, THR-76 to
//! THR-78).

use super::{at_check, closes, confirm, end, is_held, tool_moves, votes, with_a_tool};
use crate::{replay, rule, trustee};
use crypto::{Scalar, group::G};
use protocol::{
    Body, Evidence, Phase,
    election::{CeremonyFailure, Departure, Stage},
};
use trustee_tools::{decryption, recovery::Sheet, refusal::Refusal};
use vitrine_tests::{Drill, Options, drill::place};

/// Stages 1 and 2, where the dealings are given and trustee 1 is the tool.
fn deal(drill: &mut Drill, secrets: &mut trustee_tools::secrets::TrusteeSecrets, second: &Body, third: &Body) {
    tool_moves(drill, secrets).unwrap();
    for (who, body) in [(2, second), (3, third)] {
        drill.commit(who, std::slice::from_ref(body)).unwrap();
    }
    tool_moves(drill, secrets).unwrap();
    for (who, body) in [(2, second), (3, third)] {
        trustee(drill, who, body).unwrap();
    }
}

/// THR-77: a board shows trustee 1 another history than trustee 2, and dealer 3 deals otherwise in each: a key would be made of both. The
/// confirmation of one is worth nothing in the other, and no second one is made; the dealer's two commitments convict it.
#[test]
fn split_view_of_dealings() {
    let (mut drill, mut secrets) = with_a_tool();
    let begun = drill.entries.clone();
    let second = drill.dealing(2).remove(0);
    let [one, other] = [drill.dealing(3).remove(0), drill.dealing(3).remove(0)];
    deal(&mut drill, &mut secrets, &second, &one);
    let confirmation = tool_moves(&mut drill, &mut secrets).unwrap().remove(0);
    let shown = std::mem::replace(&mut drill.entries, begun.clone());
    drill.election = replay(&begun);
    deal(&mut drill, &mut secrets, &second, &other);
    assert_eq!(drill.election.ceremony().stage(), Stage::Check);
    let kept = replay(&shown).ceremony().fingerprint().unwrap();
    let found = drill.election.ceremony().fingerprint().unwrap();
    assert_eq!(tool_moves(&mut drill, &mut secrets).unwrap_err(), Refusal::OtherDealings { kept, found });
    assert_eq!(rule(drill.apply(confirmation)), "CER-7");

    // What dealer 3 signed for stage 1, and for stage 2, here and there.
    let manifest = begun[0].submission().body_bytes().to_vec();
    let by_the_third = |entries: &[protocol::Entry]| -> Vec<_> {
        let submissions = entries.iter().map(|entry| entry.submission().clone());
        submissions.filter(|one| one.author_bytes() == protocol::Author::Trustee(3).encode()).collect()
    };
    for (here, there) in by_the_third(&shown).iter().zip(&by_the_third(&drill.entries)) {
        let finding = Evidence::two_messages(&manifest, here, there).check().unwrap();
        assert!(matches!(&finding.culprits[..], [culprit] if culprit.name == "3 (Trustee 3)"));
    }
    // The history that trustee 1 was shown first goes on with everybody.
    drill.election = replay(&shown);
    drill.entries = shown;
    confirm(&mut drill, &[2, 3]);
    tool_moves(&mut drill, &mut secrets).unwrap();
    for who in [2, 3] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    votes(&mut drill, &[]);
}

/// THR-76: who says nothing in stage 3 leaves when the stage has ended, however well it dealt; if too few are left, nobody but the silent is named.
#[test]
fn missing_confirmation() {
    let mut drill = at_check(|_, _| {});
    confirm(&mut drill, &[1, 2]);
    assert_eq!(drill.election.ceremony().stage(), Stage::Check);
    assert!(drill.election.joint_key().is_none(), "no key is made without its confirmation");
    end(&mut drill, 3);
    assert_eq!(rule(drill.confirm(3)), "CER-1");
    assert_eq!(drill.election.joint_key().unwrap().qualified, [1, 2]);
    is_held(&mut drill, &[(3, Stage::Check, Departure::Silent)]);

    let mut drill = at_check(|_, _| {});
    confirm(&mut drill, &[1]);
    end(&mut drill, 3);
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.failure(), Some(&CeremonyFailure::TooFew(Stage::Check)));
    assert!(ceremony.departures().keys().copied().eq([2, 3]));
    assert_eq!(drill.election.phase(), Phase::Failed);
}

/// THR-78: a keystore made of the recovery sheet deals nothing, so that two polynomials are never mixed; it does every later step from the record, and
/// answers no closing without its owner's word. The first keystore, which does not know what the restored one did, does nothing more.
#[test]
fn restored_keystore() {
    let (mut drill, mut first) = with_a_tool();
    let sheet = Sheet::of(&first).unwrap();
    let restored = || sheet.secrets().unwrap();
    assert_eq!(tool_moves(&mut drill, &mut restored()).unwrap_err(), Refusal::NoDealing);
    let [second, third] = [2, 3].map(|who| drill.dealing(who).remove(0));
    deal(&mut drill, &mut first, &second, &third);
    assert_eq!(tool_moves(&mut drill, &mut restored()).unwrap().len(), 1, "its confirmation");
    assert_eq!(tool_moves(&mut drill, &mut first).unwrap_err(), Refusal::OldCopy("a confirmation"));
    confirm(&mut drill, &[2, 3]);
    assert_eq!(tool_moves(&mut drill, &mut restored()).unwrap().len(), 1, "its rehearsal");
    for who in [2, 3] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    closes(&mut drill, &[]);
    let mut last = restored();
    let refused = loop {
        match decryption::next_step(&drill.election, &last, &mut drill.rng) {
            Ok(trustee_tools::ceremony::Step::Store(note)) => last.remember(note),
            Ok(step) => panic!("this should have been refused: {step:?}"),
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refused, Refusal::RestoredMayHaveAnswered);
}

/// THR-19: two dealers have seen all dealings, and choose who of them leaves by a false complaint. They choose among four keys, in each of
/// which the honest dealers' part is the same; and whoever leaves is named for it.
#[test]
fn a_key_chosen_by_leaving() {
    let mut keys = Vec::new();
    for leaving in [&[][..], &[3], &[4], &[3, 4]] {
        let mut drill = Drill::begin(Options { trustees: (2, 2, 4), ..Options::simple(3) });
        let parts: Vec<Body> = (1..=4).map(|who| drill.dealing(who).remove(0)).collect();
        crate::trustees::deal_all(&mut drill, &parts).unwrap();
        for who in leaving {
            let body = drill.complaint(*who, 1);
            trustee(&mut drill, *who, &body).unwrap();
        }
        confirm(&mut drill, &[1, 2, 3, 4]);
        let joint_key = drill.election.joint_key().unwrap();
        let constant = |who: u32| *drill.trustees[place(who)].polynomials[0].coefficients()[0].expose();
        let stayed = [3, 4].into_iter().filter(|who| !leaving.contains(who));
        let known: Scalar = stayed.map(constant).sum();
        let key = joint_key.keys.slot_keys().encoded()[0];
        let honest = key.decode().unwrap() - G * known;
        assert_eq!(honest, G * (constant(1) + constant(2)), "what nobody alone knows is in every one of them");
        keys.push(key);
        let left: Vec<_> = leaving.iter().map(|who| (*who, Stage::Check, Departure::FalseComplaint)).collect();
        is_held(&mut drill, &left);
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}
