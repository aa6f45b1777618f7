//! A recovery sheet for the printer: as text, and as one page of HTML that needs nothing else.

use super::Sheet;
use askama::Template;
use qrcode::{Color, EcLevel, QrCode, render::unicode::Dense1x2, types::QrError};
use zeroize::Zeroizing;

/// White modules that a QR code needs around it.
const QUIET: usize = 4;

/// Why a sheet cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The QR code.
    #[error("the QR code of the recovery sheet was not made: {0}")]
    Code(#[from] QrError),
    /// The page.
    #[error("the page of the recovery sheet was not made: {0}")]
    Page(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "recovery_sheet.html")]
struct Page<'a> {
    sheet: &'a Sheet,
    words: Vec<(usize, &'static str)>,
    side: usize,
    modules: &'a str,
}

impl Sheet {
    /// The sheet as text. The block in it is what [`Sheet::parse`] reads.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn text(&self) -> Result<Zeroizing<String>, PrintError> {
        let block = self.block();
        let code = Zeroizing::new(self.code()?.render::<Dense1x2>().build());
        let mut text = Zeroizing::new(String::with_capacity(16 * 1024));
        text.push_str(
            "RECOVERY SHEET OF A TRUSTEE\n\nWhoever has this sheet can act as this trustee, without keystore and passphrase. Keep it like \
             the keystore and apart from it,\non paper and on no device. If the keystore is lost: vitrine trustee recover. When the election \
             is over: vitrine trustee retire, and burn it.\n\n",
        );
        text.push_str(&block);
        text.push_str("\nThe same as a QR code:\n\n");
        text.push_str(&code);
        text.push('\n');
        Ok(text)
    }

    /// The sheet as a page to print.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn html(&self) -> Result<Zeroizing<String>, PrintError> {
        let code = self.code()?;
        let width = code.width();
        let mut modules = Zeroizing::new(String::with_capacity(256 * 1024));
        for (place, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (place.checked_rem(width).unwrap_or(0), place.checked_div(width).unwrap_or(0));
                modules.push_str(&format!("M{} {}h1v1h-1z", x.saturating_add(QUIET), y.saturating_add(QUIET)));
            }
        }
        let words = (1..).zip(self.words()).collect();
        let side = width.saturating_add(QUIET.saturating_mul(2));
        Ok(Zeroizing::new(Page { sheet: self, words, side, modules: &modules }.render()?))
    }

    fn code(&self) -> Result<QrCode, QrError> {
        QrCode::with_error_correction_level(self.block().as_bytes(), EcLevel::M)
    }
}
