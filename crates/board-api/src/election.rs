//! Elections as a board lists them (HTTP-11, HTTP-12). A convenience: whoever relies on it reads the log and folds it.

use protocol::{
    election::Phase,
    ids::{ElectionFingerprint, EntryHash, JointKeyFingerprint, Minutes},
};
use serde::{Deserialize, Serialize};

/// A phase in its text form.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Phase", rename_all = "lowercase")]
enum PhaseText {
    Setup,
    Voting,
    Closed,
    Tallied,
    Failed,
}

/// HTTP-11: one line of the list of elections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElectionSummary {
    /// F.
    #[serde(with = "crate::text::identifier")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub fingerprint: ElectionFingerprint,
    /// The election's name.
    pub title: String,
    /// Where it stands.
    #[serde(with = "PhaseText")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub phase: Phase,
    /// Entries in its log.
    pub size: u64,
    /// Where its log lies: `/e/<fingerprint>/`.
    pub path: String,
}

/// HTTP-12: where an election stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ElectionStatus {
    /// As in the list.
    #[serde(flatten)]
    pub summary: ElectionSummary,
    /// Origin of its log.
    pub origin: String,
    /// The log's key, in signed-note text form.
    pub log_key: String,
    /// Whether the board still takes submissions for it; not after a failed commit (BRD-12).
    pub accepting: bool,
    /// Announced opening.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub opening_time: Minutes,
    /// Closing time, with extensions.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub closing_time: Minutes,
    /// Time of the last entry.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub last_time: Minutes,
    /// Entries under the checkpoint that is served, which meets the election's witness policy. While it is less than `size`, the rest
    /// awaits the witnesses.
    pub cosigned_size: u64,
    /// The witnesses of the policy, in its order.
    pub witnesses: Vec<WitnessStatus>,
    /// J, once the ceremony has made it.
    #[serde(with = "crate::text::optional_identifier")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub joint_key: Option<JointKeyFingerprint>,
    /// O, from the opening on.
    #[serde(with = "crate::text::optional_identifier")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub opening: Option<EntryHash>,
    /// Closing fingerprint, from the closing on.
    #[serde(with = "crate::text::optional_identifier")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub closing: Option<EntryHash>,
    /// The roll.
    pub roll: RollStatus,
    /// The key ceremony.
    pub ceremony: CeremonyStatus,
    /// What voters have sent.
    #[serde(default)]
    pub counts: CountStatus,
    /// Every contest and tally group, from the closing on.
    pub tally: Vec<TallyStatus>,
    /// The lot of each contest whose manifest lets one break ties, once its totals are recorded.
    #[serde(default)]
    pub lots: Vec<LotStatus>,
}

/// What a witness of the policy has cosigned, as far as the board knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WitnessStatus {
    /// Its name in the policy.
    pub name: String,
    /// Entries under the last checkpoint it cosigned; 0 before the first.
    pub size: u64,
    /// The time it stated then, in seconds since 1970.
    pub seconds: Option<u64>,
}

/// HTTP-31: what a board is asked for time evidence with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceQuestion {
    /// The minute that the evidence must show at least.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub since: Minutes,
}

/// HTTP-31: time evidence, unchecked: the fold judges it (CLO-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeEvidence {
    /// The head with the cosignatures of a quorum, a signed note.
    pub checkpoint: String,
    /// For how many seconds more the board lets nothing else in.
    pub held_seconds: u64,
}

/// How much of the roll is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RollStatus {
    /// Chunks each registrar must post.
    pub chunks: u32,
    /// Chunks each registrar has posted, registrar 1 first.
    pub received: Vec<u32>,
    /// Whether all of it is there.
    pub complete: bool,
}

/// Where the key ceremony stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CeremonyStatus {
    /// Stage 1 to 4; 5 when ended.
    pub stage: u32,
    /// The trustees still part of it.
    pub remaining: Vec<u32>,
    /// The trustees the stage waits for.
    pub awaited: Vec<u32>,
}

/// What voters have sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountStatus {
    /// Ballots in the record, those that a later one replaced included.
    pub ballots: u64,
    /// Ballots that were opened to check a device, and never count.
    pub audits: u64,
}

/// What breaks ties by chance in one contest (CNT-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotStatus {
    /// Contest index.
    pub contest: u32,
    /// The seed.
    #[serde(with = "crate::text::bytes")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub seed: [u8; 32],
}

/// How far one contest of one tally group is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TallyStatus {
    /// Contest index.
    pub contest: u32,
    /// Index of the tally group within the contest.
    pub group: u32,
    /// The group's units.
    pub units: Vec<u32>,
    /// Ballots counted in it.
    pub counted: u64,
    /// Their weight.
    #[serde(default)]
    pub weight: u64,
    /// `open`, `empty` or `withheld`.
    pub status: String,
    /// The trustees whose partial decryptions are recorded.
    pub partials: Vec<u32>,
    /// The total of each slot, once recorded.
    pub totals: Option<Vec<u64>>,
}
