//! `vitrine trustee` without a command: what has happened, what to do, and doing it (CER-38 to CER-40).

use super::{decrypting, retiring, stepping};
use crate::{
    cli::{
        CommandError, Streams,
        disputing::framed,
        keys::{KeystoreArguments, write_new},
        now,
        place::{Patience, PlaceArguments, Sent},
    },
    files::{folder_of, read_limited},
    guide::{
        Situation, Task,
        settings::{self, Settings},
    },
    keystore::Keystore,
    record::RecordError,
    refusal::Refusal,
    retirement::KeptTrustee,
    secrets::TrusteeSecrets,
};
use board_api::{ClientError, flags::ReadingFlags};
use protocol::ids::ElectionFingerprint;
use serde::Serialize;
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// `vitrine trustee`.
#[derive(Debug, clap::Args)]
pub(super) struct GuideArguments {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: Option<ElectionFingerprint>,
    /// Your keystore file.
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,
    /// A file with the passphrase. Without it the passphrase is asked for.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Where board, election and keystore are remembered. What the flags say comes first.
    #[arg(long, value_name = "FILE", default_value = settings::FILE)]
    settings: PathBuf,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
    /// Do what there is to do without asking, but for destroying the key shares.
    #[arg(long)]
    yes: bool,
    /// With --yes: destroy the key shares too, when the last result is published.
    #[arg(long, requires = "yes")]
    retire: bool,
    /// With a restored keystore: you are certain that the lost one has answered no other closing of this election.
    #[arg(long)]
    no_other_closing_answered: bool,
    /// Go on looking until nothing is left to do.
    #[arg(long)]
    watch: bool,
    /// With --watch: how many seconds to wait before looking at the board again.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
}

/// The result: the last situation, and what was done on the way.
#[derive(Serialize)]
struct Guided {
    situation: Situation,
    sent: Vec<Sent>,
}

/// One trustee being guided.
struct Session {
    place: PlaceArguments,
    kept: KeptTrustee,
    keystore: Keystore,
    sent: Vec<Sent>,
    /// CER-47: the record calls this trustee silent, and the board broke its promise.
    left_out: Option<CommandError>,
}

impl GuideArguments {
    /// Whether any of its flags was given; what has a default or comes from the environment is none.
    pub(super) fn is_given(&self) -> bool {
        let named = [&self.keystore, &self.passphrase_file, &self.flags.policy, &self.flags.ca_file];
        let said =
            [self.yes, self.watch, self.no_other_closing_answered, self.board.is_some(), self.election.is_some()];
        named.into_iter().any(Option::is_some) || said.contains(&true) || self.settings != Path::new(settings::FILE)
    }

    /// Looks, says, asks and does, until there is nothing to do now.
    pub(super) async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let remembered = self.remembered()?;
        let known = remembered.is_some();
        let settings = self.complete(remembered.unwrap_or_default(), streams)?;
        let mut session = self.begin(&settings, streams)?;
        let mut situation = session.look(streams).await?;
        if !known && !matches!(situation.task, Task::ReadAndDecide { .. }) {
            match self.remember(&settings, streams) {
                // The guide is not less good for it.
                Err(CommandError::File { path, cause }) => streams.warn(&format!(
                    "board, election and keystore cannot be remembered in {}: {cause}; give them again next time",
                    path.display()
                ))?,
                outcome => outcome?,
            }
        }
        streams.show(&situation)?;
        loop {
            let next = match situation.task {
                Task::ReadAndDecide { refusal } => return Err(refusal.into()),
                Task::Wait if self.watch => self.wait(&mut session, streams).await?,
                _ if situation.task.is_due() && self.agreed(&situation.task, streams)? => {
                    session.act(&situation, streams).await?
                }
                _ => break,
            };
            if !next.tells_the_same_as(&situation) {
                streams.show(&next)?;
            }
            situation = next;
        }
        if let Some(left_out) = session.left_out {
            return Err(left_out);
        }
        if streams.json { streams.give("", &Guided { situation, sent: session.sent }) } else { Ok(()) }
    }

    /// CER-40: the settings, if there are any.
    fn remembered(&self) -> Result<Option<Settings>, CommandError> {
        let path = &self.settings;
        let bytes = match read_limited(path, settings::MAXIMUM_SETTINGS) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(CommandError::File { path: path.clone(), cause }),
        };
        let text = String::from_utf8(bytes)
            .map_err(|error| CommandError::File { path: path.clone(), cause: io::Error::other(error) })?;
        // Names in it are relative to it, and here no longer than they have to be.
        let folder = path.parent().unwrap_or(Path::new(""));
        let read = Settings::parse(&text, folder);
        Ok(Some(read.map_err(|fault| CommandError::Settings { path: path.clone(), fault: Box::new(fault) })?))
    }

    /// What flags and settings do not say is asked.
    fn complete(&self, settings: Settings, streams: &mut Streams<'_>) -> Result<Settings, CommandError> {
        let elsewhere = format!(", or write it into {}", self.settings.display());
        let mut answer = |what, flag, question: &str| match streams.ask(question)?.filter(|answer| !answer.is_empty()) {
            Some(answer) => Ok(answer),
            None => Err(CommandError::Unanswered { what, flag, elsewhere: elsewhere.clone() }),
        };
        let board = match self.board.clone().or(settings.board) {
            Some(board) => board,
            None => {
                answer("the board's address", "--board", "Address of the board, such as https://board.example.org:")?
            }
        };
        let election = match self.election.map(|election| election.to_string()).or(settings.election) {
            Some(election) => election,
            None => answer(
                "the election fingerprint",
                "--election",
                "Election fingerprint (64 digits), from the authority's announcement and not from the board:",
            )?,
        };
        let keystore = match self.keystore.clone().or(settings.keystore) {
            Some(keystore) => keystore,
            None => answer("the keystore", "--keystore", "Your keystore file:")?.into(),
        };
        if self.passphrase_file.is_none() && !streams.can_ask() {
            let (what, flag) = ("the passphrase", "--passphrase-file");
            return Err(CommandError::Unanswered { what, flag, elsewhere: String::new() });
        }
        Ok(Settings {
            board: Some(board),
            election: Some(election),
            keystore: Some(keystore),
            policy: self.flags.policy.clone().or(settings.policy),
            state: self.flags.state.clone().or(settings.state),
            ca_file: self.flags.ca_file.clone().or(settings.ca_file),
        })
    }

    fn begin(&self, settings: &Settings, streams: &mut Streams<'_>) -> Result<Session, CommandError> {
        let Settings { board, election, keystore, policy, state, ca_file } = settings.clone();
        let typed = election.unwrap_or_default();
        let election = typed.parse().map_err(|_| CommandError::Fingerprint(typed))?;
        let flags = ReadingFlags { policy, state, ca_file };
        let place = PlaceArguments::at_board(board.unwrap_or_default(), election, flags, self.patience.wait());
        let arguments = KeystoreArguments::new(keystore.unwrap_or_default(), self.passphrase_file.clone());
        let (mut kept, keystore) = arguments.open::<KeptTrustee>()?;
        if let (KeptTrustee::Serving(secrets), true) = (&mut kept, self.no_other_closing_answered) {
            secrets.vouch_no_other_closing();
        }
        streams.say("Looking at the board, and checking all that is recorded there ...")?;
        Ok(Session { place, kept, keystore, sent: Vec::new(), left_out: None })
    }

    /// CER-40: written once, after all of it was good for something.
    fn remember(&self, settings: &Settings, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let here = folder_of(&self.settings) == Path::new(".");
        let name = |path: &PathBuf| if here { Ok(path.clone()) } else { std::path::absolute(path) };
        let named = |path: &Option<PathBuf>| path.as_ref().map(name).transpose();
        let kept = Settings {
            keystore: named(&settings.keystore)?,
            policy: named(&settings.policy)?,
            state: named(&settings.state)?,
            ca_file: named(&settings.ca_file)?,
            ..settings.clone()
        };
        write_new(&self.settings, kept.text().as_bytes())?;
        let file = self.settings.display();
        streams.say(&format!(
            "Board, election and keystore are remembered in {file}: next time `vitrine trustee` is enough."
        ))
    }

    /// Whether it is to be done. Where nobody can be asked, only `--yes` is a yes.
    fn agreed(&self, task: &Task, streams: &mut Streams<'_>) -> Result<bool, CommandError> {
        // What is destroyed does not come back (CER-38).
        let for_ever = matches!(task, Task::Retire);
        if self.yes && (self.retire || !for_ever) {
            return Ok(true);
        }
        let agreed = streams.confirm("\nDo it now?")?;
        if !agreed {
            let how = match (streams.can_ask(), for_ever) {
                (true, _) => "Run the same command again when you want to",
                (false, false) => "Add --yes to do it",
                (false, true) => "Add --yes --retire to do it",
            };
            streams.say(&format!("Nothing was done. {how}."))?;
        }
        Ok(agreed)
    }

    /// Looks again after a while. A board that cannot be reached just now may be reached later; one that is wrong ends it.
    async fn wait(&self, session: &mut Session, streams: &mut Streams<'_>) -> Result<Situation, CommandError> {
        loop {
            tokio::time::sleep(Duration::from_secs(self.every)).await;
            match session.look(streams).await {
                Err(error) if passes(&error) => {
                    streams.warn(&format!("{error}; looking again in {} seconds", self.every))?
                }
                outcome => return outcome,
            }
        }
    }
}

/// Whether waiting may help: no answer, or not enough witnesses yet.
fn passes(error: &CommandError) -> bool {
    let away = |error: &ClientError| matches!(error, ClientError::Transport(_) | ClientError::Status(502..=504));
    match error {
        CommandError::Record(RecordError::Unwitnessed) => true,
        CommandError::Record(RecordError::Board(error)) => away(error),
        _ => false,
    }
}

impl Session {
    /// The record as it is now, verified and witnessed, and what it means for this trustee (CER-21).
    async fn look(&mut self, streams: &mut Streams<'_>) -> Result<Situation, CommandError> {
        let election = self.place.read(streams).await?.witnessed()?.election;
        let trustee = match &self.kept {
            KeptTrustee::Serving(secrets) => secrets.index(),
            KeptTrustee::Retired(retired) => retired.index(),
        };
        let situation = Situation::of_kept(&election, &self.kept, now());
        let left = election.ceremony().departures().get(&trustee);
        self.left_out = None;
        if let (Some(story), Some((stage, departure))) =
            (framed(self.place.reading(), &election, trustee, streams).await?, left)
        {
            // Where something is still to be done, or was, the guide goes on with it.
            if matches!((&situation.task, &self.kept), (Task::Nothing, KeptTrustee::Serving(_))) {
                let refusal = Box::new(Refusal::Left { trustee, stage: *stage, departure: *departure }.into());
                self.left_out = Some(CommandError::LeftOut { refusal, story });
            } else {
                streams.warn(&story)?;
            }
        }
        Ok(situation)
    }

    /// CER-39: does what is due, by the same steps as the single commands, and looks again.
    async fn act(&mut self, situation: &Situation, streams: &mut Streams<'_>) -> Result<Situation, CommandError> {
        let Self { place, kept, keystore, .. } = self;
        let mut sent = match (&situation.task, &mut *kept) {
            (Task::Step, KeptTrustee::Serving(secrets)) => {
                stepping::take(place, secrets, keystore, streams).await?.sent
            }
            (Task::Rehearse, KeptTrustee::Serving(secrets)) => {
                vec![stepping::rehearse(place, secrets, keystore, streams).await?]
            }
            (Task::Decrypt, KeptTrustee::Serving(secrets)) => decrypt(place, secrets, keystore, streams).await?,
            (Task::Retire, kept) => {
                let election = place.read(streams).await?.witnessed()?.election;
                if let KeptTrustee::Serving(secrets) = kept {
                    // The secrets are wiped from memory here.
                    *kept = KeptTrustee::Retired(retiring::destroy(&election, secrets, keystore, streams)?);
                }
                match kept {
                    KeptTrustee::Retired(retired) => {
                        retiring::send(place, &election, retired, streams).await?.sent.into_iter().collect()
                    }
                    KeptTrustee::Serving(_) => Vec::new(),
                }
            }
            _ => Vec::new(),
        };
        let last = sent.iter().filter_map(|sent| sent.entry).max();
        self.sent.append(&mut sent);
        let next = self.look(streams).await?;
        // A board that promises and does not record, or has it done again and again, would keep this going for ever.
        let again = next.task == situation.task && next.stage == situation.stage;
        if again || last.is_some_and(|last| last >= next.entries) {
            return Err(CommandError::Unrecorded(situation.stage));
        }
        Ok(next)
    }
}

/// CER-34: the word that a restored keystore needs is asked for where it is needed; without it the decryption says why it refuses.
async fn decrypt(
    place: &PlaceArguments,
    secrets: &mut TrusteeSecrets,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Vec<Sent>, CommandError> {
    let asked = match decrypting::decrypt(place, secrets, keystore, streams).await {
        Err(CommandError::Refusal(refusal @ Refusal::RestoredMayHaveAnswered)) if streams.can_ask() => refusal,
        outcome => return Ok(outcome?.sent),
    };
    let question = "This keystore was restored. Are you certain that the lost one has not helped to decrypt any other state of this election?";
    if !streams.confirm(question)? {
        return Err(asked.into());
    }
    secrets.vouch_no_other_closing();
    Ok(decrypting::decrypt(place, secrets, keystore, streams).await?.sent)
}
