use super::bootstrap::intervals;
use super::cases::Case;
use super::judge::{Judge, Judged};
use super::metrics::{Accuracy, Columns, Metrics};
use super::ranker::Ranker;
use super::report::Latency;
use super::run::{Options, walk};
use super::sign_flip::p_values;
use super::table::{Quotient, Table, add};
use serde::Serialize;
use std::collections::BTreeMap;

/// The chance of seeing a winner where there is none, over all metrics together.
pub const LEVEL: f64 = 0.05;

/// Two rankers judged on the same cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Predictions made by each.
    pub cases: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// What the first is worth alone.
    pub model: Side,
    /// What the other is worth alone.
    pub with: Side,
    /// By the name of the metric.
    pub differences: BTreeMap<String, Difference>,
    /// Who is better.
    pub verdict: Verdict,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Means over the cases, by name.
    pub metrics: Metrics,
    /// Cases of which it knows no right answer.
    pub unknown_targets: usize,
    /// How long it took for one slate.
    pub latency_us: Latency,
}

/// How far the first is ahead of the other in one metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The first's mean less the other's.
    pub difference: f64,
    /// 2.5th percentile of the paired bootstrap over sessions.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
    /// The chance of a difference at least as large, either way, if it were only chance which
    /// of the two did better in a session.
    pub p_value: f64,
    /// The same, adjusted for the number of metrics compared (Holm 1979).
    pub p_adjusted: f64,
}

/// Who is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The first, in some metric, and the other in none.
    Model,
    /// The other, in some metric, and the first in none.
    With,
    /// Each in some metric.
    Mixed,
    /// No difference is larger than chance makes it.
    NoTelling,
}

impl Difference {
    /// Whether the difference is larger than chance makes it, at [`LEVEL`].
    pub fn is_clear(&self) -> bool {
        self.p_adjusted < LEVEL
    }
}

/// Judges two rankers on the same cases by the same metrics. `progress` is told the number of
/// cases done, each twice, from any thread.
///
/// # Panics
/// If a judging thread panics, which none does unless a ranker does.
pub fn compare(
    [model, with]: [&dyn Ranker; 2],
    cases: &[Case<'_>],
    (options, metrics): (&Options, &[Accuracy]),
    progress: &(dyn Fn(usize) + Sync),
) -> Comparison {
    let options = &Options { segments: false, beyond: false, ..options.clone() };
    let [first, second] = [model, with].map(|ranker| {
        let judge = Judge { ranker, options, facts: None, segments: None };
        walk(&judge, cases, progress).0
    });
    let columns = Columns { metrics: &Accuracy::ALL, at: &options.at };
    let of_interest = |(name, _): &(String, Quotient)| {
        let metric = super::report::metric_and_length(name).0;
        metrics.iter().any(|of| of.name() == metric)
    };
    let quotients: Vec<(String, Quotient)> =
        columns.quotients().into_iter().filter(of_interest).collect();
    let differences = differences(&paired(&first, &second, &quotients), &quotients, options);
    Comparison {
        cases: cases.iter().map(|case| case.predictions.len()).sum(),
        sessions: cases.len(),
        model: side(&first, &quotients),
        with: side(&second, &quotients),
        verdict: verdict(&differences),
        differences,
    }
}

/// One row a session: how many cases, and by how much the first is ahead in each metric.
fn paired(first: &[Judged], second: &[Judged], quotients: &[(String, Quotient)]) -> Table {
    let mut table = Table::new(1 + quotients.len());
    for (first, second) in first.iter().zip(second) {
        let mut row = vec![first.accuracy[0]];
        row.extend(quotients.iter().map(|(_, q)| first.accuracy[q.sum] - second.accuracy[q.sum]));
        table.push(&row);
    }
    table
}

fn differences(
    table: &Table,
    quotients: &[(String, Quotient)],
    options: &Options,
) -> BTreeMap<String, Difference> {
    let ahead: Vec<Quotient> =
        (1..table.width()).map(|sum| Quotient { sum, of: 0, less: 0.0 }).collect();
    let (sums, ranges) = (table.totals(), intervals(table, &ahead, options.seed));
    let p_values = p_values(table, options.seed, options.threads);
    let adjusted = holm(&p_values);
    let difference = |at: usize| Difference {
        difference: ahead[at].of(&sums).unwrap_or(0.0),
        low: ranges[at].low,
        high: ranges[at].high,
        p_value: p_values[at],
        p_adjusted: adjusted[at],
    };
    quotients.iter().enumerate().map(|(at, (name, _))| (name.clone(), difference(at))).collect()
}

fn side(judged: &[Judged], quotients: &[(String, Quotient)]) -> Side {
    let mut sums = judged.first().map_or(vec![], |session| vec![0.0; session.accuracy.len()]);
    for session in judged {
        add(&mut sums, &session.accuracy);
    }
    let mean = |(name, quotient): &(String, Quotient)| Some((name.clone(), quotient.of(&sums)?));
    Side {
        metrics: quotients.iter().filter_map(mean).collect(),
        unknown_targets: judged.iter().map(|session| session.unknown_targets).sum(),
        latency_us: Latency::of(judged.iter().flat_map(|session| &session.times)),
    }
}

fn verdict(differences: &BTreeMap<String, Difference>) -> Verdict {
    let clear = || differences.values().filter(|difference| difference.is_clear());
    let ahead = clear().any(|difference| difference.difference > 0.0);
    let behind = clear().any(|difference| difference.difference < 0.0);
    match (ahead, behind) {
        (true, false) => Verdict::Model,
        (false, true) => Verdict::With,
        (true, true) => Verdict::Mixed,
        (false, false) => Verdict::NoTelling,
    }
}

/// Holm's step-down adjustment (1979): the smallest p times the number of tests, the next
/// times one less, …, none smaller than the one before.
#[expect(clippy::cast_precision_loss, reason = "a handful of metrics")]
fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (before, &at) in order.iter().enumerate() {
        let n_left = (p_values.len() - before) as f64;
        largest = largest.max(p_values[at] * n_left).min(1.0);
        adjusted[at] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_by_hand() {
        // 0.01 · 4, 0.02 · 3, 0.04 · 2, and 0.03 · 2 before it: sorted .01 .02 .03 .04.
        let adjusted = holm(&[0.04, 0.01, 0.03, 0.02]);
        for (found, expected) in adjusted.iter().zip([0.06, 0.04, 0.06, 0.06]) {
            assert!((found - expected).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    }

    #[test]
    fn a_verdict_needs_a_clear_difference() {
        let of = |differences: &[(f64, f64)]| {
            let difference = |&(difference, p_adjusted)| Difference {
                difference,
                low: 0.0,
                high: 0.0,
                p_value: 0.0,
                p_adjusted,
            };
            let named = differences.iter().enumerate();
            verdict(&named.map(|(at, pair)| (at.to_string(), difference(pair))).collect())
        };
        assert_eq!(of(&[(0.1, 0.01), (-0.1, 0.2)]), Verdict::Model);
        assert_eq!(of(&[(0.1, 0.3), (-0.1, 0.01)]), Verdict::With);
        assert_eq!(of(&[(0.1, 0.01), (-0.1, 0.01)]), Verdict::Mixed);
        assert_eq!(of(&[(0.1, 0.05), (-0.1, 1.0)]), Verdict::NoTelling);
    }
}
