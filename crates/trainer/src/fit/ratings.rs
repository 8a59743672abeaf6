//! Ratings by factors and biases, with the least squared error (Koren, Bell & Volinsky 2009,
//! equations 4 and 5): `r̂ = μ + s·ẑ`, `ẑ = b_u + b_i + p_u·q_i`, with the mean `μ` of all
//! ratings and a star `s` ([`RatingScale`]). For each rating, with `e = (r − μ)/s − ẑ`,
//!
//! ```text
//! b_u += η·(e − λ·b_u)        p_u += η·(e·q_i − λ·p_u)
//! b_i += η·(e − λ·b_i)        q_i += η·(e·p_u − λ·q_i)
//! ```

use super::blocks::{Block, Sides, epoch};
use super::families::{Choices, Family, Fit, FitError, Lesson, check};
use super::lanes::dot;
use super::linear::noise;
use super::session::SettingsError;
use super::{Epoch, Factors, Fitted, Lengths, Run, Watch};
use crate::features::Ratings;
use crate::stars::RatingScale;
use mercer::model::{FoldIn, InterestRule};
use mercer::rng::Rng;
use mercer::types::EventKind;
use ndarray::{Array2, Axis};
use pulp::{Arch, Simd, WithSimd};
use serde_json::json;

/// Ratings by factors and biases.
pub const FAMILY: Family = Family {
    name: "ratings",
    about: "Factors and biases of explicit ratings; needs a `rating` column",
    settings: &["dim", "epochs", "rate", "ridge"],
    plan: |choices| Ok(Box::new(Settings::of(choices)?)),
};

/// How the factors are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates a vector.
    pub dim: usize,
    /// Passes over the ratings.
    pub epochs: usize,
    /// `η`, above 0.
    pub rate: f32,
    /// `λ`, at least 0.
    pub ridge: f32,
    /// Where every random number comes from.
    pub seed: u64,
    /// Threads to use; part of what fixes the result.
    pub threads: usize,
}

/// What came out: `r̂ = mean + star·(user bias + item bias + user·item)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// `μ` and `s`.
    pub scale: RatingScale,
    /// `[n_users, dim]`.
    pub users: Array2<f32>,
    /// `[n_users]`.
    pub user_biases: Vec<f32>,
    /// `[n_items, dim]`.
    pub items: Array2<f32>,
    /// `[n_items]`.
    pub item_biases: Vec<f32>,
    /// Root of the mean squared error of the last pass, in stars.
    pub error: f64,
}

impl Learned {
    /// `r̂` of a user and an item of the training part, in the units of the ratings.
    pub fn predict(&self, user: usize, item: usize) -> f64 {
        let likeness = self.users.row(user).dot(&self.items.row(item));
        self.scale.rating(self.user_biases[user] + self.item_biases[item] + likeness)
    }
}

/// Coordinates beside the vector: the bias, padded to lanes.
const BESIDE: usize = 16;
/// Newest steps of a session that are folded in.
const MAX_STEPS: usize = 20;

impl Settings {
    fn of(choices: &Choices) -> Result<Self, SettingsError> {
        #[expect(clippy::cast_possible_truncation, reason = "a setting of a few digits")]
        let settings = Self {
            dim: choices.dim()?,
            epochs: choices.epochs.unwrap_or(20),
            rate: choices.rate.unwrap_or(0.005),
            ridge: choices.ridge.unwrap_or(0.02) as f32,
            seed: choices.seed,
            threads: choices.threads,
        };
        check(&[
            ("epochs", "at least 1", settings.epochs >= 1),
            ("rate", "above 0 and at most 0.1", settings.rate > 0.0 && settings.rate <= 0.1),
            ("ridge", "from 0 to 10", (0.0..=10.0).contains(&settings.ridge)),
        ])?;
        Ok(settings)
    }
}

impl Fit for Settings {
    fn settings(&self) -> serde_json::Value {
        json!({"dim": self.dim, "epochs": self.epochs, "rate": self.rate, "ridge": self.ridge})
    }

    /// The factors stay on the scale of the fit, whatever the shop rates by. A visit is folded
    /// in as if everything in it had been rated one error of the fit above what item and shopper
    /// let expect.
    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        let ratings = lesson.ratings.ok_or(FitError::NoRatings)?;
        if ratings.scale.star <= 0.0 {
            return Err(FitError::EqualRatings);
        }
        let learned = factorise(ratings, self, watch);
        #[expect(clippy::cast_precision_loss, reason = "a handful of steps")]
        let ridge = (self.ridge * MAX_STEPS as f32).max(1e-3);
        #[expect(clippy::cast_possible_truncation, reason = "a weight")]
        let pull = learned.error.max(1e-3) as f32;
        let rule = FoldIn {
            ridge,
            confidence: [1.0; EventKind::ALL.len()],
            pull: [pull; EventKind::ALL.len()],
            ..FoldIn::sum(MAX_STEPS)
        };
        Ok(Fitted::of_factors(Factors {
            vectors: learned.items,
            lengths: Lengths::Kept,
            biases: learned.item_biases,
            interest: InterestRule::FoldIn(rule),
        }))
    }
}

/// Learns from ratings that are not all equal.
pub fn factorise(ratings: &Ratings, settings: &Settings, watch: &dyn Watch) -> Learned {
    let (dim, width, cells) = (settings.dim, settings.dim + BESIDE, &ratings.cells);
    let rng = Rng::new(settings.seed);
    let start = |n, stream| {
        let mut side = Array2::zeros((n, width));
        let vectors = noise((n, dim), 0.1, &mut rng.fork(stream));
        side.slice_axis_mut(Axis(1), (0..dim).into()).assign(&vectors);
        side
    };
    let mut sides = Sides { rows: start(cells.n_rows(), 1), items: start(cells.n_columns(), 2) };
    let (mut draws, arch, mut error) = (rng.fork(3), Arch::new(), 0.0);
    for number in 1..=settings.epochs {
        let work =
            |block: Block<'_>| arch.dispatch(Steps { block, scale: ratings.scale, settings });
        let squares = epoch(cells, &mut sides, (settings.threads, &mut draws), work);
        #[expect(clippy::cast_precision_loss, reason = "a mean")]
        let loss = squares / cells.n_cells().max(1) as f64;
        error = loss.sqrt();
        #[expect(clippy::cast_possible_truncation, reason = "shown, not computed with")]
        watch.progress(number as u64, settings.epochs as u64, loss as f32);
        watch.epoch(&Epoch { run: Run::Fit, number, of: settings.epochs, loss });
    }
    let vectors = |side: &Array2<f32>| side.slice_axis(Axis(1), (0..dim).into()).to_owned();
    Learned {
        scale: ratings.scale,
        users: vectors(&sides.rows),
        user_biases: sides.rows.column(dim).to_vec(),
        items: vectors(&sides.items),
        item_biases: sides.items.column(dim).to_vec(),
        error,
    }
}

/// The steps of one block.
struct Steps<'a> {
    block: Block<'a>,
    scale: RatingScale,
    settings: &'a Settings,
}

impl WithSimd for Steps<'_> {
    type Output = f64;

    /// Gives the sum of squared errors as they were met.
    #[expect(
        clippy::inline_always,
        reason = "what is inlined takes on the registers of its caller"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let Self { block: Block { rows, items, cells, .. }, scale, settings } = self;
        let width = settings.dim + BESIDE;
        let mut squares = 0.0;
        for cell in cells {
            let p = &mut rows[cell.row as usize * width..][..width];
            let q = &mut items[cell.item as usize * width..][..width];
            let error = f64::from(step(p, q, scale.stars(cell.value), settings));
            squares += error * error;
        }
        squares
    }
}

/// One step down; gives the error before it. `rating` is in stars above the mean.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn step(p: &mut [f32], q: &mut [f32], rating: f32, settings: &Settings) -> f32 {
    let (dim, rate) = (settings.dim, settings.rate);
    let decay = 1.0 - rate * settings.ridge;
    let error = rating - p[dim] - q[dim] - dot(&p[..dim], &q[..dim]);
    let pace = rate * error;
    for (p, q) in p[..dim].iter_mut().zip(&mut q[..dim]) {
        let old = *p;
        *p = decay * *p + pace * *q;
        *q = decay * *q + pace * old;
    }
    p[dim] = decay * p[dim] + pace;
    q[dim] = decay * q[dim] + pace;
    error
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "planted numbers")]
#[expect(clippy::cast_precision_loss, reason = "small counts")]
mod tests {
    use super::*;
    use crate::features::Sparse;
    use crate::fit::Unwatched;

    fn settings(threads: usize) -> Settings {
        Settings { dim: 16, epochs: 120, rate: 0.02, ridge: 0.02, seed: 1, threads }
    }

    /// Ratings of 120 users and 60 items by a world of rank 2 with noise of 0.2; every fifth
    /// is held out.
    fn world() -> (Ratings, Vec<(usize, usize, f32)>) {
        let mut rng = Rng::new(11);
        let side = |n, rng: &mut Rng| noise((n, 3), 0.6, rng);
        let (users, items) = (side(120, &mut rng), side(60, &mut rng));
        let (mut triples, mut held_out) = (Vec::new(), Vec::new());
        for user in 0..120 {
            for item in 0..60 {
                let likeness: f32 = (0..2).map(|k| users[[user, k]] * items[[item, k]]).sum();
                let biases = users[[user, 2]] + items[[item, 2]];
                let rating = 3.0 + biases + likeness + 0.2 * rng.normal() as f32;
                match rng.below(5) {
                    0 => held_out.push((user, item, rating)),
                    1 | 2 => triples.push((user, item, rating)),
                    _ => {}
                }
            }
        }
        (Ratings::of(Sparse::sum(120, 60, triples.into_iter())).unwrap(), held_out)
    }

    #[test]
    fn a_planted_world_is_recovered() {
        let (ratings, held_out) = world();
        for threads in [1, 2] {
            let learned = factorise(&ratings, &settings(threads), &Unwatched);
            let square = |&(user, item, rating): &(usize, usize, f32)| {
                (learned.predict(user, item) - f64::from(rating)).powi(2)
            };
            let error = (held_out.iter().map(square).sum::<f64>() / held_out.len() as f64).sqrt();
            // The noise alone is 0.2; the deviation of all ratings about 0.95.
            assert!(error < 0.33, "{error} on {threads} threads");
        }
    }

    #[test]
    fn a_step_goes_down_the_gradient() {
        let settings = Settings { rate: 1e-3, ridge: 0.3, ..settings(1) };
        let mut rng = Rng::new(2);
        let mut vector = || -> Vec<f64> { (0..17).map(|_| rng.normal() * 0.5).collect() };
        let before = [vector(), vector()];
        let loss = |x: &[Vec<f64>; 2]| {
            let dot: f64 = x[0][..16].iter().zip(&x[1]).map(|(p, q)| p * q).sum();
            let error = 0.7 - x[0][16] - x[1][16] - dot;
            let square: f64 = x.iter().flatten().map(|x| x * x).sum();
            0.5 * error * error + 0.15 * square
        };
        let pad = |x: &Vec<f64>| -> Vec<f32> {
            x.iter().map(|&x| x as f32).chain([0.0; BESIDE - 1]).collect()
        };
        let [mut p, mut q] = [pad(&before[0]), pad(&before[1])];
        step(&mut p, &mut q, 0.7, &settings);
        for (which, after) in [p, q].iter().enumerate() {
            for at in 0..17 {
                let moved = |by: f64| {
                    let mut x = before.clone();
                    x[which][at] += by;
                    loss(&x)
                };
                let gradient = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                let went = (f64::from(after[at]) - before[which][at]) / 1e-3;
                assert!((gradient + went).abs() < 2e-3, "{which}, {at}: {gradient}, {went}");
            }
        }
    }

    #[test]
    fn the_same_seed_and_threads_give_the_same_numbers() {
        let learn = || factorise(&world().0, &Settings { epochs: 3, ..settings(2) }, &Unwatched);
        assert_eq!(learn(), learn());
    }
}
