use super::*;
use crate::{
    fixture::{Officials, rng},
    registrar::RollPlace,
};
use protocol::letter::LetterLine;

const F: ElectionFingerprint = ElectionFingerprint([0xab; 32]);

fn manifest() -> Manifest {
    let mut manifest = Officials::generate(2, &mut rng(2)).manifest(1, 3, &mut rng(2));
    manifest.title = "Election of <Exampleton> & Sons".to_owned();
    manifest
}

fn voter(person: &str, contact: &str) -> Voter {
    Voter { person: person.to_owned(), contact: contact.to_owned(), place: RollPlace { unit: 0, weight: 2 } }
}

fn head(manifest: &Manifest) -> Letterhead<'_> {
    Letterhead::new(manifest, F, 2, "https://board.example.org/vote")
}

/// ROL-12, ROL-13: all that a voter needs, for people and for machines.
#[test]
fn a_letter_says_everything_once() {
    let manifest = manifest();
    let code = CredentialCode::generate(&mut rng(5)).unwrap();
    let text = head(&manifest).text(&voter("Ada L.", "1 Main St\n\nTown"), &code).unwrap();
    let grouped = code.grouped();
    for words in [
        "Election of <Exampleton> & Sons\nLetter of registrar 2 of 2: Registrar 2\n\nAda L.\n1 Main St\nTown\n",
        &grouped[..14],
        &grouped[15..],
        "    1  Registrar 1\n    2  Registrar 2\n",
        "    abab abab abab abab\n",
        "Voting:  1970-01-01 17:30 UTC to 1970-01-01 18:20 UTC\n",
        "You:     Ward 1; your ballot counts 2 times\n",
        "can get a new code from each",
    ] {
        assert!(text.contains(words), "{words:?} is missing in\n{}", *text);
    }
    assert!(!text.contains("\n\n\n\n"), "{}", *text);
    let line = LetterLine::find(&text).unwrap();
    assert_eq!((line.election, line.registrar, line.board.as_str()), (F, 2, "https://board.example.org/vote"));
    assert_eq!(line.code.as_bytes(), code.as_bytes());
    // Who got a letter stands in no name of the roll: the letter does not say the roll index.
    assert!(!text.contains("index"));
}

#[test]
fn one_registrar_speaks_of_one_code() {
    let mut manifest = manifest();
    manifest.registrars.truncate(1);
    manifest.replacement = false;
    let head = Letterhead::new(&manifest, F, 1, "http://127.0.0.1:7878");
    let text = head.text(&voter("Bo", ""), &CredentialCode::generate(&mut rng(6)).unwrap()).unwrap();
    assert!(text.contains("Codes cannot be replaced\n") && text.contains("tell the registrar at once"));
    for words in ["letters with a code each", "codes when asked", "every registrar"] {
        assert!(!text.contains(words), "{words:?} in\n{}", *text);
    }
}

/// Names are data: none of them becomes part of the page.
#[test]
fn pages_are_one_a_voter_and_escape_names() {
    let manifest = manifest();
    let codes: Vec<CredentialCode> = (0..2).map(|seed| CredentialCode::generate(&mut rng(seed)).unwrap()).collect();
    let voters = [voter("<script>alert(1)</script>", "a\nb"), voter("O'Neil & \"Sons\"", "")];
    let pages = head(&manifest).pages(voters.iter().zip(&codes)).unwrap();
    assert_eq!(pages.matches("<section class=\"letter\">").count(), 2);
    assert_eq!(pages.matches("<svg ").count(), 2);
    assert!(!pages.contains("<script") && !pages.contains("<Exampleton>"));
    assert!(pages.contains("&#60;script&#62;") && pages.contains("Content-Security-Policy"));
    for code in &codes {
        assert_eq!(pages.matches(&code.grouped()[15..]).count(), 1);
        assert!(!pages.contains(std::str::from_utf8(code.as_bytes()).unwrap()), "it is in the drawing alone");
    }
}

/// The drawing is the code's modules, row by row.
#[test]
fn the_drawing_has_every_dark_module() {
    let text = "vitrine:letter/1?election=ab";
    let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
    let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
    let drawing = qr(text, "a label").unwrap();
    let runs = drawing.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok());
    assert_eq!(runs.sum::<usize>(), dark);
    assert!(drawing.starts_with(&format!("<svg viewBox=\"0 0 {0} {0}\"", code.width() + 8)));
}

/// The picture of a drawing, and what a camera reads in it.
fn read(drawing: &str) -> String {
    let side: usize = drawing.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = drawing.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    const SCALE: usize = 4;
    let mut dark = std::collections::BTreeSet::new();
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (x, y, length): (usize, usize, usize) =
            (x.parse().unwrap(), y.parse().unwrap(), rest.split('v').next().unwrap().parse().unwrap());
        dark.extend((x..x + length).map(|x| (x, y)));
    }
    let grey = |x: usize, y: usize| if dark.contains(&(x / SCALE, y / SCALE)) { 0 } else { 255 };
    let width = side * SCALE;
    let picture: Vec<u8> = (0..width * width).map(|point| grey(point % width, point / width)).collect();
    let mut scanner = quircs::Quirc::default();
    let [found]: [_; 1] = scanner.identify(width, width, &picture).collect::<Vec<_>>().try_into().ok().unwrap();
    String::from_utf8(found.unwrap().decode().unwrap().payload).unwrap()
}

/// ROL-30, ROL-31: the page's address, as text and as a drawing of its own that cannot be taken for the code's.
#[test]
fn a_letter_names_the_page() {
    let mut manifest = manifest();
    let of = |manifest: &Manifest, board: &str| {
        let code = CredentialCode::generate(&mut rng(5)).unwrap();
        let voter = voter("Ada L.", "");
        let head = Letterhead::new(manifest, F, 2, board);
        (head.text(&voter, &code).unwrap(), head.pages([(&voter, &code)]).unwrap(), code)
    };
    let board = "https://board.example.org/vote";
    let (text, pages, code) = of(&manifest, board);
    assert!(!text.contains("browser") && !pages.contains("Opens the page"), "no pages, no address");
    assert_eq!(
        (pages.matches("<svg ").count(), read(&pages)),
        (1, LetterLine::find(&text).unwrap().encode().to_string())
    );
    drop(code);

    let named = |boards: &[&str]| {
        Some(protocol::manifest::Pages { bundle: [7; 32], boards: boards.iter().map(ToString::to_string).collect() })
    };
    manifest.pages = named(&[]);
    let address = |board: &str| format!("{board}/vote/{F}");
    let (text, pages, _) = of(&manifest, &format!("{board}/"));
    assert!(text.contains(&format!("1. Open this page:\n   {}\n", address(board))), "{}", *text);
    assert!(text.contains("\nOr with the program:\n\n1. Type on your computer:\n") && !text.contains("\n\n\n\n"));
    let drawings: Vec<&str> = pages.split("<figure>").skip(1).collect();
    let [secret, public] = drawings.as_slice() else { panic!("{} drawings", drawings.len()) };
    assert!(secret.contains("<strong>Secret.</strong>") && public.contains("Opens the page. Not secret."));
    assert_eq!(read(secret), *LetterLine::find(&text).unwrap().encode());
    assert_eq!(read(public), address(board));
    assert!(pages.find("Your code, for").unwrap() < pages.find("How to vote").unwrap(), "each where it is spoken of");

    manifest.pages = named(&["https://other.example", board]);
    assert!(of(&manifest, board).0.contains(&address(board)));
    assert!(of(&manifest, "https://internal.example").0.contains(&address("https://other.example")));
}
