//! What was sent, and how it is sent: promises are kept, witnesses awaited (CER-27, HTTP-43).

use super::Patience;
use crate::{
    cli::{CommandError, Streams, disputing},
    record::RecordError,
};
use board_api::{
    BoardClient, ClientError, Promise,
    record::{RecordFault, Waited, await_receipt},
};
use protocol::{Submission, ids::ElectionFingerprint};
use serde::Serialize;
use std::path::PathBuf;

/// What was sent, or written to be sent.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Sent {
    /// The body's type.
    pub(in crate::cli) body: &'static str,
    /// Submission id.
    pub(in crate::cli) id: String,
    /// Its index in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) entry: Option<u64>,
    /// The file it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// That file's fingerprint (AIR-3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) fingerprint: Option<String>,
}

/// The result of a command that sends several.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct AllSent {
    pub(in crate::cli) sent: Vec<Sent>,
}

impl std::fmt::Display for Sent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.entry, &self.file) {
            (Some(entry), _) => write!(formatter, "{} is entry {entry} of the record", self.body),
            (None, Some(file)) => write!(formatter, "{} was written to {}", self.body, file.display()),
            (None, None) => formatter.write_str(self.body),
        }
    }
}

/// Sends submissions one after the other. When this returns, each promise was checked, and the last entry is under a checkpoint that
/// meets the policy, hence so are those before it (CER-27).
pub(in crate::cli) async fn send(
    board: &BoardClient,
    election: &ElectionFingerprint,
    submissions: &[Submission],
    patience: &Patience,
    streams: &mut Streams<'_>,
) -> Result<Vec<Sent>, CommandError> {
    let (mut all, mut last) = (Vec::new(), None);
    for submission in submissions {
        let promise = board.submit(election, submission).await?;
        disputing::keep(board, election, &promise, streams)?;
        let sent = Sent { entry: Some(promise.index()), ..described(election, submission) };
        streams.say(&sent.to_string())?;
        all.push(sent);
        if last.as_ref().is_none_or(|last: &Promise| last.index() < promise.index()) {
            last = Some(promise);
        }
    }
    if let Some(promise) = last {
        await_witnesses(board, election, &promise, patience, streams).await?;
    }
    Ok(all)
}

/// Waits until a checkpoint that meets the policy covers a promised entry, and says for whom it waits (CER-27).
pub(in crate::cli) async fn await_witnesses(
    board: &BoardClient,
    election: &ElectionFingerprint,
    promise: &Promise,
    patience: &Patience,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    let entry = (promise.index(), promise.receipt().extra.as_slice());
    let mut said = Ok(());
    let heard = |missing: &[String]| {
        if said.is_ok() {
            said = streams.say(&awaiting(missing));
        }
    };
    let waited = await_receipt(board, election, entry, patience.duration(), heard).await;
    said?;
    match waited {
        Ok(Waited::Final(_)) => Ok(()),
        Ok(Waited::Awaiting(missing)) => {
            Err(CommandError::Awaiting { entry: promise.index(), awaiting: awaiting(&missing) })
        }
        Err(ClientError::Record(fault)) if matches!(*fault, RecordFault::EntryMismatch(_)) => {
            Err(disputing::not_kept(board, election, promise, fault).await)
        }
        Err(error) => Err(RecordError::from(error).into()),
    }
}

/// Which witnesses are missing, as far as it is known.
pub(super) fn awaiting(missing: &[String]) -> String {
    if missing.is_empty() {
        "awaiting witnesses".to_owned()
    } else {
        format!("awaiting witnesses: {}", missing.join(", "))
    }
}

/// A submission that went nowhere yet.
pub(super) fn described(election: &ElectionFingerprint, submission: &Submission) -> Sent {
    let body = submission.body().map_or("submission", |body| body.name());
    Sent { body, id: submission.id(election).to_string(), entry: None, file: None, fingerprint: None }
}
