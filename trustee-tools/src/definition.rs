//! A template made of a Ballot Definition in NIST's format (SP 1500-20, JSON): a stated subset, and everything outside of it refused at its
//! place (MAN-32).

mod contests;
mod fault;
mod json;
mod units;

pub use fault::{DefinitionError, DefinitionFault};

use crate::template::{EXAMPLE, PAPERS, Template, UnitTable, contest::ContestTable};
use fault::Misfit;
use json::{Object, Place};
use serde::Serialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The most bytes of a definition.
pub const MAXIMUM_DEFINITION: usize = 4 * 1024 * 1024;

/// What the file does not say.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Which of the texts' languages is taken, such as `en`.
    pub language: String,
    /// The third option of a measure that has but yes and no.
    pub abstain: String,
}

impl Default for Reading {
    fn default() -> Self {
        Self { language: "en".to_owned(), abstain: "Abstain".to_owned() }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    title: String,
    contests: Vec<ContestTable>,
    units: Vec<UnitTable>,
}

/// The part of a template that a definition gives.
#[derive(Serialize)]
struct Papers {
    contests: Vec<Spanned<ContestTable>>,
    units: Vec<UnitTable>,
}

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// [`DefinitionError`], with line, column and path of what cannot be read or is outside the subset.
    pub fn parse(text: &str, reading: &Reading) -> Result<Self, DefinitionError> {
        if text.len() > MAXIMUM_DEFINITION {
            return Err(DefinitionError::TooLong);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let place = Place::whole(text)?;
        read(&place, reading).map_err(|fault| DefinitionError::At(Box::new(fault.located(text))))
    }

    /// The commented template, with this election's name, contests and units.
    ///
    /// # Errors
    /// [`DefinitionError::Template`] where the template's own rules refuse it, with the place in the template that was made.
    pub fn template(&self) -> Result<String, DefinitionError> {
        let head = EXAMPLE.split_once(PAPERS).map_or("", |(head, _)| head);
        let old = head.lines().find(|line| line.starts_with("title = ")).unwrap_or("");
        let title = format!("title = {}", toml::Value::String(self.title.clone()));
        let mut head = head.replacen(old, &title, 1);
        if let Some(voters) = self.voters() {
            head = head.replacen("roll_length = 1200 ", &format!("roll_length = {voters} "), 1);
        }
        let contests = self.contests.iter().map(|contest| Spanned::new(0..0, contest.clone())).collect();
        let papers = toml::to_string(&Papers { contests, units: self.units.clone() })?;
        let text = format!(
            "{head}# What the ballots hold, as the ballot definition says. `vitrine authority example` explains each field.\n\n{papers}"
        );
        Template::parse(&text)?;
        Ok(text)
    }

    /// All voters, if every unit states its own.
    fn voters(&self) -> Option<u32> {
        let stated: Option<Vec<u32>> =
            self.units.iter().map(|unit| unit.voters.as_ref().map(|voters| *voters.get_ref())).collect();
        stated?.into_iter().try_fold(0u32, u32::checked_add)
    }
}

/// What other objects are named by: their place and object by `@id`.
type Named<'a> = BTreeMap<String, Object<'a>>;

/// The names of parties and candidates, and the language.
struct Names<'a> {
    reading: &'a Reading,
    parties: BTreeMap<String, String>,
    candidates: BTreeMap<String, Candidate>,
}

/// Who may be chosen.
struct Candidate {
    name: String,
    party: Option<String>,
}

/// MAN-32.
fn read<'a>(place: &Place<'a>, reading: &'a Reading) -> Result<Definition, DefinitionFault<'a>> {
    let mut whole = place.object(&["BallotDefinition"])?;
    let version = whole.needed("Version")?;
    if version.text()? != "1.0.0" {
        return Err(version.fault(Misfit::Version));
    }
    for name in ["SequenceStart", "SequenceEnd"] {
        if let Some(number) = whole.take(name)
            && number.number()? != 1
        {
            return Err(number.fault(Misfit::Sequence));
        }
    }
    let elections = whole.needed("Election")?;
    let mut list = elections.list()?;
    let (Some(election), true) = (list.pop(), list.is_empty()) else {
        return Err(elections.fault(Misfit::Elections));
    };
    let mut election = election.object(&["Election"])?;
    let mut names = Names { reading, parties: BTreeMap::new(), candidates: BTreeMap::new() };
    for (id, mut party) in identified(whole.take("Party"), &["Party", "Coalition"])? {
        let name = names.words(&party.needed("Name")?)?;
        party.rest(&[
            "Abbreviation",
            "Color",
            "ContactInformation",
            "ContestIds",
            "ExternalIdentifier",
            "IsRecognizedParty",
            "LeaderPersonIds",
            "LogoUri",
            "PartyIds",
            "PartyScopeGpUnitIds",
            "Slogan",
        ])?;
        names.parties.insert(id, name);
    }
    for (id, mut candidate) in identified(election.take("Candidate"), &["Candidate"])? {
        let name = names.words(&candidate.needed("BallotName")?)?;
        let party = candidate.take("PartyId").map(|party| names.party(&party)).transpose()?;
        if let Some(status) = candidate.take("PreElectionStatus")
            && status.text()? == "withdrawn"
        {
            return Err(status.fault(Misfit::Withdrawn));
        }
        candidate.rest(&[
            "CampaignSlogan",
            "ContactInformation",
            "ExternalIdentifier",
            "FileDate",
            "IsIncumbent",
            "IsTopTicket",
            "PersonId",
            "ReadName",
        ])?;
        names.candidates.insert(id, Candidate { name, party });
    }
    let contests = names.contests(election.take("Contest"))?;
    let units = identified(whole.take("GpUnit"), &["ReportingUnit"])?;
    let title = names.words(&election.needed("Name")?)?;
    let (units, order) = names.units(units, &mut election, &contests)?;
    election.rest(&[
        "ContactInformation",
        "EndDate",
        "ExternalIdentifier",
        "ExternalIdentifierIds",
        "OtherType",
        "StartDate",
        "Type",
    ])?;
    whole.rest(&[
        "BallotFormat",
        "ExternalIdentifier",
        "GeneratedDate",
        "Geometry",
        "Header",
        "IsTest",
        "Issuer",
        "IssuerAbbreviation",
        "Notes",
        "Office",
        "OfficeGroup",
        "Person",
        "Shape",
        "TestType",
        "VendorApplicationId",
    ])?;
    let mut tables: Vec<Option<ContestTable>> = contests.into_iter().map(|contest| Some(contest.table)).collect();
    let contests = order.into_iter().filter_map(|place| tables.get_mut(place)?.take()).collect();
    Ok(Definition { title, contests, units })
}

/// The objects of a list, which may be absent, by `@id`.
fn identified<'a>(list: Option<Place<'a>>, types: &[&'static str]) -> Result<Named<'a>, DefinitionFault<'a>> {
    let mut named = Named::new();
    for place in list.map(|list| list.list()).transpose()?.unwrap_or_default() {
        let mut object = place.object(types)?;
        let id = object.needed("@id")?;
        if named.insert(id.text()?, object).is_some() {
            return Err(id.fault(Misfit::Twice));
        }
    }
    Ok(named)
}

impl Names<'_> {
    /// The words of an internationalised text, in the language wanted.
    fn words<'a>(&self, place: &Place<'a>) -> Result<String, DefinitionFault<'a>> {
        let mut object = place.object(&["InternationalizedText"])?;
        let texts = object.needed("Text")?;
        object.rest(&["Label"])?;
        let (mut found, mut languages) = (None, Vec::new());
        for text in texts.list()? {
            let mut text = text.object(&["LanguageString"])?;
            let (language, content) = (text.needed("Language")?, text.needed("Content")?);
            text.rest(&[])?;
            let (name, words) = (language.text()?, content.text()?);
            if name == self.reading.language && found.replace(words).is_some() {
                return Err(language.fault(Misfit::Twice));
            }
            languages.push(name);
        }
        found.ok_or_else(|| {
            texts.fault(Misfit::NoLanguage { language: self.reading.language.clone(), languages: languages.join(", ") })
        })
    }

    /// The name of the party that is named there.
    fn party<'a>(&self, place: &Place<'a>) -> Result<String, DefinitionFault<'a>> {
        let id = place.text()?;
        self.parties.get(&id).cloned().ok_or_else(|| place.fault(Misfit::Unknown(id)))
    }
}

#[cfg(test)]
#[path = "definition_tests.rs"]
mod tests;
