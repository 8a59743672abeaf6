use super::batch::Example;
use super::calibrate::calibrate;
use super::held_out::{HeldOut, MIN_CASES};
use super::loss::Returns;
use super::negatives::Sampler;
use super::params::Params;
use super::returns::place_returns;
use super::settings::Settings;
use super::step::Step;
use crate::features::Sequences;
use crate::fit::adam::{Pace, cosine_rate};
use crate::fit::{Epoch, Fitted, Run, Watch};
use mercer::model::N_DWELL_BUCKETS;
use mercer::rng::Rng;

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
pub fn fit(sequences: &Sequences, settings: &Settings, watch: &dyn Watch) -> Fitted {
    settings.check().expect("settings are checked where they are read");
    let (older, newest) = split(sequences, settings.calibration);
    let all: Vec<Example> = older.iter().chain(&newest).copied().collect();
    let rehearse = newest.len() >= MIN_CASES && !older.is_empty();
    let passes = settings.epochs as u64;
    let rehearsal = if rehearse { older.len() as u64 * passes } else { 0 };
    let returns = if rehearse { Returns::Weighed } else { Returns::Learned };
    let total = rehearsal + all.len() as u64 * passes;
    let fitting = Fitting { sequences, settings, watch, rehearsal, returns, total };
    let weights = rehearse.then(|| {
        let params = fitting.run(older, Run::Rehearsal);
        let held_out = HeldOut::new(&params, sequences, &newest, settings.threads);
        place_returns(calibrate(&held_out), &held_out)
    });
    let mut params = fitting.run(all, Run::Fit);
    // A likeness that speaks against what comes next is noise, not a weight.
    let weights = weights.filter(|weights| weights.likeness > 0.0);
    if let Some(weights) = &weights {
        params.weigh(weights.likeness, weights.popularity, &weights.returning);
    }
    Fitted { weighed: weights.is_some(), ..params.finish(&dwell_counts(sequences)) }
}

/// What both runs share.
struct Fitting<'a> {
    sequences: &'a Sequences,
    settings: &'a Settings,
    watch: &'a dyn Watch,
    /// Examples of the rehearsal, over all epochs.
    rehearsal: u64,
    returns: Returns,
    /// Examples of both runs together.
    total: u64,
}

impl Fitting<'_> {
    /// Learns from `examples`.
    fn run(&self, mut examples: Vec<Example>, run: Run) -> Params {
        let Self { sequences, settings, .. } = *self;
        let rng = Rng::new(settings.seed);
        let mut params = Params::start(sequences.n_items(), settings, &mut rng.fork(stream::START));
        let mut sampler = Sampler::new(&sequences.counts(), settings.negatives);
        let mut order = rng.fork(stream::ORDER);
        let mut draws = rng.fork(stream::NEGATIVES);
        let mut dropout = rng.fork(stream::DROPOUT);
        let mut step = Step::new(sequences, settings, self.returns);
        let n_steps = (examples.len().div_ceil(settings.batch) * settings.epochs) as u64;
        let (mut taken, mut done) = (0, if run == Run::Fit { self.rehearsal } else { 0 });
        for number in 1..=settings.epochs {
            order.shuffle(&mut examples);
            let mut losses = 0.0;
            for batch in examples.chunks(settings.batch) {
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
            self.watch.epoch(&Epoch { run, number, of: settings.epochs, loss });
        }
        params
    }
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
