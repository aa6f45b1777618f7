//! Comparisons of two options: the matrix, the Condorcet winner, and the two completions (CNT-10 to CNT-12).

use super::outcome::{Comparisons, Link};
use crate::contest::CondorcetMethod;

/// A square table; a place outside it is zero and cannot be set.
#[derive(Clone)]
struct Table(Vec<Vec<u64>>);

impl Table {
    fn new(size: usize) -> Self {
        Self(vec![vec![0; size]; size])
    }

    fn at(&self, row: usize, column: usize) -> u64 {
        self.0.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }

    fn set(&mut self, row: usize, column: usize, value: u64) {
        if let Some(cell) = self.0.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell = value;
        }
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}

/// CNT-10: the comparison matrix from the slots of a pairwise contest. `complete`: one slot for each pair a < b in ascending order, 1 where a is
/// before b; else one for each ordered pair.
pub(super) fn matrix(options: usize, complete: bool, totals: &[u64], base: u64) -> Vec<Vec<u64>> {
    let mut matrix = Table::new(options);
    let pairs = (0..options).flat_map(|a| (0..options).map(move |b| (a, b)));
    let pairs = pairs.filter(|(a, b)| if complete { a < b } else { a != b });
    for ((a, b), total) in pairs.zip(totals) {
        matrix.set(a, b, *total);
        if complete {
            matrix.set(b, a, base.saturating_sub(*total));
        }
    }
    matrix.0
}

/// The completed order: comparisons, and classes of options that tie, from the first.
pub(super) fn complete(matrix: Vec<Vec<u64>>, method: CondorcetMethod) -> (Comparisons, Vec<Vec<usize>>) {
    let table = Table(matrix);
    let mut comparisons = Comparisons {
        matrix: table.0.clone(),
        condorcet_winner: condorcet_winner(&table),
        paths: Vec::new(),
        locked: Vec::new(),
        dropped: Vec::new(),
    };
    let order = match method {
        CondorcetMethod::Schulze => {
            let paths = strongest_paths(&table);
            let order = layers(table.size(), |a, b| paths.at(a, b) > paths.at(b, a));
            comparisons.paths = paths.0;
            order
        }
        CondorcetMethod::RankedPairs => {
            let (locked, dropped) = lock(&table);
            let order = layers(table.size(), |a, b| locked.iter().any(|link| (link.winner, link.loser) == (a, b)));
            (comparisons.locked, comparisons.dropped) = (locked, dropped);
            order
        }
    };
    (comparisons, order)
}

/// CNT-10: who is preferred to every other option by more than prefer that one.
fn condorcet_winner(table: &Table) -> Option<usize> {
    let size = table.size();
    (0..size).find(|a| (0..size).all(|b| *a == b || table.at(*a, b) > table.at(b, *a)))
}

/// CNT-11: the strength of a link is the weight that prefers its winner, of a path that of its weakest link; the strongest path by
/// Floyd and Warshall.
fn strongest_paths(table: &Table) -> Table {
    let size = table.size();
    let mut paths = Table::new(size);
    for (a, b) in (0..size).flat_map(|a| (0..size).map(move |b| (a, b))) {
        if table.at(a, b) > table.at(b, a) {
            paths.set(a, b, table.at(a, b));
        }
    }
    for through in 0..size {
        for from in (0..size).filter(|from| *from != through) {
            for to in (0..size).filter(|to| *to != through && *to != from) {
                let detour = paths.at(from, through).min(paths.at(through, to));
                if detour > paths.at(from, to) {
                    paths.set(from, to, detour);
                }
            }
        }
    }
    paths
}

/// CNT-12: majorities by descending margin, those of equal margin together. One is locked unless it lies on a cycle of majorities that
/// are locked or have the same margin.
fn lock(table: &Table) -> (Vec<Link>, Vec<Link>) {
    let size = table.size();
    let pairs = (0..size).flat_map(|a| (0..size).map(move |b| (a, b)));
    let mut links: Vec<Link> = pairs
        .filter_map(|(winner, loser)| {
            let margin = table.at(winner, loser).checked_sub(table.at(loser, winner)).filter(|margin| *margin > 0)?;
            Some(Link { winner, loser, margin })
        })
        .collect();
    // A stable sort: within one margin by winner, then loser. That order shows, and decides nothing.
    links.sort_by_key(|link| std::cmp::Reverse(link.margin));
    let (mut locked, mut dropped) = (Vec::new(), Vec::new());
    for equal in links.chunk_by(|one, other| one.margin == other.margin) {
        let standing: Vec<Link> = locked.iter().chain(equal).copied().collect();
        let (cyclic, free): (Vec<Link>, Vec<Link>) =
            equal.iter().partition(|link| leads(size, &standing, link.loser, link.winner));
        locked.extend(free);
        dropped.extend(cyclic);
    }
    (locked, dropped)
}

/// Whether links lead from one option to another.
fn leads(size: usize, links: &[Link], from: usize, to: usize) -> bool {
    let mut reached = vec![false; size];
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        if at == to {
            return true;
        }
        if let Some(seen) = reached.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            waiting.extend(links.iter().filter(|link| link.winner == at).map(|link| link.loser));
        }
    }
    false
}

/// Classes of an acyclic relation: those that no other is before; then, without these, again.
fn layers(size: usize, before: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut remaining: Vec<usize> = (0..size).collect();
    let mut layers = Vec::new();
    while !remaining.is_empty() {
        let (rest, first): (Vec<usize>, Vec<usize>) =
            remaining.iter().partition(|b| remaining.iter().any(|a| before(*a, **b)));
        if first.is_empty() {
            // Neither relation has a cycle (CNT-11, CNT-12); should one, its options tie.
            layers.push(rest);
            break;
        }
        layers.push(first);
        remaining = rest;
    }
    layers
}
