//! `vitrine authority create`: the manifest is made once, kept in a file, and sent from there, so that it can be read by everybody
//! before it is sent, and sent again when an answer was lost.

use super::begin;
use crate::{
    authority,
    cli::{
        CommandError, Streams,
        keys::{KeystoreArguments, write_new},
        place::{Patience, await_witnesses},
    },
    files::{MAXIMUM_FILE, read_limited},
    guide::advice,
    secrets::AuthoritySecrets,
    template::{Preview, Surroundings, Template, TemplateError, board_s_own},
};
use board_api::{BoardDocument, flags::ReadingFlags};
use protocol::{Body, Manifest, Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use serde::Serialize;
use std::path::{Path, PathBuf};
use tlog::policy::Policy;

/// `vitrine authority create`.
#[derive(Debug, clap::Args)]
pub struct Create {
    #[command(flatten)]
    keystore: KeystoreArguments,
    /// The template; `vitrine authority example` prints one.
    #[arg(long, value_name = "TOML")]
    template: PathBuf,
    /// Where the signed manifest is kept; beside the template, ending in `.manifest`, if not given. If it is there already it is sent
    /// as it is, and must be what the template says.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Address of the board.
    #[arg(long, value_name = "URL")]
    board: String,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
    /// Check everything, keep the manifest and print its fingerprint, but begin nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Created {
    election: String,
    title: String,
    begun: bool,
}

impl Create {
    pub(super) async fn run(&self, streams: &mut Streams<'_>, bundle: Option<[u8; 32]>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<AuthoritySecrets>()?;
        let board = self.flags.client(&self.board)?;
        let document = board.board().await?;
        let manifest = self.manifest(&secrets, &document, bundle)?;
        self.warn_of_own_witnesses(&manifest, &document, streams)?;
        // MAN-33: the template knows how many voters its units have.
        let preview = self.preview()?;
        begin::show(&preview, streams)?;
        streams.say(&format!("the ballots:\n{preview}"))?;
        if let Some(pages) = &manifest.pages {
            streams.say(&format!("the pages for browsers have the digest {}", ::hex::encode(pages.bundle)))?;
        }
        // MAN-18.
        let advice = advice::on(&manifest);
        for advice in &advice {
            streams.warn(advice)?;
        }
        if !advice.is_empty() {
            streams.say(advice::RECOMMENDED)?;
        }
        let title = manifest.title.clone();
        let (election, submission) = self.kept(manifest, &secrets)?;
        if !self.dry_run {
            let promise = board.create(&submission).await?;
            await_witnesses(&board, &election, &promise, &self.patience, streams).await?;
        }
        let text = if self.dry_run {
            "Nothing was sent. The same command without --dry-run begins this election."
        } else {
            "The election has begun on the board. Publish the fingerprint where every official and every voter can compare it."
        };
        let created = Created { election: election.to_string(), title, begun: !self.dry_run };
        streams.give(&format!("Election fingerprint: {election}\n{text}"), &created)
    }

    /// What the template says, with the board's log.
    fn manifest(
        &self,
        secrets: &AuthoritySecrets,
        document: &BoardDocument,
        bundle: Option<[u8; 32]>,
    ) -> Result<Manifest, CommandError> {
        let template = self.read_template()?;
        let id = secrets.election_id();
        let texts: Vec<PathBuf> = template.text_files().cloned().collect();
        let surroundings = Surroundings {
            election_id: id,
            authority: secrets.official(&mut OsRng)?,
            trustees: self.read_all(&template.trustees)?,
            registrars: self.read_all(&template.registrars)?,
            texts: self.read_all(&texts)?,
            log_origin: document.log_origin(&id),
            log_key: document.log_key(&id)?.to_string(),
            bundle,
            board: self.board.clone(),
        };
        template.manifest(&surroundings).map_err(|fault| self.refused(fault))
    }

    fn preview(&self) -> Result<Preview, CommandError> {
        self.read_template()?.preview().map_err(|fault| self.refused(fault))
    }

    fn read_template(&self) -> Result<Template, CommandError> {
        let text = String::from_utf8(read(&self.template)?)
            .map_err(|error| CommandError::File { path: self.template.clone(), cause: std::io::Error::other(error) })?;
        Template::parse(&text).map_err(|fault| self.refused(fault))
    }

    /// MAN-15: the witness of whoever runs the board attests nothing that the board does not.
    fn warn_of_own_witnesses(
        &self,
        manifest: &Manifest,
        document: &BoardDocument,
        streams: &mut Streams<'_>,
    ) -> Result<(), CommandError> {
        let policy = Policy::parse(manifest.policy.as_bytes()).map_err(|fault| self.refused(fault.into()))?;
        for name in board_s_own(&policy, &document.origin_prefix, &self.board) {
            streams.warn(&format!(
                "witness {name:?} looks like the board operator's own: it attests nothing that the board does not say itself, so take it \
                 out of the quorum"
            ))?;
        }
        Ok(())
    }

    /// The manifest that is kept, if it says the same; otherwise this one, which is kept from now on.
    fn kept(
        &self,
        mut manifest: Manifest,
        secrets: &AuthoritySecrets,
    ) -> Result<(ElectionFingerprint, Submission), CommandError> {
        let path = self.manifest.clone().unwrap_or_else(|| self.template.with_extension("manifest"));
        if path.symlink_metadata().is_err() {
            let (election, submission) = authority::announcement(manifest, secrets, &mut OsRng)?;
            write_new(&path, &submission.encode())?;
            return Ok((election, submission));
        }
        let refused = |fault| CommandError::Submission { path: path.clone(), fault: Box::new(fault) };
        let submission = Submission::decode(&read(&path)?).map_err(refused)?;
        let Body::Manifest(kept) = submission.body().map_err(refused)? else {
            return Err(CommandError::OtherManifest(path.clone()));
        };
        // A proof of possession is another every time it is made.
        manifest.authority.possession = kept.authority.possession;
        if *kept != manifest {
            return Err(CommandError::OtherManifest(path));
        }
        let election = authority::check_announcement(&submission)?;
        Ok((election, submission))
    }

    /// Paths in a template are relative to it.
    fn read_all(&self, files: &[PathBuf]) -> Result<Vec<Vec<u8>>, CommandError> {
        let folder = self.template.parent().unwrap_or(Path::new(""));
        files.iter().map(|file| read(&folder.join(file))).collect()
    }

    fn refused(&self, fault: TemplateError) -> CommandError {
        CommandError::Template { path: self.template.clone(), fault }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    read_limited(path, MAXIMUM_FILE).map_err(|cause| CommandError::File { path: path.to_owned(), cause })
}
