use super::batch::Example;
use super::held_out::{HeldOut, MIN_CASES, N_LISTS};
use super::loss::Returns;
use super::negatives::Sampler;
use super::newcomers::{alike_newcomers, carried, hide, newcomers};
use super::params::Params;
use super::settings::{Ingredient, Settings};
use super::start::walked;
use super::step::{Lesson, Step};
use super::successors::{Lists, successors};
use super::trend::trends;
use super::weigh::{Weighed, weigh};
use crate::features::Sequences;
use crate::features::content::Content;
use crate::fit::adam::{Pace, cosine_rate};
use crate::fit::{Epoch, Evidence, Fitted, NeighbourLists, Run, Watch};
use mercer::model::N_DWELL_BUCKETS;
use mercer::rng::Rng;
use ndarray::Array2;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Items described alike, an item.
const ALIKE: usize = 20;

/// Streams of random numbers, one for each use.
mod stream {
    pub(super) const START: u64 = 1;
    pub(super) const ORDER: u64 = 2;
    pub(super) const NEGATIVES: u64 = 3;
    pub(super) const DROPOUT: u64 = 4;
    pub(super) const HIDDEN: u64 = 5;
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
    let all = Example::all(sequences);
    let counts = counts(sequences, &all);
    let new = newcomers(content.filter(|_| settings.with(Ingredient::Newcomers)), &counts);
    let share = settings.calibration(all.len());
    let rehearsed =
        rehearsed(sequences, content.filter(|_| new.contains(&true)), (settings, share));
    let (older, newest) = split(&rehearsed, share);
    let rehearse = newest.len() >= MIN_CASES && !older.is_empty();
    let passes = settings.passes(all.len());
    let rehearsal = if rehearse { (older.len() * fewer(passes)) as u64 } else { 0 };
    let returns = if rehearse { Returns::Weighed } else { Returns::Learned };
    let total = rehearsal + (all.len() * passes) as u64;
    let vectors = content.map(|content| &content.vectors);
    let lesson = Lesson { sequences, content: vectors, settings, returns };
    let fitting = Fitting { lesson, content, new, watch, passes, rehearsal, total };
    let weighed = if rehearse { fitting.rehearse(&rehearsed, &older, &newest) } else { None };
    let trends = trends(sequences, &all);
    fitting.finish(fitting.run(sequences, all, Run::Fit), weighed, (&counts, &trends))
}

/// What both runs share.
struct Fitting<'a> {
    lesson: Lesson<'a>,
    content: Option<&'a Content>,
    /// Which items the catalogue describes and nobody was on, `[n_items]`.
    new: Vec<bool>,
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
    fn rehearse(
        &self,
        sequences: &Sequences,
        older: &[Example],
        newest: &[Example],
    ) -> Option<Weighed> {
        let params = self.run(sequences, older.to_vec(), Run::Rehearsal);
        let end = newest.iter().map(|example| example.start()).min()?;
        let mut new = vec![false; sequences.n_items()];
        if self.new.contains(&true) {
            let unseen = newcomers(self.content, &counts(sequences, older));
            new = unseen.iter().zip(&self.new).map(|(unseen, out)| *unseen && !out).collect();
        }
        let lists = self.lists(sequences, end, &new);
        let mut held_out = HeldOut::new(&params, sequences, newest, self.lesson.settings.threads);
        held_out.set_new(&new, &self.new);
        if self.lesson.settings.with(Ingredient::Trend) {
            held_out.set_trends(Some(trends(sequences, older)));
        }
        let weighed = weigh(&mut held_out, lists.each_ref(), self.lesson.settings.exposure);
        Some(weighed).filter(|weighed| weighed.weights.likeness > 0.0)
    }

    /// All lists from the sessions that end before this position of the steps; `new` are the
    /// newcomers that are led to, those of the shop never stand in the lists of others.
    fn lists(&self, sequences: &Sequences, end: usize, new: &[bool]) -> [Lists; N_LISTS] {
        let settings = self.lesson.settings;
        let none = || vec![Vec::new(); sequences.n_items()];
        let successors = if settings.with(Ingredient::Successors) {
            successors(sequences, end, settings.min_sessions)
        } else {
            none()
        };
        let Some(rows) = self.content.and_then(|content| content.features.as_ref()) else {
            return [successors, none(), none(), none()];
        };
        let known: Vec<bool> = new.iter().zip(&self.new).map(|(a, b)| !a && !b).collect();
        let alike = rows.nearest(ALIKE, &known);
        if !new.contains(&true) {
            return [successors, alike, none(), none()];
        }
        let carried = carried(sequences, end, (rows, new), settings.min_sessions);
        [successors, alike, alike_newcomers(rows, new), carried]
    }

    /// The model with its signals weighed; of each item the steps and the trend.
    fn finish(
        &self,
        mut params: Params,
        weighed: Option<Weighed>,
        (counts, trends): (&[u32], &[f32]),
    ) -> Fitted {
        let Lesson { sequences, settings, content: vectors, .. } = self.lesson;
        let is_weighed = weighed.is_some();
        let mut neighbours = None;
        if let Some(Weighed { weights, reach }) = weighed {
            params.weigh(weights.likeness, weights.popularity, &weights.returning);
            params.follow(trends, weights.trend);
            params.bury(vectors, counts);
            params.favour(&self.new, weights.new);
            neighbours = reach.map(|reach| {
                let lists = self.lists(sequences, sequences.steps.len(), &self.new);
                let lists = joined(lists.each_ref(), weights.near);
                NeighbourLists { lists, reach, evidence: Evidence::Checked }
            });
        }
        params.leave_out(settings);
        let lexicon = self.content.and_then(|content| params.lexicon(content));
        let content_map = self.content.and_then(|content| params.content_map(content));
        let fitted = params.finish(&dwell_counts(sequences));
        Fitted { weighed: is_weighed, neighbours, lexicon, content_map, ..fitted }
    }

    /// Learns from `examples`.
    fn run(&self, sequences: &Sequences, mut examples: Vec<Example>, run: Run) -> Params {
        let lesson = Lesson { sequences, ..self.lesson };
        let Lesson { content, settings, .. } = lesson;
        let passes = if run == Run::Fit { self.passes } else { fewer(self.passes) };
        let rng = Rng::new(settings.seed);
        let input = content.map(Array2::ncols);
        let mut start = rng.fork(stream::START);
        let mut params = Params::start(sequences.n_items(), input, settings, &mut start);
        if input.is_none() && settings.with(Ingredient::Walks) {
            let lots = std::mem::take(&mut params.items);
            params.items = walked(lots, sequences, &examples, settings.threads);
            params.refresh_norms();
        }
        if settings.with(Ingredient::Temperature) {
            params.hold_temperature(settings.temperature);
        }
        let counts = counts(sequences, &examples);
        let mut sampler = Sampler::new(&counts, settings.negatives);
        let mut order = rng.fork(stream::ORDER);
        let mut draws = rng.fork(stream::NEGATIVES);
        let mut dropout = rng.fork(stream::DROPOUT);
        let hidden = settings.dropout(self.passes);
        let mut step = Step::new(lesson, (hidden, sampler.n_columns()));
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

/// What a rehearsal sees: where there are newcomers, a few items are hidden in all but the
/// newest sessions.
fn rehearsed<'a>(
    sequences: &'a Sequences,
    content: Option<&Content>,
    (settings, share): (&Settings, f64),
) -> Cow<'a, Sequences> {
    let Some(content) = content else { return Cow::Borrowed(sequences) };
    let end = newest_from(sequences, share);
    let mut rng = Rng::new(settings.seed).fork(stream::HIDDEN);
    Cow::Owned(hide(sequences, content, end, &mut rng))
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
fn fewer(passes: usize) -> usize {
    (passes * 2).div_ceil(3)
}

/// How many steps of the examples' sessions stand on each item, `[n_items]`.
pub(super) fn counts(sequences: &Sequences, examples: &[Example]) -> Vec<u32> {
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
    let from = newest_from(sequences, share);
    Example::all(sequences).into_iter().partition(|example| example.is_before(from))
}

/// Where the newest `share` of the sessions starts in [`Sequences::steps`].
fn newest_from(sequences: &Sequences, share: f64) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
    #[expect(clippy::cast_possible_truncation, reason = "at most the count")]
    #[expect(clippy::cast_sign_loss, reason = "not negative")]
    let newest = (sequences.n_sessions() as f64 * share) as usize;
    sequences.starts[sequences.n_sessions() - newest]
}

/// How many steps there are of each class of dwell.
fn dwell_counts(sequences: &Sequences) -> [u32; N_DWELL_BUCKETS] {
    let mut counts = [0; N_DWELL_BUCKETS];
    for step in &sequences.steps {
        counts[usize::from(step.dwell)] += 1;
    }
    counts
}
