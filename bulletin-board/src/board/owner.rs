//! Whose database it is (BRD-39): one key and one prefix, so that all processes on it are one board.

use super::OpenError;
use crate::{
    config::Config,
    key_file::BoardKey,
    store::{Owner, Store, StoreError},
};

/// BRD-16, BRD-39: the board's key, made only if nobody has used this database; refused if the database is another board's.
pub(crate) async fn key(store: &dyn Store, config: &Config) -> Result<BoardKey, OpenError> {
    let recorded = store.owner().await?;
    let used = recorded.is_some() || !store.elections().await?.is_empty() || !store.taken_over().await?.is_empty();
    let key = BoardKey::open(&config.key_file, used)?;
    match recorded {
        Some(recorded) => compare(recorded, config, &key).map(|()| key),
        None => Ok(key),
    }
}

/// BRD-39: records that the database is this board's. Only once its logs are taken up: they say whose it is, too.
pub(crate) async fn claim(store: &dyn Store, config: &Config, key: &BoardKey) -> Result<(), OpenError> {
    store.own(&own(config, key)?).await?;
    // Another process may have been faster.
    let recorded = store.owner().await?.ok_or(StoreError::Corrupt("no owner, although one was recorded"))?;
    compare(recorded, config, key)
}

fn own(config: &Config, key: &BoardKey) -> Result<Owner, OpenError> {
    let origin_prefix = config.origin_prefix.clone();
    Ok(Owner { public_key: key.signer(&origin_prefix)?.verifier_key().public_key(), origin_prefix })
}

fn compare(recorded: Owner, config: &Config, key: &BoardKey) -> Result<(), OpenError> {
    let own = own(config, key)?;
    if recorded.origin_prefix != own.origin_prefix {
        return Err(OpenError::OtherPrefix { recorded: recorded.origin_prefix, configured: own.origin_prefix });
    }
    if recorded.public_key != own.public_key {
        return Err(OpenError::OtherKey(config.key_file.clone()));
    }
    Ok(())
}
