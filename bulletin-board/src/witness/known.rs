//! Which logs a witness knows (WIT-7).

use thiserror::Error;
use tlog::note::{Algorithm, KeyError, VerifierKey};

/// Boards, all of whose logs are known, and single logs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownLogs {
    boards: Vec<VerifierKey>,
    logs: Vec<VerifierKey>,
}

/// A key that signs no log.
#[derive(Debug, Error)]
pub enum NoLogKey {
    /// Not a verifier key.
    #[error("{0:?} is no verifier key: {1}")]
    Malformed(String, KeyError),
    /// A cosigner's.
    #[error("{0:?} is a cosigner's key, not a log's")]
    Cosigner(String),
}

impl KnownLogs {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// WIT-7: all logs of a board: its key as text, under the board's origin prefix as name.
    ///
    /// # Errors
    /// [`NoLogKey`].
    pub fn add_board(&mut self, vkey: &str) -> Result<(), NoLogKey> {
        self.boards.push(log_key(vkey)?);
        Ok(())
    }

    /// WIT-7: one log: its key as text.
    ///
    /// # Errors
    /// [`NoLogKey`].
    pub fn add_log(&mut self, vkey: &str) -> Result<(), NoLogKey> {
        self.logs.push(log_key(vkey)?);
        Ok(())
    }

    /// WIT-7: the keys trusted for a log; none if it is not known.
    pub fn keys_of(&self, origin: &str) -> Vec<VerifierKey> {
        let mut keys: Vec<VerifierKey> = self.logs.iter().filter(|key| key.name() == origin).cloned().collect();
        let of_board = |board: &VerifierKey| {
            let election = origin.strip_prefix(board.name())?.strip_prefix('/')?;
            let digits = election.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            (election.len() == 64 && digits).then_some(())?;
            VerifierKey::new(origin, Algorithm::Ed25519, &board.public_key()).ok()
        };
        for key in self.boards.iter().filter_map(of_board) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

fn log_key(vkey: &str) -> Result<VerifierKey, NoLogKey> {
    let key: VerifierKey = vkey.parse().map_err(|error| NoLogKey::Malformed(vkey.to_owned(), error))?;
    match key.algorithm() {
        Algorithm::Ed25519 => Ok(key),
        Algorithm::Cosignature => Err(NoLogKey::Cosigner(vkey.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{cosignature::CosignerKey, note::SignerKey};

    /// WIT-7
    #[test]
    fn a_board_signs_for_its_elections_and_for_nothing_else() {
        let board = |name: &str, seed: u8| SignerKey::from_seed(name, &[seed; 32]).unwrap().verifier_key();
        let election = "0f".repeat(32);
        let mut known = KnownLogs::new();
        known.add_board(&board("board.example/vote", 1).to_string()).unwrap();
        known.add_log(&board("other.example", 2).to_string()).unwrap();
        let origin = format!("board.example/vote/{election}");
        assert_eq!(known.keys_of(&origin), [board(&origin, 1)]);
        assert_eq!(known.keys_of("other.example"), [board("other.example", 2)]);
        for unknown in [
            "board.example/vote".to_owned(),
            format!("board.example/vote/{}", &election[1..]),
            format!("board.example/vote/{}", election.to_uppercase()),
            format!("{origin}/2"),
            format!("board.example/vote//{election}"),
            format!("board.example/{election}"),
            format!("other.example/{election}"),
            String::new(),
        ] {
            assert_eq!(known.keys_of(&unknown), [], "{unknown}");
        }
        // The same log named twice has one key; another key for it is one more.
        known.add_log(&board(&origin, 1).to_string()).unwrap();
        assert_eq!(known.keys_of(&origin).len(), 1);
        known.add_log(&board(&origin, 3).to_string()).unwrap();
        assert_eq!(known.keys_of(&origin).len(), 2);
        let cosigner = CosignerKey::from_seed("board.example/vote", &[1; 32]).unwrap().verifier_key();
        assert!(matches!(known.add_board(&cosigner.to_string()), Err(NoLogKey::Cosigner(_))));
        assert!(matches!(known.add_log("x"), Err(NoLogKey::Malformed(..))));
    }
}
