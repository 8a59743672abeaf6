//! How good is the file that ships? Cases are ranked by the packed file through the engine:
//! full ranking, ties against us. Whatever else ranks ([`Ranker`]) is judged on the same cases
//! by the same code.
//!
//! *Input → output:* [`Ranker`] and a log → [`Report`].
//!
//! **Architecture Invariant:** nothing here sees the float matrices, and of the training log
//! only how popular its items are.

mod beyond;
mod bootstrap;
mod cases;
mod exposure;
mod facts;
mod judge;
mod metrics;
mod paired;
mod rank;
mod ranker;
mod ratings;
mod report;
mod run;
mod segments;
mod sharded;
mod sign_flip;
mod summary;
mod sweep;
mod sweep_plot;
mod table;
#[cfg(test)]
mod tests;

pub use cases::{Case, Prediction, Protocol, Shopper, cases, only};
pub use facts::Background;
pub use metrics::{Accuracy, Cutoffs, CutoffsError, Interval, Intervals, Metrics};
pub use paired::{Comparison, Difference, LEVEL, Side, Verdict, compare};
pub use ranker::{Ranked, Ranker, Visit, best};
pub use ratings::{RatingErrors, rating_errors};
pub(crate) use report::metric_and_length;
pub use report::{Beyond, Latency, Part, Report, Segment};
pub use run::{Options, evaluate};
pub use sharded::{Fetched, ShardedModel};
pub use sign_flip::ROUNDS;
pub use sweep::{Level, N_LEVELS, Sweep, sweep};
