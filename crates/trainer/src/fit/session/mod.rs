//! The session model: one vector an item, an attention over the session's newest steps, a
//! softmax over the catalogue.
//!
//! With unit item vectors `ê`, a session's steps newest first and `A` the attention matrix:
//!
//! ```text
//! a_t   = softmax_t(position_t + kind + dwell + ê_tᵀ·A·ê_1)
//! h     = unit(Σ a_t ê_t)
//! score = τ·h·ê_i + b_i + w_0·trend_i + r_t + w_1·near_i + w_2·alike_i
//! loss  = softmax cross-entropy of the next item
//! ```
//!
//! `trend_i` says how much oftener an item was gone to lately (`trend`); `r_t` is the bonus of an item
//! that stands at position `t` of the session; `near_i` and
//! `alike_i` ask lists of what came soon after the session's items (`successors`) and of what the
//! catalogue describes like them. Where items have content, their vectors are composed of what
//! is learned of the item and of the place its content gives it (`parts`).
//!
//! `τ` is held in the fit (`Settings::temperature`) and weighed afterwards. Vectors start among
//! their like (`start`). The softmax runs over
//! shared negatives drawn with probability ∝ count^½ and corrected by their log expected count
//! (Bengio & Senécal 2008), beside which the target always stands.
//! The returns `r` and the weight of each signal come from held-out sessions (`weigh`,
//! `calibrate`, `returns`); where a log is too small to hold any out, `r` is learned with the
//! rest, the session's items standing beside the target, and there are no lists. Events are read
//! through dropout. Gradients are exact and written out by hand; tests hold them against finite
//! differences.

mod batch;
mod calibrate;
mod encode;
mod exposure;
mod held_out;
mod loss;
mod negatives;
mod newcomers;
mod params;
mod parts;
mod returns;
mod settings;
mod start;
mod step;
mod successors;
mod train;
mod trend;
mod weigh;

pub use settings::{Ingredient, Settings, SettingsError};
pub use train::fit;

#[cfg(test)]
mod tests;
