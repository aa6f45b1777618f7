//! Files that are refused, and why.

use super::*;
use protocol::contest::{CondorcetMethod, LinkedQuestion, List, SeatRule};

fn contest(title: &str, kind: ContestKind, options: &[&str]) -> Contest {
    Contest::new(title, kind, options.iter().map(ToString::to_string).collect(), true)
}

fn read_one(contest: &Contest, value: &str) -> Result<Selection, SelectionsFault> {
    let text = format!(r#"{{"0": {value}}}"#);
    Choices::read(text.as_bytes(), &[(0, contest)]).map(|choices| choices.selection(0).unwrap().clone())
}

#[track_caller]
fn takes(contest: &Contest, good: &[(&str, Selection)], bad: &[&str]) {
    for (value, selection) in good {
        assert!(read_one(contest, value).as_ref() == Ok(selection), "{value}");
        // What is printed can be read.
        assert!(read_one(contest, &in_file(contest, selection).to_string()).as_ref() == Ok(selection));
    }
    assert!(read_one(contest, "\"blank\"") == Ok(Selection::Blank));
    for value in bad.iter().chain(&["null", "3", "true", "\"Blank\"", "\"\"", "[1]", "[[\"A\"]]", "{\"blank\": true}"])
    {
        let fault = read_one(contest, value).expect_err(value).to_string();
        // It says where, and nothing of what.
        assert!(fault.contains(&format!("{:?}", contest.title)) || fault.contains("\"Q"), "{fault}");
        assert!(!fault.contains("secret"));
    }
}

/// BAL-23: referenda called 1, 2, 3 are contests 0, 1, 2; what is selected in one never goes to another.
#[test]
fn a_name_that_fits_two_contests_is_refused() {
    let questions = ["1", "2", "Mayor", "Mayor"].map(|title| contest(title, ContestKind::ChooseOne, &["Yes", "No"]));
    let contests: Vec<(u32, &Contest)> = (0..).zip(&questions).collect();
    let index = |name: &str| named(name, &contests).map(|(index, _)| index).ok();
    assert_eq!(index("0"), Some(0));
    assert_eq!(index("3"), Some(3));
    for ambiguous in ["1", "2", "Mayor", "4", "", "00", " 0"] {
        assert_eq!(index(ambiguous), None, "{ambiguous}");
    }
}

/// BAL-72: every contest once, and no other.
#[test]
fn the_file_is_the_ballot_and_nothing_else() {
    let contests = ["Mayor", "Council"].map(|title| contest(title, ContestKind::ChooseOne, &["A", "B"]));
    let contests: Vec<(u32, &Contest)> = (0..).zip(&contests).collect();
    let read = |text: &str| Choices::read(text.as_bytes(), &contests).map(|_| ());
    assert_eq!(read(r#" {"Council": ["A"], "0": ["B"]} "#), Ok(()));
    for (text, fault) in [
        (r#"{"Council": ["A"]}"#, SelectionsFault::Missing { title: "Mayor".into() }),
        (r#"{"Mayor": ["A"], "Mayor": ["B"], "1": ["A"]}"#, SelectionsFault::Twice { title: "Mayor".into() }),
        (r#"{"Mayor": ["A"], "0": ["A"], "1": ["A"]}"#, SelectionsFault::Twice { title: "Mayor".into() }),
        (r#"{"Mayor": ["A"], "1": ["A"], "2": ["A"]}"#, SelectionsFault::NoSuchContest),
        (r#"{"Mayor": ["A"], "1": ["A"]} {}"#, SelectionsFault::NotAnObject),
        (r#"{"Mayor": ["A"], "1": ["A"],}"#, SelectionsFault::NotAnObject),
        ("[]", SelectionsFault::NotAnObject),
        ("", SelectionsFault::NotAnObject),
    ] {
        assert_eq!(read(text), Err(fault), "{text}");
    }
    assert_eq!(read(&"[".repeat(100_000)), Err(SelectionsFault::NotAnObject));
}

/// BAL-72: marks, whole lists, rankings.
#[test]
fn names_are_those_of_the_manifest() {
    let options = |marked: &[usize]| Selection::Options(marked.to_vec());
    let choose = contest("Title", ContestKind::Choose { minimum: 0, maximum: 2 }, &["A", "B", "C"]);
    let bad =
        [r#"["A", "A"]"#, r#"["a"]"#, r#"["A "]"#, r#"["A", "B", "C"]"#, r#"["secret"]"#, r#"{"A": 1}"#, r#""A""#];
    takes(&choose, &[("[]", options(&[])), (r#"["A", "C"]"#, options(&[0, 2]))], &bad);
    let list = |name: &str| List { name: name.into(), options: 2, limit: 1 };
    let lists = |whole| {
        let lists = vec![list("G"), list("R")];
        contest(
            "Title",
            ContestKind::Lists { minimum: 0, maximum: 2, whole, seats: SeatRule::Most, lists },
            &["A", "B", "C", "D"],
        )
    };
    let good = [(r#"["A", "D"]"#, options(&[0, 3])), (r#"{"list": "R"}"#, Selection::List(1))];
    let bad = [
        r#"["A", "B"]"#,
        r#"["R"]"#,
        r#"{"list": "secret"}"#,
        r#"{"list": "G", "list": "R"}"#,
        r#"{"list": 0}"#,
        r#"{"list": "G", "A": 1}"#,
        "{}",
    ];
    takes(&lists(true), &good, &bad);
    takes(&lists(false), &good[..1], &[r#"{"list": "R"}"#]);
    let ranking = contest("Title", ContestKind::Positional { minimum: 1, points: vec![2, 1] }, &["A", "B", "C"]);
    let bad = [r#"["A", "B", "C"]"#, "[]", r#"["A", "A"]"#, r#"{"A": 1, "B": 2}"#, r#"[null, "A"]"#];
    takes(&ranking, &[(r#"["C", "A"]"#, Selection::Ranking(vec![2, 0]))], &bad);
    let method = CondorcetMethod::RankedPairs;
    let pairs = contest("Title", ContestKind::Pairwise { complete: true, method }, &["A", "B"]);
    takes(&pairs, &[(r#"["B", "A"]"#, Selection::Ranking(vec![1, 0]))], &[r#"["B"]"#]);
}

/// BAL-72: every option has its number, and numbers are whole.
#[test]
fn numbers_are_whole_and_complete() {
    let budget = ContestKind::Budget { currency: "EUR".into(), pot: 4_000_000_000, step: 1_000_000_000 };
    let budget = contest("Title", budget, &["A", "B"]);
    let good = [
        (r#"{"A": 0, "B": 4000000000}"#, Selection::Amounts(vec![0, 4_000_000_000])),
        (r#"{"B": 0, "A": 1000000000}"#, Selection::Amounts(vec![1_000_000_000, 0])),
    ];
    let bad = [
        r#"{"A": 1000000000}"#,
        r#"{"A": 0, "B": 1000000001}"#,
        r#"{"A": 2000000000, "B": 3000000000}"#,
        r#"{"A": 0, "B": 4294967296}"#,
        r#"{"A": 0, "B": -1}"#,
        r#"{"A": 0, "B": 0.0}"#,
        r#"{"A": 0, "B": 1e9}"#,
        r#"{"A": 0, "B": "0"}"#,
        r#"{"A": 0, "B": 0, "B": 0}"#,
        r#"{"A": 0, "B": 0, "secret": 0}"#,
        r#"["A"]"#,
    ];
    takes(&budget, &good, &bad);
    let score = contest("Title", ContestKind::Score { top: 5 }, &["A", "B"]);
    takes(&score, &[(r#"{"A": 5, "B": 0}"#, Selection::Amounts(vec![5, 0]))], &[r#"{"A": 6, "B": 0}"#, r#"{"A": 5}"#]);
}

/// BAL-72: questions that apply are answered, and no others are there.
#[test]
fn linked_questions_are_there_when_they_apply() {
    let question =
        |title: &str, condition| LinkedQuestion { title: title.into(), options: 2, minimum: 0, maximum: 1, condition };
    let questions = vec![question("Q1", None), question("Q2", Some(0))];
    let linked = contest("Title", ContestKind::Linked { questions }, &["Yes", "No", "North", "South"]);
    let good = [
        (r#"{"Q1": ["Yes"], "Q2": ["South"]}"#, Selection::Options(vec![0, 3])),
        (r#"{"Q2": [], "Q1": ["Yes"]}"#, Selection::Options(vec![0])),
        (r#"{"Q1": ["No"]}"#, Selection::Options(vec![1])),
        (r#"{"Q1": []}"#, Selection::Options(vec![])),
    ];
    let bad = [
        r#"{"Q1": ["Yes"]}"#,
        r#"{"Q1": ["No"], "Q2": []}"#,
        r#"{"Q1": ["North"]}"#,
        r#"{"Q1": ["Yes", "No"], "Q2": []}"#,
        r#"{"Q1": ["No"], "Q1": ["No"]}"#,
        r#"{"Q1": ["No"], "secret": []}"#,
        r#"{"Q1": "No"}"#,
        r#"["No"]"#,
        "{}",
    ];
    takes(&linked, &good, &bad);
    // Which question is missing, or is too many, would say whether Q1 was answered with yes.
    let contests = [(0, &linked)];
    let fault = |text: &str| Choices::read(text.as_bytes(), &contests).unwrap_err();
    let missing = fault(r#"{"Title": {"Q1": ["Yes"]}}"#);
    assert_eq!(missing, fault(r#"{"Title": {"Q1": ["No"], "Q2": []}}"#));
    assert!(!missing.to_string().contains('Q'), "{missing}");
}
