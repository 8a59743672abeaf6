//! What does the log say about items and sessions, in numbers?
//!
//! *Input → output:* [`Log`](crate::log::Log) → [`Sequences`], [`Interactions`], [`Ratings`] and popularity.

mod interactions;
mod popularity;
mod ratings;
mod sequences;

pub use interactions::{Interactions, Sparse};
pub use popularity::popularity;
pub use ratings::Ratings;
pub use sequences::{Sequences, SequencesError, StepRow};
