use super::cases::Case;
use super::metrics::{Interval, name};
use super::ranker::Varied;
use super::report::Report;
use super::run::{Options, evaluate};
use mercer::Engine;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The figures of a sweep, in the order they are shown.
const FIGURES: [&str; 5] = ["ndcg", "hit_rate", "diversity", "coverage", "calibration"];

/// How many steps of 0.1 lead from no variety to nothing but variety.
const STEPS: u8 = 10;

/// The levels of a sweep: 0, 0.1, …, 1.
pub const N_LEVELS: u64 = STEPS as u64 + 1;

/// What variety costs and brings: the same cases at several levels of diversity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sweep {
    /// Predictions made at each level.
    pub cases: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// Length of the slates that [`Level::metrics`] are about.
    pub at: usize,
    /// One for each level, ascending.
    pub levels: Vec<Level>,
}

/// One level of diversity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// What the request asks for, 0 to 1.
    pub diversity: f32,
    /// `ndcg@k`, `hit_rate@k`, `diversity@k`, `coverage@k`, and `calibration@k` where items
    /// have categories.
    pub metrics: BTreeMap<String, f64>,
    /// 95 % bootstrap intervals over sessions of those that are means.
    pub intervals: BTreeMap<String, Interval>,
}

/// Judges a model at diversity 0, 0.1, …, 1, at the longest length of [`Options::at`].
/// `progress` is told the number of cases done, from any thread; each counts [`N_LEVELS`] times.
///
/// # Panics
/// If a judging thread panics, which none does.
pub fn sweep(
    engine: &Engine,
    cases: &[Case<'_>],
    options: &Options,
    progress: &(dyn Fn(usize) + Sync),
) -> Sweep {
    let at = options.at.longest();
    let options = Options { beyond: true, segments: false, ..options.clone() };
    let level = |step: u8| {
        let diversity = f32::from(step) / f32::from(STEPS);
        let report = evaluate(&Varied { engine, diversity }, cases, &options, progress);
        (report.sessions, report.cases, Level::of(diversity, at, report))
    };
    let measured: Vec<_> = (0..=STEPS).map(level).collect();
    let (sessions, cases) = measured.first().map_or((0, 0), |first| (first.0, first.1));
    let levels = measured.into_iter().map(|(_, _, level)| level).collect();
    Sweep { cases, sessions, at, levels }
}

impl Level {
    fn of(diversity: f32, at: usize, report: Report) -> Self {
        let mut metrics = report.metrics;
        let mut intervals = report.intervals;
        if let Some(beyond) = report.beyond {
            metrics.extend(beyond.metrics);
            intervals.extend(beyond.intervals);
        }
        let shown = FIGURES.map(|figure| name(figure, at));
        metrics.retain(|name, _| shown.contains(name));
        intervals.retain(|name, _| shown.contains(name));
        Self { diversity, metrics, intervals }
    }
}

impl Sweep {
    /// The figures that were measured, in the order they are shown.
    fn figures(&self) -> Vec<String> {
        let has = |name: &String| self.levels.iter().all(|level| level.metrics.contains_key(name));
        FIGURES.map(|figure| name(figure, self.at)).into_iter().filter(has).collect()
    }

    /// A table for people: a line for each level.
    pub fn text(&self) -> String {
        let figures = self.figures();
        let mut text = format!("{:<9}", "diversity");
        for name in &figures {
            let _ = write!(text, "  {name:>14}");
        }
        text.push('\n');
        for level in &self.levels {
            let _ = write!(text, "{:<9.1}", level.diversity);
            for name in &figures {
                let _ = write!(text, "  {:>14.4}", level.metrics[name]);
            }
            text.push('\n');
        }
        let _ = writeln!(text, "\n{} cases from {} sessions", self.cases, self.sessions);
        text
    }
}
