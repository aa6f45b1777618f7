//! Where a board of a test lives: a folder with its key and one SQLite file.

use bulletin_board::Config;
use std::path::Path;

pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A board's configuration here.
pub(crate) fn config(folder: &Path) -> Config {
    Config::new(folder.join("board.sqlite"), folder.join("board.key"), "board.example/vote")
}

/// The lines of a configuration file that name the database here.
pub(crate) fn database(_: &Path) -> String {
    "database = \"board.sqlite\"\n".to_owned()
}
