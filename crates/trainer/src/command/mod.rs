//! One file per command: arguments, and what running it does.

pub mod check;
