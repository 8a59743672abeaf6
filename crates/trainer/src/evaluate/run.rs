use super::cases::Case;
use super::exposure::Exposures;
use super::facts::{Background, Facts};
use super::judge::{Judge, Judged};
use super::metrics::Cutoffs;
use super::ranker::Ranker;
use super::report::Report;
use super::segments::Segments;
use super::summary::summarise;
use mercer::types::Seen;

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
    /// Whether the cases are also judged by segment.
    pub segments: bool,
    /// Whether slates are also judged by more than being right.
    pub beyond: bool,
    /// What is known of the items from outside the ranker.
    pub background: Background,
}

impl Default for Options {
    /// Accuracy at 5, 10 and 20, items of the session included, all threads, seed 1.
    fn default() -> Self {
        Self {
            at: Cutoffs::default(),
            seen: Seen::Include,
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            seed: 1,
            segments: false,
            beyond: false,
            background: Background::default(),
        }
    }
}

/// Judges a ranker on every case. `progress` is told the number of cases done, from any
/// thread.
///
/// # Panics
/// If a judging thread panics, which none does unless the ranker does.
pub fn evaluate(
    ranker: &dyn Ranker,
    cases: &[Case<'_>],
    options: &Options,
    progress: &(dyn Fn(usize) + Sync),
) -> Report {
    let asks_facts = options.segments || options.beyond;
    let facts = asks_facts.then(|| Facts::new(ranker, &options.background));
    let segments = facts
        .as_ref()
        .filter(|_| options.segments)
        .map(|facts| Segments::new(facts, &options.background, cases));
    let judge = Judge { ranker, options, facts: facts.as_ref(), segments: segments.as_ref() };
    let (judged, exposures) = walk(&judge, cases, progress);
    summarise(&judge, &judged, &exposures)
}

/// Judges all sessions on all threads, in order.
pub(super) fn walk(
    judge: &Judge<'_>,
    cases: &[Case<'_>],
    progress: &(dyn Fn(usize) + Sync),
) -> (Vec<Judged>, Exposures) {
    let per_thread = cases.len().div_ceil(judge.options.threads.max(1)).max(1);
    let part = &|cases: &[Case<'_>]| {
        let mut exposures = Exposures::default();
        let session = |case: &Case<'_>| {
            let judged = judge.session(case, &mut exposures);
            progress(case.predictions.len());
            judged
        };
        let judged: Vec<Judged> = cases.iter().map(session).collect();
        (judged, exposures)
    };
    let parts: Vec<(Vec<Judged>, Exposures)> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            cases.chunks(per_thread).map(|cases| scope.spawn(move || part(cases))).collect();
        threads.into_iter().map(|t| t.join().expect("judging does not panic")).collect()
    });
    let (mut all, mut exposures) = (Vec::with_capacity(cases.len()), Exposures::default());
    for (judged, shown) in parts {
        all.extend(judged);
        exposures.add(shown);
    }
    (all, exposures)
}
