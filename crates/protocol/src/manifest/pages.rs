//! The pages for browsers that an election offers (MAN-40, MAN-41).

use crate::rule::{Rejection, demand, refuse};
use minicbor::{Decode, Encode};
use std::collections::BTreeSet;

/// Most addresses (MAN-41).
pub const MOST_BOARDS: usize = 8;
/// Longest address, in bytes (MAN-41); a letter takes it as it is.
pub const LONGEST_BOARD: usize = crate::letter::LONGEST_ADDRESS;
/// Longest host and longest label of one, as DNS has them.
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;
/// Hosts that are this machine, to which nothing travels in the open.
const LOOPBACK: [&str; 2] = ["localhost", "127.0.0.1"];

/// Which pages may be used for voting, and where ballots are taken.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Pages {
    /// Digest of all files of the pages (WEB-5).
    #[cbor(n(0), with = "minicbor::bytes")]
    pub bundle: [u8; 32],
    /// Addresses of boards that take ballots; where none is named, the board that serves the pages is meant.
    #[n(1)]
    pub boards: Vec<String>,
}

impl Pages {
    /// MAN-41.
    ///
    /// # Errors
    /// [`Rejection::BadPages`].
    pub(crate) fn check(&self) -> Result<(), Rejection> {
        let count = self.boards.len();
        demand!(count <= MOST_BOARDS, BadPages, format!("at most {MOST_BOARDS} addresses of boards"), count);
        let mut seen = BTreeSet::new();
        for board in &self.boards {
            demand!(seen.insert(board), BadPages, "addresses of boards that differ", format!("{board:?} twice"));
            if !is_board(board) {
                return Err(refuse!(BadPages, BOARD_IN_WORDS, format!("{board:?}")));
            }
        }
        Ok(())
    }

    /// The addresses without their paths, each once: what a content security policy lets a page reach.
    pub fn origins(&self) -> BTreeSet<&str> {
        self.boards.iter().map(|board| origin(board)).collect()
    }
}

/// What an address must be, for whoever wrote another.
pub const BOARD_IN_WORDS: &str = "a board's address such as https://board.example.org/vote: https (http only on localhost or 127.0.0.1), a host of small letters, digits, \
     dots and hyphens, perhaps a port and a path, no `/` at the end";

/// MAN-41: whether this can be the address of a board that pages speak with. Nothing in it ends a word of a content security policy or of HTML.
pub fn is_board(address: &str) -> bool {
    if address.len() > LONGEST_BOARD {
        return false;
    }
    let (secure, rest) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return false,
    };
    let mut parts = rest.split('/');
    let authority = parts.next().unwrap_or("");
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    (secure || LOOPBACK.contains(&host)) && is_host(host) && port.is_none_or(is_port) && parts.all(is_part)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(known)
    };
    host.len() <= LONGEST_HOST && host.split('.').all(label)
}

fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port)
}

fn is_part(part: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !part.is_empty() && part != "." && part != ".." && part.bytes().all(known)
}

/// Scheme, host and port.
fn origin(address: &str) -> &str {
    let path = address.match_indices('/').nth(2).map_or(address.len(), |(place, _)| place);
    address.get(..path).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn addresses() {
        for good in [
            "https://board.example.org",
            "https://board.example.org/vote",
            "https://192.0.2.1:8443/a/b-c_d~e.f",
            "http://localhost",
            "http://127.0.0.1:7878",
            "https://localhost:65535",
            "https://a/...",
        ] {
            assert!(is_board(good), "{good}");
        }
        let (label, part) = ("a".repeat(64), "a".repeat(292));
        for bad in [
            "",
            "board.example.org",
            "ftp://board.example.org",
            "HTTPS://board.example.org",
            "http://board.example.org",
            "http://localhost.example.org",
            "http://[::1]:7878",
            "https://",
            "https:///vote",
            "https://Board.example.org",
            "https://board..example.org",
            "https://board.example.org.",
            "https://board.example.org/",
            "https://board.example.org//vote",
            "https://board.example.org/../vote",
            "https://board.example.org/./vote",
            "https://board.example.org/a;b",
            "https://board.example.org/a'b",
            "https://board.example.org/a b",
            "https://board.example.org/%20",
            "https://board.example.org?a=b",
            "https://board.example.org#a",
            "https://clerk@board.example.org",
            "https://board.example.org:",
            "https://board.example.org:0",
            "https://board.example.org:080",
            "https://board.example.org:65536",
            "https://board.example.org:+80",
            "https://b\u{f6}rd.example.org",
            "https://board.example.org\n",
            &format!("https://{label}.example.org"),
            &format!("https://{part}"),
            &format!("https://a/{part}"),
        ] {
            assert!(!is_board(bad), "{bad:?}");
        }
        assert!(is_board(&format!("https://a/{}", "a".repeat(290))), "300 bytes");
        assert!(!is_board(&format!("https://a/{}", "a".repeat(291))), "301 bytes");
    }

    #[test]
    fn origins_have_no_path() {
        let boards = ["https://a.example/vote", "https://a.example", "http://localhost:80/x/y"];
        let pages = Pages { bundle: [0; 32], boards: boards.map(str::to_owned).to_vec() };
        assert_eq!(Vec::from_iter(pages.origins()), ["http://localhost:80", "https://a.example"]);
    }

    proptest! {
        /// Whatever is accepted can stand in a header and in an attribute as it is, and in a letter.
        #[test]
        fn what_is_accepted_ends_no_word(rest in "[a-z0-9.:/;,'\"<>& ~_%?#@\\[\\]-]{0,40}", noise in any::<String>()) {
            for address in [format!("https://{rest}"), format!("https://a.example/{noise}"), noise] {
                if is_board(&address) {
                    assert!(crate::letter::is_address(&address));
                    assert!(!address.contains([';', ',', '\'', '"', '<', '>', '&', ' ', '*', '%', '?', '#', '@']));
                    assert!(address.starts_with(origin(&address)));
                }
            }
        }
    }
}
