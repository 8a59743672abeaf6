//! What is in fashion: an item that is gone to oftener in the newest sessions than all over is likelier
//! to come next than its count says, and one that is hardly gone to any more may be sold out.
//!
//! ```text
//! trend_i = mean over s = 1 %, 3 %, 10 %, 30 % of  ln (r_i(s) + c·s) − ln (n_i·s + c·s)
//! ```
//!
//! with `n_i` steps in all, `r_i(s)` in the newest share `s` of the examples, and `c = 5` steps of the
//! whole log added to either, so that an item with few steps has little of a trend and one
//! without any has none. Which share tells most differs from shop to shop; their mean did better
//! than any of them alone. Trends are weighed against the other signals on held-out sessions and left
//! out where they add too little there ([`super::weigh`]). They become a part of the items' biases,
//! so they cost nothing in the file. A log that is not in the order of time has none, and the
//! weighing finds so.

use super::batch::Example;
use super::train::counts;
use crate::features::Sequences;

/// The shares of the examples that are lately.
const LATELY: [f32; 4] = [0.01, 0.03, 0.1, 0.3];
/// Steps that every item is taken to have beside its own, spread evenly over the log.
const SPREAD: f32 = 5.0;

/// The trend of every item in the sessions of `examples`, which stand in the order of time,
/// `[n_items]`.
#[expect(clippy::cast_precision_loss, reason = "counts of steps")]
#[expect(clippy::cast_possible_truncation, reason = "at most the count")]
#[expect(clippy::cast_sign_loss, reason = "not negative")]
pub(super) fn trends(sequences: &Sequences, examples: &[Example]) -> Vec<f32> {
    let all = counts(sequences, examples);
    let mut trends = vec![0.0; all.len()];
    for share in LATELY {
        let newest = (examples.len() as f32 * share) as usize;
        let lately = counts(sequences, &examples[examples.len() - newest..]);
        for (trend, (&n, &r)) in trends.iter_mut().zip(all.iter().zip(&lately)) {
            let (now, ever) = (r as f32 + SPREAD * share, (n as f32 + SPREAD) * share);
            *trend += (now / ever).ln() / LATELY.len() as f32;
        }
    }
    trends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;
    use crate::fit::Unwatched;
    use crate::fit::session::{Ingredient, Settings, fit};
    use mercer::rng::Rng;

    #[test]
    fn what_is_gone_to_lately_rises_and_what_is_not_falls() {
        let item = |session: usize, at: usize| match (session, at) {
            (_, 0) => 0,
            (95.., 1) => 1,
            (..50, 1) => 2,
            _ => 3,
        };
        let step = |item| StepRow { item, kind: 0, dwell: 0 };
        let steps = (0..200).map(|at| step(item(at / 2, at % 2))).collect();
        let items = (0..5).map(|n| n.to_string()).collect();
        let starts = (0..=100).map(|n| 2 * n).collect();
        let sequences = Sequences { items, steps, starts, weights: Vec::new() };
        let found = trends(&sequences, &Example::all(&sequences));
        assert!(found[0].abs() < 0.01, "as often as ever: {}", found[0]);
        let lately = [1.0, 3.0, 5.0, 5.0].iter().zip(LATELY);
        let risen: f32 = lately.map(|(r, s)| ((r + 5.0 * s) / (10.0 * s)).ln()).sum();
        assert!((found[1] - risen / 4.0).abs() < 1e-3, "{} is not {risen}", found[1]);
        assert!((found[2] - (5.0_f32 / 55.0).ln()).abs() < 1e-3, "gone: {}", found[2]);
        assert!(found[4].abs() < 1e-6, "nobody was there");
    }

    /// 4,000 sessions on 160 items, every fourth of which go together; the first half of them are
    /// sold out from this session on.
    fn shop(sold_out: usize) -> Sequences {
        let mut rng = Rng::new(7);
        let mut item = |session: usize| {
            let least = if session < sold_out { 0 } else { 20 };
            4 * (least + rng.below(40 - least)) + session % 4
        };
        let items: Vec<usize> = (0..12_000).map(|at| item(at / 3)).collect();
        let step = |item: usize| StepRow { item: u32::try_from(item).unwrap(), kind: 0, dwell: 0 };
        Sequences {
            items: (0..160).map(|n| format!("{n:03}")).collect(),
            steps: items.into_iter().map(step).collect(),
            starts: (0..=4000).map(|n| 3 * n).collect(),
            weights: Vec::new(),
        }
    }

    /// How far what is still sold stands above what is not.
    fn lead(sold_out: usize, without: Vec<Ingredient>) -> f32 {
        let settings = Settings { dim: 16, epochs: Some(6), without, ..Settings::default() };
        let biases = fit(&shop(sold_out), None, &settings, &Unwatched).factors.unwrap().biases;
        let mean = |biases: &[f32]| biases.iter().sum::<f32>() / 80.0;
        mean(&biases[80..]) - mean(&biases[..80])
    }

    #[test]
    fn what_is_sold_out_falls_behind_where_trends_are_weighed() {
        let (with, without) = (lead(2000, Vec::new()), lead(2000, vec![Ingredient::Trend]));
        assert!(with > without + 0.5, "{with} against {without}");
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "nothing at all is added")]
    fn where_nothing_changes_trends_are_left_out() {
        assert_eq!(lead(4000, Vec::new()), lead(4000, vec![Ingredient::Trend]));
    }
}
