//! Mercer's trainer: a shop's logs become one compact model file.
//!
//! ```text
//! log + catalogue ▸ ingest ▸ split ▸ features ▸ fit ▸ pack ▸ shop.mercer ▸ evaluate
//! ```
//!
//! Every stage is a module that knows `log` and the stages' plain results, not the other
//! stages; the commands put them together.

pub mod baseline;
pub mod cli;
pub mod command;
pub mod evaluate;
pub mod features;
pub mod fit;
pub mod ingest;
pub mod log;
pub mod pack;
pub mod progress;
pub mod shard;
pub mod signing;
pub mod split;
pub mod stage;
pub mod stars;
pub mod synth;
