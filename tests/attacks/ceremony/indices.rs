//! Numbers of trustees, parts and keys that there are not, or that are there already (THR-73).

use super::{at_check, complaint_at, confirm, ephemeral, is_held};
use crate::{manifest_refusal, rule, trustee, trustees::inner};
use crypto::{schnorr::prove_possession, shamir};
use protocol::{
    Author, Body, Submission,
    body::{CeremonyConfirmation, Complaint},
    context::{self, Role},
};
use vitrine_tests::{Drill, Options, drill::place};

/// THR-73: in every place where an index stands.
#[test]
fn index_zero_twice_or_out_of_range() {
    // As a dealer, and as a part.
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = crate::trustees::dealings(&mut drill);
    for (who, part) in (1..).zip(&parts) {
        drill.commit(who, std::slice::from_ref(part)).unwrap();
    }
    let f = drill.election.fingerprint();
    for index in [0, 4, 33, u32::MAX] {
        let author = Author::Trustee(index);
        let key = &drill.trustees[2].signing;
        let submission = Submission::sign(&f, &author, parts[2].encode(), key, &mut drill.rng).unwrap();
        assert_eq!(rule(drill.apply(submission)), "ENT-4");
    }
    let Body::Dealing(own) = parts[2].clone() else { unreachable!("a dealing is a dealing") };
    for part in [1, u32::MAX] {
        inner(&mut parts[2]).part = part;
        assert_eq!(rule(trustee(&mut drill, 3, &parts[2])), "CER-3");
    }
    parts[2] = Body::Dealing(own);
    trustee(&mut drill, 3, &parts[2]).unwrap();
    for who in [1, 2] {
        assert_eq!(rule(trustee(&mut drill, 3, &parts[place(who)])), "CER-1", "trustee 3 has dealt");
        trustee(&mut drill, who, &parts[place(who)]).unwrap();
    }
    // As one who is complained of, and as a complaint in a confirmation.
    let own = ephemeral(&drill, 1, 0, 3);
    let right = complaint_at(&mut drill, (3, 1, 0), own);
    for (dealer, part) in [(0, 0), (4, 0), (u32::MAX, 0), (1, 1), (1, u32::MAX)] {
        let body = Body::Complaint(Complaint { dealer, part, ..right.clone() });
        assert_eq!(rule(trustee(&mut drill, 3, &body)), "CER-5");
    }
    let dealings = drill.election.ceremony().fingerprint().unwrap();
    for complaints in [vec![0], vec![4], vec![1, 1], vec![u32::MAX]] {
        let body = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints });
        assert_eq!(rule(trustee(&mut drill, 3, &body)), "CER-7");
    }
    confirm(&mut drill, &[1, 2, 3]);
    is_held(&mut drill, &[]);
    // In the sums at the end.
    for indices in [&[][..], &[0, 1], &[1, 1], &[1, 33], &[u64::MAX]] {
        assert!(shamir::lagrange(indices).is_err());
    }
}

/// THR-73: an opening that names a trustee twice, or one that there is not; and one trustee that answers for two.
#[test]
fn one_trustee_counted_twice() {
    let mut drill = at_check(|_, _| {});
    confirm(&mut drill, &[1, 2, 3]);
    drill.publish_roll();
    for who in 1..=3 {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    for active in [vec![1, 1, 2], vec![0, 1, 2], vec![1, 2, 4], vec![1, 2, 3, 3]] {
        let Body::Opening(mut opening) = drill.opening() else { unreachable!("an opening is an opening") };
        opening.active = active;
        assert_eq!(rule(crate::authority(&mut drill, &Body::Opening(opening))), "OPN-2");
    }
    drill.open();
    drill.cast(0, &crate::option(1)).unwrap();
    drill.close();
    let first = drill.partial(2, 0, 0);
    trustee(&mut drill, 2, &first).unwrap();
    let second = drill.partial(2, 0, 0);
    assert_eq!(rule(trustee(&mut drill, 2, &second)), "TAL-3");
    // In the name of trustee 3, whose key shares it does not have: recorded as wrong, of its author.
    let stolen = drill.by_trustee(2, &second);
    let forged = Submission::from_parts(
        Author::Trustee(3).encode(),
        stolen.body_bytes().to_vec(),
        stolen.signature_bytes().to_vec(),
    );
    assert_eq!(rule(drill.apply(forged)), "ENT-5");
    trustee(&mut drill, 3, &second).unwrap();
    assert_eq!(drill.election.groups(0)[0].wrong().keys().copied().collect::<Vec<_>>(), [3]);
    assert_eq!(drill.election.groups(0)[0].right().len(), 1);
    assert!(drill.election.total_points(0, 0).is_none(), "one of k = 2 is not enough");
    let body = drill.partial(1, 0, 0);
    trustee(&mut drill, 1, &body).unwrap();
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
}

/// THR-73: two who share their secrets, and prove possession as they should, would be one trustee with two shares; a registrar that is a trustee
/// too would sign for both.
#[test]
fn two_trustees_with_one_key() {
    let mut drill = Drill::begin(Options::simple(3));
    let id = drill.election.manifest().election_id;
    let name = "Trustee 3";
    let transcript = context::key_possession(&id, Role::Trustee, 3, name);
    let (first, third) = (&drill.trustees[0], &drill.trustees[2]);
    let mut keys = Vec::new();
    for (signing, share) in [
        (&first.signing, &first.share),
        (&first.signing, &third.share),
        (&third.signing, &first.share),
        (&third.signing, first.signing.secret()),
        (&third.signing, third.signing.secret()),
        (&drill.registrars[0], &third.share),
    ] {
        let secrets = [signing.secret(), share];
        keys.push(protocol::manifest::TrusteeKeys {
            name: name.into(),
            signing_key: signing.public(),
            share_key: crypto::EncodedPoint::encode(&share.public()),
            possession: *prove_possession(transcript.clone(), &secrets, &mut drill.rng).unwrap().as_bytes(),
        });
    }
    for keys in keys {
        assert_eq!(manifest_refusal(&mut drill, |manifest| manifest.trustees[2] = keys), "MAN-4");
    }
}
