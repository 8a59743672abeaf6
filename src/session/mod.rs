//! What is this shopper after?
//!
//! *Input → output:* events → [`Interest`](crate::types::Interest).
//!
//! *Useful for:* keeping what happened in this visit and reading it as one direction in item
//! space, and as steps whose neighbours are asked for. *Not for:* deciding what may be shown (that is `rules`).
//!
//! **Architecture Invariant:** the state is what [`SessionState`] shows, nothing else, and it
//! is bounded: [`MAX_EVENTS`] events, [`MAX_OWNED`] items in the cart and bought.

mod attention;
mod emphasis;
mod encode;
mod fold_in;
mod state;
mod steps;

pub use emphasis::led_by;
pub use encode::encode;
pub use state::{
    EventError, MAX_EVENTS, MAX_OWNED, MAX_QUERY_CHARS, RestoreError, STATE_VERSION, Session,
    SessionState,
};
pub use steps::{MAX_DWELL_MS, Step, merge};
