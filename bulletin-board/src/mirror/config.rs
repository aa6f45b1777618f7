//! What a department must say to run a mirror: a TOML file, the environment, flags; a flag wins over its variable, and that over the file.

use crate::{
    tls,
    witness::{Identity, KnownLogs, NoLogKey},
};
use clap::Args;
use protocol::ids::ElectionFingerprint;
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use thiserror::Error;
use tlog::note::VerifierKey;

/// MIR-9: the most elections, unless the configuration says another number.
const MOST: usize = 256;

/// Flags of the mirror; each has its line in the configuration file, by the same name.
#[derive(Args, Clone, Debug, Default)]
pub struct MirrorArguments {
    /// Configuration file (TOML); paths in it are relative to its folder
    #[arg(long, value_name = "FILE", env = "VITRINE_MIRROR_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:7880]
    #[arg(long, value_name = "ADDRESS", env = "VITRINE_MIRROR_LISTEN")]
    pub listen: Option<String>,
    /// The name of the mirror's key, as policies name it: by custom its public address without scheme; never that of a witness
    #[arg(long, value_name = "NAME", env = "VITRINE_MIRROR_NAME")]
    pub name: Option<String>,
    /// The mirror's secret key; made on the first start, and used for nothing else [default: mirror.key]
    #[arg(long, value_name = "FILE", env = "VITRINE_MIRROR_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// What the mirror has cosigned, one SQLite file; made on the first start, never to be lost or put back from a copy [default:
    /// cosigned.sqlite]
    #[arg(long, value_name = "FILE", env = "VITRINE_MIRROR_STATE_FILE")]
    pub state: Option<PathBuf>,
    /// What the mirror holds, one SQLite file [default: mirror.sqlite]
    #[arg(long, value_name = "FILE", env = "VITRINE_MIRROR_DATABASE")]
    pub database: Option<PathBuf>,
    /// A board to mirror: its key as text, a space, and its address; may be given several times
    #[arg(long = "board", value_name = "VKEY URL")]
    pub boards: Vec<String>,
    /// Folder for evidence against a log or board [default: evidence]
    #[arg(long, value_name = "FOLDER", env = "VITRINE_MIRROR_EVIDENCE")]
    pub evidence: Option<PathBuf>,
    /// Seconds from one look at a board to the next [default: 2]
    #[arg(long, value_name = "SECONDS", env = "VITRINE_MIRROR_INTERVAL")]
    pub interval: Option<u64>,
    /// Begin a new memory for a key that had one: only if that key never cosigned anything
    #[arg(long)]
    pub new_state: bool,
}

/// A place where logs are read: a board, another mirror, or a web server over a static copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key whose logs are read there: a board's under its origin prefix, or a log's.
    pub key: VerifierKey,
    /// The address.
    pub url: String,
    /// Which elections; empty for all that the board lists.
    pub elections: Vec<ElectionFingerprint>,
    /// Certificates (PEM) of the authorities that vouch for the address, in the place of the platform's.
    pub ca_file: Option<PathBuf>,
}

impl Source {
    /// Whether a log with this origin can be read there.
    pub(super) fn may_hold(&self, origin: &str) -> bool {
        origin.strip_prefix(self.key.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The mirror's configuration.
#[derive(Clone, Debug)]
pub struct MirrorConfig {
    /// Address and port to listen on; [`super::serve`] is given a listener instead.
    pub listen: String,
    /// Key and memory of what was cosigned.
    pub identity: Identity,
    /// What is held.
    pub database: PathBuf,
    /// Which logs are known.
    pub known: KnownLogs,
    /// Where they are read.
    pub sources: Vec<Source>,
    /// From one look to the next.
    pub interval: Duration,
    /// Where evidence goes.
    pub evidence: PathBuf,
    /// MIR-9: the most elections.
    pub most: usize,
    /// TLS by the mirror itself, if no proxy does it.
    pub tls: Option<tls::Settings>,
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum MirrorConfigError {
    /// The file cannot be read.
    #[error("the configuration {0} cannot be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not what it must be.
    #[error("the configuration {0}")]
    Malformed(PathBuf, #[source] toml::de::Error),
    /// Nobody can guess it.
    #[error(
        "the mirror's name is missing: by custom its public address without scheme, for example mirror.example.org"
    )]
    NameMissing,
    /// A mirror without boards mirrors nothing.
    #[error("no board is named: name at least one, by the key that its operator publishes and its address")]
    NoBoard,
    /// A flag that does not name key and address.
    #[error("{0:?} does not name a board: expected its key as text, a space, and its address")]
    Board(String),
    /// A key that is none.
    #[error(transparent)]
    Key(#[from] NoLogKey),
    /// A pause that is none.
    #[error("the interval is 0 seconds; at least 1 is needed")]
    Interval,
    /// A fingerprint that is none.
    #[error("{0:?} is no election: expected 64 lower-case hexadecimal digits")]
    Election(String),
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    listen: Option<String>,
    name: Option<String>,
    key_file: Option<PathBuf>,
    state: Option<PathBuf>,
    database: Option<PathBuf>,
    evidence: Option<PathBuf>,
    interval: Option<u64>,
    most_elections: Option<usize>,
    tls: Option<tls::Settings>,
    boards: Vec<SourceLine>,
    logs: Vec<SourceLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceLine {
    vkey: String,
    url: String,
    #[serde(default)]
    elections: Vec<String>,
    ca_file: Option<PathBuf>,
}

impl SourceLine {
    fn read(self, folder: &Path) -> Result<Source, MirrorConfigError> {
        let election = |text: String| text.parse().map_err(|_| MirrorConfigError::Election(text));
        let elections = self.elections.into_iter().map(election).collect::<Result<_, _>>()?;
        let ca_file = self.ca_file.map(|path| folder.join(path));
        Ok(Source { key: key(&self.vkey)?, url: self.url, elections, ca_file })
    }
}

fn key(vkey: &str) -> Result<VerifierKey, MirrorConfigError> {
    let malformed = |error| NoLogKey::Malformed(vkey.to_owned(), error);
    Ok(vkey.parse().map_err(malformed)?)
}

impl MirrorConfig {
    /// A mirror of nothing yet; everything else by default, its files in `folder`.
    pub fn new(name: &str, folder: &Path) -> Self {
        Self {
            listen: "127.0.0.1:7880".to_owned(),
            identity: Identity {
                name: name.to_owned(),
                key_file: folder.join("mirror.key"),
                state: folder.join("cosigned.sqlite"),
                new_state: false,
            },
            database: folder.join("mirror.sqlite"),
            known: KnownLogs::new(),
            sources: Vec::new(),
            interval: Duration::from_secs(2),
            evidence: folder.join("evidence"),
            most: MOST,
            tls: None,
        }
    }

    /// Puts file, environment and flags together. Naming no board is no error yet; it is when the mirror starts.
    ///
    /// # Errors
    /// [`MirrorConfigError`].
    pub fn from_arguments(arguments: MirrorArguments) -> Result<Self, MirrorConfigError> {
        let (file, folder) = match arguments.config.as_deref() {
            Some(path) => (read(path)?, path.parent().unwrap_or(Path::new(""))),
            None => (ConfigFile::default(), Path::new("")),
        };
        let inside = |path: Option<PathBuf>| path.map(|path| folder.join(path));
        let name = arguments.name.or(file.name).ok_or(MirrorConfigError::NameMissing)?;
        let mut config = Self::new(&name, Path::new(""));
        config.listen = arguments.listen.or(file.listen).unwrap_or(config.listen);
        let identity = &mut config.identity;
        identity.key_file = arguments.key_file.or(inside(file.key_file)).unwrap_or(identity.key_file.clone());
        identity.state = arguments.state.or(inside(file.state)).unwrap_or(identity.state.clone());
        identity.new_state = arguments.new_state;
        if let Some(path) = arguments.database.or(inside(file.database)) {
            config.database = path;
        }
        config.evidence = arguments.evidence.or(inside(file.evidence)).unwrap_or(config.evidence);
        config.most = file.most_elections.unwrap_or(config.most);
        config.tls = file.tls.map(|tls| tls.inside(folder));
        if let Some(seconds) = arguments.interval.or(file.interval) {
            config.interval = Duration::from_secs(seconds);
        }
        if config.interval.is_zero() {
            return Err(MirrorConfigError::Interval);
        }
        // Flags name all boards and logs, or none of them.
        if arguments.boards.is_empty() {
            for line in file.boards {
                config.mirror_board(line.read(folder)?)?;
            }
            for line in file.logs {
                let source = line.read(folder)?;
                config.known.add_log(&source.key.to_string())?;
                config.sources.push(source);
            }
        }
        for board in arguments.boards {
            let (vkey, url) = board.split_once(' ').ok_or_else(|| MirrorConfigError::Board(board.clone()))?;
            config.mirror_board(Source {
                key: key(vkey)?,
                url: url.to_owned(),
                elections: Vec::new(),
                ca_file: None,
            })?;
        }
        Ok(config)
    }

    /// WIT-7, MIR-2: the logs of a board are known, and read at its address.
    ///
    /// # Errors
    /// [`NoLogKey`].
    pub fn mirror_board(&mut self, source: Source) -> Result<(), NoLogKey> {
        self.known.add_board(&source.key.to_string())?;
        self.sources.push(source);
        Ok(())
    }

    /// Whether there is anything to mirror.
    pub(super) fn check(&self) -> Result<(), MirrorConfigError> {
        if self.sources.is_empty() { Err(MirrorConfigError::NoBoard) } else { Ok(()) }
    }
}

fn read(path: &Path) -> Result<ConfigFile, MirrorConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| MirrorConfigError::Read(path.to_owned(), error))?;
    toml::from_str(&text).map_err(|error| MirrorConfigError::Malformed(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::note::SignerKey;

    fn vkey(name: &str) -> String {
        SignerKey::from_seed(name, &[1; 32]).unwrap().verifier_key().to_string()
    }

    #[test]
    fn flags_win_over_the_file_whose_paths_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mirror.toml");
        let (board, log) = (vkey("board.example/vote"), vkey("log.example"));
        let election = "ab".repeat(32);
        let text = format!(
            "name = \"one\"\ndatabase = \"held.sqlite\"\ninterval = 5\nmost_elections = 3\n\n[[boards]]\nvkey = \"{board}\"\nurl = \"http://b\"\n\n\
             [[logs]]\nvkey = \"{log}\"\nurl = \"http://c\"\nelections = [\"{election}\"]\nca_file = \"ca.pem\"\n"
        );
        std::fs::write(&path, text).unwrap();
        let arguments = MirrorArguments { config: Some(path.clone()), name: Some("two".into()), ..Default::default() };
        let config = MirrorConfig::from_arguments(arguments).unwrap();
        config.check().unwrap();
        assert_eq!((config.identity.name.as_str(), config.most), ("two", 3));
        assert_eq!(config.database, folder.path().join("held.sqlite"));
        assert_eq!(config.identity.key_file, PathBuf::from("mirror.key"));
        assert_eq!(config.sources[1].elections, [election.parse().unwrap()]);
        assert_eq!(config.sources[1].ca_file, Some(folder.path().join("ca.pem")));
        assert!(
            config.sources[0].may_hold("board.example/vote/x") && !config.sources[0].may_hold("board.example/votes/x")
        );
        let arguments = MirrorArguments {
            config: Some(path),
            boards: vec![format!("{} http://d", vkey("other.example"))],
            ..Default::default()
        };
        let config = MirrorConfig::from_arguments(arguments).unwrap();
        assert_eq!(config.sources.len(), 1, "flags name all boards or none");
    }

    #[test]
    fn what_cannot_be_a_mirror_is_refused() {
        let with = |change: fn(&mut MirrorArguments)| {
            let mut arguments = MirrorArguments { name: Some("m".into()), ..Default::default() };
            change(&mut arguments);
            MirrorConfig::from_arguments(arguments)
        };
        assert!(matches!(with(|_| ()).unwrap().check(), Err(MirrorConfigError::NoBoard)));
        assert!(matches!(with(|with| with.name = None), Err(MirrorConfigError::NameMissing)));
        assert!(matches!(with(|with| with.interval = Some(0)), Err(MirrorConfigError::Interval)));
        assert!(matches!(with(|with| with.boards = vec!["x".into()]), Err(MirrorConfigError::Board(_))));
        assert!(matches!(with(|with| with.boards = vec!["x http://y".into()]), Err(MirrorConfigError::Key(_))));
        let unknown: Result<ConfigFile, _> = toml::from_str("[[boards]]\nkey = \"x\"");
        assert!(unknown.is_err(), "a misspelt line is not ignored");
    }
}
