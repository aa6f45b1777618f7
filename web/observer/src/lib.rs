//! The verifier for a browser: bindings over `verifier`. Runs in a worker, which a page may end at any time.

mod look;
mod shared;
mod words;

use look::Look;
use std::{collections::BTreeMap, convert::Infallible};
use tlog::{
    merkle::Hash,
    record::{ChainPath, RecordReader, files_of},
};
use verifier::Report;
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// VER-38: the most bytes of a record in a tab.
const MOST_BYTES: usize = 1 << 30;
/// VER-39: the most files that one log's checkpoint may demand.
const MOST_FILES: usize = 1 << 20;

/// The files of a record, by their names in it (REC-7), and what their verification came to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Record {
    files: BTreeMap<String, Vec<u8>>,
    bytes: usize,
    report: Option<Report>,
    /// The leaves of the ballots for whose proofs `report` relies on others.
    relied: Vec<Hash>,
    look: Option<Look>,
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
        self.look = None;
        self.files.insert(name, bytes);
        Ok(())
    }

    /// VER-39: the names of the files that the checkpoint of a log demands, which was put before; the checkpoint's own is among them.
    ///
    /// # Errors
    /// When there is no such checkpoint, or it cannot be read, or it demands more files than a tab holds.
    pub fn files(&self, log: u32) -> Result<Vec<String>, JsError> {
        let log = u64::from(log);
        let reader = RecordReader::open(|path| Ok::<_, Infallible>(self.files.get(&name(log, *path)).cloned()))
            .map_err(|error| JsError::new(&error.to_string()))?;
        let paths = files_of(reader.claimed().size()).take(MOST_FILES.saturating_add(1));
        let names: Vec<String> = paths.map(|path| name(log, path)).collect();
        if names.len() > MOST_FILES {
            return Err(JsError::new(
                "VER-39: this record has too many files for a browser: verify it with `vitrine verify`",
            ));
        }
        Ok(names)
    }

    /// The most bytes that the file of this name may have; none if no record has a file of this name.
    pub fn limit(&self, name: &str) -> Option<usize> {
        name.parse().ok().map(|path: ChainPath| path.byte_limit())
    }

    /// The names of all files that were put.
    pub fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// The bytes of a file that was put.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.files.get(name).cloned()
    }

    /// VER-40: where the election stands, as JSON; `now` is in minutes since 1970.
    ///
    /// # Errors
    /// When the files are no record.
    pub fn look(&mut self, now: u32) -> Result<String, JsError> {
        self.looked()?.view(u64::from(now)).map_err(|text| JsError::new(&text))
    }

    /// VER-41: at most 200 entries from an index on, as JSON.
    ///
    /// # Errors
    /// When the files are no record.
    pub fn entries(&mut self, from: usize, count: usize) -> Result<String, JsError> {
        self.looked()?.entries(from, count).map_err(|text| JsError::new(&text))
    }

    /// The entries of officials but for the roll's, as JSON.
    ///
    /// # Errors
    /// When the files are no record.
    pub fn story(&mut self) -> Result<String, JsError> {
        self.looked()?.story().map_err(|text| JsError::new(&text))
    }

    /// VER-40: whether another copy's checkpoint is of this same log: `same`, `behind`, `ahead`, `differs`, or of an `other` log.
    ///
    /// # Errors
    /// When the files are no record, or this is no checkpoint.
    pub fn compare(&mut self, note: &str) -> Result<String, JsError> {
        self.looked()?.compare(note).map(str::to_owned).map_err(|text| JsError::new(&text))
    }

    /// BAL-40: the entries of the ballots with this tracker, which may be shortened, as JSON.
    ///
    /// # Errors
    /// When the files are no record, or this is no tracker.
    pub fn find(&mut self, tracker: &str) -> Result<String, JsError> {
        self.looked()?.find(tracker).map_err(|text| JsError::new(&text))
    }

    /// The bytes of an entry in hexadecimal, if there is one with this index.
    ///
    /// # Errors
    /// When the files are no record.
    pub fn entry(&mut self, index: usize) -> Result<Option<String>, JsError> {
        Ok(self.looked()?.bytes(index))
    }

    fn looked(&mut self) -> Result<&Look, JsError> {
        let look = match self.look.take() {
            Some(look) => look,
            None => Look::at(&self.files).map_err(|text| JsError::new(&text))?,
        };
        Ok(self.look.insert(look))
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

/// REC-7
fn name(log: u64, path: tlog::record::RecordPath) -> String {
    ChainPath::new(log, path).to_string()
}
