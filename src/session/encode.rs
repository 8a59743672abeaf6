use super::attention::attend;
use super::fold_in::fold_in;
use super::steps::Step;
use crate::model::{Factors, InterestRule, Model};
use crate::types::{Interest, ItemIx, ReachedStep};

/// What the newest steps of a session, oldest first, are after: by the model's
/// [`InterestRule`] a direction in item space, and the steps whose neighbours are asked for.
/// Each step counts as often as it stands there. Empty where the session says nothing.
pub fn encode(model: &Model, steps: &[Step<ItemIx>]) -> Interest {
    let direction = model.factors().and_then(|factors| direction(factors, steps));
    Interest { reached: reached(model, steps), ..direction.unwrap_or_default() }
}

fn direction(factors: &Factors, steps: &[Step<ItemIx>]) -> Option<Interest> {
    let rule = factors.interest();
    let newest_first: Vec<Step<ItemIx>> =
        steps.iter().rev().take(rule.max_steps()).copied().collect();
    match rule {
        InterestRule::Attention(encoder) => attend(factors, encoder, &newest_first),
        InterestRule::FoldIn(rule) => fold_in(factors, rule, &newest_first),
    }
}

/// The steps that have neighbours to speak for, newest first.
fn reached(model: &Model, steps: &[Step<ItemIx>]) -> Vec<ReachedStep> {
    let Some(neighbours) = model.neighbours() else { return Vec::new() };
    let speaks = |step: &ReachedStep| {
        step.reach > 0.0 && neighbours.of(step.item).any(|(_, weight)| weight > 0.0)
    };
    let steps = steps.iter().rev().zip(neighbours.reach());
    let step = |(step, &reach): (&Step<ItemIx>, &f32)| ReachedStep {
        item: step.item,
        kind: step.kind,
        reach,
    };
    steps.map(step).filter(speaks).collect()
}
