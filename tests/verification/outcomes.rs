//! Who won, of whole records: ties, lots, withheld groups, and every kind of contest in every form of the report (VER-35 to VER-37,
//! THR-83, THR-84).

use crate::fixture::report;
use crypto::{EncodedPoint, Point, Scalar};
use protocol::{
    Contest, ContestKind, Selection, Submission,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Share, Terms, TieRule},
    counting::{Breaker, Detail, lot},
};
use verifier::{Report, Verdict};
use vitrine_tests::{Drill, Options};

fn terms(seats: u32, ties: TieRule) -> Terms {
    Terms { seats, ties, order: DisplayOrder::Listed, share: Share { numerator: 0, denominator: 1 } }
}

fn contest(title: &str, kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    Contest::new(title, kind, options.iter().map(ToString::to_string).collect(), blank)
}

fn election(contest: Contest, voters: usize) -> Options {
    Options { contests: vec![contest], ..Options::simple(voters) }
}

#[track_caller]
fn valid(drill: &Drill) -> Report {
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    report
}

/// Six options of one vote each, two seats.
fn level(ties: TieRule) -> Options {
    let contest = contest("C", ContestKind::ChooseOne, &["A", "B", "C", "D", "E", "F"], false);
    election(contest.with_terms(terms(2, ties)), 6)
}

/// THR-83: nothing but the manifest breaks a tie.
#[test]
fn ties_are_broken_only_as_the_manifest_says() {
    let outcome = |ties| {
        let drill = Drill::complete(level(ties), |voter| vec![Selection::Options(vec![voter])]);
        let report = valid(&drill);
        let sentences = report.results[0].sentences();
        assert!(
            sentences.iter().all(|one| report.text().contains(one) && report.html().contains(one)),
            "{sentences:?}"
        );
        (report.results[0].outcome.clone().unwrap(), sentences)
    };
    let (reported, said) = outcome(TieRule::Reported);
    assert!(reported.winners.is_empty());
    assert_eq!((reported.ties[0].among.len(), reported.ties[0].seats, reported.ties[0].broken_by), (6, 2, None));
    assert_eq!(said, ["Nobody won.", "TIE: A, B, C, D, E, F tie for 2 seats; no rule of the manifest breaks it."]);
    let (listed, said) = outcome(TieRule::Listed);
    assert_eq!((listed.winners, listed.ties[0].broken_by), (vec![0, 1], Some(Breaker::Listed)));
    assert_eq!(said[0], "Won (2): A, B.");
    let (drawn, _) = outcome(TieRule::Lot);
    assert_eq!((drawn.winners.len(), drawn.ties[0].broken_by), (2, Some(Breaker::Lot)));
}

/// An election up to its closing; the same bytes every time.
fn closed() -> Drill {
    let mut drill = Drill::opened(level(TieRule::Lot));
    for voter in 0..6 {
        drill.cast(voter, &[Selection::Options(vec![voter])]).unwrap();
    }
    drill.close();
    drill
}

/// THR-84: the lot depends on the closed record alone: not on who decrypts, nor in which order; and another ballot makes another lot.
#[test]
fn every_k_trustees_draw_the_same_lot() {
    let mut lots = Vec::new();
    for trustees in [[1, 2], [2, 3], [3, 1]] {
        let mut drill = closed();
        for trustee in trustees {
            let body = drill.partial(trustee, 0, 0);
            let submission = drill.by_trustee(trustee, &body);
            drill.apply(submission).unwrap();
        }
        let body = drill.result(0, 0);
        drill.apply(Submission::anonymous(body.encode())).unwrap();
        let outcome = valid(&drill).results[0].outcome.clone().unwrap();
        // CNT-20 and CNT-21 once more: D_j = C_j - t_j G.
        let sum = drill.election.groups(0)[0].aggregate().unwrap();
        let masks: Vec<EncodedPoint> =
            sum.slots().iter().map(|sum| EncodedPoint::encode(&(sum - Point::mul_base(&Scalar::from(1u64))))).collect();
        let seed = lot::seed(&drill.election.closing().unwrap(), 0, [masks.as_slice()].into_iter());
        let mut order: Vec<usize> = (0..6).collect();
        order.sort_by_key(|option| lot::draw(&seed, *option));
        assert_eq!(outcome.winners, order[..2]);
        lots.push((seed, outcome.winners));
    }
    assert!(lots.iter().all(|one| one == &lots[0]));
    let other =
        Drill::complete(Options { seed: 2, ..level(TieRule::Lot) }, |voter| vec![Selection::Options(vec![voter])]);
    let sum = other.election.groups(0)[0].aggregate().unwrap().slots()[0];
    assert_ne!(sum, closed().election.groups(0)[0].aggregate().unwrap().slots()[0]);
}

/// CNT-2: what a withheld group holds is in no outcome, and the report says so; an awaited total leaves the outcome open.
#[test]
fn only_disclosed_groups_are_in_the_outcome() {
    let mut options = Options::simple(2);
    options.contests.push(contest("Park?", ContestKind::ChooseOne, &["Yes", "No"], false));
    options.units = vec![vec![0], vec![1]];
    options.voters = vec![(0, 1), (0, 1), (0, 1), (1, 1)];
    options.minimum_unit = 3;
    let drill = Drill::complete(options, |voter| vec![Selection::Options(vec![usize::from(voter == 1)])]);
    let report = valid(&drill);
    let [first, second] = report.results.as_slice() else { panic!("two contests") };
    assert!(!first.disclosed_only && first.outcome.as_ref().unwrap().winners == [0]);
    assert!(second.disclosed_only && second.outcome.is_none() && second.sentences().is_empty());
    let awaited = report_of(&closed());
    assert!(awaited.results[0].outcome.is_none());
    let json: serde_json::Value = serde_json::from_str(&awaited.json()).unwrap();
    assert!(json["results"][0]["outcome"].is_null());
}

fn report_of(drill: &Drill) -> Report {
    report(&drill.record())
}

/// Every kind, whole: totals pass VER-12, winners are in words, tables in text and HTML.
#[test]
fn every_kind_says_who_won() {
    let question =
        |title: &str, condition| LinkedQuestion { title: title.into(), options: 2, minimum: 1, maximum: 1, condition };
    let list = |name: &str, options| List { name: name.into(), options, limit: options };
    let three = ["Ada", "Blaise", "Cleo"];
    let kinds = [
        (contest("Score", ContestKind::Score { top: 5 }, &three, true), Selection::Amounts(vec![5, 0, 3])),
        (
            contest("Points", ContestKind::Cumulative { points: 4, most: 3, exactly: true }, &three, false),
            Selection::Amounts(vec![1, 3, 0]),
        ),
        (
            contest("Money", ContestKind::Budget { currency: "EUR".into(), pot: 100, step: 10 }, &three, false),
            Selection::Amounts(vec![40, 0, 50]),
        ),
        (
            contest("Places", ContestKind::Positional { minimum: 1, points: vec![2, 1] }, &three, true),
            Selection::Ranking(vec![2, 0]),
        ),
        (
            contest("Paths", ContestKind::Pairwise { complete: true, method: CondorcetMethod::Schulze }, &three, false),
            Selection::Ranking(vec![1, 2, 0]),
        ),
        (
            contest(
                "Pairs",
                ContestKind::Pairwise { complete: false, method: CondorcetMethod::RankedPairs },
                &three,
                true,
            ),
            Selection::Ranking(vec![2]),
        ),
        (
            contest("Bridge", ContestKind::Question { numerator: 1, denominator: 2 }, &["Yes", "No", "Abstain"], false),
            Selection::Options(vec![0]),
        ),
        (
            contest(
                "Lists",
                ContestKind::Lists {
                    minimum: 1,
                    maximum: 2,
                    whole: true,
                    seats: SeatRule::DHondt,
                    lists: vec![list("Left", 2), list("Right", 1)],
                },
                &three,
                false,
            )
            .with_terms(terms(2, TieRule::Listed)),
            Selection::List(0),
        ),
        (
            contest(
                "Linked",
                ContestKind::Linked { questions: vec![question("Build?", None), question("Where?", Some(0))] },
                &["Yes", "No", "Here", "There"],
                false,
            ),
            Selection::Options(vec![0, 3]),
        ),
    ];
    let mut options = Options::simple(2);
    options.contests = kinds.iter().map(|(contest, _)| contest.clone()).collect();
    options.units = vec![(0..9).collect()];
    let drill = Drill::complete(options, |_| kinds.iter().map(|(_, selection)| selection.clone()).collect());
    let report = valid(&drill);
    let said: Vec<String> = report.results.iter().map(|contest| contest.sentences().join(" ")).collect();
    assert_eq!(
        said,
        [
            "Won: Ada.",
            "Won: Blaise.",
            "Nothing is elected: the mean amount of each project is the result.",
            "Won: Cleo.",
            "Won: Blaise. Blaise wins every comparison of two.",
            "Won: Cleo. Cleo wins every comparison of two.",
            "Passed: 2 yes, 0 no; 2 yes are needed. 0 abstained.",
            "Won (2): Ada, Blaise. Seats: Left 2, Right 0.",
            "Build?: Won: Yes. Where?: Won: There.",
        ]
    );
    let (text, html) = (report.text(), report.html());
    for sentence in report.results.iter().flat_map(verifier::ContestResult::sentences) {
        assert!(text.contains(&sentence) && html.contains(&sentence), "{sentence}");
    }
    for table in report.results.iter().flat_map(verifier::ContestResult::tables) {
        assert!(table.rows.iter().all(|(_, cells)| cells.len() + 1 == table.columns.len()), "{}", table.caption);
        for cell in table.rows.iter().flat_map(|(_, cells)| cells).chain([&table.caption]) {
            assert!(text.contains(cell.as_str()) && html.contains(&format!(">{cell}<")), "{cell}");
        }
    }
    let budget = report.results[2].tables();
    assert_eq!(budget[0].rows[0], ("Ada".into(), vec!["80 EUR".into(), "40.00 EUR".into(), "2".into()]));
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["results"][3]["outcome"]["detail"]["places"], serde_json::json!([[0, 0, 2], [2, 0, 0]]));
    assert_eq!(
        json["results"][0]["outcome"]["options"][2]["mean"],
        serde_json::json!({"numerator": 3, "denominator": 1})
    );
    assert_eq!(json["results"][7]["outcome"]["detail"]["form"], "lists");
    let Detail::Pairwise(comparisons) = &report.results[4].outcome.as_ref().unwrap().detail else { panic!("pairs") };
    assert_eq!(comparisons.matrix[1], [2, 0, 2]);
}
