//! A template that says what a manifest says (MAN-16).

use super::{
    Moment, PagesTable, Revote, Template, TextTable, Times, UnitTable, WaiverName,
    contest::{
        Answer, ContestTable, Fraction, KindName, ListTable, MethodName, OrderName, Points, QuestionTable,
        SeatRuleName, TieName, unplaced,
    },
    units::ContestName,
    witnesses::check_strength,
};
use protocol::{
    Contest, ContestKind, Manifest,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Terms, TieRule},
    manifest::{NamedText, RevoteRule, Unit, Waiver},
};
use std::path::PathBuf;
use tlog::policy::{Policy, PolicyError};
use toml::Spanned;

/// Name of the public key file of an official.
pub(super) fn key_file(role: &str, place: usize) -> PathBuf {
    format!("{role}-{}.json", place.saturating_add(1)).into()
}

impl Template {
    /// MAN-16: with the same keys and the same log, this template gives the same manifest again.
    ///
    /// # Errors
    /// The witness policy is none; no manifest that the fold took has such a one (MAN-10).
    pub fn of(manifest: &Manifest) -> Result<Self, PolicyError> {
        let policy = Policy::parse(manifest.policy.as_bytes())?;
        let rest = without_log(&manifest.policy);
        let [commit, deal, check, rehearse] = manifest.stage_deadlines.map(Moment::new);
        Ok(Self {
            title: manifest.title.clone(),
            threshold: manifest.threshold,
            quorum: Some(manifest.quorum),
            trustees: (0..manifest.trustees.len()).map(|place| key_file("trustee", place)).collect(),
            registrars: (0..manifest.registrars.len()).map(|place| key_file("registrar", place)).collect(),
            roll_length: manifest.roll_length,
            largest_weight: manifest.largest_weight,
            revote: match manifest.revote {
                RevoteRule::Last => Revote::Last,
                RevoteRule::First => Revote::First,
            },
            replacement: manifest.replacement,
            allow_overrides: manifest.overrides,
            minimum_unit: manifest.minimum_unit,
            waivers: manifest.waivers.iter().map(waiver_name).collect(),
            witness_quorum: None,
            policy: Some(rest).filter(|rest| rest != "quorum none\n"),
            accept_weak_witnesses: check_strength(&policy, false).is_err(),
            times: Times {
                commit,
                deal,
                check,
                rehearse,
                opening: Moment::new(manifest.opening),
                closing: Moment::new(manifest.closing),
                latest_closing: Some(Moment::new(manifest.latest_closing)),
                grace: manifest.grace,
            },
            pages: manifest.pages.as_ref().map(PagesTable::of),
            contests: manifest.contests.iter().map(contest_table).collect(),
            units: manifest.units.iter().map(|unit| unit_table(unit, &manifest.contests)).collect(),
            texts: manifest.texts.iter().map(text_table).collect(),
            witnesses: Vec::new(),
        })
    }

    /// The template as a file.
    ///
    /// # Errors
    /// A number that TOML cannot say; no manifest that the fold took has one.
    pub fn text(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

/// The policy without its `log` lines, whose words are separated as LOG-25 says.
fn without_log(policy: &str) -> String {
    let is_log =
        |line: &str| line.trim_end_matches('\n').split([' ', '\t']).find(|word| !word.is_empty()) == Some("log");
    policy.split_inclusive('\n').filter(|line| !is_log(line)).collect()
}

fn waiver_name(waiver: &Waiver) -> WaiverName {
    match waiver {
        Waiver::Threshold => WaiverName::Threshold,
        Waiver::NoWitnesses => WaiverName::NoWitnesses,
        Waiver::SmallTally => WaiverName::SmallTally,
    }
}

fn contest_table(contest: &Contest) -> Spanned<ContestTable> {
    let mut table =
        ContestTable::new(contest.title.clone(), KindName::ChooseOne, contest.options.clone(), contest.blank);
    match &contest.kind {
        ContestKind::ChooseOne => {}
        ContestKind::Choose { minimum, maximum } => {
            table.kind = unplaced(KindName::Choose);
            (table.minimum, table.maximum) = (unplaced(*minimum), unplaced(*maximum));
        }
        ContestKind::Score { top } => {
            table.kind = unplaced(KindName::Score);
            table.top = unplaced(*top);
        }
        ContestKind::Cumulative { points, most, exactly } => {
            table.kind = unplaced(KindName::Cumulative);
            table.points = unplaced(Points::Number(*points));
            (table.most, table.exactly) = (unplaced(*most), unplaced(*exactly));
        }
        ContestKind::Budget { currency, pot, step } => {
            table.kind = unplaced(KindName::Budget);
            table.currency = unplaced(currency.clone());
            (table.pot, table.step) = (unplaced(*pot), unplaced(*step));
        }
        ContestKind::Positional { minimum, points } => {
            table.kind = unplaced(KindName::Ranking);
            table.minimum = unplaced(*minimum);
            table.points = unplaced(Points::List(points.clone()));
        }
        ContestKind::Pairwise { complete, method } => {
            table.kind = unplaced(KindName::Pairwise);
            table.complete = unplaced(*complete);
            table.method = unplaced(match method {
                CondorcetMethod::Schulze => MethodName::Schulze,
                CondorcetMethod::RankedPairs => MethodName::RankedPairs,
            });
        }
        ContestKind::Question { numerator, denominator } => {
            table.kind = unplaced(KindName::Question);
            table.passes = unplaced(Fraction { numerator: *numerator, denominator: *denominator });
        }
        ContestKind::Lists { minimum, maximum, whole, seats, lists } => {
            table.kind = unplaced(KindName::Lists);
            (table.minimum, table.maximum, table.whole) = (unplaced(*minimum), unplaced(*maximum), unplaced(*whole));
            table.seat_rule = unplaced(match seats {
                SeatRule::Most => SeatRuleName::Most,
                SeatRule::DHondt => SeatRuleName::DHondt,
                SeatRule::SainteLague => SeatRuleName::SainteLague,
            });
            let list = |(list, options): (&List, Vec<String>)| {
                let options = Spanned::new(0..0, options);
                Spanned::new(0..0, ListTable { name: list.name.clone(), options, limit: unplaced(list.limit) })
            };
            table.lists = unplaced(lists.iter().zip(parts(contest)).map(list).collect());
            table.options = None;
        }
        ContestKind::Linked { questions } => {
            table.kind = unplaced(KindName::Linked);
            let question = |(question, options): (&LinkedQuestion, Vec<String>)| {
                let table = QuestionTable {
                    title: question.title.clone(),
                    options: Spanned::new(0..0, options),
                    minimum: unplaced(question.minimum),
                    maximum: unplaced(question.maximum),
                    condition: question.condition.and_then(|condition| unplaced(answer(contest, condition))),
                };
                Spanned::new(0..0, table)
            };
            table.questions = unplaced(questions.iter().zip(parts(contest)).map(question).collect());
            table.options = None;
        }
    }
    if let Some(terms) = contest.terms {
        set_terms(&mut table, terms);
    }
    Spanned::new(0..0, table)
}

/// The options of each list or question.
fn parts(contest: &Contest) -> impl Iterator<Item = Vec<String>> {
    contest.parts().into_iter().map(|part| contest.options.get(part).unwrap_or(&[]).to_vec())
}

/// An option by its words, which no other has (MAN-5).
fn answer(contest: &Contest, option: u32) -> Answer {
    let words = usize::try_from(option).ok().and_then(|option| contest.options.get(option));
    words.map_or(Answer::Number(option.saturating_add(1)), |words| Answer::Words(words.clone()))
}

fn set_terms(table: &mut ContestTable, terms: Terms) {
    let Terms { seats, ties, order, share } = terms;
    let plain = Terms::default();
    table.seats = Some(seats).filter(|seats| *seats != plain.seats).and_then(unplaced);
    table.share = Some(share)
        .filter(|share| *share != plain.share)
        .and_then(|share| unplaced(Fraction { numerator: share.numerator, denominator: share.denominator }));
    table.ties = unplaced(match ties {
        TieRule::Reported => TieName::Reported,
        TieRule::Listed => TieName::Listed,
        TieRule::Lot => TieName::Lot,
    });
    table.order = unplaced(match order {
        DisplayOrder::Listed => OrderName::Listed,
        DisplayOrder::Shuffled => OrderName::Shuffled,
    });
}

fn unit_table(unit: &Unit, contests: &[Contest]) -> UnitTable {
    let name = |index: &u32| {
        let contest = usize::try_from(*index).ok().and_then(|index| contests.get(index));
        let only = contest.filter(|contest| contests.iter().filter(|other| other.title == contest.title).count() == 1);
        only.map_or(ContestName::Number(index.saturating_add(1)), |contest| ContestName::Title(contest.title.clone()))
    };
    let contests = unit.contests.iter().map(|index| Spanned::new(0..0, name(index))).collect();
    UnitTable { name: unit.name.clone(), contests: Some(contests), voters: None }
}

fn text_table(text: &NamedText) -> TextTable {
    TextTable { name: text.name.clone(), file: None, digest: Some(text.digest.to_string()) }
}
