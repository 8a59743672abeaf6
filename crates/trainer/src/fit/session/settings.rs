use super::held_out::MIN_CASES;
use clap::ValueEnum;
use mercer::model::{MAX_DIM, MAX_STEPS};
use std::fmt;

/// Examples that a fit meets, over all passes, where the passes are not given.
const EXAMPLES: usize = 4_500_000;
/// Held-out cases that the signals are weighed on, at least, where the log can spare them.
const CASES: f64 = 5000.0;
/// Share of the sessions that it can spare.
const SPARED: f64 = 0.2;
/// Share of the coordinates that dropout hides for each pass, and at most.
const DROPPED_A_PASS: f32 = 0.0125;
const MAX_DROPPED: f32 = 0.3;

/// What the session model is made of, beside the vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ingredient {
    /// The bonus of items that stand in the session.
    Returns,
    /// Lists of what came soon after what.
    Successors,
    /// What the catalogue and imported vectors say of the items.
    Content,
    /// The look of the older steps at the newest.
    Attention,
    /// The log-odds of each item.
    Popularity,
    /// How much oftener than all over an item was gone to lately.
    Trend,
    /// Vectors that start near those of the items that the same sessions hold.
    Walks,
    /// A factor on cosines that is held in the fit, not learned.
    Temperature,
    /// Coordinates hidden in training.
    Dropout,
    /// Weighing the signals on held-out sessions.
    Weighing,
    /// What a rehearsal with hidden items teaches of items without an event.
    Newcomers,
}

impl Ingredient {
    /// The word for it on the command line and in the file.
    pub fn name(&self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// How the session model is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates an item vector, a multiple of 16.
    pub dim: usize,
    /// Passes over the training examples; by the size of the log where it is not given
    /// ([`Settings::passes`]).
    pub epochs: Option<usize>,
    /// Examples a step at most; small logs take smaller steps ([`Settings::step_size`]).
    pub batch: usize,
    /// Shared negatives a step; the whole catalogue where it is smaller.
    pub negatives: usize,
    /// What a cosine is multiplied by in the softmax of the fit, above 0 and at most 100. Learned,
    /// it would grow with every pass, the faster the fewer negatives there are, because a sharper
    /// softmax fits the training sessions better, and only them.
    pub temperature: f32,
    /// Share of the coordinates of the session's vectors that are dropped, 0 to below 1; by the
    /// passes where it is not given ([`Settings::dropout`]).
    pub dropout: Option<f32>,
    /// Share of the described items that are shown as if they were new at a step, 0 to below 1.
    pub as_new: f32,
    /// Largest learning rate of the cosine.
    pub rate: f32,
    /// How much faster the encoder's lone weights (temperature, positions, returns, kinds,
    /// dwell) move than the coordinates of vectors.
    pub haste: f32,
    /// Newest share of the sessions that is kept out of the rehearsal to weigh the signals on,
    /// 0 to 0.5; more where the log is small ([`Settings::calibration`]).
    pub calibration: f64,
    /// Share of the worth of the known items (hit rate and MRR at 20 in the rehearsal) that may
    /// be given up to show items without an event, 0 to below 1.
    pub exposure: f64,
    /// Sessions that must stand behind a pair of successors.
    pub min_sessions: u32,
    /// What is left out, to see what it is worth.
    pub without: Vec<Ingredient>,
    /// Newest steps of a session that are read.
    pub max_steps: usize,
    /// Where every random number comes from.
    pub seed: u64,
    /// Threads to use; part of what fixes the result.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dim: 64,
            epochs: None,
            batch: 1024,
            negatives: 8192,
            temperature: 14.0,
            dropout: None,
            as_new: 0.2,
            rate: 3e-3,
            haste: 10.0,
            calibration: 0.04,
            exposure: 0.05,
            min_sessions: 5,
            without: Vec::new(),
            max_steps: 20,
            seed: 1,
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }
}

impl Settings {
    /// Whether the settings can be trained with.
    ///
    /// # Errors
    /// A [`SettingsError`] that names the first one out of range.
    pub fn check(&self) -> Result<(), SettingsError> {
        let fits = [
            ("dim", "a multiple of 16 from 16 to 512", self.dim_fits()),
            ("epochs", "at least 1", self.epochs != Some(0)),
            ("batch", "at least 1", self.batch >= 1),
            ("negatives", "at least 1", self.negatives >= 1),
            ("temperature", "above 0 and at most 100", self.temperature_fits()),
            ("dropout", "from 0 to below 1", self.dropout_fits()),
            ("as-new", "from 0 to below 1", (0.0..1.0).contains(&self.as_new)),
            ("rate", "above 0 and at most 1", self.rate > 0.0 && self.rate <= 1.0),
            ("haste", "above 0 and at most 100", self.haste > 0.0 && self.haste <= 100.0),
            ("calibration", "from 0 to 0.5", (0.0..=0.5).contains(&self.calibration)),
            ("exposure", "from 0 to below 1", (0.0..1.0).contains(&self.exposure)),
            ("max-steps", "from 1 to 64", (1..=MAX_STEPS).contains(&self.max_steps)),
            ("threads", "at least 1", self.threads >= 1),
        ];
        match fits.into_iter().find(|(_, _, fits)| !fits) {
            Some((name, range, _)) => Err(SettingsError { name, range }),
            None => Ok(()),
        }
    }

    /// Whether an ingredient is taken.
    pub fn with(&self, ingredient: Ingredient) -> bool {
        !self.without.contains(&ingredient)
    }

    /// The share of the coordinates that are dropped over so many passes: given, or more the more
    /// often the fit meets an example, 0.3 at most. What is met a few times cannot be learned by
    /// heart, and hidden coordinates only slow it down.
    #[expect(clippy::cast_precision_loss, reason = "a few passes")]
    pub fn dropout(&self, passes: usize) -> f32 {
        if self.with(Ingredient::Dropout) {
            self.dropout.unwrap_or_else(|| (passes as f32 * DROPPED_A_PASS).min(MAX_DROPPED))
        } else {
            0.0
        }
    }

    /// The share of the sessions that the signals are weighed on: more where the log is small,
    /// so that about 5,000 of its `n_examples` are cases, a fifth at most; no more where it is
    /// too small for that to help.
    #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
    pub fn calibration(&self, n_examples: usize) -> f64 {
        if !self.with(Ingredient::Weighing) {
            return 0.0;
        }
        let n_examples = n_examples as f64;
        if n_examples * self.calibration < MIN_CASES as f64 {
            return self.calibration;
        }
        (CASES / n_examples).min(SPARED).max(self.calibration)
    }

    /// Passes over `n_examples`: given, or as many as come to 4.5 million in all.
    /// A small log needs many passes before its vectors have settled, and a large one gains
    /// little from a seventh.
    pub fn passes(&self, n_examples: usize) -> usize {
        self.epochs.unwrap_or_else(|| (EXAMPLES / n_examples.max(1)).clamp(6, 24))
    }

    /// Examples a step: a small log is worth some hundred steps a pass.
    pub fn step_size(&self, n_examples: usize) -> usize {
        (n_examples / 128).next_power_of_two().clamp(256.min(self.batch), self.batch)
    }

    fn temperature_fits(&self) -> bool {
        self.temperature > 0.0 && self.temperature <= 100.0
    }

    fn dropout_fits(&self) -> bool {
        self.dropout.is_none_or(|share| (0.0..1.0).contains(&share))
    }

    fn dim_fits(&self) -> bool {
        self.dim > 0 && self.dim.is_multiple_of(16) && self.dim <= MAX_DIM
    }
}

/// A setting that is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsError {
    /// Which one.
    pub name: &'static str,
    /// What it may be, in words.
    pub range: &'static str,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{} must be {}", self.name, self.range)
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_has_a_range() {
        let checked = |temperature| Settings { temperature, ..Settings::default() }.check();
        assert!([0.1, 14.0, 100.0].into_iter().all(|fits| checked(fits).is_ok()));
        for wrong in [0.0, -1.0, 100.5, f32::NAN] {
            assert_eq!(checked(wrong).unwrap_err().name, "temperature");
        }
    }

    #[test]
    fn what_is_met_more_often_is_hidden_more() {
        let by_rule = Settings::default();
        let shares = [6, 12, 24, 100].map(|passes| by_rule.dropout(passes));
        for (share, expected) in shares.into_iter().zip([0.075, 0.15, 0.3, 0.3]) {
            assert!((share - expected).abs() < 1e-6, "{shares:?}");
        }
        let given = Settings { dropout: Some(0.5), ..Settings::default() };
        assert!((given.dropout(6) - 0.5).abs() < 1e-6);
        let without = Settings { without: vec![Ingredient::Dropout], ..given };
        assert!(without.dropout(6).abs() < 1e-6);
        let wrong = Settings { dropout: Some(1.0), ..Settings::default() };
        assert_eq!(wrong.check().unwrap_err().name, "dropout");
    }
}
