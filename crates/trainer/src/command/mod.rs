//! One file per command: its arguments, and what running it does.

mod asking;
pub mod baseline;
mod beside;
mod beside_view;
pub mod check;
pub mod compare;
mod content;
pub mod evaluate;
mod input;
mod insisting;
pub mod inspect;
mod judging;
mod making;
mod model_file;
mod only;
mod positions;
pub mod recommend;
pub mod rules;
pub mod shard;
pub mod signed;
pub mod synth;
mod told;
pub mod train;
