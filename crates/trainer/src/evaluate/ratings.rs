use crate::log::{Log, LogSession};
use mercer::kernels::Cholesky;
use mercer::model::{Factors, Model};
use mercer::types::ItemIx;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// How far predicted ratings are from those that were given, in stars.
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
/// `r̂ = μ + b_i + x·q_i + a`, where the user's vector `x` and bias `a` have the least
/// `Σ (r − r̂)² + λ·n·(|x|² + a²)` over those `n` ratings and `μ` is the mean of `known`.
///
/// `None` where the model folds no visit in, or one of the logs has no rating of its items.
pub fn rating_errors(model: &Model, known: &Log, held_out: &Log) -> Option<RatingErrors> {
    let factors = model.factors()?;
    let mercer::model::InterestRule::FoldIn(rule) = factors.interest() else { return None };
    let (known, held_out) = (by_user(model, known), by_user(model, held_out));
    let all = || known.values().flatten().map(|(_, rating)| f64::from(*rating));
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a mean")]
    let mean = (all().sum::<f64>() / all().count() as f64) as f32;
    #[expect(clippy::cast_precision_loss, reason = "a handful of steps")]
    let ridge = rule.ridge / rule.returning.len() as f32;
    let (mut squares, mut sizes, mut n) = (0.0, 0.0, 0.0);
    for (user, ratings) in &held_out {
        let user = User::new(factors, known.get(user).map_or(&[], Vec::as_slice), (mean, ridge));
        for &(item, rating) in ratings {
            let error = f64::from(user.predict(item) - rating);
            squares += error * error;
            sizes += error.abs();
            n += 1.0;
        }
    }
    let ratings = held_out.values().map(Vec::len).sum();
    let fits = ratings > 0 && mean.is_finite();
    fits.then(|| RatingErrors { ratings, rmse: f64::sqrt(squares / n), mae: sizes / n })
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

/// A user folded in. The regression is solved for one number a rating (its dual): there are
/// fewer ratings than coordinates where it is done often.
struct User<'a> {
    factors: &'a Factors,
    mean: f32,
    known: &'a [(ItemIx, f32)],
    weights: Vec<f32>,
}

impl<'a> User<'a> {
    fn new(factors: &'a Factors, known: &'a [(ItemIx, f32)], (mean, ridge): (f32, f32)) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a user's ratings")]
        let ridge = ridge * known.len() as f32;
        let mut lower = Vec::new();
        for (at, &(item, _)) in known.iter().enumerate() {
            lower.extend(known[..=at].iter().map(|&(other, _)| product(factors, item, other)));
            if let Some(diagonal) = lower.last_mut() {
                *diagonal += ridge.max(1e-3);
            }
        }
        let bias = |item: ItemIx| factors.biases().get(item.at()).copied().unwrap_or(0.0);
        let mut weights: Vec<f32> =
            known.iter().map(|&(item, rating)| rating - mean - bias(item)).collect();
        match Cholesky::new(known.len(), lower) {
            Some(system) => system.solve(&mut weights),
            // Nothing known, or nothing that can be told apart: a user like all others.
            None => weights.fill(0.0),
        }
        Self { factors, mean, known, weights }
    }

    fn predict(&self, item: ItemIx) -> f32 {
        let bias = self.factors.biases().get(item.at()).copied().unwrap_or(0.0);
        let pulls = self.known.iter().zip(&self.weights);
        let own: f32 =
            pulls.map(|((known, _), weight)| weight * product(self.factors, *known, item)).sum();
        self.mean + bias + own
    }
}

/// `q_a·q_b + 1`: the user's bias is one more coordinate.
fn product(factors: &Factors, a: ItemIx, b: ItemIx) -> f32 {
    let codes = factors.row(a).iter().zip(factors.row(b));
    let sum: i32 = codes.map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    let sum = sum as f32;
    sum * factors.scale(a) * factors.scale(b) + 1.0
}
