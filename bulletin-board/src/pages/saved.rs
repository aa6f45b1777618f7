//! A copy of the pages for any web server (WEB-33): what a board says in headers and by its own address stands in the file.

use super::{
    bundle::{Bundle, OBSERVE, VOTE},
    headers::Role,
};
use protocol::manifest::{BOARD_IN_WORDS, MOST_BOARDS, is_board};
use std::collections::BTreeMap;
use thiserror::Error;

/// WEB-33: what the copy's own lines stand behind.
const BEHIND: &str = "<meta charset=\"utf-8\">";

/// Why there is no copy.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SavedError {
    /// An address that no page may send ballots to.
    #[error("{0:?} is no board's address for pages: {BOARD_IN_WORDS} (MAN-41)")]
    Board(String),
    /// None, or too many.
    #[error("a copy names 1 to {MOST_BOARDS} boards, not {0}")]
    Boards(usize),
    /// A page without the place for it.
    #[error("{0} has no {BEHIND}, so nothing can be written behind it")]
    Page(String),
}

/// WEB-33: the files of the copy, by name.
///
/// # Errors
/// [`SavedError`].
pub fn saved(bundle: &Bundle, boards: &[String]) -> Result<BTreeMap<String, Vec<u8>>, SavedError> {
    if boards.is_empty() || boards.len() > MOST_BOARDS {
        return Err(SavedError::Boards(boards.len()));
    }
    if let Some(other) = boards.iter().find(|board| !is_board(board)) {
        return Err(SavedError::Board(other.clone()));
    }
    let files = bundle.files().map(|(name, file)| {
        let bytes = match name {
            VOTE | OBSERVE => with_lines(name, file.bytes(), &Role::of(bundle, name, boards), boards)?,
            _ => file.bytes().to_vec(),
        };
        Ok((name.to_owned(), bytes))
    });
    files.collect()
}

fn with_lines(name: &str, bytes: &[u8], role: &Role, boards: &[String]) -> Result<Vec<u8>, SavedError> {
    let missing = || SavedError::Page(name.to_owned());
    let html = std::str::from_utf8(bytes).map_err(|_| missing())?;
    let (before, behind) = html.split_once(BEHIND).ok_or_else(missing)?;
    let (policy, boards) = (role.meta_policy(), boards.join(" "));
    let lines = format!(
        "{before}{BEHIND}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"vitrine-boards\" content=\"{boards}\">{behind}"
    );
    Ok(lines.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> Bundle {
        let html = |name: &str| format!("<!doctype html>\n<head>\n<meta charset=\"utf-8\">\n<title>{name}</title>");
        let files =
            [VOTE, OBSERVE, "offline.html", "assets/x.js"].map(|name| (name.to_owned(), html(name).into_bytes()));
        Bundle::of(files)
    }

    /// WEB-33, byte by byte.
    #[test]
    fn a_copy_says_in_the_file_what_a_board_says_in_headers() {
        let boards = ["https://board.example/vote".to_owned(), "http://127.0.0.1:7000".to_owned()];
        let copy = saved(&bundle(), &boards).unwrap();
        let expected = "<!doctype html>\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                        script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; \
                        trusted-types app; connect-src 'self' https://board.example http://127.0.0.1:7000; base-uri 'none'; form-action 'none'\">\n\
                        <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"vitrine-boards\" content=\"https://board.example/vote \
                        http://127.0.0.1:7000\">\n<title>vote.html</title>";
        assert_eq!(String::from_utf8_lossy(&copy["vote.html"]), expected);
        assert!(String::from_utf8_lossy(&copy["observe.html"]).contains("connect-src 'self' https: "));
        for same in ["offline.html", "assets/x.js"] {
            assert_eq!(copy[same], bundle().file(same).unwrap().bytes());
        }
    }

    #[test]
    fn what_is_no_address_of_a_board_is_written_nowhere() {
        for address in ["http://board.example", "https://a\"><script>", "https://a b", "https://a;x", ""] {
            assert_eq!(saved(&bundle(), &[address.to_owned()]), Err(SavedError::Board(address.to_owned())));
        }
        assert_eq!(saved(&bundle(), &[]), Err(SavedError::Boards(0)));
        assert_eq!(saved(&bundle(), &vec!["https://a".to_owned(); 9]), Err(SavedError::Boards(9)));
        let bare = Bundle::of([(VOTE.to_owned(), b"<html>".to_vec())]);
        assert_eq!(saved(&bare, &["https://a.example".to_owned()]), Err(SavedError::Page(VOTE.to_owned())));
    }

    /// The bundle that is compiled in can be copied, if there is one.
    #[test]
    fn this_programs_own_pages_can_be_copied() {
        let boards = ["https://board.example".to_owned()];
        assert_eq!(saved(Bundle::embedded(), &boards).unwrap().len(), Bundle::embedded().files().count());
    }
}
