//! The next election's template, made of an earlier manifest (MAN-17).

use super::{Template, TemplateError, WaiverName, of_manifest::key_file};
use crate::guide::advice;
use protocol::{Manifest, ids::Minutes};

/// What is to be another than before.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The election's name, if it changes.
    pub title: Option<String>,
    /// Numbers of the trustees that are left out.
    pub without: Vec<u32>,
    /// Names of new trustees, who come after the others.
    pub add: Vec<String>,
    /// k, if it changes.
    pub threshold: Option<u32>,
    /// q, if it changes.
    pub quorum: Option<u32>,
    /// Whether the waiver `threshold` is wanted, should the numbers need it.
    pub waive_threshold: bool,
    /// When the first ceremony stage is overdue; every other time keeps its distance.
    pub commit: Minutes,
}

/// Why no template was made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgainError {
    /// A number that is no trustee's, or one given twice.
    #[error("--without {0}: the election has no such trustee, or it is named twice")]
    Trustee(u32),
    /// k, q and n do not fit together.
    #[error(
        "{trustees} trustees remain: k = {threshold} and q = {quorum} do not fit, for 1 <= k <= q <= n <= 32. Choose with --threshold and --quorum, or add \
         trustees with --add NAME"
    )]
    Numbers {
        /// k.
        threshold: u32,
        /// q.
        quorum: u32,
        /// n.
        trustees: usize,
    },
    /// The numbers are weaker than an election should have, and nobody said that this is wanted.
    #[error(
        "these numbers need a waiver: {0}. Add a trustee with --add NAME, choose other numbers with --threshold and --quorum, or say --waive-threshold"
    )]
    Waiver(String),
    /// A time before 1970 or beyond all times.
    #[error("the times would be moved out of all bounds")]
    Times,
}

/// A template and the names of those who make keys for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// The template.
    pub template: Template,
    /// The trustees' names, from 1.
    pub trustees: Vec<String>,
    /// The registrars' names, from 1.
    pub registrars: Vec<String>,
}

impl Again {
    /// MAN-17: everything of that manifest but keys, log and what is to change.
    ///
    /// # Errors
    /// [`AgainError`]; or what the manifest's policy is refused for, which no manifest is that the fold took.
    pub fn of(manifest: &Manifest, changes: &Changes) -> Result<Result<Self, AgainError>, TemplateError> {
        let mut template = Template::of(manifest)?;
        Ok(change(&mut template, manifest, changes).map(|(trustees, registrars)| Self {
            template,
            trustees,
            registrars,
        }))
    }
}

type Names = (Vec<String>, Vec<String>);

fn change(template: &mut Template, manifest: &Manifest, changes: &Changes) -> Result<Names, AgainError> {
    let mut names: Vec<(u32, String)> = (1u32..).zip(manifest.trustees.iter().map(|keys| keys.name.clone())).collect();
    for number in &changes.without {
        let place = names.iter().position(|(index, _)| index == number).ok_or(AgainError::Trustee(*number))?;
        names.remove(place);
    }
    let trustees: Vec<String> = names.into_iter().map(|(_, name)| name).chain(changes.add.iter().cloned()).collect();
    if let Some(title) = &changes.title {
        template.title.clone_from(title);
    }
    // The next election is made by another program than the last one, which carries other pages.
    if let Some(pages) = &mut template.pages {
        pages.bundle = None;
    }
    template.trustees = (0..trustees.len()).map(|place| key_file("trustee", place)).collect();
    number(template, trustees.len(), changes)?;
    shift(template, manifest, changes.commit)?;
    Ok((trustees, manifest.registrars.iter().map(|official| official.name.clone()).collect()))
}

/// k, q, and the waiver that they need.
fn number(template: &mut Template, trustees: usize, changes: &Changes) -> Result<(), AgainError> {
    let threshold = changes.threshold.unwrap_or(template.threshold);
    let quorum = changes.quorum.unwrap_or(template.quorum.unwrap_or(threshold));
    let count = u32::try_from(trustees).unwrap_or(u32::MAX);
    if !(1 <= threshold && threshold <= quorum && quorum <= count && count <= 32) {
        return Err(AgainError::Numbers { threshold, quorum, trustees });
    }
    (template.threshold, template.quorum) = (threshold, Some(quorum));
    let waived = template.waivers.contains(&WaiverName::Threshold);
    template.waivers.retain(|waiver| *waiver != WaiverName::Threshold);
    // MAN-11.
    if count == 1 || threshold == count || threshold.saturating_mul(2) > count.saturating_add(1) {
        if !(waived || changes.waive_threshold) {
            return Err(AgainError::Waiver(advice::on_numbers(threshold, quorum, count).join("; ")));
        }
        template.waivers.insert(0, WaiverName::Threshold);
    }
    Ok(())
}

/// Every time moves as far as the first does.
fn shift(template: &mut Template, manifest: &Manifest, commit: Minutes) -> Result<(), AgainError> {
    let first = manifest.stage_deadlines.first().copied().unwrap_or(0);
    let moved = |minute: Minutes| {
        let minute = minute.checked_add(commit).and_then(|sum| sum.checked_sub(first));
        minute.filter(|minute| *minute < protocol::election::MAXIMUM_TIME).ok_or(AgainError::Times)
    };
    let [commit, deal, check, rehearse] = manifest.stage_deadlines.map(moved);
    template.times.set([
        commit?,
        deal?,
        check?,
        rehearse?,
        moved(manifest.opening)?,
        moved(manifest.closing)?,
        moved(manifest.latest_closing)?,
    ]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW};

    fn again(changes: &Changes) -> Result<Again, AgainError> {
        let town = Fixture::new(2, 3, 2);
        Again::of(town.election.manifest(), changes).unwrap()
    }

    /// MAN-17.
    #[test]
    fn the_next_template_is_the_old_one_but_for_what_changes() {
        let town = Fixture::new(2, 3, 2);
        let old = Template::of(town.election.manifest()).unwrap();
        let changes = Changes { commit: NOW + 10, ..Changes::default() };
        assert_eq!(again(&changes).unwrap().template, old, "nothing changes by itself");
        let changes = Changes {
            title: Some("Once more".to_owned()),
            without: vec![2],
            add: vec!["Dee".to_owned()],
            quorum: Some(3),
            commit: NOW + 1010,
            ..changes
        };
        let made = again(&changes).unwrap();
        assert_eq!(made.trustees, ["Trustee 1", "Trustee 3", "Dee"]);
        assert_eq!(made.registrars.len(), 2);
        assert_eq!((made.template.threshold, made.template.quorum, made.template.trustees.len()), (2, Some(3), 3));
        let text = made.template.text().unwrap();
        assert!(
            text.contains("commit = 1970-01-02T09:30:00Z") && text.contains("closing = 1970-01-02T11:00:00Z"),
            "{text}"
        );
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let changes = Changes { commit: NOW, ..Changes::default() };
        let without = |numbers: &[u32]| Changes { without: numbers.to_vec(), ..changes.clone() };
        assert_eq!(again(&without(&[4])).unwrap_err(), AgainError::Trustee(4));
        assert_eq!(again(&without(&[1, 1])).unwrap_err(), AgainError::Trustee(1));
        let none = again(&without(&[1, 2])).unwrap_err();
        assert_eq!(none, AgainError::Numbers { threshold: 2, quorum: 2, trustees: 1 });
        let weak = again(&without(&[2])).unwrap_err();
        assert!(
            weak.to_string().starts_with("these numbers need a waiver: k = n = 2: if one single trustee"),
            "{weak}"
        );
        let waived = again(&Changes { waive_threshold: true, ..without(&[2]) }).unwrap();
        assert_eq!(waived.template.waivers, [WaiverName::Threshold, WaiverName::NoWitnesses]);
        // And a waiver that was needed goes with the need.
        let one =
            again(&Changes { threshold: Some(2), quorum: Some(2), waive_threshold: true, ..changes.clone() }).unwrap();
        assert_eq!(one.template.waivers, [WaiverName::NoWitnesses]);
        assert_eq!(again(&Changes { commit: 1 << 32, ..changes }).unwrap_err(), AgainError::Times);
    }
}
