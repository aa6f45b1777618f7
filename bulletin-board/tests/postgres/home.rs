//! Where a board of a test lives: a folder for its key, and a database on PostgreSQL.

use crate::cluster::Cluster;
use bulletin_board::Config;
use std::{path::Path, sync::Arc};

/// The file that names the database.
const ADDRESS: &str = "database";

pub(crate) struct Home {
    folder: tempfile::TempDir,
    cluster: Arc<Cluster>,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::on(Cluster::shared())
    }

    pub(crate) fn on(cluster: Arc<Cluster>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(ADDRESS), cluster.database()).unwrap();
        Self { folder, cluster }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }
}

/// The address of the database of a board that lives here.
pub(crate) fn address(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(ADDRESS)).unwrap()
}

/// A board's configuration here.
pub(crate) fn config(folder: &Path) -> Config {
    let mut config = Config::new(address(folder).as_str(), folder.join("board.key"), "board.example/vote");
    config.store.without_fsync = true;
    config
}

/// The lines of a configuration file that name the database here.
pub(crate) fn database(folder: &Path) -> String {
    format!("database = \"{}\"\n[store]\nwithout_fsync = true\n", address(folder))
}
