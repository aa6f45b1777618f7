//! The shape that both kinds of file share: a sequence of CBOR byte strings, the first the header, the last the digest of all before it
//! (AIR-1, AIR-2). Read and written piece by piece: a request may hold millions of ballots.

use super::{CarryFault, FileFingerprint};
use crate::files::{flush_folder, folder_of};
use crypto::hash::{Digest, Tag, TaggedHash};
use std::{
    fs::{self, File, Permissions},
    io::{self, BufReader, BufWriter, Read, Seek as _, Write},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// The most bytes of a header.
const MAXIMUM_HEADER: u64 = 4096;

/// The digest's byte string: its head and 32 bytes.
const DIGEST_ITEM: u64 = 34;
const DIGEST_HEAD: [u8; 2] = [0x58, 0x20];

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Answer,
}

impl Kind {
    /// The first field of the header: kind and version of the format.
    pub(super) fn format(self) -> &'static str {
        match self {
            Self::Request => "vitrine/1/request",
            Self::Answer => "vitrine/1/answer",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }

    fn with_article(self) -> &'static str {
        match self {
            Self::Request => "a request",
            Self::Answer => "an answer",
        }
    }

    /// Judges the format that a header names.
    fn check(self, format: &str) -> Result<(), CarryFault> {
        let other = if self == Self::Request { Self::Answer } else { Self::Request };
        if format == self.format() {
            return Ok(());
        }
        if format == other.format() {
            return Err(CarryFault::OtherKind { found: other.with_article(), wanted: self.with_article() });
        }
        let version = format.strip_prefix("vitrine/").and_then(|rest| rest.split_once('/'));
        match version {
            Some((version, "request" | "answer")) if version.bytes().all(|digit| digit.is_ascii_digit()) => {
                Err(CarryFault::OtherVersion(format.to_owned()))
            }
            _ => Err(CarryFault::NotCarried(self.noun())),
        }
    }
}

/// Writes such a file, whole or not at all.
pub(super) struct Writer {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    length: u64,
    most: u64,
}

impl Writer {
    pub(super) fn new(path: &Path, header: &[u8], most: u64) -> Result<Self, CarryFault> {
        // Public content: the user's mask says who may read it.
        let permissions = Permissions::from_mode(0o666);
        let made = tempfile::Builder::new().prefix(".carry").permissions(permissions).tempfile_in(folder_of(path));
        let file = made.map_err(|cause| CarryFault::File { path: path.to_owned(), cause })?;
        let mut writer = Self { path: path.to_owned(), file: BufWriter::new(file), length: 0, most };
        writer.item(header)?;
        Ok(writer)
    }

    /// One byte string more.
    pub(super) fn item(&mut self, bytes: &[u8]) -> Result<(), CarryFault> {
        let mut head = Vec::with_capacity(9);
        minicbor::Encoder::new(&mut head)
            .bytes_len(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
            .expect("writing to memory cannot fail");
        let added = u64::try_from(head.len().saturating_add(bytes.len())).unwrap_or(u64::MAX);
        self.length = self.length.saturating_add(added);
        let found = self.length.saturating_add(DIGEST_ITEM);
        if found > self.most {
            return Err(CarryFault::TooLarge { found, most: self.most });
        }
        let write = |file: &mut BufWriter<NamedTempFile>| {
            file.write_all(&head)?;
            file.write_all(bytes)
        };
        write(&mut self.file).map_err(|cause| CarryFault::File { path: self.path.clone(), cause })
    }

    /// Adds the digest and puts the file in its place, where none may be yet. It is on the disk when this returns. Gives its length too.
    pub(super) fn finish(self) -> Result<(FileFingerprint, u64), CarryFault> {
        let Self { path, file, length, .. } = self;
        let finish = || {
            let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file_mut().rewind()?;
            let digest = digest(file.as_file_mut(), length)?;
            file.write_all(&DIGEST_HEAD)?;
            file.write_all(&digest)?;
            file.as_file().sync_all()?;
            file.persist_noclobber(&path).map_err(|refused| refused.error)?;
            flush_folder(folder_of(&path))?;
            Ok(FileFingerprint::of(&digest))
        };
        let fingerprint = finish().map_err(|cause: io::Error| match cause.kind() {
            io::ErrorKind::AlreadyExists => CarryFault::Exists(path.clone()),
            _ => CarryFault::File { path: path.clone(), cause },
        })?;
        Ok((fingerprint, length.saturating_add(DIGEST_ITEM)))
    }
}

/// The digest of the next `length` bytes (AIR-2).
fn digest(reader: &mut impl Read, length: u64) -> io::Result<Digest> {
    let mut hash = TaggedHash::new(Tag::Carried, 1).long_bytes(length);
    let mut left = length;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let piece = buffer.get_mut(..most).ok_or(io::ErrorKind::UnexpectedEof)?;
        let read = match reader.read(piece) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash = hash.piece(piece.get(..read).unwrap_or_default());
        left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(hash.sha3_256())
}

/// A file whose digest is right, being read.
#[derive(Debug)]
pub(super) struct Items {
    path: PathBuf,
    reader: BufReader<File>,
    left: u64,
    /// What the screens show.
    pub(super) fingerprint: FileFingerprint,
    /// Bytes of the whole file.
    pub(super) length: u64,
}

impl Items {
    /// Opens a file of this kind and gives its header. Length, kind and digest are checked before anything is decoded.
    pub(super) fn open(path: &Path, kind: Kind, most: u64) -> Result<(Self, Vec<u8>), CarryFault> {
        let failed = |cause| CarryFault::File { path: path.to_owned(), cause };
        // A pipe, once opened, would wait for a writer for ever.
        let found = fs::metadata(path).map_err(failed)?;
        if !found.is_file() {
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
        }
        let mut file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length > most {
            return Err(CarryFault::TooLarge { found: length, most });
        }
        let content = length.checked_sub(DIGEST_ITEM).ok_or(CarryFault::NotCarried(kind.noun()))?;
        let mut items = Self {
            path: path.to_owned(),
            reader: BufReader::new(file.try_clone().map_err(failed)?),
            left: content,
            fingerprint: FileFingerprint::of(&[0; 32]),
            length,
        };
        // Which file it is meant to be, before its digest, which another version may make otherwise.
        let format = items.item(MAXIMUM_HEADER).ok().and_then(|header| {
            let mut decoder = minicbor::Decoder::new(&header);
            decoder.array().ok()?;
            decoder.str().ok().map(str::to_owned)
        });
        kind.check(format.as_deref().unwrap_or_default())?;
        let of_cut = |cause: io::Error| match cause.kind() {
            io::ErrorKind::UnexpectedEof => CarryFault::Damaged,
            _ => failed(cause),
        };
        file.rewind().map_err(failed)?;
        let digest = digest(&mut file, content).map_err(of_cut)?;
        let mut last = [0; 34];
        file.read_exact(&mut last).map_err(of_cut)?;
        if last.strip_prefix(&DIGEST_HEAD) != Some(digest.as_slice()) {
            return Err(CarryFault::Damaged);
        }
        file.rewind().map_err(failed)?;
        items.reader = BufReader::new(file);
        items.left = content;
        items.fingerprint = FileFingerprint::of(&digest);
        let header = items.item(MAXIMUM_HEADER)?;
        Ok((items, header))
    }

    /// The next byte string, of at most so many bytes.
    pub(super) fn item(&mut self, most: u64) -> Result<Vec<u8>, CarryFault> {
        let length = self.head()?;
        if length > most || length > self.left {
            return Err(malformed(format!(
                "a byte string of {length} bytes, where there may be {}",
                most.min(self.left)
            )));
        }
        self.left = self.left.saturating_sub(length);
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(length).read_to_end(&mut bytes);
        match read.map(u64::try_from) {
            Ok(Ok(read)) if read == length => Ok(bytes),
            Ok(_) => Err(CarryFault::Damaged),
            Err(cause) => Err(CarryFault::File { path: self.path.clone(), cause }),
        }
    }

    /// The shortest head of a byte string, and no other.
    fn head(&mut self) -> Result<u64, CarryFault> {
        let first = self.take::<1>()?;
        let [first] = first;
        let (argument, least) = match first {
            0x40..=0x57 => return Ok(u64::from(first & 0x1f)),
            0x58 => (u64::from(u8::from_be_bytes(self.take()?)), 24),
            0x59 => (u64::from(u16::from_be_bytes(self.take()?)), 1 << 8),
            0x5a => (u64::from(u32::from_be_bytes(self.take()?)), 1 << 16),
            0x5b => (u64::from_be_bytes(self.take()?), 1 << 32),
            _ => return Err(malformed("something else than a byte string of definite length".to_owned())),
        };
        if argument < least {
            return Err(malformed("a length that is not written in the shortest way".to_owned()));
        }
        Ok(argument)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], CarryFault> {
        let width = u64::try_from(N).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(width)
            .ok_or_else(|| malformed("fewer byte strings than its header says".to_owned()))?;
        let mut bytes = [0; N];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => Err(CarryFault::Damaged),
            Err(cause) => Err(CarryFault::File { path: self.path.clone(), cause }),
        }
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), CarryFault> {
        if self.left == 0 { Ok(()) } else { Err(malformed("more byte strings than its header says".to_owned())) }
    }
}

pub(super) fn malformed(what: String) -> CarryFault {
    CarryFault::Malformed(what)
}
