//! `vitrine trustee keys`, `check-keystore`, `sheet` and `copy`: the keystore.

use super::recovering::{Comparison, keys_of};
use crate::{
    cli::{
        CommandError, Streams,
        keys::{Keys, KeystoreArguments, NewKeystoreArguments, check_absent, write_new_private},
    },
    inspection::{Finding, State, inspect},
    public_keys::TrusteeFile,
    recovery::Sheet,
    secrets::TrusteeSecrets,
};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{fs, path::PathBuf};

/// `vitrine trustee check-keystore`.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    comparison: Comparison,
}

/// `vitrine trustee sheet`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("sheet-kind").required(true).multiple(true).args(["text", "html"])))]
pub struct SheetArguments {
    #[command(flatten)]
    keystore: KeystoreArguments,
    /// Write the sheet as text into this new file.
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Write the sheet as a page to print into this new file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// `vitrine trustee copy`.
#[derive(Debug, clap::Args)]
pub struct CopyArguments {
    #[command(flatten)]
    keystore: KeystoreArguments,
    /// The second keystore, a new file.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// A file with the second keystore's passphrase. Without it the passphrase is asked for.
    #[arg(long, value_name = "FILE")]
    to_passphrase_file: Option<PathBuf>,
    /// For demonstrations only: seal so weakly that it takes no time.
    #[arg(long)]
    weak_seal: bool,
}

#[derive(Serialize)]
struct Inspection {
    trustee: u32,
    restored: bool,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Written {
    trustee: u32,
    files: Vec<PathBuf>,
}

/// Makes fresh keys, the keystore and the public key file (MAN-13).
pub(super) fn make_keys(keys: &Keys, streams: &mut Streams<'_>) -> Result<(), CommandError> {
    keys.run(streams, "trustee", |id, index, name| {
        let secrets = TrusteeSecrets::generate(id, index, name, &mut OsRng)?;
        let public = TrusteeFile::new(&id, index, &secrets.public(&mut OsRng)?);
        Ok((secrets, public))
    })
}

impl CheckArguments {
    /// CER-35: looks at everything and shows nothing of it.
    pub(super) async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, keystore) = self.keystore.open::<TrusteeSecrets>()?;
        let (file, election) = self.comparison.read(streams).await?;
        let public = file.as_ref().map(|file| keys_of(file, &secrets)).transpose()?;
        let findings = inspect(&secrets, public.as_ref(), election.as_ref(), &mut OsRng)?;
        let sound = findings.iter().all(|finding| finding.state != State::Wrong);
        let line = |finding: &Finding| {
            let mark = match finding.state {
                State::Right => "right",
                State::Open => "open ",
                State::Wrong => "WRONG",
            };
            format!("{mark}  {}", finding.text)
        };
        let text: Vec<String> = findings.iter().map(line).collect();
        let (trustee, restored) = (secrets.index(), secrets.is_restored());
        streams.give(&text.join("\n"), &Inspection { trustee, restored, findings })?;
        if sound { Ok(()) } else { Err(CommandError::Unsound(keystore.path().to_owned())) }
    }
}

impl SheetArguments {
    /// CER-33: into files that are the owner's alone, and nowhere else.
    pub(super) fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        for path in [&self.text, &self.html].into_iter().flatten() {
            check_absent(path)?;
        }
        let (secrets, _keystore) = self.keystore.open::<TrusteeSecrets>()?;
        let sheet = Sheet::of(&secrets)?;
        let mut files = Vec::new();
        for (path, content) in [(self.text, sheet.text()?), (self.html, sheet.html()?)] {
            let Some(path) = path else { continue };
            if let Err(error) = write_new_private(&path, content.as_bytes()) {
                // A sheet that nobody was told of is not left lying.
                files.iter().for_each(|written: &PathBuf| drop(fs::remove_file(written)));
                return Err(error);
            }
            files.push(path);
        }
        streams.warn("Whoever has this sheet is this trustee. Print it, put it away, and delete the file.")?;
        let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        let text = format!("The recovery sheet of trustee {} was written: {}.", secrets.index(), names.join(", "));
        streams.give(&text, &Written { trustee: secrets.index(), files })
    }
}

impl CopyArguments {
    /// CER-34: a copy is a restored keystore from the beginning.
    pub(super) fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let copy = NewKeystoreArguments::new(self.to.clone(), self.to_passphrase_file, self.weak_seal)
            .asking_for("--to-passphrase-file");
        copy.check_absent()?;
        let (secrets, _keystore) = self.keystore.open::<TrusteeSecrets>()?;
        let secrets = secrets.into_copy();
        copy.create(&secrets)?;
        let text = format!(
            "A second keystore of trustee {} was written to {}. Use it only when the first is lost: it makes no new dealing, and what the first \
             does from now on it does not know.",
            secrets.index(),
            self.to.display()
        );
        streams.give(&text, &Written { trustee: secrets.index(), files: vec![self.to] })
    }
}
