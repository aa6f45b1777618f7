//! Why a carried file is not gone on with, in words for the person who carried it.

use super::{Asked, FileFingerprint, Step};
use protocol::{Author, Rejection, ids::ElectionFingerprint};
use std::{io, path::PathBuf};

/// Why a request or an answer is not gone on with. Nothing was written or sent.
#[derive(Debug, thiserror::Error)]
pub enum CarryFault {
    /// The machine refuses.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
    /// A new file that is there already.
    #[error("{0} exists already; it was not overwritten")]
    Exists(PathBuf),
    /// AIR-4: it is longer than such a file can be.
    #[error("the file has {found} bytes, and a file of this kind at most {most} (AIR-4)")]
    TooLarge {
        /// Bytes found.
        found: u64,
        /// Bytes allowed.
        most: u64,
    },
    /// AIR-1: it begins otherwise.
    #[error("this is no {0} file (AIR-1): it is another file, or its beginning is damaged")]
    NotCarried(&'static str),
    /// AIR-1: the other kind of file.
    #[error("this is {found} file, and {wanted} file is needed here (AIR-1): the two were mixed up")]
    OtherKind {
        /// With its article.
        found: &'static str,
        /// With its article.
        wanted: &'static str,
    },
    /// AIR-1: another version of the format.
    #[error(
        "the file has the format {0}, which this version of the program does not know: use one version on both machines (AIR-1)"
    )]
    OtherVersion(String),
    /// AIR-2: the file's own digest says that it is not what was written.
    #[error(
        "the file is damaged, cut short or lengthened: its own digest is another (AIR-2). Carry it again, and compare the fingerprints"
    )]
    Damaged,
    /// It is whole, and says something that no program of ours writes.
    #[error("the file is whole, but not written as it must be (AIR-1): {0}. Do not use what wrote it")]
    Malformed(String),
    /// AIR-3: not the fingerprint that the other screen shows.
    #[error(
        "this file has the fingerprint {found}, and {expected} was expected (AIR-3): it is another file than the other screen shows"
    )]
    OtherFile {
        /// What the other screen shows.
        expected: FileFingerprint,
        /// The file's.
        found: FileFingerprint,
    },
    /// AIR-5: of another election.
    #[error("the file is of the election {found}, and this is {expected} (AIR-5)")]
    OtherElection {
        /// What was expected.
        expected: ElectionFingerprint,
        /// The file's.
        found: ElectionFingerprint,
    },
    /// AIR-5: for somebody else.
    #[error("the request is for {asked}, and this is {found} (AIR-5): take the request that was made for you")]
    OtherParty {
        /// Who was asked.
        asked: Author,
        /// Who is here.
        found: Author,
    },
    /// AIR-5: another step than was asked for.
    #[error("the request asks for the step `{asked}`, and this is the step `{found}` (AIR-5)")]
    OtherStep {
        /// What was asked for.
        asked: Step,
        /// What was going to be answered.
        found: Step,
    },
    /// AIR-6: no such step of no such party.
    #[error("there is no {0} in this election (AIR-6)")]
    NotTheirs(Asked),
    /// AIR-6: the record is not at that step.
    #[error("the step `{step}` has no place in the record as it is: {stands} (AIR-6)")]
    NoPlace {
        /// The step.
        step: Step,
        /// Where the record stands.
        stands: String,
    },
    /// AIR-6: nothing is asked of this trustee.
    #[error("nothing is awaited from trustee {trustee}: {stands}. A step can be named with --step")]
    NothingAsked {
        /// The trustee.
        trustee: u32,
        /// Where the record stands.
        stands: String,
    },
    /// AIR-8: the answer was made on something that this log never signed.
    #[error("the answer was made for a checkpoint that is none of this election's log {log}: {cause} (AIR-8)")]
    Checkpoint {
        /// The log's number.
        log: u64,
        /// Why not.
        cause: String,
    },
    /// AIR-8: the board goes back behind it.
    #[error(
        "the answer was made for a record of {seen} entries, and this board shows {offered}: it goes back, or is another copy (AIR-8). Nothing was sent"
    )]
    BoardBehind {
        /// Entries of the answer's log.
        seen: u64,
        /// Entries of the board's.
        offered: u64,
    },
    /// AIR-8: another history.
    #[error(
        "the machine without a network was shown another history than this board's: the log signed both. The evidence is in {file}; show it to \
         everybody (AIR-8). Nothing was sent"
    )]
    Fork {
        /// Where the evidence was kept.
        file: PathBuf,
    },
    /// AIR-9: the fold does not take it.
    #[error(
        "{body} of {author} has no place in the record any more, so nothing was sent: {rejection}. The record: {stands} (AIR-9)"
    )]
    Refused {
        /// The body's type.
        body: &'static str,
        /// Whose.
        author: Author,
        /// The rule.
        rejection: Box<Rejection>,
        /// Where the record stands.
        stands: String,
    },
}
