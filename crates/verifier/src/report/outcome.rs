//! Outcomes in words and tables: the one place that says who won (VER-37). Text, HTML and every program that shows a result take it from
//! here; foreign names in it are data, which each makes harmless in its own way (VER-17).

use super::words::thousands;
use protocol::counting::{Breaker, Comparisons, Decision, Detail, Figure, Link, ListFigure, Method, Outcome, Tie};

/// A table: a heading for each column, and for each row its heading and cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns, that of the row headings first.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<(String, Vec<String>)>,
    /// Where a chart helps, the length of each row's bar, in thousandths of the longest (REP-41).
    pub bars: Vec<u64>,
}

impl Table {
    /// The bar of a row, if it has one.
    pub(super) fn bar(&self, row: &usize) -> Option<u64> {
        self.bars.get(*row).copied()
    }

    /// The same table with bars for these figures of its rows.
    fn drawn(self, figures: impl Iterator<Item = u128>) -> Self {
        let figures: Vec<u128> = figures.collect();
        let most = figures.iter().copied().max().unwrap_or(0);
        let share = |figure: &u128| figure.saturating_mul(1000).checked_div(most).unwrap_or(0);
        let bars = figures.iter().map(|figure| u64::try_from(share(figure)).unwrap_or(1000)).collect();
        Self { bars, ..self }
    }
}

/// The figure by which each option wins or not.
fn figures(outcome: &Outcome) -> impl Iterator<Item = u128> {
    outcome.options.iter().map(|one| one.points)
}

/// Who won, what ties, and what was not decided: one sentence each, the winners first.
pub(super) fn sentences(outcome: &Outcome, disclosed_only: bool) -> Vec<String> {
    let mut said = Vec::new();
    if disclosed_only {
        said.push("Of the disclosed groups only: what a withheld group holds is not in this.".to_owned());
    }
    match &outcome.detail {
        Detail::Linked { questions } => {
            for question in questions {
                let title = question.title.as_deref().unwrap_or_default();
                said.extend(sentences(question, false).iter().map(|one| format!("{title}: {one}")));
            }
        }
        Detail::Question(decision) => said.push(decided(decision)),
        Detail::Budget { .. } => {
            said.push("Nothing is elected: the mean amount of each project is the result.".to_owned())
        }
        detail => {
            said.push(won(outcome));
            match detail {
                Detail::Pairwise(comparisons) => said.extend(completed(outcome, comparisons)),
                Detail::Lists { lists, ties } => {
                    said.extend(divided(lists));
                    let name = |list: usize| lists.get(list).map_or("?", |list| list.name.as_str());
                    said.extend(ties.iter().map(|one| tied(one, "the lists ", name)));
                }
                _ => {}
            }
            said.extend(outcome.ties.iter().map(|one| tied(one, "", |option| name(outcome, option))));
            if outcome.vacant > 0 && outcome.seats > 0 {
                said.push(format!("{} vacant: nobody else has the votes it takes.", stays(outcome.vacant)));
            }
        }
    }
    said
}

/// The tables that show by what figures; none where the totals of the slots say it all.
pub(super) fn tables(outcome: &Outcome) -> Vec<Table> {
    match &outcome.detail {
        Detail::Figures if matches!(outcome.method, Method::Score | Method::Cumulative) => vec![points(outcome)],
        Detail::Figures if outcome.title.is_some() => vec![votes(outcome)],
        Detail::Figures | Detail::Question(_) => Vec::new(),
        Detail::Budget { currency, .. } => vec![amounts(outcome, currency)],
        Detail::Positional { points, places } => vec![by_place(outcome, points, places)],
        Detail::Pairwise(comparisons) => pairs(outcome, comparisons),
        Detail::Lists { lists, .. } => vec![of_lists(lists), candidates(outcome, lists)],
        Detail::Linked { questions } => questions.iter().flat_map(tables).collect(),
    }
}

fn name(outcome: &Outcome, option: usize) -> &str {
    outcome.options.iter().find(|figure| figure.option == option).map_or("?", |figure| figure.name.as_str())
}

fn won(outcome: &Outcome) -> String {
    if outcome.seats == 0 {
        return "No seats: the figures are the result.".to_owned();
    }
    let names: Vec<&str> = outcome.winners.iter().map(|winner| name(outcome, *winner)).collect();
    match names.as_slice() {
        [] => "Nobody won.".to_owned(),
        [one] => format!("Won: {one}."),
        more => format!("Won ({}): {}.", more.len(), more.join(", ")),
    }
}

fn decided(decision: &Decision) -> String {
    let Decision { yes, no, abstain, needed, passed } = decision;
    let verdict = if *passed { "Passed" } else { "Not passed" };
    let level = if yes == no && *yes > 0 { ", level" } else { "" };
    let (yes, no, abstain, needed) = (thousands(*yes), thousands(*no), thousands(*abstain), thousands(*needed));
    format!("{verdict}: {yes} yes, {no} no{level}; {needed} yes are needed. {abstain} abstained.")
}

fn completed(outcome: &Outcome, comparisons: &Comparisons) -> Vec<String> {
    let way = if outcome.method == Method::Schulze { "the strongest paths (Schulze)" } else { "ranked pairs" };
    vec![match comparisons.condorcet_winner {
        Some(winner) => format!("{} wins every comparison of two.", name(outcome, winner)),
        None if outcome.base == 0 => "There is nothing to compare.".to_owned(),
        None => format!("Nobody wins every comparison of two: {way} decide."),
    }]
}

fn divided(lists: &[ListFigure]) -> Option<String> {
    let seats: Option<Vec<String>> = lists.iter().map(|list| Some(format!("{} {}", list.name, list.seats?))).collect();
    seats.map(|seats| format!("Seats: {}.", seats.join(", ")))
}

fn tied<'a>(tie: &Tie, what: &str, name: impl Fn(usize) -> &'a str) -> String {
    let names = |some: &[usize]| some.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    let seats = if tie.seats == 1 { "1 seat".to_owned() } else { format!("{} seats", tie.seats) };
    let who = names(&tie.among);
    match tie.broken_by {
        None => format!("TIE: {what}{who} tie for {seats}; no rule of the manifest breaks it."),
        Some(breaker) => {
            let how = match breaker {
                Breaker::Listed => "the order of the manifest",
                Breaker::Lot => "a lot from the record",
            };
            format!("TIE, broken by {how}: of {what}{who}, who tie for {seats}, {} got it.", names(&tie.chosen))
        }
    }
}

fn stays(seats: u32) -> String {
    if seats == 1 { "1 seat stays".to_owned() } else { format!("{seats} seats stay") }
}

/// `won`, `tied`, or nothing.
fn mark(outcome: &Outcome, figure: &Figure) -> String {
    let tied = outcome.ties.iter().any(|tie| tie.broken_by.is_none() && tie.among.contains(&figure.option));
    match (figure.elected, tied) {
        (true, _) => "won".to_owned(),
        (false, true) => "tied".to_owned(),
        (false, false) => String::new(),
    }
}

fn count(points: u128) -> String {
    u64::try_from(points).map_or_else(|_| points.to_string(), thousands)
}

fn mean(figure: &Figure, places: u32) -> String {
    figure.mean.map_or_else(|| "none".to_owned(), |mean| mean.decimal(places))
}

fn table(caption: String, columns: &[&str], rows: impl Iterator<Item = (String, Vec<String>)>) -> Table {
    Table {
        caption,
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: rows.collect(),
        bars: Vec::new(),
    }
}

fn votes(outcome: &Outcome) -> Table {
    let rows = outcome.options.iter().map(|one| (one.name.clone(), vec![count(one.points), mark(outcome, one)]));
    let asked = format!(
        "{}: asked of ballots of weight {}",
        outcome.title.as_deref().unwrap_or_default(),
        thousands(outcome.base)
    );
    table(asked, &["Answer", "Votes", "Result"], rows).drawn(figures(outcome))
}

fn points(outcome: &Outcome) -> Table {
    let row = |one: &Figure| {
        (one.name.clone(), vec![count(one.points), mean(one, 3), one.rank.to_string(), mark(outcome, one)])
    };
    let columns = ["Option", "Points", "Mean", "Rank", "Result"];
    table("Points".to_owned(), &columns, outcome.options.iter().map(row)).drawn(figures(outcome))
}

fn amounts(outcome: &Outcome, currency: &str) -> Table {
    let mean = |one: &Figure| if one.mean.is_some() { format!("{} {currency}", mean(one, 2)) } else { mean(one, 2) };
    let row = |one: &Figure| {
        (one.name.clone(), vec![format!("{} {currency}", count(one.points)), mean(one), one.rank.to_string()])
    };
    let columns = ["Project", "Total", "Mean per ballot", "Rank"];
    table("Amounts".to_owned(), &columns, outcome.options.iter().map(row)).drawn(figures(outcome))
}

fn by_place(outcome: &Outcome, points: &[u32], places: &[Vec<u64>]) -> Table {
    let mut columns = vec!["Option".to_owned()];
    columns.extend((1..).zip(points).map(|(place, points): (u32, _)| format!("Place {place} ({points} points)")));
    columns.extend(["Points", "Rank", "Result"].map(str::to_owned));
    let row = |one: &Figure| {
        let ranked = places.iter().map(|place| thousands(place.get(one.option).copied().unwrap_or(0)));
        let mut cells: Vec<String> = ranked.collect();
        cells.extend([count(one.points), one.rank.to_string(), mark(outcome, one)]);
        (one.name.clone(), cells)
    };
    Table {
        caption: "How many ranked each option at each place".to_owned(),
        columns,
        rows: outcome.options.iter().map(row).collect(),
        bars: Vec::new(),
    }
    .drawn(figures(outcome))
}

fn pairs(outcome: &Outcome, comparisons: &Comparisons) -> Vec<Table> {
    let names = || outcome.options.iter().map(|one| one.name.clone());
    let square = |caption: &str, matrix: &[Vec<u64>]| {
        let row = |(at, (name, row)): (usize, (String, &Vec<u64>))| {
            let cell = |(column, weight): (usize, &u64)| if column == at { "-".to_owned() } else { thousands(*weight) };
            (name, row.iter().enumerate().map(cell).collect())
        };
        Table {
            caption: caption.to_owned(),
            columns: std::iter::once("Option".to_owned()).chain(names()).collect(),
            rows: names().zip(matrix).enumerate().map(row).collect(),
            bars: Vec::new(),
        }
    };
    let mut tables =
        vec![square("Who is preferred to whom: the option of the row to that of the column", &comparisons.matrix)];
    if outcome.method == Method::Schulze {
        tables.push(square("Strongest paths, from the option of the row to that of the column", &comparisons.paths));
    } else {
        let row = |what: &str, link: &Link| {
            let pair = format!("{} over {}", name(outcome, link.winner), name(outcome, link.loser));
            (pair, vec![thousands(link.margin), what.to_owned()])
        };
        let locked = comparisons.locked.iter().map(|link| row("locked", link));
        let dropped = comparisons.dropped.iter().map(|link| row("dropped: in a circle", link));
        tables.push(table("Majorities by margin".to_owned(), &["Majority", "Margin", "Result"], locked.chain(dropped)));
    }
    let row = |one: &Figure| (one.name.clone(), vec![count(one.points), one.rank.to_string(), mark(outcome, one)]);
    let columns = ["Option", "Comparisons won", "Rank", "Result"];
    tables.push(table("Order".to_owned(), &columns, outcome.options.iter().map(row)).drawn(figures(outcome)));
    tables
}

fn of_lists(lists: &[ListFigure]) -> Table {
    let row = |list: &ListFigure| {
        let seats = list.seats.map_or_else(|| "-".to_owned(), |seats| seats.to_string());
        (list.name.clone(), vec![count(list.votes), thousands(list.whole), seats])
    };
    let columns = ["List", "Votes", "Marked as a whole", "Seats"];
    table("Lists".to_owned(), &columns, lists.iter().map(row)).drawn(lists.iter().map(|list| list.votes))
}

fn candidates(outcome: &Outcome, lists: &[ListFigure]) -> Table {
    let row = |one: &Figure| {
        let list =
            lists.iter().find(|list| list.candidates.contains(&one.option)).map_or("", |list| list.name.as_str());
        (one.name.clone(), vec![list.to_owned(), count(one.points), mark(outcome, one)])
    };
    let columns = ["Candidate", "List", "Votes", "Result"];
    table("Candidates".to_owned(), &columns, outcome.options.iter().map(row)).drawn(figures(outcome))
}
