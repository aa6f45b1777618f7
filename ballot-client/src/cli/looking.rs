//! `show` and `find`: what the record says.

use super::{CliError, Console, Exit, Find, Where, paper::ShownContest, time_in_words, write_file};
use crate::{
    lookup::{Fate, Found, Search, Wanted},
    receipt::Witnessed,
};
use crypto::EncodedPoint;
use protocol::{Election, Phase, manifest::RevoteRule};
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Shown<'e> {
    election: String,
    title: &'e str,
    phase: &'static str,
    entries: u64,
    closing: u64,
    voters: u32,
    threshold: u32,
    trustees: Vec<&'e str>,
    registrars: Vec<&'e str>,
    contests: Vec<ShownContest<'e>>,
    units: Vec<ShownUnit<'e>>,
    log_key: &'e str,
    attested: String,
}

#[derive(Serialize)]
struct ShownUnit<'e> {
    name: &'e str,
    contests: &'e [u32],
}

pub(super) async fn show(place: &Where, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let reading = place.read(&place.client()?, None, console).await?;
    let shown = shown(&reading.election, reading.size(), &reading.witnessed);
    let mut text = format!(
        "{}\n{}\nElection {}\n{} of {} trustees decrypt: {}\nRegistrars: {}\n{} voters; closing {}\n",
        shown.title,
        phase_in_words(reading.election.phase()),
        shown.election,
        shown.threshold,
        shown.trustees.len(),
        shown.trustees.join(", "),
        shown.registrars.join(", "),
        shown.voters,
        time_in_words(shown.closing)
    );
    for (index, contest) in shown.contests.iter().enumerate() {
        text.push_str(&contest.in_words(index));
    }
    if shown.units.len() > 1 {
        for unit in &shown.units {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n{} votes on contests {:?}", unit.name, unit.contests);
        }
    }
    console.give(&text, &shown)?;
    Ok(Exit::Good)
}

fn shown<'e>(election: &'e Election, entries: u64, witnessed: &Witnessed) -> Shown<'e> {
    let manifest = election.manifest();
    Shown {
        election: election.fingerprint().to_string(),
        title: &manifest.title,
        phase: phase_name(election.phase()),
        entries,
        closing: election.closing_time(),
        voters: manifest.roll_length,
        threshold: manifest.threshold,
        trustees: manifest.trustees.iter().map(|trustee| trustee.name.as_str()).collect(),
        registrars: manifest.registrars.iter().map(|registrar| registrar.name.as_str()).collect(),
        contests: manifest.contests.iter().map(ShownContest::of).collect(),
        units: manifest.units.iter().map(|unit| ShownUnit { name: &unit.name, contests: &unit.contests }).collect(),
        log_key: election.log_key(),
        attested: witnessed.to_string(),
    }
}

/// The fold stops at the closing, so a tallied election reads as closed.
fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "setup",
        Phase::Voting => "voting",
        Phase::Closed | Phase::Tallied => "closed",
        Phase::Failed => "failed",
    }
}

fn phase_in_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "Voting has not begun.",
        Phase::Voting => "Voting is open.",
        Phase::Closed | Phase::Tallied => "Voting is over. Results are checked with `vitrine verify`.",
        Phase::Failed => "This election failed before voting began.",
    }
}

/// A ballot as the commands show it.
#[derive(Serialize)]
pub(super) struct ShownBallot {
    pub(super) index: u64,
    time: u64,
    tracker: String,
    tracker_hex: String,
    credential: String,
    /// `recorded`, `superseded`, `overridden` or `audited`.
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) superseded_by: Option<u64>,
    /// The override of its row, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    overridden: Option<ShownOverride>,
}

/// Why no ballot of a credential counts (OVR-8).
#[derive(Clone, Serialize)]
pub(super) struct ShownOverride {
    pub(super) entry: u64,
    pub(super) reason: String,
}

impl ShownOverride {
    /// The override of a credential's row.
    pub(super) fn of(election: &Election, credential: &EncodedPoint) -> Option<Self> {
        let found = election.overrides().get(&election.credential(credential)?.index)?;
        Some(Self { entry: found.entry, reason: found.reason.clone() })
    }
}

impl ShownBallot {
    pub(super) fn of(found: &Found, election: &Election) -> Self {
        let overridden = ShownOverride::of(election, &found.credential).filter(|_| found.fate != Fate::Audited);
        let (fate, superseded_by) = match (found.fate, election.manifest().revote) {
            (Fate::Audited, _) => ("audited", None),
            (Fate::FollowedBy(later), RevoteRule::Last) => ("superseded", Some(later)),
            _ if overridden.is_some() => ("overridden", None),
            (Fate::Recorded | Fate::FollowedBy(_), _) => ("recorded", None),
        };
        Self {
            index: found.index,
            time: found.time,
            tracker: found.tracker.to_string(),
            tracker_hex: found.tracker.hex(),
            credential: hex::encode(found.credential.0),
            fate,
            sequence: found.sequence,
            superseded_by,
            overridden,
        }
    }

    pub(super) fn in_words(&self) -> String {
        let place = format!("{}: entry {}, {}", self.tracker, self.index, time_in_words(self.time));
        format!("{place}. {}", self.fate_in_words())
    }

    /// BAL-47: whether it counts, and what counts in its place.
    pub(super) fn fate_in_words(&self) -> String {
        let superseded = |later: u64| {
            format!(
                "It was superseded by a later ballot of the same codes, entry {later}. Its receipt still shows that it is in the record, not that it counts."
            )
        };
        match (self.fate, self.superseded_by, &self.overridden) {
            ("audited", _, _) => "It was opened for an audit and counts for nothing.".into(),
            (_, later, Some(ShownOverride { entry, reason })) => {
                let later = later.map_or_else(String::new, |later| format!("{} ", superseded(later)));
                format!(
                    "{later}No ballot of these codes counts: the authority overrode their row in entry {entry}, saying \"{reason}\"."
                )
            }
            (_, Some(later), None) => format!("{} That later one counts.", superseded(later)),
            _ => "It is the ballot of its codes that counts.".into(),
        }
    }
}

#[derive(Serialize)]
struct Findings {
    election: String,
    entries: u64,
    attested: String,
    ballots: Vec<ShownBallot>,
}

/// BAL-40.
pub(super) async fn find(find: &Find, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let mut search = Search::new(find.place.election, Wanted::Tracker(find.tracker.clone()));
    let reading = find.place.read(&find.place.client()?, Some(&mut search), console).await?;
    let found = search.found();
    let findings = Findings {
        election: find.place.election.to_string(),
        entries: reading.size(),
        attested: reading.witnessed.to_string(),
        ballots: found.iter().map(|found| ShownBallot::of(found, &reading.election)).collect(),
    };
    if let (Some(path), [one]) = (&find.receipt, found.as_slice())
        && one.sequence.is_some()
        && let Some(receipt) = reading.receipt(one)
    {
        write_file(path, receipt.encode().as_bytes())?;
    } else if find.receipt.is_some() {
        console.say("No receipt was written: that takes exactly one ballot, and not a published audit.")?;
    }
    let text = if found.is_empty() {
        format!(
            "No ballot with this tracker is among the record's {} entries. If you have a receipt for it, keep it: \
             `vitrine ballot dispute` makes evidence of the two.",
            reading.size()
        )
    } else {
        findings.ballots.iter().map(ShownBallot::in_words).collect::<Vec<_>>().join("\n")
    };
    console.give(&text, &findings)?;
    Ok(if found.is_empty() { Exit::Bad } else { Exit::Good })
}
