use super::bootstrap::intervals;
use super::exposure::Exposures;
use super::judge::{Judge, Judged};
use super::metrics::{Accuracy, Interval, Intervals, Metrics};
use super::report::{Beyond, Latency, Part, Report, Segment};
use super::run::Options;
use super::segments::{Kind, Segment as Key, Segments};
use super::table::{Quotient, Table};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Sums of sessions, the figures that follow from them, and their intervals once drawn.
struct Figures {
    table: Table,
    quotients: Vec<(String, Quotient)>,
    intervals: Vec<Interval>,
}

/// Makes a report of what the sessions showed.
pub(super) fn summarise(judge: &Judge<'_>, judged: &[Judged], exposures: &Exposures) -> Report {
    let columns = judge.columns();
    let of = |row: fn(&Judged) -> &[f64]| rows(columns.width(), judged.iter().map(row));
    let figures = |table| Figures { table, quotients: columns.quotients(), intervals: vec![] };
    let mut all = vec![figures(of(|j| &j.accuracy)), figures(of(|j| &j.new_items))];
    if let Some(beyond) = judge.beyond() {
        let table = rows(beyond.width(), judged.iter().map(|j| &*j.beyond));
        all.push(Figures { table, quotients: beyond.quotients(), intervals: vec![] });
    }
    let segments = judge.segments.map(|_| by_segment(judge, judged)).unwrap_or_default();
    let (keys, of_segments): (Vec<_>, Vec<_>) = segments.into_iter().unzip();
    all.extend(of_segments);
    draw(&mut all, judge.options);

    let mut figures = all.into_iter();
    let mut next = || figures.next().expect("one for each part above");
    let (accuracy, new_items) = (next().part(), next().part());
    let beyond = judge.beyond().map(|_| {
        let (mut metrics, intervals) = next().measured();
        metrics.extend(exposures.of_all(&judge.options.at, judge.ranker.n_items()));
        Beyond { popularity_from: judge.options.background.source(), metrics, intervals }
    });
    let segments = judge.segments.map(|names| {
        let shown = |key| exposures.of(key, &judge.options.at, judge.ranker.n_items());
        named(names, keys.into_iter().zip(figures), shown)
    });
    Report {
        cases: accuracy.cases,
        sessions: judged.len(),
        metrics: accuracy.metrics,
        intervals: accuracy.intervals,
        new_items,
        unknown_targets: judged.iter().map(|session| session.unknown_targets).sum(),
        beyond,
        one_click_of_five: segments.as_ref().and_then(one_click_of_five),
        segments,
        latency_us: Latency::of(judged.iter().flat_map(|session| &session.times)),
    }
}

/// The rows of sessions that have any case in them.
fn rows<'a>(width: usize, rows: impl Iterator<Item = &'a [f64]>) -> Table {
    let mut table = Table::new(width);
    rows.filter(|row| row.iter().any(|&value| value > 0.0)).for_each(|row| table.push(row));
    table
}

/// The figures of each segment that has any case, in order.
fn by_segment(judge: &Judge<'_>, judged: &[Judged]) -> BTreeMap<Key, Figures> {
    let (columns, beyond) = (judge.columns(), judge.beyond());
    let behind = columns.width();
    let moved = |(name, quotient): (String, Quotient)| {
        (name, Quotient { sum: behind + quotient.sum, of: behind + quotient.of, ..quotient })
    };
    let mut quotients = columns.quotients();
    quotients.extend(beyond.iter().flat_map(|beyond| beyond.quotients().into_iter().map(moved)));
    let width = behind + beyond.map_or(0, |beyond| beyond.width());
    let nothing =
        || Figures { table: Table::new(width), quotients: quotients.clone(), intervals: vec![] };
    let mut found = BTreeMap::new();
    for (segment, row) in judged.iter().flat_map(|session| &session.segments) {
        found.entry(*segment).or_insert_with(nothing).table.push(row);
    }
    found
}

fn named(
    names: &Segments<'_>,
    parts: impl Iterator<Item = (Key, Figures)>,
    shown: impl Fn(Key) -> Vec<(String, f64)>,
) -> BTreeMap<&'static str, Vec<Segment>> {
    let mut by_kind: BTreeMap<&str, Vec<Segment>> = BTreeMap::new();
    for (key, figures) in parts {
        let (cases, sessions) = (figures.cases(), figures.table.n_rows());
        let (mut metrics, intervals) = figures.measured();
        metrics.extend(shown(key));
        let name = names.name(key).to_owned();
        let segment = Segment { name, cases, sessions, metrics, intervals };
        by_kind.entry(key.kind.name()).or_default().push(segment);
    }
    by_kind
}

/// What one click is worth beside five: shares of the hit rates.
fn one_click_of_five(segments: &BTreeMap<&'static str, Vec<Segment>>) -> Option<Metrics> {
    let after = |clicks: &str| {
        let mut all = segments.get(Kind::ClicksSeen.name())?.iter();
        all.find(|segment| segment.name == clicks).map(|segment| &segment.metrics)
    };
    let (one, five) = (after("1")?, after("5")?);
    let hits = one.iter().filter(|(name, _)| name.starts_with(Accuracy::HitRate.name()));
    let share = |(name, value): (&String, &f64)| {
        let of = *five.get(name)?;
        (of > 0.0).then(|| (name.clone(), value / of))
    };
    Some(hits.filter_map(share).collect::<Metrics>()).filter(|shares| !shares.is_empty())
}

/// Draws all intervals, on all threads.
fn draw(figures: &mut [Figures], options: &Options) {
    let waiting = Mutex::new(figures.iter_mut());
    let work = || loop {
        let next = waiting.lock().ok().and_then(|mut waiting| waiting.next());
        let Some(figures) = next else { break };
        let quotients: Vec<Quotient> = figures.quotients.iter().map(|(_, q)| *q).collect();
        figures.intervals = intervals(&figures.table, &quotients, options.seed);
    };
    std::thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            scope.spawn(work);
        }
    });
}

impl Figures {
    /// The figures that there is something to divide by, and their intervals, by name.
    fn measured(self) -> (Metrics, Intervals) {
        let sums = self.table.totals();
        let (mut metrics, mut intervals) = (Metrics::new(), Intervals::new());
        for ((name, quotient), interval) in self.quotients.into_iter().zip(self.intervals) {
            if let Some(value) = quotient.of(&sums) {
                metrics.insert(name.clone(), value);
                intervals.insert(name, interval);
            }
        }
        (metrics, intervals)
    }

    /// How many cases, which the first column counts.
    #[expect(clippy::cast_possible_truncation, reason = "a count")]
    #[expect(clippy::cast_sign_loss, reason = "a count")]
    fn cases(&self) -> usize {
        self.table.totals()[0] as usize
    }

    /// Means over cases; 0 over no case.
    fn part(self) -> Part {
        let cases = self.cases();
        let nothing = Interval { low: 0.0, high: 0.0 };
        let names: Vec<String> = self.quotients.iter().map(|(name, _)| name.clone()).collect();
        let (mut metrics, mut intervals) = self.measured();
        for name in names {
            metrics.entry(name.clone()).or_insert(0.0);
            intervals.entry(name).or_insert(nothing);
        }
        Part { cases, metrics, intervals }
    }
}
