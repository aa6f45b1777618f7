//! Voters who type, and what they are told.

use super::fill;
use crate::cli::{CliError, Console};
use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Terms},
};
use rand::{SeedableRng as _, rngs::StdRng};

fn contest(kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    Contest::new("Title", kind, options.iter().map(ToString::to_string).collect(), blank)
}

/// What these lines come to, and everything that was said on the way.
fn typed(contest: &Contest, lines: &str, seed: u64) -> (Result<Selection, CliError>, String) {
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    let mut console = Console {
        input: &mut lines.as_bytes(),
        output: &mut output,
        messages: &mut messages,
        terminal: false,
        json: false,
    };
    let selection = fill(contest, &mut console, &mut StdRng::seed_from_u64(seed));
    assert!(output.is_empty());
    (selection, String::from_utf8(messages).unwrap())
}

/// The last of these lines fills in the contest; each one before it is refused with its reason.
#[track_caller]
fn refused_then_taken(contest: &Contest, refused: &[(&str, &str)], taken: &str, expected: &Selection) {
    for (line, reason) in refused {
        let (selection, said) = typed(contest, &format!("{line}\n{taken}\n"), 0);
        assert!(said.contains(reason), "{line:?} was not refused with {reason:?}: {said}");
        assert!(selection.unwrap() == *expected, "{line:?} left something behind");
        let (ended, _) = typed(contest, &format!("{line}\n"), 0);
        assert!(matches!(ended, Err(CliError::InputEnded)), "{line:?} was taken");
    }
    assert!(typed(contest, &format!("{taken}\n"), 0).0.unwrap() == *expected);
}

fn options(marked: &[usize]) -> Selection {
    Selection::Options(marked.to_vec())
}

/// BAL-71: too many, too few, twice, unknown, empty.
#[test]
fn marks_are_counted_aloud() {
    let one = contest(ContestKind::ChooseOne, &["Ada", "Blaise", "Carl"], true);
    let refused = [
        ("1 2", "2, which is 1 too many: mark at most 1"),
        ("none", "0, which is 1 too few"),
        ("4", "from 1 to 3"),
        ("0", "from 1 to 3"),
        ("Ada", "Type numbers"),
        ("-1", "Type numbers"),
        ("", "Nothing is chosen for you"),
        (",", "Nothing is chosen for you"),
        ("99999999999999999999999", "Type numbers"),
    ];
    refused_then_taken(&one, &refused, "2", &options(&[1]));
    assert!(typed(&one, "B\n", 0).0.unwrap() == Selection::Blank);
    let some = contest(ContestKind::Choose { minimum: 2, maximum: 3 }, &["A", "B", "C", "D"], false);
    let refused = [
        ("1", "1, which is 1 too few: mark at least 2"),
        ("1 2 3 4", "4, which is 1 too many: mark at most 3"),
        ("1 2 2", "2 twice"),
        ("b", "Type numbers"),
    ];
    refused_then_taken(&some, &refused, "4,1", &options(&[3, 0]));
    let approval = contest(ContestKind::Choose { minimum: 0, maximum: 2 }, &["A", "B"], false);
    refused_then_taken(&approval, &[("", "Nothing was typed")], "None", &options(&[]));
    let question = contest(ContestKind::Question { numerator: 1, denominator: 2 }, &["Yes", "No", "Abstain"], false);
    refused_then_taken(&question, &[("1 2", "1 too many")], "3", &options(&[2]));
}

/// BAL-71: every option has its score; points and money say what is left and what is too much.
#[test]
fn amounts_say_what_is_left_and_what_is_too_much() {
    let score = contest(ContestKind::Score { top: 5 }, &["Ada", "Blaise"], true);
    let refused = [
        ("1=6", "at most 5"),
        ("done", "No score yet for: Ada, Blaise"),
        ("1=5 done", "Type an option's number"),
        ("3=1", "from 1 to 2"),
        ("1=1 1=2", "1 twice"),
        ("1=2.5", "whole amount"),
        ("1=-1", "whole amount"),
        ("1", "Type an option's number"),
        ("", "Nothing was typed"),
    ];
    refused_then_taken(&score, &refused, "2=0\n1=4\ndone", &Selection::Amounts(vec![4, 0]));
    assert!(typed(&score, "1=3\nb\n", 0).0.unwrap() == Selection::Blank);

    let budget = ContestKind::Budget { currency: "EUR".into(), pot: 1000, step: 50 };
    let budget = contest(budget, &["Playground", "Library", "Trees"], false);
    let refused = [
        ("1=1100", "1100 EUR in all, which is 100 EUR too much: there are 1000 EUR"),
        ("1=600 2=450", "1050 EUR in all, which is 50 EUR too much"),
        ("1=320", "steps of 50 EUR: the nearest are 300 and 350"),
        ("1=1010", "1010 EUR in all, which is 10 EUR too much"),
        ("1=4294967295", "4294967295 EUR in all, which is 4294966295 EUR too much"),
        ("1=4294967296", "whole amount"),
        ("b", "Type an option's number"),
    ];
    refused_then_taken(&budget, &refused, "2=300\n2=250 3=50\ndone", &Selection::Amounts(vec![0, 250, 50]));
    let (_, said) = typed(&budget, "2=300\n1=750\ndone\n", 0);
    assert!(said.contains("left: 700 EUR") && said.contains("1050 EUR in all"));
    refused_then_taken(&budget, &[], "done", &Selection::Amounts(vec![0, 0, 0]));

    let points = contest(ContestKind::Cumulative { points: 5, most: 3, exactly: true }, &["A", "B"], false);
    let refused =
        [("1=4", "at most 3 points"), ("done", "5 points are still to be given"), ("1=3 2=3", "1 points too much")];
    refused_then_taken(&points, &refused, "1=3\n2=2\ndone", &Selection::Amounts(vec![3, 2]));
}

/// BAL-71: places are filled in the order of typing, so there are no gaps to type.
#[test]
fn rankings_have_no_gaps() {
    let places = contest(ContestKind::Positional { minimum: 1, points: vec![2, 1] }, &["A", "B", "C"], true);
    let refused = [
        ("1 2 3", "ranked 3, and there are 2 places"),
        ("none", "ranked 0, and at least 1"),
        ("2 2", "2 twice"),
        ("1 0", "from 1 to 3"),
    ];
    refused_then_taken(&places, &refused, "3 1", &Selection::Ranking(vec![2, 0]));
    let method = CondorcetMethod::Schulze;
    let all = contest(ContestKind::Pairwise { complete: true, method }, &["A", "B", "C"], false);
    refused_then_taken(&all, &[("1 2", "at least 3")], "2 3 1", &Selection::Ranking(vec![1, 2, 0]));
    let partly = contest(ContestKind::Pairwise { complete: false, method }, &["A", "B", "C"], false);
    refused_then_taken(&partly, &[], "none", &Selection::Ranking(vec![]));
}

/// BAL-71: candidates of several lists, each with its limit; or one whole list.
#[test]
fn lists_have_limits() {
    let list = |name: &str, options, limit| List { name: name.into(), options, limit };
    let lists = vec![list("Greens", 2, 1), list("Reds", 2, 2)];
    let kind = ContestKind::Lists { minimum: 1, maximum: 3, whole: true, seats: SeatRule::Most, lists };
    let lists = contest(kind, &["Ann", "Bob", "Cid", "Dot"], true);
    let refused = [
        ("1 2", "2 of the list Greens, and at most 1"),
        ("none", "1 too few"),
        ("1 2 3 4", "1 too many"),
        ("list 3", "`list 1` to `list 2`"),
        ("list 0", "`list 1` to `list 2`"),
        ("list", "`list 1` to `list 2`"),
        ("list 1 2", "`list 1` to `list 2`"),
    ];
    refused_then_taken(&lists, &refused, "4 1", &options(&[3, 0]));
    refused_then_taken(&lists, &[], "List 2", &Selection::List(1));
    let (_, said) = typed(&lists, "b\n", 0);
    assert!(said.contains("Greens (at most 1 of it; `list 1` is the whole list)"));
}

/// BAL-71: a question is asked only if its condition is marked.
#[test]
fn linked_questions_are_asked_when_they_apply() {
    let question = |title: &str, options, maximum, condition| {
        let title = title.to_owned();
        LinkedQuestion { title, options, minimum: 1, maximum, condition }
    };
    let questions =
        vec![question("Build?", 2, 1, None), question("Where?", 3, 2, Some(0)), question("Trees?", 2, 1, None)];
    let linked =
        contest(ContestKind::Linked { questions }, &["Yes", "No", "North", "South", "East", "Trees", "None"], true);
    let (selection, said) = typed(&linked, "1\n1 2 3\n3 1\n2\n", 0);
    assert!(selection.unwrap() == options(&[0, 4, 2, 6]) && said.contains("1 too many"));
    let (selection, said) = typed(&linked, "2\n1\n", 0);
    assert!(selection.unwrap() == options(&[1, 5]) && !said.contains("Where?"));
    assert!(typed(&linked, "1\nb\n", 0).0.unwrap() == Selection::Blank);
}

/// BAL-74: the numbers typed are those shown, whatever the order; lists and questions keep their own.
#[test]
fn the_numbers_typed_are_those_shown() {
    let terms = Terms { order: DisplayOrder::Shuffled, ..Terms::default() };
    let ranked =
        contest(ContestKind::Positional { minimum: 0, points: vec![3, 2, 1] }, &["Ada", "Bo", "Cy", "Di"], true)
            .with_terms(terms);
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let (selection, said) = typed(&ranked, "2 4\n", seed);
        let under = |number: &str| {
            let line = said.lines().find(|line| line.trim_start().starts_with(number)).unwrap();
            let name = line.trim_start().trim_start_matches(number).trim();
            ranked.options.iter().position(|option| option == name).unwrap()
        };
        assert!(selection.unwrap() == Selection::Ranking(vec![under("2 "), under("4 ")]));
        orders.insert([under("1 "), under("2 "), under("3 "), under("4 ")]);
        // Blank and none stand where they always stand.
        assert!(said.find("b  blank") > said.find("4  "));
    }
    assert!(orders.len() > 12, "of 24 orders, 40 draws showed {}", orders.len());
}
