use serde::Serialize;
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

/// A metric's value with the range it would take on other sessions like these.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5th percentile of the bootstrap.
    pub low: f64,
    /// 97.5th percentile of the bootstrap.
    pub high: f64,
}

/// The three metrics of one case at one cut-off; their means over cases are reported.
///
/// With the target at rank `r` (from 1) of a slate of length `k`, and one right answer:
/// hit rate = `[r ≤ k]`, MRR = `[r ≤ k] / r`, NDCG = `[r ≤ k] / log2(r + 1)` (Järvelin &
/// Kekäläinen 2002; the ideal gain is 1). All unitless, 0 to 1, higher is better.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Sum of hits.
    pub hits: f64,
    /// Sum of reciprocal ranks.
    pub reciprocal: f64,
    /// Sum of discounted gains.
    pub gain: f64,
}

impl Tally {
    /// Adds a case whose target stands at `rank`, from 1; `None` where it is not in the
    /// slate at all.
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    pub fn add(&mut self, rank: Option<usize>, length: usize) {
        if let Some(rank) = rank.filter(|&rank| rank <= length) {
            self.hits += 1.0;
            self.reciprocal += 1.0 / rank as f64;
            self.gain += 1.0 / (rank as f64 + 1.0).log2();
        }
    }

    /// The sums as an array, in the order of [`Self::NAMES`].
    pub fn sums(self) -> [f64; 3] {
        [self.hits, self.reciprocal, self.gain]
    }

    /// The names of the metrics in JSON.
    pub const NAMES: [&'static str; 3] = ["hit_rate", "mrr", "ndcg"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_known_ranks() {
        let mut tally = Tally::default();
        for rank in [Some(1), Some(4), Some(21), None] {
            tally.add(rank, 20);
        }
        let [hits, reciprocal, gain] = tally.sums();
        assert!((hits - 2.0).abs() < 1e-12);
        assert!((reciprocal - 1.25).abs() < 1e-12);
        assert!((gain - (1.0 + 1.0 / 5.0_f64.log2())).abs() < 1e-12);
    }

    #[test]
    fn cutoffs_are_sorted_and_checked() {
        assert_eq!("20, 5,20".parse::<Cutoffs>().unwrap().lengths(), [5, 20]);
        assert!("5,zero".parse::<Cutoffs>().unwrap_err().to_string().contains("`zero`"));
        assert!("0".parse::<Cutoffs>().is_err());
    }
}
