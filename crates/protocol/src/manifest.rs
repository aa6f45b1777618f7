//! The manifest: everything an election fixes for ever (MAN-1 to MAN-12, MAN-14, MAN-25, MAN-40, MAN-41). Its fingerprint F is what voters compare.

use crate::{
    cbor,
    contest::Contest,
    ids::{ElectionId, Minutes, TextDigest},
};
use crypto::EncodedPoint;
use minicbor::{Decode, Encode};

mod pages;

pub use pages::{BOARD_IN_WORDS, LONGEST_BOARD, MOST_BOARDS, Pages, is_board};

/// An official's name, keys, and the proof that whoever published them holds them (`key-possession`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Official {
    /// As it is shown.
    #[n(0)]
    pub name: String,
    /// Signing key.
    #[cbor(n(1), with = "cbor::point")]
    pub signing_key: EncodedPoint,
    /// Proof of possession: R || s.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub possession: [u8; 64],
}

/// A trustee's name and keys. The share key is what the other trustees seal to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct TrusteeKeys {
    /// As it is shown.
    #[n(0)]
    pub name: String,
    /// Signing key.
    #[cbor(n(1), with = "cbor::point")]
    pub signing_key: EncodedPoint,
    /// Share-encryption key Y.
    #[cbor(n(2), with = "cbor::point")]
    pub share_key: EncodedPoint,
    /// Proof of possession of both: R || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub possession: [u8; 64],
}

/// A unit (district, department) and its ballot style.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Unit {
    /// As it is shown.
    #[n(0)]
    pub name: String,
    /// The contests its voters see, ascending indices into the manifest's contests.
    #[n(1)]
    pub contests: Vec<u32>,
}

/// Which of a credential's ballots counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RevoteRule {
    /// The latest, of at most 64.
    #[n(0)]
    Last,
    /// The first; a second is refused.
    #[n(1)]
    First,
}

/// A choice that weakens the election and therefore stands on the report's first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Waiver {
    /// k = n, n = 1 or k > (n+1)/2: a lost share can cancel the election, or one trustee alone can read ballots.
    #[n(0)]
    Threshold,
    /// `quorum none`: nobody but the board attests that there is one history.
    #[n(1)]
    NoWitnesses,
    /// A single tally group below the minimum size is decrypted all the same.
    #[n(2)]
    SmallTally,
}

/// A long text that is published elsewhere and only named here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct NamedText {
    /// File name or title.
    #[n(0)]
    pub name: String,
    /// SHA3-256 of its bytes.
    #[n(1)]
    pub digest: TextDigest,
}

/// Body type 0.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Manifest {
    /// `vitrine/1/ristretto255`.
    #[n(0)]
    pub suite: String,
    /// `homomorphic`: totals are decrypted, never ballots.
    #[n(1)]
    pub sealing: String,
    /// Random, chosen by the authority.
    #[n(2)]
    pub election_id: ElectionId,
    /// The election's name.
    #[n(3)]
    pub title: String,
    /// Long texts, by digest.
    #[n(4)]
    pub texts: Vec<NamedText>,
    /// The contests.
    #[n(5)]
    pub contests: Vec<Contest>,
    /// The units, in merge order.
    #[n(6)]
    pub units: Vec<Unit>,
    /// k, how many trustees decrypt.
    #[n(7)]
    pub threshold: u32,
    /// q, the fewest trustees the ceremony goes on with.
    #[n(8)]
    pub quorum: u32,
    /// The trustees; n is their number, trustee i the i-th from 1.
    #[n(9)]
    pub trustees: Vec<TrusteeKeys>,
    /// The registrars, from 1.
    #[n(10)]
    pub registrars: Vec<Official>,
    /// The authority.
    #[n(11)]
    pub authority: Official,
    /// Rows of the roll.
    #[n(12)]
    pub roll_length: u32,
    /// Largest weight of a row.
    #[n(13)]
    pub largest_weight: u32,
    /// Which ballot counts.
    #[n(14)]
    pub revote: RevoteRule,
    /// Whether lost credentials may be replaced.
    #[n(15)]
    pub replacement: bool,
    /// When each of the four ceremony stages is overdue.
    #[n(16)]
    pub stage_deadlines: [Minutes; 4],
    /// Announced opening; informative.
    #[n(17)]
    pub opening: Minutes,
    /// Closing time.
    #[n(18)]
    pub closing: Minutes,
    /// Latest closing time an `Extension` may set.
    #[n(19)]
    pub latest_closing: Minutes,
    /// Minutes after the closing time in which what was accepted before is still witnessed.
    #[n(20)]
    pub grace: Minutes,
    /// Origin line of the election's log.
    #[n(21)]
    pub log_origin: String,
    /// Verifier key of the log, in signed-note text form.
    #[n(22)]
    pub log_key: String,
    /// The witness policy, in tlog-policy text form.
    #[n(23)]
    pub policy: String,
    /// Fewest counted ballots a tally group is decrypted with.
    #[n(24)]
    pub minimum_unit: u32,
    /// Recorded waivers, ascending.
    #[n(25)]
    pub waivers: Vec<Waiver>,
    /// MAN-25: whether the authority may take rows out of the count whose voters vote in person. Left out of the bytes where it may not.
    #[cbor(n(26), with = "cbor::flag", has_nil)]
    pub overrides: bool,
    /// MAN-40: the pages for browsers, if any are offered. Left out of the bytes where none are.
    #[n(27)]
    pub pages: Option<Pages>,
}

/// Value of [`Manifest::sealing`] in this version.
pub const SEALING: &str = "homomorphic";

impl Manifest {
    /// K of the election: the largest number of slots of any contest; the ceremony makes that many slot keys.
    pub fn slot_keys(&self) -> usize {
        self.contests.iter().map(Contest::slots).max().unwrap_or(0)
    }

    /// n, the number of trustees.
    pub fn trustee_count(&self) -> u64 {
        u64::try_from(self.trustees.len()).expect("a length fits 64 bits")
    }

    /// Slots of one dealing part: floor(1700 / (k + n)) (CER-20).
    pub fn slots_per_part(&self) -> usize {
        let parties = self.trustees.len().saturating_add(usize::try_from(self.threshold).unwrap_or(usize::MAX));
        1700usize.checked_div(parties).unwrap_or(0)
    }

    /// The parts of every dealing.
    pub fn parts(&self) -> usize {
        self.slot_keys().div_ceil(self.slots_per_part().max(1))
    }

    /// Slots of dealing part `part`: from, to (exclusive).
    pub fn part_slots(&self, part: usize) -> std::ops::Range<usize> {
        let size = self.slots_per_part();
        let start = part.saturating_mul(size).min(self.slot_keys());
        start..start.saturating_add(size).min(self.slot_keys())
    }

    /// The contests of a unit's ballot style, with their indices; none for an unknown unit.
    pub fn style(&self, unit: u32) -> impl Iterator<Item = (u32, &Contest)> {
        let unit = usize::try_from(unit).ok().and_then(|unit| self.units.get(unit));
        unit.into_iter().flat_map(|unit| unit.contests.iter()).filter_map(|index| Some((*index, self.contest(*index)?)))
    }

    /// A contest by index.
    pub fn contest(&self, index: u32) -> Option<&Contest> {
        self.contests.get(usize::try_from(index).ok()?)
    }

    /// Whether a waiver is recorded.
    pub fn waives(&self, waiver: Waiver) -> bool {
        self.waivers.contains(&waiver)
    }

    /// The waivers this manifest needs for its numbers and policy (MAN-11); `SmallTally` is never needed, only wished.
    pub fn waivers_needed(&self) -> Vec<Waiver> {
        let (k, n) = (u64::from(self.threshold), self.trustee_count());
        let mut needed = Vec::new();
        if n == 1 || k == n || k.saturating_mul(2) > n.saturating_add(1) {
            needed.push(Waiver::Threshold);
        }
        if self.unwitnessed() {
            needed.push(Waiver::NoWitnesses);
        }
        needed
    }

    /// Whether the policy is `quorum none`, its lines taken apart as LOG-25 says: only space and tab separate words, so that a witness
    /// may be called `none` and some other white space.
    pub fn unwitnessed(&self) -> bool {
        let words = |line: &str| line.split([' ', '\t']).filter(|word| !word.is_empty()).eq(["quorum", "none"]);
        self.policy.split('\n').any(words)
    }
}
