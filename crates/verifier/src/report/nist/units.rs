//! Units, merged groups and districts as reporting units (REP-23).

use super::{super::Report, put, text};
use protocol::Manifest;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The identifier of the whole election.
pub(super) const ELECTION: &str = "election";

/// The units of a manifest.
pub(super) struct Units<'a> {
    manifest: &'a Manifest,
}

/// The identifier of a set of units, which are numbered from 1 here as people do.
pub(super) fn id(units: &[u32]) -> String {
    let numbers: Vec<String> = units.iter().map(|unit| unit.saturating_add(1).to_string()).collect();
    match units {
        [_] => format!("unit-{}", numbers.concat()),
        _ => format!("units-{}", numbers.join("-")),
    }
}

impl<'a> Units<'a> {
    pub(super) fn new(manifest: &'a Manifest) -> Self {
        Self { manifest }
    }

    fn all(&self) -> Vec<u32> {
        (0u32..).zip(&self.manifest.units).map(|(unit, _)| unit).collect()
    }

    /// The units that vote on a contest.
    fn of(&self, contest: u32) -> Vec<u32> {
        let units = (0u32..).zip(&self.manifest.units);
        units.filter(|(_, unit)| unit.contests.contains(&contest)).map(|(unit, _)| unit).collect()
    }

    /// The district of a contest: the election if every unit votes on it.
    pub(super) fn district(&self, contest: u32) -> String {
        let units = self.of(contest);
        if units == self.all() { ELECTION.to_owned() } else { id(&units) }
    }

    /// All reporting units that anything refers to.
    pub(super) fn list(&self, report: &Report) -> Vec<Value> {
        let figures = report.figures.as_ref();
        let mut sets: BTreeSet<Vec<u32>> = BTreeSet::new();
        for result in &report.results {
            sets.extend(result.groups.iter().map(|group| group.places.clone()));
        }
        let mut list = vec![self.unit(ELECTION, &self.manifest.title, "election")];
        let all = self.all();
        if let (Some(election), Some(figures)) = (list.first_mut(), figures) {
            compose(election, &all);
            put(election, "VotersRegistered", figures.credentials.into());
            put(election, "VotersParticipated", figures.counted.into());
        }
        for (number, unit) in (0u32..).zip(&self.manifest.units) {
            let mut value = self.unit(&id(&[number]), &unit.name, "unit");
            let turnout = usize::try_from(number).ok().and_then(|place| figures?.units.get(place));
            if let Some(turnout) = turnout {
                put(&mut value, "VotersRegistered", turnout.credentials.into());
                put(&mut value, "VotersParticipated", turnout.counted.into());
            }
            list.push(value);
        }
        // TAL-8 merges what is small: the format knows precincts that are reported together.
        for set in sets.iter().filter(|set| set.len() > 1) {
            let mut value = self.unit(&id(set), &self.names(set), "");
            put(&mut value, "Type", "combined-precinct".into());
            compose(&mut value, set);
            list.push(value);
        }
        let districts: BTreeSet<Vec<u32>> = report.results.iter().map(|result| self.of(result.contest)).collect();
        for set in districts.iter().filter(|set| set.len() > 1 && **set != all && !sets.contains(*set)) {
            let mut value = self.unit(&id(set), &self.names(set), "district");
            compose(&mut value, set);
            list.push(value);
        }
        list
    }

    fn names(&self, units: &[u32]) -> String {
        let name = |unit: &u32| Some(self.manifest.units.get(usize::try_from(*unit).ok()?)?.name.as_str());
        let names: Vec<&str> = units.iter().filter_map(name).collect();
        names.join(" + ")
    }

    fn unit(&self, id: &str, name: &str, kind: &str) -> Value {
        let mut unit = json!({
            "@id": id,
            "@type": "ElectionResults.ReportingUnit",
            "Name": text(name),
            "Type": "other",
        });
        if !kind.is_empty() {
            put(&mut unit, "OtherType", kind.into());
        }
        unit
    }
}

fn compose(value: &mut Value, units: &[u32]) {
    put(value, "ComposingGpUnitIds", units.iter().map(|unit| id(&[*unit])).collect::<Vec<String>>().into());
}
