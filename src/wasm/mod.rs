//! The door to JavaScript: converts, calls, converts back.
//!
//! **Architecture Invariant:** no decisions; a clock only for a trace that is asked for; no callbacks into the page's code, no network,
//! storage or DOM. `pkg/` wraps this in the public API.

mod data;
mod error;
mod recommender;
mod timed;
