//! What do the sequences teach? Every family of models returns the same packable thing.
//!
//! *Input → output:* [`Sequences`](crate::features::Sequences) → [`Fitted`].
//!
//! **Architecture Invariant:** a fit sees training sequences only, and the same sequences,
//! settings, seed and thread count give the same numbers.

mod adam;
mod blocks;
pub mod bpr;
pub mod ease;
pub mod families;
pub mod ials;
mod lanes;
mod linear;
pub mod ratings;
pub mod session;
pub mod svd;

use mercer::model::InterestRule;
use ndarray::Array2;

/// A fitted model in floats, ready to be packed. Factors or neighbours are there, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// One vector and one bias an item, and the rule that reads a session.
    pub factors: Option<Factors>,
    /// For each item the others that go with it.
    pub neighbours: Option<NeighbourLists>,
    /// Words and properties of products, with a place in item space each; needs factors.
    pub lexicon: Option<Lexicon>,
    /// The map from imported embeddings to item space, `[dim, input]`; needs factors.
    pub content_map: Option<Array2<f32>>,
    /// The bias of an item that nobody was on yet, if that was learned.
    pub newcomer: Option<f32>,
    /// Whether the signals were weighed on held-out sessions.
    pub weighed: bool,
}

/// One vector and one bias an item, and the rule that reads a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Item vectors, `[n_items, dim]`.
    pub vectors: Array2<f32>,
    /// Whether their lengths matter.
    pub lengths: Lengths,
    /// Log-odds of each item whatever the session, `[n_items]`.
    pub biases: Vec<f32>,
    /// How a session becomes an interest.
    pub interest: InterestRule,
}

/// Whether the lengths of vectors matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lengths {
    /// Only directions count: every vector is taken at length 1.
    Unit,
    /// The lengths are packed, one byte an item.
    Kept,
}

/// For each item the others that go with it. Packing keeps the strongest
/// [`mercer::model::MAX_NEIGHBOURS`] with a weight above 0 that enough sessions stand behind.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighbourLists {
    /// The neighbours of each item as (item, weight), in any order, no item twice in a list,
    /// `[n_items]`.
    pub lists: Vec<Vec<(u32, f32)>>,
    /// Weight of each step of the session, newest first, at least 0,
    /// `[1 to mercer::model::MAX_STEPS]`.
    pub reach: Vec<f32>,
    /// Who sees to it that no pair gives a shopper away.
    pub evidence: Evidence,
}

/// Who sees to it that no pair of neighbours gives a shopper away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Packing does: it keeps the pairs that enough sessions hold together.
    Sessions,
    /// The fit has: what comes of sessions stands on enough of them, the rest comes of the
    /// catalogue.
    Checked,
}

/// Words and properties of products, with a place in item space each.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    /// The features, strictly ascending by their bytes, `[n_features]`.
    pub features: Vec<String>,
    /// Weight of each feature, at least 0, `[n_features]`.
    pub weights: Vec<f32>,
    /// Vector of each feature at its length, `[n_features, dim]`.
    pub vectors: Array2<f32>,
}

impl Fitted {
    /// A model of factors alone.
    pub fn of_factors(factors: Factors) -> Self {
        Self {
            factors: Some(factors),
            neighbours: None,
            lexicon: None,
            content_map: None,
            newcomer: None,
            weighed: false,
        }
    }

    /// A model of neighbours alone.
    pub fn of_neighbours(neighbours: NeighbourLists) -> Self {
        Self {
            factors: None,
            neighbours: Some(neighbours),
            lexicon: None,
            content_map: None,
            newcomer: None,
            weighed: false,
        }
    }
}

/// Told how a fit is getting on.
pub trait Watch: Sync {
    /// `done` of `total` examples are behind us (both over all epochs); `loss` is the mean
    /// loss of the latest batch (NaN where a fit has none); cross-entropies are in nats.
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
    /// Mean loss of its examples as they were met, NaN where a fit has none; cross-entropies
    /// are in nats.
    pub loss: f64,
}

/// Watches nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _done: u64, _total: u64, _loss: f32) {}

    fn epoch(&self, _epoch: &Epoch) {}
}
