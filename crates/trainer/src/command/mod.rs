//! One file per command: its arguments, and what running it does.

pub mod check;
mod content;
pub mod evaluate;
mod input;
pub mod inspect;
mod model_file;
mod positions;
pub mod recommend;
pub mod synth;
pub mod train;
