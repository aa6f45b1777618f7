//! What a department must say to run a board: a TOML file, flags, or both; a flag wins.

use clap::Args;
use protocol::ids::ElectionId;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;
use tlog::note::SignerKey;

/// Flags of the board; each has its line in the configuration file, by the same name.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Configuration file (TOML); paths in it are relative to its folder
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The database, one file; made if it is not there [default: board.sqlite]
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// The board's name as it is shown [default: the origin prefix]
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// What the names of this board's logs begin with: its public address without scheme, for example board.example.org/vote
    #[arg(long, value_name = "PREFIX")]
    pub origin_prefix: Option<String>,
    /// The board's signing key; made on the first start [default: board.key]
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// A public signing key of an authority that may hold elections here, in hexadecimal; may be given several times
    #[arg(long = "authority", value_name = "KEY")]
    pub authorities: Vec<String>,
}

/// The board's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Address and port to listen on; [`crate::serve`] is given a listener instead.
    pub listen: String,
    /// The database.
    pub database: PathBuf,
    /// The board's name as it is shown.
    pub name: String,
    /// What the names of this board's logs begin with (BRD-1).
    pub origin_prefix: String,
    /// The board's signing key.
    pub key_file: PathBuf,
    /// Signing keys of the authorities whose manifests are admitted (BRD-2).
    pub authorities: Vec<[u8; 32]>,
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {0} cannot be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not what it must be.
    #[error("the configuration {0}")]
    Malformed(PathBuf, #[source] toml::de::Error),
    /// Nobody can guess it.
    #[error(
        "the origin prefix is missing: the board's public address without scheme, for example board.example.org/vote"
    )]
    OriginPrefixMissing,
    /// Not the beginning of a log's name.
    #[error("the origin prefix {0:?} holds white space, `+` or a control character, or is empty")]
    OriginPrefix(String),
    /// Not a key.
    #[error("{0:?} is no authority key: expected 64 hexadecimal digits")]
    Authority(String),
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    listen: Option<String>,
    database: Option<PathBuf>,
    name: Option<String>,
    origin_prefix: Option<String>,
    key_file: Option<PathBuf>,
    #[serde(default)]
    authorities: Vec<String>,
}

impl Config {
    /// Puts file and flags together.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_arguments(arguments: Arguments) -> Result<Self, ConfigError> {
        let file = arguments.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let origin_prefix = arguments.origin_prefix.or(file.origin_prefix).ok_or(ConfigError::OriginPrefixMissing)?;
        let texts = if arguments.authorities.is_empty() { file.authorities } else { arguments.authorities };
        let authorities = texts.into_iter().map(authority_key).collect::<Result<_, _>>()?;
        let config = Self {
            listen: arguments.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:7878".to_owned()),
            database: arguments.database.or(file.database).unwrap_or_else(|| "board.sqlite".into()),
            name: arguments.name.or(file.name).unwrap_or_else(|| origin_prefix.clone()),
            origin_prefix,
            key_file: arguments.key_file.or(file.key_file).unwrap_or_else(|| "board.key".into()),
            authorities,
        };
        config.check()?;
        Ok(config)
    }

    /// BRD-1: whether logs can be named with the prefix.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let refusal = || ConfigError::OriginPrefix(self.origin_prefix.clone());
        let name = board_api::board::log_origin(&self.origin_prefix, &ElectionId([0; 32]));
        let sound = SignerKey::from_seed(&name, &[0; 32]).is_ok();
        if sound && !self.origin_prefix.is_empty() { Ok(()) } else { Err(refusal()) }
    }
}

/// Reads the file; relative paths in it are meant from its folder.
fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Read(path.to_owned(), error))?;
    let mut file: ConfigFile = toml::from_str(&text).map_err(|error| ConfigError::Malformed(path.to_owned(), error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for inside in [&mut file.database, &mut file.key_file].into_iter().flatten() {
        *inside = folder.join(&*inside);
    }
    Ok(file)
}

fn authority_key(text: String) -> Result<[u8; 32], ConfigError> {
    let mut key = [0; 32];
    match hex::decode_to_slice(&text, &mut key) {
        Ok(()) => Ok(key),
        Err(_) => Err(ConfigError::Authority(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_whose_paths_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board.toml");
        let key = "ab".repeat(32);
        std::fs::write(
            &path,
            format!("listen = \"[::1]:1\"\ndatabase = \"votes.sqlite\"\norigin_prefix = \"one\"\nauthorities = [\"{key}\"]\n"),
        )
        .unwrap();
        let arguments = Arguments { config: Some(path), origin_prefix: Some("two".into()), ..Arguments::default() };
        let config = Config::from_arguments(arguments).unwrap();
        assert_eq!(config.listen, "[::1]:1");
        assert_eq!(config.database, folder.path().join("votes.sqlite"));
        assert_eq!(config.origin_prefix, "two");
        assert_eq!(config.name, "two");
        assert_eq!(config.key_file, PathBuf::from("board.key"));
        assert_eq!(config.authorities, [[0xab; 32]]);
    }

    #[test]
    fn what_cannot_be_a_board_is_refused() {
        let with = |prefix: Option<&str>, authority: &str| {
            Config::from_arguments(Arguments {
                origin_prefix: prefix.map(str::to_owned),
                authorities: vec![authority.to_owned()],
                ..Arguments::default()
            })
        };
        let key = "00".repeat(32);
        assert!(with(Some("board.example/x"), &key).is_ok());
        assert!(matches!(with(None, &key), Err(ConfigError::OriginPrefixMissing)));
        assert!(matches!(with(Some("a b"), &key), Err(ConfigError::OriginPrefix(_))));
        assert!(matches!(with(Some(""), &key), Err(ConfigError::OriginPrefix(_))));
        assert!(matches!(with(Some("a"), "abcd"), Err(ConfigError::Authority(_))));
        let unknown: Result<ConfigFile, _> = toml::from_str("origin = \"x\"");
        assert!(unknown.is_err(), "a misspelt line is not ignored");
    }
}
