//! The one line of a voter's letter that machines read; the letter's QR code holds the same (ROL-13).

use crate::ids::ElectionFingerprint;
use crypto::credential_code::CredentialCode;
use zeroize::Zeroizing;

/// What every such line begins with.
pub const PREFIX: &str = "vitrine:letter/1?";
/// Longest board address, in bytes.
pub const LONGEST_ADDRESS: usize = 300;
/// Longest line: prefix, names of the fields, and the longest fields.
pub const LONGEST_LINE: usize = 460;
/// Most registrars (MAN-4).
const REGISTRARS: u32 = 32;

/// What a voter's machine needs of one letter. As good as the vote itself, where there is one registrar.
#[derive(Debug)]
pub struct LetterLine {
    /// F, which the voter trusts because it came in the letter.
    pub election: ElectionFingerprint,
    /// Whose letter it is, from 1.
    pub registrar: u32,
    /// The code.
    pub code: CredentialCode,
    /// Address of the board.
    pub board: String,
}

/// Why a text is no such line. Never shows a character of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// Not of this kind, or cut off.
    #[error(
        "this is not the line of a letter that begins with vitrine:letter/1 (ROL-13): copy or scan the whole of it"
    )]
    Form,
    /// The code was damaged on the way.
    #[error("the code in this line does not check (CRY-81): copy or scan the line again")]
    Code,
}

/// Whether a board's address can stand in a letter: `http` or `https`, and visible ASCII throughout.
pub fn is_address(text: &str) -> bool {
    let scheme = text.starts_with("http://") || text.starts_with("https://");
    scheme && text.len() <= LONGEST_ADDRESS && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// ROL-13: the line, without an end of line, for a board at an address that [`is_address`] accepts.
pub fn line(election: &ElectionFingerprint, registrar: u32, code: &CredentialCode, board: &str) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(LONGEST_LINE));
    line.push_str(PREFIX);
    line.push_str(&format!("election={election}&registrar={registrar}&code="));
    line.extend(code.as_bytes().iter().copied().map(char::from));
    line.push_str("&board=");
    line.push_str(board);
    line
}

impl LetterLine {
    /// ROL-13: as [`line()`] writes it.
    pub fn encode(&self) -> Zeroizing<String> {
        line(&self.election, self.registrar, &self.code, &self.board)
    }

    /// ROL-13: reads exactly what [`line()`] writes; white space around it does not matter.
    ///
    /// # Errors
    /// [`LetterError`]; the text may be of any length and content.
    pub fn parse(text: &str) -> Result<Self, LetterError> {
        let text = text.trim();
        if text.len() > LONGEST_LINE {
            return Err(LetterError::Form);
        }
        let fields = || {
            let (election, rest) = text.strip_prefix(PREFIX)?.strip_prefix("election=")?.split_once("&registrar=")?;
            let (registrar, rest) = rest.split_once("&code=")?;
            let (code, board) = rest.split_once("&board=")?;
            Some((election.parse().ok()?, registrar.parse().ok()?, code, board))
        };
        let (election, registrar, code, board) = fields().ok_or(LetterError::Form)?;
        if !(1..=REGISTRARS).contains(&registrar) || !is_address(board) {
            return Err(LetterError::Form);
        }
        let code = CredentialCode::parse(code).map_err(|_| LetterError::Code)?;
        let line = Self { election, registrar, code, board: board.to_owned() };
        if *line.encode() == text { Ok(line) } else { Err(LetterError::Form) }
    }

    /// The one such line of a text, such as a letter that came as a file.
    ///
    /// # Errors
    /// [`LetterError::Form`] if there is none, or more than one.
    pub fn find(text: &str) -> Result<Self, LetterError> {
        let mut lines = text.lines().filter(|line| line.trim_start().starts_with(PREFIX));
        match (lines.next(), lines.next()) {
            (Some(line), None) => Self::parse(line),
            _ => Err(LetterError::Form),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    /// The example of ROL-13.
    const EXAMPLE: &str = "vitrine:letter/1?election=abababababababababababababababababababababababababababababababab&registrar=2&\
                           code=000000000000000000000000&board=https://board.example.org/vote";

    fn letter(seed: u64, registrar: u32, board: &str) -> LetterLine {
        let code = CredentialCode::generate(&mut ChaCha20Rng::seed_from_u64(seed)).unwrap();
        LetterLine { election: ElectionFingerprint([0xab; 32]), registrar, code, board: board.to_owned() }
    }

    #[test]
    fn the_example_reads_back() {
        let zeros = CredentialCode::parse(&"0".repeat(24)).unwrap();
        let read = LetterLine { code: zeros, ..letter(1, 2, "https://board.example.org/vote") };
        assert_eq!(*read.encode(), EXAMPLE);
        let letter = format!("Dear voter,\n\n  {EXAMPLE}  \r\nregards\n");
        assert_eq!(*LetterLine::find(&letter).unwrap().encode(), EXAMPLE);
        assert_eq!(LetterLine::find(&format!("{letter}{EXAMPLE}")).unwrap_err(), LetterError::Form);
        assert_eq!(LetterLine::find("").unwrap_err(), LetterError::Form);
    }

    #[test]
    fn the_longest_line_fits() {
        let board = format!("https://{}", "x".repeat(LONGEST_ADDRESS - 8));
        let longest = letter(1, 32, &board).encode();
        assert!(longest.len() <= LONGEST_LINE, "{}", longest.len());
        assert!(LetterLine::parse(&longest).is_ok());
        assert!(!is_address(&format!("{board}x")) && !is_address("ftp://a") && !is_address("http://a b"));
    }

    #[test]
    fn every_other_form_is_refused_and_nothing_is_shown() {
        let good = letter(3, 1, "http://127.0.0.1:7878").encode();
        let code = good.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        for (from, to) in [
            ("letter/1", "letter/2"),
            ("registrar=1", "registrar=0"),
            ("registrar=1", "registrar=01"),
            ("registrar=1", "registrar=33"),
            ("registrar=1&", ""),
            ("=abab", "=ABab"),
            ("http://", "file://"),
            (code.as_str(), &code.to_lowercase()),
            (code.as_str(), ""),
        ] {
            assert!(good.contains(from));
            let wrong = good.replacen(from, to, 1);
            let Err(error) = LetterLine::parse(&wrong) else { panic!("{from} became {to} and was read") };
            assert!(!error.to_string().contains(&code));
        }
        let mut typed = code.clone().into_bytes();
        typed[3] = if typed[3] == b'0' { b'1' } else { b'0' };
        let typed = good.replace(&code, &String::from_utf8(typed).unwrap());
        assert_eq!(LetterLine::parse(&typed).unwrap_err(), LetterError::Code);
        assert!(!format!("{:?}", letter(3, 1, "http://a")).contains(&code));
    }

    proptest! {
        #[test]
        fn lines_come_back(seed in any::<u64>(), registrar in 1..33u32, path in "[!-~]{0,40}") {
            let line = letter(seed, registrar, &format!("https://a/{path}"));
            let text = line.encode();
            let read = LetterLine::parse(&text).unwrap();
            assert_eq!((read.registrar, &read.board, read.encode()), (registrar, &line.board, text));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,300}", cut in 0..EXAMPLE.len()) {
            let _ = LetterLine::parse(&text);
            let spliced = format!("{}{text}", EXAMPLE.get(..cut).unwrap_or(""));
            if let Ok(read) = LetterLine::parse(&spliced) {
                assert_eq!(*read.encode(), spliced.trim());
            }
        }
    }
}
