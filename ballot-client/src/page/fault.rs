//! What goes wrong, as the page hears it: a code that stays the same, for texts in every language, and the details in English.

use crate::{
    audit::AuditFault,
    client::ReadError,
    credential::CredentialError,
    receipt::ReceiptFault,
    replay::ReplayFault,
    session::{BeginError, NotOpen, SealError, SelectError},
    tracker::TrackerError,
};
use board_api::{ClientError, Problem, record::RecordFault};
use crypto::{RandomnessFailure, credential_code::CodeError};
use protocol::{contest::SelectionError, letter::LetterError};
use serde::Serialize;
use std::collections::BTreeMap;

/// A fault. Holds no secret: every error it is made of is free of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Fault {
    /// In small letters and hyphens; never changes its meaning.
    pub(super) code: &'static str,
    /// The rule that was broken, where the error names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    /// Details, in English.
    pub(super) text: String,
    /// What a text in another language needs: numbers and names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) params: BTreeMap<&'static str, String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, text: impl ToString) -> Self {
        Self { code, rule: None, text: text.to_string(), params: BTreeMap::new() }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    fn by(mut self, rule: impl ToString) -> Self {
        self.rule = Some(rule.to_string());
        self
    }
}

/// The page asks for something in a form that no page of ours uses.
pub(super) fn bad_request(error: impl ToString) -> Fault {
    Fault::new("bad-request", error)
}

impl From<RandomnessFailure> for Fault {
    fn from(error: RandomnessFailure) -> Self {
        Self::new("no-randomness", error)
    }
}

impl From<CodeError> for Fault {
    fn from(error: CodeError) -> Self {
        let fault = |code| Self::new(code, error);
        match error {
            CodeError::Length { found } => fault("code-length").with("found", found),
            CodeError::Character { position } => fault("code-character").with("position", position),
            CodeError::Check => fault("code-check"),
        }
    }
}

impl From<LetterError> for Fault {
    fn from(error: LetterError) -> Self {
        match error {
            LetterError::Form => Self::new("letter-form", error),
            LetterError::Code => Self::new("code-check", error),
        }
        .by("ROL-13")
    }
}

impl From<CredentialError> for Fault {
    fn from(error: CredentialError) -> Self {
        let text = error.to_string();
        match error {
            CredentialError::Code { number, fault } => Self { text, ..Self::from(fault) }.with("number", number),
            CredentialError::Line { number, fault } => Self { text, ..Self::from(fault) }.with("number", number),
            CredentialError::Number { expected, found } => {
                Self::new("code-number", text).with("expected", expected).with("found", found)
            }
            CredentialError::OtherElection { number, .. } => {
                Self::new("letter-other-election", text).with("number", number)
            }
            CredentialError::OutOfOrder { number, registrar } => {
                Self::new("letter-order", text).with("number", number).with("registrar", registrar)
            }
            CredentialError::Registrar { number, registrar, .. } => {
                Self::new("letter-registrar", text).with("number", number).with("registrar", registrar)
            }
            CredentialError::NoKey => Self::new("code-no-key", text),
        }
    }
}

impl From<NotOpen> for Fault {
    fn from(error: NotOpen) -> Self {
        let code = match error {
            NotOpen::OtherElection { .. } => "other-election",
            NotOpen::NotYet => "not-yet-open",
            NotOpen::Over => "voting-over",
            NotOpen::Failed => "election-failed",
            NotOpen::NotRehearsed(_) | NotOpen::TooFewTrustees { .. } => "not-decryptable",
        };
        Self::new(code, error)
    }
}

impl From<BeginError> for Fault {
    fn from(error: BeginError) -> Self {
        let text = error.to_string();
        match error {
            BeginError::Election(error) => error.into(),
            BeginError::Credential(error) => error.into(),
            BeginError::UnknownCredential => Self::new("code-unknown", text).by("BAL-1"),
            BeginError::Replaced => Self::new("code-replaced", text).by("BAL-1"),
            BeginError::Overridden { entry, reason } => {
                Self::new("code-overridden", text).by("OVR-3").with("entry", entry).with("reason", reason)
            }
            BeginError::HasVoted => Self::new("has-voted", text).by("BAL-6"),
            BeginError::NoMoreBallots => Self::new("no-more-ballots", text).by("BAL-6"),
        }
    }
}

impl From<SelectError> for Fault {
    fn from(error: SelectError) -> Self {
        let text = error.to_string();
        match error {
            SelectError::NotOnBallot(_) => Self::new("selection-contest", text),
            SelectError::NotAllowed { title, error } => Self { text, ..Self::from(error) }.with("title", title),
        }
    }
}

impl From<SelectionError> for Fault {
    fn from(error: SelectionError) -> Self {
        let text = error.to_string();
        match error {
            SelectionError::Number { minimum, maximum } => {
                Self::new("selection-number", text).with("minimum", minimum).with("maximum", maximum)
            }
            SelectionError::Places { minimum, maximum } => {
                Self::new("selection-places", text).with("minimum", minimum).with("maximum", maximum)
            }
            SelectionError::Most(most) => Self::new("selection-most", text).with("most", most),
            SelectionError::Step(step) => Self::new("selection-step", text).with("step", step),
            SelectionError::Total(total) => Self::new("selection-total", text).with("total", total),
            SelectionError::Exactly(total) => Self::new("selection-exactly", text).with("total", total),
            SelectionError::List { list, limit } => {
                Self::new("selection-list", text).with("list", list).with("limit", limit)
            }
            SelectionError::Question { title, minimum, maximum } => Self::new("selection-question", text)
                .with("question", title)
                .with("minimum", minimum)
                .with("maximum", maximum),
            SelectionError::NotAsked { title, condition } => {
                Self::new("selection-not-asked", text).with("question", title).with("condition", condition)
            }
            SelectionError::TooLarge
            | SelectionError::NoBlank
            | SelectionError::WrongForm(_)
            | SelectionError::NoSuchOption
            | SelectionError::Values(_) => Self::new("selection-form", text),
        }
    }
}

impl From<SealError> for Fault {
    fn from(error: SealError) -> Self {
        let text = error.to_string();
        match error {
            SealError::Missing(contest) => Self::new("selection-missing", text).with("contest", contest),
            SealError::NotAllowed(contest) => Self::new("selection-form", text).with("contest", contest),
            SealError::Seal(_) => Self::new("not-sealed", text),
        }
    }
}

impl From<TrackerError> for Fault {
    fn from(error: TrackerError) -> Self {
        let fault = |code| Self::new(code, error);
        match error {
            TrackerError::Character(position) => fault("tracker-character").with("position", position),
            TrackerError::Length(found) => fault("tracker-length").with("found", found),
        }
    }
}

impl From<AuditFault> for Fault {
    fn from(error: AuditFault) -> Self {
        let text = error.to_string();
        match error {
            AuditFault::TooLong(_) | AuditFault::Malformed(_) | AuditFault::Format => Self::new("opening-form", text),
            AuditFault::TrackerTooShort => Self::new("tracker-too-short", text),
            AuditFault::OtherElection(_) => Self::new("opening-other-election", text),
            AuditFault::UnknownCredential => Self::new("opening-unknown", text),
            AuditFault::NotOpened => Self::new("not-yet-open", text),
            AuditFault::TrackerDiffers(tracker) => Self::new("device-tracker", text).with("tracker", tracker),
            AuditFault::NotThisBallot(_) => Self::new("device-ballot", text),
            AuditFault::OpeningDiffers { contest } => Self::new("device-opening", text).with("contest", contest),
            AuditFault::ProofFails { contest } => Self::new("device-proof", text).with("contest", contest),
            AuditFault::NoSelection { contest } => Self::new("device-selection", text).with("contest", contest),
        }
    }
}

impl From<ReceiptFault> for Fault {
    fn from(error: ReceiptFault) -> Self {
        Self::new("receipt-bad", error).by("BAL-36")
    }
}

impl From<ReplayFault> for Fault {
    fn from(error: ReplayFault) -> Self {
        let text = error.to_string();
        match error {
            ReplayFault::OtherElection { .. } => Self::new("other-election", text),
            ReplayFault::Rejected { index, rejection } => {
                Self::new("record-invalid", text).by(rejection.rule()).with("entry", index)
            }
            ReplayFault::Empty => Self::new("record-invalid", text),
        }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        let text = error.to_string();
        match error {
            ReadError::Board(error) => error.into(),
            ReadError::Replay(error) => error.into(),
            ReadError::Entry(_) => Self::new("record-invalid", text),
            ReadError::OtherHistory { .. } => Self::new("other-history", text),
            ReadError::Checkpoint(_) | ReadError::Policy(_) | ReadError::NoCheckpoint => {
                Self::new("checkpoint-bad", text)
            }
        }
    }
}

impl From<Box<Problem>> for Fault {
    fn from(problem: Box<Problem>) -> Self {
        Self::new("board-refuses", &problem).by(&problem.rule).with("status", problem.status)
    }
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        let text = error.to_string();
        match error {
            ClientError::Refused(problem) => problem.into(),
            ClientError::Record(fault) => (*fault).into(),
            ClientError::Promise(_) => Self::new("promise-broken", text).by("HTTP-14"),
            ClientError::Manifest(_) | ClientError::LogKey(_) => Self::new("record-invalid", text),
            ClientError::Address(_) => Self::new("board-address", text),
            ClientError::Transport(_) => Self::new("board-silent", text),
            ClientError::Status(status) => Self::new("board-status", text).with("status", status),
            _ => Self::new("board-answer", text),
        }
    }
}

impl From<RecordFault> for Fault {
    fn from(fault: RecordFault) -> Self {
        let code = match fault {
            RecordFault::OtherElection(_) => "other-election",
            RecordFault::Unwitnessed(_) => "unwitnessed",
            RecordFault::Fork { .. } | RecordFault::Rollback { .. } => "other-history",
            RecordFault::TooLarge { .. } | RecordFault::TooManyBytes(_) => "record-too-large",
            RecordFault::TooSlow => "board-slow",
            RecordFault::Missing(_) => "record-missing",
            _ => "record-invalid",
        };
        Self::new(code, fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_code_rule_and_figures() {
        let fault: Fault = CredentialError::Code { number: 2, fault: CodeError::Character { position: 7 } }.into();
        let text = serde_json::to_string(&fault).unwrap();
        assert_eq!(
            text,
            r#"{"code":"code-character","text":"code 2: character 7 does not occur in codes","params":{"number":"2","position":"7"}}"#
        );
        let fault: Fault = BeginError::HasVoted.into();
        assert_eq!((fault.code, fault.rule.as_deref()), ("has-voted", Some("BAL-6")));
    }
}
