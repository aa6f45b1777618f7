//! VER-12: what every ballot obeys, added up. Where a sum breaks what no ballot may break, some check before was wrong. Written from the
//! meaning of the slots, without the compiler of contests.

use protocol::{
    Contest, ContestKind,
    contest::{LinkedQuestion, List},
};
use std::ops::RangeInclusive;

/// What was expected, and what was found.
type Doubt = (String, String);

/// VER-12 for the totals of ballots of this weight.
pub(super) fn plausible(contest: &Contest, weight: u64, totals: &[u64]) -> Result<(), Doubt> {
    let blank = contest.blank_slot().and_then(|slot| totals.get(slot)).copied().unwrap_or(0);
    let base = weight.checked_sub(blank).ok_or_else(|| (format!("at most {weight} blank"), blank.to_string()))?;
    let slots = totals.len().saturating_sub(usize::from(contest.blank));
    let totals = totals.get(..slots).unwrap_or(totals);
    for (slot, total) in totals.iter().enumerate() {
        within("a slot", *total, &(0..=base.saturating_mul(contest.slot_maximum(slot))))?;
    }
    let options = totals.get(..contest.options.len()).unwrap_or(totals);
    let times = |count: u32| base.saturating_mul(count.into());
    match &contest.kind {
        ContestKind::ChooseOne | ContestKind::Question { .. } => within("all options", sum(options), &(base..=base)),
        ContestKind::Choose { minimum, maximum } => {
            within("all options", sum(options), &(times(*minimum)..=times(*maximum)))
        }
        ContestKind::Score { .. } => Ok(()),
        ContestKind::Cumulative { points, exactly, .. } => {
            let least = if *exactly { times(*points) } else { 0 };
            within("all options", sum(options), &(least..=times(*points)))
        }
        ContestKind::Budget { pot, step, .. } => {
            within("all projects", sum(options), &(0..=times(pot.checked_div(*step).unwrap_or(0))))
        }
        ContestKind::Positional { minimum, .. } => places(contest.options.len(), *minimum, base, totals),
        ContestKind::Pairwise { complete, .. } => comparisons(contest.options.len(), *complete, base, totals),
        ContestKind::Lists { minimum, maximum, lists, .. } => {
            of_lists(options, totals.get(options.len()..).unwrap_or(&[]), lists, (*minimum, *maximum), base)
        }
        ContestKind::Linked { questions } => linked(options, questions, base),
    }
}

fn sum(totals: &[u64]) -> u64 {
    totals.iter().fold(0u64, |sum, total| sum.saturating_add(*total))
}

fn within(what: &str, found: u64, range: &RangeInclusive<u64>) -> Result<(), Doubt> {
    let (least, most) = (range.start(), range.end());
    if range.contains(&found) {
        return Ok(());
    }
    let expected = match (*least, least == most) {
        (_, true) => format!("{most} for {what}"),
        (0, _) => format!("at most {most} for {what}"),
        _ => format!("{least} to {most} for {what}"),
    };
    Err((expected, found.to_string()))
}

/// The first places are filled by all, the others by ever fewer; and no ballot ranks an option twice.
fn places(options: usize, minimum: u32, base: u64, totals: &[u64]) -> Result<(), Doubt> {
    let mut before = base;
    for (place, row) in (1u32..).zip(totals.chunks(options.max(1))) {
        let least = if place <= minimum { before } else { 0 };
        let filled = sum(row);
        within(&format!("place {place}"), filled, &(least..=before))?;
        before = filled;
    }
    for option in 0..options {
        let ranked: Vec<u64> = totals.iter().skip(option).step_by(options.max(1)).copied().collect();
        within("all places of an option", sum(&ranked), &(0..=base))?;
    }
    Ok(())
}

/// Of two options at most one is before the other; and who is before a third is before some second, or the second before the third.
fn comparisons(options: usize, complete: bool, base: u64, totals: &[u64]) -> Result<(), Doubt> {
    let mut matrix = vec![vec![0u64; options]; options];
    let mut totals = totals.iter();
    for a in 0..options {
        for b in (0..options).filter(|b| if complete { a < *b } else { a != *b }) {
            let total = totals.next().copied().unwrap_or(0);
            set(&mut matrix, a, b, total);
            if complete {
                set(&mut matrix, b, a, base.saturating_sub(total));
            }
        }
    }
    let at = |a: usize, b: usize| matrix.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
    for (a, b) in (0..options).flat_map(|a| (0..options).map(move |b| (a, b))).filter(|(a, b)| a != b) {
        within("two options", at(a, b).saturating_add(at(b, a)), &(0..=base))?;
        for c in (0..options).filter(|c| *c != a && *c != b) {
            within("one option before another", at(a, c), &(0..=at(a, b).saturating_add(at(b, c))))?;
        }
    }
    Ok(())
}

fn set(matrix: &mut [Vec<u64>], row: usize, column: usize, value: u64) {
    if let Some(cell) = matrix.get_mut(row).and_then(|row| row.get_mut(column)) {
        *cell = value;
    }
}

/// Who marks a whole list marks nothing else; the others keep to the limits.
fn of_lists(options: &[u64], whole: &[u64], lists: &[List], marks: (u32, u32), base: u64) -> Result<(), Doubt> {
    let whole = sum(whole);
    within("whole lists", whole, &(0..=base))?;
    let single = base.saturating_sub(whole);
    let times = |count: u32| single.saturating_mul(count.into());
    within("all candidates", sum(options), &(times(marks.0)..=times(marks.1)))?;
    let mut rest = options;
    for list in lists {
        let (own, others) = rest.split_at_checked(length(list.options)).unwrap_or((rest, &[]));
        within("a list's candidates", sum(own), &(0..=times(list.limit)))?;
        rest = others;
    }
    Ok(())
}

/// A question is answered by all or, with a condition, by those who marked it.
fn linked(options: &[u64], questions: &[LinkedQuestion], base: u64) -> Result<(), Doubt> {
    let mut rest = options;
    for question in questions {
        let (own, others) = rest.split_at_checked(length(question.options)).unwrap_or((rest, &[]));
        let asked = question.condition.map_or(base, |option| options.get(length(option)).copied().unwrap_or(0));
        let times = |count: u32| asked.saturating_mul(count.into());
        within("a question's answers", sum(own), &(times(question.minimum)..=times(question.maximum)))?;
        for answer in own {
            within("an answer", *answer, &(0..=asked))?;
        }
        rest = others;
    }
    Ok(())
}

fn length(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::contest::{CondorcetMethod, SeatRule};

    fn holds(kind: ContestKind, options: usize, blank: bool, weight: u64, totals: &[u64]) -> bool {
        let contest = Contest::new("C", kind, vec![String::new(); options], blank);
        plausible(&contest, weight, totals).is_ok()
    }

    #[test]
    fn marks_add_up() {
        let one = |totals: &[u64]| holds(ContestKind::ChooseOne, 2, true, 5, totals);
        assert!(one(&[2, 3, 0]) && one(&[0, 0, 5]));
        assert!(!one(&[2, 2, 0]) && !one(&[2, 4, 0]) && !one(&[6, 0, 0]) && !one(&[0, 0, 6]));
        let two = |totals: &[u64]| holds(ContestKind::Choose { minimum: 1, maximum: 2 }, 3, true, 5, totals);
        assert!(two(&[4, 4, 0, 1]) && two(&[4, 0, 0, 1]));
        assert!(!two(&[4, 4, 1, 1]), "nine marks of four ballots");
        assert!(!two(&[3, 0, 0, 1]), "three marks of four ballots");
        assert!(!two(&[5, 0, 0, 1]), "a blank ballot marks nothing");
    }

    #[test]
    fn points_and_amounts_add_up() {
        let score = |totals: &[u64]| holds(ContestKind::Score { top: 4 }, 2, false, 5, totals);
        assert!(score(&[20, 0]) && !score(&[21, 0]));
        let points = |exactly, totals: &[u64]| {
            holds(ContestKind::Cumulative { points: 6, most: 4, exactly }, 3, false, 5, totals)
        };
        assert!(points(true, &[20, 10, 0]) && !points(true, &[20, 9, 0]) && points(false, &[20, 9, 0]));
        assert!(!points(false, &[20, 11, 0]) && !points(false, &[21, 0, 0]));
        let budget = |totals: &[u64]| {
            holds(ContestKind::Budget { currency: "EUR".into(), pot: 100, step: 10 }, 2, true, 3, totals)
        };
        assert!(budget(&[10, 10, 1]) && !budget(&[11, 10, 1]) && !budget(&[21, 0, 1]));
    }

    #[test]
    fn rankings_add_up() {
        let places = |minimum, totals: &[u64]| {
            holds(ContestKind::Positional { minimum, points: vec![2, 1] }, 3, false, 4, totals)
        };
        assert!(places(1, &[2, 1, 1, 0, 3, 0]) && places(2, &[2, 1, 1, 1, 3, 0]));
        assert!(!places(1, &[2, 1, 0, 0, 0, 0]), "somebody left the first place empty");
        assert!(!places(2, &[2, 1, 1, 0, 3, 0]));
        assert!(!places(0, &[1, 1, 0, 1, 1, 1]), "more second places than first ones");
        assert!(!places(0, &[4, 0, 0, 1, 0, 0]), "an option at two places");
        let kind = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
        let complete = |totals: &[u64]| holds(kind(true), 3, false, 3, totals);
        assert!(complete(&[2, 1, 2]) && complete(&[3, 3, 3]) && complete(&[0, 0, 3]));
        assert!(!complete(&[3, 0, 3]), "everybody in a circle");
        assert!(!complete(&[0, 3, 0]) && !complete(&[4, 3, 3]));
        let partly = |totals: &[u64]| holds(kind(false), 3, false, 3, totals);
        assert!(partly(&[1, 1, 1, 1, 0, 0]) && partly(&[0; 6]));
        assert!(!partly(&[2, 2, 2, 0, 0, 0]), "four comparisons of three ballots");
        assert!(!partly(&[0, 2, 0, 0, 0, 0]), "before the third, but the second is nowhere");
    }

    #[test]
    fn lists_and_questions_add_up() {
        let list = |name: &str| List { name: name.into(), options: 2, limit: 1 };
        let lists = || vec![list("X"), list("Y")];
        let of = |totals: &[u64]| {
            let kind =
                ContestKind::Lists { minimum: 1, maximum: 2, whole: true, seats: SeatRule::DHondt, lists: lists() };
            holds(kind, 4, true, 6, totals)
        };
        assert!(of(&[2, 1, 1, 1, 1, 1, 1]) && of(&[0, 0, 0, 0, 5, 0, 1]));
        assert!(!of(&[2, 2, 1, 1, 1, 1, 1]), "four of a list, by three ballots");
        assert!(!of(&[1, 0, 0, 0, 1, 1, 1]), "one mark of three ballots");
        assert!(!of(&[0, 0, 0, 0, 4, 2, 1]), "six lists of five ballots");
        let question = |condition| LinkedQuestion { title: "Q".into(), options: 2, minimum: 1, maximum: 1, condition };
        let linked = |totals: &[u64]| {
            holds(ContestKind::Linked { questions: vec![question(None), question(Some(0))] }, 4, true, 5, totals)
        };
        assert!(
            linked(&[3, 1, 1, 2, 1])
                && !linked(&[3, 1, 1, 1, 1])
                && !linked(&[3, 1, 4, 0, 1])
                && !linked(&[3, 2, 1, 2, 1])
        );
    }
}
