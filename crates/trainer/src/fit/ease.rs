//! EASE: every item as a weighted sum of the others (Steck 2019), cut to a few neighbours.
//!
//! With `G = XᵀX` over who was on what and `P = (G + λI)⁻¹`, the weights that rebuild each column
//! of `X` from the others with the least squared error and ridge `λ` are `B_ij = −P_ij / P_jj`
//! (their equation 8).
//!
//! `P` takes memory by the square and time by the cube of the catalogue. Above
//! [`Settings::most_items`] each column is rebuilt from the items it was met with most alone:
//! the same regression, `(G_cc + λI)·b = G_cj`, on those `c` (Ning & Karypis 2011, section III.D,
//! choose columns likewise). With every item chosen it is EASE itself.

use super::families::{Choices, Family, Fit, FitError, Lesson, check};
use super::linear::{factorise, inverse, share_out_with, substitute};
use super::session::SettingsError;
use super::{Epoch, Evidence, Fitted, NeighbourLists, Run, Watch};
use crate::features::Interactions;
use mercer::model::MAX_NEIGHBOURS;
use ndarray::Array2;
use serde_json::json;

/// EASE, cut to a few neighbours.
pub const FAMILY: Family = Family {
    name: "ease",
    about: "Every item from the others by ridge regression, a few neighbours each, no vectors",
    settings: &["ridge", "neighbours"],
    plan: |choices| Ok(Box::new(Settings::of(choices)?)),
};

/// Weight of each step of the session, newest first: each counts a fifth less than the one
/// after it.
const REACH: f32 = 0.8;
/// Newest steps of a session that are asked for their neighbours.
const MAX_STEPS: i32 = 20;

/// How the weights are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `λ`, above 0.
    pub ridge: f64,
    /// Neighbours kept an item, those with the largest weights.
    pub neighbours: usize,
    /// Largest catalogue that is inverted whole.
    pub most_items: usize,
    /// Items a column is rebuilt from where the catalogue is larger.
    pub candidates: usize,
    /// Threads to use; the result does not depend on it.
    pub threads: usize,
}

impl Settings {
    fn of(choices: &Choices) -> Result<Self, SettingsError> {
        let settings = Self {
            ridge: choices.ridge.unwrap_or(10.0),
            neighbours: choices.neighbours.unwrap_or(30),
            most_items: 4000,
            candidates: 100,
            threads: choices.threads,
        };
        let neighbours = (1..=MAX_NEIGHBOURS).contains(&settings.neighbours);
        check(&[
            ("ridge", "from 0.001 to 1000000", (1e-3..=1e6).contains(&settings.ridge)),
            ("neighbours", "from 1 to 255", neighbours),
        ])?;
        Ok(settings)
    }
}

impl Fit for Settings {
    fn settings(&self) -> serde_json::Value {
        json!({"ridge": self.ridge, "neighbours": self.neighbours})
    }

    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        let lists = neighbours(&Interactions::of(lesson.sequences), self, watch);
        let reach = (0..MAX_STEPS).map(|t| REACH.powi(t)).collect();
        Ok(Fitted::of_neighbours(NeighbourLists { lists, reach, evidence: Evidence::Sessions }))
    }
}

/// For each item the others that its presence speaks for: `(item, weight)`, weights above 0,
/// strongest first, `[n_items]`.
pub fn neighbours(
    cells: &Interactions,
    settings: &Settings,
    watch: &dyn Watch,
) -> Vec<Vec<(u32, f32)>> {
    let columns = if cells.items.n_rows() <= settings.most_items {
        whole(cells, settings)
    } else {
        by_column(cells, settings)
    };
    watch.progress(1, 1, f32::NAN);
    watch.epoch(&Epoch { run: Run::Fit, number: 1, of: 1, loss: f64::NAN });
    // A column holds what speaks for its item; a list what its item speaks for.
    let mut lists = vec![Vec::new(); columns.len()];
    for (target, column) in (0..).zip(&columns) {
        for &(item, weight) in column {
            lists[item as usize].push((target, weight));
        }
    }
    for list in &mut lists {
        list.sort_by(|a: &(u32, f32), b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(settings.neighbours);
    }
    lists
}

/// All of `B`, column by column, without what is not above 0.
#[expect(clippy::cast_possible_truncation, reason = "weights are packed in a byte")]
fn whole(cells: &Interactions, settings: &Settings) -> Vec<Vec<(u32, f32)>> {
    let n = cells.items.n_rows();
    let mut products = Array2::<f64>::zeros((n, n));
    for session in 0..cells.sessions.n_rows() {
        let items = cells.sessions.columns(session);
        for &i in items {
            for &j in items {
                products[[i as usize, j as usize]] += 1.0;
            }
        }
    }
    products.diag_mut().mapv_inplace(|x| x + settings.ridge);
    let inverse = inverse(&products.view()).expect("counts of pairs and a ridge above 0");
    let weight = |i: usize, j: usize| (-inverse[[i, j]] / inverse[[j, j]]) as f32;
    let column = |j: usize| {
        let rows = (0..n).filter(|&i| i != j).map(|i| (i as u32, weight(i, j)));
        rows.filter(|(_, weight)| *weight > 0.0).collect()
    };
    (0..n).map(column).collect()
}

/// Each column from the items it was met with most.
fn by_column(cells: &Interactions, settings: &Settings) -> Vec<Vec<(u32, f32)>> {
    let n = cells.items.n_rows();
    let together = together(cells, settings.threads);
    let mut columns = vec![Vec::new(); n];
    share_out_with(
        &mut columns,
        16,
        settings.threads,
        || (),
        |(), first, part| {
            for (item, column) in (first..).zip(part) {
                *column = regress(cells, &together, item, settings);
            }
        },
    );
    columns
}

/// How many sessions hold both items, for every pair that any does, ascending by the second.
fn together(cells: &Interactions, threads: usize) -> Vec<Vec<(u32, u32)>> {
    let n = cells.items.n_rows();
    let mut pairs = vec![Vec::new(); n];
    share_out_with(
        &mut pairs,
        64,
        threads,
        || vec![0_u32; n],
        |counts, first, part| {
            for (item, found) in (first..).zip(part) {
                let mut met: Vec<u32> = Vec::new();
                for &session in cells.items.columns(item) {
                    for &other in cells.sessions.columns(session as usize) {
                        if counts[other as usize] == 0 {
                            met.push(other);
                        }
                        counts[other as usize] += 1;
                    }
                }
                met.sort_unstable();
                *found = met
                    .iter()
                    .map(|&other| (other, std::mem::take(&mut counts[other as usize])))
                    .collect();
            }
        },
    );
    pairs
}

/// The ridge regression of one column on its candidates.
#[expect(clippy::cast_possible_truncation, reason = "weights are packed in a byte")]
#[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
fn regress(
    cells: &Interactions,
    together: &[Vec<(u32, u32)>],
    item: usize,
    settings: &Settings,
) -> Vec<(u32, f32)> {
    let mut chosen: Vec<(u32, u32)> =
        together[item].iter().copied().filter(|(other, _)| *other as usize != item).collect();
    chosen.sort_by_key(|&(other, count)| (std::cmp::Reverse(count), other));
    chosen.truncate(settings.candidates);
    chosen.sort_unstable();
    let n = chosen.len();
    let mut system = vec![0.0; n * n];
    for (row, &(other, _)) in chosen.iter().enumerate() {
        let mut pairs = together[other as usize].iter().peekable();
        for (column, &(candidate, _)) in chosen[..=row].iter().enumerate() {
            while pairs.next_if(|(met, _)| *met < candidate).is_some() {}
            let count = pairs.peek().filter(|(met, _)| *met == candidate).map_or(0, |pair| pair.1);
            system[row * n + column] = f64::from(count);
        }
        system[row * n + row] = cells.items.columns(other as usize).len() as f64 + settings.ridge;
    }
    let mut weights: Vec<f64> = chosen.iter().map(|&(_, count)| f64::from(count)).collect();
    assert!(factorise(&mut system, n), "counts of pairs and a ridge above 0");
    substitute(&system, &mut weights);
    let pairs = chosen.iter().zip(weights).map(|(&(other, _), weight)| (other, weight as f32));
    pairs.filter(|(_, weight)| *weight > 0.0).collect()
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "small counts")]
mod tests {
    use super::*;
    use crate::features::Sparse;
    use crate::fit::Unwatched;
    use mercer::rng::Rng;

    fn world() -> Interactions {
        let mut rng = Rng::new(8);
        let mut triples = Vec::new();
        for row in 0..300 {
            for _ in 0..4 {
                triples.push((row, (row % 4 * 6 + rng.below(9)) % 24, 1.0));
            }
        }
        let sessions = Sparse::sum(300, 24, triples.into_iter());
        let binary = sessions.cells().map(|(row, item, _)| (row, item as usize, 1.0));
        let sessions = Sparse::sum(300, 24, binary);
        Interactions { items: sessions.transposed(), sessions }
    }

    fn settings() -> Settings {
        Settings { ridge: 5.0, neighbours: 24, most_items: 24, candidates: 24, threads: 2 }
    }

    /// Column `j` of B by ridge regression on all other columns, as equation 3 poses it.
    fn regression(world: &Interactions, j: usize) -> Vec<f64> {
        let others: Vec<usize> = (0..24).filter(|&i| i != j).collect();
        let count = |a: usize, b: usize| {
            let holds = |row: usize, item: usize| {
                world.sessions.columns(row).contains(&u32::try_from(item).unwrap())
            };
            (0..300).filter(|&row| holds(row, a) && holds(row, b)).count() as f64
        };
        let n = others.len();
        let mut system: Vec<f64> = others
            .iter()
            .flat_map(|&a| others.iter().map(move |&b| (a, b)))
            .map(|(a, b)| count(a, b))
            .collect();
        (0..n).for_each(|k| system[k * n + k] += 5.0);
        let mut b: Vec<f64> = others.iter().map(|&i| count(i, j)).collect();
        assert!(factorise(&mut system, n));
        substitute(&system, &mut b);
        b.insert(j, 0.0);
        b
    }

    #[test]
    fn both_ways_give_the_ridge_regression_on_all_other_items() {
        let world = world();
        let one = neighbours(&world, &settings(), &Unwatched);
        let other = neighbours(&world, &Settings { most_items: 1, ..settings() }, &Unwatched);
        for target in 0..24_u32 {
            let expected = regression(&world, target as usize);
            for item in 0..24 {
                for (lists, tolerance) in [(&one, 1e-5), (&other, 0.03)] {
                    let found = lists[item].iter().find(|(other, _)| *other == target);
                    let found = found.map_or(0.0, |(_, weight)| f64::from(*weight));
                    let expected = expected[item].max(0.0);
                    // Candidates that were never met with the target have weights all the same.
                    assert!(
                        (found - expected).abs() < tolerance,
                        "{item} → {target}: {found}, {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_strongest_neighbours_are_kept() {
        let all = neighbours(&world(), &settings(), &Unwatched);
        let few = neighbours(&world(), &Settings { neighbours: 3, ..settings() }, &Unwatched);
        for (all, few) in all.iter().zip(few) {
            assert_eq!(all[..all.len().min(3)], few);
        }
    }
}
