//! Mercer's trainer: a shop's logs become one compact model file.

pub mod command;
pub mod log;
pub mod synth;
