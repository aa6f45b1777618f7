//! Lists of voters as CSV: the one a registrar is given, and the private map from person to roll index that comes of it (ROL-10).

mod fault;
mod table;

pub use fault::{ListError, ListFault, MOST_FAULTS};

use crate::{carry::FileFingerprint, registrar::RollPlace};
use crypto::hash::{Tag, TaggedHash};
use fault::Faults;
use protocol::{Manifest, election::RollState, ids::ElectionFingerprint};
use std::{collections::BTreeMap, io};
use table::{Column, Row};
use unicode_normalization::UnicodeNormalization as _;

/// Longest name of a person, in bytes.
const LONGEST_PERSON: usize = 400;
/// Longest contact, in bytes.
const LONGEST_CONTACT: usize = 400;
/// A unit's name is called near if at least this much of it is the same.
const NEAR: f64 = 0.5;

/// The columns of the list given, in any order. Without a weight it is 1; a contact is printed on the letter.
const LIST: [Column; 4] = [
    Column { name: "person", needed: true },
    Column { name: "unit", needed: true },
    Column { name: "weight", needed: false },
    Column { name: "contact", needed: false },
];
/// The columns of the private map, in the order of the roll.
const MAP: [Column; 5] = [
    Column { name: "person", needed: true },
    Column { name: "unit", needed: true },
    Column { name: "weight", needed: true },
    Column { name: "contact", needed: false },
    Column { name: "index", needed: true },
];
/// Where each of them stands in both.
const PERSON: usize = 0;
const UNIT: usize = 1;
const WEIGHT: usize = 2;
const CONTACT: usize = 3;
const INDEX: usize = 4;

/// A voter as the registrars know one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Whatever names the person for the registrar; it never leaves the map and the letters.
    pub person: String,
    /// Where this registrar's letter goes, such as a postal address; empty if the list does not say. It leaves in that letter alone.
    pub contact: String,
    /// What the roll says.
    pub place: RollPlace,
}

/// Reads a list of voters, in its own order.
///
/// # Errors
/// [`ListError`] with every line that is wrong.
pub fn read_list(reader: impl io::Read, manifest: &Manifest) -> Result<Vec<Voter>, ListError> {
    let mut faults = Faults::default();
    let table = table::read(reader, &LIST, &mut faults);
    let mut checks = Checks::new(manifest);
    let voters = table.rows.iter().map(|row| checks.voter(row, &mut faults)).collect();
    faults.outcome(voters)
}

/// Reads a private map, which is in the order of the roll.
///
/// # Errors
/// [`ListError`] with every line that is wrong.
pub fn read_map(reader: impl io::Read, manifest: &Manifest) -> Result<Vec<Voter>, ListError> {
    let mut faults = Faults::default();
    let voters = read_map_rows(reader, manifest, &mut faults);
    faults.outcome(voters.into_iter().map(|(_, voter)| voter).collect())
}

/// Reads the map that another registrar made, and compares it with one's own list (ROL-11): order and names are the map's, everything else the list's.
///
/// # Errors
/// [`ListError`] with every line that is wrong, and every difference between the two.
pub fn read_checked_map(map: impl io::Read, list: Vec<Voter>, manifest: &Manifest) -> Result<Vec<Voter>, ListError> {
    let mut faults = Faults::default();
    let mapped = read_map_rows(map, manifest, &mut faults);
    // Differences are worth telling only between two lists that can be read.
    if faults.count() > 0 {
        return faults.outcome(Vec::new());
    }
    let mut listed: BTreeMap<String, Voter> = list.into_iter().map(|voter| (alike(&voter.person), voter)).collect();
    let mut voters = Vec::with_capacity(mapped.len());
    let end = mapped.last().map_or(1, |(line, _)| *line);
    for (line, mapped) in mapped {
        let Some(mut voter) = listed.remove(&alike(&mapped.person)) else {
            faults.add(line, || ListFault::NotListed(mapped.person));
            continue;
        };
        if voter.place != mapped.place {
            faults.add(line, || ListFault::Differs {
                person: voter.person.clone(),
                listed_unit: unit_name(manifest, voter.place.unit),
                listed_weight: voter.place.weight,
                mapped_unit: unit_name(manifest, mapped.place.unit),
                mapped_weight: mapped.place.weight,
            });
        }
        voter.person = mapped.person;
        voters.push(voter);
    }
    // They stand in no line of the map; they are told with its last.
    for voter in listed.into_values() {
        faults.add(end, || ListFault::NotMapped(voter.person));
    }
    faults.outcome(voters)
}

/// ROL-4, before anything is sent: whether the record has the same unit and weight for each voter, wherever another registrar has posted it. The
/// voters are in the order of the roll; the lines are those of the map.
///
/// # Errors
/// [`ListError`] with every difference.
pub fn agree_with_record(voters: &[Voter], roll: &RollState, manifest: &Manifest) -> Result<(), ListError> {
    let mut faults = Faults::default();
    for (voter, index) in voters.iter().zip(0u32..) {
        let Some((unit, weight)) = roll.place(index) else { continue };
        if (unit, weight) != (voter.place.unit, voter.place.weight) {
            faults.add(u64::from(index).saturating_add(2), || ListFault::RecordDiffers {
                person: excerpt(&voter.person),
                unit: unit_name(manifest, voter.place.unit),
                weight: voter.place.weight,
                recorded_unit: unit_name(manifest, unit),
                recorded_weight: weight,
            });
        }
    }
    faults.outcome(())
}

fn read_map_rows(reader: impl io::Read, manifest: &Manifest, faults: &mut Faults) -> Vec<(u64, Voter)> {
    let table = table::read(reader, &MAP, faults);
    let mut checks = Checks::new(manifest);
    let mut expected = 0u32;
    let mut voter = |row: &Row| {
        match row.cell(INDEX).parse() {
            Ok(found) => {
                if found != expected {
                    faults.add(row.line, || ListFault::Index { expected, found });
                }
                // Told once where lines are missing, and not for every line after them.
                expected = found.saturating_add(1);
            }
            Err(_) => {
                faults.add(row.line, || ListFault::NotAnIndex(excerpt(row.cell(INDEX))));
                expected = expected.saturating_add(1);
            }
        }
        (row.line, checks.voter(row, faults))
    };
    table.rows.iter().map(&mut voter).collect()
}

/// Writes the private map of voters in the order of the roll. Contacts stay out of what is handed to another registrar (ROL-11).
///
/// # Errors
/// What the writer refuses.
pub fn write_map(
    voters: &[Voter],
    contacts: bool,
    manifest: &Manifest,
    writer: impl io::Write,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(writer);
    let contacts = contacts && voters.iter().any(|voter| !voter.contact.is_empty());
    let columns = ["index", "person", "unit", "weight", "contact"];
    writer.write_record(columns.iter().take(if contacts { 5 } else { 4 }))?;
    for (voter, index) in voters.iter().zip(0u32..) {
        let (index, weight) = (index.to_string(), voter.place.weight.to_string());
        let unit = unit_name(manifest, voter.place.unit);
        let cells = [index.as_str(), &voter.person, &unit, &weight, &voter.contact];
        writer.write_record(cells.iter().take(if contacts { 5 } else { 4 }))?;
    }
    writer.flush()?;
    Ok(())
}

/// ROL-16: what registrars compare, so that their rows are of the same voters.
pub fn map_fingerprint(election: &ElectionFingerprint, voters: &[Voter]) -> FileFingerprint {
    let hash = TaggedHash::new(Tag::Map, 2).bytes(&election.0).array(voters.len());
    let row = |hash: TaggedHash, voter: &Voter| {
        let hash = hash.array(3).bytes(voter.person.as_bytes());
        hash.integer(voter.place.unit.into()).integer(voter.place.weight.into())
    };
    FileFingerprint::of(&voters.iter().fold(hash, row).sha3_256())
}

/// The name of a unit; empty if there is none.
pub(crate) fn unit_name(manifest: &Manifest, unit: u32) -> String {
    let unit = usize::try_from(unit).ok().and_then(|unit| manifest.units.get(unit));
    unit.map_or(String::new(), |unit| unit.name.clone())
}

/// What two ways to write one person have in common: compatibility form, lower case, single spaces.
pub(crate) fn alike(person: &str) -> String {
    let folded: String = person.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a cell, to be shown.
fn excerpt(cell: &str) -> String {
    const SHOWN: usize = 60;
    let mut text: String = cell.chars().take(SHOWN).collect();
    if cell.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}

/// What every list is checked for.
struct Checks<'a> {
    units: BTreeMap<&'a str, u32>,
    largest: u32,
    seen: BTreeMap<String, (u64, String)>,
}

impl<'a> Checks<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        let units = manifest.units.iter().zip(0u32..).map(|(unit, index)| (unit.name.as_str(), index));
        Self { units: units.collect(), largest: manifest.largest_weight, seen: BTreeMap::new() }
    }

    /// The voter of a row. If something is wrong, that is among the faults, and the voter is not used.
    fn voter(&mut self, row: &Row, faults: &mut Faults) -> Voter {
        let line = row.line;
        // Composed, as the manifest's names are (ENC-3): spreadsheets export either form.
        let composed = |column: usize| row.cell(column).nfc().collect::<String>();
        let (person, contact, unit) = (composed(PERSON), composed(CONTACT), composed(UNIT));
        if person.is_empty() {
            faults.add(line, || ListFault::Nobody);
        } else {
            printable(&person, "name", LONGEST_PERSON, |_| false, line, faults);
            let first = self.seen.entry(alike(&person)).or_insert((line, person.clone()));
            if first.0 != line {
                let ((first, earlier), person) = (first.clone(), excerpt(&person));
                faults.add(line, || {
                    let earlier = excerpt(&earlier);
                    if earlier == person {
                        ListFault::Twice { person, first }
                    } else {
                        ListFault::Alike { person, earlier, first }
                    }
                });
            }
        }
        printable(&contact, "contact", LONGEST_CONTACT, |character| matches!(character, '\n' | '\r'), line, faults);
        let weight = row.cell(WEIGHT);
        let weight = match weight.parse() {
            Ok(weight) => weight,
            Err(_) if weight.is_empty() => 1,
            Err(_) => {
                faults.add(line, || ListFault::NotAWeight(excerpt(weight)));
                1
            }
        };
        if !(1..=self.largest).contains(&weight) {
            faults.add(line, || ListFault::Weight { found: weight, largest: self.largest });
        }
        let known = self.units.get(unit.as_str()).copied();
        if known.is_none() {
            faults.add(line, || ListFault::Unit { found: excerpt(&unit), nearest: self.nearest(&excerpt(&unit)) });
        }
        Voter { person, contact, place: RollPlace { unit: known.unwrap_or(0), weight } }
    }

    /// The unit that is written most alike.
    fn nearest(&self, found: &str) -> Option<String> {
        let found = alike(found);
        let likeness = |unit: &&str| strsim::normalized_levenshtein(&alike(unit), &found);
        let rated = self.units.keys().map(|unit| (likeness(unit), *unit)).filter(|(likeness, _)| *likeness >= NEAR);
        rated.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, unit)| unit.to_owned())
    }
}

/// Whether a spreadsheet would run this cell instead of showing it. A telephone number is no formula.
fn formula(text: &str) -> bool {
    let harmless = |character: char| character.is_ascii_digit() || " +-()/.".contains(character);
    text.starts_with(['=', '@', '+', '-']) && !(text.starts_with(['+', '-']) && text.chars().all(harmless))
}

/// What is printed in a letter is not long and hides nothing; what stands in a map does nothing where it is opened.
fn printable(
    text: &str,
    what: &'static str,
    most: usize,
    allowed: impl Fn(char) -> bool,
    line: u64,
    faults: &mut Faults,
) {
    if formula(text) {
        faults.add(line, || ListFault::Formula { what, found: excerpt(text) });
    }
    let found = text.len();
    if found > most {
        faults.add(line, || ListFault::Long { what, most, found });
    }
    if let Some(hidden) = text.chars().find(|character| protocol::text::is_hidden(*character) && !allowed(*character)) {
        let character = match hidden {
            '\n' | '\r' => "a line break".to_owned(),
            other => format!("the invisible character U+{:04X}", u32::from(other)),
        };
        faults.add(line, || ListFault::Hidden { what, character });
    }
}

#[cfg(test)]
#[path = "voters_tests.rs"]
mod tests;
