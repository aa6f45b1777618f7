//! What running a board in earnest adds to it: budgets of its senders.

use crate::{
    config::Config,
    limits::{Addresses, Credentials},
};
use std::sync::Arc;

/// Beside the logs, for all of them.
pub(crate) struct Operation {
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) credentials: Credentials,
}

impl Operation {
    pub(crate) fn new(config: &Config) -> Self {
        Self { addresses: Arc::new(Addresses::new(&config.limits)), credentials: Credentials::new(&config.limits) }
    }
}
