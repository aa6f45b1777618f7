//! Totals from `tG`: baby steps, giant steps (CRY-76, CRY-90, CRY-72). Shanks 1971; the encodings of a batch share one field inversion.
//!
//! Only who publishes a result searches. A verifier is given t and multiplies.

use crate::group::{G, Point, Scalar, identity};

/// The largest bound a table answers for.
pub const BOUND_MAX: u64 = 1 << 40;
/// Points whose encodings are computed together. Larger gains little, and a total near 0 is found within the first.
const BATCH: usize = 256;

/// The bound is above [`BOUND_MAX`]; the manifest's rules keep every total below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("totals are searched up to 2^40")]
pub struct BoundError;

/// The baby steps `iG` for all i below the square root of the bound: at most 2^20 + 1 of them, 16 bytes each.
pub struct Table {
    /// First 8 bytes of the encoding of `2iG`, and i; sorted. Prefixes may collide, so a hit is only a candidate.
    baby_steps: Vec<(u64, u32)>,
    /// How many baby steps there are, so the width of a giant step.
    width: u64,
    giant_step: Point,
    bound: u64,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Table({} baby steps, bound {})", self.width, self.bound)
    }
}

impl Table {
    /// A table for totals from 0 to `bound`. Its size and the time to build it grow with the square root of the bound.
    ///
    /// # Errors
    /// [`BoundError`] for a bound above 2^40.
    pub fn new(bound: u64) -> Result<Self, BoundError> {
        if bound > BOUND_MAX {
            return Err(BoundError);
        }
        let width = bound.isqrt() + 1;
        let mut baby_steps = Vec::with_capacity(usize::try_from(width).expect("2^20 fits"));
        for prefixes in (Walk { next: identity(), step: G, left: width }) {
            for prefix in prefixes {
                baby_steps.push((prefix, u32::try_from(baby_steps.len()).expect("at most 2^20 + 1")));
            }
        }
        baby_steps.sort_unstable();
        Ok(Self { baby_steps, width, giant_step: -(Scalar::from(width) * G), bound })
    }

    /// The largest total this table finds.
    pub fn bound(&self) -> u64 {
        self.bound
    }

    /// The t from 0 to `bound` with `point = tG`, if there is one; `bound` counts up to the table's own.
    pub fn solve(&self, point: &Point, bound: u64) -> Option<u64> {
        let bound = bound.min(self.bound);
        let mut start = 0u64;
        for prefixes in (Walk { next: *point, step: self.giant_step, left: bound / self.width + 1 }) {
            for prefix in prefixes {
                let first = self.baby_steps.partition_point(|&(other, _)| other < prefix);
                let hits =
                    self.baby_steps.get(first..).unwrap_or_default().iter().take_while(|&&(other, _)| other == prefix);
                for &(_, baby) in hits {
                    let total = start + u64::from(baby);
                    if total <= bound && Scalar::from(total) * G == *point {
                        return Some(total);
                    }
                }
                start += self.width;
            }
        }
        None
    }
}

/// A walk over `count` points, a fixed step apart, as the first 8 bytes of the encodings of their doubles (a batch of doubles is
/// encoded without a square root each). The group's order is odd, so doubling keeps different points different.
struct Walk {
    next: Point,
    step: Point,
    left: u64,
}

impl Iterator for Walk {
    type Item = Vec<u64>;

    fn next(&mut self) -> Option<Vec<u64>> {
        let size = usize::try_from(self.left).map_or(BATCH, |left| left.min(BATCH));
        if size == 0 {
            return None;
        }
        self.left -= u64::try_from(size).ok()?;
        let points: Vec<Point> = (0..size)
            .map(|_| {
                let point = self.next;
                self.next += self.step;
                point
            })
            .collect();
        let encodings = Point::double_and_compress_batch(&points);
        Some(
            encodings
                .iter()
                .filter_map(|bytes| bytes.as_bytes().first_chunk())
                .map(|bytes| u64::from_be_bytes(*bytes))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert_eq, proptest};

    fn times(total: u64) -> Point {
        Scalar::from(total) * G
    }

    #[test]
    fn every_total_of_a_small_bound_is_found_and_no_other() {
        for bound in [0, 1, 2, 3, 8, 9, 100, 1000] {
            let table = Table::new(bound).unwrap();
            for total in 0..=bound {
                assert_eq!(table.solve(&times(total), bound), Some(total));
            }
            assert_eq!(table.solve(&times(bound + 1), bound), None);
            assert_eq!(table.solve(&-G, bound), None);
            assert_eq!(table.solve(&crate::group::blinding_base(), bound), None);
        }
    }

    #[test]
    fn a_smaller_bound_of_the_question_binds() {
        let table = Table::new(10_000).unwrap();
        assert_eq!(table.solve(&times(500), 500), Some(500));
        assert_eq!(table.solve(&times(501), 500), None);
        assert_eq!(table.solve(&times(10_001), u64::MAX), None);
    }

    /// Two baby steps whose prefixes collide are both found: the table keeps every step.
    #[test]
    fn colliding_prefixes_lose_nothing() {
        let mut table = Table::new(100).unwrap();
        let (prefix, _) = *table.baby_steps.iter().find(|(_, baby)| *baby == 7).unwrap();
        table.baby_steps.push((prefix, 3));
        table.baby_steps.sort_unstable();
        assert_eq!(table.solve(&times(7), 100), Some(7));
        assert_eq!(table.solve(&times(18), 100), Some(18));
    }

    #[test]
    fn bounds_above_the_limit_are_refused() {
        assert_eq!(Table::new(BOUND_MAX + 1).err(), Some(BoundError));
    }

    /// The full range: run by hand with its time, `cargo test --release -p vitrine-crypto full_range -- --ignored --nocapture`.
    #[test]
    #[ignore = "seconds of work"]
    fn full_range_is_searched() {
        let table = Table::new(BOUND_MAX).unwrap();
        for total in [0, 1, BOUND_MAX / 2, BOUND_MAX - 1, BOUND_MAX] {
            assert_eq!(table.solve(&times(total), BOUND_MAX), Some(total));
        }
        assert_eq!(table.solve(&times(BOUND_MAX + 1), BOUND_MAX), None);
    }

    proptest! {
        #[test]
        fn totals_are_found(total in 0u64..1 << 24) {
            static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| Table::new(1 << 24).unwrap());
            prop_assert_eq!(TABLE.solve(&times(total), 1 << 24), Some(total));
        }
    }
}
