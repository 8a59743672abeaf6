//! What does the shop insist on?
//!
//! *Input → output:* rules, session and request → [`Mask`](crate::types::Mask) before
//! retrieval, lifts for ranking, and the last word on places.
//!
//! **Architecture Invariant:** rules say what may be shown before anything is retrieved, so
//! that they never empty a slate that could be full.

mod eligibility;
mod place;
mod rule_set;

pub use eligibility::{Known, eligible};
pub use place::place;
pub use rule_set::RuleSet;
