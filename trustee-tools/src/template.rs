//! The authority's template, in TOML: everything the manifest says that keys and board do not. `EXAMPLE` shows every field.

use crate::guide::advice;
use crate::public_keys::{RegistrarFile, TrusteeFile};
use protocol::{
    Contest, Manifest,
    ids::{ElectionId, Minutes, TextDigest},
    manifest::{NamedText, Official, RevoteRule, SEALING, TrusteeKeys, Unit, Waiver},
};
use serde::{Deserialize, Serialize};
use sha3::{Digest as _, Sha3_256};
use std::path::PathBuf;

mod again;
mod bounds;
pub(crate) mod contest;
mod error;
mod fault;
mod kinds;
mod moment;
mod of_manifest;
mod pages;
mod preview;
mod units;
mod witnesses;

pub use again::{Again, AgainError, Changes};
use contest::ContestTable;
pub use error::TemplateError;
pub use fault::Located;
use fault::{Fault, Misfit};
use moment::Moment;
pub use pages::PagesPreview;
use pages::PagesTable;
pub(crate) use pages::without_pages;
pub use preview::{ContestSize, Groups, Preview, UnitSize};
use tlog::policy::Policy;
use toml::Spanned;
pub(crate) use units::{ContestName, UnitTable};
use witnesses::WitnessTable;
pub use witnesses::board_s_own;

/// A template with every field and what it means.
pub const EXAMPLE: &str = include_str!("example.toml");

/// Where, in [`EXAMPLE`], contests and units begin: the rest of it.
pub(crate) const PAPERS: &str = "# What the ballots hold";

/// The most bytes of a template.
pub const MAXIMUM_TEMPLATE: usize = 4 * 1024 * 1024;

/// A template as read: its contests and units are checked at once, at their places in the text (MAN-31); the rest the fold checks in the manifest that
/// comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The election's name.
    pub title: String,
    /// k.
    pub threshold: u32,
    /// q; k if it is absent.
    pub quorum: Option<u32>,
    /// The trustees' public key files, in their order.
    pub trustees: Vec<PathBuf>,
    /// The registrars' public key files, in their order.
    pub registrars: Vec<PathBuf>,
    roll_length: u32,
    #[serde(default = "one")]
    largest_weight: u32,
    #[serde(default)]
    revote: Revote,
    #[serde(default)]
    replacement: bool,
    /// MAN-25.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    allow_overrides: bool,
    minimum_unit: u32,
    #[serde(default)]
    waivers: Vec<WaiverName>,
    /// How many of the witnesses must cosign; the smallest safe number if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness_quorum: Option<u32>,
    /// Any other witness policy than `witnesses` say, without its `log` line.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    /// Whether a quorum that bears less than it should is wanted all the same (MAN-15).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    accept_weak_witnesses: bool,
    times: Times,
    /// MAN-40: the pages for browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<PagesTable>,
    contests: Vec<Spanned<ContestTable>>,
    units: Vec<UnitTable>,
    /// Long texts that the manifest names by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextTable>,
    /// The witnesses; without them, and without `policy`, it is `quorum none`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    witnesses: Vec<WitnessTable>,
}

/// A long text published elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextTable {
    /// As the manifest names it.
    pub name: String,
    /// The file with its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// In the place of a file, the SHA3-256 of its bytes, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Revote {
    #[default]
    Last,
    First,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum WaiverName {
    Threshold,
    NoWitnesses,
    SmallTally,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Times {
    commit: Moment,
    deal: Moment,
    check: Moment,
    rehearse: Moment,
    opening: Moment,
    closing: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_closing: Option<Moment>,
    #[serde(default = "ten")]
    grace: Minutes,
}

impl Times {
    /// All of them but the grace, in their order.
    fn set(&mut self, minutes: [Minutes; 7]) {
        let [commit, deal, check, rehearse, opening, closing, latest_closing] = minutes.map(Moment::new);
        let (latest_closing, grace) = (Some(latest_closing), self.grace);
        *self = Self { commit, deal, check, rehearse, opening, closing, latest_closing, grace };
    }
}

fn one() -> u32 {
    1
}

fn ten() -> Minutes {
    10
}

/// What the manifest takes from elsewhere.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The election's id.
    pub election_id: ElectionId,
    /// The authority, as it will stand in the manifest.
    pub authority: Official,
    /// The bytes of the trustees' public key files, in the template's order.
    pub trustees: Vec<Vec<u8>>,
    /// The bytes of the registrars' public key files, in the template's order.
    pub registrars: Vec<Vec<u8>>,
    /// The bytes of the long texts that have a file, in the template's order.
    pub texts: Vec<Vec<u8>>,
    /// Origin of the log.
    pub log_origin: String,
    /// Key of the log, in signed-note text form.
    pub log_key: String,
    /// Digest of the pages that this program carries, if it carries any.
    pub bundle: Option<[u8; 32]>,
    /// Address of the board that gets the manifest.
    pub board: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`TemplateError::Toml`] and [`TemplateError::Field`] name the place.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > MAXIMUM_TEMPLATE {
            return Err(TemplateError::TooLong);
        }
        let template: Self = toml::from_str(text)?;
        template.check().map_err(|fault| fault.located(text))?;
        Ok(template)
    }

    /// MAN-31: whether the contests, units and pages can be those of a manifest.
    fn check(&self) -> Result<(), Fault> {
        for (place, (contest, table)) in self.made_contests()?.iter().zip(&self.contests).enumerate() {
            let outer = format!("contests[{}]", place.saturating_add(1));
            self.check_contest(place, contest, table).map_err(|fault| fault.inside(&outer))?;
        }
        self.made_units()?;
        self.pages.as_ref().map_or(Ok(()), PagesTable::check)?;
        self.check_voters()
    }

    /// Contests and units, as they will stand in the manifest.
    ///
    /// # Errors
    /// [`TemplateError`], for a template that was not read from a text.
    pub fn papers(&self) -> Result<(Vec<Contest>, Vec<Unit>), TemplateError> {
        Ok((self.made_contests().map_err(Fault::nowhere)?, self.made_units().map_err(Fault::nowhere)?))
    }

    /// The contests.
    fn made_contests(&self) -> Result<Vec<Contest>, Fault> {
        let contests = (1u32..).zip(&self.contests).map(|(place, table)| {
            table.get_ref().contest(table.span()).map_err(|fault| fault.inside(&format!("contests[{place}]")))
        });
        contests.collect()
    }

    /// The manifest.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn manifest(&self, surroundings: &Surroundings) -> Result<Manifest, TemplateError> {
        let given = [&surroundings.trustees, &surroundings.registrars, &surroundings.texts].map(Vec::len);
        if given != [self.trustees.len(), self.registrars.len(), self.text_files().count()] {
            return Err(TemplateError::Files);
        }
        let id = &surroundings.election_id;
        let times = &self.times;
        let closing = times.closing.minutes();
        let latest = times.latest_closing.map_or(closing, Moment::minutes);
        let log_key = &surroundings.log_key;
        let lines = witnesses::lines(&self.witnesses, self.witness_quorum, self.policy.as_deref())?;
        let policy = format!("log {log_key}\n{lines}");
        witnesses::check_strength(&Policy::parse(policy.as_bytes())?, self.accept_weak_witnesses)?;
        let manifest = Manifest {
            suite: crypto::transcript::SUITE.to_owned(),
            sealing: SEALING.to_owned(),
            election_id: *id,
            title: self.title.clone(),
            texts: self.named_texts(&surroundings.texts)?,
            contests: self.made_contests().map_err(Fault::nowhere)?,
            units: self.made_units().map_err(Fault::nowhere)?,
            threshold: self.threshold,
            quorum: self.quorum.unwrap_or(self.threshold),
            trustees: self.trustees(surroundings)?,
            registrars: self.registrars(surroundings)?,
            authority: surroundings.authority.clone(),
            roll_length: self.roll_length,
            largest_weight: self.largest_weight,
            revote: match self.revote {
                Revote::Last => RevoteRule::Last,
                Revote::First => RevoteRule::First,
            },
            replacement: self.replacement,
            stage_deadlines: [
                times.commit.minutes(),
                times.deal.minutes(),
                times.check.minutes(),
                times.rehearse.minutes(),
            ],
            opening: times.opening.minutes(),
            closing,
            latest_closing: latest,
            grace: times.grace,
            log_origin: surroundings.log_origin.clone(),
            log_key: log_key.clone(),
            policy,
            minimum_unit: self.minimum_unit,
            waivers: self.waivers(),
            overrides: self.allow_overrides,
            pages: self.pages.as_ref().map(|pages| pages.pages(surroundings)).transpose()?,
        };
        check_waivers(&manifest)?;
        Ok(manifest)
    }

    /// The files of the long texts that are not given by digest.
    pub fn text_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.texts.iter().filter_map(|text| text.file.as_ref())
    }

    fn named_texts(&self, contents: &[Vec<u8>]) -> Result<Vec<NamedText>, TemplateError> {
        let mut contents = contents.iter();
        let texts = self.texts.iter().map(|text| {
            let refused = || TemplateError::Text(text.name.clone());
            let digest = match (&text.file, &text.digest) {
                (Some(_), None) => TextDigest(Sha3_256::digest(contents.next().ok_or(TemplateError::Files)?).into()),
                (None, Some(digest)) => digest.parse().map_err(|_| refused())?,
                _ => return Err(refused()),
            };
            Ok(NamedText { name: text.name.clone(), digest })
        });
        texts.collect()
    }

    fn waivers(&self) -> Vec<Waiver> {
        let mut names = self.waivers.clone();
        names.sort_unstable();
        names.dedup();
        let waiver = |name: &WaiverName| match name {
            WaiverName::Threshold => Waiver::Threshold,
            WaiverName::NoWitnesses => Waiver::NoWitnesses,
            WaiverName::SmallTally => Waiver::SmallTally,
        };
        names.iter().map(waiver).collect()
    }

    fn trustees(&self, surroundings: &Surroundings) -> Result<Vec<TrusteeKeys>, TemplateError> {
        let files = self.trustees.iter().zip(&surroundings.trustees).zip(1u32..);
        let keys = files.map(|((file, bytes), index)| {
            let read = TrusteeFile::parse(bytes).and_then(|read| read.keys(&surroundings.election_id, index));
            read.map_err(|fault| TemplateError::Keys { file: file.clone(), fault })
        });
        keys.collect()
    }

    fn registrars(&self, surroundings: &Surroundings) -> Result<Vec<Official>, TemplateError> {
        let files = self.registrars.iter().zip(&surroundings.registrars).zip(1u32..);
        let officials = files.map(|((file, bytes), index)| {
            let read = RegistrarFile::parse(bytes).and_then(|read| read.official(&surroundings.election_id, index));
            read.map_err(|fault| TemplateError::Keys { file: file.clone(), fault })
        });
        officials.collect()
    }
}

/// MAN-11, said before the fold says it, with what each waiver gives away.
fn check_waivers(manifest: &Manifest) -> Result<(), TemplateError> {
    let needed = manifest.waivers_needed();
    let given: Vec<Waiver> = manifest.waivers.iter().copied().filter(|waiver| *waiver != Waiver::SmallTally).collect();
    if needed == given {
        return Ok(());
    }
    let name = |waiver: &Waiver| match waiver {
        Waiver::Threshold => "threshold",
        Waiver::NoWitnesses => "no-witnesses",
        Waiver::SmallTally => "small-tally",
    };
    let advice = if needed.is_empty() {
        "a waiver stands without need".to_owned()
    } else {
        needed.iter().map(|waiver| advice::on_waiver(*waiver)).collect::<Vec<_>>().join("; ")
    };
    Err(TemplateError::Waivers {
        needed: needed.iter().map(name).collect(),
        given: given.iter().map(name).collect(),
        advice,
    })
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
