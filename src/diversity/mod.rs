//! Is the slate varied?
//!
//! *Input → output:* ranked items → the same items in an order that repeats itself less.
//!
//! **Architecture Invariant:** it moves items and never changes a score, and at level 0 it
//! moves none.

mod arrange;
mod likeness;
mod spread;

pub use arrange::{WINDOW, arrange};
pub use spread::spread;
