//! Logs that go on as another after their operator was lost (WIT-13, CON-4, CON-5).

use super::{
    Witness,
    answer::Declined,
    state::{LogState, Memory, StateError, Successor},
};
use crypto::EncodedPoint;
use protocol::{Author, Body, Entry, Rejection, body::Continuation, ids::ElectionFingerprint};
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use thiserror::Error;
use tlog::{
    checkpoint::SignedCheckpoint,
    merkle::{CompactRange, Hash, leaf_hash},
    note::{Algorithm, KeyError, VerifierKey},
    proof::{Receipt, ReceiptError},
    record::{RecordError, RecordPath, RecordReader},
};

/// What an operator is shown, and whom they trust.
#[derive(Debug, Clone)]
pub struct Succession {
    /// The receipt for entry 0 of the new log.
    pub receipt: Vec<u8>,
    /// The election.
    pub election: ElectionFingerprint,
    /// The public signing key of its authority.
    pub authority: [u8; 32],
    /// A copy of the old log, needed if this witness has not seen all of it.
    pub record: Option<PathBuf>,
}

/// A log that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continued {
    /// The old log.
    pub old_origin: String,
    /// The size at which it ended.
    pub old_size: u64,
    /// The key of the new log, which bears its origin.
    pub new_key: VerifierKey,
    /// The size of the new log that is cosigned now.
    pub size: u64,
}

/// Why a witness does not take up a continuation (WIT-13).
#[derive(Debug, Error)]
pub enum SuccessionRefusal {
    /// The receipt cannot be read, or proves nothing.
    #[error("WIT-13: the receipt is refused: {0}")]
    Receipt(#[from] ReceiptError),
    /// Of another entry than the first.
    #[error("WIT-13: the receipt is for entry {0} of its log; a log is continued by entry 0 of the next")]
    NotFirst(u64),
    /// The entry in the receipt cannot be read.
    #[error("WIT-13: the receipt holds no entry: {0}")]
    Entry(#[from] Rejection),
    /// The entry says something else, or somebody else says it.
    #[error("WIT-13: the entry in the receipt is a {found} by {author}, not a Continuation by the authority")]
    NotContinuation {
        /// What it is.
        found: &'static str,
        /// By whom.
        author: Author,
    },
    /// The signature is not the authority's.
    #[error("WIT-13: the continuation is not signed by this authority key for the election {0}")]
    Signature(ElectionFingerprint),
    /// The new key is none, or cannot sign a log.
    #[error("WIT-13: the new log's key is refused: {0}")]
    Key(#[from] KeyError),
    /// A cosigner's key as a log's.
    #[error("WIT-13: the new log's key {0} is a cosigner's")]
    Cosigner(String),
    /// The old log is not known.
    #[error("WIT-13: this witness does not know the log {0}")]
    UnknownLog(String),
    /// The new origin is not the next.
    #[error("WIT-13: {expected} is to follow, not {found}")]
    Name {
        /// The next origin.
        expected: String,
        /// The new key's name.
        found: String,
    },
    /// The old log goes on already.
    #[error("WIT-13: the log {origin} goes on as {successor} already")]
    Already {
        /// The old log.
        origin: String,
        /// What it goes on as.
        successor: String,
    },
    /// More of the old log was cosigned than the continuation names.
    #[error(
        "WIT-13: this witness has cosigned {cosigned} entries of {origin}; the continuation drops all but {named} of them"
    )]
    CosignedBeyond {
        /// The old log.
        origin: String,
        /// The size cosigned.
        cosigned: u64,
        /// The size named.
        named: u64,
    },
    /// Another root of that size was cosigned.
    #[error("WIT-13: this witness has cosigned another history of {origin} than the continuation names")]
    OtherHistory {
        /// The old log.
        origin: String,
    },
    /// Less of the old log was cosigned, and nothing shows that the rest extends it.
    #[error(
        "WIT-13: this witness has cosigned {cosigned} of the {named} entries of {origin}; give a copy of that log with --record FOLDER, so that \
         the rest is seen to extend them"
    )]
    NotShown {
        /// The old log.
        origin: String,
        /// The size cosigned.
        cosigned: u64,
        /// The size named.
        named: u64,
    },
    /// The copy cannot be read.
    #[error("WIT-13: the copy of the old log is refused")]
    Record(#[source] Box<RecordError<io::Error>>),
    /// The copy is shorter than the size named.
    #[error("WIT-13: the copy of the old log has fewer than {0} entries")]
    RecordTooShort(u64),
    /// The new log is remembered already.
    #[error("WIT-13: this witness has cosigned {0} before")]
    NotNew(String),
    /// The memory fails.
    #[error(transparent)]
    State(#[from] StateError),
    /// The witness cannot cosign now.
    #[error("{0}")]
    Declined(String),
}

impl Witness {
    /// WIT-13: takes up a log that continues another: from now on the old one gets no cosignature, and the new one does.
    ///
    /// # Errors
    /// [`SuccessionRefusal`].
    pub async fn continue_log(&self, shown: &Succession) -> Result<Continued, SuccessionRefusal> {
        let Opened { body, key, signed, receipt } = open(shown)?;
        let origin = body.old_origin.as_str();
        if self.keys_of(origin).await?.is_empty() {
            return Err(SuccessionRefusal::UnknownLog(origin.to_owned()));
        }
        let expected = next_origin(origin, self.state.successor_key(origin).await?.is_some());
        if expected != key.name() {
            return Err(SuccessionRefusal::Name { expected, found: key.name().to_owned() });
        }
        let cosigned = self.state.log(origin).await?.map(|remembered| remembered.seen);
        let beginning = match &shown.record {
            Some(folder) if cosigned.is_some_and(|seen| seen.size < body.old_size) => {
                let at = cosigned.map_or(0, |seen| seen.size);
                Some((at, roots(folder, at, body.old_size)?))
            }
            _ => None,
        };
        let successor = Successor { predecessor: origin, key: &key, receipt: &receipt };
        let advanced = self.state.continue_as(successor, |old, new| {
            check_old(&body, old, beginning)?;
            if *new != Memory::Nothing {
                return Err(SuccessionRefusal::NotNew(key.name().to_owned()));
            }
            self.cosign(&signed, None).map_err(|declined: Declined| SuccessionRefusal::Declined(declined.to_string()))
        });
        let LogState { seen, .. } = advanced.await??;
        Ok(Continued { old_origin: body.old_origin, old_size: body.old_size, new_key: key, size: seen.size })
    }
}

/// A receipt for a continuation, and what follows from it alone.
struct Opened {
    body: Continuation,
    key: VerifierKey,
    signed: SignedCheckpoint,
    receipt: String,
}

fn open(shown: &Succession) -> Result<Opened, SuccessionRefusal> {
    let receipt = Receipt::parse(&shown.receipt)?;
    if receipt.index != 0 {
        return Err(SuccessionRefusal::NotFirst(receipt.index));
    }
    let submission = Entry::decode(&receipt.extra)?.submission();
    let body = match (submission.author()?, submission.body()?) {
        (Author::Authority, Body::Continuation(body)) => body,
        (author, other) => return Err(SuccessionRefusal::NotContinuation { found: other.name(), author }),
    };
    if !submission.is_signed_by(&shown.election, &EncodedPoint(shown.authority)) {
        return Err(SuccessionRefusal::Signature(shown.election));
    }
    let key: VerifierKey = body.new_key.parse()?;
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(SuccessionRefusal::Cosigner(key.to_string()));
    }
    let signed = receipt.verify(&leaf_hash(&receipt.extra), std::slice::from_ref(&key))?;
    Ok(Opened { body, key, signed, receipt: receipt.encode() })
}

/// CON-1: `/2` after a first log, the next number after a successor.
fn next_origin(origin: &str, is_successor: bool) -> String {
    let numbered = origin.rsplit_once('/').filter(|_| is_successor);
    let next = numbered.and_then(|(first, number)| Some((first, number.parse::<u64>().ok()?.checked_add(1)?)));
    let (first, number) = next.unwrap_or((origin, 2));
    format!("{first}/{number}")
}

/// CON-4: what was cosigned of the old log must be what the continuation names, or the beginning of it.
fn check_old(
    body: &Continuation,
    old: &Memory,
    beginning: Option<(u64, (Hash, Hash))>,
) -> Result<(), SuccessionRefusal> {
    let (origin, named) = (body.old_origin.clone(), body.old_size);
    let seen = match old {
        Memory::Nothing => return Ok(()),
        Memory::Log(remembered) => remembered.seen,
        Memory::Continued { successor } => {
            return Err(SuccessionRefusal::Already { origin, successor: successor.clone() });
        }
    };
    let cosigned = seen.size;
    if cosigned > named {
        return Err(SuccessionRefusal::CosignedBeyond { origin, cosigned, named });
    }
    let (at_seen, at_named) = match beginning {
        _ if cosigned == named => (*body.old_root, seen.root),
        Some((at, roots)) if at == cosigned => roots,
        _ => return Err(SuccessionRefusal::NotShown { origin, cosigned, named }),
    };
    if at_seen == seen.root && at_named == *body.old_root {
        Ok(())
    } else {
        Err(SuccessionRefusal::OtherHistory { origin })
    }
}

/// The roots of a copy's first `seen` and first `named` entries.
fn roots(folder: &Path, seen: u64, named: u64) -> Result<(Hash, Hash), SuccessionRefusal> {
    let refused = |error| SuccessionRefusal::Record(Box::new(error));
    let mut reader = RecordReader::open(|path| fetch(folder, path)).map_err(refused)?;
    let mut range = CompactRange::new();
    let mut at_seen = range.root();
    while range.size() < named {
        let bundle = reader.next_bundle().map_err(refused)?.ok_or(SuccessionRefusal::RecordTooShort(named))?;
        for leaf in bundle.leaf_hashes() {
            if range.size() < named {
                range.append(*leaf);
            }
            if range.size() == seen {
                at_seen = range.root();
            }
        }
    }
    Ok((at_seen, range.root()))
}

fn fetch(folder: &Path, path: &RecordPath) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(folder.join(path.to_string())) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    // One byte more than there may be: then its reader refuses it.
    let limit = u64::try_from(path.byte_limit()).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}
