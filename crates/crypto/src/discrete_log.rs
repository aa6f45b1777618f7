//! Totals from `tG`: baby steps, giant steps (CRY-76, CRY-90, CRY-72). Shanks 1971; the encodings of a batch share one field inversion.
//!
//! Only who publishes a result searches. A verifier is given t and multiplies. One search is of one thread; a table may be shared by many.

use crate::group::{G, Point, Scalar, identity};

/// The largest bound a table answers for.
pub const BOUND_MAX: u64 = 1 << 40;
/// The most slots of a table, 8 bytes each: 256 MiB (CRY-90).
const SLOTS_MAX: u64 = 1 << 25;
/// The most baby steps of a table, for which that is room.
const WIDTH_MAX: u64 = SLOTS_MAX / 4 * 3 - 2;
/// Points whose encodings are computed together. Larger gains little, and a total near 0 is found within the first.
const BATCH: usize = 256;

/// The bound is above [`BOUND_MAX`]; the manifest's rules keep every total below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("totals are searched up to 2^40")]
pub struct BoundError;

/// The baby steps `iG` for all i below a width.
pub struct Table {
    baby_steps: Steps,
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
    /// A table for one total from 0 to `bound`.
    ///
    /// # Errors
    /// [`BoundError`] for a bound above 2^40.
    pub fn new(bound: u64) -> Result<Self, BoundError> {
        Self::for_totals(&[bound])
    }

    /// A table for many totals, each from 0 to its own bound and perhaps near it: the larger the table, the longer it takes to make and the
    /// shorter each search. With as many steps as the square root of the sum of the bounds, making it takes as long as all searches do.
    ///
    /// # Errors
    /// [`BoundError`] for a bound above 2^40.
    pub fn for_totals(bounds: &[u64]) -> Result<Self, BoundError> {
        let bound = bounds.iter().copied().max().unwrap_or(0);
        if bound > BOUND_MAX {
            return Err(BoundError);
        }
        let sum = bounds.iter().fold(0u64, |sum, bound| sum.saturating_add(*bound));
        let width = sum.isqrt().min(bound).min(WIDTH_MAX - 1) + 1;
        let mut baby_steps = Steps::new(width);
        let mut baby = 0;
        for keys in (Walk { next: identity(), step: G, left: width }) {
            for key in keys {
                baby_steps.insert(key, baby);
                baby += 1;
            }
        }
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
        for keys in (Walk { next: *point, step: self.giant_step, left: bound / self.width + 1 }) {
            for key in keys {
                for baby in self.baby_steps.candidates(key) {
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

/// Baby steps by their keys, in open addressing: the place follows from the key's upper half, its lower half is kept beside the step.
/// Keys may collide, so a hit is only a candidate.
struct Steps {
    slots: Vec<(u32, u32)>,
    shift: u32,
}

impl Steps {
    /// Marks a slot without a step.
    const NONE: u32 = u32::MAX;

    /// Room for so many steps, a quarter of the slots free at least.
    fn new(steps: u64) -> Self {
        let slots = (steps + steps / 3 + 2).next_power_of_two();
        let size = usize::try_from(slots).expect("at most 2^25 slots");
        Self { slots: vec![(0, Self::NONE); size], shift: 64 - slots.ilog2() }
    }

    /// The slots from a key's own on, to the end and again from the start.
    fn places(&self, key: u64) -> (impl Iterator<Item = usize> + use<>, u32) {
        let first = usize::try_from(key >> self.shift).expect("below the number of slots");
        let len = self.slots.len();
        let [a, b, c, d, ..] = key.to_le_bytes();
        ((first..len).chain(0..first), u32::from_le_bytes([a, b, c, d]))
    }

    fn insert(&mut self, key: u64, step: u32) {
        let (mut places, tag) = self.places(key);
        let free = places.find(|place| self.slots.get(*place).is_some_and(|(_, step)| *step == Self::NONE));
        if let Some(slot) = free.and_then(|place| self.slots.get_mut(place)) {
            *slot = (tag, step);
        }
    }

    fn candidates(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let (places, tag) = self.places(key);
        let filled = places.filter_map(|place| self.slots.get(place)).take_while(|(_, step)| *step != Self::NONE);
        filled.filter(move |(other, _)| *other == tag).map(|(_, step)| *step)
    }
}

/// A walk over `left` points, a fixed step apart, as keys: the first 8 bytes of the encodings of their doubles (a batch of doubles is
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
                .map(|bytes| u64::from_le_bytes(*bytes))
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

    #[test]
    fn a_table_for_many_totals_is_wider_and_finds_the_same() {
        let cases: [&[u64]; 6] = [&[], &[0], &[100], &[100; 9], &[100; 200], &[10_000, 5_000, 1_900]];
        let widths = cases.map(|bounds| Table::for_totals(bounds).unwrap().width);
        assert_eq!(widths, [1, 1, 11, 31, 101, 131]);
        let table = Table::for_totals(&[10_000; 16]).unwrap();
        assert_eq!((table.width, table.bound()), (401, 10_000));
        for total in [0, 1, 400, 401, 402, 9_999, 10_000] {
            assert_eq!(table.solve(&times(total), u64::MAX), Some(total));
        }
        assert_eq!(table.solve(&times(10_001), u64::MAX), None);
        assert_eq!(Table::for_totals(&[1, BOUND_MAX + 1]).err(), Some(BoundError));
    }

    /// Steps whose keys collide, in whole or in the place only, are all candidates, also around the end.
    #[test]
    fn colliding_keys_lose_nothing() {
        let mut steps = Steps::new(10);
        assert_eq!(steps.slots.len(), 16);
        for step in 0..4 {
            steps.insert(u64::MAX, step);
        }
        steps.insert(u64::MAX - 1, 4);
        steps.insert(7, 5);
        assert_eq!(steps.candidates(u64::MAX).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(steps.candidates(u64::MAX - 1).collect::<Vec<_>>(), [4]);
        assert_eq!(steps.candidates(7).collect::<Vec<_>>(), [5]);
        assert_eq!(steps.candidates(8).count(), 0);
    }

    #[test]
    fn no_table_is_larger_than_256_mib() {
        assert_eq!((WIDTH_MAX + WIDTH_MAX / 3 + 2).next_power_of_two(), SLOTS_MAX);
        assert_eq!(size_of::<(u32, u32)>(), 8);
    }

    #[test]
    fn bounds_above_the_limit_are_refused() {
        assert_eq!(Table::new(BOUND_MAX + 1).err(), Some(BoundError));
    }

    /// CRY-90, the full range: run by hand with its time, `cargo test --release -p vitrine-crypto full_range -- --ignored --nocapture`.
    #[test]
    #[ignore = "seconds of work"]
    fn full_range_is_searched() {
        let table = Table::for_totals(&[BOUND_MAX; 20]).unwrap();
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
