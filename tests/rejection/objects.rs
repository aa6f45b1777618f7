//! Every public object, damaged (THR-37): bits flipped, cut short, extended, bytes put in and taken out, parts exchanged with another
//! voter's or another election's. Each is refused by a rule that fits, and nothing panics.

use super::{ceremony::complaint, damage::damage_each, rule};
use crypto::{
    EncodedPoint, SecretScalar,
    dealing::{dealing_claims, open_shares},
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    Author, Body, Election, Entry, Phase, Rejection, Selection, Submission,
    body::{AuditedBallot, Ballot, ContestOpening, Continuation, Extension, Notice, Replacement, StageEnd},
    context,
    election::{dealing_part, part_context},
};
use std::{cell::RefCell, collections::BTreeMap};
use tlog::note::SignerKey;
use vitrine_tests::{Drill, Options, drill::place};

/// An election in whose record every type of body occurs.
fn complete(seed: u64) -> Drill {
    let mut drill = Drill::begin(Options { seed, trustees: (2, 2, 4), overrides: true, ..Options::simple(4) });
    let vote = |option| [Selection::Options(vec![option])];
    by_authority(&mut drill, &Body::Notice(Notice { text: "It begins.".into() }));
    let parts: Vec<Vec<Body>> = (1..=3).map(|who| drill.dealing(who)).collect();
    let wrong = drill.dealing(3).remove(0);
    let mut third = parts[2][0].clone();
    if let (Body::Dealing(third), Body::Dealing(wrong)) = (&mut third, wrong) {
        third.boxes[0] = wrong.boxes[0].clone();
    }
    let posted = [parts[0][0].clone(), parts[1][0].clone(), third];
    for (who, body) in (1..).zip(&posted) {
        drill.commit(who, std::slice::from_ref(body)).unwrap();
    }
    by_authority(&mut drill, &Body::StageEnd(StageEnd { stage: 1, evidence: Vec::new().into() }));
    for (who, body) in (1..).zip(&posted) {
        by_trustee(&mut drill, who, body);
    }
    let body = Body::Complaint(complaint(&mut drill, 1, 3));
    by_trustee(&mut drill, 1, &body);
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    for who in 1..=2 {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    drill.publish_roll();
    let name = format!("{}/2", drill.board.name());
    let body = Body::Continuation(Continuation {
        old_origin: drill.board.name().into(),
        old_size: drill.election.size(),
        old_root: drill.election.root().into(),
        new_key: SignerKey::generate(&name, &mut drill.rng).unwrap().verifier_key().to_string(),
    });
    by_authority(&mut drill, &body);
    drill.open();
    let body = replacement(&mut drill, 3);
    let submission = drill.by_registrar(1, &body);
    drill.apply(submission).unwrap();
    drill.cast(0, &vote(usize::try_from(seed % 4).unwrap())).unwrap();
    drill.cast(1, &vote(1)).unwrap();
    let body = audit(&mut drill, 1);
    let submission = drill.by_voter(1, &body);
    drill.apply(submission).unwrap();
    drill.override_row(2, &format!("voted in person, station {seed}")).unwrap();
    by_authority(&mut drill, &Body::Extension(Extension { closing: 29_001_100 + seed }));
    drill.close();
    for who in 1..=2 {
        let body = drill.partial(who, 0, 0);
        by_trustee(&mut drill, who, &body);
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.phase(), Phase::Tallied);
    drill.retire(1).unwrap();
    drill
}

fn by_authority(drill: &mut Drill, body: &Body) {
    let submission = drill.by_authority(body);
    drill.apply(submission).unwrap();
}

fn by_trustee(drill: &mut Drill, who: u32, body: &Body) {
    let submission = drill.by_trustee(who, body);
    drill.apply(submission).unwrap();
}

/// The voter's letter was lost; the new key is the drill's from here on.
fn replacement(drill: &mut Drill, voter: u32) -> Body {
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let transcript = context::replacement_possession(&drill.election.fingerprint(), 1, 1, voter);
    let possession = *prove_possession(transcript, &[&secret], &mut drill.rng).unwrap().as_bytes();
    let key = EncodedPoint::encode(&secret.public());
    drill.credentials[usize::try_from(voter).unwrap()] = SigningKey::from_secret(secret);
    Body::Replacement(Replacement { index: voter, round: 1, key, possession })
}

fn audit(drill: &mut Drill, voter: usize) -> Body {
    let (ballot, openings) = drill.seal(voter, &[Selection::Blank]);
    let opened = |one: crypto::selection_proof::ContestOpening| ContestOpening {
        values: vec![0, 0, 0, 0, 1],
        randomness: one.into_public().0,
    };
    let openings = openings.into_iter().map(opened).collect();
    Body::AuditedBallot(AuditedBallot { ballot: Body::Ballot(ballot).encode().into(), openings })
}

/// An entry, the election it may be applied to next, and the rules of its body.
struct Specimen {
    body: Body,
    entry: Entry,
    before: Option<RefCell<Election>>,
}

/// Of every type of body the first entry.
fn specimens(drill: &Drill) -> Vec<Specimen> {
    let mut found: BTreeMap<&'static str, Specimen> = BTreeMap::new();
    for (place, entry) in drill.entries.iter().enumerate() {
        let body = entry.submission().body().unwrap();
        if !found.contains_key(body.name()) {
            let before = (place > 0).then(|| RefCell::new(folded(&drill.entries[..place])));
            found.insert(body.name(), Specimen { body, entry: entry.clone(), before });
        }
    }
    assert_eq!(found.len(), 20, "every type of body");
    found.into_values().collect()
}

fn folded(entries: &[Entry]) -> Election {
    let mut election = Election::begin(&entries[0]).unwrap();
    for entry in &entries[1..] {
        election.apply(entry).unwrap();
        if election.phase() == Phase::Closed && !election.is_settled() {
            let counted = election.counted_positions();
            let ballots = counted.iter().map(|position| &entries[usize::try_from(*position).unwrap()]);
            let sums = election.sum(ballots).unwrap();
            election.settle(sums).unwrap();
        }
    }
    election
}

impl Specimen {
    /// What the fold says of a submission in this place.
    fn judge(&self, submission: Submission) -> Result<(), Rejection> {
        let Some(before) = &self.before else {
            return Election::begin(&Entry::new(0, self.entry.previous, self.entry.time, submission)).map(drop);
        };
        let before = before.borrow();
        before.examine(&submission)?.prove(before.bases()).map(drop)
    }

    /// What the fold says of an entry in this place.
    fn judge_entry(&self, entry: &Entry) -> Result<(), Rejection> {
        match &self.before {
            Some(before) => before.borrow_mut().apply(entry),
            None => Election::begin(entry).map(drop),
        }
    }

    /// Whether a rule of this chapter may be what refuses the damaged object.
    fn fits(&self, rule: &str) -> bool {
        let chapters: &[&str] = match self.body.name() {
            "Manifest" => &["MAN"],
            "Roll" | "Replacement" => &["ROL"],
            "Opening" => &["OPN"],
            "Ballot" => &["BAL"],
            "AuditedBallot" => &["AUD", "BAL"],
            "Extension" => &["EXT"],
            "Override" => &["OVR"],
            "Closing" => &["CLO"],
            "PartialDecryption" | "Result" => &["TAL"],
            "Continuation" => &["CON"],
            "Notice" => &[],
            "Retirement" => &["RET"],
            _ => &["CER", "CLO"],
        };
        let chapter = rule.split('-').next().unwrap();
        rule == "MAN-1" || ["ENC", "ENT"].contains(&chapter) || chapters.contains(&chapter)
    }
}

/// Submissions of every type.
#[test]
fn every_public_object() {
    let (drill, foreign) = (complete(1), complete(2));
    let specimens = specimens(&drill);
    damage_each(
        &specimens,
        1500,
        |specimen| specimen.entry.submission().encode(),
        |specimen, bytes| match Submission::decode(bytes).and_then(|submission| specimen.judge(submission)) {
            Err(rejection) if specimen.fits(rejection.rule().id()) => Ok(()),
            other => Err(format!("{}: {other:?}", specimen.body.name())),
        },
    );

    // Parts exchanged: with another election's, with another entry's of this one.
    for (specimen, stranger) in specimens.iter().zip(self::specimens(&foreign)) {
        let name = specimen.body.name();
        let (own, other) = (specimen.entry.submission(), stranger.entry.submission());
        let parts = |author: &Submission, body: &Submission, signature: &Submission| {
            Submission::from_parts(
                author.author_bytes().to_vec(),
                body.body_bytes().to_vec(),
                signature.signature_bytes().to_vec(),
            )
        };
        if name != "Result" {
            assert_eq!(rule(specimen.judge(parts(&own, &own, &other))), "ENT-5", "{name}: signature");
        }
        if own.body_bytes() != other.body_bytes() {
            let exchanged = specimen.judge(parts(&own, &other, &own));
            assert!(specimen.fits(rule(exchanged)), "{name}: body");
        }
        // A whole manifest of another election begins that other election, which is why voters compare F.
        if name != "Manifest" {
            let whole = specimen.judge(other.clone());
            assert!(specimen.fits(rule(whole)), "{name}: whole");
        }
        for entry in &drill.entries {
            let elsewhere = entry.submission();
            if elsewhere.signature_bytes() != own.signature_bytes() && !own.signature_bytes().is_empty() {
                let rule = rule(specimen.judge(parts(&own, &own, &elsewhere)));
                assert_eq!(rule, "ENT-5", "{name}: signature of entry {}", entry.index);
            }
        }
        // Nothing of all this changed anything: the right one is still taken.
        specimen.judge(own).unwrap();
    }
}

/// Entries of every type, at their place in the chain.
#[test]
fn every_entry() {
    let drill = complete(1);
    let specimens = specimens(&drill);
    let check = |specimen: &Specimen, bytes: &[u8]| {
        let entry = match Entry::decode(bytes) {
            Ok(entry) => entry,
            Err(rejection) => {
                let rule = rejection.rule().id();
                return if rule.starts_with("ENC") { Ok(()) } else { Err(rule.to_string()) };
            }
        };
        let right = &specimen.entry;
        let same =
            (entry.index, entry.previous, entry.submission()) == (right.index, right.previous, right.submission());
        if same && (entry.time >= right.time || specimen.before.is_none()) {
            // The board's clock is the board's to say, as long as it does not run backwards; that it said so once is the tree's business.
            return Ok(());
        }
        match specimen.judge_entry(&entry) {
            Err(rejection) if specimen.fits(rejection.rule().id()) => Ok(()),
            other => Err(format!("{}: {other:?}", specimen.body.name())),
        }
    };
    damage_each(&specimens, 800, |specimen| specimen.entry.encode(), check);
}

/// Sealed contests under a right signature, so that only their own rules stand between them and the record.
#[test]
fn every_sealed_contest() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, _) = drill.seal(0, &[Selection::Options(vec![2])]);
    let f = drill.election.fingerprint();
    let judge = |contest: &[u8]| {
        let body = Body::Ballot(Ballot { contests: vec![contest.to_vec().into()], ..ballot.clone() });
        let author = Author::Credential(drill.credentials[0].public());
        let signed =
            Submission::sign(&f, &author, body.encode(), &drill.credentials[0], &mut drill.rng.clone()).unwrap();
        drill.election.examine(&signed)?.prove(drill.election.bases()).map(drop)
    };
    let right = ballot.contests[0].to_vec();
    judge(&right).unwrap();
    damage_each(std::slice::from_ref(&right), 400, Clone::clone, |_, bytes| {
        let expected = if bytes.len() == right.len() { "BAL-4" } else { "BAL-3" };
        match judge(bytes) {
            Err(rejection) if rejection.rule().id() == expected => Ok(()),
            other => Err(format!("{other:?} instead of {expected}")),
        }
    });
}

/// Dealing parts: what everybody can check, and what only the recipient sees in its box.
#[test]
fn every_dealing_part() {
    let mut drill = Drill::begin(Options::simple(3));
    let (f, manifest) = (drill.election.fingerprint(), drill.election.manifest().clone());
    let context = part_context(&f, &manifest, 1, 0);
    let bytes = drill.dealing(1).remove(0).encode();
    let bases = drill.election.bases();
    let sound = |bytes: &[u8]| {
        let Ok(Body::Dealing(body)) = Body::decode(bytes) else { return false };
        let part = dealing_part(&body);
        let Ok(claims) = dealing_claims(&context, manifest.slot_keys(), &part) else { return false };
        let opens = |who: u32| open_shares(&context, who.into(), &drill.trustees[place(who)].share, &part).is_ok();
        body.part == 0 && claims.iter().all(|claim| claim.verify(bases).is_ok()) && (1..=3).all(opens)
    };
    assert!(sound(&bytes));
    damage_each(&[bytes], 400, Clone::clone, |_, bytes| {
        if sound(bytes) { Err("a damaged dealing part is sound".into()) } else { Ok(()) }
    });
}
