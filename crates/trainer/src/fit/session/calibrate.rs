//! Weighs the signals against each other on sessions that the fit has not seen.
//!
//! A model with a vector an item remembers its training sessions better than it knows new
//! ones: there, the likeness looks more telling, and a return less likely, than they are.
//! So the newest sessions are held out of a rehearsal of the fit, and the weights of the few signals,
//!
//! ```text
//! score = s_1·(τ·h·e_i) + s_2·b_i + s_3·trend_i + s_4·near_i + s_5·alike_i + r_t
//!         and of an item without an event: + s_6 + s_7·alike_i + s_8·carried_i
//! ```
//!
//! are those under which the held-out next items are most likely: a conditional logit
//! (`McFadden` 1974) over the whole catalogue with `8 + max_steps` weights, concave, found by
//! Newton's method. A weak pull towards the trained weights stands in where data is scarce.

use super::held_out::{Case, HeldOut, Mark, N_LISTS};
use ndarray::{Array1, Array2};

const MAX_PASSES: usize = 12;
const MAX_HALVINGS: i32 = 16;
/// Share of the loss below which what a step promises is not worth taking.
const ENOUGH: f64 = 1e-6;
/// Features that every item has: likeness, bias, whether it is new, trend.
const DENSE: usize = 4;
/// Weights before those of the returns.
const FIRST: usize = DENSE + N_LISTS;
/// Strength of the pull towards the trained weights, in cases.
const PULL: f64 = 2.0;

/// The weights under which the held-out answers are most likely, relative to those of the
/// rehearsed fit.
pub(super) fn calibrate(held_out: &HeldOut<'_>) -> Weights {
    let trained = Weights::trained(held_out);
    newton(&trained, |weights| Slope::at(weights, &trained, held_out))
}

/// Where the loss is lowest, from `start` on. A step that does not lower it is halved: where
/// the fit is too sure of itself the curvature vanishes, and the whole step leads far beyond
/// the lowest point.
fn newton(start: &Weights, slope_at: impl Fn(&Weights) -> Slope) -> Weights {
    let mut weights = start.clone();
    let mut slope = slope_at(&weights);
    for _ in 0..MAX_PASSES {
        let Some(step) = solve(&slope.hessian, &slope.gradient) else { break };
        if 0.5 * step.dot(&slope.gradient) < ENOUGH * slope.loss {
            break;
        }
        let mut tries = (0..=MAX_HALVINGS).map(|halvings| {
            let moved = weights.moved(&step, 0.5_f64.powi(halvings));
            let there = slope_at(&moved);
            (moved, there)
        });
        let better = tries.find(|(_, there)| there.loss < slope.loss);
        let Some((moved, there)) = better else { break };
        (weights, slope) = (moved, there);
    }
    weights
}

/// The weights of the signals, in the order of the features.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    /// Factor on the likeness.
    pub(super) likeness: f32,
    /// Factor on the biases.
    pub(super) popularity: f32,
    /// What is added to the score of an item without an event.
    pub(super) new: f32,
    /// Factor on the trends.
    pub(super) trend: f32,
    /// Factors on the weights of successors and of what is described alike.
    pub(super) near: [f32; N_LISTS],
    /// Bonus of an item by its newest position in the session, newest first.
    pub(super) returning: Vec<f32>,
}

impl Weights {
    fn trained(held_out: &HeldOut<'_>) -> Self {
        let returning = held_out.trained_returns().to_vec();
        let near = [0.0; N_LISTS];
        Self { likeness: 1.0, popularity: 1.0, new: 0.0, trend: 0.0, near, returning }
    }

    /// What a mark adds to the score.
    pub(super) fn bonus(&self, mark: &Mark) -> f32 {
        self.near.iter().zip(mark.near).map(|(weight, near)| weight * near).sum::<f32>()
            + mark.place.map_or(0.0, |t| self.returning[t])
    }

    fn flat(&self) -> Vec<f64> {
        let lists = self.near.into_iter().chain(self.returning.iter().copied());
        let dense = [self.likeness, self.popularity, self.new, self.trend];
        let all = dense.into_iter().chain(lists);
        all.map(f64::from).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
    fn moved(&self, step: &Array1<f64>, share: f64) -> Self {
        let flat = self.flat();
        let at = |k: usize| (flat[k] - share * step[k]) as f32;
        let returning = (FIRST..flat.len()).map(at).collect();
        let near = std::array::from_fn(|kind| at(DENSE + kind));
        Self { likeness: at(0), popularity: at(1), new: at(2), trend: at(3), near, returning }
    }
}

/// Loss, gradient and Hessian of the mean negative log-likelihood, times the cases.
#[derive(Debug, Clone)]
struct Slope {
    loss: f64,
    gradient: Array1<f64>,
    hessian: Array2<f64>,
}

impl Slope {
    fn zero(size: usize) -> Self {
        Self { loss: 0.0, gradient: Array1::zeros(size), hessian: Array2::zeros((size, size)) }
    }

    /// Loss and slope at `weights`, with a weak pull towards the trained ones.
    fn at(weights: &Weights, trained: &Weights, held_out: &HeldOut<'_>) -> Self {
        let (now, trained) = (weights.flat(), trained.flat());
        let zero = || Self::zero(now.len());
        let parts = held_out.fold(zero, |slope, case| {
            let mut own = zero();
            case.add_to(&mut own, weights);
            slope.add_scaled(f64::from(case.weight), &own);
        });
        let mut sum = zero();
        for (k, (now, trained)) in now.iter().zip(&trained).enumerate() {
            sum.loss += 0.5 * PULL * (now - trained).powi(2);
            sum.gradient[k] = PULL * (now - trained);
            sum.hessian[[k, k]] = PULL;
        }
        for part in &parts {
            sum.add_scaled(1.0, part);
        }
        sum
    }

    fn add_scaled(&mut self, scale: f64, other: &Self) {
        self.loss += scale * other.loss;
        self.gradient.scaled_add(scale, &other.gradient);
        self.hessian.scaled_add(scale, &other.hessian);
    }
}

/// Sums over the items, each weighted by its chance (but for the normalisation).
#[derive(Default)]
struct Moments {
    chance: f64,
    /// Of each feature.
    first: [f64; DENSE],
    /// Of each pair of features, the first no later than the second.
    second: [[f64; DENSE]; DENSE],
}

impl Moments {
    fn add(&mut self, chance: f64, features: [f64; DENSE]) {
        self.chance += chance;
        for (a, x) in features.into_iter().enumerate() {
            self.first[a] += chance * x;
            for (b, y) in features.into_iter().enumerate().skip(a) {
                self.second[a][b] += chance * x * y;
            }
        }
    }
}

impl Case<'_> {
    /// The score of an item but for the bonus of a return.
    pub(super) fn score(&self, item: usize, weights: &Weights) -> f32 {
        weights.likeness * self.likeness[item]
            + weights.popularity * self.biases[item]
            + weights.new * self.new[item]
            + weights.trend * self.trends[item]
    }

    /// What every item has.
    fn dense(&self, item: usize) -> [f64; DENSE] {
        [self.likeness[item], self.biases[item], self.new[item], self.trends[item]].map(f64::from)
    }

    /// Adds this case's loss, gradient and Hessian: with features `f` and chances `p`, the
    /// gradient is `E_p[f] − f(answer)` and the Hessian the covariance of `f` under `p`.
    fn add_to(&self, slope: &mut Slope, weights: &Weights) {
        let bonuses: Vec<f32> = self.marks.iter().map(|mark| weights.bonus(mark)).collect();
        let top_bonus = bonuses.iter().fold(0.0_f32, |top, bonus| top.max(*bonus));
        let items = 0..self.likeness.len();
        let peak = items.map(|item| self.score(item, weights)).fold(f32::NEG_INFINITY, f32::max);
        let peak = peak + top_bonus;
        let mut moments = Moments::default();
        for item in 0..self.likeness.len() {
            let chance = f64::from((self.score(item, weights) - peak).exp());
            moments.add(chance, self.dense(item));
        }
        let mut marked = Vec::with_capacity(bonuses.len());
        for (mark, bonus) in self.marks.iter().zip(&bonuses) {
            let plain = f64::from((self.score(mark.item, weights) - peak).exp());
            let chance = plain * f64::from(*bonus).exp();
            let dense = self.dense(mark.item);
            moments.add(chance - plain, dense);
            marked.push(Marked {
                chance,
                dense,
                near: mark.near.map(f64::from),
                place: mark.place,
            });
        }
        self.add_loss(slope, weights, peak, &moments);
        add_curvature(slope, &moments, &marked);
    }

    fn add_loss(&self, slope: &mut Slope, weights: &Weights, peak: f32, moments: &Moments) {
        let answer = self.answer as usize;
        let mark = self.marks.iter().find(|mark| mark.item == answer);
        let bonus = mark.map_or(0.0, |mark| weights.bonus(mark));
        let score = f64::from(self.score(answer, weights) + bonus - peak);
        slope.loss += moments.chance.ln() - score;
        for (k, x) in self.dense(answer).into_iter().enumerate() {
            slope.gradient[k] -= x;
        }
        if let Some(mark) = mark {
            for (kind, near) in mark.near.into_iter().enumerate() {
                slope.gradient[DENSE + kind] -= f64::from(near);
            }
            if let Some(t) = mark.place {
                slope.gradient[FIRST + t] -= 1.0;
            }
        }
    }
}

/// A marked item with its chance, but for the normalisation.
struct Marked {
    chance: f64,
    dense: [f64; DENSE],
    near: [f64; N_LISTS],
    place: Option<usize>,
}

impl Marked {
    /// Its features but for those that every item has, with their indices.
    fn features(&self) -> impl Iterator<Item = (usize, f64)> + Clone {
        let place = self.place.map(|t| (FIRST + t, 1.0));
        (DENSE..).zip(self.near).chain(place)
    }
}

/// `E_p[f]` to the gradient, `Cov_p(f)` to the Hessian.
fn add_curvature(slope: &mut Slope, moments: &Moments, marked: &[Marked]) {
    let total = moments.chance;
    let mut mean: Vec<(usize, f64)> = moments.first.iter().map(|x| x / total).enumerate().collect();
    for kind in 0..N_LISTS {
        let near = marked.iter().map(|mark| mark.chance * mark.near[kind]).sum::<f64>();
        mean.push((DENSE + kind, near / total));
    }
    let placed = marked.iter().filter_map(|mark| Some((FIRST + mark.place?, mark.chance / total)));
    mean.extend(placed);
    for &(a, x) in &mean {
        slope.gradient[a] += x;
        for &(b, y) in &mean {
            slope.hessian[[a, b]] -= x * y;
        }
    }
    for a in 0..DENSE {
        for b in 0..DENSE {
            slope.hessian[[a, b]] += moments.second[a.min(b)][a.max(b)] / total;
        }
    }
    for mark in marked {
        let chance = mark.chance / total;
        for (a, x) in mark.features() {
            for (b, y) in mark.features() {
                slope.hessian[[a, b]] += chance * x * y;
            }
            for (b, y) in mark.dense.into_iter().enumerate() {
                slope.hessian[[a, b]] += chance * x * y;
                slope.hessian[[b, a]] += chance * x * y;
            }
        }
    }
}

/// Solves `matrix · x = right` by Cholesky's decomposition; `None` where the matrix is not
/// positive definite.
fn solve(matrix: &Array2<f64>, right: &Array1<f64>) -> Option<Array1<f64>> {
    let n = right.len();
    let mut lower = Array2::<f64>::zeros((n, n));
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[[row, k]] * lower[[column, k]]).sum();
            let rest = matrix[[row, column]] - known;
            lower[[row, column]] = match row == column {
                true if rest <= 0.0 => return None,
                true => rest.sqrt(),
                false => rest / lower[[column, column]],
            };
        }
    }
    let mut x = right.clone();
    for row in 0..n {
        let known: f64 = (0..row).map(|k| lower[[row, k]] * x[k]).sum();
        x[row] = (x[row] - known) / lower[[row, row]];
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| lower[[k, row]] * x[k]).sum();
        x[row] = (x[row] - known) / lower[[row, row]];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_positive_system_and_refuses_others() {
        let matrix = ndarray::array![[4.0, 2.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 3.0]];
        let x = solve(&matrix, &ndarray::array![8.0, 15.0, 11.0]).unwrap();
        let back = matrix.dot(&x);
        for (found, expected) in back.iter().zip([8.0, 15.0, 11.0]) {
            assert!((found - expected).abs() < 1e-9, "{back}");
        }
        assert_eq!(
            solve(&ndarray::array![[1.0, 2.0], [2.0, 1.0]], &ndarray::array![1.0, 1.0]),
            None
        );
    }

    fn case(likeness: &[f32]) -> Case<'_> {
        let biases = &[0.3, -0.2, 0.9, 0.0];
        let mark = |item, place, near: f32| Mark {
            item,
            place,
            near: [near, 0.5 - near, 0.3 * near, near * near],
        };
        let marks = vec![mark(1, Some(0), 0.0), mark(3, Some(1), 0.4), mark(2, None, 0.9)];
        let new = &[0.0, 0.0, 1.0, 1.0];
        let trends = &[0.2, -0.7, 0.0, 0.5];
        Case { likeness, biases, new, trends, marks, answer: 3, weight: 1.0 }
    }

    fn weights(flat: &[f32]) -> Weights {
        let (likeness, popularity, new, trend) = (flat[0], flat[1], flat[2], flat[3]);
        let near = flat[DENSE..FIRST].try_into().unwrap();
        Weights { likeness, popularity, new, trend, near, returning: flat[FIRST..].to_vec() }
    }

    fn slope_at(flat: &[f32]) -> Slope {
        let mut slope = Slope::zero(flat.len());
        case(&[1.0, 2.5, -0.5, 0.7]).add_to(&mut slope, &weights(flat));
        slope
    }

    #[test]
    fn a_step_is_halved_until_it_lowers_the_loss() {
        let likeness = [100.0, 250.0, -50.0, 70.0];
        let start = weights(&[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let slope_at = |weights: &Weights| {
            let mut slope = Slope::zero(start.flat().len());
            case(&likeness).add_to(&mut slope, weights);
            for (k, (now, start)) in weights.flat().iter().zip(start.flat()).enumerate() {
                slope.loss += 0.5 * PULL * (now - start).powi(2);
                slope.gradient[k] += PULL * (now - start);
                slope.hessian[[k, k]] += PULL;
            }
            slope
        };
        let first = slope_at(&start);
        let step = solve(&first.hessian, &first.gradient).unwrap();
        assert!(slope_at(&start.moved(&step, 0.125)).loss > first.loss, "three halvings are few");
        let found = slope_at(&newton(&start, slope_at));
        assert!(found.loss < 0.05 * first.loss, "{} of {}", found.loss, first.loss);
    }

    #[test]
    fn gradient_and_hessian_match_finite_differences() {
        let at = [0.8, 1.3, -0.2, 0.6, 0.7, -0.4, 0.2, 0.9, -0.6, 0.4];
        let slope = slope_at(&at);
        for k in 0..at.len() {
            let moved = |by: f32| {
                let mut flat = at;
                flat[k] += by;
                slope_at(&flat)
            };
            let (up, down) = (moved(1e-2), moved(-1e-2));
            let gradient = (up.loss - down.loss) / 2e-2;
            assert!((slope.gradient[k] - gradient).abs() < 1e-3, "gradient {k}");
            let column = (&up.gradient - &down.gradient) / 2e-2;
            for (row, expected) in column.iter().enumerate() {
                assert!((slope.hessian[[row, k]] - expected).abs() < 1e-3, "hessian {row}, {k}");
            }
        }
    }
}
