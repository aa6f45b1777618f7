//! What a department must say to run a witness: a TOML file, the environment, flags; a flag wins over its variable, and that over the file.

use super::{Identity, KnownLogs, NoLogKey};
use crate::tls;
use clap::Args;
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use thiserror::Error;

/// Flags of the witness; each has its line in the configuration file, by the same name.
#[derive(Args, Clone, Debug, Default)]
pub struct WitnessArguments {
    /// Configuration file (TOML); paths in it are relative to its folder
    #[arg(long, value_name = "FILE", env = "VITRINE_WITNESS_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:7879]
    #[arg(long, value_name = "ADDRESS", env = "VITRINE_WITNESS_LISTEN")]
    pub listen: Option<String>,
    /// The name of the witness's key, as policies name it: by custom its public address without scheme
    #[arg(long, value_name = "NAME", env = "VITRINE_WITNESS_NAME")]
    pub name: Option<String>,
    /// The witness's secret key; made on the first start [default: witness.key]
    #[arg(long, value_name = "FILE", env = "VITRINE_WITNESS_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// What the witness remembers, one SQLite file; made on the first start, never to be lost or put back from a copy [default: witness.sqlite]
    #[arg(long, value_name = "FILE", env = "VITRINE_WITNESS_STATE_FILE")]
    pub state: Option<PathBuf>,
    /// A board all of whose logs are known: its key as text, and behind a space, if what it shows is to be watched, its address; may be given
    /// several times
    #[arg(long = "board", value_name = "VKEY [URL]")]
    pub boards: Vec<String>,
    /// A single log that is known: its key as text; may be given several times
    #[arg(long = "log", value_name = "VKEY")]
    pub logs: Vec<String>,
    /// Folder for evidence against a log or board [default: evidence]
    #[arg(long, value_name = "FOLDER", env = "VITRINE_WITNESS_EVIDENCE")]
    pub evidence: Option<PathBuf>,
    /// Seconds from one look at what the boards show to the next [default: 60]
    #[arg(long, value_name = "SECONDS", env = "VITRINE_WITNESS_INTERVAL")]
    pub interval: Option<u64>,
    /// Begin a new memory for a key that had one: only if that key never cosigned anything
    #[arg(long)]
    pub new_state: bool,
}

/// The witness's configuration.
#[derive(Debug, Clone)]
pub struct WitnessConfig {
    /// Address and port to listen on; [`super::serve`] is given a listener instead.
    pub listen: String,
    /// Key and memory.
    pub identity: Identity,
    /// Which logs are known.
    pub known: KnownLogs,
    /// Addresses of boards whose logs are watched (WIT-12).
    pub watched: Vec<String>,
    /// From one look to the next.
    pub interval: Duration,
    /// Where evidence goes.
    pub evidence: PathBuf,
    /// Certificate and key, if the witness speaks TLS itself.
    pub tls: Option<tls::Settings>,
    /// Where the time comes from; no configuration changes it.
    pub clock: crate::Clock,
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum WitnessConfigError {
    /// The file cannot be read.
    #[error("the configuration {0} cannot be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not what it must be.
    #[error("the configuration {0}")]
    Malformed(PathBuf, #[source] toml::de::Error),
    /// Nobody can guess it.
    #[error(
        "the witness's name is missing: by custom its public address without scheme, for example witness.example.org"
    )]
    NameMissing,
    /// A witness that knows no log can do nothing.
    #[error("no board and no log is known: name at least one, by the key that its operator publishes")]
    NothingKnown,
    /// A key that is none.
    #[error(transparent)]
    Key(#[from] NoLogKey),
    /// A pause that is none.
    #[error("the interval is 0 seconds; at least 1 is needed")]
    Interval,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    listen: Option<String>,
    name: Option<String>,
    key_file: Option<PathBuf>,
    state: Option<PathBuf>,
    evidence: Option<PathBuf>,
    interval: Option<u64>,
    tls: Option<tls::Settings>,
    boards: Vec<BoardLine>,
    logs: Vec<LogLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoardLine {
    vkey: String,
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogLine {
    vkey: String,
}

impl WitnessConfig {
    /// A witness that knows nothing yet; everything else by default, its files in `folder`.
    pub fn new(name: &str, folder: &Path) -> Self {
        Self {
            listen: "127.0.0.1:7879".to_owned(),
            identity: Identity {
                name: name.to_owned(),
                key_file: folder.join("witness.key"),
                state: folder.join("witness.sqlite"),
                new_state: false,
            },
            known: KnownLogs::new(),
            watched: Vec::new(),
            interval: Duration::from_secs(60),
            evidence: folder.join("evidence"),
            tls: None,
            clock: crate::Clock::machine(),
        }
    }

    /// Puts file, environment and flags together. Knowing no log is no error yet; it is when the witness starts.
    ///
    /// # Errors
    /// [`WitnessConfigError`].
    pub fn from_arguments(arguments: WitnessArguments) -> Result<Self, WitnessConfigError> {
        let (file, folder) = match arguments.config.as_deref() {
            Some(path) => (read(path)?, path.parent().unwrap_or(Path::new(""))),
            None => (ConfigFile::default(), Path::new("")),
        };
        let inside = |path: Option<PathBuf>| path.map(|path| folder.join(path));
        let name = arguments.name.or(file.name).ok_or(WitnessConfigError::NameMissing)?;
        let mut config = Self::new(&name, Path::new(""));
        config.listen = arguments.listen.or(file.listen).unwrap_or(config.listen);
        let identity = &mut config.identity;
        set(&mut identity.key_file, arguments.key_file.or(inside(file.key_file)));
        set(&mut identity.state, arguments.state.or(inside(file.state)));
        set(&mut config.evidence, arguments.evidence.or(inside(file.evidence)));
        identity.new_state = arguments.new_state;
        config.tls = file.tls.map(|tls| tls.inside(folder));
        if let Some(seconds) = arguments.interval.or(file.interval) {
            config.interval = Duration::from_secs(seconds);
        }
        if config.interval.is_zero() {
            return Err(WitnessConfigError::Interval);
        }
        // Flags name all boards and logs, or none of them.
        if arguments.boards.is_empty() && arguments.logs.is_empty() {
            for BoardLine { vkey, url } in file.boards {
                config.know_board(&vkey, url.as_deref())?;
            }
            for LogLine { vkey } in file.logs {
                config.known.add_log(&vkey)?;
            }
        }
        for board in &arguments.boards {
            let (vkey, url) = board.split_once(' ').map_or((board.as_str(), None), |(vkey, url)| (vkey, Some(url)));
            config.know_board(vkey, url)?;
        }
        for vkey in &arguments.logs {
            config.known.add_log(vkey)?;
        }
        Ok(config)
    }

    /// WIT-7: all logs of a board are known, and those it shows at an address, if that is given, are watched.
    ///
    /// # Errors
    /// [`NoLogKey`].
    pub fn know_board(&mut self, vkey: &str, url: Option<&str>) -> Result<(), NoLogKey> {
        self.known.add_board(vkey)?;
        self.watched.extend(url.map(str::to_owned));
        Ok(())
    }

    /// WIT-7: whether there is anything to witness.
    pub(super) fn check(&self) -> Result<(), WitnessConfigError> {
        if self.known == KnownLogs::new() { Err(WitnessConfigError::NothingKnown) } else { Ok(()) }
    }
}

fn set(place: &mut PathBuf, path: Option<PathBuf>) {
    if let Some(path) = path {
        *place = path;
    }
}

fn read(path: &Path) -> Result<ConfigFile, WitnessConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| WitnessConfigError::Read(path.to_owned(), error))?;
    toml::from_str(&text).map_err(|error| WitnessConfigError::Malformed(path.to_owned(), error))
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
        let path = folder.path().join("witness.toml");
        let (board, log) = (vkey("board.example/vote"), vkey("log.example"));
        let text = format!(
            "listen = \"[::1]:1\"\nname = \"one\"\nstate = \"memory.sqlite\"\ninterval = 5\n\n[[boards]]\nvkey = \"{board}\"\nurl = \"http://b\"\n\n\
             [[logs]]\nvkey = \"{log}\"\n"
        );
        std::fs::write(&path, text).unwrap();
        let arguments = WitnessArguments { config: Some(path.clone()), name: Some("two".into()), ..Default::default() };
        let config = WitnessConfig::from_arguments(arguments).unwrap();
        assert_eq!((config.listen.as_str(), config.identity.name.as_str()), ("[::1]:1", "two"));
        assert_eq!(config.identity.state, folder.path().join("memory.sqlite"));
        assert_eq!(config.identity.key_file, PathBuf::from("witness.key"));
        assert_eq!(
            (config.watched.as_slice(), config.interval),
            (&["http://b".to_owned()][..], Duration::from_secs(5))
        );
        assert_eq!(config.known.keys_of("log.example").len(), 1);
        config.check().unwrap();

        let arguments = WitnessArguments {
            config: Some(path),
            boards: vec![format!("{} http://c", vkey("other.example"))],
            ..Default::default()
        };
        let config = WitnessConfig::from_arguments(arguments).unwrap();
        assert_eq!(config.watched, ["http://c"]);
        assert_eq!(config.known.keys_of("log.example"), [], "flags name all logs or none");
    }

    #[test]
    fn what_cannot_be_a_witness_is_refused() {
        let with = |change: fn(&mut WitnessArguments)| {
            let mut arguments = WitnessArguments { name: Some("w".into()), ..Default::default() };
            change(&mut arguments);
            WitnessConfig::from_arguments(arguments)
        };
        assert!(matches!(with(|_| ()).unwrap().check(), Err(WitnessConfigError::NothingKnown)));
        assert!(matches!(with(|with| with.name = None), Err(WitnessConfigError::NameMissing)));
        assert!(matches!(with(|with| with.interval = Some(0)), Err(WitnessConfigError::Interval)));
        assert!(matches!(with(|with| with.boards = vec!["x".into()]), Err(WitnessConfigError::Key(_))));
        assert!(matches!(with(|with| with.config = Some("/nowhere".into())), Err(WitnessConfigError::Read(..))));
        let unknown: Result<ConfigFile, _> = toml::from_str("[[boards]]\nkey = \"x\"");
        assert!(unknown.is_err(), "a misspelt line is not ignored");
    }
}
