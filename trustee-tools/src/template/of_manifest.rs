//! A template that says what a manifest says (MAN-16).

use super::{
    ContestName, ContestTable, Moment, Revote, Template, TextTable, Times, UnitTable, WaiverName,
    witnesses::check_strength,
};
use protocol::{
    Contest, ContestKind, Manifest,
    manifest::{NamedText, RevoteRule, Unit, Waiver},
};
use std::path::PathBuf;
use tlog::policy::{Policy, PolicyError};

/// Name of the public key file of an official.
pub(super) fn key_file(role: &str, place: usize) -> PathBuf {
    format!("{role}-{}.json", place.saturating_add(1)).into()
}

impl Template {
    /// MAN-16: with the same keys and the same log, this template gives the same manifest again.
    ///
    /// # Errors
    /// The witness policy is none; no manifest that the fold took has such a one (MAN-10).
    pub fn of(manifest: &Manifest) -> Result<Self, PolicyError> {
        let policy = Policy::parse(manifest.policy.as_bytes())?;
        let rest = without_log(&manifest.policy);
        let [commit, deal, check, rehearse] = manifest.stage_deadlines.map(Moment::new);
        Ok(Self {
            title: manifest.title.clone(),
            threshold: manifest.threshold,
            quorum: Some(manifest.quorum),
            trustees: (0..manifest.trustees.len()).map(|place| key_file("trustee", place)).collect(),
            registrars: (0..manifest.registrars.len()).map(|place| key_file("registrar", place)).collect(),
            roll_length: manifest.roll_length,
            largest_weight: manifest.largest_weight,
            revote: match manifest.revote {
                RevoteRule::Last => Revote::Last,
                RevoteRule::First => Revote::First,
            },
            replacement: manifest.replacement,
            allow_overrides: manifest.overrides,
            minimum_unit: manifest.minimum_unit,
            waivers: manifest.waivers.iter().map(waiver_name).collect(),
            witness_quorum: None,
            policy: Some(rest).filter(|rest| rest != "quorum none\n"),
            accept_weak_witnesses: check_strength(&policy, false).is_err(),
            times: Times {
                commit,
                deal,
                check,
                rehearse,
                opening: Moment::new(manifest.opening),
                closing: Moment::new(manifest.closing),
                latest_closing: Some(Moment::new(manifest.latest_closing)),
                grace: manifest.grace,
            },
            contests: manifest.contests.iter().map(contest_table).collect(),
            units: manifest.units.iter().map(|unit| unit_table(unit, &manifest.contests)).collect(),
            texts: manifest.texts.iter().map(text_table).collect(),
            witnesses: Vec::new(),
        })
    }

    /// The template as a file.
    ///
    /// # Errors
    /// A number that TOML cannot say; no manifest that the fold took has one.
    pub fn text(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

/// The policy without its `log` lines, whose words are separated as LOG-25 says.
fn without_log(policy: &str) -> String {
    let is_log =
        |line: &str| line.trim_end_matches('\n').split([' ', '\t']).find(|word| !word.is_empty()) == Some("log");
    policy.split_inclusive('\n').filter(|line| !is_log(line)).collect()
}

fn waiver_name(waiver: &Waiver) -> WaiverName {
    match waiver {
        Waiver::Threshold => WaiverName::Threshold,
        Waiver::NoWitnesses => WaiverName::NoWitnesses,
        Waiver::SmallTally => WaiverName::SmallTally,
    }
}

fn contest_table(contest: &Contest) -> ContestTable {
    let (minimum, maximum) = match contest.kind {
        ContestKind::ChooseOne => (None, None),
        ContestKind::Choose { minimum, maximum } => (Some(minimum), Some(maximum)),
        _ => (None, None),
    };
    let Contest { title, options, blank, .. } = contest.clone();
    ContestTable { title, options, blank, minimum, maximum }
}

fn unit_table(unit: &Unit, contests: &[Contest]) -> UnitTable {
    let name = |index: &u32| {
        let contest = usize::try_from(*index).ok().and_then(|index| contests.get(index));
        let only = contest.filter(|contest| contests.iter().filter(|other| other.title == contest.title).count() == 1);
        only.map_or(ContestName::Number(index.saturating_add(1)), |contest| ContestName::Title(contest.title.clone()))
    };
    UnitTable { name: unit.name.clone(), contests: Some(unit.contests.iter().map(name).collect()) }
}

fn text_table(text: &NamedText) -> TextTable {
    TextTable { name: text.name.clone(), file: None, digest: Some(text.digest.to_string()) }
}
