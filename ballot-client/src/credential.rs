//! From the codes of the letters to the key that signs (BAL-20, BAL-21).

use crypto::{
    EncodedPoint, Scalar, SecretScalar,
    credential_code::{CodeError, CredentialCode},
    schnorr::SigningKey,
};
use protocol::{
    Manifest,
    ids::ElectionFingerprint,
    letter::{self, LetterError, LetterLine},
};
use std::collections::BTreeMap;
use thiserror::Error;
use zeroize::Zeroize as _;

/// A voter's signing key in one election. Wiped on drop.
#[derive(Debug)]
pub struct Credential {
    key: SigningKey,
    public: EncodedPoint,
}

/// Why codes make no credential. Never shows a character of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CredentialError {
    /// One of the codes was mistyped.
    #[error("code {number}: {fault}")]
    Code {
        /// Which of them, from 1.
        number: usize,
        /// What is wrong with it.
        fault: CodeError,
    },
    /// BAL-20: one code from each registrar, in the manifest's order.
    #[error("this election gives every voter {expected} codes, one from each registrar; {found} were entered")]
    Number {
        /// Registrars of the election.
        expected: usize,
        /// Codes given.
        found: usize,
    },
    /// BAL-45: a letter of another election.
    #[error(
        "letter {number} is of the election {found}, and this is {expected}: you may have an old letter, or somebody shows you another election"
    )]
    OtherElection {
        /// Which of them, from 1.
        number: usize,
        /// The election asked for.
        expected: ElectionFingerprint,
        /// The letter's.
        found: ElectionFingerprint,
    },
    /// BAL-46: the line of a letter that cannot be read.
    #[error("code {number}: {fault}")]
    Line {
        /// Which of them, from 1.
        number: usize,
        /// What is wrong with it.
        fault: LetterError,
    },
    /// BAL-46: a letter's line in another registrar's place.
    #[error("code {number} is from the letter of registrar {registrar}: give them in the registrars' order")]
    OutOfOrder {
        /// Which of them, from 1.
        number: usize,
        /// Whose it is.
        registrar: u32,
    },
    /// BAL-45: two letters of one registrar, or one of a registrar that this election does not have.
    #[error("letter {number} is of registrar {registrar}, and one letter of each of {expected} registrars is needed")]
    Registrar {
        /// Which of them, from 1.
        number: usize,
        /// Whose it is.
        registrar: u32,
        /// Registrars of the election.
        expected: usize,
    },
    /// The parts cancel; no honest pair of codes does this.
    #[error("these codes make no key")]
    NoKey,
}

impl Credential {
    /// BAL-20: the credential's secret is the sum of the secrets `s_i` that the codes stand for, registrar 1 first.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub fn from_codes(
        codes: &[CredentialCode],
        manifest: &Manifest,
        election: &ElectionFingerprint,
    ) -> Result<Self, CredentialError> {
        let (expected, found) = (manifest.registrars.len(), codes.len());
        if expected != found {
            return Err(CredentialError::Number { expected, found });
        }
        let mut sum = Scalar::ZERO;
        for (code, registrar) in codes.iter().zip(1..) {
            sum += code.secret(&election.0, registrar).expose();
        }
        let key = SigningKey::from_secret(SecretScalar::new(sum));
        sum.zeroize();
        Self::from_key(key)
    }

    /// The credential with this key, for who issues and uses credentials in one process (a rehearsal or a load test).
    ///
    /// # Errors
    /// [`CredentialError::NoKey`] for the key zero.
    pub fn from_key(key: SigningKey) -> Result<Self, CredentialError> {
        let public = key.public();
        if public == EncodedPoint::IDENTITY { Err(CredentialError::NoKey) } else { Ok(Self { key, public }) }
    }

    /// The public key, as it stands on the roll.
    pub fn public(&self) -> EncodedPoint {
        self.public
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }
}

/// BAL-45: the codes of letters for an election with so many registrars. They say whose they are and may come in any order.
///
/// # Errors
/// [`CredentialError`], unless there is one letter of this election from each registrar.
pub fn codes_of_letters(
    letters: Vec<LetterLine>,
    registrars: usize,
    election: &ElectionFingerprint,
) -> Result<Vec<CredentialCode>, CredentialError> {
    let (expected, found) = (registrars, letters.len());
    let mut codes = BTreeMap::new();
    for (number, letter) in (1..).zip(letters) {
        let (found, registrar) = (letter.election, letter.registrar);
        if found != *election {
            return Err(CredentialError::OtherElection { number, expected: *election, found });
        }
        let known = usize::try_from(registrar).is_ok_and(|registrar| (1..=expected).contains(&registrar));
        if !known || codes.insert(registrar, letter.code).is_some() {
            return Err(CredentialError::Registrar { number, registrar, expected });
        }
    }
    if expected != found {
        return Err(CredentialError::Number { expected, found });
    }
    Ok(codes.into_values().collect())
}

/// Reads codes as people type them, one on each line that is not empty (BAL-20). What a scanner made of a letter's QR code may stand in a code's
/// place (BAL-46).
///
/// # Errors
/// [`CredentialError`], naming the line among those that are not empty.
pub fn parse_codes(text: &str, election: &ElectionFingerprint) -> Result<Vec<CredentialCode>, CredentialError> {
    parse_codes_of(text.lines().filter(|line| !line.trim().is_empty()), election)
}

/// The same of codes that are apart already.
pub(crate) fn parse_codes_of<'t>(
    texts: impl Iterator<Item = &'t str>,
    election: &ElectionFingerprint,
) -> Result<Vec<CredentialCode>, CredentialError> {
    (1..)
        .zip(texts)
        .map(|(number, line)| {
            if !line.trim_start().starts_with(letter::PREFIX) {
                return CredentialCode::parse(line).map_err(|fault| CredentialError::Code { number, fault });
            }
            let letter = LetterLine::parse(line).map_err(|fault| CredentialError::Line { number, fault })?;
            let (found, registrar) = (letter.election, letter.registrar);
            if found != *election {
                return Err(CredentialError::OtherElection { number, expected: *election, found });
            }
            if usize::try_from(registrar) != Ok(number) {
                return Err(CredentialError::OutOfOrder { number, registrar });
            }
            Ok(letter.code)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng as _, rngs::StdRng};

    #[test]
    fn codes_are_read_line_by_line_and_faults_name_the_line_alone() {
        let election = ElectionFingerprint([1; 32]);
        let mut rng = StdRng::seed_from_u64(7);
        let codes: Vec<_> = (0..2).map(|_| CredentialCode::generate(&mut rng).unwrap()).collect();
        let text = format!("\n {}\n\n{}\n", codes[0].grouped().to_lowercase(), *codes[1].grouped());
        let read = parse_codes(&text, &election).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].as_bytes(), codes[1].as_bytes());
        let wrong = format!("{}\nABCD\n", *codes[0].grouped());
        let error = parse_codes(&wrong, &election).unwrap_err();
        assert_eq!(error, CredentialError::Code { number: 2, fault: CodeError::Length { found: 4 } });
        assert!(!error.to_string().contains("ABCD"));

        // BAL-46: scanned lines in the place of codes, each in its registrar's place.
        let line = |registrar, election| letter::line(election, registrar, &codes[0], "http://a");
        let scanned = format!("{}\n{}\n", *line(1, &election), *codes[1].grouped());
        let read = parse_codes(&scanned, &election).unwrap();
        assert_eq!((read[0].as_bytes(), read[1].as_bytes()), (codes[0].as_bytes(), codes[1].as_bytes()));
        let refusal = |line: &str| parse_codes(line, &election).unwrap_err();
        assert_eq!(refusal(&line(2, &election)), CredentialError::OutOfOrder { number: 1, registrar: 2 });
        let found = ElectionFingerprint([2; 32]);
        assert_eq!(refusal(&line(1, &found)), CredentialError::OtherElection { number: 1, expected: election, found });
        let cut = refusal(&line(1, &election)[..120]);
        assert_eq!(cut, CredentialError::Line { number: 1, fault: LetterError::Form });
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = SigningKey::generate(&mut StdRng::seed_from_u64(8)).unwrap();
        let secret = hex::encode(key.to_bytes());
        let shown = format!("{:?}", Credential::from_key(key).unwrap());
        assert!(!shown.contains(&secret));
        assert!(shown.contains("SecretScalar(…)"));
    }

    #[test]
    fn the_zero_key_is_no_credential() {
        let zero = SigningKey::from_secret(SecretScalar::new(Scalar::ZERO));
        assert_eq!(Credential::from_key(zero).unwrap_err(), CredentialError::NoKey);
    }

    /// BAL-45: a letter says whose it is; the order does not matter, and everything else does.
    #[test]
    fn letters_give_their_codes_in_the_registrars_order() {
        let election = ElectionFingerprint([1; 32]);
        let mut rng = StdRng::seed_from_u64(9);
        let codes: Vec<_> = (0..2).map(|_| CredentialCode::generate(&mut rng).unwrap()).collect();
        let letter = |registrar: u32, election: ElectionFingerprint| {
            let code = CredentialCode::parse(&codes[usize::try_from(registrar % 2).unwrap()].grouped()).unwrap();
            LetterLine { election, registrar, code, board: "http://a".to_owned() }
        };
        let of = |letters: Vec<LetterLine>| codes_of_letters(letters, 2, &election);
        let read = of(vec![letter(2, election), letter(1, election)]).unwrap();
        assert_eq!((read[0].as_bytes(), read[1].as_bytes()), (codes[1].as_bytes(), codes[0].as_bytes()));
        let found = ElectionFingerprint([2; 32]);
        let foreign = of(vec![letter(1, election), letter(2, found)]).unwrap_err();
        assert_eq!(foreign, CredentialError::OtherElection { number: 2, expected: election, found });
        for registrar in [1, 0, 3] {
            let wrong = of(vec![letter(1, election), letter(registrar, election)]).unwrap_err();
            assert_eq!(wrong, CredentialError::Registrar { number: 2, registrar, expected: 2 });
        }
        assert_eq!(of(vec![letter(2, election)]).unwrap_err(), CredentialError::Number { expected: 2, found: 1 });
    }
}
