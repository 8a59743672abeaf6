//! In what order, and why?
//!
//! *Input → output:* a [`Reading`](crate::types::Reading) and candidates →
//! [`Scored`](crate::types::Scored), best first.
//!
//! **Architecture Invariant:** a score is the sum of its named contributions; nothing is
//! added beside them.

mod likeness;
mod signals;

pub use signals::{open, rank};
