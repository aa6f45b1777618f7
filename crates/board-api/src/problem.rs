//! Problem documents (RFC 9457) that name the rule (HTTP-2, HTTP-3).

use protocol::{Rejection, Rule};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a `type` starts with; the rule's identifier follows.
const TYPE_PREFIX: &str = "urn:vitrine:rule:";

/// Why the board refuses a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:vitrine:rule:<rule>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The misdeed in words, the same for every breach of this rule.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This breach in words.
    pub detail: String,
    /// The rule's identifier.
    pub rule: String,
    /// What the rule asks for.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl Problem {
    /// The problem of breaking a rule, the detail made of what was expected and found.
    pub fn new(rule: &str, status: u16, title: &str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        Self {
            kind: format!("{TYPE_PREFIX}{rule}"),
            title: title.to_owned(),
            status,
            detail: format!("{title}: expected {expected}; found {found}"),
            rule: rule.to_owned(),
            expected,
            found,
        }
    }

    /// Whether the type and the member `rule` name the same rule, as they must (HTTP-2).
    pub fn is_consistent(&self) -> bool {
        self.kind.strip_prefix(TYPE_PREFIX) == Some(self.rule.as_str())
    }
}

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Self {
        let (rule, finding) = (rejection.rule(), rejection.finding());
        Self::new(rule.id(), status(rule), rejection.text(), finding.expected.clone(), finding.found.clone())
    }
}

impl fmt::Display for Problem {
    /// What a board says is for a terminal too: characters that would steer it, or reorder what stands beside them, show as themselves
    /// (HTTP-2).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.rule.chars().chain(": ".chars()).chain(self.detail.chars()) {
            if steers(character) {
                write!(formatter, "{}", character.escape_unicode())?;
            } else {
                write!(formatter, "{character}")?;
            }
        }
        Ok(())
    }
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// HTTP-3: the status of a breach of a rule of the fold. 403: not by this sender; 409: not now, or no more; 413: too long;
/// 422: never.
pub fn status(rule: Rule) -> u16 {
    match rule {
        Rule::Enc2 => 413,
        Rule::Ent4 | Rule::Ent5 | Rule::Bal1 => 403,
        Rule::Ent1
        | Rule::Ent2
        | Rule::Ent3
        | Rule::Ent6
        | Rule::Ent7
        | Rule::Man1
        | Rule::Rol1
        | Rule::Rol4
        | Rule::Rol6
        | Rule::Rol7
        | Rule::Rol8
        | Rule::Cer1
        | Rule::Cer8
        | Rule::Cer10
        | Rule::Opn1
        | Rule::Opn2
        | Rule::Bal2
        | Rule::Bal5
        | Rule::Bal6
        | Rule::Bal7
        | Rule::Aud3
        | Rule::Clo1
        | Rule::Clo2
        | Rule::Tal1
        | Rule::Tal3
        | Rule::Tal4
        | Rule::Tal6
        | Rule::Con1 => 409,
        _ => 422,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTTP-2: a board that refuses cannot rewrite the voter's screen.
    #[test]
    fn what_a_board_says_does_not_steer_the_terminal() {
        let mut problem = Problem::new("BAL-1", 403, "x", "y", "z");
        problem.detail = "\u{1b}[2K\rCast.\nYour ballot is entry 7 \u{202e}of\u{9b}1A".to_owned();
        let shown = problem.to_string();
        assert_eq!(shown, "BAL-1: \\u{1b}[2K\\u{d}Cast.\\u{a}Your ballot is entry 7 \\u{202e}of\\u{9b}1A");
        assert!(!shown.chars().any(steers));
    }
}
