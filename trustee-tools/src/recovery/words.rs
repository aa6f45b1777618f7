//! The 24 words of a seed: BIP 39's English list and checksum.

use bip39::{Language, Mnemonic};
use crypto::trustee_seed::{LENGTH, TrusteeSeed};
use zeroize::Zeroizing;

/// Words of a sheet.
pub const COUNT: usize = 24;

/// Why the words give no seed. Never shows one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// Too few or too many.
    #[error("a recovery sheet has {COUNT} words, and here are {found}")]
    Count {
        /// Words found.
        found: usize,
    },
    /// Not a word of the list.
    #[error("word {position} is not one of the 2,048 words that recovery sheets are made of: look at the sheet again")]
    Unknown {
        /// Which word, from 1.
        position: usize,
    },
    /// Every word is known, and together they do not check.
    #[error("the words do not check: one of them is another than on the sheet, or two stand in the wrong order")]
    Checksum,
}

/// Whether recovery sheets have such a word.
pub fn is_word(word: &str) -> bool {
    Language::English.find_word(&word.to_ascii_lowercase()).is_some()
}

/// The words of a seed.
pub(super) fn of(seed: &TrusteeSeed) -> [&'static str; COUNT] {
    let mnemonic = Mnemonic::from_entropy_in(Language::English, seed.as_bytes()).expect("32 bytes are 24 words");
    let mut words = [""; COUNT];
    for (place, word) in words.iter_mut().zip(mnemonic.words()) {
        *place = word;
    }
    words
}

/// The seed of words, in any case, between any white space; numbers between them are skipped.
pub(super) fn seed(text: &str) -> Result<TrusteeSeed, WordsFault> {
    let is_number = |word: &&str| word.trim_end_matches('.').bytes().all(|byte| byte.is_ascii_digit());
    let words = || text.split_whitespace().filter(|word| !is_number(word));
    let found = words().take(COUNT.saturating_mul(2)).count();
    if found != COUNT {
        return Err(WordsFault::Count { found });
    }
    let mut typed = Zeroizing::new(String::with_capacity(text.len().saturating_add(COUNT)));
    for (position, word) in (1..).zip(words()) {
        let word = Zeroizing::new(word.to_ascii_lowercase());
        if !is_word(&word) {
            return Err(WordsFault::Unknown { position });
        }
        typed.push_str(&word);
        typed.push(' ');
    }
    let mnemonic = Mnemonic::parse_in_normalized(Language::English, &typed).map_err(|_| WordsFault::Checksum)?;
    let (entropy, length) = mnemonic.to_entropy_array();
    let entropy = Zeroizing::new(entropy);
    match entropy.first_chunk::<LENGTH>() {
        Some(seed) if length == LENGTH => Ok(TrusteeSeed::from_bytes(seed)),
        _ => Err(WordsFault::Checksum),
    }
}
