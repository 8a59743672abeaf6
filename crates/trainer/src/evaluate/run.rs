use super::bootstrap::interval;
use super::cases::Case;
use super::metrics::{Cutoffs, Interval, Tally};
use super::ranker::{Ranked, Ranker, Visit};
use crate::log::LogEvent;
use mercer::types::{ItemIx, Seen};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// The lengths of slate that are judged.
    pub at: Cutoffs,
    /// Whether items of the session may be in the slate.
    pub seen: Seen,
    /// Threads to use; the metrics do not depend on it.
    pub threads: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Predictions made.
    pub cases: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// Means over the cases, by name, for example `hit_rate@20`.
    pub metrics: BTreeMap<String, f64>,
    /// 95 % bootstrap intervals over sessions, by the same names.
    pub intervals: BTreeMap<String, Interval>,
    /// Cases whose target the shopper had not been on in the session.
    pub new_items: Part,
    /// Cases whose target the ranker does not know; each counts as a miss.
    pub unknown_targets: usize,
    /// How long the ranker took for one slate.
    pub latency_us: Latency,
}

/// Means over a part of the cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Predictions in this part.
    pub cases: usize,
    /// Means over them.
    pub metrics: BTreeMap<String, f64>,
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

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<14} {:>8}  {:<18} new items only", "metric", "value", "95 % interval")?;
        let mut metrics: Vec<_> = self.metrics.iter().collect();
        metrics.sort_by_key(|(name, _)| metric_and_length(name));
        for (name, value) in metrics {
            let new = self.new_items.metrics.get(name).copied().unwrap_or(0.0);
            let range = self.intervals.get(name);
            let range = range.map_or(String::new(), |r| format!("{:.4} – {:.4}", r.low, r.high));
            writeln!(f, "{name:<14} {value:>8.4}  {range:<18} {new:.4}")?;
        }
        let Latency { p50, p90, p99 } = self.latency_us;
        writeln!(
            f,
            "\n{} cases from {} sessions; {} of new items, {} with a target unknown to the model\n\
             one slate takes {p50:.0} µs (median), {p90:.0} µs (90 %), {p99:.0} µs (99 %)",
            self.cases, self.sessions, self.new_items.cases, self.unknown_targets,
        )
    }
}

/// `hit_rate@10` as its metric and its length of slate, so that 5 comes before 10.
fn metric_and_length(name: &str) -> (&str, usize) {
    let (metric, length) = name.split_once('@').unwrap_or((name, ""));
    (metric, length.parse().unwrap_or(0))
}

/// Judges a ranker on every case. `progress` is told the number of cases done, from any
/// thread.
///
/// # Panics
/// If a judging thread panics, which none does.
pub fn evaluate(
    ranker: &dyn Ranker,
    cases: &[Case<'_>],
    options: &Options,
    progress: &(dyn Fn(usize) + Sync),
) -> Report {
    let per_thread = cases.len().div_ceil(options.threads.max(1)).max(1);
    let judge = |case: &Case<'_>| {
        let judged = judge(ranker, case, options);
        progress(judged.ranks.len());
        judged
    };
    let part = &|cases: &[Case<'_>]| cases.iter().map(judge).collect::<Vec<Judged>>();
    let judged: Vec<Judged> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            cases.chunks(per_thread).map(|cases| scope.spawn(move || part(cases))).collect();
        threads.into_iter().flat_map(|t| t.join().expect("judging does not panic")).collect()
    });
    summarise(&judged, options)
}

/// What one session showed.
struct Judged {
    /// The target's rank in each case, and whether it was new to the session.
    ranks: Vec<(Option<usize>, Novelty)>,
    unknown_targets: usize,
    /// Microseconds of each slate.
    times: Vec<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Novelty {
    New,
    Repeat,
}

fn judge(ranker: &dyn Ranker, case: &Case<'_>, options: &Options) -> Judged {
    let mut visit = ranker.begin();
    let mut judged = Judged { ranks: Vec::new(), unknown_targets: 0, times: Vec::new() };
    let mut seen: Vec<&str> = Vec::new();
    for (item, event) in &case.history {
        visit.observe(item, event);
        remember(&mut seen, item, event);
    }
    let mut predictions = case.predictions.iter().peekable();
    for (at, (item, event)) in case.events.iter().enumerate() {
        if predictions.next_if_eq(&&at).is_some() {
            let novelty = if seen.contains(item) { Novelty::Repeat } else { Novelty::New };
            let target = ranker.item_ix(item);
            let rank = target.and_then(|target| {
                rank(&mut *visit, target, ranker.n_items(), options, &mut judged.times)
            });
            judged.ranks.push((rank, novelty));
            judged.unknown_targets += usize::from(target.is_none());
        }
        visit.observe(item, event);
        remember(&mut seen, item, event);
    }
    judged
}

fn remember<'a>(seen: &mut Vec<&'a str>, item: &'a str, event: &LogEvent) {
    if !item.is_empty() && event.kind.is_interest() && !seen.contains(&item) {
        seen.push(item);
    }
}

/// Where `target` stands in the slate, from 1: how many items score at least as high. `None`
/// where it is not among the first of `options.at.longest()`.
fn rank(
    visit: &mut dyn Visit,
    target: ItemIx,
    n_items: usize,
    options: &Options,
    times: &mut Vec<f64>,
) -> Option<usize> {
    let start = Instant::now();
    let slate = visit.slate(options.at.longest(), options.seen);
    times.push(start.elapsed().as_secs_f64() * 1e6);
    let score = slate.iter().find(|ranked| ranked.item == target)?.score;
    let mut rank = at_least(&slate, score);
    let mut count = slate.len();
    // A tie that runs off the slate counts against the ranker in full.
    while rank == count && count < n_items {
        count = count.saturating_mul(4);
        let wider = visit.slate(count, options.seen);
        rank = at_least(&wider, score);
        if wider.len() < count {
            break;
        }
    }
    Some(rank)
}

fn at_least(slate: &[Ranked], score: f32) -> usize {
    slate.iter().filter(|ranked| ranked.score >= score).count()
}

fn summarise(judged: &[Judged], options: &Options) -> Report {
    let everything = |_: Novelty| true;
    let cases = judged.iter().map(|session| session.ranks.len()).sum();
    let mut intervals = BTreeMap::new();
    for &length in options.at.lengths() {
        for (metric, name) in Tally::NAMES.iter().enumerate() {
            let sessions: Vec<(f64, f64)> =
                judged.iter().map(|session| session_sum(session, length, metric)).collect();
            intervals.insert(format!("{name}@{length}"), interval(&sessions, options.seed));
        }
    }
    let new = |novelty| novelty == Novelty::New;
    let ranks = || judged.iter().flat_map(|session| &session.ranks);
    Report {
        cases,
        sessions: judged.len(),
        metrics: means(judged, &options.at, everything),
        intervals,
        new_items: Part {
            cases: ranks().filter(|(_, novelty)| new(*novelty)).count(),
            metrics: means(judged, &options.at, new),
        },
        unknown_targets: judged.iter().map(|session| session.unknown_targets).sum(),
        latency_us: latency(judged),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases")]
fn session_sum(session: &Judged, length: usize, metric: usize) -> (f64, f64) {
    let mut tally = Tally::default();
    for (rank, _) in &session.ranks {
        tally.add(*rank, length);
    }
    (session.ranks.len() as f64, tally.sums()[metric])
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases")]
fn means(
    judged: &[Judged],
    at: &Cutoffs,
    counts: impl Fn(Novelty) -> bool,
) -> BTreeMap<String, f64> {
    let mut means = BTreeMap::new();
    for &length in at.lengths() {
        let (mut tally, mut cases) = (Tally::default(), 0_usize);
        let ranks = judged.iter().flat_map(|session| &session.ranks);
        for (rank, _) in ranks.filter(|(_, novelty)| counts(*novelty)) {
            tally.add(*rank, length);
            cases += 1;
        }
        for (name, sum) in Tally::NAMES.iter().zip(tally.sums()) {
            means.insert(format!("{name}@{length}"), sum / cases.max(1) as f64);
        }
    }
    means
}

fn latency(judged: &[Judged]) -> Latency {
    let mut times: Vec<f64> = judged.iter().flat_map(|session| &session.times).copied().collect();
    times.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or(0.0)
    };
    Latency { p50: at(50), p90: at(90), p99: at(99) }
}
