//! What a dishonest trustee can do to a key ceremony. One test for each attack shows what the attacker sends, the rule that refuses it or
//! the verdict that names it, and that no other trustee leaves and the election is held.
//!
//! | attack | stopped or exposed by | test |
//! |---|---|---|
//! | bad share | a complaint that is upheld, CER-12 | `trustees::bad_share` |
//! | share that is not canonical | the same | `ceremony::dealing::share_that_is_not_canonical` |
//! | missing share | CER-4, or silence | `ceremony::dealing::missing_share` |
//! | swapped shares | CER-4, or complaints | `ceremony::dealing::swapped_shares` |
//! | wrong degree | CER-4, or a complaint; CER-11 | `ceremony::dealing::wrong_degree`, `trustees::lowered_threshold` |
//! | copied possession proof | MAN-4, CER-4 | `ceremony::dealing::copied_possession_proof` |
//! | rogue key | CER-3, CER-4, CER-11 | `trustees::rogue_key` |
//! | key chosen by leaving | not stopped, and of no use | `ceremony::views::a_key_chosen_by_leaving` |
//! | identity coefficients, identity ephemeral point | CER-4 | `ceremony::dealing::identity_coefficients` |
//! | index 0, twice, out of range | ENT-4, CER-3, CER-5, CER-7, OPN-2, TAL-3 | `ceremony::indices::index_zero_twice_or_out_of_range` |
//! | two trustees with one key | MAN-4 | `ceremony::indices::two_trustees_with_one_key` |
//! | complaint with a false proof | CER-6 | `ceremony::complaints::false_proof` |
//! | complaint for another's ciphertext | CER-6 | `ceremony::complaints::anothers_ciphertext` |
//! | complaint after the deadline | CER-1 | `ceremony::complaints::after_the_deadline` |
//! | complaint twice, or of one who left | CER-5 | `ceremony::complaints::twice` |
//! | complaint against oneself | CER-5 | `ceremony::complaints::against_oneself` |
//! | false complaint, and then silence | a verdict, CER-12 | `ceremony::complaints::false_complaint_and_silence` |
//! | confirmation of complaints that were not made | CER-7 | `ceremony::complaints::false_complaint_and_silence` |
//! | oracle through a shifted ephemeral point | CER-4 | `ceremony::oracle::shifted_ephemeral` |
//! | split view of dealings | CER-7, CER-31; evidence, EVD-16 | `ceremony::views::split_view_of_dealings` |
//! | missing confirmation | silence | `ceremony::views::missing_confirmation` |
//! | replay from another election, or of another joint key | ENT-5, CER-3, CER-4, CER-6, CER-7, CER-9, RET-2 | `ceremony::replay::replay_from_another_election` |
//! | restored keystore | CER-22, CER-34 | `ceremony::views::restored_keystore` |
//! | rehearsal of another trustee | CER-9 | `trustees::opening_without_rehearsal` |
//! | end of a stage before it is due, or with evidence of other entries | CLO-2 | `deadlines::nobody_is_overdue_who_had_no_time`, `deadlines::evidence_of_other_entries` |
//! | retirement in another's name | ENT-5 | `rejection::retirement::not_before_the_last_result` |
//! | any of these over HTTP | the same rules | `ceremony::posted::attacks_on_a_running_board` |

mod complaints;
mod dealing;
mod indices;
mod oracle;
mod posted;
mod replay;
mod views;

use crate::{
    authority, option, trustee,
    trustees::{deal_all, dealings, inner},
};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce, aead::Aead as _};
use crypto::{
    EncodedPoint, SecretScalar,
    complaint::{ComplaintContext, reveal},
    hash::{Tag, TaggedHash},
    schnorr::prove_possession,
    transcript::{Kind, Label, Transcript},
};
use protocol::{
    Body, Phase, Submission,
    body::{Complaint, ShareBox, StageEnd},
    election::{Departure, Stage},
};
use trustee_tools::{
    ceremony::{Step, advance},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};
use verifier::Verdict;
use vitrine_tests::{Drill, Options, drill::place};

/// Who leaves, at the end of which stage, and why.
type Left = (u32, Stage, Departure);

/// Three trustees' ceremony at stage 3, with dealings that were changed before they were committed to.
fn at_check(change: impl FnOnce(&mut Drill, &mut [Body])) -> Drill {
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    change(&mut drill, &mut parts);
    deal_all(&mut drill, &parts).unwrap();
    assert_eq!(drill.election.ceremony().stage(), Stage::Check);
    drill
}

/// The rule that refuses a dealing of trustee 3 that was changed before it was committed to. The two others deal all the same, trustee 3
/// leaves as silent, and the election is held.
fn refused_dealing(change: impl FnOnce(&mut Drill, &mut [Body])) -> &'static str {
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    change(&mut drill, &mut parts);
    for (who, part) in (1..).zip(&parts) {
        drill.commit(who, std::slice::from_ref(part)).unwrap();
    }
    // The attacker first: what it copied is not in the record yet.
    let refused = crate::rule(trustee(&mut drill, 3, &parts[2]));
    for who in [1, 2] {
        trustee(&mut drill, who, &parts[place(who)]).unwrap();
    }
    assert_eq!(crate::rule(trustee(&mut drill, 3, &parts[2])), refused);
    end(&mut drill, 2);
    confirm(&mut drill, &[1, 2]);
    is_held(&mut drill, &[(3, Stage::Deal, Departure::Silent)]);
    refused
}

/// These trustees confirm, naming their complaints.
fn confirm(drill: &mut Drill, trustees: &[u32]) {
    for who in trustees {
        drill.confirm(*who).unwrap();
    }
}

/// The authority ends a stage whose time has come.
fn end(drill: &mut Drill, stage: u32) {
    authority(drill, &Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() })).unwrap();
}

/// From stage 4 on: exactly these trustees leave, for these reasons; the others rehearse, a voter votes, two of them decrypt, and the
/// verifier finds the record valid.
#[track_caller]
fn is_held(drill: &mut Drill, left: &[Left]) {
    let qualified = drill.election.joint_key().expect("enough trustees are left").qualified.clone();
    for who in qualified {
        if !left.iter().any(|(leaver, ..)| *leaver == who) {
            drill.take_key_shares(who);
            drill.rehearse(who).unwrap();
        }
    }
    if drill.election.ceremony().stage() == Stage::Rehearse {
        end(drill, 4);
    }
    votes(drill, left);
}

/// The same, from the end of the ceremony on.
#[track_caller]
fn votes(drill: &mut Drill, left: &[Left]) {
    closes(drill, left);
    for who in drill.election.ceremony().active().into_iter().rev().take(2) {
        let body = drill.partial(who, 0, 0);
        trustee(drill, who, &body).unwrap();
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.phase(), Phase::Tallied);
    assert_eq!(drill.election.groups(0)[0].totals(), Some(&[0, 1, 0, 0, 0][..]));
    let verdict = crate::board::verdict(&drill.record(), Some(drill.election.fingerprint()));
    assert_eq!(verdict, Verdict::Valid);
}

/// The same, up to the closing.
#[track_caller]
fn closes(drill: &mut Drill, left: &[Left]) {
    let departures = drill.election.ceremony().departures();
    let departures: Vec<Left> = departures.iter().map(|(who, (stage, why))| (*who, *stage, *why)).collect();
    assert_eq!(departures, left);
    drill.publish_roll();
    drill.open();
    drill.cast(0, &option(1)).unwrap();
    drill.close();
}

/// A dealer's share for a trustee, slot by slot, as bytes: what its box ought to hold.
fn shares(drill: &Drill, dealer: u32, recipient: u32) -> Vec<[u8; 32]> {
    let polynomials = &drill.trustees[place(dealer)].polynomials;
    polynomials.iter().map(|polynomial| polynomial.evaluate(recipient.into()).expose().to_bytes()).collect()
}

/// Puts a box into a dealing that is sealed as it should be (CRY-54), whatever it holds.
fn reseal(drill: &mut Drill, part: &mut Body, (dealer, recipient): (u32, u32), plain: &[[u8; 32]]) {
    let f = drill.election.fingerprint().0;
    let number = inner(part).part;
    let share_key = drill.election.manifest().trustees[place(recipient)].share_key;
    let exponent = SecretScalar::generate(&mut drill.rng).unwrap();
    let ephemeral = EncodedPoint::encode(&exponent.public());
    let transcript = ephemeral_possession(drill, dealer, recipient);
    let possession = *prove_possession(transcript, &[&exponent], &mut drill.rng).unwrap().as_bytes();
    let shared = EncodedPoint::encode(&exponent.times(&share_key.decode().unwrap()));
    let key = TaggedHash::new(Tag::ShareKey, 7)
        .bytes(&f)
        .integer(dealer.into())
        .integer(recipient.into())
        .integer(number.into())
        .bytes(ephemeral.as_bytes())
        .bytes(share_key.as_bytes())
        .bytes(shared.as_bytes())
        .sha3_256();
    let sealed = ChaCha20Poly1305::new(&key.into()).encrypt(&Nonce::default(), plain.concat().as_slice()).unwrap();
    inner(part).boxes[place(recipient)] = ShareBox { ephemeral, possession, sealed: sealed.into() };
}

/// Dealer 3 seals for trustee 1 what it ought to seal for trustee 2.
fn bad_for_the_first(drill: &mut Drill, parts: &mut [Body]) {
    let plain = shares(drill, 3, 2);
    reseal(drill, &mut parts[2], (3, 1), &plain);
}

/// The context in which a dealer shows that it knows the exponent of the box for a recipient, in part 0.
fn ephemeral_possession(drill: &Drill, dealer: u32, recipient: u32) -> Transcript {
    let mut transcript = Transcript::new(Kind::EphemeralPossession, &drill.election.fingerprint().0);
    transcript.integer(Label::Dealer, dealer.into());
    transcript.integer(Label::Recipient, recipient.into());
    transcript.integer(Label::Part, 0);
    transcript.point(Label::ShareKey, &drill.election.manifest().trustees[place(recipient)].share_key);
    transcript
}

/// A complaint that reveals the point of this ephemeral point, whoever's it is, with a proof that is true of it.
fn complaint_at(drill: &mut Drill, (complainer, dealer, part): (u32, u32, u32), ephemeral: EncodedPoint) -> Complaint {
    let secret = &drill.trustees[place(complainer)].share;
    let context = ComplaintContext {
        election: drill.election.fingerprint().0,
        dealings: drill.election.ceremony().fingerprint().unwrap().0,
        complainer: complainer.into(),
        dealer: dealer.into(),
        part: part.into(),
        ephemeral,
        share_key: EncodedPoint::encode(&secret.public()),
    };
    let revealed = reveal(&context, secret, &mut drill.rng).unwrap();
    Complaint { dealer, part, shared_point: revealed.point, proof: *revealed.proof.as_bytes() }
}

/// The ephemeral point of a box in the record.
fn ephemeral(drill: &Drill, dealer: u32, part: u32, recipient: u32) -> EncodedPoint {
    drill.election.ceremony().dealing(dealer, part).unwrap().boxes[place(recipient)].ephemeral
}

/// A drill in which trustee 1 is the real tool, and the tool's secrets.
pub(crate) fn with_a_tool() -> (Drill, TrusteeSecrets) {
    let mut drill = Drill::begin(Options::simple(3));
    let id = drill.election.manifest().election_id;
    let secrets = TrusteeSecrets::generate(id, 1, "Trustee 1", &mut drill.rng).unwrap();
    let keys = secrets.public(&mut drill.rng).unwrap();
    drill.remake(|manifest| manifest.trustees[0] = keys);
    (drill, secrets)
}

/// The tool does what it has to do, and its submissions are recorded, until it waits for others.
pub(crate) fn tool_moves(drill: &mut Drill, secrets: &mut TrusteeSecrets) -> Result<Vec<Submission>, Refusal> {
    let mut sent = Vec::new();
    loop {
        let step = advance(&drill.election, secrets, |_| Ok::<(), Refusal>(()), &mut drill.rng)?;
        let Step::Submit(submission) = step else { return Ok(sent) };
        drill.apply(submission.clone()).unwrap();
        sent.push(submission);
    }
}
