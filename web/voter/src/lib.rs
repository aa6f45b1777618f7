//! The voter's session for a browser: bindings over `ballot_client::page`, and a reader of QR codes. Runs in a worker.

mod scan;

use ballot_client::page;
use js_sys::Function;
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};
use zeroize::Zeroizing;

/// A voter's page. One request at a time.
#[wasm_bindgen]
#[derive(Default)]
pub struct Voter(page::Voter);

#[wasm_bindgen]
impl Voter {
    /// Nobody's yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer to a request, both as JSON; `progress` is called with how many entries of how many were read.
    ///
    /// # Errors
    /// A fault as JSON.
    pub async fn call(&mut self, method: String, request: String, progress: Function) -> Result<String, JsValue> {
        let heard = |done: u64, total: u64| {
            // A page that does not listen misses nothing else.
            let _ = progress.call2(&JsValue::UNDEFINED, &number(done), &number(total));
        };
        let answer = self.0.call(&method, Zeroizing::new(request), heard).await;
        answer.map(|answer| answer.to_string()).map_err(JsValue::from)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at, far below 2^53")]
fn number(count: u64) -> JsValue {
    JsValue::from_f64(count as f64)
}

/// The text of the QR code in a picture, if there is one that can be read: `grey` has one byte for each of `width * height` points, 0 is black.
///
/// # Errors
/// When the picture has another number of points.
#[wasm_bindgen]
pub fn scan(width: usize, height: usize, grey: &[u8]) -> Result<Option<String>, JsError> {
    if width.checked_mul(height) != Some(grey.len()) || grey.is_empty() {
        return Err(JsError::new("a picture has width times height points"));
    }
    Ok(scan::text_in(width, height, grey))
}
