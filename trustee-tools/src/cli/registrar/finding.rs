//! `vitrine registrar find`: which row of the roll is a person's, and the other way round (OVR-7, ROL-11).

use super::{
    super::{CommandError, Streams, place::ReadingArguments},
    LONGEST_LIST,
};
use crate::{
    files::Limited,
    registrar::Obstacle,
    voters::{Voter, agree_with_record, alike, read_map},
};
use protocol::Election;
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// `vitrine registrar find`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("voter").required(true).args(["index", "person"])))]
pub struct Find {
    #[command(flatten)]
    place: ReadingArguments,
    /// The map that `issue` left.
    #[arg(long, value_name = "CSV")]
    map: PathBuf,
    /// The person, as named in the map.
    #[arg(long)]
    person: Option<String>,
    /// Or a row of the roll.
    #[arg(long)]
    index: Option<u32>,
}

/// A person's row.
#[derive(Serialize)]
struct Found {
    row: u32,
    person: String,
    unit: String,
    weight: u32,
    /// Whether a ballot of it is recorded.
    has_ballot: bool,
    /// The entry that overrode it.
    overridden: Option<u64>,
}

impl Find {
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let election = self.place.read(streams).await?.election;
        let (row, voter) = find(&self.map, self.person.as_deref(), self.index, &election)?;
        let unit = usize::try_from(voter.place.unit).ok().and_then(|unit| election.manifest().units.get(unit));
        let unit = unit.map_or_else(String::new, |unit| unit.name.clone());
        let has_ballot = election.roll().has_voted(row);
        let overridden = election.overrides().get(&row).map(|one| one.entry);
        let said = match (overridden, has_ballot) {
            (Some(entry), _) => format!("It was overridden by entry {entry}, and counts for nothing here"),
            (None, true) => "A ballot of it is recorded".to_owned(),
            (None, false) => "No ballot of it is recorded".to_owned(),
        };
        let weight = voter.place.weight;
        let text = format!("Row {row}: {} ({unit}, weight {weight}). {said}.", voter.person);
        streams.warn("who has which row is known to the registrars alone, and makes ballots' voters known: tell it to nobody who need not know")?;
        streams.give(&text, &Found { row, person: voter.person, unit, weight, has_ballot, overridden })
    }
}

/// The one row of the map that is meant.
pub(super) fn find(
    map: &Path,
    person: Option<&str>,
    index: Option<u32>,
    election: &Election,
) -> Result<(u32, Voter), CommandError> {
    let file = fs::File::open(map).map_err(|cause| CommandError::File { path: map.to_owned(), cause })?;
    let fault = |fault| CommandError::List { path: map.to_owned(), fault };
    let voters = read_map(Limited::new(file, LONGEST_LIST), election.manifest()).map_err(fault)?;
    // Another election's map would name another person's row.
    agree_with_record(&voters, election.roll(), election.manifest()).map_err(fault)?;
    let wanted = person.map(alike);
    let meant = |(row, voter): &(u32, Voter)| {
        index == Some(*row) || wanted.as_ref().is_some_and(|wanted| alike(&voter.person) == *wanted)
    };
    let mut found: Vec<(u32, Voter)> = (0..).zip(voters).filter(meant).collect();
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (one, more) => Err(Obstacle::NoSuchPerson { found: more.saturating_add(usize::from(one.is_some())) }.into()),
    }
}
