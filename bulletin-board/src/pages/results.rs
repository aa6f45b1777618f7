//! Results in tables that add up (WEB-31): each contest's outcome by the same code as every verifier's, from the totals in the record.

use super::{
    names::Name,
    texts::{Texts, grouped},
};
use board_api::{ElectionStatus, TallyStatus};
use protocol::{
    Contest, Manifest,
    counting::{self, Breaker, Detail, Outcome, Tie},
};

/// Most numbers in the tables of single tally groups on one page; who wants more reads the record.
const CELLS: usize = 4_000;

/// A line of a table.
pub(super) struct Row {
    pub(super) name: Name,
    pub(super) figure: String,
    pub(super) share: Option<String>,
    pub(super) elected: bool,
}

/// One table with its sentences.
pub(super) struct Table {
    pub(super) title: Option<Name>,
    pub(super) caption: String,
    pub(super) first: String,
    pub(super) second: String,
    pub(super) shares: bool,
    pub(super) chosen: bool,
    pub(super) rows: Vec<Row>,
    pub(super) blank: Option<(String, Option<String>)>,
    /// What stands below: label and number.
    pub(super) sums: Vec<(String, String)>,
    pub(super) sentences: Vec<String>,
}

/// The totals of one tally group.
pub(super) struct GroupTable {
    pub(super) units: Vec<Name>,
    pub(super) rows: Vec<(Name, String)>,
    pub(super) blank: Option<String>,
    pub(super) counted: String,
}

/// What is known of a contest.
pub(super) struct ContestView {
    pub(super) title: Name,
    pub(super) options: Vec<Name>,
    pub(super) tables: Vec<Table>,
    pub(super) notes: Vec<String>,
    pub(super) groups: Vec<GroupTable>,
}

/// Every contest of an election.
pub(super) fn contests(texts: &Texts, status: &ElectionStatus, manifest: &Manifest) -> Vec<ContestView> {
    let mut room = CELLS;
    (0u32..)
        .zip(&manifest.contests)
        .map(|(index, contest)| view(texts, status, manifest, (index, contest), &mut room))
        .collect()
}

fn view(
    texts: &Texts,
    status: &ElectionStatus,
    manifest: &Manifest,
    (index, contest): (u32, &Contest),
    room: &mut usize,
) -> ContestView {
    let groups: Vec<&TallyStatus> = status.tally.iter().filter(|group| group.contest == index).collect();
    let disclosed: Vec<&TallyStatus> = groups.iter().copied().filter(|group| group.status != "withheld").collect();
    let waiting = disclosed.iter().filter(|group| group.totals.is_none()).count();
    let mut notes = Vec::new();
    if waiting > 0 {
        notes.push(texts.say(
            "counting",
            [("done", count(disclosed.len().saturating_sub(waiting))), ("all", count(disclosed.len()))],
        ));
    }
    let withheld: u64 = groups.iter().filter(|group| group.status == "withheld").map(|group| group.counted).sum();
    if withheld > 0 {
        notes.push(texts.say("withheld", [("number", withheld.into())]));
    }
    let mut tables = Vec::new();
    if waiting == 0 && !disclosed.is_empty() {
        let mut totals = vec![0u64; contest.slots()];
        for group in &disclosed {
            let own = group.totals.iter().flatten();
            totals.iter_mut().zip(own).for_each(|(total, own)| *total = total.saturating_add(*own));
        }
        let weight = disclosed.iter().map(|group| group.weight).fold(0u64, u64::saturating_add);
        let lot = status.lots.iter().find(|lot| lot.contest == index).map(|lot| lot.seed);
        let outcome = counting::outcome(contest, &totals, weight, lot.as_ref());
        let ballots = disclosed.iter().map(|group| group.counted).fold(0u64, u64::saturating_add);
        tables = tables_of(texts, contest, &outcome, ballots);
    }
    ContestView {
        title: Name::of(&contest.title),
        options: contest.options.iter().map(|option| Name::of(option)).collect(),
        groups: group_tables(texts, manifest, contest, &disclosed, room),
        tables,
        notes,
    }
}

fn count(number: usize) -> super::texts::Told {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}

fn tables_of(texts: &Texts, contest: &Contest, outcome: &Outcome, ballots: u64) -> Vec<Table> {
    let mut tables = match &outcome.detail {
        Detail::Linked { questions } => questions.iter().map(|question| table(texts, question)).collect(),
        Detail::Lists { lists, .. } => {
            let row = |list: &counting::ListFigure| Row {
                name: Name::of(&list.name),
                figure: grouped(&list.votes.to_string()),
                share: list.seats.map(|seats| texts.number(&seats.into())),
                elected: false,
            };
            let seats = lists.iter().any(|list| list.seats.is_some());
            let by_list = Table {
                title: None,
                caption: texts.text("lists"),
                first: texts.text("list"),
                second: if seats { texts.text("seats") } else { String::new() },
                shares: seats,
                chosen: false,
                rows: lists.iter().map(row).collect(),
                blank: None,
                sums: Vec::new(),
                sentences: Vec::new(),
            };
            vec![by_list, table(texts, outcome)]
        }
        _ => vec![table(texts, outcome)],
    };
    if let Some(last) = tables.last_mut() {
        if let (Detail::Linked { .. }, Some(blank)) = (&outcome.detail, outcome.blank) {
            last.sums.push((texts.text("blank"), texts.number(&blank)));
        }
        let adds_up = contest_adds_up(outcome);
        if let Some(sum) = adds_up {
            last.sums.push((texts.text("sum"), texts.number(&sum)));
        }
        last.sums.push((texts.text("ballots-counted"), texts.number(&ballots)));
        if outcome.weight != ballots {
            last.sums.push((texts.text("weight-counted"), texts.number(&outcome.weight)));
        }
    }
    if contest.options.is_empty() {
        tables.clear();
    }
    tables
}

/// Where every ballot has one mark, the rows and the blank ones add up to the ballots: the reader shall see it.
fn contest_adds_up(outcome: &Outcome) -> Option<u64> {
    use counting::Method::{Plurality, Question};
    let rows = outcome.options.iter().map(|figure| u64::try_from(figure.points).unwrap_or(u64::MAX));
    let sum = rows.fold(outcome.blank.unwrap_or(0), u64::saturating_add);
    matches!(outcome.method, Plurality | Question).then_some(sum)
}

fn table(texts: &Texts, outcome: &Outcome) -> Table {
    use counting::Method;
    let caption = match (&outcome.detail, outcome.method) {
        (Detail::Budget { currency, .. }, _) => {
            texts.say("figures-budget", [("currency", Name::of(currency).short.into())])
        }
        (_, Method::Score | Method::Cumulative | Method::Positional) => texts.text("figures-points"),
        (_, Method::Schulze | Method::RankedPairs) => texts.text("figures-pairs"),
        _ => texts.text("figures-votes"),
    };
    let mean = matches!(outcome.detail, Detail::Budget { .. });
    let shared = matches!(outcome.method, Method::Plurality | Method::Approval | Method::Question);
    let row = |figure: &counting::Figure| Row {
        name: Name::of(&figure.name),
        figure: grouped(&figure.points.to_string()),
        share: if mean {
            figure.mean.map(|mean| mean.decimal(2))
        } else {
            shared.then(|| percent(figure.points, outcome.base))
        },
        elected: figure.elected,
    };
    let blank = outcome.blank.filter(|_| !matches!(outcome.detail, Detail::Linked { .. }));
    Table {
        title: outcome.title.as_deref().map(Name::of),
        caption,
        first: texts.text("option"),
        second: if mean { texts.text("mean") } else { texts.text("share") },
        shares: mean || shared,
        chosen: outcome.seats > 0,
        rows: outcome.options.iter().map(row).collect(),
        blank: blank.map(|blank| (texts.number(&blank), None)),
        sums: Vec::new(),
        sentences: sentences(texts, outcome),
    }
}

/// Who won, and what was tied.
fn sentences(texts: &Texts, outcome: &Outcome) -> Vec<String> {
    let name = |option: &usize| {
        outcome.options.iter().find(|figure| figure.option == *option).map(|figure| Name::of(&figure.name).short)
    };
    let names = |options: &[usize]| options.iter().filter_map(name).collect::<Vec<_>>().join(&texts.text("and"));
    let mut told = Vec::new();
    if let Detail::Question(decision) = &outcome.detail {
        let id = if decision.passed { "passed" } else { "not-passed" };
        told.push(texts.say(id, [("yes", decision.yes.into()), ("needed", decision.needed.into())]));
    }
    if !outcome.winners.is_empty() {
        let number = u64::try_from(outcome.winners.len()).unwrap_or(u64::MAX);
        told.push(texts.say("elected-names", [("number", number.into()), ("names", names(&outcome.winners).into())]));
    }
    let tie = |tie: &Tie| {
        let id = match tie.broken_by {
            None => "tie-open",
            Some(Breaker::Listed) => "tie-listed",
            Some(Breaker::Lot) => "tie-lot",
        };
        texts.say(id, [("names", names(&tie.among).into()), ("seats", u64::from(tie.seats).into())])
    };
    told.extend(outcome.ties.iter().map(tie));
    if outcome.vacant > 0 {
        told.push(texts.say("vacant", [("seats", u64::from(outcome.vacant).into())]));
    }
    told
}

fn percent(part: u128, whole: u64) -> String {
    let tenths = part.saturating_mul(1000).checked_div(whole.into()).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// The totals of each tally group, where there are several and their slots are the options.
fn group_tables(
    texts: &Texts,
    manifest: &Manifest,
    contest: &Contest,
    groups: &[&TallyStatus],
    room: &mut usize,
) -> Vec<GroupTable> {
    let plain = contest.slots() == contest.options.len().saturating_add(usize::from(contest.blank));
    let cells = contest.slots().saturating_mul(groups.len());
    if groups.len() < 2 || !plain || cells > *room {
        return Vec::new();
    }
    *room = room.saturating_sub(cells);
    let unit = |index: &u32| manifest.units.get(usize::try_from(*index).ok()?).map(|unit| Name::of(&unit.name));
    let tables = groups.iter().filter_map(|group| {
        let totals = group.totals.as_ref()?;
        let names = contest.options.iter().map(|option| Name::of(option));
        Some(GroupTable {
            units: group.units.iter().filter_map(unit).collect(),
            rows: names.zip(totals).map(|(name, total)| (name, texts.number(total))).collect(),
            blank: contest.blank.then(|| texts.number(totals.last().unwrap_or(&0))),
            counted: texts.number(&group.counted),
        })
    });
    tables.collect()
}
