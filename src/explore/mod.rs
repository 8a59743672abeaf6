//! What is worth a try?
//!
//! *Input → output:* what little is known of, what was tried so far, a level and a seed → a
//! lift for new products, and the way of ranking that gets the next place.
//!
//! *Useful for:* products and ways of ranking that nobody could choose yet because nobody was
//! shown them. *Not for:* anything that is known well enough.
//!
//! **Architecture Invariant:** chance comes from the caller's seed alone: the same seed, the
//! same answer, on every machine. At level 0 nothing is tried.

mod newcomers;
mod thompson;

pub use newcomers::Newcomers;
pub use thompson::{Record, beta, choose};
