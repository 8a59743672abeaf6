//! Bayesian personalised ranking: what a shopper was on should score above what not
//! (Rendle, Freudenthaler, Gantner & Schmidt-Thieme 2009).
//!
//! With session vectors `p`, item vectors `q` and item biases `b`, for an item `i` of session
//! `u` and an item `j` drawn from those outside it, the ascent on their equation BPR-OPT is
//!
//! ```text
//! x = p_u·(q_i − q_j) + b_i − b_j        g = 1 / (1 + eˣ)
//! p_u += η·(g·(q_i − q_j) − λ·p_u)       b_i += η·(g − λ·b_i)
//! q_i += η·(g·p_u − λ·q_i)               b_j −= η·(g + λ·b_j)
//! q_j −= η·(g·p_u + λ·q_j)
//! ```

use super::blocks::{Block, Sides, epoch};
use super::families::{Choices, Family, Fit, FitError, Lesson, check, decimal};
use super::lanes::dot;
use super::linear::noise;
use super::session::SettingsError;
use super::{Epoch, Fitted, Lengths, Run, Watch};
use crate::features::{Interactions, Sparse};
use mercer::model::{FoldIn, InterestRule};
use mercer::rng::Rng;
use mercer::types::EventKind;
use ndarray::{Array2, Axis};
use pulp::{Arch, Simd, WithSimd};
use serde_json::json;

/// Bayesian personalised ranking.
pub const FAMILY: Family = Family {
    name: "bpr",
    about: "Bayesian personalised ranking: what was looked at above what was not",
    settings: &["dim", "epochs", "rate", "ridge"],
    plan: |choices| Ok(Box::new(Settings::of(choices)?)),
};

/// Newest steps of a session that are folded in.
const MAX_STEPS: usize = 20;

/// How the items that should score lower are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Negatives {
    /// Every item alike, as in the paper.
    Uniform,
    /// By how often they were met: the item of another cell. Harder, and kinder to the tail.
    ByPopularity,
}

/// How the factors are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates a vector.
    pub dim: usize,
    /// Passes over the cells.
    pub epochs: usize,
    /// `η`, above 0.
    pub rate: f32,
    /// `λ`, at least 0.
    pub ridge: f32,
    /// How the items that should score lower are drawn.
    pub negatives: Negatives,
    /// Where every random number comes from.
    pub seed: u64,
    /// Threads to use; part of what fixes the result.
    pub threads: usize,
}

/// What came out: `score = session·item + bias`.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// `[n_sessions, dim]`.
    pub sessions: Array2<f32>,
    /// `[n_items, dim]`.
    pub items: Array2<f32>,
    /// `[n_items]`.
    pub biases: Vec<f32>,
}

impl Settings {
    fn of(choices: &Choices) -> Result<Self, SettingsError> {
        #[expect(clippy::cast_possible_truncation, reason = "a setting of a few digits")]
        let settings = Self {
            dim: choices.dim()?,
            epochs: choices.epochs.unwrap_or(60),
            rate: choices.rate.unwrap_or(0.05),
            ridge: choices.ridge.unwrap_or(0.01) as f32,
            negatives: Negatives::Uniform,
            seed: choices.seed,
            threads: choices.threads,
        };
        check(&[
            ("epochs", "at least 1", settings.epochs >= 1),
            ("rate", "above 0 and at most 1", settings.rate > 0.0 && settings.rate <= 1.0),
            ("ridge", "from 0 to 1", (0.0..=1.0).contains(&settings.ridge)),
        ])?;
        Ok(settings)
    }
}

impl Fit for Settings {
    fn settings(&self) -> serde_json::Value {
        let (rate, ridge) = (decimal(self.rate), decimal(self.ridge));
        json!({"dim": self.dim, "epochs": self.epochs, "rate": rate, "ridge": ridge})
    }

    /// A visit is the sum of its items' vectors times the one number that brings such sums
    /// closest to the session vectors that were learned.
    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        let cells = Interactions::of(lesson.sequences).sessions;
        let Factors { sessions, items, biases } = factorise(&cells, self, watch);
        let pull = scale(&cells, &sessions, &items);
        let rule = FoldIn { pull: [pull; EventKind::ALL.len()], ..FoldIn::sum(MAX_STEPS) };
        Ok(Fitted::of_factors(super::Factors {
            vectors: items,
            lengths: Lengths::Kept,
            biases,
            interest: InterestRule::FoldIn(rule),
        }))
    }
}

/// The `s` with the least `Σ_u |p_u − s·Σ_{i ∈ u} q_i|²`; 1 where no `s` above 0 is better than
/// none.
#[expect(clippy::cast_possible_truncation, reason = "a weight")]
fn scale(cells: &Sparse, sessions: &Array2<f32>, items: &Array2<f32>) -> f32 {
    let (mut product, mut square) = (0.0, 0.0);
    for row in 0..cells.n_rows() {
        let mut sum = ndarray::Array1::<f32>::zeros(items.ncols());
        for &item in cells.columns(row) {
            sum += &items.row(item as usize);
        }
        product += f64::from(sum.dot(&sessions.row(row)));
        square += f64::from(sum.dot(&sum));
    }
    let scale = (product / square) as f32;
    if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
}

/// Coordinates beside the vector: 1 for a session, the bias for an item; padded to lanes.
const BESIDE: usize = 16;

/// Learns from `cells`, `[n_sessions, n_items]`; how often an item was met does not count.
pub fn factorise(cells: &Sparse, settings: &Settings, watch: &dyn Watch) -> Factors {
    let (dim, width) = (settings.dim, settings.dim + BESIDE);
    let rng = Rng::new(settings.seed);
    #[expect(clippy::cast_precision_loss, reason = "a handful of coordinates")]
    let deviation = 1.0 / (12.0_f64.sqrt() * dim as f64);
    let start = |n, stream| {
        let mut side = Array2::zeros((n, width));
        let vectors = noise((n, dim), deviation, &mut rng.fork(stream));
        side.slice_axis_mut(Axis(1), (0..dim).into()).assign(&vectors);
        side
    };
    let mut sides = Sides { rows: start(cells.n_rows(), 1), items: start(cells.n_columns(), 2) };
    let mut draws = rng.fork(3);
    let arch = Arch::new();
    for number in 1..=settings.epochs {
        let work = |block: Block<'_>| arch.dispatch(Steps { block, cells, settings });
        let losses = epoch(cells, &mut sides, (settings.threads, &mut draws), work);
        #[expect(clippy::cast_precision_loss, reason = "a mean that is shown")]
        let loss = losses / cells.n_cells().max(1) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "shown, not computed with")]
        watch.progress(number as u64, settings.epochs as u64, loss as f32);
        watch.epoch(&Epoch { run: Run::Fit, number, of: settings.epochs, loss });
    }
    let vectors = |side: &Array2<f32>| side.slice_axis(Axis(1), (0..dim).into()).to_owned();
    Factors {
        sessions: vectors(&sides.rows),
        biases: sides.items.column(dim).to_vec(),
        items: vectors(&sides.items),
    }
}

/// The steps of one block.
struct Steps<'a> {
    block: Block<'a>,
    cells: &'a Sparse,
    settings: &'a Settings,
}

impl WithSimd for Steps<'_> {
    type Output = f64;

    /// Gives the sum of `−ln σ(x)`, in nats.
    #[expect(
        clippy::inline_always,
        reason = "what is inlined takes on the registers of its caller"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let Self { block, cells, settings } = self;
        let Block { rows, items, cells: here, names, first_row, mut rng } = block;
        let width = settings.dim + BESIDE;
        let mut loss = 0.0;
        for cell in here {
            let other = match settings.negatives {
                Negatives::Uniform => rng.below(names.len()),
                Negatives::ByPopularity => here[rng.below(here.len())].item as usize,
            };
            // An item of the session is no negative; the paper draws again, which hardly ever
            // happens and for a session of everything would never end.
            if cells.columns(first_row + cell.row as usize).binary_search(&names[other]).is_ok() {
                continue;
            }
            let p = &mut rows[cell.row as usize * width..][..width];
            let (q, n) = pair(items, cell.item as usize * width, other * width, width);
            loss += f64::from(step(p, q, n, settings));
        }
        loss
    }
}

/// Two different vectors of one matrix.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn pair(items: &mut [f32], a: usize, b: usize, width: usize) -> (&mut [f32], &mut [f32]) {
    if a < b {
        let (low, high) = items.split_at_mut(b);
        (&mut low[a..a + width], &mut high[..width])
    } else {
        let (low, high) = items.split_at_mut(a);
        (&mut high[..width], &mut low[b..b + width])
    }
}

/// One step of the ascent; gives `−ln σ(x)` before it.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn step(p: &mut [f32], q: &mut [f32], n: &mut [f32], settings: &Settings) -> f32 {
    let (dim, rate) = (settings.dim, settings.rate);
    let (decay, x) = (1.0 - rate * settings.ridge, dot(p, q) - dot(p, n));
    let x = x + q[dim] - n[dim];
    let pace = rate / (1.0 + x.exp());
    for ((p, q), n) in p[..dim].iter_mut().zip(&mut q[..dim]).zip(&mut n[..dim]) {
        let (old_p, difference) = (*p, *q - *n);
        *p = decay * *p + pace * difference;
        *q = decay * *q + pace * old_p;
        *n = decay * *n - pace * old_p;
    }
    q[dim] = decay * q[dim] + pace;
    n[dim] = decay * n[dim] - pace;
    (-x).exp().ln_1p()
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
mod tests {
    use super::*;
    use crate::fit::Unwatched;

    fn settings(threads: usize) -> Settings {
        Settings {
            dim: 16,
            epochs: 60,
            rate: 0.05,
            ridge: 0.002,
            negatives: Negatives::Uniform,
            seed: 1,
            threads,
        }
    }

    /// `ln σ(x) − λ/2·|θ|²` of one triple, in `f64`.
    fn objective(p: &[f64], q: &[f64], n: &[f64], lambda: f64) -> f64 {
        let dim = p.len() - 1;
        let likeness = |q: &[f64]| p.iter().take(dim).zip(q).map(|(p, q)| p * q).sum::<f64>();
        let x = likeness(q) - likeness(n) + q[dim] - n[dim];
        let square: f64 = p[..dim].iter().chain(q).chain(n).map(|x| x * x).sum();
        -(-x).exp().ln_1p() - lambda / 2.0 * square
    }

    #[test]
    fn a_step_climbs_the_gradient() {
        let settings = Settings { rate: 1e-3, ridge: 0.1, ..settings(1) };
        let mut rng = Rng::new(9);
        let mut vector =
            |last: f64| -> Vec<f64> { (0..16).map(|_| rng.normal() * 0.4).chain([last]).collect() };
        let before = [vector(0.0), vector(0.3), vector(-0.2)];
        let mut after: Vec<Vec<f32>> = before
            .iter()
            .map(|x| x.iter().map(|&x| x as f32).chain([0.0; BESIDE - 1]).collect())
            .collect();
        let [p, q, n] = &mut after[..] else { unreachable!("three vectors") };
        step(p, q, n, &settings);
        for which in 0..3 {
            for at in 0..16 + usize::from(which > 0) {
                let moved = |by: f64| {
                    let mut x = before.clone();
                    x[which][at] += by;
                    objective(&x[0], &x[1], &x[2], 0.1)
                };
                let gradient = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                let went = (f64::from(after[which][at]) - before[which][at]) / 1e-3;
                assert!((gradient - went).abs() < 2e-3, "{which}, {at}: {gradient}, {went}");
            }
        }
    }

    /// Sessions of two groups of items that never mix.
    fn groups() -> Sparse {
        let mut rng = Rng::new(4);
        let mut triples = Vec::new();
        for row in 0..200 {
            for _ in 0..6 {
                triples.push((row, row % 2 * 20 + rng.below(20), 1.0));
            }
        }
        Sparse::sum(200, 40, triples.into_iter())
    }

    #[test]
    fn planted_groups_are_told_apart() {
        for (threads, negatives) in [(1, Negatives::Uniform), (2, Negatives::ByPopularity)] {
            let settings = Settings { negatives, ..settings(threads) };
            let Factors { sessions, items, biases } = factorise(&groups(), &settings, &Unwatched);
            let scores = sessions.dot(&items.t());
            let mean = |row: usize, group: usize| -> f32 {
                (0..20).map(|k| scores[[row, group * 20 + k]] + biases[group * 20 + k]).sum()
            };
            let right = (0..200).filter(|&row| mean(row, row % 2) > mean(row, 1 - row % 2));
            assert_eq!(right.count(), 200, "{negatives:?} on {threads} threads");
        }
    }

    #[test]
    fn the_same_seed_and_threads_give_the_same_numbers() {
        let learn = |seed, threads| {
            let settings = Settings { seed, epochs: 3, ..settings(threads) };
            factorise(&groups(), &settings, &Unwatched)
        };
        assert_eq!(learn(1, 2), learn(1, 2));
        assert_ne!(learn(1, 2), learn(2, 2));
    }
}
