//! What is this shopper after?
//!
//! *Input → output:* events → [`Interest`](crate::types::Interest) and
//! [`Lift`](crate::types::Lift)s.
//!
//! *Useful for:* keeping what happened in this visit, and a little of earlier ones, and reading
//! it as one direction in item space, as steps whose neighbours are asked for, and as what else
//! speaks for items. *Not for:* deciding what may be shown (that is `rules`).
//!
//! **Architecture Invariant:** the state is what [`SessionState`] shows, nothing else, and as
//! JSON it has at most [`MAX_STATE_BYTES`], whatever is observed. `docs/session.md` has the
//! formulas.

mod affinity;
mod attention;
mod check;
mod emphasis;
mod encode;
mod fatigue;
mod fold_in;
mod lifts;
mod memory;
mod nearness;
mod size;
mod state;
mod steps;
mod taste;
#[cfg(test)]
mod tests;
mod visit;

pub use affinity::{Leaning, affinities, affinity, leanings};
pub use check::{EventError, RestoreError};
pub use emphasis::led_by;
pub use encode::{encode, encode_with_taste};
pub use fatigue::rotation;
pub use lifts::lifts;
pub use memory::{Impression, Liking, Outcome, Trial};
pub use nearness::{dislikes, query, search_fade, searched};
pub use size::MAX_STATE_BYTES;
pub use state::{
    Line, MAX_EVENTS, MAX_IMPRESSIONS, MAX_OWNED, MAX_QUERY_CHARS, MAX_TASTE, MAX_TRIALS,
    STATE_VERSION, SessionState,
};
pub use steps::{MAX_DWELL_MS, Step, merge};
pub use taste::{Taste, tastes};
pub use visit::{MAX_PAUSE_MS, Refusal, Session};
