//! The manifest's rules (MAN-1 to MAN-12, MAN-14, MAN-41).

use super::examined::claimed;
use crate::{
    contest::ContestKind,
    context::{self, Role},
    manifest::{Manifest, Official, SEALING, Waiver},
    rule::{Rejection, demand, refuse},
    text::check_name,
};
use crypto::{
    batch::Bases,
    relation::Relation,
    schnorr::{Possession, possession_claim},
    transcript::SUITE,
};
use std::collections::BTreeSet;
use tlog::{
    note::{Algorithm, MAX_SIGNATURES, VerifierKey},
    policy::Policy,
};

/// Totals stay below this bound, within reach of the discrete logarithm (MAN-7).
pub const TOTAL_BOUND: u64 = 1 << 40;
/// Points and amounts stay below this bound, so that every reader of a JSON number has them exactly (MAN-7).
const FIGURE_BOUND: u64 = 1 << 53;
/// Most trustees and registrars.
pub const MAXIMUM_PARTIES: usize = 32;
/// Times are below this many minutes, so that sums of them cannot overflow (MAN-9).
pub const MAXIMUM_TIME: u64 = 1 << 32;

/// Checks the whole manifest; gives the contests' relations and the witness policy.
pub(super) fn check(manifest: &Manifest) -> Result<(Vec<Relation>, Policy), Rejection> {
    // MAN-2
    demand!(manifest.suite == SUITE, UnknownSuite, SUITE, &manifest.suite);
    demand!(manifest.sealing == SEALING, UnknownSuite, SEALING, &manifest.sealing);
    check_name(&manifest.title, "title")?;
    for text in &manifest.texts {
        check_name(&text.name, "text name")?;
    }
    check_threshold(manifest)?;
    let relations = check_contests(manifest)?;
    check_units(manifest, &relations)?;
    check_totals(manifest)?;
    check_times(manifest)?;
    let policy = check_log(manifest)?;
    check_evidence(manifest, &policy)?;
    check_waivers(manifest)?;
    // MAN-41
    if let Some(pages) = &manifest.pages {
        pages.check()?;
    }
    check_officials(manifest)?;
    Ok((relations, policy))
}

/// MAN-3.
fn check_threshold(manifest: &Manifest) -> Result<(), Rejection> {
    let n = manifest.trustees.len();
    let (k, q) = (manifest.threshold, manifest.quorum);
    let fits = n <= MAXIMUM_PARTIES && 1 <= k && k <= q && u64::from(q) <= manifest.trustee_count();
    demand!(fits, BadThreshold, "1 <= k <= q <= n <= 32", format!("k = {k}, q = {q}, n = {n}"));
    Ok(())
}

/// MAN-5 and MAN-20 to MAN-22: at least one contest, and each is well formed.
fn check_contests(manifest: &Manifest) -> Result<Vec<Relation>, Rejection> {
    demand!(!manifest.contests.is_empty(), BadContest, "at least one contest", "none");
    manifest.contests.iter().enumerate().map(|(place, contest)| contest.check(place)).collect()
}

/// MAN-6 and MAN-8.
fn check_units(manifest: &Manifest, relations: &[Relation]) -> Result<(), Rejection> {
    let mut names = BTreeSet::new();
    for (index, unit) in manifest.units.iter().enumerate() {
        check_name(&unit.name, "unit name")?;
        demand!(names.insert(&unit.name), BadUnit, "units with names of their own", format!("{} twice", unit.name));
        let ascending = unit.contests.is_sorted_by(|a, b| a < b);
        let known = unit.contests.iter().all(|contest| manifest.contest(*contest).is_some());
        demand!(
            ascending && known && !unit.contests.is_empty(),
            BadUnit,
            format!("ascending indices of contests in unit {index}"),
            format!("{:?}", unit.contests)
        );
        let contests = unit
            .contests
            .iter()
            .filter_map(|contest| Some((manifest.contest(*contest)?, relations.get(usize::try_from(*contest).ok()?)?)));
        // Opened: the sealed bytes, r, the value of each slot, and heads of at most 5 bytes each (MAN-8).
        let size = contests.fold(200usize, |size, (contest, relation)| {
            let values = contest.slot_maxima().into_iter().map(encoded_length).fold(0, usize::saturating_add);
            size.saturating_add(relation.sealed_len()).saturating_add(values).saturating_add(50)
        });
        let maximum = crate::body::MAXIMUM_BODY;
        demand!(size <= maximum, BallotTooLong, format!("at most {maximum} bytes in unit {index}"), size);
    }
    let offered: BTreeSet<u32> = manifest.units.iter().flat_map(|unit| unit.contests.iter().copied()).collect();
    demand!(
        offered.len() == manifest.contests.len(),
        BadUnit,
        "every contest offered by a unit",
        format!("{} of {} contests", offered.len(), manifest.contests.len())
    );
    Ok(())
}

/// MAN-7 and MAN-12.
fn check_totals(manifest: &Manifest) -> Result<(), Rejection> {
    let (length, weight) = (manifest.roll_length, manifest.largest_weight);
    demand!(
        length >= 1 && weight >= 1,
        BadRollSize,
        "a roll of at least one row and weights from 1",
        format!("{length} rows, largest weight {weight}")
    );
    let voters = u64::from(length).saturating_mul(weight.into());
    for (place, contest) in manifest.contests.iter().enumerate() {
        let largest = contest.slot_maxima().into_iter().max().unwrap_or(0);
        let total = u128::from(voters) * u128::from(largest);
        let (worth, advice) = match &contest.kind {
            ContestKind::Budget { currency, pot, step } => {
                let reach = |bound: u64, unit: u32| {
                    let each = bound.saturating_sub(1).checked_div(voters).unwrap_or(0);
                    each.checked_div(unit.into()).unwrap_or(0)
                };
                let steps =
                    reach(TOTAL_BOUND, 1).min(reach(FIGURE_BOUND, *step)).min(u64::from(u32::MAX / (*step).max(1)));
                let fits = steps.saturating_mul(u64::from(*step));
                (*pot, format!("; the largest pot that fits with this step is {fits} {currency}"))
            }
            ContestKind::Positional { points, .. } => (points.iter().copied().max().unwrap_or(0), String::new()),
            _ => (0, String::new()),
        };
        let figure = u128::from(voters) * u128::from(worth);
        demand!(
            figure < u128::from(FIGURE_BOUND),
            TotalsTooLarge,
            format!("roll length x largest weight x pot or points of a place below 2^53 in contest {place}{advice}"),
            figure
        );
        demand!(
            total < u128::from(TOTAL_BOUND),
            TotalsTooLarge,
            format!("roll length x largest weight x largest slot value below 2^40 in contest {place}{advice}"),
            total
        );
    }
    Ok(())
}

/// MAN-9.
fn check_times(manifest: &Manifest) -> Result<(), Rejection> {
    let ordered = manifest.stage_deadlines.is_sorted()
        && manifest.opening < manifest.closing
        && manifest.closing <= manifest.latest_closing
        && manifest.latest_closing < MAXIMUM_TIME
        && manifest.grace < MAXIMUM_TIME
        && manifest.stage_deadlines.iter().all(|deadline| *deadline < MAXIMUM_TIME);
    demand!(
        ordered,
        BadTimes,
        "stage deadlines in order; opening < closing <= latest closing; all below 2^32 minutes",
        format!(
            "stages {:?}, opening {}, closing {}, latest {}, grace {}",
            manifest.stage_deadlines, manifest.opening, manifest.closing, manifest.latest_closing, manifest.grace
        )
    );
    Ok(())
}

/// MAN-10: one log, whose key bears the origin's name, and a policy that names exactly that log.
fn check_log(manifest: &Manifest) -> Result<Policy, Rejection> {
    let key = log_key(&manifest.log_key).map_err(|found| refuse!(BadLog, "an Ed25519 verifier key", found))?;
    demand!(key.name() == manifest.log_origin, BadLog, &manifest.log_origin, key.name());
    let policy = Policy::parse(manifest.policy.as_bytes())
        .map_err(|error| refuse!(BadLog, "a policy in tlog-policy form", error))?;
    let logs: Vec<&VerifierKey> = policy.logs().iter().map(|log| &log.key).collect();
    demand!(logs == [&key], BadLog, "a policy with exactly the log's key", format!("{} log lines", logs.len()));
    Ok(policy)
}

/// MAN-14: the longest time evidence is a note and fits a body. One line of the note is the log's own.
fn check_evidence(manifest: &Manifest, policy: &Policy) -> Result<(), Rejection> {
    let witnesses = policy.witnesses();
    let most = MAX_SIGNATURES.saturating_sub(1);
    demand!(witnesses.len() <= most, EvidenceTooLong, format!("at most {most} witnesses"), witnesses.len());
    // The log's own line, the three lines of the tree head and the rest of the body: 300, and an origin of at most 21 bytes more.
    let base = manifest.log_origin.len().saturating_mul(2).saturating_add(300);
    let lines = witnesses.iter().map(|witness| witness.key.name().len().saturating_add(110));
    let size = lines.fold(base, usize::saturating_add);
    let maximum = crate::body::MAXIMUM_BODY;
    demand!(size <= maximum, EvidenceTooLong, format!("names that make at most {maximum} bytes"), size);
    Ok(())
}

/// A log key in signed-note text form, of the only type a log signs with.
pub(super) fn log_key(text: &str) -> Result<VerifierKey, String> {
    let key: VerifierKey = text.parse().map_err(|error: tlog::note::KeyError| error.to_string())?;
    if key.algorithm() == Algorithm::Ed25519 { Ok(key) } else { Err("a cosignature key".into()) }
}

/// MAN-11.
fn check_waivers(manifest: &Manifest) -> Result<(), Rejection> {
    let needed = manifest.waivers_needed();
    let mut given = manifest.waivers.clone();
    let sorted = given.is_sorted_by(|a, b| a < b);
    given.retain(|waiver| *waiver != Waiver::SmallTally);
    demand!(
        sorted && given == needed,
        WaiverMissing,
        format!("waivers in ascending order, of the needed ones exactly {needed:?}"),
        format!("{:?}", manifest.waivers)
    );
    Ok(())
}

/// MAN-4: every official named and proved, and no key used twice.
fn check_officials(manifest: &Manifest) -> Result<(), Rejection> {
    let registrars = manifest.registrars.len();
    demand!((1..=MAXIMUM_PARTIES).contains(&registrars), BadOfficialKey, "1 to 32 registrars", registrars);
    let single = |role, index, official: &Official| {
        (role, index, official.name.clone(), vec![official.signing_key], official.possession)
    };
    let registrars = manifest.registrars.iter().zip(1..);
    let registrars = registrars.map(|(official, index)| single(Role::Registrar, index, official));
    let trustees = manifest.trustees.iter().zip(1..).map(|(trustee, index)| {
        let keys = vec![trustee.signing_key, trustee.share_key];
        (Role::Trustee, index, trustee.name.clone(), keys, trustee.possession)
    });
    let parties = [single(Role::Authority, 0, &manifest.authority)].into_iter().chain(registrars).chain(trustees);
    let bases = Bases::new(0, &[]);
    let mut seen = BTreeSet::new();
    for (role, index, name, keys, possession) in parties {
        check_name(&name, "name")?;
        let whose = format!("keys of their own, with proof of possession, of {role:?} {index} {name:?}");
        for key in &keys {
            demand!(seen.insert(*key), BadOfficialKey, &whose, "a key used twice");
        }
        let transcript = context::key_possession(&manifest.election_id, role, index, &name);
        let refusal = |found| refuse!(BadOfficialKey, &whose, found);
        let (claim, rejection) = claimed(possession_claim(transcript, &keys, &Possession::new(possession)), refusal)?;
        claim.verify(&bases).map_err(|_| rejection)?;
    }
    Ok(())
}

/// Bytes of an integer in deterministic CBOR.
fn encoded_length(value: u64) -> usize {
    match value {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}
