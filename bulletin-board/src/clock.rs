//! Where the time comes from.

use protocol::ids::Minutes;
use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// A clock; clones share it. A board and its witnesses have the machine's, unless a demonstration or a test brings its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// A clock that tells seconds since 1970.
    pub fn new(seconds: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(seconds))
    }

    /// This machine's.
    pub fn machine() -> Self {
        Self::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> u64 {
        (self.0)()
    }

    /// Whole minutes since 1970, as entries state them.
    pub(crate) fn minutes(&self) -> Minutes {
        self.seconds() / 60
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::machine()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.seconds())
    }
}
