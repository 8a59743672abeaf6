//! What does the shop insist on?
//!
//! *Input → output:* session and request → [`Mask`](crate::types::Mask).
//!
//! **Architecture Invariant:** rules say what may be shown before anything is retrieved, so
//! that they never empty a slate that could be full.

mod eligibility;

pub use eligibility::{Known, eligible};
