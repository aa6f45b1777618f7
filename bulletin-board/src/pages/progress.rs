//! How far an election is, and who has to do what next (WEB-31).

use super::{
    names::Name,
    shelf::Held,
    texts::{Moment, Texts},
};
use protocol::{Phase, manifest::Waiver};
use std::collections::BTreeSet;

/// One of the four phases.
pub(super) struct PhaseView {
    pub(super) words: String,
    pub(super) current: bool,
}

/// The phases in order, with the one that lasts; none of an election that failed.
pub(super) fn phases(texts: &Texts, phase: Phase) -> Vec<PhaseView> {
    let view = |(id, own): (&str, Phase)| PhaseView { words: texts.text(id), current: own == phase };
    let all = [
        ("phase-setup", Phase::Setup),
        ("phase-voting", Phase::Voting),
        ("phase-closed", Phase::Closed),
        ("phase-tallied", Phase::Tallied),
    ];
    if phase == Phase::Failed { Vec::new() } else { all.into_iter().map(view).collect() }
}

/// Something that somebody has to do.
pub(super) struct Awaited {
    pub(super) words: String,
    pub(super) command: Option<&'static str>,
}

/// What the election waits for.
pub(super) fn awaited(texts: &Texts, held: &Held) -> Vec<Awaited> {
    let (status, manifest) = (&held.status, &held.manifest);
    let mut awaited = Vec::new();
    let mut wait = |words: String, command: Option<&'static str>| awaited.push(Awaited { words, command });
    match status.summary.phase {
        Phase::Setup => {
            for (registrar, received) in manifest.registrars.iter().zip(&status.roll.received) {
                if *received < status.roll.chunks {
                    let told = [
                        ("name", (&Name::of(&registrar.name)).into()),
                        ("received", u64::from(*received).into()),
                        ("chunks", u64::from(status.roll.chunks).into()),
                    ];
                    wait(texts.say("awaits-roll", told), Some("vitrine registrar publish"));
                }
            }
            for trustee in &status.ceremony.awaited {
                let told = [
                    ("name", (&trustee_name(held, *trustee)).into()),
                    ("stage", u64::from(status.ceremony.stage).into()),
                ];
                wait(texts.say("awaits-ceremony", told), Some("vitrine trustee"));
            }
            if status.ceremony.awaited.is_empty() && status.roll.complete {
                let time = texts.minute(status.opening_time).words;
                wait(texts.say("awaits-opening", [("time", time.into())]), Some("vitrine authority open"));
            }
        }
        Phase::Voting => {
            let time = texts.minute(status.closing_time).words;
            wait(texts.say("awaits-closing", [("time", time.into())]), Some("vitrine authority close"));
        }
        Phase::Closed => {
            let threshold = usize::try_from(manifest.threshold).unwrap_or(usize::MAX);
            let mut missing: BTreeSet<u32> = BTreeSet::new();
            let mut ready = false;
            for group in status.tally.iter().filter(|group| group.status == "open" && group.totals.is_none()) {
                if group.partials.len() >= threshold {
                    ready = true;
                } else {
                    missing
                        .extend(status.ceremony.remaining.iter().filter(|trustee| !group.partials.contains(trustee)));
                }
            }
            if !missing.is_empty() {
                let told =
                    [("number", u64::from(manifest.threshold).into()), ("all", count(status.ceremony.remaining.len()))];
                wait(texts.say("awaits-decryption", told), None);
            }
            for trustee in missing {
                let name = trustee_name(held, trustee);
                wait(texts.say("awaits-trustee", [("name", (&name).into())]), Some("vitrine trustee"));
            }
            if ready {
                wait(texts.text("awaits-result"), Some("vitrine authority result"));
            }
        }
        Phase::Tallied | Phase::Failed => {}
    }
    let unwitnessed = status.summary.size.saturating_sub(status.cosigned_size);
    if unwitnessed > 0 {
        wait(texts.say("awaits-witnesses", [("number", unwitnessed.into())]), None);
    }
    awaited
}

/// The making of the key, in words.
pub(super) fn ceremony(texts: &Texts, held: &Held) -> Vec<String> {
    let (status, manifest) = (&held.status.ceremony, &held.manifest);
    let all = count(manifest.trustees.len());
    let mut story = vec![texts.say("ceremony-plan", [("number", u64::from(manifest.threshold).into()), ("all", all)])];
    story.push(match status.stage {
        stage @ 1..=4 => texts
            .say("ceremony-stage", [("stage", u64::from(stage).into()), ("what", texts.text(stage_id(stage)).into())]),
        _ if held.status.joint_key.is_some() => texts.text("ceremony-done"),
        _ => texts.text("ceremony-failed"),
    });
    for (number, trustee) in (1u32..).zip(&manifest.trustees) {
        if !status.remaining.contains(&number) {
            story.push(texts.say("ceremony-left", [("name", (&Name::of(&trustee.name)).into())]));
        }
    }
    if manifest.waives(Waiver::Threshold) {
        story.push(texts.text("waiver-threshold"));
    }
    story
}

fn stage_id(stage: u32) -> &'static str {
    match stage {
        1 => "stage-1",
        2 => "stage-2",
        3 => "stage-3",
        _ => "stage-4",
    }
}

/// The deadlines of the stages, until the key is made.
pub(super) fn deadlines(texts: &Texts, held: &Held) -> Vec<(String, Moment)> {
    if held.status.summary.phase != Phase::Setup {
        return Vec::new();
    }
    let stages = (1u32..).zip(held.manifest.stage_deadlines);
    stages.map(|(stage, deadline)| (texts.text(stage_id(stage)), texts.minute(deadline))).collect()
}

fn trustee_name(held: &Held, number: u32) -> Name {
    let place = number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
    let trustee = place.and_then(|place| held.manifest.trustees.get(place));
    Name::of(trustee.map_or("", |trustee| trustee.name.as_str()))
}

fn count(number: usize) -> super::texts::Told {
    u64::try_from(number).unwrap_or(u64::MAX).into()
}
