//! One file per command: its arguments, and what running it does.

pub mod check;
pub mod synth;
