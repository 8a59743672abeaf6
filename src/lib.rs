//! Mercer: product recommendations inside the shopper's browser.

pub mod rng;
pub mod types;
