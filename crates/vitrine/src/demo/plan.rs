//! Who does what: most voters vote once; a few audit a made-up ballot first, a few change their mind.

use super::table::Choice;
use crypto::credential_code::CredentialCode;

/// At most so many voters audit, and so many vote twice.
const FEW: usize = 12;
/// At most one voter in this many does.
const RARE: usize = 5;

/// What a voter does before the ballot that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing.
    Nothing,
    /// Seals a ballot with a made-up choice and has it opened on a second device.
    Audit {
        /// The made-up choice.
        made_up: Choice,
        /// Whether the opened ballot is published too.
        publish: bool,
    },
    /// Casts another choice, and then thinks better of it.
    Cast(Choice),
}

/// A voter of the demo.
#[derive(Debug)]
pub(crate) struct Voter {
    /// From 1, in the order of the file.
    pub(crate) number: usize,
    /// The code of the letter.
    pub(crate) code: CredentialCode,
    /// What comes first.
    pub(crate) before: Before,
    /// The choice of the file, which must count.
    pub(crate) choice: Choice,
    /// Whether this voter's device keeps a receipt on disk.
    pub(crate) keeps_receipt: bool,
}

/// One voter a ballot of the file. Letters come in no order: which voter got which is known to nobody but the letter box.
pub(crate) fn voters(ballots: &[Choice], options: usize, letters: Vec<CredentialCode>) -> Vec<Voter> {
    let few = ballots.len().div_ceil(RARE).min(FEW);
    // Spread over the file; auditors and those who vote twice alternate.
    let stride = ballots.len().checked_div(few.saturating_mul(2)).unwrap_or(0).max(1);
    (1..)
        .zip(ballots.iter().zip(letters))
        .map(|(number, (choice, code)): (usize, _)| {
            let place = number.saturating_sub(1);
            let turn = place / stride;
            let special = place.is_multiple_of(stride) && turn < few.saturating_mul(2);
            let before = match (special, turn.is_multiple_of(2)) {
                (false, _) => Before::Nothing,
                (true, true) => Before::Audit { made_up: other(choice, options), publish: turn < 4 },
                (true, false) => Before::Cast(other(choice, options)),
            };
            Voter { number, code, before, choice: choice.clone(), keeps_receipt: special }
        })
        .collect()
}

/// Another choice, whatever the ballot paper asks: without the first of several; of a single one the next option, the blank after the last
/// option, the first after the blank.
fn other(choice: &Choice, options: usize) -> Choice {
    match choice.as_ref() {
        [] => [0].into(),
        [option] => Some(option.saturating_add(1)).filter(|next| *next < options).into_iter().collect(),
        [_, rest @ ..] => rest.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng as _, rngs::StdRng};

    fn plan(ballots: usize) -> Vec<Voter> {
        let mut rng = StdRng::seed_from_u64(1);
        let codes = (0..ballots).map(|_| CredentialCode::generate(&mut rng).unwrap()).collect();
        let kinds: [&[usize]; 6] = [&[0], &[1, 2, 0], &[2], &[], &[2, 1], &[0, 1, 2]];
        let choices: Vec<Choice> = kinds.into_iter().cycle().take(ballots).map(Into::into).collect();
        voters(&choices, 3, codes)
    }

    #[test]
    fn a_few_audit_and_as_many_vote_twice_at_any_size() {
        for (ballots, few) in [(1, 1), (2, 1), (3, 1), (60, 12), (200, 12), (10_742, 12)] {
            let voters = plan(ballots);
            let audits = voters.iter().filter(|voter| matches!(voter.before, Before::Audit { .. })).count();
            let twice = voters.iter().filter(|voter| matches!(voter.before, Before::Cast(_))).count();
            assert_eq!(voters.len(), ballots);
            assert_eq!((audits, twice), (few, if ballots > 1 { few } else { 0 }), "{ballots}");
        }
    }

    #[test]
    fn what_comes_before_is_never_the_choice_that_counts() {
        for voter in plan(200) {
            match voter.before {
                Before::Nothing => {}
                Before::Cast(before) | Before::Audit { made_up: before, .. } => {
                    assert!(before.iter().all(|option| *option < 3));
                    let sorted = |choice: &Choice| choice.iter().copied().collect::<std::collections::BTreeSet<_>>();
                    assert_ne!(
                        sorted(&before),
                        sorted(&voter.choice),
                        "another approval, another score, another ranking"
                    );
                }
            }
        }
    }
}
