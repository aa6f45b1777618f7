//! A state of the model: the real fold at some point of a record, seen as two records are alike or not.

use crate::{
    cast::{Cast, bits},
    message::{Message, accused},
};
use protocol::{
    Election, Entry, Phase,
    election::{CeremonyFailure, Departure, Stage},
    ids::{DealingsFingerprint, JointKeyFingerprint, PartHash},
};
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// All of the ceremony's state on which a rule or a verdict rests: everything but positions, hashes of entries, and the order of what
/// commutes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct View {
    stage: u32,
    failure: Option<(u32, bool)>,
    remaining: u32,
    dealings: Option<DealingsFingerprint>,
    joint_key: Option<JointKeyFingerprint>,
    due: Option<u64>,
    trustees: Vec<TrusteeView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TrusteeView {
    departure: Option<(u32, u8)>,
    commitment: Option<Vec<PartHash>>,
    dealt: bool,
    /// Dealers it complained of, and those of whom it was right.
    accused: (u32, u32),
    /// The last verdict against it: that is the reason for which it leaves.
    convicted: Option<u8>,
    confirmed: bool,
    rehearsals: u32,
}

fn reason(departure: Departure) -> u8 {
    match departure {
        Departure::Silent => 0,
        Departure::BadDealing => 1,
        Departure::FalseComplaint => 2,
    }
}

impl View {
    /// 1 to 5.
    pub(crate) fn stage(&self) -> u32 {
        self.stage
    }

    pub(crate) fn of(election: &Election) -> Self {
        let ceremony = election.ceremony();
        let trustees = 1..=u32::try_from(election.manifest().trustees.len()).unwrap();
        let trustee = |trustee| {
            let verdicts = ceremony.verdicts();
            let upheld = verdicts.iter().filter(|verdict| verdict.complainer == trustee && verdict.upheld);
            let convicted = verdicts.iter().rev().find_map(|verdict| match verdict.upheld {
                true if verdict.dealer == trustee => Some(reason(Departure::BadDealing)),
                false if verdict.complainer == trustee => Some(reason(Departure::FalseComplaint)),
                _ => None,
            });
            let departure = ceremony.departures().get(&trustee);
            TrusteeView {
                departure: departure.map(|(stage, departure)| (stage.number(), reason(*departure))),
                commitment: ceremony.commitment(trustee).map(<[PartHash]>::to_vec),
                dealt: ceremony.dealing(trustee, 0).is_some(),
                accused: (accused(election, trustee), bits(upheld.map(|verdict| verdict.dealer))),
                convicted,
                confirmed: ceremony.has_confirmed(trustee),
                rehearsals: ceremony.rehearsals(trustee).map_or(0, |(count, _)| count),
            }
        };
        Self {
            stage: ceremony.stage().number(),
            failure: ceremony.failure().map(|failure| match failure {
                CeremonyFailure::TooFew(stage) => (stage.number(), false),
                CeremonyFailure::Keys(_) => (Stage::Check.number(), true),
            }),
            remaining: bits(ceremony.remaining().iter().copied()),
            dealings: ceremony.fingerprint(),
            joint_key: election.joint_key().map(|key| key.fingerprint),
            due: election.evidence_due(),
            trustees: trustees.map(trustee).collect(),
        }
    }
}

/// How far the end is, at most: stages left, then messages that the stage still takes, then whether its deadline lies ahead.
pub(crate) type Measure = (u32, u32, u32);

/// What went wrong on the way here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    /// An honest trustee had nothing to say although it was awaited.
    Unsaid,
    /// What an honest trustee said was refused.
    HonestRefused,
    /// Every honest trustee has done its part, the deadline has passed, and the stage cannot be ended.
    Stuck,
    /// A step was taken and the end is no nearer.
    NoNearer,
    /// A message was taken that no rule allows.
    WronglyTaken,
    /// Two readers decided otherwise.
    Disagreement,
}

/// A record up to some entry: the last one, and what was before.
pub(crate) struct Link {
    pub entry: Entry,
    pub message: Message,
    pub before: Option<Arc<Link>>,
}

/// A state of the model.
#[derive(Clone)]
pub(crate) struct Scene {
    pub election: Arc<Election>,
    pub log: Option<Arc<Link>>,
    pub view: Arc<View>,
    /// Whether the deadline of the present stage has passed.
    pub due: bool,
    pub fault: Option<Fault>,
}

impl Scene {
    pub(crate) fn new(election: Election, log: Option<Arc<Link>>) -> Self {
        let view = Arc::new(View::of(&election));
        Self { election: Arc::new(election), log, view, due: false, fault: None }
    }

    /// Whether the ceremony is over.
    pub(crate) fn is_over(&self) -> bool {
        self.election.phase() == Phase::Failed || self.election.ceremony().stage() == Stage::Ended
    }

    /// Entries and messages after entry 0, in order.
    pub(crate) fn links(&self) -> Vec<&Link> {
        let mut links: Vec<&Link> = std::iter::successors(self.log.as_deref(), |link| link.before.as_deref()).collect();
        links.reverse();
        links
    }

    pub(crate) fn measure(&self, cast: &Cast) -> Measure {
        let ceremony = self.election.ceremony();
        if self.is_over() {
            return (0, 0, 0);
        }
        let trustees = cast.bounds.trustees.2;
        let left = |trustee: u32| match ceremony.stage() {
            Stage::Commit => u32::from(ceremony.commitment(trustee).is_none()),
            Stage::Deal => u32::from(ceremony.dealing(trustee, 0).is_none()),
            Stage::Check if ceremony.has_confirmed(trustee) => 0,
            Stage::Check => trustees - accused(&self.election, trustee).count_ones(),
            // CER-10
            Stage::Rehearse => 16 - ceremony.rehearsals(trustee).map_or(0, |(count, _)| count),
            Stage::Ended => 0,
        };
        let outstanding = ceremony.remaining().iter().map(|trustee| left(*trustee)).sum();
        (5 - ceremony.stage().number(), outstanding, u32::from(!self.due))
    }
}

impl PartialEq for Scene {
    fn eq(&self, other: &Self) -> bool {
        (&self.view, self.due, self.fault) == (&other.view, other.due, other.fault)
    }
}

impl Hash for Scene {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.view, self.due, self.fault).hash(state);
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ceremony = self.election.ceremony();
        let stage = ceremony.stage().number();
        write!(f, "stage {stage}, {:?}, departures {:?}, {:?}", ceremony.remaining(), ceremony.departures(), self.fault)
    }
}
