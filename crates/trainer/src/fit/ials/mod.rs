//! Implicit alternating least squares: what a shopper was on is a preference of 1, held with
//! confidence `1 + α·count`; everything else a preference of 0, held with confidence 1
//! (Hu, Koren & Volinsky 2008).

mod solve;

use super::linear::noise;
use super::{Epoch, Run, Watch};
use crate::features::Interactions;
use mercer::rng::Rng;
use ndarray::Array2;
use solve::{Weights, half_step};

/// How the factors are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates a vector, a multiple of 16.
    pub dim: usize,
    /// Times each side is solved.
    pub iterations: usize,
    /// `α`: how much each step on an item adds to the confidence in it, above 0.
    pub confidence: f32,
    /// `λ`, above 0.
    pub regularization: f64,
    /// Steps of conjugate gradient for a row of many cells.
    pub steps: usize,
    /// Where the start comes from.
    pub seed: u64,
    /// Threads to use; the result does not depend on it.
    pub threads: usize,
}

/// The two sides of a factorisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// `[n_sessions, dim]`.
    pub sessions: Array2<f32>,
    /// `[n_items, dim]`.
    pub items: Array2<f32>,
}

/// Alternates between the two sides, sessions first.
///
/// # Panics
/// If a setting is out of its range.
pub fn factorise(counts: &Interactions, settings: &Settings, watch: &dyn Watch) -> Factors {
    let Settings { dim, confidence, regularization, steps, threads, .. } = *settings;
    let weights = Weights { confidence, regularization, steps };
    let rng = Rng::new(settings.seed);
    let start = |n, stream| noise((n, dim), 0.01, &mut rng.fork(stream));
    let mut sessions = start(counts.sessions.n_rows(), 1);
    let mut items = start(counts.items.n_rows(), 2);
    let definite = "a sum of squares and a ridge above 0 is positive definite";
    for number in 1..=settings.iterations {
        let how = (&weights, threads);
        half_step(&counts.sessions, &mut sessions, &items, how).expect(definite);
        half_step(&counts.items, &mut items, &sessions, how).expect(definite);
        watch.progress(number as u64, settings.iterations as u64, f32::NAN);
        watch.epoch(&Epoch { run: Run::Fit, number, of: settings.iterations, loss: f64::NAN });
    }
    Factors { sessions, items }
}
