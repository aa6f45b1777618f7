//! The roll and the credentials (ROL-1 to ROL-8).

use crate::{
    body::{ROWS_PER_CHUNK, Replacement, Roll, RollRow},
    fingerprint,
    ids::{ElectionFingerprint, RollFingerprint, SubmissionId},
    manifest::Manifest,
    rule::{Rejection, demand, refuse},
};
use crypto::{EncodedPoint, Point};
use std::collections::{BTreeMap, HashMap, HashSet};

/// One row of the roll, and what its credential did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voter {
    /// Sum of the registrars' partial keys so far; complete when every registrar has posted the chunk.
    pub(super) key: EncodedPoint,
    pub(super) unit: u32,
    pub(super) weight: u32,
    /// Recorded ballots, at most 64.
    pub(super) ballots: u8,
    /// Published audits, at most 5.
    pub(super) audits: u8,
    /// Position and tracker of the latest ballot.
    pub(super) position: u64,
    pub(super) tracker: SubmissionId,
    /// Whether its ballots count for nothing (OVR-4).
    pub(super) overridden: bool,
}

impl Voter {
    /// TAL-7, OVR-4: whether its latest ballot, if it has one, is counted.
    pub(super) fn counts(&self) -> bool {
        self.ballots > 0 && !self.overridden
    }
}

/// What the record says of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialState {
    /// Roll index.
    pub index: u32,
    /// Index of the unit.
    pub unit: u32,
    /// Weight.
    pub weight: u32,
    /// Recorded ballots; the next one's sequence is one more.
    pub sequence: u64,
    /// Tracker of the latest ballot; 32 zero bytes if there is none.
    pub previous: SubmissionId,
    /// Position of the latest ballot, if there is one.
    pub position: Option<u64>,
    /// Published audits.
    pub audits: u8,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    registrars: BTreeMap<u32, SubmissionId>,
    voters: Vec<Voter>,
}

#[derive(Clone, Debug)]
struct PendingReplacement {
    sum: Point,
    registrars: Vec<u32>,
}

/// The roll as far as the record has it.
#[derive(Clone, Debug)]
pub struct RollState {
    registrars: u32,
    length: u32,
    chunks: BTreeMap<u32, Chunk>,
    /// Complete combined keys.
    index: HashMap<EncodedPoint, u32>,
    /// Keys that may no longer vote: each one's roll index, and the round that replaced it.
    replaced: HashMap<EncodedPoint, (u32, u32)>,
    rounds: BTreeMap<u32, u32>,
    pending: BTreeMap<u32, PendingReplacement>,
    fingerprint: Option<RollFingerprint>,
    unit_sizes: Vec<u64>,
}

impl RollState {
    pub(super) fn new(manifest: &Manifest) -> Self {
        Self {
            registrars: u32::try_from(manifest.registrars.len()).expect("at most 32 registrars"),
            length: manifest.roll_length,
            chunks: BTreeMap::new(),
            index: HashMap::new(),
            replaced: HashMap::new(),
            rounds: BTreeMap::new(),
            pending: BTreeMap::new(),
            fingerprint: None,
            unit_sizes: vec![0; manifest.units.len()],
        }
    }

    /// Rows announced by the manifest.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// Chunks of every registrar's roll.
    pub fn chunk_count(&self) -> u32 {
        self.length.div_ceil(ROWS_PER_CHUNK)
    }

    /// The chunks a registrar has not posted.
    pub fn missing_chunks(&self, registrar: u32) -> Vec<u32> {
        let has = |chunk: &u32| self.chunks.get(chunk).is_some_and(|chunk| chunk.registrars.contains_key(&registrar));
        (0..self.chunk_count()).filter(|chunk| !has(chunk)).collect()
    }

    /// How many chunks a registrar has not posted: counted from those it has, for the announced length may be anything (VER-15).
    pub fn missing_chunk_count(&self, registrar: u32) -> u32 {
        let posted = self.chunks.values().filter(|chunk| chunk.registrars.contains_key(&registrar)).count();
        self.chunk_count().saturating_sub(u32::try_from(posted).unwrap_or(u32::MAX))
    }

    /// Whether every registrar's roll has its announced length.
    pub fn is_complete(&self) -> bool {
        self.fingerprint.is_some()
    }

    /// Roll fingerprint, once complete.
    pub fn fingerprint(&self) -> Option<RollFingerprint> {
        self.fingerprint
    }

    /// Credentials of each unit.
    pub fn unit_sizes(&self) -> &[u64] {
        &self.unit_sizes
    }

    /// OVR-4: the row's ballots count for nothing from now on.
    pub(super) fn set_overridden(&mut self, index: u32) {
        if let Some(voter) = self.at_mut(index) {
            voter.overridden = true;
        }
    }

    /// How many rows have each weight, as far as the roll is posted.
    pub fn weights(&self) -> BTreeMap<u32, u64> {
        let mut weights = BTreeMap::new();
        for voter in self.voters() {
            let rows: &mut u64 = weights.entry(voter.weight).or_default();
            *rows = rows.saturating_add(1);
        }
        weights
    }

    /// Unit and weight of a roll index, as soon as one registrar has posted it (ROL-4).
    pub fn place(&self, index: u32) -> Option<(u32, u32)> {
        self.at(index).map(|voter| (voter.unit, voter.weight))
    }

    /// Credentials whose replacement took effect.
    pub fn replacements(&self) -> u64 {
        self.rounds.values().map(|rounds| u64::from(*rounds)).sum()
    }

    /// The number that the next replacement of a roll index bears (ROL-7).
    pub fn replacement_round(&self, index: u32) -> u32 {
        self.rounds.get(&index).copied().unwrap_or(0).saturating_add(1)
    }

    /// The registrars that have joined the round of replacements which is open for a roll index (ROL-7).
    pub fn replacement_joined(&self, index: u32) -> &[u32] {
        self.pending.get(&index).map_or(&[], |pending| &pending.registrars)
    }

    /// Whether a ballot of a roll index's credential is in the record, so that it is replaced no more (ROL-8).
    pub fn has_voted(&self, index: u32) -> bool {
        self.at(index).is_some_and(|voter| voter.ballots > 0)
    }

    /// Whether a key was replaced by another and may no longer vote.
    pub fn was_replaced(&self, key: &EncodedPoint) -> bool {
        self.replaced.contains_key(key)
    }

    /// The roll index of a key that was replaced, and the round of replacements in which it was (ROL-7).
    pub fn replacement_of(&self, key: &EncodedPoint) -> Option<(u32, u32)> {
        self.replaced.get(key).copied()
    }

    /// What the record says of a credential; `None` if it is not on the roll or was replaced.
    pub fn credential(&self, key: &EncodedPoint) -> Option<CredentialState> {
        let (index, voter) = self.voter(key)?;
        Some(CredentialState {
            index,
            unit: voter.unit,
            weight: voter.weight,
            sequence: voter.ballots.into(),
            previous: voter.tracker,
            position: (voter.ballots > 0).then_some(voter.position),
            audits: voter.audits,
        })
    }

    pub(super) fn voter(&self, key: &EncodedPoint) -> Option<(u32, &Voter)> {
        let index = *self.index.get(key)?;
        Some((index, self.at(index)?))
    }

    pub(super) fn voter_mut(&mut self, key: &EncodedPoint) -> Option<&mut Voter> {
        let index = *self.index.get(key)?;
        self.at_mut(index)
    }

    pub(super) fn voters(&self) -> impl Iterator<Item = &Voter> {
        self.chunks.values().flat_map(|chunk| chunk.voters.iter())
    }

    fn at(&self, index: u32) -> Option<&Voter> {
        self.chunks.get(&(index / ROWS_PER_CHUNK))?.voters.get(usize::try_from(index % ROWS_PER_CHUNK).ok()?)
    }

    fn at_mut(&mut self, index: u32) -> Option<&mut Voter> {
        let place = usize::try_from(index % ROWS_PER_CHUNK).ok()?;
        self.chunks.get_mut(&(index / ROWS_PER_CHUNK))?.voters.get_mut(place)
    }

    /// ROL-1, ROL-2, ROL-4, ROL-5: whether the chunk fits; gives the summed keys.
    pub(super) fn admissible(
        &self,
        manifest: &Manifest,
        registrar: u32,
        roll: &Roll,
    ) -> Result<Vec<EncodedPoint>, Rejection> {
        let chunks = self.chunk_count();
        let known = self.chunks.get(&roll.chunk);
        let repeated = known.is_some_and(|chunk| chunk.registrars.contains_key(&registrar));
        demand!(
            roll.chunks == chunks && roll.chunk < chunks && !repeated,
            WrongChunk,
            format!("one of {chunks} chunks that registrar {registrar} has not posted"),
            format!("chunk {} of {}{}", roll.chunk, roll.chunks, if repeated { ", posted already" } else { "" })
        );
        let first = roll.chunk.saturating_mul(ROWS_PER_CHUNK);
        let rows = self.length.saturating_sub(first).min(ROWS_PER_CHUNK);
        demand!(u32::try_from(roll.rows.len()) == Ok(rows), WrongChunk, format!("{rows} rows"), roll.rows.len());
        let units = u32::try_from(manifest.units.len()).unwrap_or(u32::MAX);
        for (row, index) in roll.rows.iter().zip(first..) {
            demand!(
                row.unit < units && (1..=manifest.largest_weight).contains(&row.weight),
                BadRow,
                format!("unit below {units}, weight 1 to {} in row {index}", manifest.largest_weight),
                format!("unit {}, weight {}", row.unit, row.weight)
            );
        }
        let last = known.map_or(0, |chunk| chunk.registrars.len()).saturating_add(1)
            == usize::try_from(self.registrars).unwrap_or(usize::MAX);
        let mut sums = Vec::with_capacity(roll.rows.len());
        let mut fresh = HashSet::new();
        for (place, (row, index)) in roll.rows.iter().zip(first..).enumerate() {
            let voter = known.and_then(|chunk| chunk.voters.get(place));
            let sum = self.sum_row(voter, row, index)?;
            if last {
                let twice = self.index.contains_key(&sum) || !fresh.insert(sum);
                demand!(
                    sum != EncodedPoint::IDENTITY && !twice,
                    BadCredentialKey,
                    format!("a combined key of its own in row {index}"),
                    if twice { "a key that occurs twice" } else { "the identity" }
                );
            }
            sums.push(sum);
        }
        Ok(sums)
    }

    fn sum_row(&self, voter: Option<&Voter>, row: &RollRow, index: u32) -> Result<EncodedPoint, Rejection> {
        let key = |key: &EncodedPoint| {
            key.decode().map_err(|error| refuse!(CredentialUnproved, format!("a key in row {index}"), error))
        };
        let Some(voter) = voter else {
            key(&row.key)?;
            return Ok(row.key);
        };
        demand!(
            (voter.unit, voter.weight) == (row.unit, row.weight),
            RegistrarsDisagree,
            format!("unit {}, weight {} in row {index}", voter.unit, voter.weight),
            format!("unit {}, weight {}", row.unit, row.weight)
        );
        Ok(EncodedPoint::encode(&(key(&voter.key)? + key(&row.key)?)))
    }

    /// Takes a chunk that [`Self::admissible`] let pass.
    pub(super) fn accept(
        &mut self,
        election: &ElectionFingerprint,
        registrar: u32,
        roll: &Roll,
        sums: Vec<EncodedPoint>,
        id: SubmissionId,
    ) {
        let chunk = self.chunks.entry(roll.chunk).or_default();
        chunk.registrars.insert(registrar, id);
        chunk.voters = roll
            .rows
            .iter()
            .zip(&sums)
            .map(|(row, key)| Voter {
                key: *key,
                unit: row.unit,
                weight: row.weight,
                ballots: 0,
                audits: 0,
                position: 0,
                tracker: SubmissionId([0; 32]),
                overridden: false,
            })
            .collect();
        if chunk.registrars.len() < usize::try_from(self.registrars).unwrap_or(usize::MAX) {
            return;
        }
        let first = roll.chunk.saturating_mul(ROWS_PER_CHUNK);
        self.index.extend(sums.into_iter().zip(first..));
        for row in &roll.rows {
            if let Some(size) = usize::try_from(row.unit).ok().and_then(|unit| self.unit_sizes.get_mut(unit)) {
                *size = size.saturating_add(1);
            }
        }
        if u64::try_from(self.index.len()) == Ok(self.length.into()) {
            let of = |registrar: u32| {
                self.chunks.values().filter_map(|chunk| chunk.registrars.get(&registrar).copied()).collect()
            };
            let registrars: Vec<Vec<SubmissionId>> = (1..=self.registrars).map(of).collect();
            self.fingerprint = Some(fingerprint::roll(election, &registrars));
        }
    }

    /// ROL-6 to ROL-8, ROL-5: whether a replacement fits; gives the sum of the new key's parts so far.
    pub(super) fn replacement_admissible(
        &self,
        manifest: &Manifest,
        registrar: u32,
        body: &Replacement,
    ) -> Result<Point, Rejection> {
        demand!(manifest.replacement, ReplacementNotAllowed, "a manifest that allows it", "replacement: false");
        let round = self.replacement_round(body.index);
        let pending = self.pending.get(&body.index);
        let posted = pending.is_some_and(|pending| pending.registrars.contains(&registrar));
        let voter = self.at(body.index).filter(|_| self.is_complete());
        let (Some(voter), true, false) = (voter, body.round == round, posted) else {
            return Err(refuse!(
                BadReplacement,
                format!("a roll index below {} of the complete roll, round {round}, once a registrar", self.length),
                format!("index {}, round {}{}", body.index, body.round, if posted { ", posted already" } else { "" })
            ));
        };
        demand!(voter.ballots == 0, CredentialUsed, "no ballot", format!("{} ballots", voter.ballots));
        let part = body.key.decode().map_err(|error| refuse!(CredentialUnproved, "a new key", error))?;
        let sum = pending.map_or(part, |pending| pending.sum + part);
        let encoded = EncodedPoint::encode(&sum);
        if self.completes(body.index) {
            let taken = self.index.contains_key(&encoded) || self.replaced.contains_key(&encoded);
            demand!(
                encoded != EncodedPoint::IDENTITY && !taken,
                BadCredentialKey,
                "a combined key never used before",
                if taken { "a key that occurs already" } else { "the identity" }
            );
        }
        Ok(sum)
    }

    fn completes(&self, index: u32) -> bool {
        let posted = self.pending.get(&index).map_or(0, |pending| pending.registrars.len());
        posted.saturating_add(1) == usize::try_from(self.registrars).unwrap_or(usize::MAX)
    }

    /// Takes a replacement that [`Self::replacement_admissible`] let pass.
    pub(super) fn accept_replacement(&mut self, registrar: u32, body: &Replacement, sum: Point) {
        if !self.completes(body.index) {
            let pending = self.pending.entry(body.index).or_insert(PendingReplacement { sum, registrars: Vec::new() });
            pending.sum = sum;
            pending.registrars.push(registrar);
            return;
        }
        self.pending.remove(&body.index);
        self.rounds.insert(body.index, body.round);
        let new = EncodedPoint::encode(&sum);
        if let Some(voter) = self.at_mut(body.index) {
            let old = std::mem::replace(&mut voter.key, new);
            voter.audits = 0;
            self.index.remove(&old);
            self.replaced.insert(old, (body.index, body.round));
            self.index.insert(new, body.index);
        }
    }
}
