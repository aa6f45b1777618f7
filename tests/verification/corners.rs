//! Elections at the edge of the rules, each whole and read by the verifier: nobody votes, one trustee, groups that join or are withheld,
//! chunks out of order, credentials replaced between ballots, and witnesses for a clock.

use crate::fixture::{audit, broken, cast, relinked, report, selections};
use crypto::{
    EncodedPoint, SecretScalar,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    Author, Body, Election, Entry, Manifest, Phase, Submission,
    body::{Closing, Replacement, StageEnd},
    context, fingerprint,
    manifest::Waiver,
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    note::Note,
};
use verifier::{Report, Status, Verdict};
use vitrine_tests::{Drill, Options, drill::choose_one};

fn submissions(drill: &Drill) -> Vec<Submission> {
    drill.entries.iter().map(Entry::submission).collect()
}

/// The report of an election that must be valid, with every check passed.
#[track_caller]
fn valid(drill: &Drill) -> Report {
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    assert!(report.checks.iter().all(|check| check.status == Status::Passed), "{}", report.text());
    report
}

/// Units, counted ballots and status of each group of each contest.
fn groups(report: &Report) -> Vec<Vec<(usize, u64, &'static str)>> {
    let groups = report.results.iter().map(|contest| contest.groups.iter());
    groups.map(|groups| groups.map(|group| (group.units.len(), group.counted, group.status)).collect()).collect()
}

fn two_contests(voters: &[u32], minimum_unit: u32) -> Options {
    let mut options = Options::simple(voters.len());
    options.contests.push(choose_one("Shall the park be built?", &["Yes", "No"]));
    options.voters = voters.iter().map(|unit| (*unit, 1)).collect();
    options.units = vec![vec![0, 1], vec![0], vec![0, 1], vec![0, 1], vec![1]];
    options.minimum_unit = minimum_unit;
    options
}

/// TAL-12: nobody votes; units without a voter; the closing is the end, and every total is zero.
#[test]
fn nobody_votes() {
    let mut drill = Drill::opened(two_contests(&[0, 0, 2], 3));
    drill.close();
    assert_eq!(drill.election.phase(), Phase::Tallied);
    let report = valid(&drill);
    assert_eq!(groups(&report), [vec![(1, 0, "empty"); 4], vec![(1, 0, "empty"); 4]]);
    assert!(report.results.iter().all(|contest| contest.slots.iter().all(|slot| slot.total == 0)));
}

/// TAL-8, TAL-12: groups join by their ballots, each contest for itself, and what is left alone and small is withheld.
#[test]
fn groups_join_or_are_withheld() {
    // Ballots by unit: 4, 1, 0, 2, 1.
    let units = [0, 0, 0, 0, 1, 3, 3, 4];
    let mut drill = Drill::opened(two_contests(&units, 3));
    for (voter, unit) in units.into_iter().enumerate() {
        let all = selections(&drill, voter, voter);
        let chosen = match unit {
            1 | 4 => vec![protocol::Selection::Options(vec![1])],
            _ if all.len() == 2 => all,
            _ => vec![protocol::Selection::Blank; 2],
        };
        drill.cast(voter, &chosen).unwrap();
    }
    drill.close();
    drill.tally();
    // Contest 0: 4, 1, 0, 2 -> 4, (1 + 0) 1, 2 -> 4, (1 + 0 + 2). Contest 1: 4, 0, 2, 1 -> 4, 0, (2 + 1).
    let report = valid(&drill);
    assert_eq!(
        groups(&report),
        [
            vec![(1, 4, "decrypted"), (3, 3, "decrypted")],
            vec![(1, 4, "decrypted"), (1, 0, "empty"), (2, 3, "decrypted")]
        ]
    );

    let mut drill = Drill::opened(two_contests(&[0, 1, 4], 5));
    drill.cast(1, &[protocol::Selection::Blank]).unwrap();
    drill.close();
    assert_eq!(drill.election.phase(), Phase::Tallied);
    assert_eq!(groups(&valid(&drill)), [vec![(4, 1, "withheld")], vec![(1, 0, "empty"); 4]]);
}

#[test]
fn one_trustee_and_one_voter() {
    let mut options = Options::simple(1);
    options.trustees = (1, 1, 1);
    let mut drill = Drill::opened(options);
    cast(&mut drill, 0, 2);
    drill.close();
    drill.tally();
    assert_eq!(valid(&drill).waivers.len(), 2);
}

/// ROL-1, FPR-4: chunks of several registrars in any order, taken side by side; the last row is in a chunk of its own.
#[test]
fn chunks_in_any_order() {
    let mut options = Options::simple(1001);
    options.registrars = 2;
    let mut drill = Drill::begin(options);
    drill.issue_credentials();
    for (registrar, chunk) in [(2, 1), (1, 0), (1, 1), (2, 0)] {
        let body = Body::Roll(drill.roll_chunk(registrar, chunk));
        let submission = drill.by_registrar(registrar, &body);
        drill.apply(submission).unwrap();
    }
    drill.run_ceremony();
    drill.open();
    cast(&mut drill, 1000, 1);
    drill.close();
    drill.tally();
    valid(&drill);
    // The same chunk by the same registrar again, in the same run.
    let mut all = submissions(&drill);
    all.insert(3, all[1].clone());
    assert_eq!(broken(&relinked(all, &drill.board)), ("ENT-6", Some(3)));
}

/// ROL-7, ROL-8: a credential replaced between ballots of one chunk: the old key audited before, votes no more; the new one votes.
#[test]
fn replaced_between_ballots() {
    let mut drill = Drill::opened(Options::simple(4));
    cast(&mut drill, 1, 1);
    audit(&mut drill, 0);
    let (stale, _) = {
        let selections = selections(&drill, 0, 1);
        drill.seal(0, &selections)
    };
    let stale = drill.by_voter(0, &Body::Ballot(stale));
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let transcript = context::replacement_possession(&drill.election.fingerprint(), 1, 1, 0);
    let possession = *prove_possession(transcript, &[&secret], &mut drill.rng).unwrap().as_bytes();
    let key = EncodedPoint::encode(&secret.public());
    let body = Body::Replacement(Replacement { index: 0, round: 1, key, possession });
    let submission = drill.by_registrar(1, &body);
    let place = usize::try_from(drill.apply(submission).unwrap()).unwrap();
    let mut after = submissions(&drill);
    after.push(stale.clone());
    assert_eq!(broken(&relinked(after, &drill.board)), ("BAL-1", Some(drill.election.size())));
    // Before the replacement the old credential could still vote; the replacement is then refused.
    let mut before = submissions(&drill);
    before.insert(place, stale);
    assert_eq!(broken(&relinked(before, &drill.board)), ("ROL-8", Some(u64::try_from(place).unwrap() + 1)));
    drill.credentials[0] = SigningKey::from_secret(secret);
    for _ in 0..5 {
        // AUD-3: the old credential's audit does not count for the new one.
        audit(&mut drill, 0);
    }
    cast(&mut drill, 0, 3);
    cast(&mut drill, 2, 3);
    drill.close();
    drill.tally();
    let figures = valid(&drill).figures.unwrap();
    assert_eq!((figures.audits, figures.replacements, figures.counted), (6, 1, 3));
}

/// VER-15: an announced length costs nothing until its rows are there.
#[test]
fn a_roll_of_four_thousand_million_rows_that_nobody_posts() {
    let mut options = Options::simple(1500);
    options.registrars = 32;
    let mut drill = Drill::begin(options);
    drill.issue_credentials();
    for registrar in [1, 2] {
        let body = Body::Roll(drill.roll_chunk(registrar, 1));
        let submission = drill.by_registrar(registrar, &body);
        drill.apply(submission).unwrap();
    }
    let Verdict::Incomplete { missing } = report(&drill.record()).verdict else { panic!() };
    assert_eq!(missing[0], "1 of 2 roll chunks of registrar 1 (Registrar 1)");
    assert_eq!(missing[2], "2 of 2 roll chunks of registrar 3 (Registrar 3)");
    begin_anew(&mut drill, |manifest| manifest.roll_length = u32::MAX);
    let Verdict::Incomplete { missing } = report(&drill.record()).verdict else { panic!() };
    assert_eq!(missing[31], "4294968 of 4294968 roll chunks of registrar 32 (Registrar 32)");
}

/// The drill with another manifest, which the authority signs.
fn begin_anew(drill: &mut Drill, change: impl FnOnce(&mut Manifest)) {
    let mut manifest = drill.election.manifest().clone();
    change(&mut manifest);
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = fingerprint::election(&body);
    let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
    let entry = Entry::new(0, drill.entries[0].previous, drill.now, submission);
    drill.election = Election::begin(&entry).unwrap();
    drill.entries = vec![entry];
}

/// A checkpoint over all entries so far, cosigned at a time in seconds.
fn witnessed(drill: &Drill, witnesses: &[&CosignerKey], seconds: u64) -> Vec<u8> {
    let head = Checkpoint::new(drill.board.name(), drill.election.size(), drill.election.root()).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &drill.board).unwrap().as_bytes()).unwrap();
    for witness in witnesses {
        note.add(witness.cosign(&head, seconds).unwrap()).unwrap();
    }
    note.encode().into_bytes()
}

/// CLO-2, CER-8, VER-4: witnesses are the clock of an overdue stage and of the closing; the record is valid under their cosignatures, and
/// incomplete without.
#[test]
fn witnesses_are_the_clock() {
    let [one, two, three] = [1u8, 2, 3].map(|seed| {
        let name = format!("witness-{seed}.example");
        CosignerKey::from_seed(&name, &[seed; 32]).unwrap()
    });
    let mut drill = Drill::begin(Options::simple(3));
    let keys = [&one, &two, &three].map(CosignerKey::verifier_key);
    begin_anew(&mut drill, |manifest| {
        manifest.policy = format!(
            "log {}\nwitness a {}\nwitness b {}\nwitness c {}\ngroup two 2 a b c\nquorum two\n",
            manifest.log_key, keys[0], keys[1], keys[2]
        );
        manifest.waivers.retain(|waiver| *waiver != Waiver::NoWitnesses);
    });
    let manifest = drill.election.manifest().clone();
    drill.publish_roll();

    // Trustee 3 never commits. Its stage ends by witnessed time only: in seconds, by two, over exactly this tree.
    let dealings: Vec<_> = (1..=2).map(|trustee| drill.dealing(trustee)).collect();
    for (trustee, parts) in (1..).zip(&dealings) {
        drill.commit(trustee, parts).unwrap();
    }
    let due = manifest.stage_deadlines[0];
    let due_stage = due;
    let good = witnessed(&drill, &[&one, &three], due * 60);
    let tries = [
        ("minutes for seconds", witnessed(&drill, &[&one, &three], due)),
        ("one of two", witnessed(&drill, &[&two], due * 60)),
        ("one twice", witnessed(&drill, &[&two, &two], due * 60)),
        ("nobody", witnessed(&drill, &[], due * 60)),
        ("nothing", Vec::new()),
        ("a byte more", [good.as_slice(), b"\n"].concat()),
    ];
    for (what, evidence) in tries {
        let end = Body::StageEnd(StageEnd { stage: 1, evidence: evidence.into() });
        let submission = drill.by_authority(&end);
        assert_eq!(drill.apply(submission).unwrap_err().rule().id(), "CLO-2", "{what}");
    }
    let end = Body::StageEnd(StageEnd { stage: 1, evidence: good.into() });
    let submission = drill.by_authority(&end);
    drill.apply(submission).unwrap();
    for (trustee, parts) in (1..).zip(&dealings) {
        for part in parts {
            let submission = drill.by_trustee(trustee, part);
            drill.apply(submission).unwrap();
        }
    }
    for trustee in 1..=2 {
        drill.confirm(trustee).unwrap();
    }
    for trustee in 1..=2 {
        drill.take_key_shares(trustee);
        drill.rehearse(trustee).unwrap();
    }
    drill.open();
    (0..3).for_each(|voter| cast(&mut drill, voter, voter));
    let due = (manifest.closing + manifest.grace) * 60;
    let counted = drill.election.count().fingerprint;
    let closing = |evidence: Vec<u8>| {
        Submission::anonymous(Body::Closing(Closing { counted, evidence: evidence.into() }).encode())
    };
    assert_eq!(drill.apply(closing(witnessed(&drill, &[&one, &two], due - 1))).unwrap_err().rule().id(), "CLO-2");
    drill.apply(closing(witnessed(&drill, &[&one, &two], due))).unwrap();
    let ballots = drill.election.counted_positions().into_iter().map(|place| usize::try_from(place).unwrap());
    let ballots: Vec<&Entry> = ballots.map(|place| &drill.entries[place]).collect();
    let sums = drill.election.sum(ballots).unwrap();
    drill.election.settle(sums).unwrap();
    for trustee in 1..=2 {
        let body = drill.partial(trustee, 0, 0);
        let submission = drill.by_trustee(trustee, &body);
        drill.apply(submission).unwrap();
    }
    let result = drill.result(0, 0);
    drill.apply(Submission::anonymous(result.encode())).unwrap();

    let mut record = drill.record();
    let Verdict::Incomplete { missing } = report(&record).verdict else { panic!("{}", report(&record).text()) };
    assert_eq!(missing, ["the cosignatures of a witness quorum on the checkpoint"]);
    record.insert("checkpoint".into(), witnessed(&drill, &[&three], due));
    assert!(matches!(report(&record).verdict, Verdict::Incomplete { .. }));
    record.insert("checkpoint".into(), witnessed(&drill, &[&three, &one], due));
    let report = report(&record);
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    // VER-34: who attests that the stage was overdue, with the minute that they state.
    let ceremony = report.ceremony.unwrap();
    assert_eq!(ceremony.departures.len(), 1);
    let ended = ceremony.stages[0].ended.as_ref().unwrap();
    assert_eq!(ended.witnesses, [("a".to_owned(), due_stage * 60), ("c".to_owned(), due_stage * 60)]);
    let told = &ceremony.story[0].text;
    let attested = "the witnesses a (2025-02-19 23:00 UTC) and c (2025-02-19 23:00 UTC) attest that this time had come";
    assert!(told.contains(attested), "{told}");
}
