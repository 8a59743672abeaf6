//! Which few hundred?
//!
//! *Input → output:* a [`Reading`](crate::types::Reading) and a mask → item indices.
//!
//! *Useful for:* looking at every item once, cheaply. *Not for:* the final order: the scan
//! sees the interest rounded to eight bits.
//!
//! **Architecture Invariant:** exact over the whole catalogue: as many items as asked for
//! come back whenever the mask lets that many through.

mod base;
mod factors;

pub use factors::nearest;
