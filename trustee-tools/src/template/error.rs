//! Why a template gives no manifest.

use super::{Located, MAXIMUM_TEMPLATE};
use crate::public_keys::PublicKeyFault;
use protocol::manifest::BOARD_IN_WORDS;
use std::path::PathBuf;
use tlog::{note::KeyError, policy::PolicyError};

/// Why a template gives no manifest.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Longer than any template.
    #[error("longer than {MAXIMUM_TEMPLATE} bytes")]
    TooLong,
    /// Not the TOML of a template. The message shows the place.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A field of a contest or unit. The message begins with its line and column.
    #[error("{0}")]
    Field(Box<Located>),
    /// A long text with neither file nor digest, or with both.
    #[error("text {0:?} needs either the file, or the digest of its bytes: 64 hexadecimal digits")]
    Text(String),
    /// Not one content for each file that the template names.
    #[error("the files that the template names were not all given")]
    Files,
    /// A public key file does not fit its place.
    #[error("{file}: {fault}")]
    Keys {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        fault: PublicKeyFault,
    },
    /// Witnesses in two forms.
    #[error("give the witnesses as tables or the policy as a text, not both")]
    TwoPolicies,
    /// A quorum without witnesses.
    #[error("witness_quorum is given, and there are no witnesses")]
    QuorumOfNobody,
    /// A name or address that would break the policy's line.
    #[error("{0:?} is no word: names and addresses of witnesses have no spaces")]
    WitnessWord(String),
    /// Not a key.
    #[error("the key of witness {witness:?} is refused: {fault}")]
    WitnessKey {
        /// The witness.
        witness: String,
        /// Why.
        fault: KeyError,
    },
    /// The policy as a whole, such as a quorum larger than the number of witnesses; its line 1 is the log's.
    #[error("the witness policy is refused: {0}")]
    Policy(#[from] PolicyError),
    /// MAN-15: the quorum is weak, and the template does not accept that.
    #[error("the witness quorum is weak: {0}. If this is wanted all the same, say accept_weak_witnesses = true")]
    WeakWitnesses(String),
    /// Nothing is weak.
    #[error("accept_weak_witnesses stands without need: remove it, so that it cannot cover a later change")]
    NeedlesslyAccepted,
    /// Pages are wanted, and it is not known which.
    #[error(
        "[pages] without `bundle` means the pages that this program carries, and it carries no pages: give their digest, or take the table out"
    )]
    NoBundle,
    /// The address of the board is none that pages can use.
    #[error(
        "[pages] without `boards` means the board at {0}, which is not {BOARD_IN_WORDS}: name the addresses that voters reach"
    )]
    BoardForPages(String),
    /// The numbers weaken the election, and the template does not say that this is wanted.
    #[error("this election needs the waivers {needed:?}, and the template has {given:?}: {advice}")]
    Waivers {
        /// Needed.
        needed: Vec<&'static str>,
        /// In the template.
        given: Vec<&'static str>,
        /// What each needed one gives away.
        advice: String,
    },
}

impl From<Located> for TemplateError {
    fn from(fault: Located) -> Self {
        Self::Field(Box::new(fault))
    }
}
