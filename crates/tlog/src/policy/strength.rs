//! How much a policy bears: dishonest witnesses, and witnesses that are lost. The format says neither; people who choose or read a
//! policy should know both.

use super::{Group, Member, Policy};

/// What a policy bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// Whether two histories need a dishonest witness in *every* quorum: as long as the witnesses of any one quorum are honest, no second
    /// history meets the policy, whatever all others sign. For k of n this is k >= 1 + floor(2n / 3).
    pub safe: bool,
    /// The fewest witnesses that must be dishonest for two histories to meet the policy both; 0 of a policy without quorum.
    pub splitting: usize,
    /// The fewest witnesses whose loss keeps the quorum from ever being met again. With 1 there is no spare; 0 of a policy without quorum.
    pub blocking: usize,
}

impl Policy {
    /// What this policy bears. Without a quorum it is not safe, and nothing blocks it.
    pub fn strength(&self) -> Strength {
        let safe = self.quorum.is_some_and(|member| self.is_safe(member));
        let of_quorum = |count: fn(&Self, Member) -> usize| self.quorum.map_or(0, |member| count(self, member));
        Strength { safe, splitting: of_quorum(Self::splitting), blocking: of_quorum(Self::blocking) }
    }

    /// The fewest cosignatures that can meet this policy; 0 without a quorum.
    pub fn fewest_cosignatures(&self) -> usize {
        self.quorum.map_or(0, |member| self.meeting(member))
    }

    fn meeting(&self, member: Member) -> usize {
        self.group(member).map_or(1, |group| self.fewest(group, group.threshold, Self::meeting))
    }

    /// Any three sets that fulfil the member have a witness in common: so two conflicting quorums share one with the honest quorum. Three
    /// choices of t among m members share at least 3t - 2m of them, and whoever attacks chooses which: one of these must be safe.
    fn is_safe(&self, member: Member) -> bool {
        let Some(group) = self.group(member) else { return true };
        let unsafe_members = group.members.iter().filter(|member| !self.is_safe(**member)).count();
        group.threshold.saturating_mul(3) > group.members.len().saturating_mul(2).saturating_add(unsafe_members)
    }

    /// Two choices of t among m members share at least 2t - m, and in each shared one the witnesses that both sets need.
    fn splitting(&self, member: Member) -> usize {
        let Some(group) = self.group(member) else { return 1 };
        let shared = group.threshold.saturating_mul(2).saturating_sub(group.members.len());
        self.fewest(group, shared, Self::splitting)
    }

    /// m - t + 1 members must fail, and those fail first that take the fewest witnesses.
    fn blocking(&self, member: Member) -> usize {
        let Some(group) = self.group(member) else { return 1 };
        let failing = group.members.len().saturating_sub(group.threshold).saturating_add(1);
        self.fewest(group, failing, Self::blocking)
    }

    /// The sum over those `count` members of which it is least.
    fn fewest(&self, group: &Group, count: usize, of: fn(&Self, Member) -> usize) -> usize {
        let mut each: Vec<usize> = group.members.iter().map(|member| of(self, *member)).collect();
        each.sort_unstable();
        each.into_iter().take(count).sum()
    }

    fn group(&self, member: Member) -> Option<&Group> {
        match member {
            Member::Witness(_) => None,
            Member::Group(place) => self.groups.get(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cosignature::CosignerKey, note::SignerKey};
    use proptest::prelude::*;

    fn policy(witnesses: usize, lines: &str) -> Policy {
        let log = SignerKey::from_seed("log.example", &[1; 32]).unwrap().verifier_key();
        let mut text = format!("log {log}\n");
        for number in 1..=witnesses {
            let seed = [u8::try_from(number).unwrap() + 1; 32];
            let key = CosignerKey::from_seed(&format!("w{number}.example"), &seed).unwrap().verifier_key();
            text.push_str(&format!("witness {number} {key}\n"));
        }
        Policy::parse(format!("{text}{lines}").as_bytes()).unwrap()
    }

    fn k_of_n(k: usize, n: usize) -> Strength {
        let names: Vec<String> = (1..=n).map(|number| number.to_string()).collect();
        policy(n, &format!("group all {k} {}\nquorum all\n", names.join(" "))).strength()
    }

    /// The table of the literature: 4: 3, 5: 4, 6: 5, 7: 5, 8: 6, 9: 7, 10: 7.
    #[test]
    fn the_smallest_safe_quorum_is_one_more_than_two_thirds() {
        for (n, least) in [(1usize, 1usize), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (8, 6), (9, 7), (10, 7)] {
            for k in 1..=n {
                let expected = Strength { safe: k >= least, splitting: (2 * k).saturating_sub(n), blocking: n - k + 1 };
                assert_eq!(k_of_n(k, n), expected, "{k} of {n}");
            }
        }
        assert_eq!(policy(1, "quorum none\n").strength(), Strength { safe: false, splitting: 0, blocking: 0 });
        assert_eq!(policy(2, "quorum 2\n").strength(), Strength { safe: true, splitting: 1, blocking: 1 });
    }

    /// The sets of witnesses that fulfil a policy, as bits.
    fn quorums(policy: &Policy, count: usize) -> Vec<u32> {
        let met = |set: &u32| {
            let times: Vec<Option<u64>> = (0..count).map(|place| (set >> place & 1 == 1).then_some(0)).collect();
            policy.holds(policy.quorum(), &times)
        };
        (0..1u32 << count).filter(met).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Against trying everything: groups of groups over six witnesses.
        #[test]
        fn strength_is_what_trying_all_quorums_finds(first in 1usize..=3, second in 1usize..=2, top in 1usize..=3) {
            let lines = format!("group a {first} 1 2 3\ngroup b {second} 4 5\ngroup c {top} a b 6\nquorum c\n");
            let policy = policy(6, &lines);
            let quorums = quorums(&policy, 6);
            let safe = quorums.iter().all(|a| {
                quorums.iter().all(|b| a & b != 0 && quorums.iter().all(|c| a & b & c != 0))
            });
            let shared = |a: &u32| quorums.iter().map(move |b| (a & b).count_ones()).collect::<Vec<_>>();
            let splitting = quorums.iter().flat_map(shared).min().unwrap();
            let blocks = |set: &u32| quorums.iter().all(|quorum| quorum & set != 0);
            let blocking = (0..64u32).filter(blocks).map(u32::count_ones).min().unwrap();
            let [splitting, blocking] = [splitting, blocking].map(|count| usize::try_from(count).unwrap());
            let fewest = quorums.iter().map(|quorum| quorum.count_ones()).min().unwrap();
            prop_assert_eq!(policy.fewest_cosignatures(), usize::try_from(fewest).unwrap());
            prop_assert_eq!(policy.strength(), Strength { safe, splitting, blocking });
        }
    }
}
