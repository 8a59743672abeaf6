//! Do priors predict better than popularity alone, on sessions they were not counted in?
//!
//! The first item of a session `x` is drawn by `p(i | x) ∝ n_i · exp(w · lift_x(i))`, `n_i` the
//! older sessions with the item. What is judged is the gain in log-likelihood over `w = 0`, in
//! nats a session.

use super::visits::{Categories, Visit};
use serde::Serialize;

/// Held-out sessions below which nothing is judged.
pub(super) const MIN_CASES: usize = 200;
/// Standard errors a gain must be above 0.
const SURE: f64 = 2.0;
/// Slate for which hits are counted.
const AT: usize = 20;

/// What something is worth on held-out sessions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Gain {
    /// Mean gain in log-likelihood over popularity alone, nats a session.
    pub gain: f64,
    /// Its standard error.
    pub error: f64,
    /// How many sessions it was judged on.
    pub cases: usize,
}

impl Gain {
    #[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
    pub(super) fn of(gains: &[f64]) -> Self {
        let n = gains.len().max(1) as f64;
        let mean = gains.iter().sum::<f64>() / n;
        let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / n;
        Self { gain: mean, error: (variance / n).sqrt(), cases: gains.len() }
    }

    /// Whether it is worth its bytes: more than chance would give.
    pub(super) fn is_sure(&self) -> bool {
        self.cases >= MIN_CASES && self.gain > SURE * self.error && self.gain > 0.0
    }
}

/// How often each item was chosen, and each category.
pub(super) struct Popularity<'a> {
    categories: &'a Categories,
    /// Older sessions with each item, `[n_items]`.
    pub(super) counts: Vec<f64>,
    /// The same by category, those of none last, `[n_categories + 1]`.
    by_category: Vec<f64>,
    /// The items of each category by their counts, the [`AT`] highest.
    best: Vec<Vec<u32>>,
}

impl<'a> Popularity<'a> {
    pub(super) fn of(visits: &[Visit], categories: &'a Categories) -> Self {
        let mut counts = vec![0.0_f64; categories.of_item.len()];
        for &item in visits.iter().flat_map(|visit| &visit.items) {
            counts[item as usize] += 1.0;
        }
        let mut by_category = vec![0.0_f64; categories.len() + 1];
        let mut best = vec![Vec::new(); categories.len() + 1];
        for ((item, count), category) in (0..).zip(&counts).zip(&categories.of_item) {
            let category = category.unwrap_or(categories.len());
            by_category[category] += count;
            best[category].push(item);
        }
        for items in &mut best {
            items.sort_by(|&a: &u32, &b| counts[b as usize].total_cmp(&counts[a as usize]));
            items.truncate(AT);
        }
        Self { categories, counts, by_category, best }
    }

    /// The gain in log-likelihood of `item` where its category is lifted like this, 0 for an
    /// item nobody had chosen.
    pub(super) fn gain(&self, item: u32, lifts: &[f64]) -> f64 {
        if self.counts[item as usize] == 0.0 {
            return 0.0;
        }
        let lift = |category: usize| lifts.get(category).copied().unwrap_or(0.0);
        let all: f64 = self.by_category.iter().sum();
        let lifted = self.by_category.iter().enumerate().map(|(at, n)| n * lift(at).exp());
        let own = self.categories.of_item[item as usize].map_or(0.0, lift);
        own - (lifted.sum::<f64>() / all).ln()
    }

    /// Whether `item` is among the 20 highest where categories are lifted like this; ties count
    /// against it.
    pub(super) fn hits(&self, item: u32, lifts: &[f64]) -> bool {
        let lift = |category: usize| lifts.get(category).copied().unwrap_or(0.0);
        let score = |category, item: u32| self.counts[item as usize].ln() + lift(category);
        let own = self.categories.of_item[item as usize].unwrap_or(self.categories.len());
        let own = score(own, item);
        let others = self.best.iter().enumerate().flat_map(|(at, items)| {
            items.iter().filter(move |&&other| other != item).map(move |&other| score(at, other))
        });
        others.filter(|&other| other >= own).count() < AT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gain_is_that_of_the_whole_softmax() {
        let names = ["a", "b"].map(str::to_owned).to_vec();
        let categories = Categories { names, of_item: vec![Some(0), Some(0), Some(1), None] };
        let counts: [usize; 4] = [5, 3, 4, 1];
        let visits: Vec<Visit> = (0_u32..)
            .zip(counts)
            .flat_map(|(item, n)| vec![item; n])
            .map(|item| Visit { cases: [None; 5], items: vec![item], start_ms: None })
            .collect();
        let popularity = Popularity::of(&visits, &categories);
        let lifts = [0.4, -0.7];
        let lifted = [5.0 * 0.4_f64.exp(), 3.0 * 0.4_f64.exp(), 4.0 * (-0.7_f64).exp(), 1.0];
        for item in 0..4 {
            let at = item as usize;
            let wanted = (lifted[at] / lifted.iter().sum::<f64>()).ln()
                - (f64::from(u32::try_from(counts[at]).unwrap()) / 13.0).ln();
            assert!((popularity.gain(item, &lifts) - wanted).abs() < 1e-12);
            assert!(popularity.hits(item, &lifts), "four items fit");
        }
    }

    #[test]
    fn a_gain_within_chance_is_none() {
        let mut gains = vec![0.1; 300];
        assert!(Gain::of(&gains).is_sure());
        gains[0] = -60.0;
        assert!(!Gain::of(&gains).is_sure());
        assert!(!Gain::of(&[1.0; 100]).is_sure(), "too few sessions");
        assert!(!Gain::of(&[]).is_sure());
    }
}
