//! Draws that the planted world needs, and the few casts between its numbers.

use mercer::rng::Rng;

/// Outcomes by cumulative weight. A guide table says where the search for each `n`-th part
/// of the total begins, so that a draw takes a step or two however many outcomes there are
/// (Chen & Asau 1974, "On generating random variates from an empirical distribution").
#[derive(Debug, Clone, Default)]
pub(super) struct Cumulative {
    sums: Vec<f64>,
    guide: Vec<u32>,
}

impl Cumulative {
    /// Outcome `k` comes up in proportion to the `k`-th weight; weights are not negative.
    pub(super) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let sums = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        let sums: Vec<f64> = sums.collect();
        let guide = guide(&sums);
        Self { sums, guide }
    }

    /// The sum of all weights.
    pub(super) fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// One outcome; `None` if all weights are 0.
    pub(super) fn draw(&self, rng: &mut Rng) -> Option<usize> {
        (self.total() > 0.0).then(|| self.at(rng.unit_f64()))
    }

    /// The outcome at a `share` of the total weight, in `[0, 1)`: the first whose sum is
    /// above that.
    pub(super) fn at(&self, share: f64) -> usize {
        let last = self.sums.len() - 1;
        let target = share * self.total();
        let part = whole(share * real(self.sums.len())) as usize;
        let mut k = self.guide[part.min(last)] as usize;
        // Rounding may have put the start one outcome too far.
        while k > 0 && self.sums[k - 1] > target {
            k -= 1;
        }
        while k < last && self.sums[k] <= target {
            k += 1;
        }
        k
    }

    /// Weight before the `k`-th outcome.
    pub(super) fn before(&self, k: usize) -> f64 {
        if k == 0 { 0.0 } else { self.sums[k - 1] }
    }
}

/// For each of `n` equal parts of the total, the outcome at its lower edge.
fn guide(sums: &[f64]) -> Vec<u32> {
    let total = sums.last().copied().unwrap_or(0.0);
    let mut k = 0;
    let edge = |part: usize| {
        let target = real(part) / real(sums.len()) * total;
        while k + 1 < sums.len() && sums[k] <= target {
            k += 1;
        }
        index(k)
    };
    (0..sums.len()).map(edge).collect()
}

/// One outcome in proportion to `weights`; `None` if all are 0.
pub(super) fn pick(weights: &[f64], rng: &mut Rng) -> Option<usize> {
    let mut rest = rng.unit_f64() * weights.iter().sum::<f64>();
    let mut last = None;
    for (ix, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        last = Some(ix);
        rest -= weight;
        if rest < 0.0 {
            break;
        }
    }
    last
}

/// One of several things, all alike.
pub(super) fn one_of<'a, T>(things: &'a [T], rng: &mut Rng) -> &'a T {
    &things[rng.below(things.len())]
}

/// True with this probability.
pub(super) fn happens(probability: f64, rng: &mut Rng) -> bool {
    rng.unit_f64() < probability
}

/// A positive draw with this median; `spread` is the standard deviation of its logarithm.
pub(super) fn log_normal(median: f64, spread: f64, rng: &mut Rng) -> f64 {
    median * libm::exp(spread * rng.normal())
}

/// The whole part of a number that is known to lie in `0..2^32`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates outside the range, which no caller reaches"
)]
pub(super) fn whole(number: f64) -> u32 {
    number as u32
}

/// A count as a factor.
#[expect(clippy::cast_precision_loss, reason = "counts here stay far below 2^53")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// A position in one of the vocabulary's tables, none of which has more than 255 rows.
pub(super) fn row(position: usize) -> u8 {
    u8::try_from(position).expect("the vocabulary's tables are short")
}

/// A position among the items, which [`super::Settings`] keeps below 2^32.
pub(super) fn index(position: usize) -> u32 {
    u32::try_from(position).expect("settings bound the number of items")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guided_draw_is_a_search() {
        let mut rng = Rng::new(5);
        for n in [1, 2, 7, 300] {
            let weight = |_| if rng.below(4) == 0 { 0.0 } else { 20.0 * rng.unit_f64() };
            let weights: Vec<f64> = (0..n).map(weight).chain([1.0]).collect();
            let table = Cumulative::new(weights.iter().copied());
            for _ in 0..2_000 {
                let share = rng.unit_f64();
                let searched = table.sums.partition_point(|&sum| sum <= share * table.total());
                assert_eq!(table.at(share), searched);
                assert!(weights[searched] > 0.0);
            }
        }
    }

    #[test]
    fn nothing_to_draw_from_gives_nothing() {
        let mut rng = Rng::new(1);
        assert_eq!(Cumulative::new([]).draw(&mut rng), None);
        assert_eq!(Cumulative::new([0.0, 0.0]).draw(&mut rng), None);
        assert_eq!(pick(&[0.0, 0.0], &mut rng), None);
        assert_eq!(pick(&[0.0, 3.0, 0.0], &mut rng), Some(1));
    }
}
