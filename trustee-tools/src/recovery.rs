//! Recovery sheets (CER-33): all of a trustee's secret on one sheet of paper, as words that people can type and as a QR code.
//!
//! A sheet is as secret as the keystore without its passphrase. What comes of one is a restored keystore (CER-34).

mod print;
mod words;

use crate::secrets::TrusteeSecrets;
use crypto::trustee_seed::TrusteeSeed;
pub use print::PrintError;
use protocol::ids::ElectionId;
pub use words::{COUNT, WordsFault, is_word};
use zeroize::Zeroizing;

/// First line of the block that a machine reads.
const FORMAT: &str = "vitrine/1/recovery-sheet";
/// Its last line.
const END: &str = "end-of-sheet";
/// Words of a line of the block.
const WORDS_A_LINE: usize = 6;
/// The most bytes of a sheet that are read.
pub(crate) const MAXIMUM_SHEET: u64 = 64 * 1024;
/// The longest name, in bytes (ENC-3).
const MAXIMUM_NAME: usize = 400;

/// A trustee's secret as it stands on paper.
#[derive(Debug)]
pub struct Sheet {
    /// The election's id.
    pub election_id: ElectionId,
    /// Which trustee, from 1.
    pub index: u32,
    /// As everybody sees it.
    pub name: String,
    seed: TrusteeSeed,
}

/// Why there is no sheet. Never shows a word.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// No block of a sheet.
    #[error(
        "this is no recovery sheet: the line {FORMAT:?} is missing. Give the text that vitrine trustee sheet wrote, or what its QR code holds"
    )]
    NoSheet,
    /// A line of the block is missing or otherwise.
    #[error("the recovery sheet is damaged: {0:?} is not where it should be; type the words instead")]
    Line(&'static str),
    /// The words.
    #[error(transparent)]
    Words(#[from] WordsFault),
    /// No sheet can carry such a name.
    #[error(
        "a recovery sheet takes a name of 1 to {MAXIMUM_NAME} bytes without control characters and without spaces around it"
    )]
    Name,
    /// The sheet's place.
    #[error("trustees are numbered from 1 to 32, not {0}")]
    Index(u32),
    /// A seed that gives no keys (CER-32).
    #[error("these words give no keys: no recovery sheet has them")]
    NoKeys,
    /// It is of another election.
    #[error(
        "this recovery sheet is for the election with id {sheet}, and what it is compared with is of {found}: take the sheet of this election"
    )]
    OtherElection {
        /// The sheet's.
        sheet: ElectionId,
        /// The manifest's or the public key file's.
        found: ElectionId,
    },
    /// The keys of these words are not the ones that everybody knows.
    #[error(
        "these words do not give the public keys of trustee {0}: a word is wrong although they check, or election id, number or sheet are not \
         the right ones; nothing was written"
    )]
    OtherKeys(u32),
}

impl Sheet {
    /// The sheet of a keystore.
    ///
    /// # Errors
    /// [`SheetFault::Name`].
    pub fn of(secrets: &TrusteeSecrets) -> Result<Self, SheetFault> {
        let seed = TrusteeSeed::from_bytes(secrets.seed.as_bytes());
        Self::new(secrets.election_id, secrets.index, &secrets.name, seed)
    }

    fn new(election_id: ElectionId, index: u32, name: &str, seed: TrusteeSeed) -> Result<Self, SheetFault> {
        if !(1..=32).contains(&index) {
            return Err(SheetFault::Index(index));
        }
        if !(1..=MAXIMUM_NAME).contains(&name.len()) || name.trim() != name || name.chars().any(char::is_control) {
            return Err(SheetFault::Name);
        }
        Ok(Self { election_id, index, name: name.to_owned(), seed })
    }

    /// What somebody typed.
    ///
    /// # Errors
    /// [`SheetFault`].
    pub fn typed(election_id: ElectionId, index: u32, name: &str, words: &str) -> Result<Self, SheetFault> {
        Self::new(election_id, index, name, words::seed(words)?)
    }

    /// Reads a sheet's text, or what its QR code holds: the block, with anything before and after it.
    ///
    /// # Errors
    /// [`SheetFault`].
    pub fn parse(text: &str) -> Result<Self, SheetFault> {
        let mut lines = text.lines().map(str::trim).skip_while(|line| *line != FORMAT).skip(1);
        let mut field = |name: &'static str| {
            let line = lines.next().ok_or(if name == "election-id:" {
                SheetFault::NoSheet
            } else {
                SheetFault::Line(name)
            })?;
            line.strip_prefix(name).map(str::trim).ok_or(SheetFault::Line(name))
        };
        let election_id = field("election-id:")?.parse().map_err(|_| SheetFault::Line("election-id:"))?;
        let index = field("trustee:")?.parse().map_err(|_| SheetFault::Line("trustee:"))?;
        let name = field("name:")?.to_owned();
        if !field("words:")?.is_empty() {
            return Err(SheetFault::Line("words:"));
        }
        let mut typed = Zeroizing::new(String::with_capacity(text.len()));
        loop {
            match lines.next() {
                Some(END) => break,
                Some(line) => {
                    typed.push_str(line);
                    typed.push(' ');
                }
                None => return Err(SheetFault::Line(END)),
            }
        }
        Self::typed(election_id, index, &name, &typed)
    }

    /// The secrets, of a restored keystore.
    ///
    /// # Errors
    /// [`SheetFault::NoKeys`].
    pub fn secrets(&self) -> Result<TrusteeSecrets, SheetFault> {
        let seed = TrusteeSeed::from_bytes(self.seed.as_bytes());
        TrusteeSecrets::restored(self.election_id, self.index, &self.name, seed).ok_or(SheetFault::NoKeys)
    }

    /// The 24 words.
    pub fn words(&self) -> [&'static str; COUNT] {
        words::of(&self.seed)
    }

    /// CER-33: what a machine reads, and what the QR code holds.
    pub fn block(&self) -> Zeroizing<String> {
        let words = self.words();
        let mut block = Zeroizing::new(String::with_capacity(1024));
        let head = format!(
            "{FORMAT}\nelection-id: {}\ntrustee: {}\nname: {}\nwords:\n",
            self.election_id, self.index, self.name
        );
        block.push_str(&head);
        for (line, words) in words.chunks(WORDS_A_LINE).enumerate() {
            for (place, word) in words.iter().enumerate() {
                let number = line.saturating_mul(WORDS_A_LINE).saturating_add(place).saturating_add(1);
                block.push_str(if place == 0 { "" } else { " " });
                block.push_str(&number.to_string());
                block.push(' ');
                block.push_str(word);
            }
            block.push('\n');
        }
        block.push_str(END);
        block.push('\n');
        block
    }
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
