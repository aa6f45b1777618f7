//! The frozen vectors of `specs/vectors` that belong to `specs/03-cryptography.md`. What they hold is computed here a second time from
//! the words of the chapter, transcripts included ([`strobe`]), and compared with what the code under test makes.

mod foundations;
pub(crate) mod relations;
pub(crate) mod schnorr;
pub(crate) mod strobe;

use crate::{
    encoding::EncodedPoint,
    group::{Point, Scalar},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::{Value, json};

/// Every file with what belongs into it.
fn files() -> [(&'static str, Value); 6] {
    [
        ("generators", foundations::generators()),
        ("transcript", foundations::transcript()),
        ("schnorr", schnorr::schnorr()),
        ("relation", relations::relation()),
        ("selection", crate::selection_proof::tests::vectors::selection()),
        ("amounts", crate::selection_proof::tests::amount_vectors::amounts()),
    ]
}

fn path(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/vectors").join(format!("{name}.json"))
}

#[test]
fn frozen_vectors_hold() {
    for (name, value) in files() {
        let frozen: Value = serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap();
        assert_eq!(frozen, value, "{name}.json; if the change is meant, read the diff of `regenerate_proof_vectors`");
    }
}

#[test]
#[ignore = "writes specs/vectors"]
fn regenerate_proof_vectors() {
    for (name, value) in files() {
        std::fs::write(path(name), format!("{value:#}\n")).unwrap();
    }
}

pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub(crate) fn scalar(scalar: &Scalar) -> Value {
    hex::encode(scalar.to_bytes()).into()
}

pub(crate) fn scalars(scalars: &[Scalar]) -> Value {
    scalars.iter().map(scalar).collect()
}

pub(crate) fn point(point: &Point) -> Value {
    encoded(&EncodedPoint::encode(point))
}

pub(crate) fn encoded(point: &EncodedPoint) -> Value {
    hex::encode(point.as_bytes()).into()
}
