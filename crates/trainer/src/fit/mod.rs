//! What do the sequences teach? Every family of models returns the same packable thing.
//!
//! *Input → output:* [`Sequences`](crate::features::Sequences) → [`Fitted`].
//!
//! **Architecture Invariant:** a fit sees training sequences only, and the same sequences,
//! settings, seed and thread count give the same numbers.

mod adam;
pub mod ials;
mod lanes;
mod linear;
pub mod session;

use mercer::model::Encoder;
use ndarray::Array2;

/// A fitted model in floats, ready to be packed.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Item vectors, `[n_items, dim]`; only their directions matter.
    pub vectors: Array2<f32>,
    /// Log-odds of each item whatever the session, `[n_items]`.
    pub biases: Vec<f32>,
    /// The session encoder.
    pub encoder: Encoder,
    /// Whether the signals were weighed on held-out sessions.
    pub weighed: bool,
}

/// Told how a fit is getting on.
pub trait Watch: Sync {
    /// `done` of `total` examples are behind us (both over all epochs); `loss` is the mean
    /// cross-entropy of the latest batch, in nats.
    fn progress(&self, done: u64, total: u64, loss: f32);

    /// An epoch has ended.
    fn epoch(&self, epoch: &Epoch);
}

/// Which run of a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Without the newest sessions, to weigh the signals on them.
    Rehearsal,
    /// On everything.
    Fit,
}

/// An epoch that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Epoch {
    /// The run it is of.
    pub run: Run,
    /// From 1.
    pub number: usize,
    /// How many the run has.
    pub of: usize,
    /// Mean cross-entropy of its examples as they were met, in nats.
    pub loss: f64,
}

/// Watches nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: u64, _total: u64, _loss: f32) {}

    fn epoch(&self, _epoch: &Epoch) {}
}
