//! Retirements (RET), and that what follows the end of an election changes none of it.

use super::{authority, rule, trustee};
use protocol::{
    Body, Phase, Selection,
    body::{Retirement, StageEnd},
    ids::JointKeyFingerprint,
};
use std::collections::BTreeMap;
use vitrine_tests::{Drill, Options};

fn retirement(joint_key: Option<[u8; 32]>) -> Body {
    Body::Retirement(Retirement { joint_key: joint_key.map(JointKeyFingerprint) })
}

fn end(drill: &mut Drill, stage: u32) {
    let body = Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() });
    let submission = drill.by_authority(&body);
    drill.apply(submission).unwrap();
}

/// The same bytes as the chapter's CDDL: the field stands in its place also where there is no joint key.
#[test]
fn encoding() {
    assert_eq!(retirement(None).encode(), b"\x82\x12\x81\xf6");
    assert_eq!(retirement(Some([7; 32])).encode(), [b"\x82\x12\x81\x58\x20".as_slice(), &[7; 32]].concat());
    assert_eq!(Body::decode(b"\x82\x12\x81\xf6").unwrap(), retirement(None));
    for bytes in [b"\x82\x12\x80".as_slice(), b"\x82\x12\x81\xf7", b"\x82\x12\x81\x40", b"\x82\x12\x82\xf6\xf6"] {
        assert_eq!(rule(Body::decode(bytes)), "ENC-1");
    }
}

/// THR-60: nobody retires, or is made to, while its share is needed.
#[test]
fn not_before_the_last_result() {
    let mut drill = Drill::begin(Options::simple(3));
    assert_eq!(trustee(&mut drill, 1, retirement(None)), "ENT-7");
    drill.publish_roll();
    drill.run_ceremony();
    assert_eq!(rule(drill.retire(1)), "ENT-7");
    drill.open();
    assert_eq!(rule(drill.retire(1)), "ENT-7");
    drill.cast(0, &[Selection::Blank]).unwrap();
    drill.close();
    assert_eq!(rule(drill.retire(1)), "ENT-7");
    drill.tally();
    let totals = drill.election.groups(0)[0].totals().map(<[u64]>::to_vec);
    for wrong in [None, Some([0; 32])] {
        assert_eq!(trustee(&mut drill, 1, retirement(wrong)), "RET-2");
    }
    let body = drill.retirement();
    assert_eq!(authority(&mut drill, body.clone()), "ENT-4");
    // Signed by trustee 2 in the name of trustee 1.
    let stolen = drill.by_trustee(2, &body);
    let author = protocol::Author::Trustee(1).encode();
    let forged =
        protocol::Submission::from_parts(author, stolen.body_bytes().to_vec(), stolen.signature_bytes().to_vec());
    assert_eq!(rule(drill.apply(forged)), "ENT-5");
    // Trustee 1 did not decrypt; that it may say so does not depend on it.
    let first = drill.retire(1).unwrap();
    assert_eq!(rule(drill.retire(1)), "ENT-6");
    let second = drill.retire(3).unwrap();
    assert_eq!(drill.election.retired(), &BTreeMap::from([(1, first), (3, second)]));
    assert_eq!(drill.election.phase(), Phase::Tallied);
    assert_eq!(drill.election.ceremony().active(), [1, 2, 3]);
    assert_eq!(drill.election.groups(0)[0].totals().map(<[u64]>::to_vec), totals);
}

/// Before there is a joint key, and after.
#[test]
fn after_a_failure() {
    let mut drill = Drill::begin(Options::simple(3));
    end(&mut drill, 1);
    assert_eq!(drill.election.phase(), Phase::Failed);
    assert_eq!(trustee(&mut drill, 3, retirement(Some([0; 32]))), "RET-2");
    let index = drill.retire(3).unwrap();
    assert_eq!(drill.election.retired(), &BTreeMap::from([(3, index)]));

    let mut drill = Drill::begin(Options::simple(3));
    let parts: Vec<Vec<Body>> = (1..=3).map(|who| drill.dealing(who)).collect();
    for (who, parts) in (1..=3).zip(&parts) {
        drill.commit(who, parts).unwrap();
    }
    for (who, parts) in (1..=3).zip(&parts) {
        let submission = drill.by_trustee(who, &parts[0]);
        drill.apply(submission).unwrap();
    }
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    drill.take_key_shares(1);
    drill.rehearse(1).unwrap();
    end(&mut drill, 4);
    assert_eq!(drill.election.phase(), Phase::Failed);
    assert_eq!(trustee(&mut drill, 2, retirement(None)), "RET-2");
    drill.retire(2).unwrap();
}
