//! Lists of voters as CSV: the one a registrar is given, and the private map from person to roll index that comes of it.

use crate::registrar::RollPlace;
use protocol::Manifest;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io};

/// One line of the list given: `person,unit,weight`. The unit is named as in the manifest; without a weight it is 1.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct VoterLine {
    person: String,
    unit: String,
    #[serde(default)]
    weight: Option<u32>,
}

/// One line of the private map: `index,person,unit,weight`, in the order of the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapLine {
    index: u32,
    person: String,
    unit: String,
    weight: u32,
}

/// A voter as the registrars know one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Whatever names the person for the registrar; it never leaves the map and the letters.
    pub person: String,
    /// What the roll says.
    pub place: RollPlace,
}

/// Why a list is refused, with the line, counted from 1.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct ListError {
    /// The line of the file, counted from 1; the header is line 1.
    pub line: u64,
    /// What is wrong with it.
    pub fault: ListFault,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum ListFault {
    /// Not the CSV asked for.
    #[error("{0}")]
    Csv(csv::Error),
    /// A person without a name.
    #[error("no person is named")]
    Nobody,
    /// A person of an earlier line.
    #[error("{person:?} stands in line {first} already")]
    Twice {
        /// The person.
        person: String,
        /// The earlier line.
        first: u64,
    },
    /// A unit that the manifest does not have.
    #[error("the manifest has no unit {0:?}")]
    Unit(String),
    /// A weight that the manifest does not allow.
    #[error("weight {found} is not within 1 to {largest}")]
    Weight {
        /// The weight.
        found: u32,
        /// The manifest's largest.
        largest: u32,
    },
    /// A map whose lines are not in the order of the roll.
    #[error("roll index {found} stands where {expected} belongs")]
    Index {
        /// The line's place.
        expected: u32,
        /// The index it bears.
        found: u32,
    },
}

/// Reads a list of voters, in its own order.
///
/// # Errors
/// [`ListError`] with the first line that is wrong.
pub fn read_list(reader: impl io::Read, manifest: &Manifest) -> Result<Vec<Voter>, ListError> {
    let mut checks = Checks::new(manifest);
    lines(reader, |line, read: VoterLine| checks.voter(line, read.person, &read.unit, read.weight.unwrap_or(1)))
}

/// Reads a private map, which is in the order of the roll.
///
/// # Errors
/// [`ListError`] with the first line that is wrong.
pub fn read_map(reader: impl io::Read, manifest: &Manifest) -> Result<Vec<Voter>, ListError> {
    let mut checks = Checks::new(manifest);
    let mut expected = 0u32;
    lines(reader, |line, read: MapLine| {
        if read.index != expected {
            return Err(ListError { line, fault: ListFault::Index { expected, found: read.index } });
        }
        expected = expected.saturating_add(1);
        checks.voter(line, read.person, &read.unit, read.weight)
    })
}

/// Writes the private map of voters in the order of the roll.
///
/// # Errors
/// What the writer refuses.
pub fn write_map(voters: &[Voter], manifest: &Manifest, writer: impl io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(writer);
    for (voter, index) in voters.iter().zip(0u32..) {
        let unit = usize::try_from(voter.place.unit).ok().and_then(|unit| manifest.units.get(unit));
        let unit = unit.map_or(String::new(), |unit| unit.name.clone());
        let line = MapLine { index, person: voter.person.clone(), unit, weight: voter.place.weight };
        writer.serialize(line)?;
    }
    writer.flush()?;
    Ok(())
}

fn lines<T: for<'a> Deserialize<'a>>(
    reader: impl io::Read,
    mut take: impl FnMut(u64, T) -> Result<Voter, ListError>,
) -> Result<Vec<Voter>, ListError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader);
    let refuse = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        ListError { line, fault: ListFault::Csv(error) }
    };
    let headers = reader.headers().map_err(refuse)?.clone();
    let mut voters = Vec::new();
    for record in reader.records() {
        let record = record.map_err(refuse)?;
        let line = record.position().map_or(0, csv::Position::line);
        let read = record.deserialize(Some(&headers)).map_err(refuse)?;
        voters.push(take(line, read)?);
    }
    Ok(voters)
}

/// What every list is checked for.
struct Checks<'a> {
    units: BTreeMap<&'a str, u32>,
    largest: u32,
    seen: BTreeMap<String, u64>,
}

impl<'a> Checks<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        let units = manifest.units.iter().zip(0u32..).map(|(unit, index)| (unit.name.as_str(), index));
        Self { units: units.collect(), largest: manifest.largest_weight, seen: BTreeMap::new() }
    }

    fn voter(&mut self, line: u64, person: String, unit: &str, weight: u32) -> Result<Voter, ListError> {
        let refuse = |fault| Err(ListError { line, fault });
        if person.is_empty() {
            return refuse(ListFault::Nobody);
        }
        if let Some(first) = self.seen.insert(person.clone(), line) {
            return refuse(ListFault::Twice { person, first });
        }
        let Some(unit) = self.units.get(unit).copied() else { return refuse(ListFault::Unit(unit.to_owned())) };
        if !(1..=self.largest).contains(&weight) {
            return refuse(ListFault::Weight { found: weight, largest: self.largest });
        }
        Ok(Voter { person, place: RollPlace { unit, weight } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Officials, rng};

    fn manifest() -> Manifest {
        Officials::generate(2, &mut rng(2)).manifest(1, 3, &mut rng(2))
    }

    fn refusal(text: &str) -> String {
        read_list(text.as_bytes(), &manifest()).unwrap_err().to_string()
    }

    #[test]
    fn lists_and_maps_come_back() {
        let manifest = manifest();
        let list = "person,unit,weight\nAda L., Ward 1 ,2\n\"Bo, Jr.\",Ward 1,\n";
        let voters = read_list(list.as_bytes(), &manifest).unwrap();
        assert_eq!(voters[1], Voter { person: "Bo, Jr.".to_owned(), place: RollPlace { unit: 0, weight: 1 } });
        assert_eq!(read_list("person,unit\nAda,Ward 1\n".as_bytes(), &manifest).unwrap().len(), 1);
        let mut map = Vec::new();
        write_map(&voters, &manifest, &mut map).unwrap();
        assert_eq!(String::from_utf8(map.clone()).unwrap().lines().nth(2), Some("1,\"Bo, Jr.\",Ward 1,1"));
        assert_eq!(read_map(map.as_slice(), &manifest).unwrap(), voters);
    }

    #[test]
    fn errors_name_the_line() {
        assert_eq!(refusal("person,unit\nAda,Ward 1\nBo,Ward 9\n"), "line 3: the manifest has no unit \"Ward 9\"");
        assert_eq!(refusal("person,unit,weight\nAda,Ward 1,1\nBo,Ward 1,3\n"), "line 3: weight 3 is not within 1 to 2");
        assert_eq!(
            refusal("person,unit\nAda,Ward 1\n\"B\no\",Ward 1\nAda,Ward 1\n"),
            "line 5: \"Ada\" stands in line 2 already"
        );
        assert_eq!(refusal("person,unit\n,Ward 1\n"), "line 2: no person is named");
        assert!(refusal("person,unit\nAda,Ward 1\nBo\n").starts_with("line 3: "));
        assert!(refusal("person,unit,weight\nAda,Ward 1,-1\n").starts_with("line 2: "));
        assert!(refusal("name,unit\nAda,Ward 1\n").starts_with("line 2: "));
        assert!(refusal("person,unit\nAda,Ward 1\n\u{0}\n").starts_with("line 3: "));
        let shuffled = "index,person,unit,weight\n0,Ada,Ward 1,1\n2,Bo,Ward 1,1\n";
        let refused = read_map(shuffled.as_bytes(), &manifest()).unwrap_err();
        assert_eq!(refused.to_string(), "line 3: roll index 2 stands where 1 belongs");
    }
}
