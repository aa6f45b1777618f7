//! Budgets of addresses (HTTP-39).

use super::Settings;
use crate::{connections::Peer, refusal::Refusal};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};
use ipnet::IpNet;
use std::{
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Who passed a request on, as proxies write it.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// HTTP-39: counters. Addresses are spread over 65,536 cells by a hash whose key nobody knows, so that the memory is bounded whatever
/// addresses a sender makes up.
type Cells = DefaultKeyedRateLimiter<u16>;

/// The budgets of all addresses.
pub(crate) struct Addresses {
    keyed: RandomState,
    clock: DefaultClock,
    requests: Option<Cells>,
    submissions: Option<Cells>,
    trusted_proxies: Vec<IpNet>,
    exempt: Vec<IpNet>,
    refused: AtomicU64,
}

impl Addresses {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            keyed: RandomState::new(),
            clock: DefaultClock::default(),
            requests: cells(settings.requests_per_second, settings.requests_burst),
            submissions: cells(settings.submissions_per_second, settings.submissions_burst),
            trusted_proxies: settings.trusted_proxies.clone(),
            exempt: settings.exempt.clone(),
            refused: AtomicU64::new(0),
        }
    }

    /// How many requests were refused so far.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// HTTP-39: takes one request, or one submission, from the budget of its sender; else how long until there is one.
    fn admit(&self, peer: IpAddr, headers: &HeaderMap, submission: bool) -> Result<(), Duration> {
        let Some(sender) = self.sender(peer, headers) else { return Ok(()) };
        let cell = self.cell(sender);
        for cells in [&self.requests, if submission { &self.submissions } else { &None }].into_iter().flatten() {
            cells.check_key(&cell).map_err(|until| until.wait_time_from(self.clock.now()))?;
        }
        Ok(())
    }

    /// Whose budget it is; none if the sender has no need of one. The peer, or, if that is a trusted proxy, the last one in the list of
    /// those who passed the request on that is not. What stands before that one anybody may have written.
    fn sender(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let (peer, mut sender) = (peer.to_canonical(), peer.to_canonical());
        let lines = headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for text in named.iter().rev() {
            if !contains(&self.trusted_proxies, sender) {
                break;
            }
            match address(text) {
                Some(address) => sender = address,
                None => break,
            }
        }
        // Loopback in the list is a claim; only the connection itself proves it.
        let proved = sender == peer && named.is_empty() || !sender.is_loopback();
        (!(proved && contains(&self.exempt, sender))).then_some(sender)
    }

    /// HTTP-39: who has one IPv6 address has 2^64 of them.
    fn cell(&self, sender: IpAddr) -> u16 {
        let network = match sender {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address) >> 64 << 64,
        };
        let [high, low, ..] = self.keyed.hash_one(network).to_be_bytes();
        u16::from_be_bytes([high, low])
    }
}

fn cells(rate: u32, burst: u32) -> Option<Cells> {
    let quota = Quota::per_second(NonZeroU32::new(rate)?);
    Some(Cells::keyed(NonZeroU32::new(burst).map_or(quota, |burst| quota.allow_burst(burst))))
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']');
    let parsed = alone.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|place| place.ip()));
    parsed.map(|address| address.to_canonical())
}

fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// HTTP-39: the first thing that happens to a request.
pub(crate) async fn limited(State(addresses): State<Arc<Addresses>>, request: Request, next: Next) -> Response {
    // Without a peer there is no connection, and nobody to be generous to.
    let peer = request.extensions().get().map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(address)| address.ip());
    match addresses.admit(peer, request.headers(), request.method() == Method::POST) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            addresses.refused.fetch_add(1, Ordering::Relaxed);
            Refusal::TooManyRequests(wait).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (FORWARDED_FOR.parse().unwrap(), line.parse().unwrap())).collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// HTTP-39: nobody chooses whose budget is spent by writing a header.
    #[test]
    fn the_sender_is_the_last_that_no_trusted_proxy_wrote() {
        let settings = Settings { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Settings::default() };
        let with_proxies = Addresses::new(&settings);
        let sender = |peer, lines: &[&str]| with_proxies.sender(ip(peer), &forwarded(lines)).map(|it| it.to_string());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(sender("203.0.113.9", &[]), some("203.0.113.9"));
        assert_eq!(sender("203.0.113.9", &["198.51.100.1"]), some("203.0.113.9"), "no proxy of ours");
        assert_eq!(sender("10.0.0.1", &["198.51.100.1, 203.0.113.9"]), some("203.0.113.9"));
        assert_eq!(sender("10.0.0.1", &["198.51.100.1", "203.0.113.9, 10.0.0.2"]), some("203.0.113.9"));
        assert_eq!(sender("10.0.0.1", &["127.0.0.1"]), some("127.0.0.1"), "a claim, and no exemption");
        assert_eq!(sender("10.0.0.1", &["rubbish"]), some("10.0.0.1"));
        assert_eq!(sender("10.0.0.1", &["[2001:db8::1]:443"]), some("2001:db8::1"));
        assert_eq!(sender("::ffff:203.0.113.9", &[]), some("203.0.113.9"));
        assert_eq!(sender("127.0.0.1", &[]), None, "this machine");
        let by_default = Addresses::new(&Settings::default());
        assert_eq!(by_default.sender(ip("127.0.0.1"), &forwarded(&["203.0.113.9"])), Some(ip("203.0.113.9")));
        assert_eq!(by_default.sender(ip("127.0.0.1"), &forwarded(&["127.0.0.1"])), Some(ip("127.0.0.1")));
        assert_eq!(by_default.sender(ip("::1"), &HeaderMap::new()), None);
    }

    /// HTTP-39: one budget for each IPv4 address and each IPv6 network, submissions apart.
    #[test]
    fn budgets_end_and_are_kept_apart() {
        let addresses =
            Addresses::new(&Settings { submissions_burst: 3, submissions_per_second: 1, ..Settings::default() });
        let submit = |peer| addresses.admit(ip(peer), &HeaderMap::new(), true);
        // Slow machines earn a little meanwhile; nobody earns fifty.
        let refused = (0..50).filter_map(|_| submit("2001:db8::1").err()).collect::<Vec<_>>();
        assert!(refused.len() > 10 && refused.iter().all(|wait| *wait <= Duration::from_secs(1)));
        assert!(submit("2001:db8::ffff").is_err() || submit("2001:db8::fffe").is_err(), "the same network");
        assert!(addresses.admit(ip("2001:db8::1"), &HeaderMap::new(), false).is_ok(), "reading is another budget");
        assert!(submit("203.0.113.9").is_ok());
        assert!((0..50).all(|_| submit("127.0.0.1").is_ok()));
        let unlimited =
            Addresses::new(&Settings { submissions_per_second: 0, requests_per_second: 0, ..Settings::default() });
        assert!((0..5000).all(|_| unlimited.admit(ip("203.0.113.9"), &HeaderMap::new(), true).is_ok()));
    }
}
