//! Which signals does the model take, and at which weight? Decided on held-out sessions.

use super::calibrate::{Weights, calibrate};
use super::exposure::place_newcomers;
use super::held_out::{HeldOut, N_LISTS, Reach};
use super::returns::place_returns;
use super::successors::Lists;
use mercer::model::MAX_STEPS;

/// Shares that an older step counts of the next newer one.
const FADES: [f32; 2] = [0.0, 0.5];
/// What lists must add to hit rate and mean reciprocal rank to be worth their
/// bytes, and trends to be more than chance.
const WORTH: f64 = 1.003;

/// The weights of all signals.
pub(super) struct Weighed {
    pub(super) weights: Weights,
    /// How much each step of the session counts where lists are asked, newest first;
    /// `None` where the lists do not earn their bytes.
    pub(super) reach: Option<Vec<f32>>,
}

/// Weighs the signals with trends and without; then without lists, with the successors, with
/// what is described alike, and with both; a list is taken only if it is worth its bytes. Lists
/// that lead to newcomers are taken with any of them, or alone, and newcomers are moved up for
/// this share of the worth of the known items.
pub(super) fn weigh<'a>(
    held_out: &mut HeldOut<'a>,
    lists: [&'a Lists; N_LISTS],
    exposure: f64,
) -> Weighed {
    let (weights, plain) = weigh_trends(held_out);
    let mut best = (Weighed { weights, reach: None }, plain);
    let has = |kind: usize| lists[kind].iter().any(|list| !list.is_empty());
    let newcomers = [has(2), has(3)];
    for known in [[false, false], [true, false], [false, true], [true, true]] {
        let taken = [known[0], known[1], newcomers[0], newcomers[1]];
        if (0..2).any(|kind| taken[kind] && !has(kind)) || taken == [false; N_LISTS] {
            continue;
        }
        let mut found: Option<(Weighed, f64)> = None;
        for fade in FADES {
            let steps = reach(fade, held_out.trained_returns().len());
            let lists = std::array::from_fn(|kind| taken[kind].then_some(lists[kind]));
            held_out.set_reach(Some(Reach { lists, steps: steps.clone() }));
            let (weights, worth) = place_returns(calibrate(held_out), held_out);
            let says = (0..2).all(|kind| !taken[kind] || weights.near[kind] > 0.0);
            if says && found.as_ref().is_none_or(|(_, best)| worth > *best) {
                found = Some((Weighed { weights, reach: Some(steps) }, worth));
            }
        }
        if let Some(found) = found.filter(|(_, worth)| *worth > best.1 * WORTH) {
            best = found;
        }
    }
    let mut best = best.0;
    if held_out.has_new() {
        let said = |kind: usize| (best.weights.near[kind] != 0.0).then_some(lists[kind]);
        let lists = std::array::from_fn(said);
        held_out.set_reach(best.reach.clone().map(|steps| Reach { lists, steps }));
        best.weights = place_newcomers(best.weights, held_out, exposure);
    }
    best
}

/// The weights without lists, and what they are worth; trends that add too little are no signal
/// from here on.
fn weigh_trends(held_out: &mut HeldOut<'_>) -> (Weights, f64) {
    let trends = held_out.set_trends(None);
    let without = place_returns(calibrate(held_out), held_out);
    let Some(trends) = trends else { return without };
    held_out.set_trends(Some(trends));
    let with = place_returns(calibrate(held_out), held_out);
    if with.1 > without.1 * WORTH {
        return with;
    }
    held_out.set_trends(None);
    without
}

/// `[1, fade, fade², …]`, as far as it says anything.
fn reach(fade: f32, max_steps: usize) -> Vec<f32> {
    let steps = std::iter::successors(Some(1.0), |share| Some(share * fade));
    steps.take(max_steps.min(MAX_STEPS)).take_while(|share| *share > 0.01).collect()
}
