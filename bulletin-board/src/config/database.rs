//! Where a board keeps its entries: a file, or a PostgreSQL database, whose address may hold a password.

use serde::{Deserialize, Deserializer};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};
use zeroize::Zeroizing;

/// What the address of a PostgreSQL database begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Where the database is. Its text forms show no password (BRD-50).
#[derive(Clone)]
pub enum Database {
    /// One SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
}

/// `postgres://user:password@host/database`. Clones share the one secret text, which is wiped with the last of them.
#[derive(Clone)]
pub struct PostgresUrl(Arc<Zeroizing<String>>);

impl Database {
    /// A text as it stands in a configuration: an address that begins with `postgres://`, or else the path of a file.
    pub fn new(text: &str) -> Self {
        if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            Self::Postgres(PostgresUrl(Arc::new(Zeroizing::new(text.to_owned()))))
        } else {
            Self::File(PathBuf::from(text))
        }
    }

    /// Relative paths in a configuration file are meant from its folder.
    pub(crate) fn inside(self, folder: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(folder.join(path)),
            postgres @ Self::Postgres(_) => postgres,
        }
    }

    /// Whether the address holds a password.
    pub(crate) fn holds_password(&self) -> bool {
        matches!(self, Self::Postgres(url) if url.masked() != *url.0.as_str())
    }
}

impl PostgresUrl {
    /// The whole address, password and all: for the one who connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address as it may be shown: without the password, wherever in it one stands.
    fn masked(&self) -> String {
        let (address, parameters) = match self.0.split_once('?') {
            Some((address, parameters)) => (address, Some(parameters)),
            None => (self.0.as_str(), None),
        };
        let mut text = match address.split_once("://") {
            Some((scheme, rest)) => {
                // The last one: a password may hold an `@` that nobody encoded.
                let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
                let user = match user.map(|user| user.split_once(':').ok_or(user)) {
                    None => String::new(),
                    Some(Ok((name, _))) => format!("{name}:***@"),
                    Some(Err(name)) => format!("{name}@"),
                };
                format!("{scheme}://{user}{place}")
            }
            None => address.to_owned(),
        };
        for (place, parameter) in parameters.into_iter().flat_map(|all| all.split('&')).enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            match parameter.split_once('=') {
                Some((name, _)) if name.contains("pass") => {
                    text.push_str(name);
                    text.push_str("=***");
                }
                _ => text.push_str(parameter),
            }
        }
        text
    }
}

impl From<&str> for Database {
    /// [`Database::new`]
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&Path> for Database {
    /// A file's path, whatever it looks like.
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<PathBuf> for Database {
    /// A file's path, whatever it looks like.
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl<'de> Deserialize<'de> for Database {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&Zeroizing::new(String::deserialize(deserializer)?)))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Postgres(url) => url.fmt(formatter),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BRD-50
    #[test]
    fn a_database_is_shown_without_its_password() {
        for (text, shown) in [
            ("postgres://vote:s3cret@db.example/vote", "postgres://vote:***@db.example/vote"),
            ("postgresql://vote:s3:c@ret@db/vote?sslmode=require", "postgresql://vote:***@db/vote?sslmode=require"),
            (
                "postgres:///vote?host=/run/postgresql&password=s3cret&user=vote",
                "postgres:///vote?host=/run/postgresql&password=***&user=vote",
            ),
        ] {
            let database = Database::new(text);
            assert!(matches!(&database, Database::Postgres(url) if url.expose() == text));
            assert_eq!((database.to_string(), format!("{database:?}")), (shown.to_owned(), shown.to_owned()));
            assert!(database.holds_password());
        }
        for text in ["postgres://vote@db/vote", "postgres:///vote"] {
            assert_eq!(Database::new(text).to_string(), text);
            assert!(!Database::new(text).holds_password());
        }
        let file = Database::new("board.sqlite").inside(Path::new("/srv"));
        assert!(matches!(file, Database::File(path) if path == Path::new("/srv/board.sqlite")));
    }
}
