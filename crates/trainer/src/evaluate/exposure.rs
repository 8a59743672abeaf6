use super::beyond::count;
use super::metrics::{Cutoffs, name};
use super::ranker::Ranked;
use super::segments::Segment;
use mercer::types::ItemIx;
use std::collections::{BTreeMap, HashMap};

/// How often each item was shown: in the whole run, and in the cases of each segment.
#[derive(Debug, Clone, Default)]
pub(super) struct Exposures {
    whole: Exposure,
    segments: BTreeMap<Segment, Exposure>,
}

impl Exposures {
    /// Shows the slate of a case that is in these segments.
    pub(super) fn show(&mut self, slate: &[Ranked], at: &Cutoffs, segments: &[Segment]) {
        self.whole.show(slate, at);
        for segment in segments {
            self.segments.entry(*segment).or_default().show(slate, at);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.whole.add(other.whole);
        for (segment, exposure) in other.segments {
            self.segments.entry(segment).or_default().add(exposure);
        }
    }

    /// Coverage and Gini index of the whole run at each length, by name, of `n_items` in all.
    pub(super) fn of_all(&self, at: &Cutoffs, n_items: usize) -> Vec<(String, f64)> {
        self.whole.figures(at, n_items)
    }

    /// The same of the cases of one segment; nothing where no slate was kept for it.
    pub(super) fn of(&self, segment: Segment, at: &Cutoffs, n_items: usize) -> Vec<(String, f64)> {
        let exposure = self.segments.get(&segment);
        exposure.map(|exposure| exposure.figures(at, n_items)).unwrap_or_default()
    }
}

/// How often items were shown, by length of slate, `[n_cutoffs]`. Only those that were: a segment
/// shows few items of a large catalogue.
#[derive(Debug, Clone, Default)]
struct Exposure {
    counts: Vec<HashMap<ItemIx, u64>>,
}

impl Exposure {
    fn show(&mut self, slate: &[Ranked], at: &Cutoffs) {
        self.counts.resize_with(at.lengths().len(), HashMap::new);
        for (counts, &length) in self.counts.iter_mut().zip(at.lengths()) {
            for ranked in slate.iter().take(length) {
                *counts.entry(ranked.item).or_default() += 1;
            }
        }
    }

    #[expect(clippy::iter_over_hash_type, reason = "sums of counts are the same in any order")]
    fn add(&mut self, other: Self) {
        self.counts.resize_with(self.counts.len().max(other.counts.len()), HashMap::new);
        for (counts, others) in self.counts.iter_mut().zip(other.counts) {
            for (item, n) in others {
                *counts.entry(item).or_default() += n;
            }
        }
    }

    fn figures(&self, at: &Cutoffs, n_items: usize) -> Vec<(String, f64)> {
        let of = |(place, &length): (usize, &usize)| {
            let counts = self.counts.get(place).into_iter().flat_map(HashMap::values);
            let shown: Vec<u64> = counts.copied().collect();
            let coverage = count(shown.len()) / count(n_items.max(1));
            [(name("coverage", length), coverage), (name("gini", length), gini(shown, n_items))]
        };
        at.lengths().iter().enumerate().flat_map(of).collect()
    }
}

/// The Gini index of exposure, 0 (every item as often) to nearly 1 (one item alone), 0 where
/// nothing was shown. The items that are not in `shown` were never: they come first, with 0.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn gini(mut shown: Vec<u64>, n_items: usize) -> f64 {
    shown.sort_unstable();
    let never = n_items - shown.len();
    let all: u64 = shown.iter().sum();
    let n = count(n_items);
    let weigh =
        |(at, &times): (usize, &u64)| (2.0 * count(never + at + 1) - n - 1.0) * times as f64;
    if all == 0 {
        return 0.0;
    }
    shown.iter().enumerate().map(weigh).sum::<f64>() / (n * all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_by_hand() {
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}");
        close(gini(vec![], 4), 0.0);
        close(gini(vec![3, 3, 3, 3], 4), 0.0);
        // One of n alone: (n − 1) / n.
        close(gini(vec![7], 4), 0.75);
        // 0 0 1 3: Σ (2i − 5) x = 1 + 9, over 4 · 4.
        close(gini(vec![3, 1], 4), 10.0 / 16.0);
    }
}
