//! Units of a ballot definition: who votes in which contests, by the ballot styles (MAN-32).

use super::{
    DefinitionFault, Named, Names,
    contests::Read,
    fault::Misfit,
    json::{Object, Place},
};
use crate::template::{ContestName, UnitTable, contest::unplaced};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Most headers inside of each other.
const DEEPEST: u32 = 16;

/// The units of a ballot style, and its contests in order.
type Style<'a> = (Vec<Place<'a>>, Vec<(usize, Place<'a>)>);
/// Where each contest stands.
type Index<'c> = BTreeMap<&'c str, usize>;
/// The units and the order of all contests.
type Units = (Vec<UnitTable>, Vec<usize>);

impl Names<'_> {
    pub(super) fn units<'a>(
        &self,
        mut units: Named<'a>,
        election: &mut Object<'a>,
        contests: &[Read<'a>],
    ) -> Result<Units, DefinitionFault<'a>> {
        let scope = election.needed("ElectionScopeId")?;
        for contest in contests {
            known(&contest.district, &units)?;
        }
        known(&scope, &units)?;
        let index: Index<'_> =
            contests.iter().enumerate().map(|(place, contest)| (contest.id.as_str(), place)).collect();
        let mut styles: Vec<Style<'a>> = Vec::new();
        match election.take("BallotStyle") {
            Some(listed) => {
                for place in listed.list()? {
                    let mut style = place.object(&["BallotStyle"])?;
                    let of = style.needed("GpUnitIds")?.list()?;
                    let content = style.take("OrderedContent");
                    style.rest(&["ExternalIdentifier", "ImageUri", "Language", "Purpose"])?;
                    let mut order = Vec::new();
                    if let Some(content) = content {
                        ordered(&content, (contests, &index), &mut order, DEEPEST)?;
                    }
                    styles.push((of, order));
                }
            }
            None => {
                let whole = scope.text()?;
                for contest in contests {
                    if contest.district.text()? != whole {
                        return Err(contest.district.fault(Misfit::NeedsStyles));
                    }
                }
                let all = contests.iter().enumerate().map(|(place, contest)| (place, contest.place.clone()));
                styles.push((vec![scope], all.collect()));
            }
        }
        let order = order_of_all(contests, &styles)?;
        // The number that each contest has from now on.
        let number: BTreeMap<usize, u32> = order.iter().copied().zip(1u32..).collect();
        let mut tables = Vec::new();
        let mut seen = BTreeSet::new();
        for (of, contents) in &styles {
            for place in of {
                let id = place.text()?;
                if !seen.insert(id.clone()) {
                    return Err(place.fault(Misfit::TwoStyles));
                }
                let unit = units.get_mut(&id).ok_or_else(|| place.fault(Misfit::Unknown(id)))?;
                let name = self.words(&unit.needed("Name")?)?;
                let voters = unit.take("VotersRegistered").map(|voters| voters.number()).transpose()?;
                let mut numbers: Vec<u32> =
                    contents.iter().filter_map(|(contest, _)| number.get(contest).copied()).collect();
                numbers.sort_unstable();
                let contests = numbers.into_iter().map(|number| Spanned::new(0..0, ContestName::Number(number)));
                tables.push(UnitTable { name, contests: Some(contests.collect()), voters: voters.and_then(unplaced) });
            }
        }
        for unit in units.values() {
            unit.rest(&[
                "AuthorityIds",
                "ComposingGpUnitIds",
                "ContactInformation",
                "ElectionAdministration",
                "ExternalIdentifier",
                "IsDistricted",
                "IsMailOnly",
                "Name",
                "Number",
                "OtherType",
                "PartyRegistration",
                "SpatialDimension",
                "TotalSubUnits",
                "Type",
                "VotersRegistered",
            ])?;
        }
        Ok((tables, order))
    }
}

/// That the unit named there exists.
fn known<'a>(place: &Place<'a>, units: &Named<'a>) -> Result<(), DefinitionFault<'a>> {
    let id = place.text()?;
    if units.contains_key(&id) { Ok(()) } else { Err(place.fault(Misfit::Unknown(id))) }
}

/// The contests of a ballot style in order, those under headers among the others.
fn ordered<'a>(
    content: &Place<'a>,
    (contests, index): (&[Read<'a>], &Index<'_>),
    order: &mut Vec<(usize, Place<'a>)>,
    depth: u32,
) -> Result<(), DefinitionFault<'a>> {
    let depth = depth.checked_sub(1).ok_or_else(|| content.fault(Misfit::NotA("so shallow as is read")))?;
    for place in content.list()? {
        let mut object = place.object(&["OrderedContest", "OrderedHeader"])?;
        if object.kind() == "OrderedHeader" {
            if let Some(inner) = object.take("OrderedContent") {
                ordered(&inner, (contests, index), order, depth)?;
            }
            object.rest(&["HeaderId"])?;
            continue;
        }
        let named = object.needed("ContestId")?;
        let id = named.text()?;
        let found = index.get(id.as_str()).and_then(|place| Some((*place, contests.get(*place)?)));
        let Some((number, contest)) = found else {
            return Err(named.fault(Misfit::Unknown(id)));
        };
        if order.iter().any(|(other, _)| *other == number) {
            return Err(named.fault(Misfit::Twice));
        }
        if let Some(options) = object.take("OrderedContestOptionIds") {
            let ids = options.list()?.iter().map(Place::text).collect::<Result<Vec<_>, _>>()?;
            let mut sorted = (ids.clone(), contest.options.clone());
            sorted.0.sort_unstable();
            sorted.1.sort_unstable();
            if sorted.0 != sorted.1 || !(contest.shuffled || ids == contest.options) {
                return Err(options.fault(Misfit::Order));
            }
        }
        object.rest(&["Physical"])?;
        order.push((number, named));
    }
    Ok(())
}

/// One order of all contests that each style's order is a part of; of several possible ones that in which earlier contests of the definition
/// come first.
fn order_of_all<'a>(contests: &[Read<'a>], styles: &[Style<'a>]) -> Result<Vec<usize>, DefinitionFault<'a>> {
    let pairs: BTreeSet<(usize, usize)> = styles
        .iter()
        .flat_map(|(_, style)| {
            style.iter().zip(style.iter().skip(1)).map(|((before, _), (after, _))| (*before, *after))
        })
        .collect();
    let offered: BTreeSet<usize> = styles.iter().flat_map(|(_, style)| style.iter().map(|(place, _)| *place)).collect();
    if let Some((_, contest)) = contests.iter().enumerate().find(|(place, _)| !offered.contains(place)) {
        return Err(contest.place.fault(Misfit::NoStyle));
    }
    // How many contests each one still waits for.
    let mut waiting: BTreeMap<usize, usize> = (0..contests.len()).map(|place| (place, 0)).collect();
    for (_, after) in &pairs {
        waiting.entry(*after).and_modify(|count| *count = count.saturating_add(1));
    }
    let mut ready: BTreeSet<usize> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(place, _)| *place).collect();
    let mut order = Vec::with_capacity(contests.len());
    while let Some(next) = ready.pop_first() {
        waiting.remove(&next);
        order.push(next);
        for (_, after) in pairs.range((next, 0)..=(next, usize::MAX)) {
            if let Some(count) = waiting.get_mut(after) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(*after);
                }
            }
        }
    }
    // What still waits goes round in a circle.
    match waiting.keys().next().and_then(|place| contests.get(*place)) {
        Some(contest) => Err(contest.place.fault(Misfit::Circle)),
        None => Ok(order),
    }
}
