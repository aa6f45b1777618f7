//! What a large key ceremony costs: n = 20, k = 10 and 50 slots unless other numbers are given, every trustee with the real tool and a fold of its
//! own, all in this process on one thread. Reports the processor time of all of them together, and the ceremony's share of the record.
//!
//! `cargo run --release -p vitrine-tests --bin ceremony_scale -- [K N SLOTS]`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program: it prints, and stops where something broke"
)]

use std::{env, fs, time::Instant};
use vitrine_tests::Panel;

/// Ticks of the processor time that Linux reports, in a second.
const TICKS: u64 = 100;

fn main() {
    let arguments: Vec<u32> = env::args().skip(1).map(|argument| argument.parse().unwrap()).collect();
    let (k, n, slots) = match *arguments.as_slice() {
        [] => (10, 20, 50),
        [k, n, slots] => (k, n, slots),
        _ => return println!("usage: ceremony_scale [K N SLOTS]"),
    };
    let mut panel = Panel::of((k, k, n), usize::try_from(slots).unwrap());
    let (before, started) = (processor_time(), Instant::now());
    panel.run();
    let (ticks, elapsed) = (processor_time() - before, started.elapsed());
    let mut keys = panel.elections().map(|election| election.joint_key().unwrap().fingerprint);
    let first = keys.next().unwrap();
    assert!(keys.all(|key| key == first), "the trustees do not agree on the joint key");
    let bytes = panel.bytes();
    println!("{k} of {n} trustees, {slots} slots: {} entries of the ceremony", panel.entries());
    println!("processor time of all trustees: {}.{:02} s, in {elapsed:.1?}", ticks / TICKS, ticks % TICKS);
    println!("share of the record: {bytes} bytes, {}.{:02} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 100) >> 20);
}

/// User and system time of this process so far, in ticks.
fn processor_time() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in parentheses, may hold anything.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let field = |number: usize| fields.split_whitespace().nth(number).unwrap().parse::<u64>().unwrap();
    field(11) + field(12)
}
