//! What does the log say about items and sessions, in numbers?
//!
//! *Input → output:* [`Log`](crate::log::Log) → [`Sequences`] and popularity.

mod popularity;
mod sequences;

pub use popularity::popularity;
pub(crate) use sequences::steps_of;
pub use sequences::{Sequences, SequencesError, StepRow};
