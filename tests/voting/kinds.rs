//! Every kind of contest from the voter's choice to the second device, and through a selections file.

use crate::{
    commands::Desk,
    letters::{Letters, encode_opening, filled, inside, published, signed_by_credential},
};
use ballot_client::{
    AuditOpening, Choices,
    audit::{AuditFault, check_audit},
    selections::in_file,
    shown::{Shown, is_shuffled},
    words::in_words,
};
use protocol::{Body, Contest, ContestKind, Rule, Selection};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::{Map, Value};
use vitrine_tests::{
    Options,
    kinds::{any_selection, every_kind, shuffled, wide_kinds},
};

fn opened(contests: Vec<Contest>) -> Letters {
    let all = (0..u32::try_from(contests.len()).unwrap()).collect();
    Letters::opened(Options { contests, units: vec![all], voters: vec![(0, 1)], ..Options::simple(1) })
}

/// What the voter's file would be.
fn file(contests: &[Contest], selections: &[Selection]) -> Vec<u8> {
    let entries = contests.iter().zip(selections).enumerate();
    let file: Map<String, Value> =
        entries.map(|(index, (contest, selection))| (index.to_string(), in_file(contest, selection))).collect();
    serde_json::to_vec(&file).unwrap()
}

/// What is sealed of a selection. (Of a ranking of all options but one, and of all, the same.)
fn slots(contest: &Contest, selection: &Selection) -> Vec<u64> {
    contest.relation().unwrap().values(&contest.witness(selection).unwrap()).unwrap()
}

/// BAL-70, BAL-73, BAL-75: what the review says before sealing, the second device says of the opened ballot, in every kind; and BAL-3: whatever is chosen,
/// the ballot has the same length.
fn reviewed_sealed_and_audited(contests: Vec<Contest>, rounds: u64) {
    let mut letters = opened(contests.clone());
    let mut lengths = std::collections::BTreeSet::new();
    for seed in 0..rounds {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let selections: Vec<Selection> = contests.iter().map(|contest| any_selection(contest, &mut rng)).collect();
        let (shown, opening) = letters.audited(0, &selections);
        let findings = check_audit(&opening.encode(), &shown.into(), &letters.drill.election).unwrap();
        assert_eq!(findings.contests.len(), contests.len());
        for ((contest, selection), found) in contests.iter().zip(&selections).zip(&findings.contests) {
            assert_eq!(found.words, *in_words(contest, selection), "{contest:?}");
            assert_eq!(slots(contest, &found.selection), slots(contest, selection));
        }
        let Body::Ballot(ballot) = Body::decode(&inside(&opening).ballot).unwrap() else { unreachable!() };
        lengths.insert(ballot.contests.iter().map(|sealed| sealed.len()).collect::<Vec<_>>());
        assert_eq!(lengths.len(), 1);
    }
    // And it is a ballot: cast, it is taken.
    let mut rng = ChaCha20Rng::seed_from_u64(rounds);
    letters.cast(0, &contests.iter().map(|contest| any_selection(contest, &mut rng)).collect::<Vec<_>>());
}

#[test]
fn every_kind_says_the_same_before_sealing_and_in_the_audit() {
    let contests = every_kind();
    let (first, second) = contests.split_at(contests.len() / 2);
    reviewed_sealed_and_audited(first.to_vec(), 6);
    reviewed_sealed_and_audited(second.to_vec(), 6);
}

/// BAL-60: the same where amounts are wide values; also at their ends.
#[test]
fn wide_amounts_say_the_same_before_sealing_and_in_the_audit() {
    let contests = wide_kinds();
    reviewed_sealed_and_audited(contests.clone(), 3);
    let mut letters = opened(contests);
    let lengths = [vec![0, 0, 0], vec![u32::MAX, 0, 0], vec![1, u32::MAX - 2, 1]].map(|amounts| {
        let all = Selection::Amounts(vec![0, 0, 1 << 31, 0]);
        let (shown, opening) = letters.audited(0, &[Selection::Amounts(amounts.clone()), all]);
        let findings = check_audit(&opening.encode(), &shown.into(), &letters.drill.election).unwrap();
        assert!(findings.contests[0].selection == Selection::Amounts(amounts));
        assert_eq!(findings.contests[1].words[0], "2147483648 points for Carl");
        // An amount that is not the sealed one, 2^32 - 1 and beyond.
        for value in [7, u64::from(u32::MAX) - 1, 1 << 32, (1 << 32) + u64::from(u32::MAX)] {
            let mut lie = inside(&opening);
            lie.openings[0].values[0] = value;
            let fault = check_audit(&encode_opening(&letters, 0, &lie), &shown.into(), &letters.drill.election);
            assert_eq!(fault, Err(AuditFault::OpeningDiffers { contest: 0 }));
        }
        inside(&opening).ballot.len()
    });
    assert_eq!(lengths, [lengths[0]; 3]);
}

/// BAL-72, THR-86: every selection can be written as a file, which is read as that selection, and as nothing else.
#[test]
fn a_selections_file_says_what_was_chosen() {
    let contests: Vec<Contest> = every_kind().into_iter().chain(wide_kinds()).collect();
    let numbered: Vec<(u32, &Contest)> = (0..).zip(&contests).collect();
    for seed in 0..200 {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let selections: Vec<Selection> = contests.iter().map(|contest| any_selection(contest, &mut rng)).collect();
        let text = file(&contests, &selections);
        let choices = Choices::read(&text, &numbered).unwrap();
        for ((index, contest), selection) in numbered.iter().zip(&selections) {
            let read = choices.selection(*index).unwrap();
            assert_eq!(*in_words(contest, read), *in_words(contest, selection));
            assert!(contest.witness(read).unwrap() == contest.witness(selection).unwrap());
        }
        assert_eq!(choices.selections().count(), contests.len());
        // Cut short it is no file.
        let cut = usize::try_from(seed).unwrap() * 7 % text.len();
        assert!(Choices::read(&text[..cut], &numbered).is_err());
    }
}

/// BAL-70: two selections of different witness never have the same words.
#[test]
fn words_are_of_one_selection_alone() {
    for contest in every_kind() {
        let mut said = std::collections::BTreeMap::new();
        for seed in 0..200 {
            let selection = any_selection(&contest, &mut ChaCha20Rng::seed_from_u64(seed));
            let slots = slots(&contest, &selection);
            let words = in_words(&contest, &selection).to_vec();
            assert!(!words.is_empty() && words.iter().all(|line| !line.is_empty()));
            assert_eq!(said.entry(words).or_insert(slots.clone()), &slots, "{contest:?}");
        }
    }
}

/// BAL-74, THR-85: what is sealed, and what is said of it, does not depend on the order of display.
#[test]
fn the_order_of_display_changes_no_byte() {
    for (contest, seed) in every_kind().into_iter().zip(0..) {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let random = shuffled(contest.clone());
        assert_eq!(is_shuffled(&random), !matches!(contest.kind, ContestKind::Question { .. }));
        assert_eq!(random.relation(), contest.relation());
        let selection = any_selection(&contest, &mut rng);
        assert!(random.witness(&selection).unwrap() == contest.witness(&selection).unwrap());
        assert_eq!(in_words(&random, &selection), in_words(&contest, &selection));
        let listed = Shown::of(&contest, &mut rng);
        assert!(listed.options().eq(0..contest.options.len()));
        // Every draw has each part's options, in that part.
        for _ in 0..20 {
            let shown = Shown::of(&random, &mut rng);
            for (part, own) in shown.parts().iter().zip(contest.parts()) {
                let mut sorted = part.clone();
                sorted.sort_unstable();
                assert!(sorted.into_iter().eq(own));
            }
            for number in 1..=contest.options.len() {
                assert_eq!(shown.number(shown.option(number).unwrap()), Some(number));
            }
            assert_eq!((shown.option(0), shown.option(contest.options.len() + 1)), (None, None));
        }
    }
}

/// BAL-73, BAL-74, THR-85: numbers are those on the screen, which differ each time; the review and the second device say names.
#[test]
fn a_voter_sees_names_whatever_the_order() {
    let contests: Vec<Contest> = every_kind().into_iter().take(4).map(shuffled).collect();
    let all = (0..u32::try_from(contests.len()).unwrap()).collect();
    let desk =
        Desk::of(Options { contests: contests.clone(), units: vec![all], voters: vec![(0, 1)], ..Options::simple(1) });
    let shown = desk.at(&["show"], "").output;
    assert!(
        shown.contains("shown in random order") && shown.contains("-  Carl, the elder") && !shown.contains("1  Ada")
    );
    let ran = desk.cast(0, "2\n1\n3 1\n4\nseal\naudit\ncast\n");
    let events: Vec<Value> = ran.messages.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<&str> = events.iter().filter_map(|event| event["text"].as_str()).collect();
    let review = said.iter().position(|text| text.contains("Your ballot:")).unwrap();
    // What stood on the screen under the numbers typed: the first list of options, and so on.
    let listed: Vec<&str> = said.iter().filter(|text| text.starts_with("    ")).map(|text| text.trim()).collect();
    assert!(listed.iter().all(|line| line.starts_with(char::is_numeric) || line.starts_with('b')));
    let name = |lists: usize, number: &str| {
        let mut firsts = listed.iter().enumerate().filter(|(_, line)| line.starts_with("1 ")).map(|(at, _)| at);
        let own = &listed[firsts.nth(lists).unwrap()..];
        own.iter().find_map(|line| line.strip_prefix(number)).unwrap().trim().to_owned()
    };
    let mut several = [name(2, "3 "), name(2, "1 ")];
    several.sort();
    let expected = [vec![name(0, "2 ")], vec!["Ada".to_owned()], several.to_vec(), vec![name(3, "4 ")]];
    for ((contest, names), line) in contests.iter().zip(&expected).zip(&said[review + 1..]) {
        assert!(line.contains(&format!("{}: {}", contest.title, names.join(" | "))), "{line}");
    }
    let opened = events.iter().find(|event| event["event"] == "opened").unwrap();
    let (file, tracker) = (opened["file"].as_str().unwrap(), opened["tracker"].as_str().unwrap());
    let audited = desk.at(&["check-audit", file, "--tracker", tracker, "--json"], "").json();
    for (found, names) in audited["contests"].as_array().unwrap().iter().zip(&expected) {
        assert_eq!(found["words"], Value::from(vec![names.join(" | ")]));
        assert_eq!(found["selection"], Value::from(names.clone()));
    }
    ran.json();
}

/// A voter's answer to the questions of a contest that is shown as listed.
fn typed(contest: &Contest, selection: &Selection) -> String {
    let numbers = |options: &[usize]| match options {
        [] => "none\n".to_owned(),
        options => options.iter().map(|option| format!("{} ", option + 1)).collect::<String>() + "\n",
    };
    match (selection, &contest.kind) {
        (Selection::Blank, _) => "b\n".to_owned(),
        (Selection::List(list), _) => format!("LIST {}\n", list + 1),
        (Selection::Amounts(amounts), _) => {
            let given = amounts.iter().zip(1..).map(|(amount, number): (_, u32)| format!("{number}={amount}, "));
            given.collect::<String>() + "\ndone\n"
        }
        (Selection::Options(marked), ContestKind::Linked { questions }) => {
            let asked = questions.iter().zip(contest.parts()).filter(|(question, _)| {
                question.condition.is_none_or(|condition| marked.contains(&usize::try_from(condition).unwrap()))
            });
            let answers = |part: std::ops::Range<usize>| {
                let inside = marked.iter().filter(|option| part.contains(option)).map(|option| option - part.start);
                numbers(&inside.collect::<Vec<_>>())
            };
            asked.map(|(_, part)| answers(part)).collect()
        }
        (Selection::Options(options) | Selection::Ranking(options), _) => numbers(options),
    }
}

/// BAL-71: what a voter types in a contest of any kind is what the second device finds in the ballot.
#[test]
fn what_is_typed_is_what_is_sealed() {
    let contests = every_kind();
    let all: Vec<u32> = (0..u32::try_from(contests.len()).unwrap()).collect();
    let (first, second) = all.split_at(contests.len() / 2);
    let units = vec![first.to_vec(), second.to_vec()];
    let desk =
        Desk::of(Options { contests: contests.clone(), units, voters: vec![(0, 1), (1, 1)], ..Options::simple(2) });
    for (voter, style) in [first, second].into_iter().enumerate() {
        let mut rng = ChaCha20Rng::seed_from_u64(11 + u64::try_from(voter).unwrap());
        let own: Vec<&Contest> = style.iter().map(|index| &contests[usize::try_from(*index).unwrap()]).collect();
        let selections: Vec<Selection> = own.iter().map(|contest| any_selection(contest, &mut rng)).collect();
        let answers: String =
            own.iter().zip(&selections).map(|(contest, selection)| typed(contest, selection)).collect();
        let ran = desk.cast(voter, &(answers + "seal\naudit\ncast\n"));
        ran.json();
        let mut events = ran.messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let opened = events.find(|event| event["event"] == "opened").unwrap();
        let (file, tracker) = (opened["file"].as_str().unwrap(), opened["tracker"].as_str().unwrap());
        let audited = desk.at(&["check-audit", file, "--tracker", tracker, "--json"], "").json();
        let found = audited["contests"].as_array().unwrap();
        assert_eq!(found.len(), own.len());
        for ((contest, selection), found) in own.iter().zip(&selections).zip(found) {
            assert_eq!(found["words"], Value::from(in_words(contest, selection).to_vec()), "{contest:?}");
        }
    }
}

/// AUD-2: a published audit of every kind is taken; with one amount, place or mark changed it is not.
#[test]
fn published_audits_of_every_kind_hold_what_they_say() {
    let contests = every_kind();
    let mut letters = opened(contests.into_iter().skip(4).step_by(2).collect());
    let style: Vec<Contest> = letters.drill.options.contests.clone();
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let selections: Vec<Selection> = style.iter().map(|contest| any_selection(contest, &mut rng)).collect();
    let (_, opening) = letters.audited(0, &selections);
    for place in 0..style.len() {
        for change in [1, u64::from(u32::MAX), u64::MAX - 9] {
            let mut lie = inside(&opening);
            let value = &mut lie.openings[place].values[0];
            *value = value.wrapping_add(change);
            let pressed = signed_by_credential(&letters, 0, Body::AuditedBallot(lie).encode());
            assert_eq!(letters.refused(pressed), Rule::Aud2);
        }
    }
    let submission = published(&letters, 0, &opening).unwrap();
    letters.drill.apply(submission).unwrap();
}

/// BAL-75, THR-86: openings with other values than the sealed ones, of every size, are refused without a word about the choice.
#[test]
fn hostile_openings_are_refused() {
    let contests: Vec<Contest> = every_kind().into_iter().filter(|contest| contest.blank).collect();
    let mut letters = opened(contests.clone());
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let selections: Vec<Selection> = contests.iter().map(|contest| any_selection(contest, &mut rng)).collect();
    let (shown, opening) = letters.audited(0, &selections);
    let honest = inside(&opening);
    for (place, contest) in contests.iter().enumerate() {
        for value in [2, 49, 1000, u64::from(u32::MAX), 1 << 40, u64::MAX] {
            let mut lie = inside(&opening);
            let values = &mut lie.openings[place].values;
            let last = values.len() - 1;
            values[last] = value;
            let bytes = encode_opening(&letters, 0, &lie);
            let fault = check_audit(&bytes, &shown.into(), &letters.drill.election).unwrap_err();
            assert_eq!(fault, AuditFault::OpeningDiffers { contest: u32::try_from(place).unwrap() });
            values_that_nobody_has(contest, value);
        }
        let mut short = inside(&opening);
        short.openings[place].values.pop();
        let bytes = encode_opening(&letters, 0, &short);
        assert!(check_audit(&bytes, &shown.into(), &letters.drill.election).is_err());
    }
    let bytes = encode_opening(&letters, 0, &honest);
    assert_eq!(AuditOpening::decode(&bytes).unwrap(), opening);
    // A filled ballot of the wrong form is refused before anything is sealed.
    let session = letters.session(0);
    let ballot = filled(&session, &[]);
    assert!(ballot.check(0, &Selection::Ranking(vec![0])).is_err() && ballot.check(0, &Selection::List(0)).is_err());
}

/// BAL-61, BAL-75: no selection is guessed for values beyond a contest's.
fn values_that_nobody_has(contest: &Contest, value: u64) {
    let slots = contest.slots();
    for slot in 0..slots {
        let mut values = vec![0; slots];
        values[slot] = value;
        let allowed = contest.selection_of(&values);
        assert!(value <= contest.slot_maximum(slot) || allowed.is_none(), "{contest:?} {value}");
    }
    assert!(contest.selection_of(&vec![value; slots + 1]).is_none() && contest.selection_of(&[]).is_none());
}
