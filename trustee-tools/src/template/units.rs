//! The units of a template: districts, in the order in which small ones are merged.

use super::{
    Fault, Misfit, Template,
    contest::{ContestTable, Field},
    fault::nearest,
};
use protocol::manifest::Unit;
use serde::{Deserialize, Serialize};
use toml::Spanned;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitTable {
    pub(crate) name: String,
    /// Contests by title or by number; all of them if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contests: Option<Vec<Spanned<ContestName>>>,
    /// How many voters it has, as far as the authority knows: for the tool's warnings only. The manifest does not say it; the roll does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) voters: Field<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum ContestName {
    Title(String),
    /// From 1, in the template's order: for titles that occur twice.
    Number(u32),
}

impl std::fmt::Display for ContestName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Title(title) => write!(formatter, "{title:?}"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

impl Template {
    pub(super) fn made_units(&self) -> Result<Vec<Unit>, Fault> {
        let units = (1u32..)
            .zip(&self.units)
            .map(|(place, unit)| self.unit(unit).map_err(|fault| fault.inside(&format!("units[{place}]"))));
        units.collect()
    }

    fn unit(&self, unit: &UnitTable) -> Result<Unit, Fault> {
        let count = u32::try_from(self.contests.len()).unwrap_or(u32::MAX);
        let Some(names) = &unit.contests else {
            return Ok(Unit { name: unit.name.clone(), contests: (0..count).collect() });
        };
        let mut contests = Vec::with_capacity(names.len());
        for name in names {
            let is_named = |(place, contest): &(u32, &Spanned<ContestTable>)| match name.get_ref() {
                ContestName::Title(title) => contest.get_ref().title == *title,
                ContestName::Number(number) => place.checked_add(1) == Some(*number),
            };
            let mut named = (0u32..).zip(&self.contests).filter(is_named);
            match (named.next(), named.next()) {
                (Some((index, _)), None) => contests.push(index),
                (found, _) => {
                    let titles = self.contests.iter().map(|contest| contest.get_ref().title.as_str());
                    let nearest = match name.get_ref() {
                        ContestName::Title(title) if found.is_none() => nearest(title, titles),
                        _ => None,
                    };
                    let misfit = Misfit::NoContest { contest: name.get_ref().to_string(), nearest };
                    return Err(Fault::new(name.span(), "contests", misfit));
                }
            }
        }
        contests.sort_unstable();
        Ok(Unit { name: unit.name.clone(), contests })
    }

    /// The voters of each unit, where they are stated.
    pub(crate) fn voters(&self) -> Vec<Option<u32>> {
        self.units.iter().map(|unit| unit.voters.as_ref().map(|voters| *voters.get_ref())).collect()
    }

    /// The stated voters fit on the roll, and are all of it if every unit states them.
    pub(super) fn check_voters(&self) -> Result<(), Fault> {
        let stated: Vec<&Spanned<u32>> = self.units.iter().filter_map(|unit| unit.voters.as_ref()).collect();
        let sum = stated.iter().map(|voters| u64::from(*voters.get_ref())).fold(0, u64::saturating_add);
        let (roll, whole) = (self.roll_length, u64::from(self.roll_length));
        let fits = if stated.len() == self.units.len() { sum == whole } else { sum <= whole };
        match stated.last() {
            Some(last) if !fits => Err(Fault::new(last.span(), "units.voters", Misfit::Voters { sum, roll })),
            _ => Ok(()),
        }
    }
}
