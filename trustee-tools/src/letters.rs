//! The letters to the voters: one each from every registrar, as text and as pages to print (ROL-12, ROL-13, ROL-30, ROL-31).

use crate::{guide::wording::utc, voters::Voter};
use askama::Template;
use crypto::credential_code::CredentialCode;
use protocol::{Manifest, ids::ElectionFingerprint, letter};
use qrcode::{Color, EcLevel, QrCode, types::QrError};
use zeroize::Zeroizing;

/// Light modules around a QR code, as its standard asks.
const QUIET: usize = 4;
/// Room for one letter as text, so that it does not move while it is written.
const ROOM: usize = 8 * 1024;
/// Room for one letter on a page.
const PAGE_ROOM: usize = 32 * 1024;
/// Characters of a code with its dashes.
const CODE: usize = 29;
/// Where the second printed line of a code begins, and where the first ends before its dash.
const SECOND: usize = 15;

/// Why a letter was not made.
#[derive(Debug, thiserror::Error)]
pub enum LetterFault {
    /// The line is too long for a QR code. It is bounded, so this does not happen.
    #[error("no QR code holds the letter's line: {0}")]
    Qr(#[from] QrError),
    /// The template's writer.
    #[error("a letter cannot be written: {0}")]
    Template(#[from] askama::Error),
}

/// What is the same in all letters of a registrar.
#[derive(Debug)]
pub struct Letterhead<'m> {
    manifest: &'m Manifest,
    election: ElectionFingerprint,
    registrar: u32,
    board: String,
    /// Where the page to vote with is, if the manifest names pages.
    page: Option<String>,
}

/// ROL-30: the page at the letter's board, or at the first that the manifest names if it names others.
fn page(manifest: &Manifest, election: ElectionFingerprint, board: &str) -> Option<String> {
    let named = &manifest.pages.as_ref()?.boards;
    let board = board.trim_end_matches('/');
    let board = match named.first() {
        Some(first) if !named.iter().any(|one| one == board) => first,
        _ => board,
    };
    Some(format!("{board}/vote/{election}"))
}

impl<'m> Letterhead<'m> {
    /// For the letters of this registrar; voters reach the board at that address, which [`protocol::letter::is_address`] accepts.
    pub fn new(manifest: &'m Manifest, election: ElectionFingerprint, registrar: u32, board: &str) -> Self {
        let page = page(manifest, election, board);
        Self { manifest, election, registrar, board: board.to_owned(), page }
    }

    /// A letter as text.
    ///
    /// # Errors
    /// [`LetterFault`].
    pub fn text(&self, voter: &Voter, code: &CredentialCode) -> Result<Zeroizing<String>, LetterFault> {
        let letter = self.letter(voter, code);
        let mut text = Zeroizing::new(String::with_capacity(ROOM));
        TextLetter { head: self, letter: &letter }.render_into(&mut *text)?;
        text.push('\n');
        Ok(text)
    }

    /// Letters as one HTML file, each on a page of its own, in the order given.
    ///
    /// # Errors
    /// [`LetterFault`].
    pub fn pages<'v>(
        &self,
        letters: impl IntoIterator<Item = (&'v Voter, &'v CredentialCode)>,
    ) -> Result<Zeroizing<String>, LetterFault> {
        let letters = letters
            .into_iter()
            .map(|(voter, code)| {
                let letter = self.letter(voter, code);
                Ok((qr(&letter.line, "QR code of your code, which is secret")?, letter))
            })
            .collect::<Result<Vec<_>, QrError>>()?;
        let way = self.page.as_deref().map(|page| qr(page, "QR code of the page's address")).transpose()?;
        let mut text = Zeroizing::new(String::with_capacity(letters.len().saturating_add(1).saturating_mul(PAGE_ROOM)));
        Pages { head: self, way: way.as_ref().map(|way| way.as_str()), letters: &letters }.render_into(&mut *text)?;
        Ok(text)
    }

    fn letter<'v>(&self, voter: &'v Voter, code: &CredentialCode) -> Letter<'v> {
        let line = letter::line(&self.election, self.registrar, code, &self.board);
        Letter {
            person: &voter.person,
            contact: &voter.contact,
            unit: crate::voters::unit_name(self.manifest, voter.place.unit),
            weight: voter.place.weight,
            code: code.grouped(),
            line,
        }
    }

    fn title(&self) -> &str {
        &self.manifest.title
    }

    fn registrars(&self) -> usize {
        self.manifest.registrars.len()
    }

    fn several(&self) -> bool {
        self.registrars() > 1
    }

    fn names(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.manifest.registrars.iter().map(|registrar| registrar.name.as_str()))
    }

    fn name(&self) -> &str {
        self.names().find(|(number, _)| *number == self.registrar).map_or("", |(_, name)| name)
    }

    fn opening(&self) -> String {
        utc(self.manifest.opening)
    }

    fn closing(&self) -> String {
        utc(self.manifest.closing)
    }

    fn replaces(&self) -> bool {
        self.manifest.replacement
    }

    /// A quarter of F, in groups of four digits.
    fn fingerprint_line(&self, quarter: usize) -> String {
        let groups = self.election.0.chunks(2).map(hex::encode).skip(quarter.saturating_mul(4)).take(4);
        groups.collect::<Vec<_>>().join(" ")
    }
}

/// What is one voter's.
struct Letter<'v> {
    person: &'v str,
    contact: &'v str,
    unit: String,
    weight: u32,
    code: Zeroizing<String>,
    line: Zeroizing<String>,
}

impl Letter<'_> {
    fn contact(&self) -> impl Iterator<Item = &str> {
        self.contact.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Half of the code: three groups.
    fn code_line(&self, half: usize) -> Zeroizing<String> {
        let half = if half == 0 { 0..SECOND - 1 } else { SECOND..CODE };
        Zeroizing::new(self.code.get(half).unwrap_or("").to_owned())
    }

    fn times(&self) -> String {
        if self.weight == 1 { "once".to_owned() } else { format!("{} times", self.weight) }
    }
}

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct TextLetter<'a> {
    head: &'a Letterhead<'a>,
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "letters.html")]
struct Pages<'a> {
    head: &'a Letterhead<'a>,
    /// QR code of the page's address, the same in all letters.
    way: Option<&'a str>,
    /// Each with its QR code, which costs more than the rest of it and is drawn on pages alone.
    letters: &'a [(Zeroizing<String>, Letter<'a>)],
}

/// A QR code as a drawing that scales: the dark modules of a row are drawn run by run.
fn qr(text: &str, label: &str) -> Result<Zeroizing<String>, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let side = width.saturating_add(2 * QUIET);
    let modules = code.into_colors();
    let mut drawing = Zeroizing::new(String::with_capacity(PAGE_ROOM));
    drawing.push_str(&format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\"><path d=\""
    ));
    for (row, modules) in modules.chunks(width.max(1)).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                drawing.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            column += run.len();
        }
    }
    drawing.push_str("\"/></svg>");
    Ok(drawing)
}

#[cfg(test)]
#[path = "letters_tests.rs"]
mod tests;
