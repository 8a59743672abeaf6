use super::table::Quotient;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The lengths of slate that are judged, ascending, for example `5,10,20`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutoffs(Vec<usize>);

impl Cutoffs {
    /// The lengths, ascending.
    pub fn lengths(&self) -> &[usize] {
        &self.0
    }

    /// The longest slate.
    pub fn longest(&self) -> usize {
        self.0.last().copied().unwrap_or(0)
    }
}

impl Default for Cutoffs {
    /// 5, 10 and 20.
    fn default() -> Self {
        Self(vec![5, 10, 20])
    }
}

impl FromStr for Cutoffs {
    type Err = CutoffsError;

    fn from_str(text: &str) -> Result<Self, CutoffsError> {
        let parse = |part: &str| match part.trim().parse() {
            Ok(length @ 1..=1000) => Ok(length),
            _ => Err(CutoffsError(part.trim().to_owned())),
        };
        let mut lengths: Vec<usize> = text.split(',').map(parse).collect::<Result<_, _>>()?;
        lengths.sort_unstable();
        lengths.dedup();
        Ok(Self(lengths))
    }
}

/// A part of a list of cut-offs that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutoffsError(String);

impl fmt::Display for CutoffsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no length of slate: give numbers from 1 to 1000, like 5,10,20", self.0)
    }
}

impl std::error::Error for CutoffsError {}

/// Figures by name, for example `hit_rate@20`.
pub type Metrics = BTreeMap<String, f64>;

/// Intervals by the names of their figures.
pub type Intervals = BTreeMap<String, Interval>;

/// A metric's value with the range it would take on other sessions like these.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5th percentile of the bootstrap.
    pub low: f64,
    /// 97.5th percentile of the bootstrap.
    pub high: f64,
}

/// The accuracy of a slate, unitless, 0 to 1, higher is better; `docs/metrics.md` has the
/// formulas and their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// Whether the slate holds a right answer.
    HitRate,
    /// Mean average precision: the mean precision at the places of the right answers.
    Map,
    /// Mean reciprocal rank of the first right answer.
    Mrr,
    /// Normalised discounted cumulative gain.
    Ndcg,
    /// Which share of the slate is right.
    Precision,
    /// Which share of the right answers the slate holds.
    Recall,
}

impl Accuracy {
    /// Every one, by name.
    pub const ALL: [Self; 6] =
        [Self::HitRate, Self::Map, Self::Mrr, Self::Ndcg, Self::Precision, Self::Recall];

    /// Those that say something of their own where each case has one right answer: recall is
    /// then hit rate, average precision is reciprocal rank, and precision is hit rate divided
    /// by the length of the slate.
    pub const OF_ONE_ANSWER: [Self; 3] = [Self::HitRate, Self::Mrr, Self::Ndcg];

    /// The word for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::HitRate => "hit_rate",
            Self::Map => "map",
            Self::Mrr => "mrr",
            Self::Ndcg => "ndcg",
            Self::Precision => "precision",
            Self::Recall => "recall",
        }
    }

    /// Its value for one case: the right answers found stand at `ranks` (from 1, ascending),
    /// there are `n_right` in all, and the slate has `length` places.
    #[expect(clippy::cast_precision_loss, reason = "ranks and lengths are small")]
    pub fn of(self, ranks: &[usize], n_right: usize, length: usize) -> f64 {
        let within = &ranks[..ranks.partition_point(|&rank| rank <= length)];
        let hits = within.len() as f64;
        let Some(&first) = within.first() else { return 0.0 };
        let reachable = n_right.min(length);
        match self {
            Self::HitRate => 1.0,
            Self::Mrr => 1.0 / first as f64,
            Self::Precision => hits / length as f64,
            Self::Recall => hits / n_right as f64,
            Self::Map => {
                let precision =
                    |(before, &rank): (usize, &usize)| (before + 1) as f64 / rank as f64;
                within.iter().enumerate().map(precision).sum::<f64>() / reachable as f64
            }
            Self::Ndcg => {
                let ideal: f64 = (1..=reachable).map(gain).sum();
                within.iter().copied().map(gain).sum::<f64>() / ideal
            }
        }
    }
}

/// `1 / log2(rank + 1)`, with ranks from 1.
#[expect(clippy::cast_precision_loss, reason = "ranks are small")]
fn gain(rank: usize) -> f64 {
    1.0 / (rank as f64 + 1.0).log2()
}

/// `hit_rate@20`.
pub(super) fn name(metric: &str, length: usize) -> String {
    format!("{metric}@{length}")
}

/// The columns of sums of some metrics at some lengths: the number of cases, then every metric
/// of the first length, every metric of the second, …
#[derive(Debug, Clone)]
pub(super) struct Columns<'a> {
    pub(super) metrics: &'a [Accuracy],
    pub(super) at: &'a Cutoffs,
}

impl Columns<'_> {
    pub(super) fn width(&self) -> usize {
        1 + self.metrics.len() * self.at.lengths().len()
    }

    /// One case as a row.
    pub(super) fn row(&self, ranks: &[usize], n_right: usize) -> Vec<f64> {
        let mut row = Vec::with_capacity(self.width());
        row.push(1.0);
        for &length in self.at.lengths() {
            row.extend(self.metrics.iter().map(|metric| metric.of(ranks, n_right, length)));
        }
        row
    }

    /// Each metric's name and how it follows from the columns.
    pub(super) fn quotients(&self) -> Vec<(String, Quotient)> {
        let mut quotients = Vec::new();
        for &length in self.at.lengths() {
            for metric in self.metrics {
                let sum = 1 + quotients.len();
                quotients.push((name(metric.name(), length), Quotient { sum, of: 0, less: 0.0 }));
            }
        }
        quotients
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(ranks: &[usize], n_right: usize, length: usize) -> [f64; 6] {
        Accuracy::ALL.map(|metric| metric.of(ranks, n_right, length))
    }

    fn assert_close(found: [f64; 6], expected: [f64; 6]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn one_right_answer() {
        // hit rate, MAP, MRR, NDCG, precision, recall
        assert_close(all(&[1], 1, 20), [1.0, 1.0, 1.0, 1.0, 0.05, 1.0]);
        assert_close(all(&[4], 1, 5), [1.0, 0.25, 0.25, 1.0 / 5.0_f64.log2(), 0.2, 1.0]);
        assert_close(all(&[21], 1, 20), [0.0; 6]);
        assert_close(all(&[], 1, 20), [0.0; 6]);
    }

    #[test]
    fn several_right_answers() {
        // Three right answers, at ranks 2 and 3 of five places; the third is not found.
        // DCG = 1/log2 3 + 1/log2 4 = 0.63093 + 0.5; ideal = 1 + 0.63093 + 0.5.
        let third = 1.0 / 3.0_f64.log2();
        let expected = [
            1.0,
            (1.0 / 2.0 + 2.0 / 3.0) / 3.0,
            0.5,
            (third + 0.5) / (1.0 + third + 0.5),
            0.4,
            2.0 / 3.0,
        ];
        assert_close(all(&[2, 3], 3, 5), expected);
        // At two places only the first is in, and at most two could be.
        let expected = [1.0, 0.5 / 2.0, 0.5, third / (1.0 + third), 0.5, 1.0 / 3.0];
        assert_close(all(&[2, 3], 3, 2), expected);
    }

    #[test]
    fn cutoffs_are_sorted_and_checked() {
        assert_eq!("20, 5,20".parse::<Cutoffs>().unwrap().lengths(), [5, 20]);
        assert!("5,zero".parse::<Cutoffs>().unwrap_err().to_string().contains("`zero`"));
        assert!("0".parse::<Cutoffs>().is_err());
    }

    proptest! {
        #[test]
        fn values_are_shares_and_the_ideal_order_is_worth_one(
            ranks in prop::collection::btree_set(1_usize..40, 0..8),
            missed in 0_usize..5,
            length in 1_usize..30,
        ) {
            let ranks: Vec<usize> = ranks.into_iter().collect();
            let n_right = (ranks.len() + missed).max(1);
            let values = all(&ranks, n_right, length);
            prop_assert!(values.iter().all(|value| (0.0..=1.0 + 1e-12).contains(value)));

            let ideal: Vec<usize> = (1..=n_right).collect();
            let [hit, map, mrr, ndcg, precision, recall] = all(&ideal, n_right, length);
            for one in [hit, map, mrr, ndcg] {
                prop_assert!((one - 1.0).abs() < 1e-12);
            }
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let reachable = n_right.min(length) as f64;
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let (places, right) = (length as f64, n_right as f64);
            prop_assert!((precision - reachable / places).abs() < 1e-12);
            prop_assert!((recall - reachable / right).abs() < 1e-12);
        }

        #[test]
        fn a_longer_slate_never_finds_less(
            ranks in prop::collection::btree_set(1_usize..40, 0..8),
            missed in 0_usize..5,
            length in 1_usize..30,
        ) {
            let ranks: Vec<usize> = ranks.into_iter().collect();
            let n_right = (ranks.len() + missed).max(1);
            for metric in [Accuracy::HitRate, Accuracy::Mrr, Accuracy::Recall] {
                let [short, long] = [length, length + 1].map(|k| metric.of(&ranks, n_right, k));
                prop_assert!(long >= short, "{}", metric.name());
            }
            // With one right answer MAP and NDCG are monotone too; with several a longer slate
            // asks for more.
            if let [rank] = ranks[..] {
                for metric in [Accuracy::Map, Accuracy::Ndcg] {
                    let [short, long] = [length, length + 1].map(|k| metric.of(&[rank], 1, k));
                    prop_assert!(long >= short, "{}", metric.name());
                }
            }
        }

        #[test]
        fn an_answer_further_up_is_worth_more(
            ranks in prop::collection::btree_set(2_usize..40, 1..8),
            length in 1_usize..30,
        ) {
            let ranks: Vec<usize> = ranks.into_iter().collect();
            let mut better = ranks.clone();
            better[0] -= 1;
            for metric in Accuracy::ALL {
                let [worse, better] = [&ranks, &better].map(|r| metric.of(r, ranks.len(), length));
                prop_assert!(better >= worse, "{}", metric.name());
            }
        }
    }
}
