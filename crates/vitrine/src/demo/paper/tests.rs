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

/// The plain count by place (0 where there are none) and by the names of the file; the blank is `blank`.
fn by_name(poll: &Poll) -> BTreeMap<(usize, String), u64> {
    let in_file = |option: usize| match poll.table.options[option].as_str() {
        "Undeclared write-in" => "uwi".to_owned(),
        name => name.to_lowercase(),
    };
    let line = |slot: Counted| {
        let name = slot.option.map_or("blank".to_owned(), in_file);
        ((slot.place.unwrap_or(0), name), slot.total)
    };
    poll.count().into_iter().map(line).collect()
}

/// What a row gives to which place and name.
type Slots = fn(&[String]) -> Vec<(usize, &str, u64)>;

/// What a row comes to by its names alone, added up over the file; slots that nobody marked are left out.
fn direct(file: &'static str, slots: Slots) -> BTreeMap<(usize, String), u64> {
    let mut totals = BTreeMap::new();
    for row in columns(file) {
        let marked = slots(&row);
        let blank = marked.is_empty().then_some((0, "blank", 1));
        for (place, name, number) in marked.into_iter().chain(blank) {
            *totals.entry((place, name.to_owned())).or_default() += number;
        }
    }
    totals
}

fn without_zeros(mut totals: BTreeMap<(usize, String), u64>) -> BTreeMap<(usize, String), u64> {
    totals.retain(|_, total| *total > 0);
    totals
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
fn the_plain_counts_are_direct_counts_of_the_files() {
    let papers: [(Paper, Slots); 4] = [
        (Paper::ChooseOne, |row| {
            row.iter().take(1).filter(|cell| usable(cell)).map(|cell| (0, cell.as_str(), 1)).collect()
        }),
        (Paper::Approval, |row| normal_form(row).into_iter().map(|name| (0, name, 1)).collect()),
        (Paper::Score, |row| {
            normal_form(row).into_iter().zip([3, 2, 1]).map(|(name, points)| (0, name, points)).collect()
        }),
        (Paper::Ranking, |row| (1..).zip(normal_form(row)).map(|(place, name)| (place, name, 1)).collect()),
    ];
    for (ward, file) in FILES {
        for (paper, slots) in papers {
            let counted = by_name(&poll(ward, paper));
            assert_eq!(without_zeros(counted), direct(file, slots), "ward {ward} as {paper}");
        }
    }
}

/// The place tables, as a program in another language counted them, and the city's official first round.
#[test]
fn the_place_tables_of_the_real_ballots() {
    let tables: [(u32, &[[u64; 3]], u64); 2] = [
        (5, &[[1475, 758, 503], [746, 675, 606], [1048, 711, 446], [220, 271, 333], [10, 14, 26]], 123),
        (
            13,
            &[
                [749, 475, 517],
                [199, 373, 288],
                [4452, 2662, 1029],
                [4063, 2913, 1367],
                [986, 2175, 3197],
                [10, 29, 66],
            ],
            283,
        ),
    ];
    let official: [&[(&str, u64)]; 2] = [
        &[
            ("Blong Yang", 1475),
            ("Ian Alexander", 1048),
            ("Brett Buckner", 746),
            ("Kale R. Severson", 220),
            ("Undeclared write-in", 10),
        ],
        &[
            ("Linea Palmisano", 4452),
            ("Matt Perry", 4063),
            ("Missy Durant", 986),
            ("Bob Reuer", 749),
            ("David Regan", 199),
            ("Undeclared write-in", 10),
        ],
    ];
    for ((ward, table, blank), official) in tables.into_iter().zip(official) {
        let poll = poll(ward, Paper::Ranking);
        let totals: Vec<u64> = poll.count().iter().map(|slot| slot.total).collect();
        let places = (0..3).flat_map(|place| table.iter().map(move |of| of[place]));
        assert_eq!(totals, places.chain([blank]).collect::<Vec<_>>());
        let first: BTreeMap<&str, (u64, Option<u64>)> = poll
            .count()
            .iter()
            .filter(|slot| slot.place == Some(1))
            .map(|slot| (poll.table.options[slot.option.unwrap()].as_str(), (slot.total, poll.official(slot))))
            .collect();
        // The city's numbers by name, twice: as they are here, and as the demo shows them beside the plain count.
        assert_eq!(first, official.iter().map(|(name, total)| (*name, (*total, Some(*total)))).collect());
    }
}

/// The same table seen through points and through approvals.
#[test]
fn the_papers_agree_with_each_other() {
    for (ward, _) in FILES {
        let total = |paper| poll(ward, paper).count().into_iter().map(|slot| slot.total).collect::<Vec<u64>>();
        let (places, approvals, scores) = (total(Paper::Ranking), total(Paper::Approval), total(Paper::Score));
        let options = approvals.len() - 1;
        for option in 0..options {
            let at = |place: usize| places[(place - 1) * options + option];
            assert_eq!(approvals[option], at(1) + at(2) + at(3));
            assert_eq!(scores[option], 3 * at(1) + 2 * at(2) + at(3));
        }
        assert_eq!((approvals.last(), scores.last()), (places.last(), places.last()));
    }
}

/// The same voters, asked differently, may elect another: in ward 13 more of them ranked Perry at all, and more ranked Palmisano high.
#[test]
fn who_has_most_of_the_real_ballots() {
    let won = |ward, paper| {
        let poll = poll(ward, paper);
        let winner = poll.winner().unwrap();
        (poll.table.options[winner].clone(), poll.points_of_options()[winner])
    };
    assert_eq!(won(13, Paper::ChooseOne), ("Linea Palmisano".to_owned(), 4448));
    assert_eq!(won(13, Paper::Approval), ("Matt Perry".to_owned(), 8343));
    assert_eq!(won(13, Paper::Score), ("Linea Palmisano".to_owned(), 19_709));
    assert_eq!(won(13, Paper::Ranking), ("Linea Palmisano".to_owned(), 19_709));
    let won = Paper::value_variants().iter().map(|paper| won(5, *paper));
    let expected = [1462, 2736, 6444, 6444].map(|points| ("Blong Yang".to_owned(), points));
    assert!(won.eq(expected));
    let of = |rows: &str| {
        Poll::new(Table::parse(format!("Precinct,1ST CHOICE X,COUNT\n{rows}").as_bytes()).unwrap(), Paper::ChooseOne)
    };
    assert_eq!(of("P,Ann,2\nP,Bert,2\nP,Cleo,1\n").winner(), None, "a tie is no victory");
    let nothing = of("P,undervote,2\nP,Ann,1\n").table.first(2).unwrap();
    assert_eq!(Poll::new(nothing, Paper::ChooseOne).winner(), None, "nobody marked anybody");
}

/// A part of the file, or another paper, is no matter of the city's count.
#[test]
fn the_city_speaks_of_the_whole_ward_only() {
    let none = |poll: &Poll| poll.count().iter().all(|slot| poll.official(slot).is_none());
    assert!(none(&Poll::new(Table::ward(5).unwrap().first(3621).unwrap(), Paper::Ranking)));
    assert!(none(&poll(5, Paper::Score)));
    let own = Table::parse(FILES[0].1.as_bytes()).unwrap();
    assert!(none(&Poll::new(own, Paper::Ranking)));
}

/// With fewer options than columns there are as many places as options; with one column a ranking has one place.
#[test]
fn small_papers() {
    let table = |text: &str| Table::parse(text.as_bytes()).unwrap();
    let two = "Precinct,1ST CHOICE X,2ND CHOICE X,3RD CHOICE X,COUNT\nP,Ann,Ann,Bert,2\nP,undervote,Bert,overvote,1\nP,overvote,undervote,undervote,4\n";
    let totals = |paper| Poll::new(table(two), paper).count().iter().map(|slot| slot.total).collect::<Vec<_>>();
    assert_eq!(totals(Paper::ChooseOne), [2, 0, 5]);
    assert_eq!(totals(Paper::Approval), [2, 3, 4]);
    assert_eq!(totals(Paper::Score), [4, 4, 4]);
    assert_eq!(totals(Paper::Ranking), [2, 1, 0, 2, 4]);
    let poll = Poll::new(table(two), Paper::Ranking);
    assert_eq!(poll.changed(), Some(3));
    assert_eq!(poll.contest().kind, ContestKind::Positional { minimum: 1, points: vec![2, 1] });
    let one = Poll::new(table("Precinct,1ST CHOICE X,COUNT\nP,Ann,2\nP,Bert,1\n"), Paper::Ranking);
    assert_eq!(one.contest().kind, ContestKind::Positional { minimum: 1, points: vec![1] });
    assert!(one.contest().relation().is_ok());
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
                    *total += value;
                }
            }
            let counted: Vec<u64> = poll.count().iter().map(|slot| slot.total).collect();
            assert_eq!(totals, counted, "ward {ward} as {paper}");
        }
    }
}
