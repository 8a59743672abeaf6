//! Implicit alternating least squares: what a shopper was on is a preference of 1, held with
//! confidence `1 + α·count`; everything else a preference of 0, held with confidence 1
//! (Hu, Koren & Volinsky 2008).

mod solve;

use super::families::{Choices, Family, Fit, FitError, Lesson, check, decimal};
use super::linear::{gram, inverse_factor, noise};
use super::session::SettingsError;
use super::{Epoch, Fitted, Lengths, Run, Watch};
use crate::features::Interactions;
use mercer::model::{FoldIn, InterestRule};
use mercer::rng::Rng;
use mercer::types::EventKind;
use ndarray::Array2;
use serde_json::json;
use solve::{Weights, half_step};

/// Implicit alternating least squares.
pub const FAMILY: Family = Family {
    name: "ials",
    about: "Implicit alternating least squares, a visit folded in on the device",
    settings: &["dim", "epochs", "confidence", "ridge"],
    plan: |choices| Ok(Box::new(Settings::of(choices)?)),
};

/// Newest steps of a session that are folded in.
const MAX_STEPS: usize = 20;
/// The largest `α`: a file holds `1 + α`, and no weight above a million.
const MOST_CONFIDENCE: f32 = 999_999.0;

/// How the factors are found.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates a vector, a multiple of 16.
    pub dim: usize,
    /// Times each side is solved.
    pub epochs: usize,
    /// `α`.
    pub confidence: Confidence,
    /// `λ`, above 0.
    pub ridge: f64,
    /// Steps of conjugate gradient for a row of many cells.
    pub steps: usize,
    /// Where the start comes from.
    pub seed: u64,
    /// Threads to use; the result does not depend on it.
    pub threads: usize,
}

/// `α`: how much each step on an item adds to the confidence in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Confidence {
    /// This much, above 0.
    Each(f32),
    /// As many times as there are more empty cells than full ones, so that what was looked at
    /// weighs as much as all that was not.
    Balanced,
}

impl Confidence {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a weight")]
    fn of(self, counts: &Interactions) -> f32 {
        let cells = &counts.sessions;
        match self {
            Self::Each(confidence) => confidence,
            Self::Balanced => {
                let full = cells.n_cells().max(1) as f64;
                let all = cells.n_rows() as f64 * cells.n_columns() as f64;
                ((all - full) / full).clamp(1.0, f64::from(MOST_CONFIDENCE)) as f32
            }
        }
    }
}

/// The two sides of a factorisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// `[n_sessions, dim]`.
    pub sessions: Array2<f32>,
    /// `[n_items, dim]`.
    pub items: Array2<f32>,
}

impl Settings {
    fn of(choices: &Choices) -> Result<Self, SettingsError> {
        let settings = Self {
            dim: choices.dim()?,
            epochs: choices.epochs.unwrap_or(15),
            confidence: choices.confidence.map_or(Confidence::Balanced, Confidence::Each),
            ridge: choices.ridge.unwrap_or(10.0),
            steps: 3,
            seed: choices.seed,
            threads: choices.threads,
        };
        let confidence = choices.confidence.unwrap_or(1.0);
        check(&[
            ("epochs", "at least 1", settings.epochs >= 1),
            (
                "confidence",
                "above 0 and at most 999999",
                confidence > 0.0 && confidence <= MOST_CONFIDENCE,
            ),
            ("ridge", "from 0.0001 to 10000", (1e-4..=1e4).contains(&settings.ridge)),
        ])?;
        Ok(settings)
    }
}

impl Fit for Settings {
    fn settings(&self) -> serde_json::Value {
        json!({
            "dim": self.dim,
            "epochs": self.epochs,
            "confidence": match self.confidence {
                Confidence::Each(confidence) => decimal(confidence).into(),
                Confidence::Balanced => json!("balanced"),
            },
            "ridge": self.ridge,
        })
    }

    /// The device solves for a visit what [`factorise`] solved for the sessions of the log.
    fn fit(&self, lesson: &Lesson<'_>, watch: &dyn Watch) -> Result<Fitted, FitError> {
        let counts = Interactions::of(lesson.sequences);
        let Factors { items, .. } = factorise(&counts, self, watch);
        let confidence = self.confidence.of(&counts);
        let rule = FoldIn {
            confidence: [confidence; EventKind::ALL.len()],
            pull: [1.0 + confidence; EventKind::ALL.len()],
            ..FoldIn::sum(MAX_STEPS)
        };
        Ok(Fitted::of_factors(super::Factors {
            biases: vec![0.0; items.nrows()],
            vectors: whitened(&items, self),
            lengths: Lengths::Kept,
            interest: InterestRule::FoldIn(rule),
        }))
    }
}

/// The item vectors in coordinates in which `YᵀY + λI` is the identity: `V = Y·L⁻ᵀ` with
/// `YᵀY + λI = L·Lᵀ`.
///
/// A session solved as `(I + Σ c·v·vᵀ)·z = Σ p·v` scores `z·v_i = x·y_i` for every item, so no
/// Gram matrix need be packed; and the rounding of a coordinate counts alike in all directions,
/// where in `Y` the solution blows it up in those that hold least.
#[expect(clippy::cast_possible_truncation, reason = "vectors are held in f32")]
fn whitened(items: &Array2<f32>, settings: &Settings) -> Array2<f32> {
    let mut shared = gram(items, settings.threads);
    shared.diag_mut().mapv_inplace(|g| g + settings.ridge);
    let inverse = inverse_factor(&shared).expect("a sum of squares and a ridge above 0");
    items.dot(&inverse.mapv(|l| l as f32).t())
}

/// Alternates between the two sides, sessions first.
///
/// # Panics
/// If a setting is out of its range.
pub fn factorise(counts: &Interactions, settings: &Settings, watch: &dyn Watch) -> Factors {
    let Settings { dim, confidence, ridge, steps, threads, .. } = *settings;
    let confidence = confidence.of(counts);
    let weights = Weights { confidence, ridge, steps };
    let mut items = noise((counts.items.n_rows(), dim), 0.01, &mut Rng::new(settings.seed));
    let mut sessions = Array2::zeros((counts.sessions.n_rows(), dim));
    // Taken once: fresh memory would cost a good part of an iteration.
    let (mut session_room, mut item_room) = (sessions.clone(), items.clone());
    let definite = "a sum of squares and a ridge above 0 is positive definite";
    for number in 1..=settings.epochs {
        let how = (&weights, threads);
        half_step(&counts.sessions, &mut sessions, (&items, &mut item_room), how).expect(definite);
        half_step(&counts.items, &mut items, (&sessions, &mut session_room), how).expect(definite);
        watch.progress(number as u64, settings.epochs as u64, f32::NAN);
        watch.epoch(&Epoch { run: Run::Fit, number, of: settings.epochs, loss: f64::NAN });
    }
    Factors { sessions, items }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Sparse;
    use crate::fit::Unwatched;

    /// Sessions of 400 shoppers with tastes in a world of rank 3: each is on the items its taste
    /// likes best, but for one in ten.
    fn world() -> (Interactions, Vec<Vec<usize>>) {
        let mut rng = Rng::new(5);
        let tastes = noise((400, 3), 1.0, &mut rng);
        let items = noise((60, 3), 1.0, &mut rng);
        let scores = tastes.dot(&items.t());
        let (mut triples, mut held_out) = (Vec::new(), Vec::new());
        for (row, scores) in scores.rows().into_iter().enumerate() {
            let mut order: Vec<usize> = (0..60).collect();
            order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
            let (mut held, mut kept) = (Vec::new(), 0);
            for &item in &order[..12] {
                if rng.below(4) == 0 {
                    held.push(item);
                } else {
                    triples.push((row, item, 1.0));
                    kept += 1;
                }
            }
            assert!(kept > 0);
            held_out.push(held);
        }
        let sessions = Sparse::sum(400, 60, triples.into_iter());
        (Interactions { items: sessions.transposed(), sessions }, held_out)
    }

    fn settings(threads: usize) -> Settings {
        let (epochs, confidence, ridge) = (10, Confidence::Each(10.0), 0.5);
        Settings { dim: 16, epochs, confidence, ridge, steps: 3, seed: 1, threads }
    }

    #[test]
    fn a_planted_world_is_recovered() {
        let (world, held_out) = world();
        let Factors { sessions, items } = factorise(&world, &settings(2), &Unwatched);
        let scores = sessions.dot(&items.t());
        let (mut found, mut all) = (0, 0);
        for (row, held) in held_out.iter().enumerate() {
            let is_open = |item: &usize| {
                !world.sessions.columns(row).iter().any(|&seen| seen as usize == *item)
            };
            let mut open: Vec<usize> = (0..60).filter(is_open).collect();
            open.sort_by(|&a, &b| scores[[row, b]].total_cmp(&scores[[row, a]]));
            found += open[..held.len().min(open.len())].iter().filter(|i| held.contains(i)).count();
            all += held.len();
        }
        // By chance one in seventeen.
        assert!(found * 2 > all, "{found} of {all}");
    }

    #[test]
    fn a_folded_in_session_scores_as_in_training() {
        let (world, _) = world();
        let settings = settings(1);
        let Factors { mut sessions, items } = factorise(&world, &settings, &Unwatched);
        let (confidence, ridge) = (10.0_f32, settings.ridge);
        let weights = Weights { confidence, ridge, steps: 40 };
        half_step(&world.sessions, &mut sessions, (&items, &mut items.clone()), (&weights, 1))
            .unwrap();
        let vectors = whitened(&items, &settings).mapv(f64::from);
        let mut system = Array2::<f64>::eye(16);
        let mut pull = ndarray::Array1::<f64>::zeros(16);
        for &item in world.sessions.columns(7) {
            let v = vectors.row(item as usize);
            for p in 0..16 {
                for q in 0..16 {
                    system[[p, q]] += f64::from(confidence) * v[p] * v[q];
                }
            }
            pull += &(&v * (1.0 + f64::from(confidence)));
        }
        let folded = crate::fit::linear::inverse(&system.view()).unwrap().dot(&pull);
        let expected = items.dot(&sessions.row(7));
        for (found, expected) in vectors.dot(&folded).iter().zip(&expected) {
            assert!((found - f64::from(*expected)).abs() < 1e-3, "{found}, {expected}");
        }
    }

    #[test]
    fn of_a_nearly_empty_log_the_confidence_still_fits_into_a_file() {
        let one = Sparse::sum(2_000, 2_000, std::iter::once((0, 0, 1.0)));
        let counts = Interactions { items: one.transposed(), sessions: one };
        let confidence = Confidence::Balanced.of(&counts);
        assert!(confidence > 9e5 && 1.0 + confidence <= 1e6, "{confidence}");
    }

    #[test]
    fn threads_do_not_change_the_result() {
        let (world, _) = world();
        let [one, three] = [1, 3].map(|threads| factorise(&world, &settings(threads), &Unwatched));
        assert_eq!(one, three);
    }
}
