//! Amounts as bits and as wide values (BAL-60): 4, 16 and 64 of them, 16 and 32 bits each. Sealing, a single check and a check in a batch,
//! per ballot, and bytes. Each round takes all in turn and the least of the rounds counts, so that a busy machine slows all alike.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a bench reports, and fails loudly")]

use crypto::{
    EncodedPoint, Point,
    batch::{Bases, Claim, verify_batch},
    relation::{Relation, tight_bits},
    selection_proof::{SealedContest, SelectionContext, claim, seal},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::time::Instant;

const CONTEXT: SelectionContext = SelectionContext {
    election: [1; 32],
    opening: [2; 32],
    joint_key: [3; 32],
    contest: 0,
    credential: EncodedPoint([4; 32]),
    sequence: 1,
    previous: [0; 32],
};

/// So many amounts, written one way.
struct Case {
    name: String,
    relation: Relation,
    bases: Bases,
    witness: Vec<u32>,
    ballots: usize,
}

impl Case {
    fn new(name: String, relation: Relation, witness: Vec<u32>, ballots: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        let keys: Vec<Point> = (0..relation.slots()).map(|_| Point::random(&mut rng)).collect();
        let bases = Bases::with_amounts(relation.witness_len(), relation.wide().len(), &keys);
        Self { name, relation, bases, witness, ballots }
    }

    fn wide(amounts: usize, ballots: usize) -> Self {
        let weights = (0..amounts).map(|slot| vec![(slot, 1)]).collect();
        let relation = Relation::new(amounts, amounts, (0..amounts).collect(), weights, vec![]).unwrap();
        Self::new(format!("{amounts:>2} wide values     "), relation, vec![70_000; amounts], ballots)
    }

    fn bits(amounts: usize, bits: u32, ballots: usize) -> Self {
        let weights = tight_bits((1u64 << bits) - 1);
        let len = weights.len();
        let row = |slot: usize| weights.iter().enumerate().map(|(bit, weight)| (slot * len + bit, *weight)).collect();
        let relation = Relation::new(amounts, amounts * len, vec![], (0..amounts).map(row).collect(), vec![]).unwrap();
        let witness = (0..amounts * len).map(|bit| u32::from(bit % 3 == 0)).collect();
        Self::new(format!("{amounts:>2} values of {bits} bits"), relation, witness, ballots)
    }

    fn claim(&self, bytes: &[u8]) -> Claim {
        let sealed = SealedContest::decode(bytes, &self.relation).unwrap();
        claim(&self.relation, &self.bases, &CONTEXT, &sealed).unwrap().0
    }

    /// Milliseconds to seal, to check alone, and to check among the others.
    fn round(&self, rng: &mut ChaCha20Rng) -> [f64; 3] {
        let start = Instant::now();
        let sealed = seal(&self.relation, &self.bases, &CONTEXT, &self.witness, rng).unwrap().0;
        let sealing = start.elapsed();
        let start = Instant::now();
        self.claim(sealed.as_bytes()).verify(&self.bases).unwrap();
        let single = start.elapsed();
        let start = Instant::now();
        let claims: Vec<Claim> = (0..self.ballots).map(|_| self.claim(sealed.as_bytes())).collect();
        verify_batch(&claims, &self.bases, rng).unwrap();
        let batch = start.elapsed().as_secs_f64() * 1_000.0 / f64::from(u32::try_from(self.ballots).unwrap());
        [sealing.as_secs_f64() * 1_000.0, single.as_secs_f64() * 1_000.0, batch]
    }
}

fn main() {
    // `cargo test` runs benches too: once over then, and nothing is asserted of a time.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, ballots) = if measured { (7, 100) } else { (1, 2) };
    let counts: &[usize] = if measured { &[4, 16, 64] } else { &[2] };
    let cases = counts.iter().flat_map(|amounts| {
        let bits = [16, 32].map(|bits| Case::bits(*amounts, bits, ballots));
        bits.into_iter().chain([Case::wide(*amounts, if measured { 10 } else { 2 })])
    });
    let cases: Vec<Case> = cases.collect();
    let mut least = vec![[f64::MAX; 3]; cases.len()];
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    for _ in 0..=rounds {
        for (least, case) in least.iter_mut().zip(&cases) {
            let round = case.round(&mut rng);
            least.iter_mut().zip(round).for_each(|(least, time)| *least = least.min(time));
        }
    }
    for (case, [sealing, single, batch]) in cases.iter().zip(least) {
        let bytes = case.relation.sealed_len();
        println!(
            "{}: {bytes:>6} bytes, seal {sealing:.2} ms, alone {single:.2} ms, in a batch {batch:.3} ms",
            case.name
        );
    }
}
