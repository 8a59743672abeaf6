//! Which signals does the model take, and at which weight? Decided on held-out sessions.

use super::calibrate::{Weights, calibrate};
use super::held_out::{HeldOut, Reach};
use super::returns::place_returns;
use super::successors::Successors;
use mercer::model::MAX_STEPS;

/// Shares that an older step counts of the next newer one.
const FADES: [f32; 2] = [0.0, 0.5];
/// What lists of successors must add to hit rate and mean reciprocal rank to be worth their
/// bytes.
const WORTH: f64 = 1.003;

/// The weights of all signals.
pub(super) struct Weighed {
    pub(super) weights: Weights,
    /// How much each step of the session counts where successors are asked for, newest first;
    /// `None` where the lists do not earn their bytes.
    pub(super) reach: Option<Vec<f32>>,
}

/// Weighs the signals with and without successors.
pub(super) fn weigh<'a>(held_out: &mut HeldOut<'a>, successors: &'a Successors) -> Weighed {
    let (weights, plain) = place_returns(calibrate(held_out), held_out);
    let mut best = (Weighed { weights, reach: None }, plain * WORTH);
    if successors.iter().all(Vec::is_empty) {
        return best.0;
    }
    for fade in FADES {
        let steps = reach(fade, held_out.trained_returns().len());
        held_out.set_reach(Some(Reach { lists: successors, steps: steps.clone() }));
        let (weights, worth) = place_returns(calibrate(held_out), held_out);
        if worth > best.1 && weights.near > 0.0 {
            best = (Weighed { weights, reach: Some(steps) }, worth);
        }
    }
    best.0
}

/// `[1, fade, fade², …]`, as far as it says anything.
fn reach(fade: f32, max_steps: usize) -> Vec<f32> {
    let steps = std::iter::successors(Some(1.0), |share| Some(share * fade));
    steps.take(max_steps.min(MAX_STEPS)).take_while(|share| *share > 0.01).collect()
}
