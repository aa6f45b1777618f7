//! Budgets of credentials (HTTP-40), spent only by what the log accepted: that bears the holder's signature and counts once, so nobody
//! else can spend it.

use super::Settings;
use protocol::{Author, ids::ElectionFingerprint};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// When so many credentials are remembered, those that have their whole budget again are forgotten.
const FORGET: usize = 1024;

/// A credential of an election.
type Key = (ElectionFingerprint, [u8; 32]);

/// The budgets of all credentials.
pub(crate) struct Credentials {
    /// How long until one ballot more may be sent; none if there is no limit.
    period: Option<Duration>,
    burst: u32,
    spent: Mutex<Ledger>,
}

#[derive(Default)]
struct Ledger {
    accounts: HashMap<Key, Account>,
    /// How many accounts there may be before the next look at them.
    forget: usize,
}

/// What one credential has spent.
struct Account {
    /// When it will have its whole budget again.
    whole: Instant,
    /// The last entry that was paid for.
    index: u64,
}

impl Credentials {
    pub(crate) fn new(settings: &Settings) -> Self {
        let period = Duration::from_secs(60).checked_div(settings.ballots_per_minute);
        Self { period, burst: settings.ballots_burst.max(1), spent: Mutex::default() }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// HTTP-40: how long this author, who may be somebody else, has to wait; none if there is budget left. Spends nothing.
    pub(crate) fn wait(&self, election: &ElectionFingerprint, author: &Author, now: Instant) -> Option<Duration> {
        let (key, period) = (key(election, author)?, self.period?);
        let whole = self.ledger().accounts.get(&key)?.whole;
        let debt = whole.saturating_duration_since(now).saturating_add(period);
        debt.checked_sub(period.saturating_mul(self.burst)).filter(|wait| !wait.is_zero())
    }

    /// Spends one ballot for the entry with this index, once.
    pub(crate) fn spend(&self, election: &ElectionFingerprint, author: &Author, index: u64, now: Instant) {
        let (Some(key), Some(period)) = (key(election, author), self.period) else { return };
        let mut ledger = self.ledger();
        if ledger.accounts.len() > ledger.forget {
            ledger.accounts.retain(|_, account| account.whole > now);
            ledger.forget = ledger.accounts.len().saturating_mul(2).max(FORGET);
        }
        let account = ledger.accounts.entry(key).or_insert(Account { whole: now, index: 0 });
        if index > account.index {
            account.whole = account.whole.max(now).checked_add(period).unwrap_or(now);
            account.index = index;
        }
    }
}

/// HTTP-40: officials have no budget; what they may send, their part in the election bounds.
fn key(election: &ElectionFingerprint, author: &Author) -> Option<Key> {
    match author {
        Author::Credential(key) => Some((*election, key.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const F: ElectionFingerprint = ElectionFingerprint([1; 32]);

    fn voter(number: u16) -> Author {
        let mut key = [0; 32];
        key[..2].copy_from_slice(&number.to_be_bytes());
        Author::Credential(crypto::EncodedPoint(key))
    }

    /// HTTP-40
    #[test]
    fn a_budget_is_spent_once_for_each_entry_and_comes_back() {
        let credentials =
            Credentials::new(&Settings { ballots_per_minute: 4, ballots_burst: 3, ..Settings::default() });
        let (now, voter) = (Instant::now(), voter(1));
        for index in 1..=3 {
            assert_eq!(credentials.wait(&F, &voter, now), None);
            for _ in 0..50 {
                credentials.spend(&F, &voter, index, now);
            }
        }
        assert_eq!(credentials.wait(&F, &voter, now), Some(Duration::from_secs(15)));
        assert_eq!(credentials.wait(&F, &voter, now + Duration::from_secs(10)), Some(Duration::from_secs(5)));
        assert_eq!(credentials.wait(&F, &voter, now + Duration::from_secs(15)), None);
        assert_eq!(credentials.wait(&ElectionFingerprint([2; 32]), &voter, now), None, "another election");
        assert_eq!(credentials.wait(&F, &self::voter(2), now), None, "another voter");
        credentials.spend(&F, &Author::Authority, 9, now);
        assert_eq!(credentials.wait(&F, &Author::Authority, now), None);
    }

    /// HTTP-40: what is remembered is bounded by what was accepted lately.
    #[test]
    fn whole_budgets_are_forgotten() {
        let credentials = Credentials::new(&Settings::default());
        let mut now = Instant::now();
        for number in 0..20_000 {
            now += Duration::from_secs(1);
            credentials.spend(&F, &voter(number), u64::from(number) + 1, now);
        }
        assert!(credentials.ledger().accounts.len() <= FORGET + 1);
    }
}
