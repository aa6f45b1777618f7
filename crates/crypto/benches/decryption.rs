//! A trustee's work after the closing and in a rehearsal, an observer's check of it, and the search for a total.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench fails loudly")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use crypto::{
    EncodedPoint, Point, Scalar, SecretScalar,
    batch::Bases,
    decryption::{DecryptionContext, combine, decrypt, decryption_claim},
    discrete_log::Table,
    group::G,
    rehearsal::{RehearsalContext, rehearsal_claim, rehearse},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::hint::black_box;

const CONTEXT: DecryptionContext =
    DecryptionContext { election: [1; 32], closing: [2; 32], joint_key: [3; 32], contest: 0, group: 0, trustee: 1 };
const REHEARSAL: RehearsalContext =
    RehearsalContext { election: [1; 32], joint_key: [3; 32], trustee: 1, entry: 9, entry_hash: [4; 32] };

fn partial_decryption(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("partial decryption");
    let bases = Bases::new(0, &[]);
    for slots in [5, 20, 100] {
        let mut rng = ChaCha20Rng::seed_from_u64(70);
        let shares: Vec<SecretScalar> = (0..slots).map(|_| SecretScalar::generate(&mut rng).unwrap()).collect();
        let images: Vec<EncodedPoint> = shares.iter().map(|share| EncodedPoint::encode(&share.public())).collect();
        let shares: Vec<&SecretScalar> = shares.iter().collect();
        let base = Point::random(&mut rng);
        let partial = decrypt(&CONTEXT, &shares, &images, &base, &mut rng).unwrap();
        group.bench_function(BenchmarkId::new("decrypt", slots), |bencher| {
            bencher.iter(|| decrypt(&CONTEXT, black_box(&shares), &images, &base, &mut rng).unwrap());
        });
        group.bench_function(BenchmarkId::new("verify", slots), |bencher| {
            bencher.iter(|| {
                let (claim, _) = decryption_claim(&CONTEXT, &images, &base, black_box(&partial)).unwrap();
                claim.verify(&bases).unwrap();
            });
        });
        let (_, points) = decryption_claim(&CONTEXT, &images, &base, &partial).unwrap();
        let partials: Vec<(u64, &[Point])> = (1..=3).map(|trustee| (trustee, &points[..])).collect();
        group.bench_function(BenchmarkId::new("combine 3", slots), |bencher| {
            bencher.iter(|| combine(3, black_box(&points), &partials).unwrap());
        });
        let proof = rehearse(&REHEARSAL, &shares, &images, &mut rng).unwrap();
        group.bench_function(BenchmarkId::new("verify rehearsal", slots), |bencher| {
            bencher.iter(|| rehearsal_claim(&REHEARSAL, &images, black_box(&proof)).unwrap().verify(&bases).unwrap());
        });
    }
    group.finish();
}

fn discrete_log(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("discrete log");
    group.sample_size(10);
    for bits in [14, 20, 30, 40] {
        let bound = 1u64 << bits;
        group.bench_function(BenchmarkId::new("table", format!("2^{bits}")), |bencher| {
            bencher.iter(|| Table::new(black_box(bound)).unwrap());
        });
        let table = Table::new(bound).unwrap();
        // The last baby step after the last giant step: nothing takes longer.
        let worst = Scalar::from(bound) * G;
        group.bench_function(BenchmarkId::new("worst total", format!("2^{bits}")), |bencher| {
            bencher.iter(|| table.solve(black_box(&worst), bound).unwrap());
        });
    }
    // CRY-90: a contest of 20 totals near the bound, from no table to the last total.
    group.bench_function("20 totals of 2^40", |bencher| {
        let totals: Vec<Point> = (0..20u64).map(|less| Scalar::from((1 << 40) - less) * G).collect();
        bencher.iter(|| {
            let table = Table::for_totals(&[1 << 40; 20]).unwrap();
            totals.iter().map(|total| table.solve(black_box(total), 1 << 40).unwrap()).sum::<u64>()
        });
    });
    group.finish();
}

criterion_group!(benches, partial_decryption, discrete_log);
criterion_main!(benches);
