//! How good is what needs no model? The rankers that keep everybody honest: popularity, what
//! came next, item-kNN, session kNN and plain likeness of texts.
//!
//! *Input → output:* the training [`Log`](crate::log::Log), and the catalogue →
//! [`Baseline`], a [`Ranker`](crate::evaluate::Ranker) that the evaluation judges exactly as
//! it judges a model file.
//!
//! **Architecture Invariant:** nothing here is ever packed. What session kNN looks things up
//! in are the visits of other shoppers, and those stay where the log is. The same log and
//! settings give the same scores on every machine.

mod content;
mod item_knn;
mod popularity;
mod ranker;
mod session_knn;
mod successors;
mod visits;

pub use content::{Content, ContentSettings};
pub use item_knn::{ItemKnn, ItemKnnSettings};
pub use popularity::{Popularity, RecentError, Window};
pub use ranker::{Baseline, Score};
pub use session_knn::{Decay, Newest, Rarity, SessionKnn, SessionKnnSettings};
pub use successors::Successors;
pub use visits::Visits;

#[cfg(test)]
mod tests;
