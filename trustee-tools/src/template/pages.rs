//! The pages for browsers that a template asks for (MAN-40, MAN-41).

use super::{
    Surroundings, Template, TemplateError,
    contest::unplaced,
    fault::{Fault, Misfit},
};
use protocol::manifest::{MOST_BOARDS, Pages, is_board};
use serde::{Deserialize, Serialize};
use std::fmt;
use toml::Spanned;

/// Where the table begins in a template's text.
const TABLE: &str = "\n[pages]";

/// Pages, of this program or of another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PagesTable {
    /// Addresses at which ballots are taken; the board's that the manifest is sent to if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    boards: Option<Vec<Spanned<String>>>,
    /// Digest of the pages' files; that of this program's own if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bundle: Option<Spanned<String>>,
}

impl PagesTable {
    /// MAN-16: the table that names these.
    pub(super) fn of(pages: &Pages) -> Self {
        let boards = pages.boards.iter().cloned().filter_map(unplaced).collect();
        Self { boards: Some(boards), bundle: unplaced(::hex::encode(pages.bundle)) }
    }

    /// MAN-31, MAN-41.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let at =
            |text: &Spanned<String>, field: &str, misfit| Fault::new(text.span(), format!("pages.{field}"), misfit);
        if let Some(bundle) = &self.bundle
            && digest(bundle.get_ref()).is_none()
        {
            return Err(at(bundle, "bundle", Misfit::Digest));
        }
        let boards = self.boards.as_deref().unwrap_or(&[]);
        for (place, board) in boards.iter().enumerate() {
            let field = format!("boards[{}]", place.saturating_add(1));
            let before = boards.iter().take(place);
            if !is_board(board.get_ref()) {
                return Err(at(board, &field, Misfit::Board));
            } else if before.map(Spanned::get_ref).any(|other| other == board.get_ref()) {
                return Err(at(board, &field, Misfit::BoardTwice));
            } else if place >= MOST_BOARDS {
                return Err(at(board, &field, Misfit::TooManyBoards));
            }
        }
        Ok(())
    }

    /// As the manifest has them.
    pub(super) fn pages(&self, surroundings: &Surroundings) -> Result<Pages, TemplateError> {
        let bundle = match &self.bundle {
            Some(text) => digest(text.get_ref()),
            None => surroundings.bundle,
        };
        let boards = match &self.boards {
            Some(boards) => boards.iter().map(|board| board.get_ref().clone()).collect(),
            None => {
                let board = surroundings.board.trim_end_matches('/');
                if !is_board(board) {
                    return Err(TemplateError::BoardForPages(board.to_owned()));
                }
                vec![board.to_owned()]
            }
        };
        Ok(Pages { bundle: bundle.ok_or(TemplateError::NoBundle)?, boards })
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let bytes = ::hex::decode(text).ok()?;
    bytes.try_into().ok().filter(|digest: &[u8; 32]| ::hex::encode(digest) == text)
}

/// What a template says of pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PagesPreview {
    /// Digest of their files; nothing where it is that of the program which makes the manifest.
    pub bundle: Option<String>,
    /// Where ballots are taken; nothing where it is the board that the manifest is sent to.
    pub boards: Option<Vec<String>>,
}

impl PagesPreview {
    pub(super) fn of(template: &Template) -> Option<Self> {
        let table = template.pages.as_ref()?;
        let text = |text: &Spanned<String>| text.get_ref().clone();
        let boards = table.boards.as_ref().map(|boards| boards.iter().map(text).collect());
        Some(Self { bundle: table.bundle.as_ref().map(text), boards })
    }
}

impl fmt::Display for PagesPreview {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle = self.bundle.as_deref();
        write!(formatter, "bundle {}, ", bundle.unwrap_or("of the program that makes the manifest"))?;
        match self.boards.as_deref() {
            None => formatter.write_str("ballots taken by the board that gets the manifest"),
            Some([]) => formatter.write_str("ballots taken by the board that serves them"),
            Some(boards) => write!(formatter, "ballots taken by {}", boards.join(", ")),
        }
    }
}

/// A template's text without its table of pages, which ends with an empty line.
pub(crate) fn without_pages(text: &str) -> String {
    let Some((before, rest)) = text.split_once(TABLE) else { return text.to_owned() };
    let behind = rest.split_once("\n\n").map_or("", |(_, behind)| behind);
    format!("{before}\n{behind}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{EXAMPLE, tests::surroundings_of_three};

    const TEXT: &str = "\n[pages] ";

    fn with(lines: &str) -> String {
        let (before, rest) = EXAMPLE.split_once(TEXT).unwrap();
        let (_, behind) = rest.split_once("\n\n").unwrap();
        format!("{before}\n[pages]\n{lines}\n\n{behind}")
    }

    fn pages(lines: &str) -> Result<Option<Pages>, String> {
        let surroundings = surroundings_of_three();
        let made = Template::parse(&with(lines)).and_then(|template| template.manifest(&surroundings));
        made.map(|manifest| manifest.pages).map_err(|fault| fault.to_string())
    }

    /// MAN-40: what is not said is this program's bundle and the board's address.
    #[test]
    fn pages_are_as_the_template_says() {
        let own = pages("").unwrap().unwrap();
        assert_eq!((own.bundle, own.boards), ([7; 32], vec!["https://board.example".to_owned()]));
        let boards = "boards = [\"https://a.example/vote\", \"http://localhost:7878\"]";
        let named = pages(&format!("{boards}\nbundle = \"{}\"", "ab".repeat(32))).unwrap().unwrap();
        assert_eq!((named.bundle, named.boards.len()), ([0xab; 32], 2));
        assert_eq!(pages("boards = []").unwrap().unwrap().boards, [""; 0]);
        let without = without_pages(EXAMPLE);
        assert!(!without.contains("[pages]") && without.len() < EXAMPLE.len() && without.contains("\n[[witnesses]]"));
        assert_eq!(without_pages(&without), without);
        let manifest = Template::parse(&without).unwrap().manifest(&surroundings_of_three()).unwrap();
        assert_eq!(manifest.pages, None);
    }

    /// MAN-31, MAN-41: what is wrong is said with its place.
    #[test]
    fn what_does_not_fit_is_named() {
        for (lines, words) in [
            (
                "boards = [\"https://a.example\", \"http://b.example\"]",
                "pages.boards[2]: must be a board's address such as",
            ),
            ("boards = [\"https://a.example\", \"https://a.example\"]", "pages.boards[2]: stands twice"),
            ("bundle = \"ab\"", "pages.bundle: must be 64 hexadecimal digits"),
        ] {
            let refused = pages(lines).unwrap_err();
            assert!(refused.starts_with("line ") && refused.contains(words), "{refused}");
        }
        let nine: Vec<String> = (0..9).map(|number| format!("\"https://{number}.example\"")).collect();
        assert!(pages(&format!("boards = [{}]", nine.join(", "))).unwrap_err().contains("at most 8"));
        assert!(pages("digest = \"ab\"").unwrap_err().contains("unknown field `digest`"));
        let template = Template::parse(&with("")).unwrap();
        let none = Surroundings { bundle: None, ..surroundings_of_three() };
        assert!(template.manifest(&none).unwrap_err().to_string().contains("carries no pages"));
        let open = Surroundings { board: "http://board.example".to_owned(), ..surroundings_of_three() };
        assert!(template.manifest(&open).unwrap_err().to_string().contains("http://board.example"));
    }

    #[test]
    fn a_preview_says_which_pages() {
        let of = |text: &str| Template::parse(text).unwrap().preview().unwrap().to_string();
        assert!(of(EXAMPLE).contains(
            "Pages for browsers: bundle of the program that makes the manifest, ballots taken by the board that gets"
        ));
        assert!(of(&with("boards = [\"https://a.example\"]")).contains("ballots taken by https://a.example\n"));
        assert!(of(&with("boards = []")).contains("ballots taken by the board that serves them\n"));
        assert!(of(&without_pages(EXAMPLE)).contains("Pages for browsers: none\n"));
    }
}
