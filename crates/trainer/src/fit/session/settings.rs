use mercer::model::{MAX_DIM, MAX_STEPS};
use std::fmt;

/// How the session model is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Coordinates an item vector, a multiple of 16.
    pub dim: usize,
    /// Passes over the training examples.
    pub epochs: usize,
    /// Examples a step.
    pub batch: usize,
    /// Shared negatives a step; the whole catalogue where it is smaller.
    pub negatives: usize,
    /// Share of the coordinates of the session's vectors that are dropped, 0 to below 1.
    pub dropout: f32,
    /// Largest learning rate of the cosine.
    pub rate: f32,
    /// How much faster the encoder's lone weights (temperature, positions, returns, kinds,
    /// dwell) move than the coordinates of vectors.
    pub haste: f32,
    /// Newest share of the sessions that is kept out of the fit to weigh the signals on,
    /// 0 to 0.5.
    pub calibration: f64,
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
            epochs: 4,
            batch: 1024,
            negatives: 8192,
            dropout: 0.2,
            rate: 3e-3,
            haste: 10.0,
            calibration: 0.04,
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
            ("epochs", "at least 1", self.epochs >= 1),
            ("batch", "at least 1", self.batch >= 1),
            ("negatives", "at least 1", self.negatives >= 1),
            ("dropout", "from 0 to below 1", (0.0..1.0).contains(&self.dropout)),
            ("rate", "above 0 and at most 1", self.rate > 0.0 && self.rate <= 1.0),
            ("haste", "above 0 and at most 100", self.haste > 0.0 && self.haste <= 100.0),
            ("calibration", "from 0 to 0.5", (0.0..=0.5).contains(&self.calibration)),
            ("max-steps", "from 1 to 64", (1..=MAX_STEPS).contains(&self.max_steps)),
            ("threads", "at least 1", self.threads >= 1),
        ];
        match fits.into_iter().find(|(_, _, fits)| !fits) {
            Some((name, range, _)) => Err(SettingsError { name, range }),
            None => Ok(()),
        }
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
