//! Truncated singular value decomposition of who was on what (`PureSVD`: Cremonesi, Koren &
//! Turrin 2010): with `X ≈ U·Σ·Vᵀ`, a session `x` scores every item by `x·V·Vᵀ`, so the rows of
//! `V` are the item vectors and a session is the plain sum of those it stands on. A cell is 1
//! however often the shopper was there.
//!
//! `V` comes from a randomised range finder with power iterations (Halko, Martinsson & Tropp
//! 2011, algorithms 4.4 and 5.1).

use super::families::{Choices, Family, Fit, FitError, Lesson, check};
use super::linear::{eigen, gram, inverse_factor, noise, times};
use super::session::SettingsError;
use super::{Epoch, Factors, Fitted, Lengths, Run, Watch};
use crate::features::Interactions;
use mercer::model::{FoldIn, InterestRule};
use mercer::rng::Rng;
use ndarray::{Array2, Axis};
use serde_json::json;

/// Truncated singular value decomposition.
pub const FAMILY: Family = Family {
    name: "svd",
    about: "Truncated singular value decomposition, a visit as a plain sum",
    settings: &["dim", "epochs"],
    plan: |choices| Ok(Box::new(Settings::of(choices)?)),
};

/// Newest steps of a session that are summed.
const MAX_STEPS: usize = 20;

/// How the factors are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates a vector; those beyond the rank of the matrix are 0.
    pub dim: usize,
    /// Power iterations: each sharpens the range that was found.
    pub epochs: usize,
    /// Where the start comes from.
    pub seed: u64,
    /// Threads to use; the result does not depend on it.
    pub threads: usize,
}

/// Directions looked at beyond those asked for.
const BEYOND: usize = 16;
/// A singular value so much smaller than the largest is rounding.
const NOTHING: f64 = 1e-5;

impl Settings {
    fn of(choices: &Choices) -> Result<Self, SettingsError> {
        let epochs = choices.epochs.unwrap_or(8);
        check(&[("epochs", "at least 1", epochs >= 1)])?;
        let (seed, threads) = (choices.seed, choices.threads);
        Ok(Self { dim: choices.dim()?, epochs, seed, threads })
    }
}

impl Fit for Settings {
    fn settings(&self) -> serde_json::Value {
        json!({"dim": self.dim, "epochs": self.epochs})
    }

    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        let (vectors, _) = factorise(&Interactions::of(lesson.sequences), self, watch);
        Ok(Fitted::of_factors(Factors {
            biases: vec![0.0; vectors.nrows()],
            vectors,
            lengths: Lengths::Kept,
            interest: InterestRule::FoldIn(FoldIn::sum(MAX_STEPS)),
        }))
    }
}

/// The right singular vectors, `[n_items, dim]`, strongest first, and the singular values,
/// `[dim]`.
pub fn factorise(
    cells: &Interactions,
    settings: &Settings,
    watch: &dyn Watch,
) -> (Array2<f32>, Vec<f64>) {
    let Settings { dim, epochs, seed, threads } = *settings;
    let (sessions, items) = (&cells.sessions, &cells.items);
    let width = (dim + BEYOND).min(items.n_rows()).min(sessions.n_rows());
    let mut range = noise((items.n_rows(), width), 1.0, &mut Rng::new(seed));
    for number in 1..=epochs {
        range = times(items, &times(sessions, &orthonormal(range, threads), threads), threads);
        watch.progress(number as u64, epochs as u64, f32::NAN);
        watch.epoch(&Epoch { run: Run::Fit, number, of: epochs, loss: f64::NAN });
    }
    let range = orthonormal(range, threads);
    let (values, turns) = eigen(&gram(&times(sessions, &range, threads), threads));
    let least = values.first().copied().unwrap_or(0.0) * NOTHING * NOTHING;
    let kept = values.iter().take(dim).filter(|&&value| value > least).count();
    #[expect(clippy::cast_possible_truncation, reason = "vectors are held in f32")]
    let turns = turns.mapv(|x| x as f32);
    let mut vectors = Array2::zeros((items.n_rows(), dim));
    vectors
        .slice_axis_mut(Axis(1), (0..kept).into())
        .assign(&range.dot(&turns.slice_axis(Axis(1), (0..kept).into())));
    let mut strengths: Vec<f64> = values.into_iter().take(kept).map(f64::sqrt).collect();
    strengths.resize(dim, 0.0);
    (vectors, strengths)
}

/// Columns of length 1 at right angles that span the same space: `Y·L⁻ᵀ` with `YᵀY = L·Lᵀ`,
/// twice, because once leaves the rounding of `YᵀY` behind. A little is added to the diagonal,
/// so that columns that depend on the others become short and not noise.
fn orthonormal(mut y: Array2<f32>, threads: usize) -> Array2<f32> {
    for _ in 0..2 {
        let mut products = gram(&y, threads);
        let ridge = products.diag().sum().max(f64::MIN_POSITIVE) * 1e-6;
        products.diag_mut().mapv_inplace(|x| x + ridge);
        let inverse = inverse_factor(&products).expect("a sum of squares and a ridge");
        #[expect(clippy::cast_possible_truncation, reason = "vectors are held in f32")]
        let inverse = inverse.mapv(|x| x as f32);
        y = y.dot(&inverse.t());
    }
    y
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "planted numbers")]
mod tests {
    use super::*;
    use crate::features::Sparse;
    use crate::fit::Unwatched;

    fn world(n_sessions: usize, groups: usize) -> Interactions {
        let mut rng = Rng::new(6);
        let mut triples = Vec::new();
        for row in 0..n_sessions {
            for _ in 0..5 {
                triples.push((row, row % groups * 10 + rng.below(10), 1.0));
            }
        }
        let sessions = Sparse::sum(n_sessions, groups * 10, triples.into_iter());
        Interactions { items: sessions.transposed(), sessions }
    }

    fn settings() -> Settings {
        Settings { dim: 16, epochs: 8, seed: 1, threads: 2 }
    }

    #[test]
    fn singular_vectors_are_those_of_the_dense_matrix() {
        let world = world(120, 3);
        let (vectors, values) = factorise(&world, &settings(), &Unwatched);
        let mut dense = Array2::<f32>::zeros((120, 30));
        world.sessions.cells().for_each(|(row, item, _)| dense[[row, item as usize]] = 1.0);
        let (squares, _) = eigen(&dense.t().dot(&dense).mapv(f64::from));
        for k in 0..16 {
            assert!((values[k] - squares[k].sqrt()).abs() < 2e-2 * squares[0].sqrt(), "{k}");
        }
        // XᵀX·v = σ²·v for the three that stand out.
        let image = dense.t().dot(&dense.dot(&vectors));
        for (k, value) in values.iter().take(3).enumerate() {
            let square = (value * value) as f32;
            let expected = &vectors.column(k) * square;
            let error = (&image.column(k) - &expected).mapv(|x| x * x).sum().sqrt();
            assert!(error < 1e-2 * square, "{k}: {error}");
        }
    }

    #[test]
    fn a_matrix_of_low_rank_leaves_the_other_coordinates_empty() {
        // Every session of a group holds its whole group: rank 3.
        let triples = (0..60).flat_map(|row| (0..4).map(move |k| (row, row % 3 * 4 + k, 1.0)));
        let sessions = Sparse::sum(60, 12, triples);
        let world = Interactions { items: sessions.transposed(), sessions };
        let (vectors, values) = factorise(&world, &settings(), &Unwatched);
        let likeness = vectors.dot(&vectors.t());
        for ((i, j), &x) in likeness.indexed_iter() {
            let expected = if i / 4 == j / 4 { 0.25 } else { 0.0 };
            assert!((x - expected).abs() < 1e-3, "[{i}, {j}] = {x}");
        }
        assert!(values[3..].iter().all(|&x| x.abs() < 1e-9), "{values:?}");
    }

    #[test]
    fn threads_do_not_change_the_result() {
        let learn =
            |threads| factorise(&world(500, 5), &Settings { threads, ..settings() }, &Unwatched).0;
        assert_eq!(learn(1), learn(3));
    }
}
