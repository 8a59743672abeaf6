//! How do we say it?
//!
//! *Input → output:* a [`Scored`](crate::types::Scored) item → [`Reason`]s with shares, or told by
//! name; what each stage left → [`Trace`] and [`Why`].
//!
//! **Architecture Invariant:** explanations only open a score and look on; they never compute a
//! score and never change a slate.

mod reason;
mod tell;
mod trace;
mod watch;
mod why;

pub use reason::{Cause, Reason, reasons};
pub use tell::{Told, Value, tell};
pub use trace::{Bars, Closed, Pass, Trace, Tracer};
pub use watch::{Left, Stage, Unwatched, Watch};
pub use why::{Why, why};
