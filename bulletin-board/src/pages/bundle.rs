//! The pages as files: compiled into the program, named by one digest (WEB-5).

use flate2::{Compression, write::GzEncoder};
use rust_embed::Embed;
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    sync::{LazyLock, OnceLock},
};

/// WEB-5: what the digest is made under.
const DOMAIN: &[u8] = b"vitrine/bundle/v1\0";

/// The page for voters, and for the device that checks a ballot.
pub const VOTE: &str = "vote.html";

/// The page for observers and officials.
pub const OBSERVE: &str = "observe.html";

/// The verifier that needs no network.
pub const OFFLINE: &str = "offline.html";

#[derive(Embed)]
#[folder = "../web/dist"]
struct Folder;

/// One file.
#[derive(Debug)]
pub struct File {
    bytes: Vec<u8>,
    sha256: [u8; 32],
    gzipped: OnceLock<Vec<u8>>,
    brotli: Option<Vec<u8>>,
}

impl File {
    /// Brotli's best takes seconds: what a build has compressed is served, if it is this very file.
    fn new(bytes: Vec<u8>, compressed: Option<Vec<u8>>) -> Self {
        let brotli =
            compressed.filter(|compressed| unpacked(compressed, bytes.len()).is_some_and(|plain| plain == bytes));
        Self { sha256: Sha256::digest(&bytes).into(), bytes, gzipped: OnceLock::new(), brotli }
    }

    /// WEB-29: the same, as the build compressed it with Brotli; none where it did not.
    pub(crate) fn brotli(&self) -> Option<&[u8]> {
        self.brotli.as_deref()
    }

    /// What a browser gets.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their SHA-256.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// WEB-29: the same, compressed once.
    pub(crate) fn gzipped(&self) -> &[u8] {
        self.gzipped.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&self.bytes).expect("memory takes every byte");
            encoder.finish().expect("memory takes every byte")
        })
    }
}

/// All files of one build of the pages, by name.
#[derive(Debug)]
pub struct Bundle {
    files: BTreeMap<String, File>,
}

impl Bundle {
    /// The one that is compiled into this program.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Bundle> = LazyLock::new(|| {
            let files =
                Folder::iter().filter_map(|name| Some((name.to_string(), Folder::get(&name)?.data.into_owned())));
            Bundle::of(files)
        });
        &EMBEDDED
    }

    /// The bundle among these files (WEB-5).
    pub fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut all: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
        let own: Vec<String> = all.keys().filter(|name| belongs(name)).cloned().collect();
        let file = |name: String| {
            let compressed = all.remove(&format!("brotli/{name}.br"));
            all.remove(&name).map(|bytes| (name, File::new(bytes, compressed)))
        };
        Self { files: own.into_iter().filter_map(file).collect() }
    }

    /// A file by its name.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }

    /// Every file, in byte order of names.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file))
    }

    /// WEB-5: what a manifest names; none of a bundle without files.
    pub fn digest(&self) -> Option<[u8; 32]> {
        let mut hash = Sha256::new_with_prefix(DOMAIN);
        for (name, file) in &self.files {
            let length = u16::try_from(name.len()).expect("WEB-5 has no longer names");
            hash.update(length.to_be_bytes());
            hash.update(name);
            hash.update(file.sha256);
        }
        (!self.files.is_empty()).then(|| hash.finalize().into())
    }

    /// WEB-24: whether a page names a file of `assets/`, as the page that runs it does.
    pub(crate) fn names(&self, page: &str, asset: &str) -> bool {
        let Some(html) = self.file(page) else { return false };
        let html = String::from_utf8_lossy(html.bytes());
        html.match_indices(asset).any(|(start, _)| {
            let (before, behind) = html.split_at(start);
            let behind = behind.strip_prefix(asset).unwrap_or_default();
            before.ends_with(['"', '/']) && behind.starts_with('"')
        })
    }
}

/// What Brotli has compressed, if it is no longer than this and can be read.
pub(super) fn unpacked(compressed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    brotli_decompressor::Decompressor::new(compressed, 1 << 16).take(limit).read_to_end(&mut plain).ok()?;
    (plain.len() <= most).then_some(plain)
}

/// WEB-5: pages, and what lies in `assets/`.
fn belongs(name: &str) -> bool {
    let plain = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        !part.starts_with('.') && (1..=200).contains(&part.len()) && part.bytes().all(known)
    };
    match name.strip_prefix("assets/") {
        Some(asset) => plain(asset),
        None => plain(name) && name.ends_with(".html"),
    }
}

/// WEB-5: the digest of the bundle that is compiled into this program; none if it was compiled without one.
pub fn digest() -> Option<[u8; 32]> {
    Bundle::embedded().digest()
}
