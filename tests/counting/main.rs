//! Our counting rules beside those of `votelib` 0.4.0, a Python library that shares nothing with ours, on random profiles and textbook
//! examples (CNT-6, CNT-7, CNT-9 to CNT-12, CNT-15). `profiles.json` is what `compare.py` printed once, and is asserted on every run; where
//! votelib can be had, the script also runs on fresh profiles. Ballots become totals by their witnesses and relations, as in an election.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: a broken case should stop the test where it broke, and what was left out must be seen"
)]

use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, DisplayOrder, List, SeatRule, Share, Terms, TieRule},
    counting::{Detail, Outcome, Tie, outcome},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

const VOTELIB: &str = "votelib==0.4.0";

/// Seed and cases of each kind for the fresh profiles of a run.
const FRESH: u32 = 40;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("counting")
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|one| usize::try_from(one.as_u64().unwrap()).unwrap()).collect()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The contest of a case.
fn contest(case: &Value) -> Contest {
    let lists: Vec<u32> = case["lists"].as_array().map_or(Vec::new(), |lists| lists.iter().map(number).collect());
    let options = case["options"].as_u64().map_or(lists.iter().sum(), |options| u32::try_from(options).unwrap());
    let complete = case["complete"].as_bool().unwrap_or(true);
    let of_lists = |seats| ContestKind::Lists {
        minimum: 1,
        maximum: options,
        whole: true,
        seats,
        lists: lists.iter().map(|size| List { name: "L".into(), options: *size, limit: *size }).collect(),
    };
    let kind = match case["kind"].as_str().unwrap() {
        "choose-one" => ContestKind::ChooseOne,
        "choose" => ContestKind::Choose { minimum: 1, maximum: options },
        "score" => ContestKind::Score { top: number(&case["top"]) },
        "positional" => ContestKind::Positional { minimum: 1, points: (0..options).rev().collect() },
        "schulze" => ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze },
        "ranked-pairs" => ContestKind::Pairwise { complete, method: CondorcetMethod::RankedPairs },
        "d-hondt" => of_lists(SeatRule::DHondt),
        "sainte-lague" => of_lists(SeatRule::SainteLague),
        other => panic!("no kind {other}"),
    };
    let share = Share { numerator: 0, denominator: 1 };
    let terms = Terms { seats: number(&case["seats"]), ties: TieRule::Reported, order: DisplayOrder::Listed, share };
    Contest::new("C", kind, (0..options).map(|option| option.to_string()).collect(), false).with_terms(terms)
}

/// What our rules make of the ballots.
fn count(case: &Value) -> Outcome {
    let contest = contest(case);
    let relation = contest.relation().unwrap();
    let mut totals = vec![0; contest.slots()];
    let mut weight = 0;
    for ballot in case["ballots"].as_array().unwrap() {
        let (times, choice) = (ballot[0].as_u64().unwrap(), &ballot[1]);
        let selection = match case["kind"].as_str().unwrap() {
            "score" => Selection::Amounts(choice.as_array().unwrap().iter().map(number).collect()),
            "positional" | "schulze" | "ranked-pairs" => Selection::Ranking(numbers(choice)),
            _ => match choice.as_u64() {
                Some(list) => Selection::List(usize::try_from(list).unwrap()),
                None => Selection::Options(numbers(choice)),
            },
        };
        let witness = contest.witness(&selection).unwrap();
        let values = relation.values(&witness).unwrap();
        totals.iter_mut().zip(values).for_each(|(total, value)| *total += times * value);
        weight += times;
    }
    outcome(&contest, &totals, weight, None)
}

/// The seats as votelib lists them: who has each, or all who tie for it.
fn seats(outcome: &Outcome) -> Vec<Vec<usize>> {
    let mut seats: Vec<Vec<usize>> = outcome.winners.iter().map(|winner| vec![*winner]).collect();
    for tie in &outcome.ties {
        seats.extend((0..tie.seats).map(|_| tie.among.clone()));
    }
    seats
}

/// Votelib lists those with equal figures in the order in which they occur: each class of equal ranks is sorted.
fn sorted(seats: Vec<Vec<usize>>, outcome: &Outcome) -> Vec<Vec<usize>> {
    let mut seats = seats;
    seats.sort_by_key(|seat| (outcome.options[seat[0]].rank, seat.len(), seat.clone()));
    seats
}

fn matrix(value: &Value) -> Vec<Vec<u64>> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect())
        .collect()
}

/// Compares one case, and says which parts votelib decided.
fn compare(case: &Value, compared: &mut BTreeMap<String, usize>) {
    let (name, answer, ours) = (&case["name"], &case["answer"], count(case));
    let kind = case["kind"].as_str().unwrap();
    let mut seen = |part: &str| *compared.entry(format!("{kind} {part}")).or_default() += 1;
    if let Some(figures) = answer["figures"].as_array() {
        let figures: Vec<u128> = figures.iter().map(|one| one.as_u64().unwrap().into()).collect();
        assert_eq!(ours.options.iter().map(|one| one.points).collect::<Vec<_>>(), figures, "{name}: figures");
        seen("figures");
    }
    if let Some(winners) = answer["winners"].as_array() {
        let expected: Vec<Vec<usize>> = winners.iter().map(numbers).collect();
        assert_eq!(sorted(seats(&ours), &ours), sorted(expected.clone(), &ours), "{name}: winners");
        // Sorting moved only those who are equal.
        let ranks: Vec<u32> = expected.iter().map(|seat| ours.options[seat[0]].rank).collect();
        assert!(ranks.is_sorted(), "{name}: order {ranks:?}");
        seen("winners");
        if expected.iter().any(|seat| seat.len() > 1) {
            seen("ties");
        }
    }
    if let Detail::Pairwise(comparisons) = &ours.detail {
        assert_eq!(comparisons.matrix, matrix(&answer["matrix"]), "{name}: matrix");
        let winner = answer["condorcet"].as_u64().map(|winner| usize::try_from(winner).unwrap());
        assert_eq!(comparisons.condorcet_winner, winner, "{name}: Condorcet winner");
        seen(if winner.is_some() { "with a Condorcet winner" } else { "without one" });
        if kind == "schulze" {
            assert_eq!(comparisons.paths, matrix(&answer["paths"]), "{name}: paths");
            let first: Vec<usize> = ours.options.iter().filter(|one| one.rank == 1).map(|one| one.option).collect();
            assert_eq!(first, numbers(&answer["first"]), "{name}: unbeaten");
            if first.len() > 1 {
                seen("ties");
            }
        }
    }
    if let Detail::Lists { lists, ties } = &ours.detail {
        assert_eq!(
            lists.iter().map(|list| list.votes).collect::<Vec<_>>(),
            numbers(&answer["votes"]).iter().map(|votes| *votes as u128).collect::<Vec<_>>(),
            "{name}: votes"
        );
        let divided: Vec<u32> = lists.iter().map(|list| list.seats.unwrap()).collect();
        assert_eq!(
            divided,
            answer["lists"].as_array().unwrap().iter().map(number).collect::<Vec<_>>(),
            "{name}: seats"
        );
        let expected: Vec<Tie> = answer["ties"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tie| Tie { among: numbers(&tie[0]), seats: number(&tie[1]), broken_by: None, chosen: vec![] })
            .collect();
        assert_eq!(ties, &expected, "{name}: ties");
        seen("seats");
        if !expected.is_empty() {
            seen("ties");
        }
    }
}

/// Compares a whole file, and returns how often each part was compared.
fn compare_all(text: &str) -> BTreeMap<String, usize> {
    let profiles: Value = serde_json::from_str(text).unwrap();
    assert_eq!(format!("votelib=={}", profiles["votelib"].as_str().unwrap()), VOTELIB);
    let mut compared = BTreeMap::new();
    for case in profiles["cases"].as_array().unwrap() {
        compare(case, &mut compared);
    }
    compared
}

/// What votelib answered once.
#[test]
fn frozen_profiles() {
    let compared = compare_all(&std::fs::read_to_string(folder().join("profiles.json")).unwrap());
    let parts = [
        "choose-one winners",
        "choose-one ties",
        "choose winners",
        "choose ties",
        "score winners",
        "score ties",
        "positional winners",
        "positional ties",
        "schulze winners",
        "schulze ties",
        "schulze with a Condorcet winner",
        "schulze without one",
        "ranked-pairs winners",
        "ranked-pairs with a Condorcet winner",
        "ranked-pairs without one",
        "d-hondt seats",
        "d-hondt ties",
        "sainte-lague seats",
        "sainte-lague ties",
    ];
    for part in parts {
        assert!(compared.contains_key(part), "no case of {part}: {compared:?}");
    }
}

/// A Python that has votelib: the system's, or one in a folder of the build, made once.
fn python() -> Result<PathBuf, String> {
    let has = |python: &Path| {
        let version = "import importlib.metadata as m; assert m.version('votelib') == '0.4.0'";
        Command::new(python).args(["-c", version]).output().is_ok_and(|output| output.status.success())
    };
    let system = PathBuf::from("python3");
    if has(&system) {
        return Ok(system);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("votelib");
    let python = folder.join("bin").join("python3");
    if has(&python) {
        return Ok(python);
    }
    let run = |command: &mut Command| match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    };
    run(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "0", "--timeout", "5", VOTELIB];
    run(Command::new(&python).args(pip))?;
    Ok(python)
}

/// Fresh profiles, where votelib can be had. Their seed is printed with every difference; `compare.py SEED 40` makes them again.
#[test]
fn fresh_profiles() {
    let python = match python() {
        Ok(python) => python,
        Err(cause) => {
            eprintln!(
                "NOT RUN: fresh profiles are not compared, for {VOTELIB} cannot be had; the frozen ones decide. {cause}"
            );
            return;
        }
    };
    let seed: u32 = rand::random();
    let output = Command::new(python)
        .arg(folder().join("compare.py"))
        .args([seed.to_string(), FRESH.to_string()])
        .output()
        .expect("a Python that has just run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let compared = compare_all(std::str::from_utf8(&output.stdout).unwrap());
    assert!(compared["ranked-pairs winners"] > 0 && compared["d-hondt seats"] > FRESH as usize, "{compared:?}");
}
