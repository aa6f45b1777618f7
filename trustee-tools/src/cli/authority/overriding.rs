//! `vitrine authority override` (OVR-7): a row of the roll whose voter votes in person.

use super::Act;
use crate::{
    authority::{self, Obstacle},
    cli::{
        CommandError, Streams,
        place::{PlaceArguments, Sent},
    },
    secrets::AuthoritySecrets,
};
use protocol::Election;
use rand::rngs::OsRng;
use serde::Serialize;

/// `vitrine authority override`.
#[derive(Debug, clap::Args)]
pub struct Override {
    #[command(flatten)]
    act: Act,
    /// The row of the roll, from 0: a registrar finds it with `vitrine registrar find`.
    #[arg(long, value_name = "INDEX")]
    row: u32,
    /// Why, for everybody to read, such as "voted in person, station 3". No name: the record is public for ever.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
}

/// What was overridden.
#[derive(Serialize)]
struct Overridden {
    row: u32,
    unit: String,
    weight: u32,
    reason: String,
    /// Whether the row has a ballot, as far as the record was read.
    has_ballot: bool,
    sent: Sent,
}

impl Override {
    /// Says what it does to whom, asks, and sends it.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.act.keystore.open::<AuthoritySecrets>()?;
        let election = self.act.place.read(streams).await?.election;
        self.post(&election, &secrets, &self.act.place, streams).await
    }

    async fn post(
        &self,
        election: &Election,
        secrets: &AuthoritySecrets,
        place: &PlaceArguments,
        streams: &mut Streams<'_>,
    ) -> Result<(), CommandError> {
        let submission = authority::override_row(election, secrets, self.row, &self.reason, &mut OsRng)?;
        let (unit, weight) = election.roll().place(self.row).ok_or(Obstacle::NoRow(self.row))?;
        let unit = usize::try_from(unit).ok().and_then(|unit| election.manifest().units.get(unit));
        let unit = unit.map_or_else(String::new, |unit| unit.name.clone());
        let has_ballot = election.roll().has_voted(self.row);
        let ballots = if has_ballot {
            "It has cast a ballot here, which will NOT count."
        } else {
            "It has cast no ballot here, and none will be taken."
        };
        streams.warn(&format!(
            "Row {} ({unit}, weight {weight}). {ballots} Everybody will read, for ever: {:?}. Nothing takes an override back.",
            self.row, self.reason
        ))?;
        if !self.yes {
            if !streams.can_ask() {
                return Err(CommandError::Unanswered {
                    what: "whether the row is to be overridden",
                    flag: "--yes",
                    elsewhere: String::new(),
                });
            }
            if !streams.confirm("Override this row?")? {
                return Err(CommandError::NotConfirmed);
            }
        }
        let sent = place.send(&submission, streams).await?;
        let text = format!("{sent}. Row {} counts for nothing here: its voter votes in person.", self.row);
        let (row, reason) = (self.row, self.reason.clone());
        streams.give(&text, &Overridden { row, unit, weight, reason, has_ballot, sent })
    }
}
