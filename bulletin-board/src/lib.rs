//! The board: admits submissions that obey the rules, sequences them, signs checkpoints, serves the log (`specs/06-bulletin-board.md`,
//! `specs/09-http-api.md`). One SQLite file, no set-up; many elections, each its own log.
//!
//! How a submission travels: `app` (limits, before anything is read) -> `board` (budget, queue) -> `sequencer` (one writer per
//! election) -> `batch` (every check, then the fold) -> `store` (the commit point) -> `log` (what is published) -> the promise.

mod admin;
mod app;
mod backup;
mod batch;
pub mod bench;
mod board;
pub mod cli;
mod clock;
mod config;
mod connections;
mod cosigning;
mod earlier;
mod feed;
mod follower;
mod fsck;
mod hold;
mod key_file;
mod lanes;
mod lifecycle;
mod limits;
mod log;
mod metrics;
pub mod mirror;
mod openapi;
mod operation;
pub mod pages;
mod publish;
mod refusal;
mod replay;
mod routes;
mod sequencer;
mod serve;
mod status;
mod store;
mod tls;
mod voucher;
pub mod witness;

pub use backup::{BackupError, backup, mark_copy};
pub use board::OpenError;
pub use clock::Clock;
pub use config::{Arguments, Config, ConfigError, Database, PostgresUrl};
pub use cosigning::Settings as CosigningSettings;
pub use earlier::{TakeOverError, TakenOver};
pub use fsck::{FsckError, LogFault, SoundLog, fsck};
pub use key_file::KeyFileError;
pub use limits::Settings as LimitSettings;
pub use publish::{DestinationError, Settings as PublishSettings};
pub use replay::ReplayError;
pub use serve::{Listeners, ServeError, run, serve, serve_on};
pub use store::StoreError;
pub use tls::{Settings as TlsSettings, TlsError};
