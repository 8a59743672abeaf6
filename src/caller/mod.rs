//! What does the caller say?
//!
//! *Input → output:* plain [`Data`](crate::types::Data) → events, requests, products and stored states, or
//! a [`Refusal`] that names the field; slates and states → plain data.
//!
//! *Useful for:* reading a call in one place, so that JavaScript, the tests and the command line
//! mean the same by the same words. *Not for:* deciding anything.
//!
//! **Architecture Invariant:** whatever the data is, it is read or refused; nothing panics, and
//! nothing is ignored.

mod answer;
mod event;
mod explained;
mod fields;
mod product;
mod refusal;
mod request;
mod state;

pub use answer::{info, notes, shards, slate, with_unlisted};
pub use event::event;
pub use explained::{traced, why, with};
pub use product::{MAX_PRODUCTS, of_product, products};
pub use refusal::Refusal;
pub use request::{Asked, Explain, MAX_COUNT, MAX_LISTED, MAX_UNITS, Tracing, page, request};
pub use state::{state, stored};

#[cfg(test)]
mod tests;
