//! `did-i-vote`: what the record says of a credential (BAL-41, BAL-43, BAL-44).

use super::{
    CliError, Console, DidIVote, Exit,
    looking::{ShownBallot, ShownOverride},
    time_in_words,
};
use crate::{
    client::Reading,
    lookup::{Search, Wanted},
};
use crypto::EncodedPoint;
use protocol::Phase;
use serde::Serialize;

/// What the record says of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    /// A ballot of it is recorded, and counts.
    Voted,
    /// The authority overrode its row: no ballot of it counts (OVR-8).
    Overridden,
    /// It is on the roll, and no ballot of it is recorded.
    NotVoted,
    /// Another took its place before it voted.
    Replaced,
    /// It is not on the roll, which is complete.
    Unknown,
    /// The roll is not complete yet.
    NoRoll,
}

/// BAL-43.
#[derive(Serialize)]
struct Answer {
    answer: Verdict,
    /// Whether voting goes on, so that the answer may change.
    so_far: bool,
    /// The public credential key, by which anybody gets the same answer.
    credential: String,
    /// The entry of the ballot that counts, or would if voting ended now.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<u64>,
    /// The override of its row.
    #[serde(skip_serializing_if = "Option::is_none")]
    overridden: Option<ShownOverride>,
    /// The entries by which every registrar replaced the credential.
    replaced_by: Vec<u64>,
    /// The entries by which some registrars began to replace it.
    replacement_begun: Vec<u64>,
    election: String,
    /// Entries read, all of them checked.
    entries: u64,
    attested: String,
    ballots: Vec<ShownBallot>,
    /// The command that gives this answer to anybody.
    recheck: String,
}

/// Reads a public credential key: the canonical encoding of a point that is not the identity.
pub(super) fn credential_key(text: &str) -> Result<EncodedPoint, String> {
    let mut key = EncodedPoint([0; 32]);
    let read = hex::decode_to_slice(text, &mut key.0).is_ok();
    if read && key != EncodedPoint::IDENTITY && key.decode().is_ok() {
        Ok(key)
    } else {
        Err("a credential key is 64 hexadecimal digits, as did-i-vote prints it".to_owned())
    }
}

/// BAL-41. The whole record is read, whoever is asked for.
pub(super) async fn did_i_vote(question: &DidIVote, console: &mut Console<'_>) -> Result<Exit, CliError> {
    let board = question.place.client()?;
    let credential = match question.key {
        Some(key) => key,
        None => {
            let manifest = board.manifest(&question.place.election).await.map_err(crate::client::ReadError::from)?;
            question.codes.credential(&manifest, &question.place.election, console)?.public()
        }
    };
    let mut search = Search::new(question.place.election, Wanted::Credential(credential));
    let reading = question.place.read(&board, Some(&mut search), console).await?;
    let answer = answer(question, &credential, &reading, search);
    console.give(&in_words(&answer, &reading), &answer)?;
    Ok(match answer.answer {
        Verdict::Voted | Verdict::NotVoted | Verdict::Overridden | Verdict::Replaced => Exit::Good,
        Verdict::Unknown => Exit::Usage,
        Verdict::NoRoll => Exit::Incomplete,
    })
}

fn answer(question: &DidIVote, credential: &EncodedPoint, reading: &Reading, search: Search) -> Answer {
    let election = &reading.election;
    let roll = election.roll();
    let replaced = roll.replacement_of(credential);
    let replaced_by = replaced.map_or_else(Vec::new, |(index, round)| search.replacements(index, round));
    let state = roll.credential(credential);
    let begun = state.map(|state| search.replacements(state.index, roll.replacement_round(state.index)));
    let ballots: Vec<ShownBallot> = search.found().iter().map(|found| ShownBallot::of(found, election)).collect();
    let overridden = ShownOverride::of(election, credential);
    let latest = ballots.iter().rfind(|ballot| ballot.sequence.is_some()).map(|ballot| ballot.index);
    let counts = latest.filter(|_| overridden.is_none());
    let verdict = match (counts, state, replaced) {
        _ if overridden.is_some() => Verdict::Overridden,
        (Some(_), _, _) => Verdict::Voted,
        (None, Some(_), _) => Verdict::NotVoted,
        (None, None, Some(_)) => Verdict::Replaced,
        (None, None, None) if roll.is_complete() => Verdict::Unknown,
        (None, None, None) => Verdict::NoRoll,
    };
    let place = &question.place;
    let key = hex::encode(credential.0);
    Answer {
        answer: verdict,
        so_far: matches!(election.phase(), Phase::Setup | Phase::Voting),
        counts,
        overridden,
        replaced_by,
        replacement_begun: begun.unwrap_or_default(),
        election: place.election.to_string(),
        entries: reading.size(),
        attested: reading.witnessed.to_string(),
        ballots,
        recheck: format!("vitrine ballot did-i-vote --key {key} --board {} --election {}", place.board, place.election),
        credential: key,
    }
}

/// BAL-43, BAL-44, for people.
fn in_words(answer: &Answer, reading: &Reading) -> String {
    let so_far = if answer.so_far { " so far" } else { "" };
    let mut lines = vec![match answer.answer {
        Verdict::Voted => format!("Yes: a ballot of this credential is recorded{so_far}."),
        Verdict::Overridden => "No ballot of this credential counts: the authority has overridden its row.".into(),
        Verdict::NotVoted => format!("No vote was cast with this credential{so_far}."),
        Verdict::Replaced => {
            "This credential was replaced by another, and can vote no more. No vote was ever cast with it.".to_owned()
        }
        // BAL-43: what most often makes such a credential, and what to do.
        Verdict::Unknown => "This credential is not on the roll of this election, so nothing is said of anybody's vote. Codes make a credential \
                             only if all of them are one voter's, from the newest letter of every registrar; a new letter and another registrar's old \
                             one make none, and where not every registrar has sent a new one, the old letters still hold. If yours are right, tell \
                             every registrar: their letters were not made for one voter."
            .to_owned(),
        Verdict::NoRoll => "The registrars have not published the whole roll yet, so nobody can tell.".to_owned(),
    }];
    lines.extend(answer.ballots.iter().map(ShownBallot::in_words));
    if let Some(ShownOverride { entry, reason }) = &answer.overridden {
        lines.push(format!(
            "That is entry {entry} of the record, and the authority's reason is \"{reason}\". Nothing takes it back. If you did not vote in person, \
             tell the authority and the registrars, and show them that entry: everybody can read it."
        ));
    }
    if !answer.replaced_by.is_empty() {
        lines.push(format!(
            "It was replaced by every registrar together, in entries {:?}. If you did not ask for that, ask the registrars.",
            answer.replaced_by
        ));
    }
    if !answer.replacement_begun.is_empty() && answer.answer == Verdict::NotVoted {
        lines.push(format!(
            "Its replacement was begun in entries {:?}, and holds when every registrar has joined, unless a ballot comes first. If you did not \
             ask for that, ask the registrars.",
            answer.replacement_begun
        ));
    }
    // Of what is not on the complete roll a later entry says nothing else, but by the replacement of a letter.
    if answer.so_far && !matches!(answer.answer, Verdict::Unknown | Verdict::Overridden) {
        lines.push(format!(
            "Voting ends {} at the earliest; until then this can change.",
            time_in_words(reading.election.closing_time())
        ));
    }
    lines.push(format!(
        "\nWhat makes this checkable: all {} entries of the record were read and checked by the rules, and the record is {}.\nWho knows the \
         public credential key gets the same answer, without your codes, and learns whether and when you voted, but never how:\n  {}",
        answer.entries, answer.attested, answer.recheck
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_key_is_a_point() {
        let base = hex::encode(EncodedPoint::encode(&crypto::SecretScalar::new(crypto::Scalar::ONE).public()).0);
        assert!(credential_key(&base).is_ok());
        for wrong in ["", "ab", &"0".repeat(64), &"f".repeat(64), &format!("{base}0"), &"ä".repeat(32)] {
            assert!(credential_key(wrong).is_err(), "{wrong}");
        }
    }
}
