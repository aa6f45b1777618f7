//! The second computation notices when it and the fold do not agree: here the checks are shown something else than the fold was
//! (VER-7 to VER-11).

use crate::{
    checks::{CheckId, Checks, Observed},
    drill::{Drill, Options},
    verdict::Failure,
};
use crypto::group::G;
use protocol::{Author, Body, Election, Entry, Selection, body::ResultBody};

/// What the checks are shown in place of an entry.
struct Shown {
    body: Body,
    author: Author,
    ciphertexts: Vec<Vec<crypto::Point>>,
}

/// Runs an election through the fold, and through the checks with every entry as `show` changes it; `None` hides it.
fn replay(drill: &Drill, show: impl Fn(&Entry, Shown) -> Option<Shown>) -> Result<Checks, Failure> {
    let mut election = Election::begin(&drill.entries[0]).unwrap();
    let mut checks = Checks::default();
    checks.ceremony.course.begin(&election);
    for entry in &drill.entries[1..] {
        let submission = entry.submission();
        let proven = election.examine(&submission).unwrap().prove(election.bases()).unwrap();
        let (id, body) = (proven.id(), proven.body().clone());
        let shown = Shown { body, author: submission.author().unwrap(), ciphertexts: proven.ciphertexts().to_vec() };
        election.accept(entry, proven).unwrap();
        if let Some(Shown { body, author, ciphertexts }) = show(entry, shown) {
            let (index, time) = (entry.index, entry.time);
            checks.observe(&election, &Observed { index, time, author, id, body: &body, ciphertexts: &ciphertexts })?;
        }
        if election.closing().is_some() && !election.is_settled() {
            let counted = election.counted_positions();
            let ballots = counted.iter().map(|position| &drill.entries[usize::try_from(*position).unwrap()]);
            let sums = election.sum(ballots).unwrap();
            election.settle(sums).unwrap();
            // No ballot is superseded here, so the running sums are the sums.
            let own = checks.ballots.sums.clone();
            let Checks { aggregate, closing, .. } = &mut checks;
            aggregate.compare(&election, closing, &own, entry.index)?;
        }
    }
    checks.finish(&election)?;
    Ok(checks)
}

fn drill() -> Drill {
    Drill::complete(Options::simple(6), |voter| vec![Selection::Options(vec![voter % 4])])
}

fn is_ballot_of(entry: &Entry, drill: &Drill, voter: usize) -> bool {
    entry.submission().author().unwrap() == Author::Credential(drill.credentials[voter].public())
}

#[track_caller]
fn refused(outcome: Result<Checks, Failure>) -> (CheckId, &'static str) {
    let failure = outcome.err().unwrap();
    (failure.check, failure.rule)
}

#[test]
fn what_agrees_passes() {
    let checks = replay(&drill(), |_, shown| Some(shown)).unwrap();
    let passed: Vec<CheckId> = CheckId::ALL.into_iter().filter(|check| checks.count(*check).passed).collect();
    assert_eq!(passed[1..], CheckId::ALL[4..], "all but those of the files: {passed:?}");
}

#[test]
fn another_counted_set() {
    let drill = drill();
    let hidden = replay(&drill, |entry, shown| (!is_ballot_of(entry, &drill, 3)).then_some(shown));
    assert_eq!(refused(hidden), (CheckId::Closing, "VER-7"));
}

/// OVR-5: an override that the checks do not see, of another row, or with another reason; and a ballot after it.
#[test]
fn other_overrides() {
    let mut drill = Drill::opened(Options { overrides: true, ..Options::simple(6) });
    for voter in 0..6 {
        drill.cast(voter, &[Selection::Options(vec![voter % 4])]).unwrap();
    }
    drill.override_row(2, "voted in person").unwrap();
    drill.close();
    let seen = |change: fn(Shown) -> Option<Shown>| {
        replay(&drill, |_, shown| if matches!(shown.body, Body::Override(_)) { change(shown) } else { Some(shown) })
    };
    assert_eq!(refused(seen(|_| None)), (CheckId::Closing, "OVR-5"));
    let author = seen(|mut shown| {
        shown.author = Author::Registrar(1);
        Some(shown)
    });
    assert_eq!(refused(author), (CheckId::Closing, "OVR-5"));
    for row in [3, 6] {
        let other = replay(&drill, |_, mut shown| {
            if let Body::Override(one) = &mut shown.body {
                one.index = row;
            }
            Some(shown)
        });
        assert_eq!(refused(other), (CheckId::Closing, "OVR-5"));
    }
    let reason = replay(&drill, |_, mut shown| {
        if let Body::Override(one) = &mut shown.body {
            one.reason.push('.');
        }
        Some(shown)
    });
    assert_eq!(refused(reason), (CheckId::Closing, "OVR-5"));
    // The fold saw a notice where the checks see an override, before the row's ballot.
    let mut drill = Drill::opened(Options { overrides: true, ..Options::simple(3) });
    let notice = Body::Notice(protocol::body::Notice { text: "x".into() });
    let submission = drill.by_authority(&notice);
    drill.apply(submission).unwrap();
    drill.cast(0, &[Selection::Blank]).unwrap();
    let early = replay(&drill, |_, mut shown| {
        if let Body::Notice(_) = shown.body {
            shown.body = drill.override_of(0, "voted in person");
        }
        Some(shown)
    });
    assert_eq!(refused(early), (CheckId::Ballots, "OVR-5"));
}

#[test]
fn other_sums() {
    let drill = drill();
    for point in 0..6 {
        let changed = replay(&drill, |entry, mut shown| {
            if is_ballot_of(entry, &drill, 3) {
                shown.ciphertexts[0][point] += G;
            }
            Some(shown)
        });
        assert_eq!(refused(changed), (CheckId::Aggregate, "VER-8"));
    }
    let shorter = replay(&drill, |entry, mut shown| {
        if is_ballot_of(entry, &drill, 3) {
            shown.ciphertexts[0].pop();
        }
        Some(shown)
    });
    assert_eq!(refused(shorter), (CheckId::Ballots, "VER-8"));
}

#[test]
fn other_keys() {
    let drill = drill();
    let changed = |slot: usize| {
        replay(&drill, |_, mut shown| {
            if let (Body::Dealing(dealing), Author::Trustee(2)) = (&mut shown.body, shown.author) {
                dealing.coefficients[slot] = crypto::EncodedPoint::encode(&G);
            }
            Some(shown)
        })
    };
    // k = 2: even places are constant terms, which make slot keys; odd ones change the verification shares only.
    for slot in [0, 1, 8, 9] {
        assert_eq!(refused(changed(slot)), (CheckId::Ceremony, "VER-9"));
    }
    let hidden = replay(&drill, |_, shown| (!matches!(shown.body, Body::Dealing(_))).then_some(shown));
    assert_eq!(refused(hidden), (CheckId::Ceremony, "VER-32"));
    let other_opening = replay(&drill, |_, mut shown| {
        if let Body::Opening(opening) = &mut shown.body {
            opening.joint_key.0[0] ^= 1;
        }
        Some(shown)
    });
    assert_eq!(refused(other_opening), (CheckId::Opening, "VER-9"));
}

/// VER-32: another course of the ceremony than the fold has.
#[test]
fn another_course() {
    let drill = drill();
    let hide = |hidden: fn(&Body) -> bool, of: u32| {
        let outcome =
            replay(&drill, |_, shown| (!(hidden(&shown.body) && shown.author == Author::Trustee(of))).then_some(shown));
        refused(outcome)
    };
    for of in 1..=3 {
        assert_eq!(hide(|body| matches!(body, Body::DealingCommitment(_)), of), (CheckId::Ceremony, "VER-32"));
        assert_eq!(hide(|body| matches!(body, Body::CeremonyConfirmation(_)), of), (CheckId::Ceremony, "VER-32"));
    }
    for of in 1..=2 {
        assert_eq!(hide(|body| matches!(body, Body::Rehearsal(_)), of), (CheckId::Ceremony, "VER-32"));
    }
    let another = replay(&drill, |_, mut shown| {
        if let (Body::Rehearsal(_), Author::Trustee(1)) = (&shown.body, shown.author) {
            shown.author = Author::Trustee(2);
        }
        Some(shown)
    });
    assert_eq!(refused(another), (CheckId::Ceremony, "VER-32"));
}

/// VER-33: a complaint that the fold found false, while the checks see another box, other commitments or another dealer.
#[test]
fn another_verdict() {
    let mut options = Options::simple(3);
    options.trustees = (2, 2, 4);
    let mut drill = Drill::begin(options);
    let parts: Vec<Body> = (1..=4).map(|who| drill.dealing(who).remove(0)).collect();
    for (who, part) in (1..).zip(&parts) {
        drill.commit(who, std::slice::from_ref(part)).unwrap();
    }
    for (who, part) in (1..).zip(&parts) {
        let submission = drill.by_trustee(who, part);
        drill.apply(submission).unwrap();
    }
    let body = drill.complaint(4, 3);
    let submission = drill.by_trustee(4, &body);
    drill.apply(submission).unwrap();
    for who in 1..=4 {
        drill.confirm(who).unwrap();
    }
    let agreed = replay(&drill, |_, shown| Some(shown)).unwrap();
    assert!(agreed.ceremony.course.judged[0].fault.is_none());
    let changed = |change: fn(&mut Shown)| {
        refused(replay(&drill, |_, mut shown| {
            change(&mut shown);
            Some(shown)
        }))
    };
    let verdict = changed(|shown| {
        if let (Body::Dealing(dealing), Author::Trustee(3)) = (&mut shown.body, shown.author) {
            dealing.coefficients.swap(8, 9);
        }
    });
    assert_eq!(verdict, (CheckId::Ceremony, "VER-33"), "upheld here, false in the fold");
    let other_dealer = changed(|shown| {
        if let Body::Complaint(complaint) = &mut shown.body {
            complaint.dealer = 1;
        }
    });
    assert_eq!(other_dealer, (CheckId::Ceremony, "VER-33"));
    let no_box = changed(|shown| {
        if let Body::Complaint(complaint) = &mut shown.body {
            complaint.part = 1;
        }
    });
    assert_eq!(no_box, (CheckId::Ceremony, "VER-33"));
    let no_point = changed(|shown| {
        if let Body::Complaint(complaint) = &mut shown.body {
            complaint.shared_point.0 = [0xff; 32];
        }
    });
    assert_eq!(no_point, (CheckId::Ceremony, "VER-33"));
}

#[test]
fn other_decryptions() {
    let drill = drill();
    // Wrong for the checks, right for the fold; and hidden from the checks, so that too few are left for the result.
    let wrong = replay(&drill, |_, mut shown| {
        if let Body::PartialDecryption(partial) = &mut shown.body {
            partial.partials.swap(0, 1);
        }
        Some(shown)
    });
    assert_eq!(refused(wrong), (CheckId::Decryptions, "VER-10"));
    let hidden = replay(&drill, |_, shown| {
        (!matches!((&shown.body, shown.author), (Body::PartialDecryption(_), Author::Trustee(3)))).then_some(shown)
    });
    assert_eq!(refused(hidden), (CheckId::Results, "VER-11"));
}

#[test]
fn other_totals() {
    let drill = drill();
    for totals in [vec![2, 2, 1, 1, 1], vec![2, 1, 2, 1, 0], vec![2, 2, 1, 1], Vec::new()] {
        let forged = replay(&drill, |_, mut shown| {
            if let Body::Result(_) = shown.body {
                shown.body = Body::Result(ResultBody { contest: 0, group: 0, totals: totals.clone() });
            }
            Some(shown)
        });
        assert_eq!(refused(forged), (CheckId::Results, "VER-11"));
    }
    // The fold calls the election tallied; the checks have seen no total.
    let hidden = replay(&drill, |_, shown| (!matches!(shown.body, Body::Result(_))).then_some(shown));
    assert_eq!(refused(hidden), (CheckId::Results, "VER-1"));
}
