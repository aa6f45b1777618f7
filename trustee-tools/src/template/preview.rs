//! What contests and units come to before anybody votes (MAN-33): sizes, the units that will be counted together, and in plain words what
//! their numbers tell about voters.

use super::{PagesPreview, Template};
use crate::guide::wording::{count, listed};
use protocol::{
    Contest, ContestKind,
    body::MAXIMUM_BODY,
    election::{TOTAL_BOUND, merged},
    manifest::Unit,
};
use serde::Serialize;
use std::fmt;

/// Totals of fewer ballots than this tell much of each of them.
const FEW: u32 = 5;
/// Amounts of fewer ballots than this are told apart in their sum.
const FEW_AMOUNTS: u64 = 20;

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The contests, in order.
    pub contests: Vec<ContestSize>,
    /// The units, in order.
    pub units: Vec<UnitSize>,
    /// For each contest the units that are counted together if everybody votes; empty if not every unit's voters are stated.
    pub groups: Vec<Groups>,
    /// The pages for browsers, if any are wanted.
    pub pages: Option<PagesPreview>,
    /// What to think about before anything is sent.
    pub warnings: Vec<String>,
}

/// What a contest comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContestSize {
    /// Its title.
    pub contest: String,
    /// What may be marked.
    pub rule: String,
    /// K.
    pub slots: usize,
    /// Of the sealed contest in every ballot (BAL-3).
    pub bytes: usize,
    /// How values above 1 are proved: `bits` or `range proof` (BAL-60).
    pub proof: &'static str,
}

/// What a ballot of a unit comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitSize {
    /// Its name.
    pub unit: String,
    /// Numbers of its contests, from 1.
    pub contests: Vec<u32>,
    /// Of the sealed contests of a ballot together.
    pub ballot: usize,
    /// Of a ballot with its audit (MAN-8).
    pub largest: usize,
    /// Whether that fits.
    pub fits: bool,
}

/// Who is counted with whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Groups {
    /// The contest's title.
    pub contest: String,
    /// Names of units that are counted together, and how many voters they have.
    pub groups: Vec<(Vec<String>, u64)>,
}

/// The numbers of an election that a preview needs.
struct Numbers<'a> {
    contests: &'a [Contest],
    units: &'a [Unit],
    voters: &'a [Option<u32>],
    roll_length: u32,
    largest_weight: u32,
    minimum_unit: u32,
    small_tally: bool,
}

impl Template {
    /// MAN-33: what this template's contests and units come to.
    ///
    /// # Errors
    /// [`super::TemplateError`], for a template that was not read from a text.
    pub fn preview(&self) -> Result<Preview, super::TemplateError> {
        let (contests, units) = self.papers()?;
        let numbers = Numbers {
            contests: &contests,
            units: &units,
            voters: &self.voters(),
            roll_length: self.roll_length,
            largest_weight: self.largest_weight,
            minimum_unit: self.minimum_unit,
            small_tally: self.waivers.contains(&super::WaiverName::SmallTally),
        };
        Ok(Preview { pages: PagesPreview::of(self), ..Preview::of(&numbers) })
    }
}

impl Preview {
    fn of(numbers: &Numbers<'_>) -> Self {
        let contests: Vec<ContestSize> = numbers.contests.iter().map(contest_size).collect();
        let units = numbers.units.iter().map(|unit| unit_size(unit, numbers.contests, &contests)).collect();
        let groups = groups(numbers);
        let mut preview = Self { contests, units, groups, pages: None, warnings: Vec::new() };
        preview.warnings = preview.warnings(numbers);
        preview
    }

    fn warnings(&self, numbers: &Numbers<'_>) -> Vec<String> {
        let mut warnings = Vec::new();
        let too_long = self.units.iter().filter(|unit| !unit.fits);
        warnings.extend(too_long.map(|unit| {
            format!(
                "a ballot of unit {:?} with its audit would have {} bytes, and at most {MAXIMUM_BODY} fit (MAN-8): the record refuses this manifest. Ask \
                 less of one ballot, or divide it into two elections",
                unit.unit, unit.largest
            )
        }));
        if numbers.largest_weight > 1 {
            warnings.push(format!(
                "weights up to {}: totals are sums of weights, and sums can be solved for who voted how. With the weights 1, 1, 1 and 50, an option whose \
                 total is 51 has the vote of the owner of 50 and of one other; a weight that nobody else has, and no others sum up to, tells how its owner voted. Everybody \
                 can compute this from the roll and the result, for ever. Give equal weights where you can, and coarse ones (1, 2, 5) otherwise",
                numbers.largest_weight
            ));
        }
        if numbers.minimum_unit < FEW {
            warnings.push(format!(
                "minimum_unit = {}: totals of so few ballots are published, and where all of them agree, or all but one's own, they tell how each voted. Better 20, \
                 and at least {FEW}",
                numbers.minimum_unit
            ));
        }
        if numbers.small_tally {
            warnings.push("the waiver small-tally: even if only one ballot is cast in all units of a contest, its total, which is that ballot, is published".to_owned());
        }
        warnings.extend(small_units(numbers));
        warnings.extend(self.merged_units());
        warnings.extend(amounts(numbers));
        let voters = u64::from(numbers.roll_length).saturating_mul(numbers.largest_weight.into());
        let near = numbers.contests.iter().filter(|contest| {
            let highest = contest.slot_maxima().into_iter().max().unwrap_or(0);
            voters.saturating_mul(highest) >= TOTAL_BOUND / 16
        });
        warnings.extend(near.map(|contest| {
            format!(
                "the totals of {:?} come near the bound of 2^40 (MAN-7): whoever publishes results then searches for seconds and needs some hundred MiB",
                contest.title
            )
        }));
        warnings
    }

    /// What the plan says, where units are merged even if everybody votes.
    fn merged_units(&self) -> Vec<String> {
        let plan = |groups: &Groups| {
            let together = groups.groups.iter().filter(|(units, _)| units.len() > 1);
            together
                .map(|(units, voters)| {
                    format!(
                        "{:?}: even if everybody votes, the units {} are counted together ({}), for each of them alone is too small. This is decided now, by the order \
                         of the units and minimum_unit in the manifest, and nobody can choose it later",
                        groups.contest,
                        listed(&units.iter().map(|unit| format!("{unit:?}")).collect::<Vec<_>>()),
                        count(*voters, "voter")
                    )
                })
                .collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(plan).collect()
    }
}

fn contest_size(contest: &Contest) -> ContestSize {
    let relation = contest.relation().ok();
    ContestSize {
        contest: contest.title.clone(),
        rule: contest.rule_in_words(),
        slots: contest.slots(),
        bytes: relation.as_ref().map_or(usize::MAX, crypto::relation::Relation::sealed_len),
        proof: if relation.is_some_and(|relation| !relation.wide().is_empty()) { "range proof" } else { "bits" },
    }
}

fn unit_size(unit: &Unit, contests: &[Contest], sizes: &[ContestSize]) -> UnitSize {
    let chosen = unit.contests.iter().filter_map(|contest| {
        let place = usize::try_from(*contest).ok()?;
        Some((contests.get(place)?, sizes.get(place)?))
    });
    let (mut ballot, mut largest) = (0usize, 200usize);
    for (contest, size) in chosen {
        let values = contest.slot_maxima().into_iter().map(minicbor::len).fold(0, usize::saturating_add);
        ballot = ballot.saturating_add(size.bytes);
        largest = largest.saturating_add(size.bytes).saturating_add(values).saturating_add(50);
    }
    let numbers = unit.contests.iter().map(|contest| contest.saturating_add(1)).collect();
    UnitSize { unit: unit.name.clone(), contests: numbers, ballot, largest, fits: largest <= MAXIMUM_BODY }
}

/// TAL-8 with every voter's ballot counted.
fn groups(numbers: &Numbers<'_>) -> Vec<Groups> {
    let Some(voters) = numbers.voters.iter().copied().collect::<Option<Vec<u32>>>() else { return Vec::new() };
    let of_contest = |(index, contest): (u32, &Contest)| {
        let units =
            (0u32..).zip(numbers.units.iter().zip(&voters)).filter(|(_, (unit, _))| unit.contests.contains(&index));
        let groups = merged(units.map(|(place, (_, voters))| (place, u64::from(*voters))), numbers.minimum_unit.into());
        let named = groups.into_iter().map(|(units, voters)| {
            let name = |place: &u32| usize::try_from(*place).ok().and_then(|place| numbers.units.get(place));
            (units.iter().filter_map(name).map(|unit| unit.name.clone()).collect(), voters)
        });
        Groups { contest: contest.title.clone(), groups: named.collect() }
    };
    (0u32..).zip(numbers.contests).map(of_contest).collect()
}

/// Units that will be merged, or may be.
fn small_units(numbers: &Numbers<'_>) -> Vec<String> {
    let minimum = u64::from(numbers.minimum_unit);
    if u64::from(numbers.roll_length) < minimum {
        return vec![format!(
            "the roll has {}, fewer than minimum_unit = {minimum}: every total would be withheld (TAL-12)",
            count(numbers.roll_length.into(), "voter")
        )];
    }
    if numbers.units.len() < 2 {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    if numbers.voters.iter().any(Option::is_none) {
        warnings.push(format!(
            "units with fewer than {minimum} counted ballots are counted together with the next unit in the manifest's order. Which ones cannot be told here, \
             for their voters are not stated: give `voters` for each unit in the template"
        ));
    }
    let last = numbers.units.len().saturating_sub(1);
    for (place, (unit, voters)) in numbers.units.iter().zip(numbers.voters).enumerate() {
        let Some(voters) = voters.map(u64::from).filter(|voters| (minimum..minimum.saturating_mul(2)).contains(voters))
        else {
            continue;
        };
        let neighbour = if place < last { place.saturating_add(1) } else { place.saturating_sub(1) };
        let neighbour = numbers.units.get(neighbour).map_or("", |unit| unit.name.as_str());
        warnings.push(format!(
            "unit {:?} has {}: if fewer than {minimum} of them vote, their ballots are counted together with those of its neighbour, such as {neighbour:?}, and the unit has \
             no totals of its own",
            unit.name,
            count(voters, "voter")
        ));
    }
    warnings
}

/// Amounts in small groups.
fn amounts(numbers: &Numbers<'_>) -> Vec<String> {
    if u64::from(numbers.minimum_unit) >= FEW_AMOUNTS {
        return Vec::new();
    }
    let told = numbers.contests.iter().filter(|contest| {
        matches!(contest.kind, ContestKind::Budget { .. }) && contest.slot_maxima().into_iter().any(|most| most > 100)
    });
    told.map(|contest| {
        format!(
            "{:?}: amounts tell more than marks do. In a total of few ballots an amount that only one voter would give can be seen (of 3 ballots with 500, 500 and 1,337 the \
             sum is 2,337), and totals of {} may be published here. Take a larger step, a larger minimum_unit, or one unit for all",
            contest.title,
            count(numbers.minimum_unit.into(), "ballot")
        )
    })
    .collect()
}

impl fmt::Display for Preview {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = self.contests.iter().map(|size| size.contest.chars().count()).max().unwrap_or(0).clamp(7, 40);
        let rules = self.contests.iter().map(|size| size.rule.chars().count()).max().unwrap_or(0).max(4);
        writeln!(formatter, "   {:titles$}  {:rules$}  slots  bytes  proof", "contest", "kind")?;
        for (number, size) in (1u32..).zip(&self.contests) {
            let ContestSize { contest, rule, slots, bytes, proof } = size;
            writeln!(formatter, "{number:>2} {contest:titles$}  {rule:rules$}  {slots:>5}  {bytes:>5}  {proof}")?;
        }
        for UnitSize { unit, contests, ballot, largest, fits } in &self.units {
            let numbers: Vec<String> = contests.iter().map(u32::to_string).collect();
            let fits = if *fits { "fits" } else { "DOES NOT FIT" };
            writeln!(
                formatter,
                "Unit {unit:?}: contests {}; {ballot} bytes of sealed contests in every ballot, {largest} of {MAXIMUM_BODY} with an audit: {fits}",
                numbers.join(", ")
            )?;
        }
        for Groups { contest, groups } in &self.groups {
            let group = |(units, voters): &(Vec<String>, u64)| format!("{} ({voters})", units.join(" + "));
            let groups: Vec<String> = groups.iter().map(group).collect();
            writeln!(formatter, "If everybody votes, {contest:?} is counted in: {}", groups.join("; "))?;
        }
        match &self.pages {
            Some(pages) => writeln!(formatter, "Pages for browsers: {pages}"),
            None => writeln!(formatter, "Pages for browsers: none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::EXAMPLE;

    fn of(text: &str) -> Preview {
        Template::parse(text).unwrap().preview().unwrap()
    }

    /// MAN-33: the table has what the compiler gives.
    #[test]
    fn sizes_are_those_of_the_compiled_contests() {
        let preview = of(EXAMPLE);
        let [mayor, committee] = preview.contests.as_slice() else { panic!("{preview:?}") };
        assert_eq!((mayor.slots, mayor.bytes, mayor.proof), (3, 32 * (3 + 3 + 7), "bits"));
        assert_eq!((committee.slots, committee.bytes), (3, 32 * (3 + 5 + 7)));
        let north = preview.units.first().unwrap();
        assert_eq!((north.ballot, north.largest, north.fits), (416 + 480, 200 + 416 + 3 + 50 + 480 + 3 + 50, true));
        assert_eq!(preview.warnings, [""; 0]);
        assert_eq!(preview.groups.first().unwrap().groups.len(), 2);
        let text = preview.to_string();
        assert!(text.contains(" 1 Mayor      choose one of 2, or blank"), "{text}");
        assert!(text.contains("If everybody votes, \"Mayor\" is counted in: North (700); South (500)"), "{text}");
    }

    /// MAN-33: what tells about voters is said, and only then.
    #[test]
    fn what_tells_about_voters_is_said() {
        let changed = |from: &str, to: &str| {
            assert!(EXAMPLE.contains(from), "{from}");
            of(&EXAMPLE.replacen(from, to, 1)).warnings
        };
        assert!(changed("largest_weight = 1 ", "largest_weight = 50 ").concat().contains("sums can be solved"));
        assert!(
            changed("minimum_unit = 20 ", "minimum_unit = 4 ")
                .concat()
                .starts_with("minimum_unit = 4: totals of so few")
        );
        assert!(changed("waivers = []", "waivers = [\"small-tally\"]").concat().starts_with("the waiver small-tally"));
        assert!(changed("voters = 700 ", "# ").concat().contains("their voters are not stated"));
        assert!(
            changed("minimum_unit = 20 ", "minimum_unit = 1201 ").concat().contains("every total would be withheld")
        );
        let near = changed("minimum_unit = 20 ", "minimum_unit = 300 ").concat();
        assert!(
            near.contains("unit \"South\" has 500 voters: if fewer than 300 of them vote")
                && near.contains("such as \"North\"")
        );
        let merged = EXAMPLE.replacen("voters = 700 ", "voters = 1190 ", 1).replacen("voters = 500", "voters = 10", 1);
        let merged = of(&merged);
        assert_eq!(merged.groups.first().unwrap().groups, [(vec!["North".to_owned(), "South".to_owned()], 1200)]);
        assert!(
            merged
                .warnings
                .concat()
                .contains("even if everybody votes, the units \"North\" and \"South\" are counted together")
        );
        let budget = |minimum: &str| {
            let text =
                EXAMPLE.replacen("kind = \"choose-one\" ", "kind = \"budget\"\ncurrency = \"EUR\"\npot = 50000 #", 1);
            of(&text.replacen("minimum_unit = 20 ", minimum, 1)).warnings.concat()
        };
        assert!(budget("minimum_unit = 10 ").contains("amounts tell more than marks do"));
        assert!(!budget("minimum_unit = 20 ").contains("amounts tell more"));
        let options: Vec<String> = (1..=22).map(|option| format!("\"Option {option}\"")).collect();
        let long = EXAMPLE.replacen("kind = \"choose-one\" ", "kind = \"pairwise\"\ncomplete = true #", 1).replacen(
            "[\"Ada Lovelace\", \"Charles Babbage\"]",
            &format!("[{}]", options.join(", ")),
            1,
        );
        assert!(of(&long).warnings.concat().contains("the record refuses this manifest"));
    }
}
