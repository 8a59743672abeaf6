//! The words that pass between the stages: plain data, no behaviour that decides anything.

mod event;
mod ids;

pub use event::{Event, EventKind};
pub use ids::ItemIx;
