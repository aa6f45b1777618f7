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
