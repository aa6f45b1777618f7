//! `vitrine trustee ...`

mod carrying;
mod decrypting;
mod guiding;
mod keystores;
mod recovering;
mod retiring;
mod stepping;

use super::{
    CommandError, Streams,
    carrying::{Import, TrusteeExport},
    disputing::Dispute,
    keys::Keys,
};
use carrying::AnswerArguments;
use decrypting::DecryptArguments;
use guiding::GuideArguments;
use keystores::{CheckArguments, CopyArguments, SheetArguments};
use recovering::RecoverArguments;
use stepping::{Run, StepArguments};

/// `vitrine trustee`: a command, or without one the guide.
#[derive(Debug, clap::Args)]
pub struct TrusteeArguments {
    #[command(subcommand)]
    command: Option<TrusteeCommand>,
    #[command(flatten)]
    guide: GuideArguments,
}

impl TrusteeArguments {
    /// Runs the command, or guides.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        // On the heap, each of them: together they are more than a thread's stack holds well.
        match self.command {
            // The parser would refuse `--json` and `--quiet` there too, which are understood everywhere.
            Some(_) if self.guide.is_given() => Err(CommandError::BeforeCommand),
            Some(command) => Box::pin(command.run(streams)).await,
            None => Box::pin(self.guide.run(streams)).await,
        }
    }
}

/// Hold a part of the key, and decrypt with others.
#[derive(Debug, clap::Subcommand)]
pub enum TrusteeCommand {
    /// Make fresh keys for one election: a keystore to guard, and a public key file for the authority.
    Keys(Keys),
    /// Do the next step of the key ceremony, if there is one.
    Step(StepArguments),
    /// Go through the key ceremony, waiting for the others.
    Run(Run),
    /// Show once more that the key shares work. Useful between ceremony and closing.
    Rehearse(StepArguments),
    /// Verify the whole closed record, then send the partial decryptions.
    Decrypt(DecryptArguments),
    /// When all is over: sign that keys and shares are destroyed, destroy them, and record it.
    Retire(StepArguments),
    /// Prove that the keystore opens, holds the keys that everybody knows, and works; nothing of it is shown or sent.
    CheckKeystore(CheckArguments),
    /// Print the keystore's secret as words and as a QR code, to be kept on paper.
    Sheet(SheetArguments),
    /// Make a second keystore under a passphrase of its own.
    Copy(CopyArguments),
    /// Make a keystore of a recovery sheet.
    Recover(RecoverArguments),
    /// Without a network, on the machine with it: write the record and the step it asks for into one file. Needs no keystore.
    Export(TrusteeExport),
    /// Without a network, on the machine with the keystore: take the step that a file asks for, and write the answer into another.
    Answer(AnswerArguments),
    /// Without a network, on the machine with it: send what an answer holds. Needs no keystore.
    Import(Import),
    /// Compare what the board promised with its log, and keep evidence if it broke its word. Needs no keystore.
    Dispute(Dispute),
}

impl TrusteeCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        match self {
            Self::Keys(keys) => keystores::make_keys(&keys, streams),
            Self::Step(step) => step.step(streams).await,
            Self::Run(run) => Box::pin(run.run(streams)).await,
            Self::Rehearse(step) => step.rehearse(streams).await,
            Self::Decrypt(decrypt) => Box::pin(decrypt.run(streams)).await,
            Self::Retire(step) => retiring::run(&step.keystore, &step.place, streams).await,
            Self::CheckKeystore(check) => Box::pin(check.run(streams)).await,
            Self::Sheet(sheet) => sheet.run(streams),
            Self::Copy(copy) => copy.run(streams),
            Self::Recover(recover) => Box::pin(recover.run(streams)).await,
            Self::Export(export) => Box::pin(export.run(streams)).await,
            Self::Answer(answer) => Box::pin(answer.run(streams)).await,
            Self::Import(import) => Box::pin(import.run(streams)).await,
            Self::Dispute(dispute) => Box::pin(dispute.run(streams)).await,
        }
    }
}
