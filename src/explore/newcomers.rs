use super::Record;
use crate::kernels::sort_by;
use crate::model::Model;
use crate::rng::Rng;
use crate::types::{Ground, ItemIx, Lift, Signal, Spread};

/// Points that a scale is read at.
const POINTS: u16 = 64;
/// How many known items a scale is made of at most.
const SAMPLE: usize = 4096;

/// The items of a model that too few shoppers were on to say how good they are, and how good
/// the others are.
#[derive(Debug, Clone, PartialEq)]
pub struct Newcomers {
    /// Ascending.
    items: Vec<ItemIx>,
    biases: Scale,
    popularity: Scale,
}

impl Newcomers {
    /// Those of a model: its items of popularity 0.
    pub fn of(model: &Model) -> Self {
        let is_new = |item: &ItemIx| model.popularity()[item.at()] <= 0.0;
        let all = || (0..model.n_items()).map(ItemIx::from_usize);
        let n_known = all().filter(|item| !is_new(item)).count();
        let every = n_known.div_ceil(SAMPLE).max(1);
        let known: Vec<ItemIx> = all().filter(|item| !is_new(item)).step_by(every).collect();
        let scale = |ground| Scale::of(known.iter().map(|&item| own(model, ground, item)));
        Self {
            items: all().filter(is_new).collect(),
            biases: scale(Ground::Bias),
            popularity: scale(Ground::Popularity),
        }
    }

    /// The items, ascending.
    pub fn items(&self) -> &[ItemIx] {
        &self.items
    }

    /// What new items gain by being given a chance.
    ///
    /// The part `level` (0 to 1) of them, drawn anew for each seed, compete with the
    /// popularity that they may turn out to have: the quantile `θ` of that of the known items,
    /// `θ` drawn from what `trials` says of the item (Thompson sampling with the catalogue as
    /// the prior). Unknown can only help: a draw below what the item has already adds nothing.
    pub fn lift(
        &self,
        model: &Model,
        ground: Ground,
        (level, seed): (f32, u64),
        trial: impl Fn(ItemIx) -> Record,
    ) -> Option<Lift> {
        let scale = match ground {
            Ground::Bias => &self.biases,
            Ground::Popularity => &self.popularity,
            Ground::Level => return None,
        };
        if level.is_nan() || level <= 0.0 || scale.0.is_empty() {
            return None;
        }
        let rng = Rng::new(seed);
        let mut thinning = rng.fork(u64::from(u32::MAX) + 1);
        let mut gains = Vec::new();
        for &item in &self.items {
            if thinning.unit_f32() < level {
                let quantile = trial(item).draw(&mut rng.fork(u64::from(item.0)));
                let gain = scale.at(quantile) - own(model, ground, item);
                if gain > 0.0 {
                    gains.push((item, gain));
                }
            }
        }
        Some(Lift { signal: Signal::Exploration, spread: Spread::Few(gains) })
    }
}

fn own(model: &Model, ground: Ground, item: ItemIx) -> f32 {
    match ground {
        Ground::Bias if model.factors().is_some() => model.bias(item),
        Ground::Bias => model.standing(item),
        Ground::Popularity => model.popularity().get(item.at()).copied().unwrap_or(0.0),
        Ground::Level => 0.0,
    }
}

/// Quantiles 0, 1/64 … 1 of some numbers; empty for none.
#[derive(Debug, Clone, PartialEq)]
struct Scale(Vec<f32>);

impl Scale {
    fn of(values: impl Iterator<Item = f32>) -> Self {
        let mut values: Vec<f32> = values.collect();
        sort_by(&mut values, f32::total_cmp);
        let Some(last) = values.len().checked_sub(1) else { return Self(Vec::new()) };
        let point = |at| values[last * usize::from(at) / usize::from(POINTS)];
        Self((0..=POINTS).map(point).collect())
    }

    /// The number at a quantile of 0 to 1.
    #[expect(clippy::cast_possible_truncation, reason = "0 to 64, and the fraction as f32")]
    #[expect(clippy::cast_sign_loss, reason = "a quantile is not negative")]
    fn at(&self, quantile: f64) -> f32 {
        let place = quantile.clamp(0.0, 1.0) * f64::from(POINTS);
        let low = (place as u16).min(POINTS - 1);
        let rest = (place - f64::from(low)) as f32;
        let (low, high) = (self.0[usize::from(low)], self.0[usize::from(low) + 1]);
        low + rest * (high - low)
    }
}
