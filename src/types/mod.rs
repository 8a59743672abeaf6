//! The words that pass between the stages: plain data, no behaviour that decides anything.

mod condition;
mod data;
mod event;
mod ids;
mod interest;
mod item_set;
mod levels;
mod lift;
mod mask;
mod reading;
mod request;
mod slate;
mod small_map;

pub use condition::Condition;
pub use data::{Data, MAX_DEPTH};
pub use event::{Event, EventKind, MAX_QUANTITY};
pub use ids::{FieldIx, ItemIx, MAX_ID_BYTES};
pub use interest::{AttendedStep, Interest, ReachedStep, Visit};
pub use item_set::ItemSet;
pub(crate) use levels::{BETWEEN, levels};
pub use lift::{BANDS, Lift, Spread, Tally, band_of};
pub use mask::Mask;
pub use reading::{Ground, Reading};
pub use request::{Device, Moment, Owned, Placement, Request, Seen};
pub use slate::{Contribution, Scored, Shortfall, Signal, Slate, Source};
pub use small_map::SmallMap;
