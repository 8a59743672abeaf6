//! Mercer's trainer: a shop's logs become one compact model file.

pub mod command;
pub mod evaluate;
pub mod features;
pub mod fit;
pub mod ingest;
pub mod log;
pub mod pack;
pub mod synth;
