//! The verifier for a browser: bindings over `verifier`. Runs in a worker, which a page may end at any time.

use js_sys::Function;
use rand::rngs::OsRng;
use std::collections::BTreeMap;
use verifier::{Options, Report, Stage};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

/// VER-38: the most bytes of a record in a tab.
const MOST_BYTES: usize = 1 << 30;

/// The files of a record, by their names in it (REC-7), and what their verification came to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Record {
    files: BTreeMap<String, Vec<u8>>,
    bytes: usize,
    report: Option<Report>,
}

#[wasm_bindgen]
impl Record {
    /// Without files yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a file; one that came before under the same name is replaced.
    ///
    /// # Errors
    /// When the record has more bytes than a tab holds (VER-38).
    pub fn put(&mut self, name: String, bytes: Vec<u8>) -> Result<(), JsError> {
        let before = self.files.get(&name).map_or(0, Vec::len);
        let after = self.bytes.saturating_sub(before).saturating_add(bytes.len());
        if after > MOST_BYTES {
            return Err(JsError::new(
                "VER-38: this record is too large for a browser: verify it with `vitrine verify`",
            ));
        }
        self.bytes = after;
        self.files.insert(name, bytes);
        Ok(())
    }

    /// Verifies the record as the command line does, and gives its report as the same JSON (VER-18). `expect` is the fingerprint that the reader
    /// trusts, if any; `progress` is called with a stage's name, and how many entries of how many are done.
    ///
    /// # Errors
    /// When `expect` is no fingerprint.
    pub fn verify(&mut self, expect: Option<String>, progress: &Function) -> Result<String, JsError> {
        let expect = expect.map(|text| text.parse()).transpose();
        let expect = expect.map_err(|_| JsError::new("a fingerprint has 64 hexadecimal digits"))?;
        let heard = |progressed: verifier::Progress| {
            let stage = match progressed.stage {
                Stage::Entries => "entries",
                Stage::Sums => "sums",
            };
            // A page that does not listen misses nothing else.
            let _ =
                progress.call3(&JsValue::UNDEFINED, &stage.into(), &number(progressed.done), &number(progressed.total));
        };
        let report = verifier::verify(&self.files, &Options { expect, policy: None }, heard, &mut OsRng);
        let json = report.json();
        self.report = Some(report);
        Ok(json)
    }

    /// What the command line would end with (VER-2), once the record was verified.
    pub fn exit(&self) -> Option<u8> {
        self.report.as_ref().map(|report| report.exit_code() as u8)
    }

    /// The report as the command line prints it, once the record was verified.
    pub fn text(&self) -> Option<String> {
        self.report.as_ref().map(Report::text)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at, far below 2^53")]
fn number(count: u64) -> JsValue {
    JsValue::from_f64(count as f64)
}
