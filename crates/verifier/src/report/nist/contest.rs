//! Contests of every kind, with their selections and counts (REP-25 to REP-30).

use super::{
    super::{
        ContestResult, GroupResult,
        lines::{Line, Measure, Subject, lines},
    },
    english, put, status, text,
    units::{self, Units},
};
use protocol::{
    Contest, ContestKind, Manifest,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule},
    counting::Detail,
};
use serde_json::{Value, json};
use std::ops::Range;

/// One contest of the manifest and its results.
pub(super) struct Part<'a> {
    pub(super) units: &'a Units<'a>,
    pub(super) result: &'a ContestResult,
    pub(super) contest: &'a Contest,
}

/// Counts of one place: a tally group, or all of them.
struct Place {
    unit: String,
    /// None for a group that is withheld.
    lines: Option<Vec<Line>>,
}

/// REP-28: the lists of all contests.
pub(super) fn parties(manifest: &Manifest) -> Vec<Value> {
    let contests = (0u32..).zip(&manifest.contests);
    let party = |(contest, (number, list)): (u32, (usize, &List))| json!({ "@id": party(contest, number), "@type": "ElectionResults.Party", "Name": text(&list.name) });
    contests
        .flat_map(|(index, contest)| lists(contest).iter().enumerate().map(move |list| party((index, list))))
        .collect()
}

/// REP-31: results that have no attribute of their own.
pub(super) fn notes(contest: &Contest, result: &ContestResult) -> Vec<String> {
    let mut notes = Vec::new();
    let named = |what: &str| format!("Contest {} ({}): {what}", result.contest, contest.title);
    let Some(outcome) = &result.outcome else { return notes };
    if let Detail::Question(decision) = &outcome.detail {
        let word = if decision.passed { "passed" } else { "not passed" };
        notes.push(named(&format!("{word}; yes needed {} or more.", decision.needed)));
    }
    let of_lists = match &outcome.detail {
        Detail::Lists { ties, .. } => ties.as_slice(),
        _ => &[],
    };
    if outcome.ties.iter().chain(of_lists).any(|tie| tie.broken_by.is_none()) {
        notes.push(named("there is a tie for a seat, which nothing in the manifest breaks."));
    }
    if !result.is_whole() {
        notes.push(named("not every tally group is in the totals, so nobody is called a winner."));
    }
    notes
}

impl Part<'_> {
    /// REP-25: one contest, or one for each question of linked answers.
    pub(super) fn contests(&self) -> Vec<Value> {
        let places = self.places();
        match &self.contest.kind {
            ContestKind::Question { numerator, denominator } => vec![self.measure(*numerator, *denominator, &places)],
            ContestKind::Linked { questions } => {
                let parts = questions.iter().zip(self.contest.parts()).enumerate();
                parts.map(|(number, (question, options))| self.question(number, question, options, &places)).collect()
            }
            _ => vec![self.candidates_contest(&places)],
        }
    }

    /// REP-26: the options of everything that is not a yes or no.
    pub(super) fn candidates(&self) -> Vec<Value> {
        if matches!(self.contest.kind, ContestKind::Question { .. }) {
            return Vec::new();
        }
        let parts = self.contest.parts();
        let candidate = |(option, name): (usize, &String)| {
            let mut value = json!({
                "@id": self.candidate(option),
                "@type": "ElectionResults.Candidate",
                "BallotName": text(name),
            });
            if let Some(elected) = self.result.elected(option) {
                put(&mut value, "PostElectionStatus", if elected { "winner" } else { "defeated" }.into());
            }
            let list = parts.iter().position(|range| range.contains(&option));
            if let Some(list) = list.filter(|_| !lists(self.contest).is_empty()) {
                put(&mut value, "PartyId", party(self.result.contest, list).into());
            }
            value
        };
        self.contest.options.iter().enumerate().map(candidate).collect()
    }

    fn candidate(&self, option: usize) -> String {
        format!("candidate-{}-{option}", self.result.contest)
    }

    /// REP-27: every group that has counts or will have none, then all of them together.
    fn places(&self) -> Vec<Place> {
        let district = self.units.district(self.result.contest);
        let group = |group: &GroupResult| {
            let totals: Vec<u64> = group.slots.iter().map(|slot| slot.total).collect();
            let lines = match group.status {
                "withheld" => None,
                _ if totals.is_empty() => return None,
                _ => Some(lines(self.contest, &totals, group.weight, None)),
            };
            Some(Place { unit: units::id(&group.places), lines })
        };
        let mut places: Vec<Place> = self.result.groups.iter().filter_map(group).collect();
        let together = self.result.lines(self.contest);
        if !together.is_empty() {
            // A group that is the whole district is said once, with what all totals decide.
            places.retain(|place| place.unit != district);
            places.push(Place { unit: district, lines: Some(together) });
        }
        places
    }

    fn common(&self, id: &str, name: &str, kind: &str, places: &[Place]) -> Value {
        let size =
            |groups: &mut dyn Iterator<Item = &GroupResult>| groups.map(|group| group.places.len()).sum::<usize>();
        let known = |group: &&GroupResult| matches!(group.status, "decrypted" | "empty");
        let mut contest = json!({
            "@id": id,
            "@type": format!("ElectionResults.{kind}"),
            "ElectionDistrictId": self.units.district(self.result.contest),
            "Name": name,
            "HasRotation": self.contest.terms().order == DisplayOrder::Shuffled,
            "CountStatus": [status(self.result.groups.iter().all(|group| group.status != "awaited"))],
            "TotalSubUnits": size(&mut self.result.groups.iter()),
            "SubUnitsReported": size(&mut self.result.groups.iter().filter(known)),
        });
        // REP-29
        let other = |place: &Place| {
            let lines = place.lines.as_ref()?;
            let blank = lines.iter().find(|line| line.measure == Measure::Blank)?;
            Some(json!({
                "@type": "ElectionResults.OtherCounts",
                "GpUnitId": place.unit,
                "Overvotes": 0,
                "Undervotes": number(blank.count),
            }))
        };
        if self.contest.blank {
            put(&mut contest, "OtherCounts", Value::Array(places.iter().filter_map(other).collect()));
        }
        contest
    }

    fn candidates_contest(&self, places: &[Place]) -> Value {
        let mut contest =
            self.common(&format!("contest-{}", self.result.contest), &self.contest.title, "CandidateContest", places);
        let (variation, other, allowed) = self.variation();
        put(&mut contest, "VoteVariation", variation.into());
        if let Some(other) = other {
            put(&mut contest, "OtherVoteVariation", other.into());
        }
        put(&mut contest, "VotesAllowed", allowed.into());
        let seats = self.contest.terms().seats;
        if seats > 0 && !matches!(self.contest.kind, ContestKind::Budget { .. }) {
            put(&mut contest, "NumberElected", seats.into());
        }
        let mut selections = self.selections(0..self.contest.options.len(), places);
        for (number, _) in lists(self.contest).iter().enumerate() {
            let order = self.contest.options.len().saturating_add(number).saturating_add(1);
            selections.push(json!({
                "@id": format!("selection-{}-list-{number}", self.result.contest),
                "@type": "ElectionResults.PartySelection",
                "PartyIds": [party(self.result.contest, number)],
                "SequenceOrder": order,
                "VoteCounts": self.counts(Subject::List(number), places),
            }));
        }
        put(&mut contest, "ContestSelection", selections.into());
        contest
    }

    fn question(&self, number: usize, question: &LinkedQuestion, options: Range<usize>, places: &[Place]) -> Value {
        let id = format!("contest-{}-question-{number}", self.result.contest);
        let name = format!("{}: {}", self.contest.title, question.title);
        let mut contest = self.common(&id, &name, "CandidateContest", places);
        let one = (question.minimum, question.maximum) == (1, 1);
        put(&mut contest, "VoteVariation", if one { "plurality" } else { "n-of-m" }.into());
        put(&mut contest, "VotesAllowed", question.maximum.into());
        put(&mut contest, "NumberElected", self.contest.terms().seats.into());
        put(&mut contest, "ContestSelection", self.selections(options, places).into());
        contest
    }

    /// REP-30.
    fn measure(&self, numerator: u32, denominator: u32, places: &[Place]) -> Value {
        let id = format!("contest-{}", self.result.contest);
        let mut contest = self.common(&id, &self.contest.title, "BallotMeasureContest", places);
        let threshold = format!("It passes if yes is more than {numerator}/{denominator} of yes and no together.");
        let twice = u64::from(numerator).saturating_mul(2);
        let variation = match twice.cmp(&u64::from(denominator)) {
            std::cmp::Ordering::Equal => "majority",
            std::cmp::Ordering::Greater => "super-majority",
            std::cmp::Ordering::Less => "other",
        };
        put(&mut contest, "Type", "ballot-measure".into());
        put(&mut contest, "VoteVariation", variation.into());
        if variation == "other" {
            put(&mut contest, "OtherVoteVariation", "share of yes below one half".into());
        }
        put(&mut contest, "PassageThreshold", english(&threshold));
        put(&mut contest, "EffectOfAbstain", english("An abstention counts neither as yes nor as no."));
        let selection = |(option, name): (usize, &String)| {
            json!({
                "@id": self.selection(option),
                "@type": "ElectionResults.BallotMeasureSelection",
                "Selection": text(name),
                "SequenceOrder": option.saturating_add(1),
                "VoteCounts": self.counts(Subject::Option(option), places),
            })
        };
        put(&mut contest, "ContestSelection", self.contest.options.iter().enumerate().map(selection).collect());
        contest
    }

    fn selection(&self, option: usize) -> String {
        format!("selection-{}-{option}", self.result.contest)
    }

    fn selections(&self, options: Range<usize>, places: &[Place]) -> Vec<Value> {
        let selection = |option: usize| {
            json!({
                "@id": self.selection(option),
                "@type": "ElectionResults.CandidateSelection",
                "CandidateIds": [self.candidate(option)],
                "SequenceOrder": option.saturating_add(1),
                "VoteCounts": self.counts(Subject::Option(option), places),
            })
        };
        options.map(selection).collect()
    }

    /// REP-27: the counts of one selection, place by place.
    fn counts(&self, subject: Subject, places: &[Place]) -> Vec<Value> {
        let mut counts = Vec::new();
        for place in places {
            let count = |kind: &str, count: Value| {
                json!({
                    "@type": "ElectionResults.VoteCounts",
                    "GpUnitId": place.unit,
                    "Type": kind,
                    "Count": count,
                })
            };
            let Some(lines) = &place.lines else {
                let mut hidden = count("total", 0.into());
                put(&mut hidden, "IsSuppressedForPrivacy", true.into());
                counts.push(hidden);
                continue;
            };
            for line in lines.iter().filter(|line| line.subject == subject) {
                let kind = match line.measure {
                    Measure::Votes | Measure::Points | Measure::ListVotes => "total",
                    Measure::Seats => "seats",
                    _ => "other",
                };
                let mut value = count(kind, number(line.count));
                if kind == "other" {
                    put(&mut value, "OtherType", self.words(&line.measure).into());
                }
                counts.push(value);
            }
        }
        counts
    }

    fn words(&self, measure: &Measure) -> String {
        match measure {
            Measure::Before(other) => {
                let name = self.contest.options.get(*other).map_or("", String::as_str);
                format!("preferred to option {} ({name})", other.saturating_add(1))
            }
            _ => measure.words(),
        }
    }

    /// REP-25: vote variation, its words where the format has none, and votes allowed.
    fn variation(&self) -> (&'static str, Option<String>, u32) {
        let options = u32::try_from(self.contest.options.len()).unwrap_or(u32::MAX);
        let share = self.contest.terms().share;
        let twice = u64::from(share.numerator).saturating_mul(2);
        match &self.contest.kind {
            ContestKind::ChooseOne if twice > u64::from(share.denominator) => ("super-majority", None, 1),
            ContestKind::ChooseOne if twice == u64::from(share.denominator) => ("majority", None, 1),
            ContestKind::ChooseOne | ContestKind::Question { .. } | ContestKind::Linked { .. } => {
                ("plurality", None, 1)
            }
            ContestKind::Choose { minimum: 0, maximum } if *maximum == options => ("approval", None, options),
            ContestKind::Choose { maximum, .. } => ("n-of-m", None, *maximum),
            ContestKind::Score { .. } => ("range", None, options),
            ContestKind::Cumulative { points, .. } => ("cumulative", None, *points),
            ContestKind::Budget { currency, pot, step } => {
                let words = format!("budget: amounts in {currency}, in steps of {step}, at most {pot} together");
                ("other", Some(words), *pot)
            }
            ContestKind::Positional { points, .. } => ("borda", None, u32::try_from(points.len()).unwrap_or(u32::MAX)),
            ContestKind::Pairwise { method, .. } => {
                let completed = match method {
                    CondorcetMethod::Schulze => "the Schulze method",
                    CondorcetMethod::RankedPairs => "ranked pairs",
                };
                ("other", Some(format!("ranking counted in pairs (Condorcet), completed by {completed}")), options)
            }
            ContestKind::Lists { maximum, seats, .. } => match seats {
                SeatRule::Most => ("n-of-m", None, *maximum),
                SeatRule::DHondt | SeatRule::SainteLague => ("proportional", None, *maximum),
            },
        }
    }
}

fn party(contest: u32, list: usize) -> String {
    format!("party-{contest}-{list}")
}

fn lists(contest: &Contest) -> &[List] {
    match &contest.kind {
        ContestKind::Lists { lists, .. } => lists,
        _ => &[],
    }
}

/// A count as JSON: below 2^53 in any contest that a manifest may hold (MAN-7).
fn number(count: u128) -> Value {
    u64::try_from(count).unwrap_or(u64::MAX).into()
}
