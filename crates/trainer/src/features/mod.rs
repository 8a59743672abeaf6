//! What does the log say about items and sessions, in numbers?
//!
//! *Input → output:* [`Log`](crate::log::Log) → [`Sequences`] and popularity.

pub mod content;
mod popularity;
mod sequences;

pub use popularity::popularity;
pub use sequences::{Sequences, SequencesError, StepRow};
