//! Who held the election, how, and what happened in it.

use super::words::date;
use crate::checks::{Checks, overrides::Row};
use protocol::{
    Election, Manifest,
    manifest::{Pages, RevoteRule, Waiver},
};
use serde::Serialize;

/// A weaker setting, shown before everything else.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverFacts {
    /// Its name.
    pub waiver: &'static str,
    /// What follows from it.
    pub text: String,
}

/// A trustee.
#[derive(Clone, Debug, Serialize)]
pub struct TrusteeFacts {
    /// From 1.
    pub number: u32,
    /// As the manifest has it.
    pub name: String,
    /// Whether it may decrypt.
    pub active: bool,
}

/// One log of the election (VER-22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogFacts {
    /// From 1.
    pub number: u64,
    /// Its name.
    pub origin: String,
    /// Its key, as text.
    pub key: String,
    /// Index of its first entry.
    pub first: u64,
    /// Its entries under its checkpoint.
    pub entries: u64,
    /// Root of its tree, in hexadecimal.
    pub root: String,
    /// Witnesses that cosigned its checkpoint, with their times in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
}

/// The pages for browsers that the manifest names (MAN-40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PagesFacts {
    /// Digest of their files, in hexadecimal.
    pub bundle: String,
    /// Addresses at which they cast ballots.
    pub boards: Vec<String>,
}

impl PagesFacts {
    fn of(pages: &Pages) -> Self {
        Self { bundle: hex::encode(pages.bundle), boards: pages.boards.clone() }
    }

    /// Where ballots are taken, in words.
    pub(super) fn places(&self) -> String {
        if self.boards.is_empty() { "the board that serves them".to_owned() } else { self.boards.join(", ") }
    }
}

/// What the election is.
#[derive(Clone, Debug, Serialize)]
pub struct ElectionFacts {
    /// Its title.
    pub title: String,
    /// Its random name.
    pub election_id: String,
    /// `Setup`, `Voting`, `Closed`, `Tallied` or `Failed`.
    pub phase: String,
    /// k.
    pub threshold: u32,
    /// q.
    pub quorum: u32,
    /// The trustees.
    pub trustees: Vec<TrusteeFacts>,
    /// The registrars' names.
    pub registrars: Vec<String>,
    /// The authority's name.
    pub authority: String,
    /// Rows of the roll.
    pub roll_length: u32,
    /// `the last ballot counts` or `the first ballot counts`.
    pub revote: &'static str,
    /// Closing time in force.
    pub closing_time: String,
    /// The pages for browsers, if the election offers any.
    pub pages: Option<PagesFacts>,
    /// Name of the log.
    pub log_origin: String,
    /// Entries under the checkpoint.
    pub entries: u64,
    /// Root of the log's tree.
    pub root: Option<String>,
    /// Witnesses that cosigned the checkpoint, with their times in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
    /// Every log of the election, in order; more than one if it was continued.
    pub logs: Vec<LogFacts>,
    /// J.
    pub joint_key: Option<String>,
    /// O.
    pub opening: Option<String>,
    /// Closing fingerprint.
    pub closing: Option<String>,
}

/// Turnout of one unit.
#[derive(Clone, Debug, Serialize)]
pub struct UnitTurnout {
    /// The unit.
    pub unit: String,
    /// Rows of the roll.
    pub credentials: u64,
    /// Counted ballots; none before the closing.
    pub counted: u64,
}

/// Counts.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// Ballots in the record.
    pub ballots: u64,
    /// Those that are counted; none before the closing.
    pub counted: u64,
    /// Those that a later ballot of the same credential replaced.
    pub superseded: u64,
    /// Rows that the authority overrode.
    pub overridden: u64,
    /// Latest ballots of such rows, which do not count.
    pub overridden_ballots: u64,
    /// Ballots whose time on the board's clock is after the closing time in force.
    pub late: u64,
    /// Published audits.
    pub audits: u64,
    /// Credentials that were replaced.
    pub replacements: u64,
    /// Extensions of the voting time.
    pub extensions: u64,
    /// Notices of the authority.
    pub notices: u64,
    /// Rows of the roll.
    pub credentials: u64,
    /// By unit.
    pub units: Vec<UnitTurnout>,
}

/// A wrong partial decryption: evidence against its author.
#[derive(Clone, Debug, Serialize)]
pub struct WrongDecryption {
    /// Contest.
    pub contest: u32,
    /// Tally group.
    pub group: u32,
    /// Entry.
    pub entry: u64,
}

/// A trustee's partial decryptions.
#[derive(Clone, Debug, Serialize)]
pub struct DecryptionFacts {
    /// Its number.
    pub trustee: u32,
    /// As the manifest has it.
    pub name: String,
    /// Right ones.
    pub right: u64,
    /// Wrong ones.
    pub wrong: Vec<WrongDecryption>,
}

pub(super) fn waivers(manifest: &Manifest) -> Vec<WaiverFacts> {
    let (k, n) = (manifest.threshold, manifest.trustees.len());
    let facts = |waiver: &Waiver| {
        match waiver {
        Waiver::Threshold => WaiverFacts {
            waiver: "threshold",
            text: format!(
                "{k} of {n} trustees decrypt: a lost key share can cancel the election, or too few trustees can read ballots."
            ),
        },
        Waiver::NoWitnesses => WaiverFacts {
            waiver: "no-witnesses",
            text: "No witnesses: nobody but the board attests that all readers see one history, and no clock but the board's \
                   speaks about time."
                .into(),
        },
        Waiver::SmallTally => WaiverFacts {
            waiver: "small-tally",
            text: format!(
                "A tally group with fewer than {} ballots is decrypted if it is alone: its totals may tell how single voters chose.",
                manifest.minimum_unit
            ),
        },
    }
    };
    manifest.waivers.iter().map(facts).collect()
}

pub(super) fn election(election: &Election, checks: &Checks) -> ElectionFacts {
    let manifest = election.manifest();
    let active = election.ceremony().active();
    let last = checks.checkpoint.logs.last();
    let trustees = (1u32..).zip(&manifest.trustees);
    ElectionFacts {
        title: manifest.title.clone(),
        election_id: manifest.election_id.to_string(),
        phase: format!("{:?}", election.phase()),
        threshold: manifest.threshold,
        quorum: manifest.quorum,
        trustees: trustees
            .map(|(number, trustee)| TrusteeFacts {
                number,
                name: trustee.name.clone(),
                active: active.contains(&number),
            })
            .collect(),
        registrars: manifest.registrars.iter().map(|registrar| registrar.name.clone()).collect(),
        authority: manifest.authority.name.clone(),
        roll_length: manifest.roll_length,
        revote: match manifest.revote {
            RevoteRule::Last => "the last ballot counts",
            RevoteRule::First => "the first ballot counts",
        },
        closing_time: date(election.closing_time()),
        pages: manifest.pages.as_ref().map(PagesFacts::of),
        log_origin: manifest.log_origin.clone(),
        entries: election.size(),
        root: last.map(|log| log.root.clone()),
        witnesses: last.map_or(Vec::new(), |log| log.witnesses.clone()),
        logs: checks.checkpoint.logs.clone(),
        joint_key: election.joint_key().map(|key| key.fingerprint.to_string()),
        opening: election.opening().map(|opening| opening.to_string()),
        closing: election.closing().map(|closing| closing.to_string()),
    }
}

pub(super) fn figures(election: &Election, checks: &Checks) -> Figures {
    let counts = election.counts();
    let counted = &checks.closing.per_unit;
    let rows = |which: &dyn Fn(&Row) -> bool| {
        u64::try_from(checks.overrides.rows().values().filter(|row| which(row)).count()).unwrap_or(u64::MAX)
    };
    let units = election.manifest().units.iter().zip(election.roll().unit_sizes()).enumerate();
    Figures {
        ballots: checks.ballots.count.done,
        counted: checks.closing.count.done,
        superseded: checks.ballots.superseded,
        overridden: rows(&|_| true),
        overridden_ballots: rows(&|row| row.ballot.is_some()),
        late: checks.ballots.late,
        audits: counts.audits,
        replacements: election.roll().replacements(),
        extensions: counts.extensions,
        notices: counts.notices,
        credentials: election.manifest().roll_length.into(),
        units: units
            .map(|(place, (unit, credentials))| UnitTurnout {
                unit: unit.name.clone(),
                credentials: *credentials,
                counted: counted.get(place).copied().unwrap_or(0),
            })
            .collect(),
    }
}

pub(super) fn decryptions(election: &Election, checks: &Checks) -> Vec<DecryptionFacts> {
    let trustees = (1u32..).zip(&election.manifest().trustees);
    let facts = trustees.map(|(trustee, keys)| {
        let right = checks.decryptions.right.values().filter(|right| right.contains_key(&trustee)).count();
        let wrong = checks.decryptions.wrong.iter().filter(|(author, _, _, _)| *author == trustee);
        DecryptionFacts {
            trustee,
            name: keys.name.clone(),
            right: u64::try_from(right).unwrap_or(u64::MAX),
            wrong: wrong
                .map(|(_, contest, group, entry)| WrongDecryption { contest: *contest, group: *group, entry: *entry })
                .collect(),
        }
    });
    facts.filter(|facts| facts.right > 0 || !facts.wrong.is_empty()).collect()
}
