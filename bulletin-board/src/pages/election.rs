//! The page of one election (WEB-31).

use super::{
    entries::EntryView,
    names::Name,
    progress::{self, Awaited, PhaseView},
    results::{self, ContestView},
    shelf::Held,
    texts::{Moment, Texts},
    written::Frame,
};
use askama::Template;
use protocol::{Phase, manifest::Waiver};

/// A witness of the policy.
pub(super) struct WitnessView {
    pub(super) name: Name,
    pub(super) size: String,
    pub(super) time: Option<Moment>,
}

/// Which pages of the bundle there are to link to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    pub(super) vote: bool,
    pub(super) observe: bool,
    pub(super) offline: bool,
}

#[derive(Template)]
#[template(path = "election.html")]
pub(super) struct ElectionPage {
    texts: Texts,
    frame: Frame,
    title: Name,
    fingerprint: String,
    groups: String,
    phases: Vec<PhaseView>,
    failed: bool,
    links: Links,
    can_vote: bool,
    can_check: bool,
    mirror: bool,
    opening: Moment,
    closing: Moment,
    last: Moment,
    deadlines: Vec<(String, Moment)>,
    awaited: Vec<Awaited>,
    contests: Vec<ContestView>,
    counted: bool,
    figures: Vec<(String, String)>,
    checkpoint: String,
    witnesses: Vec<WitnessView>,
    unwitnessed: bool,
    bundle: Option<String>,
    ceremony: Vec<String>,
    trustees: Vec<Name>,
    registrars: Vec<Name>,
    authority: Name,
    latest: Vec<EntryView>,
}

impl ElectionPage {
    pub(super) fn new(
        texts: Texts,
        frame: Frame,
        held: &Held,
        links: Links,
        mirror: bool,
        latest: Vec<EntryView>,
    ) -> Self {
        let (status, manifest) = (&held.status, &held.manifest);
        let fingerprint = status.summary.fingerprint.to_string();
        let witness = |witness: &board_api::election::WitnessStatus| WitnessView {
            name: Name::of(&witness.name),
            size: texts.number(&witness.size),
            time: witness.seconds.map(|seconds| texts.second(seconds)),
        };
        let phase = status.summary.phase;
        // A mirror's page sends ballots to the boards of the manifest.
        let taken = !mirror || manifest.pages.as_ref().is_some_and(|pages| !pages.boards.is_empty());
        Self {
            title: Name::of(&manifest.title),
            groups: eights(&fingerprint),
            fingerprint,
            phases: progress::phases(&texts, phase),
            failed: phase == Phase::Failed,
            can_vote: phase == Phase::Voting && links.vote && taken,
            can_check: links.vote && taken,
            links,
            mirror,
            opening: texts.minute(status.opening_time),
            closing: texts.minute(status.closing_time),
            last: texts.minute(status.last_time),
            deadlines: progress::deadlines(&texts, held),
            awaited: progress::awaited(&texts, held),
            contests: results::contests(&texts, status, manifest),
            counted: !status.tally.is_empty(),
            figures: figures(&texts, held),
            checkpoint: texts
                .say("checkpoint", [("size", status.summary.size.into()), ("cosigned", status.cosigned_size.into())]),
            witnesses: status.witnesses.iter().map(witness).collect(),
            bundle: manifest.pages.as_ref().map(|pages| hex::encode(pages.bundle)),
            unwitnessed: manifest.waives(Waiver::NoWitnesses),
            ceremony: progress::ceremony(&texts, held),
            trustees: manifest.trustees.iter().map(|trustee| Name::of(&trustee.name)).collect(),
            registrars: manifest.registrars.iter().map(|registrar| Name::of(&registrar.name)).collect(),
            authority: Name::of(&manifest.authority.name),
            latest,
            texts,
            frame,
        }
    }
}

/// How many may vote, and what came.
fn figures(texts: &Texts, held: &Held) -> Vec<(String, String)> {
    let counts = held.status.counts;
    let mut figures = vec![
        (texts.text("roll"), texts.number(&held.manifest.roll_length.into())),
        (texts.text("ballots"), texts.number(&counts.ballots)),
        (texts.text("audits"), texts.number(&counts.audits)),
    ];
    if held.manifest.units.len() > 1 {
        let units = u64::try_from(held.manifest.units.len()).unwrap_or(u64::MAX);
        figures.insert(1, (texts.text("units"), texts.number(&units)));
    }
    figures
}

/// Digits in groups that can be compared by eye.
fn eights(fingerprint: &str) -> String {
    let mut text = String::new();
    for (place, digit) in fingerprint.chars().enumerate() {
        if place > 0 && place.is_multiple_of(8) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
