use super::metrics::{Accuracy, Interval, Intervals, Metrics};
use super::segments::Kind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Predictions made.
    pub cases: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// Means over the cases, by name, for example `hit_rate@20`.
    pub metrics: Metrics,
    /// 95 % bootstrap intervals over sessions, by the same names.
    pub intervals: Intervals,
    /// Cases with a right answer that the shopper had not been on in the session; only such
    /// answers are right in it.
    pub new_items: Part,
    /// Cases of which the ranker knows no right answer; each counts as a miss.
    pub unknown_targets: usize,
    /// Slates judged by more than being right, where [`Options::beyond`](super::Options) asks
    /// for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Beyond>,
    /// Cases by kind of segment, where [`Options::segments`](super::Options) asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<BTreeMap<&'static str, Vec<Segment>>>,
    /// Hit rates after one click as shares of those after five, by name, where both are
    /// measured and the latter are not 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_click_of_five: Option<Metrics>,
    /// How long the ranker took for one slate.
    pub latency_us: Latency,
}

/// Means over a part of the cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Predictions in this part.
    pub cases: usize,
    /// Means over them.
    pub metrics: Metrics,
    /// 95 % bootstrap intervals over sessions.
    pub intervals: Intervals,
}

/// What slates are worth beyond being right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beyond {
    /// Whose popularity the figures are about: `model` or `training log`.
    pub popularity_from: &'static str,
    /// Figures by name, for example `novelty@20`; without those that the data does not give.
    pub metrics: Metrics,
    /// 95 % bootstrap intervals over sessions of those that are means: coverage and Gini are
    /// none.
    pub intervals: Intervals,
}

/// One segment's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segment {
    /// What the segment is called, for example `2–3` or `head`.
    pub name: String,
    /// Predictions in it.
    pub cases: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// What the whole run is judged by, without those that the data does not give.
    pub metrics: Metrics,
    /// 95 % bootstrap intervals over sessions, of those that are means.
    pub intervals: Intervals,
}

/// Percentiles of the time for one slate, in microseconds, one call at a time on each
/// thread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 99th percentile.
    pub p99: f64,
}

impl Latency {
    pub(super) fn of<'a>(times: impl Iterator<Item = &'a f64>) -> Self {
        let mut times: Vec<f64> = times.copied().collect();
        times.sort_unstable_by(f64::total_cmp);
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(place).copied().unwrap_or(0.0)
        };
        Self { p50: at(50), p90: at(90), p99: at(99) }
    }
}

impl Report {
    /// The metrics that say something of their own where each case has one right answer.
    pub fn headline(&self) -> Metrics {
        let metrics = self.metrics.iter();
        metrics.filter(|(name, _)| is_of(name, &Accuracy::OF_ONE_ANSWER)).map(owned).collect()
    }

    /// The report as a table for people, with these metrics of accuracy.
    pub fn text(&self, metrics: &[Accuracy]) -> String {
        let mut text = Text(String::new());
        text.accuracy(self, metrics);
        if let Some(beyond) = &self.beyond {
            text.beyond(beyond);
        }
        if let Some(segments) = &self.segments {
            Kind::ALL
                .into_iter()
                .filter_map(|kind| Some((kind, segments.get(kind.name())?)))
                .for_each(|(kind, segments)| text.segments(kind, segments));
        }
        if let Some(shares) = &self.one_click_of_five {
            text.one_click(shares);
        }
        text.counts(self);
        text.0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Accuracy::OF_ONE_ANSWER))
    }
}

fn owned((name, value): (&String, &f64)) -> (String, f64) {
    (name.clone(), *value)
}

fn is_of(name: &str, metrics: &[Accuracy]) -> bool {
    metrics.iter().any(|metric| metric.name() == metric_and_length(name).0)
}

/// `hit_rate@10` as its metric and its length of slate, so that 5 comes before 10.
pub(crate) fn metric_and_length(name: &str) -> (&str, usize) {
    let (metric, length) = name.split_once('@').unwrap_or((name, ""));
    (metric, length.parse().unwrap_or(0))
}

/// The metrics of `of` in the order people read them.
fn in_order(of: &Metrics) -> Vec<(&String, f64)> {
    let mut metrics: Vec<(&String, f64)> = of.iter().map(|(name, &value)| (name, value)).collect();
    metrics.sort_by_key(|(name, _)| metric_and_length(name));
    metrics
}

/// A table for people, line by line.
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0 += line.trim_end();
        self.0.push('\n');
    }

    fn accuracy(&mut self, report: &Report, metrics: &[Accuracy]) {
        self.line(&format!(
            "{:<14} {:>8}  {:<18} new items only",
            "metric", "value", "95 % interval"
        ));
        for (name, value) in in_order(&report.metrics) {
            if is_of(name, metrics) {
                let new = report.new_items.metrics.get(name).copied().unwrap_or(0.0);
                let range = range(report.intervals.get(name));
                self.line(&format!("{name:<14} {value:>8.4}  {range:<18} {new:.4}"));
            }
        }
    }

    fn beyond(&mut self, beyond: &Beyond) {
        self.line(&format!("\n{:<18} {:>8}  95 % interval", "beyond accuracy", "value"));
        for (name, value) in in_order(&beyond.metrics) {
            let range = range(beyond.intervals.get(name));
            self.line(&format!("{name:<18} {value:>8.4}  {range}"));
        }
        self.line(&format!("popularity as the {} tells it", beyond.popularity_from));
    }

    /// Hit rate and MRR of the longest slate.
    fn segments(&mut self, kind: Kind, segments: &[Segment]) {
        let names = segments.iter().map(|segment| segment.name.chars().count());
        let width = names.chain([kind.title().len()]).max().unwrap_or(0);
        let longest = |metric: &str| {
            let names = segments.first().into_iter().flat_map(|segment| segment.metrics.keys());
            let of = names.filter(|name| metric_and_length(name).0 == metric);
            of.max_by_key(|name| metric_and_length(name)).cloned().unwrap_or_default()
        };
        let [hits, mrr] = [Accuracy::HitRate, Accuracy::Mrr].map(|metric| longest(metric.name()));
        self.line(&format!(
            "\n{:<width$} {:>8} {hits:>12}  {:<18} {mrr:>8}  95 % interval",
            kind.title(),
            "cases",
            "95 % interval"
        ));
        for segment in segments {
            let value = |name: &String| segment.metrics.get(name).copied().unwrap_or(0.0);
            let range = |name: &String| range(segment.intervals.get(name));
            self.line(&format!(
                "{:<width$} {:>8} {:>12.4}  {:<18} {:>8.4}  {}",
                segment.name,
                segment.cases,
                value(&hits),
                range(&hits),
                value(&mrr),
                range(&mrr)
            ));
        }
    }

    /// How much of what five clicks reach, one click reaches.
    fn one_click(&mut self, shares: &Metrics) {
        for (name, share) in in_order(shares) {
            self.line(&format!(
                "after one click {name} is {:.1} % of its value after five",
                100.0 * share
            ));
        }
    }

    fn counts(&mut self, report: &Report) {
        let Latency { p50, p90, p99 } = report.latency_us;
        self.line(&format!(
            "\n{} cases from {} sessions; {} of new items, {} with a target unknown to the model\n\
             one slate takes {p50:.0} µs (median), {p90:.0} µs (90 %), {p99:.0} µs (99 %)",
            report.cases, report.sessions, report.new_items.cases, report.unknown_targets,
        ));
    }
}

fn range(interval: Option<&Interval>) -> String {
    interval.map_or(String::new(), |r| format!("{:.4} – {:.4}", r.low, r.high))
}
