//! The real ballots in full, counted a second time from the bytes of the files alone.

use super::*;
use std::collections::BTreeMap;

const FILES: [(u32, &str); 2] = [
    (5, include_str!("../../../data/minneapolis-2013-ward-5.csv")),
    (13, include_str!("../../../data/minneapolis-2013-ward-13.csv")),
];

fn poll(ward: u32, paper: Paper) -> Poll {
    Poll::new(Table::ward(ward).unwrap(), paper)
}

/// The choice columns of every line, lower case, as the file has them.
fn columns(file: &'static str) -> impl Iterator<Item = Vec<String>> {
    file.lines().skip(1).map(|line| {
        let cells: Vec<String> = line.split(',').map(|cell| cell.trim().to_lowercase()).collect();
        assert_eq!((cells.len(), cells[4].as_str()), (5, "1"), "{line}");
        cells[1..4].to_vec()
    })
}

fn usable(cell: &str) -> bool {
    cell != "undervote" && cell != "overvote"
}

/// What a row says, by its names: no index, no option, none of the code above.
fn normal_form(columns: &[String]) -> Vec<&str> {
    let named = columns.iter().enumerate().filter(|(_, cell)| usable(cell));
    named.filter(|(place, cell)| !columns[..*place].contains(*cell)).map(|(_, cell)| cell.as_str()).collect()
}

/// The plain count by the names of the file; the blank is `blank`.
fn by_name(poll: &Poll) -> BTreeMap<String, u64> {
    let in_file = |name: &String| match name.as_str() {
        "Undeclared write-in" => "uwi".to_owned(),
        name => name.to_lowercase(),
    };
    poll.table.options.iter().map(in_file).chain(["blank".to_owned()]).zip(poll.count()).collect()
}

/// Three ways of saying how much of the files is not in normal form. The one that the demo prints: up to its last usable choice the row holds
/// a repeat, a gap or an overvote.
#[test]
fn rows_that_are_changed() {
    for (ward, file, changed, with_any_overvote) in [(5, FILES[0].1, 284, 284), (13, FILES[1].1, 173, 180)] {
        assert_eq!(poll(ward, Paper::Approval).changed(), Some(changed));
        assert_eq!(poll(ward, Paper::ChooseOne).changed(), None);
        let (mut found, mut overvoted) = (0, 0);
        for row in columns(file) {
            let last = row.iter().rposition(|cell| usable(cell)).map_or(0, |place| place + 1);
            let different = normal_form(&row) != row[..last];
            found += usize::from(different);
            overvoted += usize::from(different || row.contains(&"overvote".to_owned()));
        }
        // Seven rows of ward 13 hold an overvote behind their last usable choice and are right in all else: they lose nothing.
        assert_eq!((found, overvoted), (changed, with_any_overvote), "ward {ward}");
    }
}

#[test]
fn approval_of_the_real_ballots() {
    for (ward, file) in FILES {
        let mut direct: BTreeMap<String, u64> = BTreeMap::new();
        for row in columns(file) {
            let approved = normal_form(&row);
            for name in approved.iter().copied().chain(approved.is_empty().then_some("blank")) {
                *direct.entry(name.to_owned()).or_default() += 1;
            }
        }
        assert_eq!(by_name(&poll(ward, Paper::Approval)), direct, "ward {ward}");
    }
}

#[test]
fn the_first_choices_of_the_real_ballots() {
    for (ward, file) in FILES {
        let mut direct: BTreeMap<String, u64> = BTreeMap::new();
        for row in columns(file) {
            let name = if usable(&row[0]) { row[0].clone() } else { "blank".to_owned() };
            *direct.entry(name).or_default() += 1;
        }
        assert_eq!(by_name(&poll(ward, Paper::ChooseOne)), direct, "ward {ward}");
    }
}

/// Every ballot fits the contest that it is cast in, and its witness stands for the slots that the plain count counts.
#[test]
fn the_contest_allows_every_real_ballot() {
    for (ward, _) in FILES {
        for paper in Paper::value_variants() {
            let poll = poll(ward, *paper);
            let contest = poll.contest();
            let relation = contest.relation().unwrap();
            let mut totals = vec![0u64; contest.slots()];
            for choice in &poll.choices {
                let witness = contest.witness(&poll.selection(choice)).unwrap();
                let values = relation.values(&witness).unwrap();
                for (total, value) in totals.iter_mut().zip(values) {
                    *total += u64::try_from(value).unwrap();
                }
            }
            assert_eq!(totals, poll.count(), "ward {ward} as {paper}");
        }
    }
}
