//! The door to JavaScript: converts, calls, converts back.
//!
//! **Architecture Invariant:** no decisions, no callbacks into the page's code, no network,
//! storage, DOM or clock: the clock of a trace is an argument. `pkg/` wraps this in the public API.

mod data;
mod error;
mod recommender;
mod timed;
