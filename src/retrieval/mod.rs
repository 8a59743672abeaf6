//! Which few hundred items?
//!
//! *Input → output:* interest and mask → item indices, or popularity and mask → items.
//!
//! *Useful for:* looking at every item once, cheaply. *Not for:* the final order: the scan
//! sees the interest rounded to eight bits.
//!
//! **Architecture Invariant:** exact over the whole catalogue: as many items as asked for
//! come back whenever the mask lets that many through.

mod factors;
mod popular;

pub use factors::nearest;
pub use popular::popular;
