//! Each trustee at a glance, for the forms that people read: what it did in every stage, where it stands, what it decrypted.

use super::{
    Report,
    words::{thousands, times},
};

/// A trustee's line.
#[derive(Debug)]
pub(super) struct TrusteeRow {
    pub(super) number: u32,
    pub(super) name: String,
    /// The entries of its steps, stage by stage; `-` where it did none, empty where it was no longer, or not yet, part of it.
    pub(super) steps: [String; 4],
    /// `active`, `left at the end of stage 3`, or nothing yet.
    pub(super) standing: String,
    /// Whether the record proves a fault of it.
    pub(super) guilty: bool,
    /// What else there is to say: rehearsals, partial decryptions.
    pub(super) deeds: Vec<String>,
}

pub(super) fn rows(report: &Report) -> Vec<TrusteeRow> {
    let (Some(election), Some(ceremony)) = (&report.election, &report.ceremony) else { return Vec::new() };
    let row = |(number, name, active): (u32, &str, bool)| {
        let left = ceremony.departures.iter().find(|left| left.trustee == number);
        let stage = |number_of: u32| {
            let gone = left.is_some_and(|left| left.stage < number_of);
            let stage = ceremony.stages.iter().find(|stage| stage.stage == number_of).filter(|_| !gone);
            let posted = stage.map(|stage| stage.posted.iter().find(|step| step.trustee == number));
            posted.map_or_else(String::new, |posted| posted.map_or_else(|| "-".into(), |step| span(&step.entries)))
        };
        let mut deeds = Vec::new();
        if let Some(one) = ceremony.rehearsals.iter().find(|one| one.trustee == number) {
            deeds.push(format!("rehearsed {}, last in entry {}", times(one.count), one.last));
        }
        let decrypted = report.decryptions.iter().find(|one| one.trustee == number);
        if let Some(one) = decrypted {
            let right = if one.right == 1 { "decryption" } else { "decryptions" };
            deeds.push(format!("{} right partial {right}", thousands(one.right)));
            let wrong = one.wrong.iter().map(|wrong| format!("WRONG partial decryption in entry {}", wrong.entry));
            deeds.extend(wrong);
        }
        if let Some(one) = ceremony.retirements.iter().find(|one| one.trustee == number) {
            deeds.push(format!("retired in entry {}", one.entry));
        }
        let complained = ceremony.complaints.iter().filter(|one| one.complainer == number);
        let accused = ceremony.complaints.iter().filter(|one| one.dealer == number);
        let guilty = complained.clone().any(|one| !one.upheld) || accused.clone().any(|one| one.upheld);
        TrusteeRow {
            number,
            name: name.to_owned(),
            steps: [1, 2, 3, 4].map(stage),
            standing: match left {
                Some(left) => format!("left at the end of stage {}: {}", left.stage, reason(left.reason)),
                None if active => "active".into(),
                None => String::new(),
            },
            guilty: guilty || decrypted.is_some_and(|one| !one.wrong.is_empty()),
            deeds,
        }
    };
    election.trustees.iter().map(|one| (one.number, one.name.as_str(), one.active)).map(row).collect()
}

/// A reason of the JSON form in words.
fn reason(reason: &str) -> &'static str {
    match reason {
        "bad-dealing" => "gave a bad dealing",
        "false-complaint" => "complained falsely",
        _ => "did not do its step in time",
    }
}

/// `7`, or `7 to 12` for the first and last of several.
fn span(entries: &[u64]) -> String {
    match entries {
        [] => "-".into(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first} to {last}"),
    }
}
