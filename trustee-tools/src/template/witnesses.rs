//! The witness policy of a template (MAN-15): who attests that all readers see one history.

use super::TemplateError;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use tlog::{note::VerifierKey, policy::Policy};

/// Name of the group of all witnesses.
const GROUP: &str = "witnesses";

/// A witness, as its operator names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WitnessTable {
    name: String,
    /// Its key in signed-note text form.
    key: String,
    /// Where the board reaches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The lines of the policy behind its log line: those of the tables, or the text as it is, or `quorum none`.
pub(super) fn lines(tables: &[WitnessTable], quorum: Option<u32>, text: Option<&str>) -> Result<String, TemplateError> {
    match (tables, text) {
        ([], None) if quorum.is_some() => Err(TemplateError::QuorumOfNobody),
        ([], None) => Ok("quorum none\n".to_owned()),
        ([], Some(text)) if quorum.is_none() => Ok(text.to_owned()),
        (_, Some(_)) => Err(TemplateError::TwoPolicies),
        (tables, None) => k_of_n(tables, quorum),
    }
}

fn k_of_n(tables: &[WitnessTable], quorum: Option<u32>) -> Result<String, TemplateError> {
    let count = u32::try_from(tables.len()).unwrap_or(u32::MAX);
    let quorum = quorum.unwrap_or_else(|| smallest_safe(count));
    let mut lines = String::new();
    let mut group = format!("group {GROUP} {quorum}");
    for table in tables {
        let WitnessTable { name, key, url } = table;
        // Words of a policy's lines: nothing in them may end the word or the line.
        for word in [Some(name), url.as_ref()].into_iter().flatten() {
            if word.is_empty() || word.contains(|character: char| character.is_whitespace() || character.is_control()) {
                return Err(TemplateError::WitnessWord(word.clone()));
            }
        }
        let key: VerifierKey =
            key.parse().map_err(|fault| TemplateError::WitnessKey { witness: name.clone(), fault })?;
        let url = url.as_ref().map_or(String::new(), |url| format!(" {url}"));
        // Writing to a text cannot fail.
        let _ = writeln!(lines, "witness {name} {key}{url}");
        let _ = write!(group, " {name}");
    }
    Ok(format!("{lines}{group}\nquorum {GROUP}\n"))
}

/// 1 + floor(2n / 3).
fn smallest_safe(witnesses: u32) -> u32 {
    witnesses.saturating_mul(2).checked_div(3).unwrap_or(0).saturating_add(1)
}

/// MAN-15: a quorum that few dishonest witnesses can split, or that one lost witness ends, is refused unless the template accepts it.
pub(super) fn check_strength(policy: &Policy, accepted: bool) -> Result<(), TemplateError> {
    let strength = policy.strength();
    let mut faults = Vec::new();
    if policy.quorum().is_some() && !strength.safe {
        faults.push(format!(
            "{} dishonest of its {} witnesses are enough to attest two histories (of n witnesses take at least 1 + floor(2n / 3))",
            strength.splitting,
            policy.witnesses().len()
        ));
    }
    if strength.blocking == 1 {
        faults.push(
            "no witness is spare: once a single one is lost, nothing is ever final again and voting cannot be closed"
                .to_owned(),
        );
    }
    match (faults.is_empty(), accepted) {
        (true, true) => Err(TemplateError::NeedlesslyAccepted),
        (false, false) => Err(TemplateError::WeakWitnesses(faults.join("; "))),
        _ => Ok(()),
    }
}

/// The witnesses of a policy that look like the board's own: named or reached like it. They attest nothing that the board does not.
pub fn board_s_own(policy: &Policy, origin_prefix: &str, board: &str) -> Vec<String> {
    let of_board: Vec<&str> = [Some(host(origin_prefix)), Some(host(board)).filter(|host| !is_loopback(host))]
        .into_iter()
        .flatten()
        .filter(|host| !host.is_empty())
        .collect();
    let own = policy.witnesses().iter().filter(|witness| {
        let hosts = [Some(host(witness.key.name())), witness.url.as_deref().map(host)];
        hosts.into_iter().flatten().any(|host| of_board.contains(&host))
    });
    own.map(|witness| witness.name.clone()).collect()
}

/// The host of an address, of an origin or of a key's name.
fn host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = text.split(['/', '?', '#']).next().unwrap_or(text);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|host: std::net::IpAddr| host.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{cosignature::CosignerKey, note::SignerKey};

    fn table(number: u8) -> WitnessTable {
        let key = CosignerKey::from_seed(&format!("w{number}.example/cosigner"), &[number; 32]).unwrap();
        let url = Some(format!("https://w{number}.example:8443/v"));
        WitnessTable { name: format!("w{number}"), key: key.verifier_key().to_string(), url }
    }

    fn policy(lines: &str) -> Policy {
        let log = SignerKey::from_seed("board.example/1", &[99; 32]).unwrap().verifier_key();
        Policy::parse(format!("log {log}\n{lines}").as_bytes()).unwrap()
    }

    #[test]
    fn tables_make_a_policy_whose_quorum_is_safe() {
        let tables: Vec<WitnessTable> = (1..=4).map(table).collect();
        let text = lines(&tables, None, None).unwrap();
        let policy = policy(&text);
        let group = policy.groups().first().unwrap();
        assert_eq!((policy.witnesses().len(), group.threshold, group.members.len()), (4, 3, 4));
        assert_eq!(policy.witnesses().first().unwrap().url.as_deref(), Some("https://w1.example:8443/v"));
        assert!(text.ends_with("group witnesses 3 w1 w2 w3 w4\nquorum witnesses\n"), "{text}");
        check_strength(&policy, false).unwrap();
        assert_eq!(lines(&[], None, None).unwrap(), "quorum none\n");
        assert_eq!(lines(&[], None, Some("quorum none\n")).unwrap(), "quorum none\n");
    }

    #[test]
    fn what_makes_no_policy_is_named() {
        let tables: Vec<WitnessTable> = (1..=4).map(table).collect();
        let refused = |tables: &[WitnessTable], quorum, text| lines(tables, quorum, text).unwrap_err().to_string();
        assert!(refused(&tables, None, Some("quorum none\n")).starts_with("give the witnesses as tables or"));
        assert!(refused(&[], Some(1), None).contains("no witnesses"));
        for word in ["", "two words", "a\nquorum none"] {
            let named = WitnessTable { name: word.to_owned(), ..table(1) };
            let reached = WitnessTable { url: Some(word.to_owned()), ..table(1) };
            assert!(refused(&[named], None, None).contains("is no word"), "{word:?}");
            assert!(refused(&[reached], None, None).contains("is no word"), "{word:?}");
        }
        let keyed = WitnessTable { key: "w1.example+00000000+AAAA".to_owned(), ..table(1) };
        assert!(refused(&[keyed], None, None).starts_with("the key of witness \"w1\""));
    }

    /// MAN-15: plain majorities are split by one bad witness, and all of n die with one.
    #[test]
    fn weak_quorums_are_refused_unless_accepted() {
        let of =
            |quorum, count| policy(&lines(&(1..=count).map(table).collect::<Vec<_>>(), Some(quorum), None).unwrap());
        let said = |quorum, count| check_strength(&of(quorum, count), false).unwrap_err().to_string();
        assert!(said(3, 5).contains("1 dishonest of its 5 witnesses"));
        assert!(!said(3, 5).contains("spare"));
        assert!(said(4, 4).contains("no witness is spare") && !said(4, 4).contains("dishonest"));
        assert!(said(1, 1).contains("no witness is spare"));
        check_strength(&of(3, 5), true).unwrap();
        check_strength(&of(4, 5), false).unwrap();
        assert!(check_strength(&of(4, 5), true).unwrap_err().to_string().contains("without need"));
        check_strength(&policy("quorum none\n"), false).unwrap();
    }

    #[test]
    fn the_board_s_own_witness_is_recognised() {
        let policy = policy(&lines(&(1..=4).map(table).collect::<Vec<_>>(), None, None).unwrap());
        let none: [&str; 0] = [];
        assert_eq!(board_s_own(&policy, "board.example/votes", "http://127.0.0.1:7878"), none);
        assert_eq!(board_s_own(&policy, "w2.example/votes", "http://127.0.0.1:7878"), ["w2"]);
        assert_eq!(board_s_own(&policy, "board.example", "https://w3.example:444/board"), ["w3"]);
        assert_eq!(host("https://me@[::1]:8080/x"), "::1");
    }
}
