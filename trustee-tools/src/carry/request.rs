//! The request: a whole record, and the step that is asked for on it (AIR-4 to AIR-7).

use super::{
    Asked, CarryFault, FileFingerprint, Head, Step, UnknownStep,
    file::{Items, Kind, Writer, malformed},
};
use protocol::{Author, cbor, ids::ElectionFingerprint};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tlog::{
    checkpoint::Checkpoint,
    note::{MAX_NOTE_BYTES, Note},
    record::{ChainPath, RecordFile, RecordPath, RecordWriter},
    tile::{MAX_ENTRY_BYTES, TileKind, TilePath, WIDTH, decode_bundle},
};
use verifier::Source;

/// AIR-4: the most bytes of a request, the bytes that a reader takes of a record (HTTP-27).
pub const MAXIMUM_REQUEST: u64 = 1 << 36;

/// AIR-4: the most entries.
const MAXIMUM_ENTRIES: u64 = 1 << 24;

/// AIR-4: the most logs of one chain.
const MAXIMUM_LOGS: usize = 256;

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Header {
    #[n(0)]
    format: String,
    #[n(1)]
    election: ElectionFingerprint,
    #[n(2)]
    party: Author,
    #[n(3)]
    step: String,
    #[n(4)]
    logs: Vec<u64>,
}

/// A request whose record was not read yet.
#[derive(Debug)]
pub struct Opened {
    request: Request,
    items: Items,
}

/// What a request says of itself. It is whole and of this version; its record is believed when it was verified.
#[derive(Clone, Debug)]
pub struct Request {
    /// What both screens show.
    pub fingerprint: FileFingerprint,
    /// Bytes of the file.
    pub length: u64,
    /// The election it says it is of.
    pub election: ElectionFingerprint,
    /// What it asks for.
    pub asked: Asked,
    /// The entries of each log it holds.
    pub logs: Vec<u64>,
}

impl Request {
    /// Writes a request from a record that was verified: its entries and checkpoints, from which the rest follows (REC-6).
    ///
    /// # Errors
    /// [`CarryFault`]; no file is there then.
    pub fn write<S: Source>(
        path: &Path,
        election: &ElectionFingerprint,
        asked: &Asked,
        record: &S,
    ) -> Result<Self, CarryFault> {
        let mut heads = Vec::new();
        for log in 1.. {
            let Some(note) = find(record, ChainPath::new(log, RecordPath::Checkpoint))? else { break };
            let head = Head { log, checkpoint: note };
            let size = head.claim().ok_or_else(|| malformed(format!("log {log} has no checkpoint")))?.size();
            heads.push((head, size));
        }
        let logs: Vec<u64> = heads.iter().map(|(_, size)| *size).collect();
        check_logs(&logs)?;
        let header = Header {
            format: Kind::Request.format().to_owned(),
            election: *election,
            party: asked.party,
            step: asked.step.name().to_owned(),
            logs: logs.clone(),
        };
        let mut writer = Writer::new(path, &cbor::encode(&header), MAXIMUM_REQUEST)?;
        for (head, size) in &heads {
            writer.item(&head.checkpoint)?;
            for index in 0..size.div_ceil(u64::from(WIDTH)) {
                let fault = |fault: String| malformed(format!("log {}, bundle {index}: {fault}", head.log));
                let tile = TilePath::in_tree(TileKind::Entries, index, *size);
                let tile = tile.ok_or_else(|| fault("outside the tree".to_owned()))?;
                let bundle = find(record, ChainPath::new(head.log, RecordPath::Tile(tile)))?;
                let bundle = bundle.ok_or_else(|| fault("missing".to_owned()))?;
                for entry in decode_bundle(&bundle, tile.width()).map_err(|cause| fault(cause.to_string()))? {
                    writer.item(entry)?;
                }
            }
        }
        let (fingerprint, length) = writer.finish()?;
        Ok(Self { fingerprint, length, election: *election, asked: *asked, logs })
    }

    /// Opens a request: length, kind, digest and header. The record in it is for [`Opened::unpack`].
    ///
    /// # Errors
    /// [`CarryFault`].
    pub fn open(path: &Path, expect: &ElectionFingerprint) -> Result<Opened, CarryFault> {
        let (items, header) = Items::open(path, Kind::Request, MAXIMUM_REQUEST)?;
        let header: Header = cbor::decode(&header, "request's header").map_err(|fault| malformed(fault.to_string()))?;
        let step: Step = header.step.parse().map_err(|fault: UnknownStep| malformed(fault.to_string()))?;
        if !step.is_of(&header.party) {
            return Err(malformed(format!("the step `{step}` is none of {}", header.party)));
        }
        check_logs(&header.logs)?;
        if header.election != *expect {
            return Err(CarryFault::OtherElection { expected: *expect, found: header.election });
        }
        let request = Self {
            fingerprint: items.fingerprint,
            length: items.length,
            election: header.election,
            asked: Asked { party: header.party, step },
            logs: header.logs,
        };
        Ok(Opened { request, items })
    }

    /// The number of entries, of all logs.
    pub fn entries(&self) -> u64 {
        self.logs.iter().fold(0, |sum, size| sum.saturating_add(*size))
    }
}

impl Opened {
    /// What its header says.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Writes the record into a folder, as files of REC-1, unverified: that is for the verifier, like of any other copy.
    ///
    /// # Errors
    /// [`CarryFault`].
    pub fn unpack(self, record: &Path) -> Result<Request, CarryFault> {
        let Self { request, mut items } = self;
        for (log, size) in (1u64..).zip(&request.logs) {
            unpack_log(&mut items, log, *size, record)?;
        }
        items.end()?;
        Ok(request)
    }
}

fn unpack_log(items: &mut Items, log: u64, size: u64, record: &Path) -> Result<(), CarryFault> {
    let note = items.item(u64::try_from(MAX_NOTE_BYTES).unwrap_or(u64::MAX))?;
    let parsed = Note::parse(&note).map_err(|fault| malformed(format!("checkpoint of log {log}: {fault}")))?;
    let head =
        Checkpoint::parse(parsed.text()).map_err(|fault| malformed(format!("checkpoint of log {log}: {fault}")))?;
    if head.size() != size {
        return Err(malformed(format!("log {log} has {size} entries, its checkpoint says {}", head.size())));
    }
    let store = |files: Vec<RecordFile>| files.iter().try_for_each(|file| store(record, log, file));
    let mut writer = RecordWriter::new();
    let longest = u64::try_from(MAX_ENTRY_BYTES).unwrap_or(u64::MAX);
    for _ in 0..size {
        let entry = items.item(longest)?;
        store(writer.append(&entry).map_err(|fault| malformed(fault.to_string()))?)?;
    }
    let text = std::str::from_utf8(&note).map_err(|fault| malformed(fault.to_string()))?;
    let last = writer.finish_with(text).map_err(|fault| malformed(format!("log {log}: {fault}")))?;
    store(last)
}

fn store(record: &Path, log: u64, file: &RecordFile) -> Result<(), CarryFault> {
    let path: PathBuf = record.join(ChainPath::new(log, file.path).to_string());
    let write = || {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.bytes)
    };
    write().map_err(|cause| CarryFault::File { path: path.clone(), cause })
}

fn find<S: Source>(record: &S, path: ChainPath) -> Result<Option<Vec<u8>>, CarryFault> {
    let failed = |cause: S::Error| CarryFault::File {
        path: path.to_string().into(),
        cause: std::io::Error::other(cause.to_string()),
    };
    record.fetch(&path).map_err(failed)
}

/// AIR-4.
fn check_logs(logs: &[u64]) -> Result<(), CarryFault> {
    let entries = logs.iter().fold(0u64, |sum, size| sum.saturating_add(*size));
    if logs.is_empty() || logs.len() > MAXIMUM_LOGS || logs.contains(&0) || entries > MAXIMUM_ENTRIES {
        return Err(malformed(format!("{} logs with {entries} entries", logs.len())));
    }
    Ok(())
}
