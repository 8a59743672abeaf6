//! How good is the file that ships? Cases are ranked by the packed file through the engine:
//! full ranking, ties against us.
//!
//! *Input → output:* [`Engine`](mercer::Engine) and a log → [`Report`].
//!
//! **Architecture Invariant:** nothing here sees the float matrices or the training log.

mod bootstrap;
mod cases;
mod metrics;
mod ratings;
mod run;

pub use cases::{Case, Protocol, cases};
pub use metrics::{Cutoffs, CutoffsError, Interval, Tally};
pub use ratings::{RatingErrors, rating_errors};
pub use run::{Latency, Options, Report, evaluate};
