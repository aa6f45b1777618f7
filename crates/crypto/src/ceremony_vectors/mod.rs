//! The frozen vectors of `specs/vectors` that belong to `specs/03-cryptography-ceremony.md`. Every intermediate challenge is computed here
//! a second time, from the words of the chapter: contexts are absorbed by hand and not by the code under test.

mod codes;
mod decryptions;
mod shares;

use crate::{
    EncodedPoint, EncodedScalar, Point, Scalar, SecretScalar,
    batch::{Bases, Claim},
    dleq::EqualityProof,
    group::{G, identity},
    schnorr::Possession,
    transcript::{Label, Transcript},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::{Value, json};

/// Every file with what belongs into it.
fn files() -> [(&'static str, Value); 6] {
    [
        ("shamir", shares::shamir()),
        ("sealed_share", shares::sealed_share()),
        ("dealing", shares::dealing()),
        ("equality", decryptions::equality()),
        ("decryption", decryptions::decryption()),
        ("credential_code", codes::credential_code()),
    ]
}

fn path(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/vectors").join(format!("{name}.json"))
}

#[test]
fn frozen_vectors_hold() {
    for (name, value) in files() {
        let frozen: Value = serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap();
        assert_eq!(
            frozen, value,
            "{name}.json; if the change is meant, read the diff of `regenerate_ceremony_vectors`"
        );
    }
}

#[test]
#[ignore = "writes specs/vectors"]
fn regenerate_ceremony_vectors() {
    for (name, value) in files() {
        std::fs::write(path(name), format!("{value:#}\n")).unwrap();
    }
}

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn scalar(scalar: &Scalar) -> Value {
    hex::encode(scalar.to_bytes()).into()
}

fn secrets<'a>(secrets: impl IntoIterator<Item = &'a SecretScalar>) -> Value {
    secrets.into_iter().map(|secret| scalar(secret.expose())).collect()
}

fn point(point: &Point) -> Value {
    encoded(&EncodedPoint::encode(point))
}

fn encoded(point: &EncodedPoint) -> Value {
    hex::encode(point.as_bytes()).into()
}

fn points(points: &[EncodedPoint]) -> Value {
    points.iter().map(encoded).collect()
}

fn verifies(claim: &Claim) -> bool {
    claim.verify(&Bases::new(0, &[])).is_ok()
}

/// The challenges of an equality proof, and its nonce, from CRY-60.
fn equality_steps(
    mut transcript: Transcript,
    known: &[SecretScalar],
    base: &Point,
    [images, images2]: [&[EncodedPoint]; 2],
    proof: &EqualityProof,
) -> Value {
    transcript.point(Label::Base, &EncodedPoint::encode(base));
    transcript.integer(Label::Count, images.len() as u64);
    images.iter().for_each(|image| transcript.point(Label::Image, image));
    images2.iter().for_each(|image| transcript.point(Label::Image2, image));
    let v = transcript.challenge(Label::V).unwrap();
    let parts = proof.as_bytes().as_chunks::<32>().0;
    transcript.point(Label::R, &EncodedPoint(parts[0]));
    transcript.point(Label::R2, &EncodedPoint(parts[1]));
    let c = transcript.challenge(Label::C).unwrap();
    let mut power = Scalar::ONE;
    let mut sum = Scalar::ZERO;
    for secret in known {
        power *= v;
        sum += power * secret.expose();
    }
    let nonce = EncodedScalar(parts[2]).decode().unwrap() - c * sum;
    assert_eq!(EncodedPoint::encode(&(nonce * base)).0, parts[1]);
    json!({ "v": scalar(&v), "c": scalar(&c), "k": scalar(&nonce), "proof": hex::encode(proof.as_bytes()) })
}

/// An equality proof as a verifier might check it who is weaker than CRY-61 by one thing.
#[derive(Clone, Copy, Default)]
struct Weakly {
    /// v is 1: errors of several slots may cancel.
    v_is_one: bool,
    /// What the cheater adds to R and takes from R2: a check of the sum of both equations does not notice.
    shift: Scalar,
}

/// The challenges of CRY-60, for announcements that depend on neither.
fn equality_challenges(
    mut transcript: Transcript,
    base: &Point,
    [images, images2]: [&[EncodedPoint]; 2],
    announcements: [EncodedPoint; 2],
) -> (Scalar, Scalar) {
    transcript.point(Label::Base, &EncodedPoint::encode(base));
    transcript.integer(Label::Count, images.len() as u64);
    images.iter().for_each(|image| transcript.point(Label::Image, image));
    images2.iter().for_each(|image| transcript.point(Label::Image2, image));
    let v = transcript.challenge(Label::V).unwrap();
    transcript.point(Label::R, &announcements[0]);
    transcript.point(Label::R2, &announcements[1]);
    (v, transcript.challenge(Label::C).unwrap())
}

/// The best proof of a false statement, by someone who knows all secrets, for a verifier with this weakness. Everything is absorbed as
/// it should be, so that nothing but an equation can refuse it.
fn best_equality(
    transcript: Transcript,
    known: &[SecretScalar],
    base: &Point,
    lists: [&[EncodedPoint]; 2],
    weakly: Weakly,
) -> EqualityProof {
    let nonce = Scalar::from(99u64);
    let shift = G * weakly.shift;
    let announcements = [G * nonce + shift, base * nonce - shift].map(|point| EncodedPoint::encode(&point));
    let (v, c) = equality_challenges(transcript, base, lists, announcements);
    let v = if weakly.v_is_one { Scalar::ONE } else { v };
    let sum = known.iter().rev().fold(Scalar::ZERO, |sum, secret| (sum + secret.expose()) * v);
    let response = (nonce + c * sum).to_bytes();
    EqualityProof::new([announcements[0].0, announcements[1].0, response].concat().try_into().unwrap())
}

/// What is left of the two equations of CRY-61, over G and over the base; the identity where one holds.
fn equality_residues(
    transcript: Transcript,
    base: &Point,
    lists: [&[EncodedPoint]; 2],
    proof: &EqualityProof,
    v_is_one: bool,
) -> [Point; 2] {
    let [r, r2, s] = std::array::from_fn(|at| proof.as_bytes().as_chunks::<32>().0[at]);
    let announcements = [EncodedPoint(r), EncodedPoint(r2)];
    let (v, c) = equality_challenges(transcript, base, lists, announcements);
    let v = if v_is_one { Scalar::ONE } else { v };
    let s = EncodedScalar(s).decode().unwrap();
    let residue = |base: &Point, announcement: EncodedPoint, images: &[EncodedPoint]| {
        let images = images.iter().rev().map(|image| image.decode().unwrap());
        let sum = images.fold(identity(), |sum, image| (sum + image) * v);
        base * s - announcement.decode().unwrap() - sum * c
    };
    [residue(&G, announcements[0], lists[0]), residue(base, announcements[1], lists[1])]
}

/// The challenge of a proof of possession, from CRY-12.
fn possession_steps(mut transcript: Transcript, keys: &[EncodedPoint], proof: &Possession) -> Value {
    transcript.integer(Label::Count, keys.len() as u64);
    keys.iter().for_each(|key| transcript.point(Label::Key, key));
    transcript.point(Label::R, &EncodedPoint(*proof.as_bytes().first_chunk().unwrap()));
    json!({ "c": scalar(&transcript.challenge(Label::C).unwrap()), "proof": hex::encode(proof.as_bytes()) })
}
