//! What the page shows, as JSON.

use super::{fault::Fault, selection::Chosen};
use crate::{
    client::Reading,
    lookup::{Fate, Found},
    receipt::Witnessed,
    session::OpenElection,
    shown::Shown,
};
use protocol::{
    Contest, ContestKind, Election, Phase,
    contest::CondorcetMethod,
    ids::ElectionFingerprint,
    manifest::{Pages, RevoteRule},
};
use rand::rngs::OsRng;
use serde::Serialize;

/// Who attests a checkpoint (BAL-37).
#[derive(Debug, Serialize)]
pub(super) struct WitnessedView {
    state: &'static str,
    /// Names, and times in seconds since 1970.
    by: Vec<(String, u64)>,
}

impl WitnessedView {
    pub(super) fn of(witnessed: &Witnessed) -> Self {
        let (state, by) = match witnessed {
            Witnessed::NotRequired => ("not-required", Vec::new()),
            Witnessed::NotJudged => ("not-judged", Vec::new()),
            Witnessed::Awaiting(by) => ("awaiting", by.clone()),
            Witnessed::Quorum(by) => ("quorum", by.clone()),
        };
        Self { state, by }
    }
}

/// The pages that the manifest names (MAN-40).
#[derive(Debug, Serialize)]
struct PagesView {
    /// Digest of their files, in hexadecimal.
    bundle: String,
    /// Where ballots are taken; where nothing is named, at the board that serves them.
    boards: Vec<String>,
}

impl PagesView {
    fn of(pages: &Pages) -> Self {
        Self { bundle: hex::encode(pages.bundle), boards: pages.boards.clone() }
    }
}

/// The election that was read.
#[derive(Debug, Serialize)]
pub(super) struct ElectionView {
    fingerprint: String,
    title: String,
    phase: &'static str,
    opening: u64,
    closing: u64,
    registrars: Vec<String>,
    units: Vec<String>,
    revote: &'static str,
    entries: u64,
    witnessed: WitnessedView,
    /// MAN-42: the pages that the manifest names.
    pages: Option<PagesView>,
    /// Why no ballot can be sealed now.
    problem: Option<Fault>,
    /// EVD-14.
    clock: Vec<String>,
    /// The checkpoint read up to.
    checkpoint: String,
}

impl ElectionView {
    pub(super) fn of(reading: &Reading, expected: &ElectionFingerprint) -> Self {
        let (election, manifest) = (&reading.election, reading.election.manifest());
        let open = OpenElection::check(election, expected);
        Self {
            fingerprint: election.fingerprint().to_string(),
            title: manifest.title.clone(),
            phase: phase(election.phase()),
            opening: manifest.opening,
            closing: election.closing_time(),
            registrars: manifest.registrars.iter().map(|registrar| registrar.name.clone()).collect(),
            units: manifest.units.iter().map(|unit| unit.name.clone()).collect(),
            revote: match manifest.revote {
                RevoteRule::Last => "last",
                RevoteRule::First => "first",
            },
            entries: reading.size(),
            witnessed: WitnessedView::of(&reading.witnessed),
            pages: manifest.pages.as_ref().map(PagesView::of),
            problem: open.err().map(Fault::from),
            clock: reading.clock.clone(),
            checkpoint: reading.checkpoint_note().to_owned(),
        }
    }
}

/// A voter's fold stops at the closing, so a tallied election reads as closed.
fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "setup",
        Phase::Voting => "voting",
        Phase::Closed | Phase::Tallied => "closed",
        Phase::Failed => "failed",
    }
}

/// The kind of a contest, with all that filling it in needs.
#[derive(Debug, Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
enum KindView<'c> {
    ChooseOne,
    Choose { minimum: u32, maximum: u32 },
    Score { top: u32 },
    Cumulative { points: u32, most: u32, exactly: bool },
    Budget { currency: &'c str, pot: u32, step: u32 },
    Positional { minimum: u32, points: &'c [u32] },
    Pairwise { complete: bool, method: &'static str },
    Question { numerator: u32, denominator: u32 },
    Lists { minimum: u32, maximum: u32, whole: bool, lists: Vec<ListView<'c>> },
    Linked { questions: Vec<QuestionView<'c>> },
}

#[derive(Debug, Serialize)]
struct ListView<'c> {
    name: &'c str,
    options: u32,
    limit: u32,
}

#[derive(Debug, Serialize)]
struct QuestionView<'c> {
    title: &'c str,
    options: u32,
    minimum: u32,
    maximum: u32,
    condition: Option<u32>,
}

impl<'c> KindView<'c> {
    fn of(kind: &'c ContestKind) -> Self {
        match kind {
            ContestKind::ChooseOne => Self::ChooseOne,
            ContestKind::Choose { minimum, maximum } => Self::Choose { minimum: *minimum, maximum: *maximum },
            ContestKind::Score { top } => Self::Score { top: *top },
            ContestKind::Cumulative { points, most, exactly } => {
                Self::Cumulative { points: *points, most: *most, exactly: *exactly }
            }
            ContestKind::Budget { currency, pot, step } => Self::Budget { currency, pot: *pot, step: *step },
            ContestKind::Positional { minimum, points } => Self::Positional { minimum: *minimum, points },
            ContestKind::Pairwise { complete, method } => Self::Pairwise {
                complete: *complete,
                method: match method {
                    CondorcetMethod::Schulze => "schulze",
                    CondorcetMethod::RankedPairs => "ranked-pairs",
                },
            },
            ContestKind::Question { numerator, denominator } => {
                Self::Question { numerator: *numerator, denominator: *denominator }
            }
            ContestKind::Lists { minimum, maximum, whole, lists, .. } => {
                let view = |list: &'c protocol::contest::List| ListView {
                    name: &list.name,
                    options: list.options,
                    limit: list.limit,
                };
                let lists = lists.iter().map(view).collect();
                Self::Lists { minimum: *minimum, maximum: *maximum, whole: *whole, lists }
            }
            ContestKind::Linked { questions } => {
                let view = |question: &'c protocol::contest::LinkedQuestion| QuestionView {
                    title: &question.title,
                    options: question.options,
                    minimum: question.minimum,
                    maximum: question.maximum,
                    condition: question.condition,
                };
                Self::Linked { questions: questions.iter().map(view).collect() }
            }
        }
    }
}

/// A contest to fill in.
#[derive(Debug, Serialize)]
pub(super) struct ContestView<'c> {
    index: u32,
    title: &'c str,
    kind: KindView<'c>,
    options: &'c [String],
    blank: bool,
    /// The options in the order in which they are shown this time (BAL-74).
    order: Vec<usize>,
    /// What may be chosen, in English.
    rule: String,
}

impl<'c> ContestView<'c> {
    pub(super) fn of(index: u32, contest: &'c Contest) -> Self {
        Self {
            index,
            title: &contest.title,
            kind: KindView::of(&contest.kind),
            options: &contest.options,
            blank: contest.blank,
            order: Shown::of(contest, &mut OsRng).options().collect(),
            rule: contest.rule_in_words(),
        }
    }
}

/// The voter's ballot.
#[derive(Debug, Serialize)]
pub(super) struct BallotView<'c> {
    pub(super) contests: Vec<ContestView<'c>>,
    pub(super) unit: &'c str,
    pub(super) weight: u32,
    /// Ballots of these codes that are recorded.
    pub(super) sequence: u64,
}

/// One contest of an opened ballot, and what it holds.
#[derive(Debug, Serialize)]
pub(super) struct OpenedView<'c> {
    pub(super) contest: ContestView<'c>,
    pub(super) selection: Chosen,
}

/// A ballot in the record, and what became of it (BAL-47).
#[derive(Debug, Serialize)]
pub(super) struct FoundView {
    index: u64,
    time: u64,
    tracker: String,
    /// `counts`, `superseded`, `overridden` or `audited`.
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    later: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl FoundView {
    pub(super) fn of(found: &Found, election: &Election) -> Self {
        let row = election.credential(&found.credential).map(|state| state.index);
        let overridden = row.and_then(|row| election.overrides().get(&row)).map(|found| found.reason.clone());
        let (fate, later) = match (found.fate, election.manifest().revote) {
            (Fate::Audited, _) => ("audited", None),
            (Fate::FollowedBy(later), RevoteRule::Last) => ("superseded", Some(later)),
            _ if overridden.is_some() => ("overridden", None),
            (Fate::Recorded | Fate::FollowedBy(_), _) => ("counts", None),
        };
        let reason = overridden.filter(|_| fate != "audited");
        Self { index: found.index, time: found.time, tracker: found.tracker.to_string(), fate, later, reason }
    }
}
