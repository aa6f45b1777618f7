//! What running a board in earnest adds to it: budgets of its senders, and feeds for its listeners.

use crate::{
    config::Config,
    feed::Feed,
    limits::{Addresses, Credentials},
};
use std::sync::Arc;

/// Beside the logs, for all of them.
pub(crate) struct Operation {
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) credentials: Credentials,
    pub(crate) feed: Feed,
}

impl Operation {
    pub(crate) fn new(config: &Config) -> Self {
        let limits = &config.limits;
        let (addresses, credentials) = (Arc::new(Addresses::new(limits)), Credentials::new(limits));
        Self { addresses, credentials, feed: Feed::new(limits.listeners) }
    }
}
