//! What a department must say to run a board: a TOML file, the environment, flags (BRD-50).

mod arguments;
mod database;

pub use arguments::Arguments;
pub use database::{Database, PostgresUrl};

use crate::{clock::Clock, cosigning, limits, publish, store, tls};
use protocol::ids::ElectionId;
use serde::Deserialize;
use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};
use thiserror::Error;
use tlog::note::SignerKey;
use zeroize::Zeroizing;

/// The variable that names the database, and may hold its password; no flag may.
const DATABASE: &str = "VITRINE_BOARD_DATABASE";

/// The board's configuration. Each part of the board has its own settings, with defaults, in its own module.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on; [`crate::serve`] is given a listener instead.
    pub listen: String,
    /// The database.
    pub database: Database,
    /// What may be said of its server.
    pub store: store::Settings,
    /// The board's name as it is shown.
    pub name: String,
    /// What the names of this board's logs begin with (BRD-1).
    pub origin_prefix: String,
    /// The board's signing key.
    pub key_file: PathBuf,
    /// Signing keys of the authorities whose manifests are admitted (BRD-2).
    pub authorities: Vec<[u8; 32]>,
    /// Static copies (BRD-40).
    pub publish: publish::Settings,
    /// Address and port for the operator's own machines (BRD-51); none by default.
    pub admin_listen: Option<String>,
    /// Certificate and key, to speak TLS (HTTP-37); plain HTTP without.
    pub tls: Option<tls::Settings>,
    /// Budgets of addresses and credentials (HTTP-39, HTTP-40).
    pub limits: limits::Settings,
    /// How long a board that was asked to end still takes new connections (BRD-53).
    pub drain: Duration,
    /// How witnesses are asked.
    pub cosigning: cosigning::Settings,
    /// Where the time comes from; no configuration changes it.
    pub clock: Clock,
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {0} cannot be read")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not what it must be. The place, not the line itself: a line may hold a password.
    #[error("the configuration {file}, line {line}: {message}")]
    Malformed {
        /// Which file.
        file: PathBuf,
        /// Which line of it, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Nobody can guess it.
    #[error(
        "the origin prefix is missing: the board's public address without scheme, for example board.example.org/vote"
    )]
    OriginPrefixMissing,
    /// Not the beginning of a log's name.
    #[error("the origin prefix {0:?} holds white space, `+` or a control character, or is empty")]
    OriginPrefix(String),
    /// The one is of no use without the other.
    #[error("TLS wants both a certificate and a key: the {0} is missing")]
    HalfOfTls(&'static str),
    /// Not a key.
    #[error("{0:?} is no authority key: expected 64 hexadecimal digits")]
    Authority(String),
}

/// The file as it is written. A part's settings stand in a table of its own, by the part's name.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ConfigFile {
    listen: Option<String>,
    database: Option<Database>,
    store: store::Settings,
    name: Option<String>,
    origin_prefix: Option<String>,
    key_file: Option<PathBuf>,
    authorities: Vec<String>,
    publish: publish::Settings,
    admin_listen: Option<String>,
    drain: Option<u64>,
    tls: Option<tls::Settings>,
    limits: limits::Settings,
    cosigning: cosigning::Settings,
}

impl Config {
    /// A board on this database, with this key file and prefix; everything else by default.
    pub fn new(database: impl Into<Database>, key_file: impl Into<PathBuf>, origin_prefix: impl Into<String>) -> Self {
        let origin_prefix = origin_prefix.into();
        Self {
            listen: "127.0.0.1:7878".to_owned(),
            database: database.into(),
            store: store::Settings::default(),
            name: origin_prefix.clone(),
            origin_prefix,
            key_file: key_file.into(),
            authorities: Vec::new(),
            publish: publish::Settings::default(),
            admin_listen: None,
            tls: None,
            limits: limits::Settings::default(),
            drain: Duration::ZERO,
            cosigning: cosigning::Settings::default(),
            clock: Clock::machine(),
        }
    }

    /// Puts file, environment and flags together.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_arguments(arguments: Arguments) -> Result<Self, ConfigError> {
        let variable = std::env::var(DATABASE).ok().map(Zeroizing::new);
        Self::assemble(arguments, variable)
    }

    fn assemble(arguments: Arguments, variable: Option<Zeroizing<String>>) -> Result<Self, ConfigError> {
        let (mut file, folder) = match arguments.config.as_deref() {
            Some(path) => (read(path)?, path.parent().unwrap_or(Path::new(""))),
            None => (ConfigFile::default(), Path::new("")),
        };
        let origin_prefix = arguments.origin_prefix.or(file.origin_prefix).ok_or(ConfigError::OriginPrefixMissing)?;
        let database = arguments
            .database
            .or_else(|| variable.map(|text| Database::new(&text)))
            .or_else(|| file.database.map(|database| database.inside(folder)));
        let key_file = arguments.key_file.or_else(|| file.key_file.map(|path| folder.join(path)));
        let defaults = Self::new("board.sqlite", "board.key", origin_prefix);
        file.publish.relative_to(folder);
        let publish = publish::Settings { to: arguments.publish.or(file.publish.to.take()), ..file.publish };
        let texts = if arguments.authorities.is_empty() { file.authorities } else { arguments.authorities };
        let tls = match (arguments.tls_certificate, arguments.tls_key) {
            (Some(certificate), Some(key)) => Some(tls::Settings { certificate, key }),
            (None, None) => file.tls.map(|tls| tls.inside(folder)),
            (Some(_), None) => return Err(ConfigError::HalfOfTls("key")),
            (None, Some(_)) => return Err(ConfigError::HalfOfTls("certificate")),
        };
        let config = Self {
            listen: arguments.listen.or(file.listen).unwrap_or(defaults.listen),
            database: database.unwrap_or(defaults.database),
            store: file.store,
            name: arguments.name.or(file.name).unwrap_or(defaults.name),
            origin_prefix: defaults.origin_prefix,
            key_file: key_file.unwrap_or(defaults.key_file),
            authorities: texts.into_iter().map(authority_key).collect::<Result<_, _>>()?,
            publish,
            admin_listen: arguments.admin_listen.or(file.admin_listen),
            tls,
            limits: file.limits,
            drain: arguments.drain.or(file.drain).map_or(defaults.drain, Duration::from_secs),
            cosigning: file.cosigning,
            clock: defaults.clock,
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

/// One line a setting; no secret.
impl fmt::Display for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listen, database, name, origin_prefix, key_file, authorities, admin_listen, drain, .. } = self;
        let Self { publish, tls, limits, cosigning, .. } = self;
        writeln!(formatter, "origin prefix  {origin_prefix}")?;
        writeln!(formatter, "name           {name}")?;
        writeln!(formatter, "listen         {listen}{}", if tls.is_some() { ", TLS" } else { ", plain HTTP" })?;
        writeln!(formatter, "admin listen   {}", admin_listen.as_deref().unwrap_or("nowhere"))?;
        writeln!(formatter, "database       {database}")?;
        writeln!(formatter, "key file       {}", key_file.display())?;
        for authority in authorities {
            writeln!(formatter, "authority      {}", hex::encode(authority))?;
        }
        if authorities.is_empty() {
            writeln!(formatter, "authority      none: nobody can hold an election here")?;
        }
        writeln!(formatter, "drain          {} s", drain.as_secs())?;
        writeln!(formatter, "published to   {}", publish.to.as_deref().unwrap_or("nowhere"))?;
        if let Some(tls) = tls {
            writeln!(formatter, "certificate    {}, key {}", tls.certificate.display(), tls.key.display())?;
        }
        writeln!(formatter, "{limits:#?}\n{cosigning:#?}")
    }
}

fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    let unreadable = |error| ConfigError::Read(path.to_owned(), error);
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?);
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        ConfigError::Malformed { file: path.to_owned(), line, message: error.message().to_owned() }
    })
}

fn authority_key(text: String) -> Result<[u8; 32], ConfigError> {
    let mut key = [0; 32];
    match hex::decode_to_slice(&text, &mut key) {
        Ok(()) => Ok(key),
        Err(_) => Err(ConfigError::Authority(text)),
    }
}

#[cfg(test)]
mod tests;
