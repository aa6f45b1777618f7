//! Bytes damaged at random, many times.

use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

/// One way to damage bytes.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index),
    Cut(Index),
    Extend(Vec<u8>),
    Insert(Index, u8),
    Remove(Index),
    Overwrite(Index, Vec<u8>),
}

impl Damage {
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        match self {
            Self::Flip(bit) => {
                let bit = bit.index(bytes.len() * 8);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
            Self::Cut(length) => damaged.truncate(length.index(bytes.len())),
            Self::Extend(more) => damaged.extend(more),
            Self::Insert(place, byte) => damaged.insert(place.index(bytes.len()), *byte),
            Self::Remove(place) => drop(damaged.remove(place.index(bytes.len()))),
            Self::Overwrite(place, with) => {
                let place = place.index(bytes.len());
                damaged.iter_mut().skip(place).zip(with).for_each(|(byte, new)| *byte = *new);
            }
        }
        damaged
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let more = || prop::collection::vec(any::<u8>(), 1..40);
    prop_oneof![
        4 => any::<Index>().prop_map(Damage::Flip),
        1 => any::<Index>().prop_map(Damage::Cut),
        1 => more().prop_map(Damage::Extend),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(place, byte)| Damage::Insert(place, byte)),
        1 => any::<Index>().prop_map(Damage::Remove),
        2 => (any::<Index>(), more()).prop_map(|(place, with)| Damage::Overwrite(place, with)),
    ]
}

/// Damages objects by the number; the check sees only those that did not stay what they were.
pub(crate) fn damage_each<T>(
    objects: &[T],
    cases: u32,
    bytes: impl Fn(&T) -> Vec<u8>,
    check: impl Fn(&T, &[u8]) -> Result<(), String>,
) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&(any::<Index>(), damage()), |(which, damage)| {
        let object = which.get(objects);
        let right = bytes(object);
        let damaged = damage.apply(&right);
        if damaged != right {
            check(object, &damaged).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
    outcome.unwrap();
}
