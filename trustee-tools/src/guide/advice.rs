//! Advice on the numbers of an election (MAN-18): how many trustees, how many of them decrypt, and what each waiver gives away.

use super::wording::count;
use protocol::manifest::{Manifest, Waiver};

/// What is recommended.
pub const RECOMMENDED: &str = "Recommended: (k, n) = (2, 3), (3, 5) or (4, 7), so that a minority of the trustees can neither read ballots nor stop the \
                               election; and q = k + 1, so that one key share can still be lost after the ceremony.";

/// What is weaker than recommended in these numbers: k trustees decrypt, q must get through the ceremony, n there are.
pub fn on_numbers(threshold: u32, quorum: u32, trustees: u32) -> Vec<String> {
    let (k, q, n) = (u64::from(threshold), u64::from(quorum), u64::from(trustees));
    let mut advice = Vec::new();
    if k == 1 {
        advice.push(
            "k = 1: any single trustee can decrypt by itself, and so can read every ballot. Better: (2, 3)".to_owned(),
        );
    }
    if n > 1 && k == n {
        advice.push(format!(
            "k = n = {n}: if one single trustee loses its keystore or stays away, nothing can ever be decrypted. Better: {}",
            better(n)
        ));
    } else if k.saturating_mul(2) > n.saturating_add(1) {
        let lost = n.saturating_sub(k).saturating_add(1);
        advice.push(format!(
            "k = {k} of n = {n}: if {} are lost, less than half, nothing can ever be decrypted. Better: {}",
            count(lost, "trustee"),
            better(n)
        ));
    }
    if q == k && k < n {
        advice.push(format!(
            "q = k = {k}: the key ceremony may end with no spare trustee, and then one lost keystore loses the election. With q = {} it fails \
             instead, before anybody votes",
            k.saturating_add(1)
        ));
    }
    advice
}

/// The largest k for n that is a majority at most.
fn better(n: u64) -> String {
    match n {
        0..=2 => "(2, 3)".to_owned(),
        _ => format!("k = {}", n.saturating_add(1).div_euclid(2)),
    }
}

/// What a recorded waiver gives away.
pub fn on_waiver(waiver: Waiver) -> &'static str {
    match waiver {
        Waiver::Threshold => "threshold: a lost key share can cancel the election (better k < n and k <= (n + 1) / 2)",
        Waiver::NoWitnesses => "no-witnesses: nobody but the board attests that all readers see one history",
        Waiver::SmallTally => "small-tally: totals of very few ballots are decrypted",
    }
}

/// Everything of a manifest that is weaker than recommended: numbers first, then the waivers it records.
pub fn on(manifest: &Manifest) -> Vec<String> {
    let trustees = u32::try_from(manifest.trustees.len()).unwrap_or(u32::MAX);
    let numbers = on_numbers(manifest.threshold, manifest.quorum, trustees);
    let waivers =
        manifest.waivers.iter().map(|waiver| format!("a waiver is recorded for ever, {}", on_waiver(*waiver)));
    numbers.into_iter().chain(waivers).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MAN-18.
    #[test]
    fn the_recommended_numbers_need_no_advice_and_others_do() {
        for (k, n) in [(2, 3), (3, 5), (4, 7)] {
            assert_eq!(on_numbers(k, k + 1, n), [""; 0], "({k}, {n})");
            assert!(on_numbers(k, k, n)[0].contains(&format!("With q = {}", k + 1)));
        }
        assert!(on_numbers(1, 1, 1)[0].contains("any single trustee"));
        assert_eq!(
            on_numbers(2, 2, 2),
            [
                "k = n = 2: if one single trustee loses its keystore or stays away, nothing can ever be decrypted. Better: (2, 3)"
            ]
        );
        let most = on_numbers(4, 5, 5);
        assert!(most[0].contains("if 2 trustees are lost") && most[0].ends_with("Better: k = 3"), "{most:?}");
        assert_eq!(on_numbers(u32::MAX, u32::MAX, u32::MAX).len(), 1);
    }
}
