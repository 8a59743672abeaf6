//! The words that pass between the stages: plain data, no behaviour that decides anything.

mod event;
mod ids;
mod interest;
mod mask;
mod request;
mod slate;

pub use event::{Event, EventKind};
pub use ids::{ItemIx, MAX_ID_BYTES};
pub use interest::{AttendedStep, Interest, ReachedStep};
pub use mask::Mask;
pub use request::{Owned, Placement, Request, Seen};
pub use slate::{Contribution, Scored, Signal, Slate, Source};
