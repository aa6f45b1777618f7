//! What a page asks with, and what it is answered (BAL-80 to BAL-84).

use super::{
    fault::Fault,
    selection::Chosen,
    view::{FoundView, OpenedView, WitnessedView},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

#[derive(Deserialize)]
pub(super) struct Open {
    pub(super) board: String,
    pub(super) election: String,
    /// A checkpoint that this page has accepted before.
    pub(super) earlier: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Letter {
    pub(super) text: Zeroizing<String>,
}

/// A code as typed, or a letter's line.
#[derive(Serialize)]
pub(super) struct LetterView {
    pub(super) registrar: Option<u32>,
    pub(super) election: Option<String>,
    pub(super) board: Option<String>,
    pub(super) code: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(super) struct Codes {
    pub(super) codes: Vec<Zeroizing<String>>,
}

#[derive(Deserialize)]
pub(super) struct Check {
    pub(super) contest: u32,
    pub(super) selection: Chosen,
}

#[derive(Deserialize)]
pub(super) struct Selections {
    pub(super) selections: Vec<(u32, Chosen)>,
}

#[derive(Serialize)]
pub(super) struct SealedView {
    pub(super) tracker: String,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Signed {
    /// Bytes of the submission, in base64.
    pub(super) submission: String,
}

/// What became of a ballot that was sent (BAL-38, BAL-39).
#[derive(Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(super) enum CastView {
    Recorded { index: u64, tracker: String, receipt: String, witnessed: WitnessedView },
    Displaced { index: u64, tracker: String },
    Refused { fault: Fault },
    Unknown { fault: Fault },
    Lie { fault: Fault, evidence: String },
}

#[derive(Serialize)]
pub(super) struct OpeningView {
    pub(super) tracker: String,
    /// Its bytes, in base64: the file for the second device.
    pub(super) opening: String,
    /// The text of a QR code of the same; none where a camera would not read it.
    pub(super) qr: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Examine {
    pub(super) opening: Zeroizing<String>,
    pub(super) tracker: String,
}

#[derive(Serialize)]
pub(super) struct FindingsView<'e> {
    pub(super) tracker: String,
    pub(super) unit: String,
    pub(super) contests: Vec<OpenedView<'e>>,
}

#[derive(Deserialize)]
pub(super) struct Wish {
    pub(super) tracker: String,
}

#[derive(Serialize)]
pub(super) struct VotedView {
    pub(super) found: Vec<FoundView>,
    pub(super) entries: u64,
    pub(super) witnessed: WitnessedView,
}

#[derive(Serialize)]
pub(super) struct ReceiptView {
    pub(super) receipt: String,
    pub(super) witnessed: WitnessedView,
}

#[derive(Deserialize)]
pub(super) struct Kept {
    pub(super) receipt: String,
}

#[derive(Serialize)]
pub(super) struct CheckedView {
    pub(super) tracker: String,
    pub(super) index: u64,
    pub(super) time: u64,
    pub(super) witnessed: WitnessedView,
}

#[derive(Deserialize)]
pub(super) struct Text {
    pub(super) text: Zeroizing<String>,
}

#[derive(Serialize)]
pub(super) struct QrView {
    /// Modules of a side.
    pub(super) size: usize,
    /// The dark ones, as the data of an SVG path with one unit a module.
    pub(super) dark: String,
}
