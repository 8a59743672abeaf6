//! What does the log say about items and sessions, in numbers?
//!
//! *Input → output:* [`Log`](crate::log::Log) → [`Sequences`], [`Interactions`], [`Ratings`],
//! popularity, and how likely each place of a list was looked at; the catalogue → attributes,
//! and [`content`].

mod attributes;
mod companions;
pub mod content;
mod interactions;
mod popularity;
pub mod priors;
pub mod propensity;
mod ratings;
mod sequences;

pub use attributes::{AttributeError, attributes};
pub use companions::companions;
pub use interactions::{Interactions, Sparse};
pub use popularity::popularity;
pub use ratings::Ratings;
pub(crate) use sequences::steps_of;
pub use sequences::{Sequences, SequencesError, StepRow};
