//! `vitrine evidence two-messages`: a trustee's two messages for one step, made into a file that convicts it (EVD-19).

use super::{read, refused, shown};
use crate::{console::Console, failure::Failure};
use board_api::{dispute::ShownLog, flags::ReadingFlags};
use clap::Args;
use protocol::{
    Author, Body, Entry, Evidence, Submission,
    evidence::{MessageStep, step_of},
    fingerprint,
    ids::ElectionFingerprint,
};
use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};
use tlog::proof::Receipt;
use verifier::{ExitCode, plain};

/// Make a file of evidence of two different messages that one trustee signed for one step: both in files, or one in a file and the record's.
///
/// A message is a submission, an entry, or a promise or receipt. Exit codes: 0 written, 1 the two convict nobody, 3 unreadable, 4 the record has
/// no other message for that step, 5 the file is there already.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("whence").required(true).args(["board", "record", "manifest"])))]
pub(crate) struct TwoMessages {
    /// What a trustee sent to you, or to anyone
    message: PathBuf,
    /// Another message of it for the same step; without it, the record's
    other: Option<PathBuf>,
    /// The election's fingerprint
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    /// Address of a board that has the record
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    /// A folder with a copy of the record
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// A file with the manifest, as a message or its bytes alone
    #[arg(long, value_name = "FILE", requires = "other")]
    manifest: Option<PathBuf>,
    /// The new file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    flags: ReadingFlags,
}

/// Runs it.
pub(super) async fn run(arguments: &TwoMessages, console: &Console) -> Result<ExitCode, Failure> {
    let one = message(&arguments.message)?;
    let other = arguments.other.as_deref().map(message).transpose()?;
    let evidence = match (&other, &arguments.manifest) {
        (Some(other), Some(manifest)) => {
            Evidence::two_messages(&manifest_in(manifest, &arguments.election)?, &one, other)
        }
        _ => with_record(arguments, &one, other).await?,
    };
    let finding = evidence.check().map_err(|fault| refused(&arguments.message, &fault))?;
    write(&arguments.out, &evidence.encode())?;
    let words = finding.shown.iter().map(|line| plain(line).to_string()).collect::<Vec<_>>().join("\n");
    let (file, election) = (arguments.out.display(), arguments.election);
    let text = format!(
        "{words}\nThe evidence is in {file}. It convinces anyone who knows the election's fingerprint: vitrine evidence check {file} --expect {election}"
    );
    let told =
        serde_json::json!({ "evidence": arguments.out, "kind": finding.kind.name(), "election": election.to_string() });
    console.result(if console.json() { told.to_string() } else { text });
    Ok(ExitCode::Valid)
}

/// With the record's manifest and, unless there is another message, the record's message of the same trustee for the same step.
async fn with_record(
    arguments: &TwoMessages,
    one: &Submission,
    other: Option<Submission>,
) -> Result<Evidence, Failure> {
    let election = &arguments.election;
    let (trustee, step) = wanted(one)
        .ok_or_else(|| refused(&arguments.message, &"EVD-16: it is not a message of which a trustee makes one only"))?;
    let log = ShownLog::new(*election).looking_for(trustee, step);
    let place = (arguments.record.as_deref(), arguments.board.as_deref());
    let log = shown(log, election, place, &arguments.flags).await?;
    let recorded = || log.found().iter().find(|found| found.id(election) != one.id(election));
    let other = other.as_ref().or_else(recorded);
    match (log.manifest_body(), other) {
        (Some(manifest), Some(other)) => Ok(Evidence::two_messages(manifest, one, other)),
        _ => {
            let text = format_args!("the record has no other message of trustee {trustee} for this: {step}");
            Err(Failure::new(ExitCode::Incomplete, text))
        }
    }
}

fn wanted(message: &Submission) -> Option<(u32, MessageStep)> {
    match (message.author(), message.body()) {
        (Ok(Author::Trustee(trustee)), Ok(body)) => Some((trustee, step_of(&body)?)),
        _ => None,
    }
}

/// A submission, or the one in an entry or receipt.
fn message(path: &Path) -> Result<Submission, Failure> {
    let bytes = read(path)?;
    message_in(&bytes).ok_or_else(|| {
        let text = format_args!(
            "{}: no message: neither a submission nor an entry nor a receipt with one in it",
            path.display()
        );
        Failure::new(ExitCode::Unreadable, text)
    })
}

fn message_in(bytes: &[u8]) -> Option<Submission> {
    let entry = Receipt::parse(bytes).map_or_else(|_| bytes.to_vec(), |receipt| receipt.extra);
    let in_entry = Entry::decode(&entry).map(|entry| entry.submission());
    in_entry.or_else(|_| Submission::decode(bytes)).ok()
}

fn manifest_in(path: &Path, election: &ElectionFingerprint) -> Result<Vec<u8>, Failure> {
    let bytes = read(path)?;
    let inner = message_in(&bytes).map(|message| message.body_bytes().to_vec());
    let fits = |body: &Vec<u8>| {
        fingerprint::election(body) == *election && matches!(Body::decode(body), Ok(Body::Manifest(_)))
    };
    inner.into_iter().chain([bytes]).find(fits).ok_or_else(|| {
        let text = format_args!("{}: not the manifest of the election {election}", path.display());
        Failure::new(ExitCode::Invalid, text)
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        let there = error.kind() == std::io::ErrorKind::AlreadyExists;
        let code = if there { ExitCode::Refused } else { ExitCode::Unreadable };
        Failure::new(code, format_args!("{}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVD-19: what is no message is none, in whatever form it comes.
    #[test]
    fn only_messages_are_read() {
        for bytes in [&b""[..], b"\x83\x40\x40", b"c2sp.org/tlog-proof@v1\n", &[0x86; 40]] {
            assert!(message_in(bytes).is_none());
        }
        let submission = Submission::from_parts(vec![1], vec![2], vec![3]);
        assert_eq!(message_in(&submission.encode()), Some(submission));
    }
}
