use crate::log::{Log, LogSession};
use crate::stars::RatingScale;
use mercer::kernels::Cholesky;
use mercer::model::{Factors, InterestRule, Model};
use mercer::types::ItemIx;
use ndarray::{Array1, Array2};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// How far predicted ratings are from those that were given, in the units of the ratings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatingErrors {
    /// Ratings predicted.
    pub ratings: usize,
    /// `√(Σ (r̂ − r)² / n)`.
    pub rmse: f64,
    /// `Σ |r̂ − r| / n`.
    pub mae: f64,
}

impl fmt::Display for RatingErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ratings, rmse, mae } = self;
        writeln!(f, "rmse {rmse:.4}, mae {mae:.4} over {ratings} held-out ratings")
    }
}

/// Predicts every rating of `held_out` with the packed item vectors `q` and biases `b` from
/// what the same user (the same session, in a log without users) rated in `known`:
/// `r̂ = μ + s·(b_i + x·q_i + a)`, where the user's vector `x` and bias `a` have the least
/// `Σ ((r − r̂)/s)² + λ·n·(|x|² + a²)` over those `n` ratings. The mean `μ` and the star `s`
/// are those the file says it was fitted with ([`RatingScale`]); of a file that says nothing of
/// them `μ` is the mean of `known` and `s` 1.
///
/// `None` where the model folds no visit in, or one of the logs has no rating of its items.
pub fn rating_errors(model: &Model, known: &Log, held_out: &Log) -> Option<RatingErrors> {
    let (known, held_out) = (by_user(model, known), by_user(model, held_out));
    let all: Vec<f32> = known.values().flatten().map(|(_, rating)| *rating).collect();
    let shop = Shop::new(model, &all)?;
    let (mut squares, mut sizes, mut n) = (0.0, 0.0, 0.0);
    for (user, ratings) in &held_out {
        let user = shop.user(known.get(user).map_or(&[], Vec::as_slice));
        for &(item, rating) in ratings {
            let error = shop.predict(&user, item) - f64::from(rating);
            squares += error * error;
            sizes += error.abs();
            n += 1.0;
        }
    }
    let ratings = held_out.values().map(Vec::len).sum();
    (ratings > 0).then(|| RatingErrors { ratings, rmse: f64::sqrt(squares / n), mae: sizes / n })
}

type Rated = Vec<(ItemIx, f32)>;

fn by_user<'a>(model: &Model, log: &'a Log) -> BTreeMap<&'a str, Rated> {
    let mut users: BTreeMap<&str, Rated> = BTreeMap::new();
    for session in &log.sessions {
        let rated = rated(model, log, session);
        users.entry(session.user.as_deref().unwrap_or(&session.id)).or_default().extend(rated);
    }
    users
}

fn rated(model: &Model, log: &Log, session: &LogSession) -> Rated {
    let pair = |event: &crate::log::LogEvent| {
        Some((model.item_ix(&log.items[event.item?.at()])?, event.rating?))
    };
    session.events.iter().filter_map(pair).collect()
}

/// What users are folded into.
struct Shop<'a> {
    factors: &'a Factors,
    scale: RatingScale,
    /// `λ`.
    ridge: f32,
}

impl<'a> Shop<'a> {
    /// `None` where the model folds no visit in, nothing is known, or the file's scale is none.
    fn new(model: &'a Model, known: &[f32]) -> Option<Self> {
        let factors = model.factors()?;
        let InterestRule::FoldIn(rule) = factors.interest() else { return None };
        let of_known = RatingScale::of(known)?;
        let about: serde_json::Value = serde_json::from_str(model.about()).unwrap_or_default();
        let scale = match about.get("ratings") {
            Some(scale) => serde_json::from_value(scale.clone()).ok()?,
            None => RatingScale { star: 1.0, ..of_known },
        };
        #[expect(clippy::cast_precision_loss, reason = "a handful of steps")]
        let ridge = rule.ridge / rule.returning.len() as f32;
        (scale.star > 0.0).then_some(Self { factors, scale, ridge })
    }

    /// A user's vector and, behind it, the bias, `[dim + 1]`, from what they rated.
    fn user(&self, known: &[(ItemIx, f32)]) -> Array1<f32> {
        let mut points = Array2::zeros((known.len(), self.factors.dim() + 1));
        for (mut row, &(item, _)) in points.rows_mut().into_iter().zip(known) {
            row.assign(&self.point(item));
        }
        let wanted = known.iter().map(|&(item, r)| self.scale.stars(r) - self.bias(item));
        #[expect(clippy::cast_precision_loss, reason = "a user's ratings")]
        let ridge = (self.ridge * known.len() as f32).max(1e-3);
        // The smaller of the two systems; both have the same solution.
        let solve = if points.nrows() > points.ncols() { primal } else { dual };
        solve(&points, &wanted.collect(), ridge)
    }

    fn predict(&self, user: &Array1<f32>, item: ItemIx) -> f64 {
        self.scale.rating(self.bias(item) + user.dot(&self.point(item)))
    }

    fn bias(&self, item: ItemIx) -> f32 {
        self.factors.biases().get(item.at()).copied().unwrap_or(0.0)
    }

    /// An item's vector and a 1 behind it, `[dim + 1]`: the user's bias is one more coordinate.
    fn point(&self, item: ItemIx) -> Array1<f32> {
        let scale = self.factors.scale(item);
        self.factors.row(item).iter().map(|&code| f32::from(code) * scale).chain([1.0]).collect()
    }
}

/// The `x` with the least `|points·x − wanted|² + ridge·|x|²`, by its normal equations
/// `(pointsᵀ·points + ridge·I)·x = pointsᵀ·wanted`: one number a coordinate.
fn primal(points: &Array2<f32>, wanted: &Array1<f32>, ridge: f32) -> Array1<f32> {
    solve(&points.t().dot(points), ridge, &points.t().dot(wanted))
}

/// The same `x` as `pointsᵀ·w` with `(points·pointsᵀ + ridge·I)·w = wanted`: one number a point.
fn dual(points: &Array2<f32>, wanted: &Array1<f32>, ridge: f32) -> Array1<f32> {
    points.t().dot(&solve(&points.dot(&points.t()), ridge, wanted))
}

/// `(gram + ridge·I)⁻¹·right`; zeros where that cannot be told.
fn solve(gram: &Array2<f32>, ridge: f32, right: &Array1<f32>) -> Array1<f32> {
    let mut lower = Vec::with_capacity(gram.len() / 2 + gram.nrows());
    for (at, row) in gram.rows().into_iter().enumerate() {
        lower.extend(row.iter().take(at));
        lower.push(row[at] + ridge);
    }
    let mut solution = right.to_vec();
    match Cholesky::new(solution.len(), lower) {
        Some(system) => system.solve(&mut solution),
        None => solution.fill(0.0),
    }
    solution.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::rng::Rng;

    /// `n` points of `width` coordinates, the last of them 1, and what is wanted of them.
    #[expect(clippy::cast_possible_truncation, reason = "planted numbers")]
    fn rated(n: usize, width: usize, rng: &mut Rng) -> (Array2<f32>, Array1<f32>) {
        let mut points = Array2::from_shape_simple_fn((n, width), || rng.normal() as f32 * 0.3);
        points.column_mut(width - 1).fill(1.0);
        (points, Array1::from_shape_simple_fn(n, || rng.normal() as f32))
    }

    #[test]
    fn both_systems_have_one_solution_on_either_side_of_the_border() {
        let mut rng = Rng::new(5);
        for n in [0, 1, 5, 15, 16, 17, 18, 19, 33, 100, 400] {
            let (points, wanted) = rated(n, 17, &mut rng);
            #[expect(clippy::cast_precision_loss, reason = "a small count")]
            let ridge = (0.02 * n as f32).max(1e-3);
            let both = [primal, dual].map(|solve| solve(&points, &wanted, ridge));
            let apart = (&both[0] - &both[1]).mapv(f32::abs);
            assert!(apart.iter().all(|&x| x < 1e-4), "{n} ratings: {apart}");
            // The gradient of what is minimised is zero there.
            let left = &wanted - &points.dot(&both[0]);
            let gradient = points.t().dot(&left) - ridge * &both[0];
            assert!(gradient.iter().all(|x| x.abs() < 1e-3), "{n} ratings: {gradient}");
        }
    }
}
