//! Sealing and verifying choose-one contests of K slots (K = 2, 5, 20) and a pairwise ranking of 20 options (K = 190, N = 1,330, M = 1,140),
//! and a batch against its floor: decompressing the same points and one multiscalar multiplication over them, timed in turn in the same
//! process. The bench fails when the batch costs more
//! than 2.5 times the floor. One by one takes about three times the floor, so no batch can be four times faster than that.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a bench reports, and fails loudly")]

use criterion::{BatchSize, BenchmarkId, Criterion};
use crypto::{
    EncodedPoint, Point, Scalar, SecretScalar,
    batch::{Bases, Claim, verify_batch},
    elgamal,
    relation::Relation,
    selection_proof::{SealedContest, SelectionContext, claim, seal},
};
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const BALLOTS: usize = 1_000;
/// Of the larger ballots.
const RANKINGS: usize = 200;
const SLOTS: [usize; 3] = [2, 5, 20];

/// Exactly one of so many slots.
fn choose_one(slots: usize) -> (Relation, Vec<u32>) {
    let rule = ((0..slots).map(|slot| (slot, 1)).collect(), 1);
    let weights = (0..slots).map(|slot| vec![(slot, 1)]).collect();
    let relation = Relation::new(slots, slots, vec![], weights, vec![rule]).unwrap();
    (relation, (0..slots).map(|slot| u32::from(slot == 1)).collect())
}

/// A bit for each pair of options, and a rule and a bit for each triple: `ab + bc - ac` is 0 or 1 (BAL-56).
fn pairwise(options: usize) -> (Relation, Vec<u32>) {
    let pairs: Vec<(usize, usize)> = (0..options).flat_map(|a| (a + 1..options).map(move |b| (a, b))).collect();
    let at = |a: usize, b: usize| pairs.iter().position(|pair| *pair == (a, b)).unwrap();
    let triples: Vec<_> = pairs.iter().flat_map(|(a, b)| (b + 1..options).map(|c| (*a, *b, c))).collect();
    let rule = |(number, (a, b, c)): (usize, &(usize, usize, usize))| {
        let mut row = vec![(at(*a, *b), 1), (at(*b, *c), 1), (at(*a, *c), -1), (pairs.len() + number, -1)];
        row.sort_unstable();
        (row, 0)
    };
    let weights = (0..pairs.len()).map(|slot| vec![(slot, 1)]).collect();
    let rules = triples.iter().enumerate().map(rule).collect();
    let len = pairs.len() + triples.len();
    // Everybody in the order of the list.
    (Relation::new(pairs.len(), len, vec![], weights, rules).unwrap(), vec![1; len])
}

/// A contest with sealed ballots, as a board holds them.
struct Election {
    relation: Relation,
    bases: Bases,
    witness: Vec<u32>,
    ballots: Vec<(SelectionContext, Vec<u8>)>,
    scalars: Vec<Scalar>,
}

impl Election {
    fn new(slots: usize, ballots: usize) -> Self {
        Self::of(choose_one(slots), ballots)
    }

    fn of((relation, witness): (Relation, Vec<u32>), ballots: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let slots = relation.slots();
        let keys: Vec<Point> = (0..slots).map(|_| Point::random(&mut rng)).collect();
        let bases = Bases::new(relation.witness_len(), &keys);
        let mut election = Self { relation, bases, witness, ballots: Vec::new(), scalars: Vec::new() };
        election.scalars = (0..ballots.max(1) * (slots + 5)).map(|_| Scalar::random(&mut rng)).collect();
        for sequence in 0..ballots {
            let context = Self::context(u64::try_from(sequence).unwrap());
            election.ballots.push((context, election.seal(&context, &mut rng).as_bytes().to_vec()));
        }
        election
    }

    fn context(sequence: u64) -> SelectionContext {
        SelectionContext {
            election: [1; 32],
            opening: [2; 32],
            joint_key: [3; 32],
            contest: 0,
            credential: EncodedPoint([4; 32]),
            sequence,
            previous: [0; 32],
        }
    }

    fn seal(&self, context: &SelectionContext, rng: &mut ChaCha20Rng) -> SealedContest {
        seal(&self.relation, &self.bases, context, &self.witness, rng).unwrap().0
    }

    fn claim(&self, (context, bytes): &(SelectionContext, Vec<u8>)) -> Claim {
        let sealed = SealedContest::decode(bytes, &self.relation).unwrap();
        claim(&self.relation, &self.bases, context, &sealed).unwrap().0
    }

    /// From received bytes to the verdict, one by one.
    fn one_by_one(&self, ballots: usize) {
        for ballot in self.ballots.iter().take(ballots) {
            self.claim(ballot).verify(&self.bases).unwrap();
        }
    }

    /// From received bytes to the verdict, in one batch.
    fn batch(&self, rng: &mut ChaCha20Rng) {
        let claims: Vec<Claim> = self.ballots.iter().map(|ballot| self.claim(ballot)).collect();
        verify_batch(&claims, &self.bases, rng).unwrap();
    }

    /// The least any verifier of these points must do.
    fn floor(&self) -> Point {
        let points: Vec<Point> = self
            .ballots
            .iter()
            .flat_map(|(_, bytes)| bytes.as_chunks::<32>().0.iter().take(self.relation.slots() + 5))
            .map(|bytes| EncodedPoint(*bytes).decode().unwrap())
            .collect();
        Point::vartime_multiscalar_mul(&self.scalars, &points)
    }
}

fn sealing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("seal");
    for slots in SLOTS {
        let election = Election::new(slots, 1);
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        group.bench_with_input(BenchmarkId::new("encryption alone", slots), &election, |bench, election| {
            let randomness = SecretScalar::generate(&mut rng).unwrap();
            let values: Vec<u64> = election.witness.iter().map(|bit| u64::from(*bit)).collect();
            bench.iter(|| elgamal::encrypt(election.bases.slot_points(), &values, &randomness).unwrap());
        });
        group.bench_with_input(BenchmarkId::new("encryption and proof", slots), &election, |bench, election| {
            bench.iter(|| election.seal(&Election::context(0), &mut rng));
        });
    }
}

fn verification(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    group.sample_size(10);
    for slots in SLOTS {
        let election = Election::new(slots, BALLOTS);
        group.bench_with_input(BenchmarkId::new("one", slots), &election, |bench, election| {
            bench.iter(|| election.one_by_one(1));
        });
        group.bench_with_input(BenchmarkId::new("batch of 1,000", slots), &election, |bench, election| {
            bench.iter_batched_ref(|| ChaCha20Rng::seed_from_u64(4), |rng| election.batch(rng), BatchSize::LargeInput);
        });
        group.bench_with_input(BenchmarkId::new("floor of 1,000", slots), &election, |bench, election| {
            bench.iter(|| black_box(election.floor()));
        });
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).unwrap().as_secs_f64()
}

/// The ratios, from rounds that take floor, batch and one by one in turn, so that a busy machine slows all three alike.
fn ratios() {
    let choose_one = SLOTS.map(|slots| (choose_one(slots), BALLOTS));
    for (contest, ballots) in choose_one.into_iter().chain([(pairwise(20), RANKINGS)]) {
        let election = Election::of(contest, ballots);
        let (slots, factor) = (election.relation.slots(), u32::try_from(ballots / 100).unwrap());
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let (mut floors, mut batches, mut singles) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..7 {
            floors.push(timed(|| {
                black_box(election.floor());
            }));
            batches.push(timed(|| election.batch(&mut rng)));
            singles.push(timed(|| election.one_by_one(100)) * factor);
        }
        let (floor, batch, single) = (median(floors), median(batches), median(singles));
        println!(
            "K = {slots}: {ballots} ballots {batch:.3} s in a batch, {single:.3} s alone, floor {floor:.3} s: \
             batch = {:.2} x floor, one by one = {:.2} x batch = {:.2} x floor",
            batch / floor,
            single / batch,
            single / floor,
        );
        assert!(batch <= 2.5 * floor, "a batch costs at most 2.5 times its floor");
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    sealing(&mut criterion);
    verification(&mut criterion);
    // `cargo test` runs benches too, once over and on a busy machine: no time is worth asserting then.
    if std::env::args().any(|argument| argument == "--bench") {
        ratios();
    }
    criterion.final_summary();
}
