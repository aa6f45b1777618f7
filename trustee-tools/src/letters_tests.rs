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
    let drawing = qr(text).unwrap();
    let runs = drawing.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok());
    assert_eq!(runs.sum::<usize>(), dark);
    assert!(drawing.starts_with(&format!("<svg viewBox=\"0 0 {0} {0}\"", code.width() + 8)));
}
