use super::*;
use proptest::{collection::vec, prelude::*};
use protocol::{
    ContestKind,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Share, Terms, TieRule},
};

/// Names as ENC-3 has them, with what TOML must escape.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zé\"'\\\\#=]{1,8}", Just("\"\"\"'''".to_owned())]
}

/// So many options, each with its own name.
fn options(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(name(), count).prop_map(|names| (1..).zip(names).map(|(place, name)| format!("{name} {place}")).collect())
}

fn seat_rule() -> impl Strategy<Value = SeatRule> {
    prop_oneof![Just(SeatRule::Most), Just(SeatRule::DHondt), Just(SeatRule::SainteLague)]
}

fn share() -> impl Strategy<Value = Share> {
    (1..1_000_000u32).prop_flat_map(|denominator| {
        (0..=denominator - 1).prop_map(move |numerator| match numerator {
            0 => Share { numerator: 0, denominator: 1 },
            numerator => Share { numerator, denominator: denominator + 1 },
        })
    })
}

/// Parts of 1 to 3 of so many options.
fn parts(options: usize) -> impl Strategy<Value = Vec<u32>> {
    vec(1..=3u32, 1..=options).prop_map(move |sizes| {
        let mut left = u32::try_from(options).unwrap();
        let mut parts = Vec::new();
        for size in sizes.into_iter().chain([u32::MAX]) {
            let size = size.min(left);
            parts.extend((size > 0).then_some(size));
            left -= size;
        }
        parts
    })
}

fn simple() -> impl Strategy<Value = (ContestKind, usize)> {
    prop_oneof![
        (1..6usize).prop_map(|options| (ContestKind::ChooseOne, options)),
        (1..6u32, 0..6u32, 0..6usize).prop_map(|(maximum, minimum, more)| {
            let kind = ContestKind::Choose { minimum: minimum.min(maximum), maximum };
            (kind, usize::try_from(maximum).unwrap() + more)
        }),
        (1..1000u32, 1..6usize).prop_map(|(top, options)| (ContestKind::Score { top }, options)),
        (1..1000u32, 1..1000u32, any::<bool>(), 1..6usize).prop_map(|(points, most, exactly, options)| {
            let reaches = u64::from(most) * u64::try_from(options).unwrap() >= points.into();
            let kind = ContestKind::Cumulative { points, most: most.min(points), exactly: exactly && reaches };
            (kind, options)
        }),
        (name(), 1..1000u32, 1..1000u32, 1..6usize).prop_map(|(currency, steps, step, options)| (
            ContestKind::Budget { currency, pot: steps * step, step },
            options
        )),
        (vec(any::<u32>(), 1..5), 0..5u32, 0..3usize).prop_map(|(points, minimum, more)| {
            let places = points.len();
            let minimum = minimum.min(u32::try_from(places).unwrap());
            (ContestKind::Positional { minimum, points }, places + more)
        }),
        (any::<bool>(), any::<bool>(), 2..6usize).prop_map(|(complete, ranked, options)| {
            let method = if ranked { CondorcetMethod::RankedPairs } else { CondorcetMethod::Schulze };
            (ContestKind::Pairwise { complete, method }, options)
        }),
        share().prop_map(|Share { numerator, denominator }| (ContestKind::Question { numerator, denominator }, 3)),
    ]
}

fn divided() -> impl Strategy<Value = (ContestKind, usize)> {
    let lists = (1..8usize).prop_flat_map(|count| {
        (parts(count), vec(name(), count), 0..8u32, any::<bool>(), seat_rule(), 1..8u32).prop_map(
            move |(parts, names, minimum, whole, seats, maximum)| {
                let longest = parts.iter().copied().max().unwrap();
                let maximum = maximum.max(longest).min(u32::try_from(count).unwrap());
                let lists = (1u32..).zip(parts.into_iter().zip(names)).map(|(place, (options, name))| List {
                    name: format!("{name} {place}"),
                    options,
                    limit: place.min(options),
                });
                let (lists, minimum) = (lists.collect(), minimum.min(maximum));
                (ContestKind::Lists { minimum, maximum, whole, seats, lists }, count)
            },
        )
    });
    let linked = (1..8usize).prop_flat_map(|count| {
        (parts(count), vec((name(), 0..4u32, 1..4u32, any::<Option<u32>>()), count)).prop_map(move |(parts, given)| {
            let mut first = 0u32;
            let questions = (1u32..).zip(parts.into_iter().zip(given)).map(|(place, (options, given))| {
                let (title, minimum, maximum, condition) = given;
                let maximum = maximum.min(options);
                let condition = condition.and_then(|condition| condition.checked_rem(first));
                first += options;
                let title = format!("{title} {place}");
                LinkedQuestion { title, options, minimum: minimum.min(maximum), maximum, condition }
            });
            (ContestKind::Linked { questions: questions.collect() }, count)
        })
    });
    prop_oneof![lists, linked]
}

/// Contests of every kind that the fold takes, with terms.
pub(super) fn contest() -> impl Strategy<Value = Contest> {
    let ties = prop_oneof![Just(TieRule::Reported), Just(TieRule::Listed), Just(TieRule::Lot)];
    let terms = (0..3u32, ties, any::<bool>(), share());
    // Titles of few letters, so that some occur twice.
    (prop_oneof!["[ab]", name()], prop_oneof![3 => simple(), 1 => divided()], any::<bool>(), terms).prop_flat_map(
        |(title, (kind, count), blank, (seats, ties, shuffled, share))| {
            options(count..=count).prop_map(move |options| {
                let order = if shuffled { DisplayOrder::Shuffled } else { DisplayOrder::Listed };
                let mut terms = Terms { seats: seats.min(u32::try_from(count).unwrap()), ties, order, share };
                if matches!(kind, ContestKind::Budget { .. } | ContestKind::Question { .. }) {
                    terms = Terms { ties, order, ..Terms::default() };
                }
                Contest::new(title.clone(), kind.clone(), options, blank).with_terms(terms)
            })
        },
    )
}

proptest! {
    /// What the strategy makes is what the fold takes.
    #[test]
    fn the_contests_tried_are_those_of_manifests(contest in contest()) {
        contest.check(0).unwrap();
    }
}

/// The example's commented contests, as if they were wanted.
fn every_kind() -> String {
    let example = unwitnessed_example();
    let (head, kinds) = example.split_once("# The other kinds of contests.\n").unwrap();
    let kinds = kinds.lines().map(|line| line.strip_prefix("# ").or(line.strip_prefix('#')).unwrap());
    format!("{head}{}\n", kinds.collect::<Vec<_>>().join("\n"))
}

/// MAN-30: the commented template shows every kind, and what it shows is right.
#[test]
fn the_example_shows_every_kind() {
    let text = every_kind();
    let manifest =
        Template::parse(&text).unwrap().manifest(&surroundings(&Officials::generate(3, &mut rng(5)))).unwrap();
    let kinds: Vec<ContestKind> = manifest.contests.iter().map(|contest| contest.kind.clone()).collect();
    assert_eq!(kinds.len(), 10);
    assert_eq!(kinds[2], ContestKind::Score { top: 5 });
    assert_eq!(kinds[3], ContestKind::Cumulative { points: 10, most: 5, exactly: true });
    assert_eq!(kinds[4], ContestKind::Budget { currency: "EUR".to_owned(), pot: 50_000, step: 500 });
    assert_eq!(kinds[5], ContestKind::Positional { minimum: 1, points: vec![3, 2, 1] });
    assert_eq!(kinds[6], ContestKind::Pairwise { complete: false, method: CondorcetMethod::Schulze });
    assert_eq!(kinds[7], ContestKind::Question { numerator: 1, denominator: 2 });
    let ContestKind::Lists { lists, seats, .. } = &kinds[8] else { panic!("{:?}", kinds[8]) };
    assert_eq!((lists[0].limit, lists[1].limit, *seats), (2, 3, SeatRule::DHondt));
    let ContestKind::Linked { questions } = &kinds[9] else { panic!("{:?}", kinds[9]) };
    assert_eq!((questions[0].condition, questions[1].condition, questions[1].maximum), (None, Some(0), 2));
    assert_eq!(manifest.contests[8].terms().seats, 3);
    let again = Template::of(&manifest).unwrap().text().unwrap();
    assert_eq!(Template::parse(&again).unwrap().made_contests().unwrap(), manifest.contests);
}

/// MAN-31: each fault is told with the line and the column of its field, and with the path to it.
#[test]
fn every_fault_of_a_contest_is_told_at_its_field() {
    let text = every_kind();
    let refused = |from: &str, to: &str, expected: &str, column: usize, says: &str| {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        // The fault stands in the last line of what was changed.
        let above = text.split_once(from).unwrap().0.matches('\n').count();
        let line = above + to.lines().count();
        let refusal = refusal(&changed);
        let place = format!("line {line}, column {column}, {expected}: ");
        assert!(refusal.starts_with(&place) && refusal.contains(says), "{place}{says}\n{refusal}");
    };
    refused("top = 5", "top = 0", "contests[3].top", 7, "at least 1");
    refused(
        "top = 5",
        "top = 5\npot = 5",
        "contests[3].pot",
        7,
        "does not belong to a contest of kind \"score\", which has options, top",
    );
    refused("top = 5", "top = 1001", "contests[3].top", 7, "1001 is more than 1000");
    refused("points = 10", "points = [10]", "contests[4].points", 10, "all the points of a ballot");
    refused("points = 10", "points = 16", "contests[4].points", 10, "16 points cannot be spent exactly: at most 5");
    refused("most = 5 ", "most = 11 ", "contests[4].most", 8, "11 is more than all points, 10");
    refused(
        "step = 500 ",
        "step = 700 ",
        "contests[5].step",
        8,
        "700 does not divide the pot, 50000: the nearest pots that fit are 49700 and 50400",
    );
    refused("step = 500 ", "step = 0 ", "contests[5].step", 8, "at least 1");
    refused("places = 3", "places = 5", "contests[6].places", 10, "5 is more than the 4 options");
    refused("points = \"borda\"", "points = 3", "contests[6].points", 10, "is \"borda\", or the points of each place");
    refused("minimum = 1 ", "minimum = 4 ", "contests[6].minimum", 11, "4 is more than the 3 places");
    refused(
        "options = [\"Yes\", \"No\", \"I abstain\"]",
        "options = [\"Yes\", \"No\"]",
        "contests[8].options",
        11,
        "has 2 options",
    );
    refused("passes = \"1/2\"", "passes = \"2/2\"", "contests[8].passes", 10, "must be below 1");
    refused("passes = \"1/2\"", "passes = \"1/2\"\nseats = 2", "contests[8].seats", 9, "has no seats");
    refused("limit = 2", "limit = 3", "contests[9].lists[1].limit", 9, "3 is more than the 2 candidates of the list");
    refused(
        "maximum = 3",
        "maximum = 2",
        "contests[9].maximum",
        11,
        "2 is less than the 3 candidates of list \"Reds\"",
    );
    refused("seats = 3", "seats = 6", "contests[9].seats", 9, "6 is more than the 5 options");
    refused("if = \"Build it\"", "if = \"Built it\"", "contests[10].questions[2].if", 6, "did you mean \"Build it\"?");
    refused(
        "if = \"Build it\"",
        "if = \"Steel\"",
        "contests[10].questions[2].if",
        6,
        "no answer to an earlier question",
    );
    refused("if = \"Build it\"", "if = 3", "contests[10].questions[2].if", 6, "no answer to an earlier question");
}

/// MAN-7, MAN-31: a pot that is too large is told with the largest that fits, and that one fits.
#[test]
fn the_largest_pot_that_fits_is_told() {
    let text = every_kind().replacen("pot = 50000", "pot = 4000000000", 1).replacen("step = 500 ", "step = 1 ", 1);
    let refusal = refusal(&text);
    assert!(
        refusal.contains("contests[5].pot: 4000000000 x 1200 (roll length x largest weight) is 2^40 or more"),
        "{refusal}"
    );
    assert!(refusal.contains("the largest that fits is 916259689"), "{refusal}");
    Template::parse(&text.replacen("pot = 4000000000", "pot = 916259689", 1)).unwrap();
    assert!(Template::parse(&text.replacen("pot = 4000000000", "pot = 916259690", 1)).is_err());
    // In steps of 500 the whole range of amounts fits.
    Template::parse(&text.replacen("step = 1 ", "step = 500 ", 1)).unwrap();
    // Every other rule of contests is the fold's own.
    let twice = every_kind().replacen("[\"Park\", \"Pool\", \"Library\"]", "[\"Park\", \"Park\"]", 1);
    let twice = super::refusal(&twice);
    assert!(twice.contains("contests[3]: ") && twice.contains("MAN-5"), "{twice}");
}

#[test]
fn voters_of_units_fit_the_roll() {
    let text = EXAMPLE;
    let many = text.replacen("voters = 500", "voters = 501", 1);
    assert!(refusal(&many).contains("units.voters: the units have 1201 voters together, and the roll has 1200"));
    let few = text.replacen("voters = 500", "voters = 499", 1);
    assert!(refusal(&few).contains("1199 voters together"));
    Template::parse(&text.replacen("voters = 500", "", 1)).unwrap();
}
