//! Verifying, alone or with others who decide proofs of ballots (VER-38, VER-42).

use crate::Record;
use js_sys::Function;
use rand::rngs::OsRng;
use std::collections::HashSet;
use tlog::{
    merkle::Hash,
    record::{ChainPath, RecordPath},
    tile::{TilePath, WIDTH, decode_bundle},
};
use verifier::{Options, Progress, Prover, Stage, divide, verify_relying};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

/// Bundles whose proofs are decided together.
const BATCH: usize = 2;

#[wasm_bindgen]
impl Record {
    /// VER-42: how others can share the work, as JSON: the names of the files that each of them needs, `setup`, and of those that may be divided,
    /// `bundles`; `null` if none can.
    pub fn divide(&self) -> String {
        let names = |paths: &[TilePath]| -> Vec<String> {
            paths.iter().map(|path| ChainPath::from(RecordPath::Tile(*path)).to_string()).collect()
        };
        let division = divide(&self.files);
        let told =
            division.map(|told| serde_json::json!({ "setup": names(&told.setup), "bundles": names(&told.bundles) }));
        told.map_or_else(|| "null".into(), |told| told.to_string())
    }

    /// VER-42: the leaves, 32 bytes each, of the ballots in `bundles` that are proved, as far as the entries in `setup` tell; the files were put before.
    /// `progress` is called with how many bundles of how many are done.
    pub fn prove(&self, setup: Vec<String>, bundles: Vec<String>, progress: &Function) -> Vec<u8> {
        let mut prover = Prover::default();
        for entry in setup.iter().flat_map(|name| self.entries_of(name)) {
            // What comes behind the opening in its bundle the lead decides itself.
            if prover.is_ready() || prover.take(entry).is_err() {
                break;
            }
        }
        let mut proven = Vec::new();
        let mut done = 0usize;
        for names in bundles.chunks(BATCH) {
            let entries: Vec<&[u8]> = names.iter().flat_map(|name| self.entries_of(name)).collect();
            proven.extend(prover.prove(&entries, &mut OsRng).into_iter().flatten());
            done = done.saturating_add(names.len());
            let _ = progress.call3(&JsValue::UNDEFINED, &"proofs".into(), &figure(done), &figure(bundles.len()));
        }
        proven
    }

    /// Verifies the record as the command line does, and gives its report as the same JSON (VER-18). `expect` is the fingerprint that the reader
    /// trusts, if any; `elsewhere` names the bundles whose ballots' proofs others decide: the report then waits for [`Record::confirm`]. `progress` is
    /// called with a stage's name, and how many entries of how many are done.
    ///
    /// # Errors
    /// When `expect` is no fingerprint.
    pub fn verify(
        &mut self,
        expect: Option<String>,
        elsewhere: Vec<String>,
        progress: &Function,
    ) -> Result<String, JsError> {
        let width = u64::from(WIDTH);
        let numbers: HashSet<u64> = elsewhere.iter().filter_map(|name| Some(bundle(name)?.index())).collect();
        self.run(expect, &|index, _| index.checked_div(width).is_some_and(|number| numbers.contains(&number)), progress)
    }

    /// Whether the report of [`Record::verify`] relies on others for any proof.
    pub fn relies(&self) -> bool {
        !self.relied.is_empty()
    }

    /// VER-42: the report, once the others have said which ballots are proved, by their leaves of 32 bytes each. If it relied on a proof that is not among
    /// them, the record is verified once more, and every such proof is decided here.
    ///
    /// # Errors
    /// When `expect` is no fingerprint.
    pub fn confirm(&mut self, proven: Vec<u8>, expect: Option<String>, progress: &Function) -> Result<String, JsError> {
        let proven: HashSet<Hash> = proven.as_chunks::<32>().0.iter().copied().collect();
        let holds = self.relied.iter().all(|leaf| proven.contains(leaf));
        match &self.report {
            Some(report) if holds => Ok(report.json()),
            _ => self.run(expect, &|_, leaf| proven.contains(leaf), progress),
        }
    }
}

impl Record {
    fn run(
        &mut self,
        expect: Option<String>,
        elsewhere: &(dyn Fn(u64, &Hash) -> bool + Sync),
        progress: &Function,
    ) -> Result<String, JsError> {
        let expect = expect.map(|text| text.parse()).transpose();
        let expect = expect.map_err(|_| JsError::new("a fingerprint has 64 hexadecimal digits"))?;
        let heard = |progressed: Progress| {
            let stage = match progressed.stage {
                Stage::Entries => "entries",
                Stage::Sums => "sums",
            };
            // A page that does not listen misses nothing else.
            let (done, total) = (number(progressed.done), number(progressed.total));
            let _ = progress.call3(&JsValue::UNDEFINED, &stage.into(), &done, &total);
        };
        let options = Options { expect, policy: None };
        let (report, relied) = verify_relying(&self.files, &options, elsewhere, heard, &mut OsRng);
        let json = report.json();
        (self.report, self.relied) = (Some(report), relied);
        Ok(json)
    }

    /// The entries of a bundle that was put; none of anything else.
    fn entries_of(&self, name: &str) -> Vec<&[u8]> {
        let entries = bundle(name).zip(self.files.get(name)).map(|(path, bytes)| decode_bundle(bytes, path.width()));
        entries.and_then(Result::ok).unwrap_or_default()
    }
}

/// A bundle of log 1.
fn bundle(name: &str) -> Option<TilePath> {
    let path: ChainPath = name.parse().ok()?;
    match path.file() {
        RecordPath::Tile(tile) if path.log() == 1 => Some(tile),
        _ => None,
    }
}

fn figure(count: usize) -> JsValue {
    number(u64::try_from(count).unwrap_or(u64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at, far below 2^53")]
fn number(count: u64) -> JsValue {
    JsValue::from_f64(count as f64)
}
