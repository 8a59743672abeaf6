use super::batch::Example;
use super::held_out::{HeldOut, MIN_CASES, N_LISTS};
use super::loss::Returns;
use super::negatives::Sampler;
use super::params::Params;
use super::settings::{Ingredient, Settings};
use super::step::{Lesson, Step};
use super::successors::{Lists, successors};
use super::weigh::{Weighed, weigh};
use crate::features::Sequences;
use crate::features::content::Content;
use crate::fit::adam::{Pace, cosine_rate};
use crate::fit::{Epoch, Evidence, Fitted, NeighbourLists, Run, Watch};
use mercer::model::N_DWELL_BUCKETS;
use mercer::rng::Rng;
use ndarray::Array2;
use std::collections::BTreeMap;

/// Items described alike, an item.
const ALIKE: usize = 20;

/// Streams of random numbers, one for each use.
mod stream {
    pub(super) const START: u64 = 1;
    pub(super) const ORDER: u64 = 2;
    pub(super) const NEGATIVES: u64 = 3;
    pub(super) const DROPOUT: u64 = 4;
}

/// Trains the session model, twice: first without the newest sessions, to weigh the signals
/// on them, then on everything, because what is newest is worth most. A log too small for
/// that is learned from once, the bonus of returns with it. The same sequences and
/// settings give the same model, to the bit, on the same kind of machine.
///
/// # Panics
/// If the settings are out of range ([`Settings::check`]).
pub fn fit(
    sequences: &Sequences,
    content: Option<&Content>,
    settings: &Settings,
    watch: &dyn Watch,
) -> Fitted {
    settings.check().expect("settings are checked where they are read");
    // A catalogue may hold no word that two products share.
    let told = |content: &&Content| settings.with(Ingredient::Content) && content.n_known() > 0;
    let content = content.filter(told);
    let (older, newest) = split(sequences, settings.calibration());
    let rehearse = newest.len() >= MIN_CASES && !older.is_empty();
    let passes = settings.passes(older.len() + newest.len());
    let rehearsal = if rehearse { (older.len() * rehearsed(passes)) as u64 } else { 0 };
    let returns = if rehearse { Returns::Weighed } else { Returns::Learned };
    let total = rehearsal + ((older.len() + newest.len()) * passes) as u64;
    let vectors = content.map(|content| &content.vectors);
    let lesson = Lesson { sequences, content: vectors, settings, returns };
    let alike = alike(sequences, content.filter(|_| rehearse));
    let fitting = Fitting { lesson, alike, watch, passes, rehearsal, total };
    let weighed = if rehearse { fitting.rehearse(&older, &newest) } else { None };
    let all = older.into_iter().chain(newest).collect();
    fitting.finish(fitting.run(all, Run::Fit), weighed, content)
}

/// What both runs share.
struct Fitting<'a> {
    lesson: Lesson<'a>,
    /// What the catalogue describes alike.
    alike: Lists,
    watch: &'a dyn Watch,
    passes: usize,
    /// Examples of the rehearsal, over all epochs.
    rehearsal: u64,
    /// Examples of both runs together.
    total: u64,
}

impl Fitting<'_> {
    /// Learns from the older examples and weighs the signals on the newest. `None` where that
    /// leads nowhere: a likeness that speaks against what comes next is noise, not a weight.
    fn rehearse(&self, older: &[Example], newest: &[Example]) -> Option<Weighed> {
        let Lesson { sequences, settings, .. } = self.lesson;
        let params = self.run(older.to_vec(), Run::Rehearsal);
        let end = newest.iter().map(|example| example.start()).min()?;
        let lists = self.successors(end);
        let mut held_out = HeldOut::new(&params, sequences, newest, settings.threads);
        let weighed = weigh(&mut held_out, [&lists, &self.alike]);
        Some(weighed).filter(|weighed| weighed.weights.likeness > 0.0)
    }

    /// The successors in the sessions that end before this position of the steps.
    fn successors(&self, end: usize) -> Lists {
        let Lesson { sequences, settings, .. } = self.lesson;
        if settings.with(Ingredient::Successors) {
            successors(sequences, end, settings.min_sessions)
        } else {
            vec![Vec::new(); sequences.n_items()]
        }
    }

    /// The model with its signals weighed.
    fn finish(
        &self,
        mut params: Params,
        weighed: Option<Weighed>,
        content: Option<&Content>,
    ) -> Fitted {
        let Lesson { sequences, settings, .. } = self.lesson;
        let is_weighed = weighed.is_some();
        let mut neighbours = None;
        if let Some(Weighed { weights, reach }) = weighed {
            params.weigh(weights.likeness, weights.popularity, &weights.returning);
            neighbours = reach.map(|reach| {
                let successors = self.successors(sequences.steps.len());
                let lists = joined([&successors, &self.alike], weights.near);
                NeighbourLists { lists, reach, evidence: Evidence::Checked }
            });
        }
        params.leave_out(settings);
        let lexicon = content.and_then(|content| params.lexicon(content));
        let content_map = content.and_then(|content| params.content_map(content));
        let fitted = params.finish(&dwell_counts(sequences));
        Fitted { weighed: is_weighed, neighbours, lexicon, content_map, ..fitted }
    }

    /// Learns from `examples`.
    fn run(&self, mut examples: Vec<Example>, run: Run) -> Params {
        let Lesson { sequences, content, settings, .. } = self.lesson;
        let passes = if run == Run::Fit { self.passes } else { rehearsed(self.passes) };
        let rng = Rng::new(settings.seed);
        let input = content.map(Array2::ncols);
        let mut start = rng.fork(stream::START);
        let mut params = Params::start(sequences.n_items(), input, settings, &mut start);
        let counts = counts(sequences, &examples);
        let mut sampler = Sampler::new(&counts, settings.negatives);
        let mut order = rng.fork(stream::ORDER);
        let mut draws = rng.fork(stream::NEGATIVES);
        let mut dropout = rng.fork(stream::DROPOUT);
        let mut step = Step::new(self.lesson, sampler.n_columns());
        let size = settings.step_size(examples.len());
        let n_steps = (examples.len().div_ceil(size) * passes) as u64;
        let (mut taken, mut done) = (0, if run == Run::Fit { self.rehearsal } else { 0 });
        for number in 1..=passes {
            order.shuffle(&mut examples);
            let mut losses = 0.0;
            for batch in examples.chunks(size) {
                let rate = cosine_rate(settings.rate, taken, n_steps);
                taken += 1;
                let pace = Pace::new(i32::try_from(taken).unwrap_or(i32::MAX), rate);
                let noise = Rng::new(dropout.next_u64());
                let loss = step.take(&mut params, batch, sampler.draw(&mut draws), (pace, &noise));
                done += batch.len() as u64;
                #[expect(clippy::cast_precision_loss, reason = "a mean that is shown")]
                let n_examples = batch.len() as f64;
                losses += loss * n_examples;
                #[expect(clippy::cast_possible_truncation, reason = "shown, not computed with")]
                self.watch.progress(done, self.total, loss as f32);
            }
            #[expect(clippy::cast_precision_loss, reason = "a mean that is shown")]
            let loss = losses / examples.len().max(1) as f64;
            self.watch.epoch(&Epoch { run, number, of: passes, loss });
        }
        params.settle(content, &counts, settings.threads);
        params
    }
}

/// For each item those that the catalogue describes alike, by their cosine.
fn alike(sequences: &Sequences, content: Option<&Content>) -> Lists {
    let features = content.and_then(|content| content.features.as_ref());
    features.map_or_else(|| vec![Vec::new(); sequences.n_items()], |rows| rows.nearest(ALIKE))
}

/// The sum of lists, each at its weight.
fn joined(lists: [&Lists; N_LISTS], weights: [f32; N_LISTS]) -> Lists {
    let of = |item: usize| {
        let mut sums: BTreeMap<u32, f32> = BTreeMap::new();
        for (lists, weight) in lists.iter().zip(weights) {
            for &(other, near) in lists[item].iter().filter(|_| weight > 0.0) {
                *sums.entry(other).or_default() += weight * near;
            }
        }
        sums.into_iter().collect()
    };
    (0..lists[0].len()).map(of).collect()
}

/// Passes of a rehearsal: the signals stand to each other after two thirds of the way much as
/// they do at its end.
fn rehearsed(passes: usize) -> usize {
    (passes * 2).div_ceil(3)
}

/// How many steps of the examples' sessions stand on each item, `[n_items]`.
fn counts(sequences: &Sequences, examples: &[Example]) -> Vec<u32> {
    let mut counts = vec![0; sequences.n_items()];
    for example in examples {
        counts[example.answer(sequences) as usize] += 1;
        if let Some(step) = example.opening(sequences) {
            counts[step.item as usize] += 1;
        }
    }
    counts
}

/// The examples of the older sessions, to learn from, and of the newest `share` of the
/// sessions, to weigh the signals on.
fn split(sequences: &Sequences, share: f64) -> (Vec<Example>, Vec<Example>) {
    #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
    #[expect(clippy::cast_possible_truncation, reason = "at most the count")]
    #[expect(clippy::cast_sign_loss, reason = "not negative")]
    let newest = (sequences.n_sessions() as f64 * share) as usize;
    let from = sequences.starts[sequences.n_sessions() - newest];
    Example::all(sequences).into_iter().partition(|example| example.is_before(from))
}

/// How many steps there are of each class of dwell.
fn dwell_counts(sequences: &Sequences) -> [u32; N_DWELL_BUCKETS] {
    let mut counts = [0; N_DWELL_BUCKETS];
    for step in &sequences.steps {
        counts[usize::from(step.dwell)] += 1;
    }
    counts
}
