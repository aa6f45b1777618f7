//! The fold: any body, in every state an election can be in, signed by whoever may send it. What is refused changes nothing; what is
//! accepted is accepted as the next entry too. The first byte chooses the state, the second the index of the author.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use protocol::{Author, Body, Selection, Submission, body::StageEnd};
use vitrine_tests::{Drill, Options};

thread_local! {
    static STATES: RefCell<Vec<Drill>> = RefCell::new((0..10).map(drill_at).collect());
}

/// An election of four voters that has come this far.
fn drill_at(state: usize) -> Drill {
    let mut drill = Drill::begin(Options::simple(4));
    if state == 0 {
        return drill;
    }
    if state == 9 {
        // Failed: nobody has committed.
        let body = Body::StageEnd(StageEnd { stage: 1, evidence: Vec::new().into() });
        let end = drill.by_authority(&body);
        drill.apply(end).expect("an end of stage 1, on the authority's word");
        return drill;
    }
    drill.publish_roll();
    if state <= 4 {
        let dealings: Vec<_> = (1..=3).map(|trustee| drill.dealing(trustee)).collect();
        for (trustee, dealing) in (1..).zip(&dealings).filter(|_| state >= 2) {
            drill.commit(trustee, dealing).expect("a commitment in time");
        }
        for (trustee, dealing) in (1..).zip(&dealings).filter(|_| state >= 3) {
            for part in dealing {
                let submission = drill.by_trustee(trustee, part);
                drill.apply(submission).expect("a part that was committed to");
            }
        }
        for trustee in (1..=3).filter(|_| state >= 4) {
            drill.confirm(trustee).expect("a confirmation of honest dealings");
        }
        return drill;
    }
    drill.run_ceremony();
    drill.open();
    for voter in 0..3 {
        drill.cast(voter, &[Selection::Options(vec![voter])]).expect("a first ballot");
    }
    if state >= 6 {
        drill.close();
    }
    if state == 8 {
        drill.tally();
        return drill;
    }
    if state == 7 {
        let partial = drill.partial(3, 0, 0);
        let submission = drill.by_trustee(3, &partial);
        drill.apply(submission).expect("a right partial decryption");
    }
    drill
}

fuzz_target!(|bytes: &[u8]| {
    let [state, author, body @ ..] = bytes else { return };
    STATES.with_borrow_mut(|states| {
        let Some(drill) = states.get_mut(usize::from(*state)) else { return };
        let index = u32::from(*author);
        let voter = usize::from(author % 4);
        // Where a body cannot be read, the authority signs it.
        let decoded = Body::decode(body);
        let submission = match &decoded {
            Ok(Body::Result(_)) => Submission::anonymous(body.to_vec()),
            Ok(Body::Roll(_) | Body::Replacement(_)) => signed(drill, Author::Registrar(index), body),
            Ok(Body::Ballot(_) | Body::AuditedBallot(_)) if !drill.credentials.is_empty() => {
                let credential = drill.credentials[voter].public();
                signed(drill, Author::Credential(credential), body)
            }
            Ok(
                Body::DealingCommitment(_)
                | Body::Dealing(_)
                | Body::Complaint(_)
                | Body::CeremonyConfirmation(_)
                | Body::Rehearsal(_)
                | Body::PartialDecryption(_)
                | Body::Retirement(_),
            ) => signed(drill, Author::Trustee(index), body),
            _ => signed(drill, Author::Authority, body),
        };
        let before = (drill.election.size(), drill.election.head(), drill.election.phase());
        let verdict = drill.election.examine(&submission).and_then(|examined| examined.prove(drill.election.bases()));
        match verdict {
            Ok(_) => {
                assert!(decoded.is_ok());
                // To accept it would change the state for every input that follows; the same state is made again.
                drill.apply(submission).expect("proven, and the next entry");
                *drill = drill_at(usize::from(*state));
            }
            Err(rejection) => {
                assert!(drill.apply(submission).is_err(), "{rejection}");
                assert_eq!(before, (drill.election.size(), drill.election.head(), drill.election.phase()));
            }
        }
    });
});

/// Signed by the real key, or by the authority's where there is no such party.
fn signed(drill: &mut Drill, author: Author, body: &[u8]) -> Submission {
    let place = |index: u32| usize::try_from(index).ok()?.checked_sub(1);
    let key = match author {
        Author::Registrar(index) => place(index).and_then(|place| drill.registrars.get(place)),
        Author::Trustee(index) => place(index).and_then(|place| Some(&drill.trustees.get(place)?.signing)),
        Author::Credential(key) => drill.credentials.iter().find(|credential| credential.public() == key),
        Author::Authority | Author::Anyone => None,
    };
    let fingerprint = drill.election.fingerprint();
    Submission::sign(&fingerprint, &author, body.to_vec(), key.unwrap_or(&drill.authority), &mut drill.rng)
        .expect("randomness that cannot fail")
}
