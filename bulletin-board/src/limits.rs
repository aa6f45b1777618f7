//! How much one sender may ask for: by address before anything is read (HTTP-39), by credential before anything is computed (HTTP-40).

mod addresses;
mod credentials;

pub(crate) use addresses::{Addresses, limited};
pub(crate) use credentials::Credentials;

use ipnet::IpNet;
use serde::Deserialize;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Budgets. A rate of 0 means that there is no limit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Requests of one address, in the long run.
    pub requests_per_second: u32,
    /// Requests of one address at once.
    pub requests_burst: u32,
    /// Submissions of one address, in the long run: what a whole office behind it may send.
    pub submissions_per_second: u32,
    /// Submissions of one address at once.
    pub submissions_burst: u32,
    /// Accepted ballots of one credential, in the long run.
    pub ballots_per_minute: u32,
    /// Accepted ballots of one credential at once.
    pub ballots_burst: u32,
    /// Listeners of live feeds, on the whole board (HTTP-41).
    pub listeners: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Addresses without a budget: officials, mirrors, this machine.
    pub exempt: Vec<IpNet>,
}

impl Default for Settings {
    /// Generous to an office behind one address; a flood from one place still leaves the board most of its time.
    fn default() -> Self {
        let loopback: Vec<IpNet> = vec![
            IpNet::new_assert(Ipv4Addr::new(127, 0, 0, 0).into(), 8),
            IpNet::new_assert(Ipv6Addr::LOCALHOST.into(), 128),
        ];
        Self {
            requests_per_second: 200,
            requests_burst: 2000,
            submissions_per_second: 20,
            submissions_burst: 400,
            ballots_per_minute: 4,
            ballots_burst: 30,
            listeners: 1024,
            trusted_proxies: loopback.clone(),
            exempt: loopback,
        }
    }
}
