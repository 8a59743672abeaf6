//! What does the log say about items and sessions, in numbers?
//!
//! *Input → output:* [`Log`](crate::log::Log) → [`Sequences`], popularity, and how likely each
//! place of a list was looked at.

pub mod content;
mod popularity;
pub mod propensity;
mod sequences;

pub use popularity::popularity;
pub(crate) use sequences::steps_of;
pub use sequences::{Sequences, SequencesError, StepRow};
