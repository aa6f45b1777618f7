//! A dealer that wants the point of somebody else's box out of a complaint (THR-71).

use super::{ephemeral_possession, refused_dealing};
use crate::trustees::inner;
use crypto::{
    EncodedPoint, EncodedScalar, Point, Scalar,
    dealing::{open_shares, open_with_point},
    group::G,
    schnorr::{Possession, possession_claim},
    transcript::{Label, Transcript},
};
use protocol::{
    Body,
    body::ShareBox,
    election::{dealing_part, part_context},
};
use vitrine_tests::{Drill, Options, drill::place};

/// The challenge of a proof of possession of one key (CRY-12).
fn challenge(mut transcript: Transcript, key: &EncodedPoint, announcement: &EncodedPoint) -> Scalar {
    transcript.count(1);
    transcript.point(Label::Key, key);
    transcript.point(Label::R, announcement);
    transcript.challenge(Label::C).unwrap()
}

/// A proof, as its two parts.
fn parts(possession: &[u8; 64]) -> (Point, Scalar) {
    let (announcement, response) = possession.split_at(32);
    let announcement = EncodedPoint(announcement.try_into().unwrap()).decode().unwrap();
    (announcement, EncodedScalar(response.try_into().unwrap()).decode().unwrap())
}

fn proof(announcement: &Point, response: Scalar) -> [u8; 64] {
    [EncodedPoint::encode(announcement).0, response.to_bytes()].concat().try_into().unwrap()
}

/// THR-71: dealer 3 was told beforehand what dealer 1 seals for trustee 2, under E with a proof (R, s). It puts `E + dG` or `uE` into its own box
/// for trustee 2, and garbage, so that trustee 2 complains with the point that opens dealer 1's box. All that is missing is the exponent.
#[test]
fn shifted_ephemeral() {
    let (d, u) = (Scalar::from(5u64), Scalar::from(7u64));
    type Forge = fn(Transcript, Transcript, (Point, Point, Scalar), (Scalar, Scalar)) -> (Point, [u8; 64]);
    let forgeries: [(&str, Forge); 6] = [
        ("the point itself", |_, _, (e, r, s), _| (e, proof(&r, s))),
        ("shifted, with the proof as it is", |_, _, (e, r, s), (d, _)| (e + G * d, proof(&r, s))),
        // Right in dealer 1's context with dealer 1's key, where the challenge does not change.
        ("shifted, with the response shifted as in dealer 1's context", |theirs, _, (e, r, s), (d, _)| {
            let c = challenge(theirs, &EncodedPoint::encode(&e), &EncodedPoint::encode(&r));
            (e + G * d, proof(&r, s + c * d))
        }),
        ("shifted, with the response shifted as in dealer 3's context", |_, own, (e, r, s), (d, _)| {
            let shifted = e + G * d;
            let c = challenge(own, &EncodedPoint::encode(&shifted), &EncodedPoint::encode(&r));
            (shifted, proof(&r, s + c * d))
        }),
        ("multiplied, with the proof multiplied", |_, _, (e, r, s), (_, u)| (e * u, proof(&(r * u), s * u))),
        // R' = dG - cE for the challenge c of another R': right if c did not depend on R'.
        ("with an announcement that fits the response", |_, own, (e, r, _), (d, _)| {
            let c = challenge(own, &EncodedPoint::encode(&e), &EncodedPoint::encode(&r));
            (e, proof(&(G * d - e * c), d))
        }),
    ];
    for (way, forge) in forgeries {
        let shifted = |drill: &mut Drill, dealings: &mut [Body]| {
            let theirs = inner(&mut dealings[0]).boxes[place(2)].clone();
            let (e, (r, s)) = (theirs.ephemeral.decode().unwrap(), parts(&theirs.possession));
            let (their_context, own_context) = (ephemeral_possession(drill, 1, 2), ephemeral_possession(drill, 3, 2));
            let (point, possession) = forge(their_context, own_context, (e, r, s), (d, u));
            let own = &mut inner(&mut dealings[2]).boxes[place(2)];
            *own = ShareBox { ephemeral: EncodedPoint::encode(&point), possession, sealed: own.sealed.clone() };
        };
        assert_eq!(refused_dealing(shifted), "CER-4", "{way}");
    }
}

/// THR-71: what the attack is for: the point of a shifted box opens the other one, so the proof is all that stands between them.
#[test]
fn a_shifted_point_would_open_the_box() {
    let mut drill = Drill::begin(Options::simple(3));
    let mut dealings = crate::trustees::dealings(&mut drill);
    let theirs = inner(&mut dealings[0]).clone();
    let (d, secret) = (Scalar::from(5u64), &drill.trustees[1].share);
    let e = theirs.boxes[1].ephemeral.decode().unwrap();
    let revealed = secret.times(&(e + G * d));
    let wanted = revealed - secret.public() * d;
    let context = part_context(&drill.election.fingerprint(), drill.election.manifest(), 1, 0);
    assert_eq!(open_with_point(&context, 2, &wanted, &dealing_part(&theirs)), Ok(()));
    assert!(open_shares(&context, 2, secret, &dealing_part(&theirs)).is_ok());
    // And the best forgery holds for the dealer that knows the exponent, in its own context: the refusal is the missing exponent's.
    let possession = theirs.boxes[1].possession;
    let claim = possession_claim(
        ephemeral_possession(&drill, 1, 2),
        &[theirs.boxes[1].ephemeral],
        &Possession::new(possession),
    );
    claim.unwrap().verify(drill.election.bases()).unwrap();
}
