//! The record of an election that has several logs: log 1 at its root, each successor in a folder named by its number (REC-7).

use std::{fmt, str::FromStr};

use super::{ListingError, RecordPath};
use crate::{text::decimal, tile::PathError};

/// REC-7: the name of a file in the record of an election: `checkpoint`, `tile/0/000`, `2/checkpoint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainPath {
    log: u64,
    file: RecordPath,
}

impl ChainPath {
    /// A file of log `log`, counted from 1; 0 is taken for 1.
    pub fn new(log: u64, file: RecordPath) -> Self {
        Self { log: log.max(1), file }
    }

    /// The number of the log, from 1.
    pub fn log(&self) -> u64 {
        self.log
    }

    /// The file's name within its log.
    pub fn file(&self) -> RecordPath {
        self.file
    }

    /// The most bytes such a file may have: what a reader may stop at.
    pub fn byte_limit(&self) -> usize {
        self.file.byte_limit()
    }
}

impl From<RecordPath> for ChainPath {
    /// A file of log 1.
    fn from(file: RecordPath) -> Self {
        Self::new(1, file)
    }
}

impl From<&RecordPath> for ChainPath {
    /// A file of log 1.
    fn from(file: &RecordPath) -> Self {
        Self::new(1, *file)
    }
}

impl From<&ChainPath> for ChainPath {
    fn from(path: &ChainPath) -> Self {
        *path
    }
}

impl fmt::Display for ChainPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", folder(self.log), self.file)
    }
}

impl FromStr for ChainPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let (log, file) = split(text);
        Ok(Self { log, file: file.parse()? })
    }
}

/// REC-7: what stands before the names of log `log`'s files: nothing, or `2/`.
pub fn folder(log: u64) -> String {
    if log <= 1 { String::new() } else { format!("{log}/") }
}

/// REC-7: sorts the names of a record's files by the log they are of, log 1 first, without the folder's name. Whether they are the
/// right ones is for [`super::check_listing`], log by log. Time and memory depend on the names given, not on the numbers in them.
pub fn split_listing<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Vec<Vec<String>>, ListingError> {
    let mut logs = std::collections::BTreeMap::from([(1, Vec::new())]);
    for name in names {
        let (log, file) = split(name.as_ref());
        logs.entry(log).or_insert_with(Vec::new).push(file.to_owned());
    }
    let gap = (1..).zip(logs.keys()).find(|(expected, log)| expected != *log);
    match gap {
        Some((missing, _)) => Err(ListingError::MissingLog(missing)),
        None => Ok(logs.into_values().collect()),
    }
}

/// The number of a log, and the rest of the name. What does not begin with a number from 2 is of log 1, whatever it is.
fn split(name: &str) -> (u64, &str) {
    let numbered = name.split_once('/').and_then(|(log, file)| Some((decimal(log)?, file)));
    numbered.filter(|(log, _)| *log >= 2).unwrap_or((1, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_file_has_one_name() {
        for name in ["checkpoint", "tile/0/000.p/3", "2/checkpoint", "17/tile/entries/x001/000"] {
            assert_eq!(name.parse::<ChainPath>().unwrap().to_string(), name);
        }
        let path: ChainPath = "3/tile/0/000.p/7".parse().unwrap();
        assert_eq!((path.log(), path.file().to_string()), (3, "tile/0/000.p/7".into()));
        assert_eq!(path.byte_limit(), 7 * 32);
        assert_eq!(ChainPath::new(0, RecordPath::Checkpoint), RecordPath::Checkpoint.into());
        for name in [
            "1/checkpoint",
            "0/checkpoint",
            "02/checkpoint",
            "+2/checkpoint",
            "2/2/checkpoint",
            "2/",
            "2",
            "/2",
            "x/checkpoint",
        ] {
            assert!(name.parse::<ChainPath>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_listing_is_split_by_log() {
        let names = ["2/tile/0/000.p/1", "checkpoint", "3/checkpoint", "2/checkpoint", "1/checkpoint", "report.html"];
        let logs = split_listing(names).unwrap();
        assert_eq!(
            logs,
            [
                vec!["checkpoint", "1/checkpoint", "report.html"],
                vec!["tile/0/000.p/1", "checkpoint"],
                vec!["checkpoint"]
            ]
        );
        assert_eq!(split_listing(["checkpoint", "3/checkpoint"]), Err(ListingError::MissingLog(2)));
        assert_eq!(split_listing(["checkpoint", "9223372036854775807/checkpoint"]), Err(ListingError::MissingLog(2)));
        assert_eq!(split_listing::<&str>([]), Ok(vec![vec![]]));
    }

    proptest! {
        #[test]
        fn any_text_is_a_name_or_is_refused(text in "([0-9]{0,4}/)?(checkpoint|tile/[0-9]{1,2}/[0-9]{3}(\\.p/[0-9]{1,3})?)|.{0,40}") {
            if let Ok(path) = text.parse::<ChainPath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
