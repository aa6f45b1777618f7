//! Contests of a ballot definition (MAN-32).

use super::{
    DefinitionFault, Names,
    fault::Misfit,
    json::{Object, Place},
};
use crate::template::contest::{ContestTable, Fraction, KindName, OrderName, Points, unplaced};
use std::collections::BTreeSet;

/// Fields of a contest that only inform.
const INFORMATIVE: [&str; 16] = [
    "Abbreviation",
    "BallotSubTitle",
    "ConStatement",
    "ExternalIdentifier",
    "FullText",
    "InfoUri",
    "OfficeId",
    "OfficeIds",
    "OtherType",
    "ProStatement",
    "SummaryText",
    "TotalSubUnits",
    "Type",
    "CandidateId",
    "OtherVoteVariation",
    "Name",
];

/// A contest, and what ballot styles say about it.
pub(super) struct Read<'a> {
    pub(super) id: String,
    pub(super) place: Place<'a>,
    pub(super) district: Place<'a>,
    pub(super) table: ContestTable,
    /// The `@id` of each option.
    pub(super) options: Vec<String>,
    pub(super) shuffled: bool,
}

impl Names<'_> {
    pub(super) fn contests<'a>(&self, list: Option<Place<'a>>) -> Result<Vec<Read<'a>>, DefinitionFault<'a>> {
        let (mut contests, mut seen) = (Vec::new(), BTreeSet::new());
        let mut last = None;
        for place in list.map(|list| list.list()).transpose()?.unwrap_or_default() {
            let mut object = place.object(&["CandidateContest", "BallotMeasureContest", "RetentionContest"])?;
            ascending(&mut object, &mut last)?;
            let id = object.needed("@id")?;
            let name = id.text()?;
            if !seen.insert(name.clone()) {
                return Err(id.fault(Misfit::Twice));
            }
            contests.push(self.contest(name, object)?);
        }
        Ok(contests)
    }

    fn contest<'a>(&self, id: String, mut object: Object<'a>) -> Result<Read<'a>, DefinitionFault<'a>> {
        let name = object.needed("Name")?.text()?;
        let title = object.take("BallotTitle").map(|title| self.words(&title)).transpose()?.unwrap_or(name);
        let district = object.needed("ElectionDistrictId")?;
        let rotation = object.take("HasRotation").map(|rotation| rotation.truth()).transpose()?.unwrap_or(false);
        let listed = object.needed("ContestOption")?;
        let (ids, options) = self.options(object.kind(), &listed)?;
        let mut table = ContestTable::new(title, KindName::ChooseOne, options, true);
        if object.kind() == "CandidateContest" {
            candidates(&mut object, &mut table, ids.len())?;
        } else {
            self.measure(&mut object, &mut table, ids.len())?;
        }
        if rotation {
            table.order = unplaced(OrderName::Shuffled);
        }
        object.rest(&INFORMATIVE)?;
        Ok(Read { id, place: object.place().clone(), district, table, options: ids, shuffled: rotation })
    }

    /// `@id` and words of each option.
    fn options<'a>(
        &self,
        contest: &str,
        listed: &Place<'a>,
    ) -> Result<(Vec<String>, Vec<String>), DefinitionFault<'a>> {
        let wanted = if contest == "CandidateContest" { "CandidateOption" } else { "BallotMeasureOption" };
        let (mut ids, mut words) = (Vec::new(), Vec::new());
        let (mut seen, mut said_before) = (BTreeSet::new(), BTreeSet::new());
        let mut last = None;
        for place in listed.list()? {
            let mut option = place.object(&[wanted])?;
            ascending(&mut option, &mut last)?;
            let id = option.needed("@id")?;
            let name = id.text()?;
            if !seen.insert(name.clone()) {
                return Err(id.fault(Misfit::Twice));
            }
            let said = if wanted == "CandidateOption" {
                self.candidate(&mut option)?
            } else {
                self.words(&option.needed("Selection")?)?
            };
            option.rest(&["ExternalIdentifier"])?;
            if !said_before.insert(said.clone()) {
                return Err(place.fault(Misfit::Twice));
            }
            ids.push(name);
            words.push(said);
        }
        Ok((ids, words))
    }

    /// One or several candidates of a ticket, with their parties.
    fn candidate<'a>(&self, option: &mut Object<'a>) -> Result<String, DefinitionFault<'a>> {
        if let Some(write_in) = option.take("IsWriteIn")
            && write_in.truth()?
        {
            return Err(write_in.fault(Misfit::WriteIn));
        }
        let (mut names, mut parties): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let ids = option.needed("CandidateIds")?;
        for place in ids.list()? {
            let id = place.text()?;
            let candidate = self.candidates.get(&id).ok_or_else(|| place.fault(Misfit::Unknown(id)))?;
            names.push(candidate.name.clone());
            parties.extend(candidate.party.clone().filter(|party| !parties.contains(party)));
        }
        if names.is_empty() {
            return Err(ids.fault(Misfit::NotA("a list of candidates")));
        }
        if let Some(endorsements) = option.take("EndorsementPartyIds") {
            parties = endorsements.list()?.iter().map(|place| self.party(place)).collect::<Result<_, _>>()?;
        }
        let names = names.join(" / ");
        Ok(if parties.is_empty() { names } else { format!("{names} ({})", parties.join(", ")) })
    }

    /// Yes and no, to which abstention is added; or one of several answers.
    fn measure<'a>(
        &self,
        object: &mut Object<'a>,
        table: &mut ContestTable,
        options: usize,
    ) -> Result<(), DefinitionFault<'a>> {
        if let Some(variation) = object.take("VoteVariation") {
            match variation.text()?.as_str() {
                "plurality" | "n-of-m" => {}
                "majority" if options == 2 => {}
                "majority" => table.share = unplaced(Fraction::HALF),
                _ => {
                    let why = "a measure is read with plurality, n-of-m or majority; write others by hand";
                    return Err(variation.fault(Misfit::Variation(why)));
                }
            }
        }
        if let Some(threshold) = object.take("PassageThreshold") {
            let why = "the threshold is a text: remove it, and state `passes` in the template";
            return Err(threshold.fault(Misfit::Variation(why)));
        }
        if options == 2 {
            let mut words = table.options.take().map(toml::Spanned::into_inner).unwrap_or_default();
            words.push(self.reading.abstain.clone());
            (table.kind, table.options, table.blank) = (unplaced(KindName::Question), unplaced(words), false);
        }
        Ok(())
    }
}

/// The kind of a contest of candidates, by its variation.
fn candidates<'a>(
    object: &mut Object<'a>,
    table: &mut ContestTable,
    options: usize,
) -> Result<(), DefinitionFault<'a>> {
    let all = u32::try_from(options).unwrap_or(u32::MAX);
    let votes_place = object.needed("VotesAllowed")?;
    let votes = votes_place.number()?;
    let is = |right: bool, place: &Place<'a>, expected: String| {
        if right { Ok(()) } else { Err(place.fault(Misfit::Number { expected })) }
    };
    let chosen = |table: &mut ContestTable| {
        is((1..=all).contains(&votes), &votes_place, format!("from 1 to {all}, the number of options"))?;
        if votes > 1 {
            table.kind = unplaced(KindName::Choose);
            (table.minimum, table.maximum) = (unplaced(1), unplaced(votes));
        }
        Ok(())
    };
    let variation = object.take("VoteVariation");
    let name = variation.as_ref().map(Place::text).transpose()?;
    let ranks = object.take("RanksAllowed");
    match name.as_deref() {
        None | Some("plurality" | "n-of-m") => chosen(table)?,
        Some("majority") => {
            chosen(table)?;
            table.share = unplaced(Fraction::HALF);
        }
        Some("approval") => {
            is(votes == all, &votes_place, format!("{all}, the number of options"))?;
            table.kind = unplaced(KindName::Choose);
            (table.minimum, table.maximum) = (unplaced(1), unplaced(all));
        }
        Some("cumulative") => {
            is(votes >= 1, &votes_place, "at least 1".to_owned())?;
            table.kind = unplaced(KindName::Cumulative);
            table.points = unplaced(Points::Number(votes));
        }
        Some("borda") => {
            let places = ranks.as_ref().map(Place::number).transpose()?.unwrap_or(all);
            let place = ranks.as_ref().unwrap_or(&votes_place);
            is((1..=all).contains(&places), place, format!("from 1 to {all}, the number of options"))?;
            table.kind = unplaced(KindName::Ranking);
            (table.points, table.places) = (unplaced(Points::Borda), unplaced(places));
        }
        Some(other) => {
            let why = match other {
                "rcv" => {
                    "instant runoff needs single ballots in the open; kind = \"ranking\" or \"pairwise\" in the template count rankings by totals"
                }
                "range" => "the format does not state the highest score; write kind = \"score\" in the template",
                "proportional" => {
                    "the format does not state the lists and their divisors; write kind = \"lists\" in the template"
                }
                "super-majority" => "the format does not state the share; write `share` in the template",
                _ => "only plurality, n-of-m, majority, approval, cumulative and borda are read",
            };
            let place = variation.unwrap_or_else(|| object.place().clone());
            return Err(place.fault(Misfit::Variation(why)));
        }
    }
    if name.as_deref() != Some("borda")
        && let Some(ranks) = ranks
    {
        return Err(ranks.fault(Misfit::Outside));
    }
    if let Some(elected) = object.take("NumberElected") {
        let seats = elected.number()?;
        is(seats <= all, &elected, format!("at most {all}, the number of options"))?;
        table.seats = unplaced(seats).filter(|_| seats != 1);
    }
    Ok(())
}

/// `SequenceOrder`, where it stands, is the order of the list.
fn ascending<'a>(object: &mut Object<'a>, last: &mut Option<u32>) -> Result<(), DefinitionFault<'a>> {
    let Some(place) = object.take("SequenceOrder") else { return Ok(()) };
    let number = place.number()?;
    if last.replace(number).is_some_and(|last| last >= number) {
        return Err(place.fault(Misfit::SequenceOrder));
    }
    Ok(())
}
