//! What the program ends with when it does not do what it was told to (VER-2).

use super::CommandError;
use crate::{
    authority, carry::CarryFault, issuance::IssuanceError, keystore::KeystoreError, marker::MarkerError,
    record::RecordError, recovery::SheetFault, refusal::Refusal, registrar,
};
use board_api::{ClientError, dispute::DisputeFault, flags::FlagError, record::CopyError};
use verifier::ExitCode;

impl CommandError {
    /// What the program ends with (VER-2).
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Record(RecordError::Invalid(_)) | Self::Unrecorded(_) | Self::NotKept { .. } => ExitCode::Invalid,
            Self::LeftOut { .. } | Self::Broken { .. } => ExitCode::Invalid,
            Self::Undecided | Self::Dispute(DisputeFault::Unwitnessed) => ExitCode::Incomplete,
            Self::Dispute(_) | Self::NotARecord(_) => ExitCode::Invalid,
            Self::NoPromises | Self::NotAPromise(_) => ExitCode::Unreadable,
            Self::Record(RecordError::Copy(CopyError::Record(_))) => ExitCode::Invalid,
            Self::Flags(FlagError::Client(error)) => of_client(error),
            Self::Flags(FlagError::Policy { .. } | FlagError::NoHome) => ExitCode::Usage,
            Self::Awaiting { .. } | Self::NoTimeEvidence => ExitCode::Incomplete,
            Self::NoWitnesses | Self::NoKeystore => ExitCode::Usage,
            // A record that a board does not give is out of reach; only what is sent is refused.
            Self::Record(RecordError::Board(ClientError::Refused(_))) => ExitCode::Unreadable,
            Self::Record(RecordError::Board(error)) | Self::Board(error) => of_client(error),
            // A record whose partial decryptions give no total is not what it seems.
            Self::Authority(authority::Obstacle::NoTotal { .. }) => ExitCode::Invalid,
            Self::Refusal(Refusal::Phase { .. } | Refusal::NotSettled | Refusal::Incomplete)
            | Self::Record(RecordError::Unwitnessed)
            | Self::Waiting(_) => ExitCode::Incomplete,
            Self::Refusal(Refusal::Randomness(_)) | Self::Randomness(_) => ExitCode::Unreadable,
            Self::Refusal(_) => ExitCode::Refused,
            Self::Carry(fault) => of_carried(fault),
            Self::Sheet(SheetFault::OtherElection { .. } | SheetFault::OtherKeys(_)) => ExitCode::Refused,
            Self::Sheet(_) => ExitCode::Usage,
            Self::Unsound(_) => ExitCode::Invalid,
            Self::Authority(obstacle) => of_authority(obstacle),
            Self::Registrar(registrar::Obstacle::Randomness(_)) => ExitCode::Unreadable,
            Self::Registrar(
                registrar::Obstacle::OtherElection { .. }
                | registrar::Obstacle::NotThisRegistrar(_)
                | registrar::Obstacle::Published(_)
                | registrar::Obstacle::Begun { .. }
                | registrar::Obstacle::Chunks { .. }
                | registrar::Obstacle::OtherReplacement { .. },
            )
            | Self::WouldBeRefused { .. } => ExitCode::Refused,
            Self::Registrar(_) | Self::Template { .. } | Self::List { .. } | Self::Time(_) => ExitCode::Usage,
            Self::Definition { .. } => ExitCode::Usage,
            Self::BeforeCommand | Self::Unanswered { .. } | Self::Settings { .. } | Self::Fingerprint(_) => {
                ExitCode::Usage
            }
            Self::Again(_) | Self::Past(_) | Self::Span(_) => ExitCode::Usage,
            Self::NoTemplate(_) | Self::Unwritable(_) => ExitCode::Unreadable,
            Self::Keystore(KeystoreError::EmptyPassphrase) | Self::PassphrasesDiffer => ExitCode::Usage,
            Self::Keystore(
                KeystoreError::Exists(_)
                | KeystoreError::InUse(_)
                | KeystoreError::Changed(_)
                | KeystoreError::Retired(_),
            )
            | Self::Marker(MarkerError::InUse(_))
            | Self::Issuance(IssuanceError::Exists(_))
            | Self::OtherManifest(_)
            | Self::NoSpare { .. }
            | Self::NotConfirmed
            | Self::Exists(_) => ExitCode::Refused,
            Self::Keystore(_)
            | Self::Marker(_)
            | Self::Print(_)
            | Self::PublicKeys { .. }
            | Self::Issuance(_)
            | Self::Submission { .. }
            | Self::File { .. }
            | Self::Streams(_)
            | Self::Json(_)
            | Self::LogKey(_)
            | Self::Flags(_)
            | Self::Record(_) => ExitCode::Unreadable,
        }
    }
}

fn of_client(error: &ClientError) -> ExitCode {
    match error {
        ClientError::Refused(_) | ClientError::Manifest(_) => ExitCode::Refused,
        ClientError::Promise(_) | ClientError::Record(_) => ExitCode::Invalid,
        ClientError::Address(_) => ExitCode::Usage,
        _ => ExitCode::Unreadable,
    }
}

fn of_carried(fault: &CarryFault) -> ExitCode {
    match fault {
        CarryFault::File { .. }
        | CarryFault::TooLarge { .. }
        | CarryFault::NotCarried(_)
        | CarryFault::OtherVersion(_)
        | CarryFault::Damaged
        | CarryFault::Malformed(_) => ExitCode::Unreadable,
        CarryFault::Exists(_)
        | CarryFault::OtherKind { .. }
        | CarryFault::OtherFile { .. }
        | CarryFault::OtherElection { .. }
        | CarryFault::OtherParty { .. }
        | CarryFault::OtherStep { .. }
        | CarryFault::Refused { .. } => ExitCode::Refused,
        CarryFault::NotTheirs(_) => ExitCode::Usage,
        CarryFault::NoPlace { .. } | CarryFault::NothingAsked { .. } => ExitCode::Incomplete,
        CarryFault::Checkpoint { .. } | CarryFault::BoardBehind { .. } | CarryFault::Fork { .. } => ExitCode::Invalid,
    }
}

fn of_authority(obstacle: &authority::Obstacle) -> ExitCode {
    use authority::Obstacle;
    match obstacle {
        Obstacle::Manifest(_) | Obstacle::OtherSuccessor { .. } | Obstacle::NoRow(_) => ExitCode::Usage,
        Obstacle::NoOverrides => ExitCode::Refused,
        Obstacle::NotThisAuthority | Obstacle::WouldFail { .. } | Obstacle::Override(_) => ExitCode::Refused,
        Obstacle::Phase { .. }
        | Obstacle::NotReady(_)
        | Obstacle::CeremonyEnded
        | Obstacle::NotOverdue { .. }
        | Obstacle::TooEarly { .. }
        | Obstacle::Witnessed
        | Obstacle::Evidence(_) => ExitCode::Incomplete,
        Obstacle::NoTotal { .. } | Obstacle::Bound(_) => ExitCode::Invalid,
        Obstacle::Randomness(_) => ExitCode::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use board_api::Problem;

    /// VER-2: an election that the board does not know is not there to be read; a submission that it refuses is refused.
    #[test]
    fn what_a_board_refuses_to_give_is_unreadable() {
        let problem = || ClientError::Refused(Box::new(Problem::new("HTTP-8", 404, "t", "e", "f")));
        assert_eq!(CommandError::from(RecordError::from(problem())).exit_code(), ExitCode::Unreadable);
        assert_eq!(CommandError::from(problem()).exit_code(), ExitCode::Refused);
    }
}
