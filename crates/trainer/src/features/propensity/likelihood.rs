//! The propensities under which the clicks of each item are most likely to lie where they do.

use super::shown::{Cell, Table};

const MAX_PASSES: usize = 2_000;
/// Passes end when no propensity moves by more than this share.
const SETTLED: f64 = 1e-7;

/// The propensity of each range, `[n_ranges]`, the largest 1. `None` if it does not settle.
///
/// `L` is a Plackett–Luce likelihood with counts; each pass
///
/// ```text
/// θ_p ← clicks_p / Σ_i clicks_i · shown_ip / Σ_q shown_iq θ_q
/// ```
///
/// is one of Hunter's (2004, eq. 30) minorisation–maximisation and never lowers it.
pub(super) fn settle(table: &Table) -> Option<Vec<f64>> {
    let clicks = table.clicks();
    let mut propensities = vec![1.0; table.n_ranges];
    for _ in 0..MAX_PASSES {
        let mut chances = vec![0.0; table.n_ranges];
        for cells in &table.groups {
            let rate = clicks_of(cells) / exposure(cells, &propensities);
            for cell in cells {
                chances[cell.range] += rate * f64::from(cell.shown);
            }
        }
        let next = clicks.iter().zip(&chances).map(|(&clicks, chance)| f64::from(clicks) / chance);
        let next = scaled(next.collect());
        let moves = next.iter().zip(&propensities).map(|(new, old)| (new / old - 1.0).abs());
        let moved = moves.fold(0.0, f64::max);
        propensities = next;
        if moved < SETTLED {
            return Some(propensities);
        }
    }
    None
}

/// Twice what the propensities gain in log-likelihood over equal ones.
pub(super) fn gain_over_flat(table: &Table, propensities: &[f64]) -> f64 {
    let flat = vec![1.0; table.n_ranges];
    2.0 * (log_likelihood(table, propensities) - log_likelihood(table, &flat))
}

/// A range that cannot be compared with the first one, if there is any. The likelihood has
/// one maximum if and only if one gets from every range to every other by items clicked in
/// the one and shown in the next (Ford 1957).
pub(super) fn unlinked(table: &Table) -> Option<usize> {
    let n = table.n_ranges;
    let mut links = vec![false; n * n];
    for cells in &table.groups {
        for from in cells.iter().filter(|cell| cell.clicked > 0) {
            for to in cells {
                links[from.range * n + to.range] = true;
            }
        }
    }
    let forward = reached(n, |from, to| links[from * n + to]);
    let back = reached(n, |from, to| links[to * n + from]);
    (0..n).find(|&range| !forward[range] || !back[range])
}

/// Up to a constant that does not depend on the propensities.
fn log_likelihood(table: &Table, propensities: &[f64]) -> f64 {
    let group = |cells: &Vec<Cell>| {
        let total = exposure(cells, propensities);
        let clicked = cells.iter().filter(|cell| cell.clicked > 0);
        clicked.map(|c| f64::from(c.clicked) * (propensities[c.range] / total).ln()).sum::<f64>()
    };
    table.groups.iter().map(group).sum()
}

fn clicks_of(cells: &[Cell]) -> f64 {
    cells.iter().map(|cell| f64::from(cell.clicked)).sum()
}

fn exposure(cells: &[Cell], propensities: &[f64]) -> f64 {
    cells.iter().map(|cell| f64::from(cell.shown) * propensities[cell.range]).sum()
}

fn scaled(mut propensities: Vec<f64>) -> Vec<f64> {
    let largest = propensities.iter().copied().fold(0.0, f64::max);
    for propensity in &mut propensities {
        *propensity /= largest;
    }
    propensities
}

/// Which of `n` places are reached from the first one.
fn reached(n: usize, leads: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let (mut reached, mut open) = (vec![false; n], vec![0]);
    reached[0] = true;
    while let Some(from) = open.pop() {
        for (to, reached) in reached.iter_mut().enumerate() {
            if leads(from, to) && !*reached {
                *reached = true;
                open.push(to);
            }
        }
    }
    reached
}
