use super::attention::{attend, blend, lean};
use super::fold_in::{Observation, fold_in};
use super::steps::Step;
use super::taste::Taste;
use crate::model::{Factors, InterestRule, Model};
use crate::types::{EventKind, Interest, ItemIx, ReachedStep};

/// What the newest steps of a session, oldest first, are after: by the model's
/// [`InterestRule`] a direction in item space, and the steps whose neighbours are asked for.
/// Each step counts as often as it stands there. Empty where the session says nothing.
pub fn encode(model: &Model, steps: &[Step<ItemIx>]) -> Interest {
    encode_with_taste(model, steps, &[], 0.0)
}

/// [`encode`] for a shopper who was here before: all of `tastes` together count like `weight`
/// steps of this visit, so that they lead an empty visit and step back as it grows.
///
/// With attention, for a visit of `n` steps that point to `h` and `u = unit(Σ w_j·e_j)`:
/// `unit(n·h + weight·u)`. With a fold-in each item of the taste is one more observation, a
/// look that counts `weight · w_j / Σ w` times. In a file of neighbours alone it is one more
/// step that is asked, with so much of the newest step's reach.
pub fn encode_with_taste(
    model: &Model,
    steps: &[Step<ItemIx>],
    tastes: &[Taste],
    weight: f32,
) -> Interest {
    let tastes = if weight > 0.0 { tastes } else { &[] };
    let direction = model.factors().and_then(|factors| {
        let rule = factors.interest();
        let steps: Vec<Step<ItemIx>> = steps.iter().rev().take(rule.max_steps()).copied().collect();
        match rule {
            InterestRule::Attention(encoder) => {
                with_taste(factors, attend(factors, encoder, &steps), tastes, weight)
            }
            InterestRule::FoldIn(rule) => {
                let steps = steps.iter().map(Observation::step);
                let looks = looks(tastes, weight);
                let looks = looks.map(|(item, times)| Observation::taste(item, times));
                fold_in(factors, rule, &steps.chain(looks).collect::<Vec<_>>())
            }
        }
    });
    let mut reached = reached(model, steps);
    if model.factors().is_none() {
        reached.extend(remembered(model, tastes, weight));
    }
    Interest { reached, ..direction.unwrap_or_default() }
}

/// The steps that have neighbours to speak for, newest first.
fn reached(model: &Model, steps: &[Step<ItemIx>]) -> Vec<ReachedStep> {
    let Some(neighbours) = model.neighbours() else { return Vec::new() };
    let steps = steps.iter().rev().zip(neighbours.reach());
    let step = |(step, &reach): (&Step<ItemIx>, &f32)| ReachedStep {
        item: step.item,
        kind: step.kind,
        reach,
    };
    steps.map(step).filter(|step| speaks(model, step)).collect()
}

/// Whether the step has neighbours to speak for.
fn speaks(model: &Model, step: &ReachedStep) -> bool {
    let weighs = |(_, weight): (ItemIx, f32)| weight > 0.0;
    step.reach > 0.0
        && model.neighbours().is_some_and(|neighbours| neighbours.of(step.item).any(weighs))
}

/// A visit's direction and the taste's as one; either where the other says nothing.
#[expect(clippy::cast_precision_loss, reason = "at most 64 steps are read")]
fn with_taste(
    factors: &Factors,
    visit: Option<Interest>,
    tastes: &[Taste],
    weight: f32,
) -> Option<Interest> {
    let Some(taste) = lean(factors, tastes) else { return visit };
    let Some(visit) = visit else { return Some(taste) };
    let part = weight / (visit.steps.len() as f32 + weight);
    blend(factors, &visit, &taste, part).or(Some(visit))
}

/// Each item of the taste, and how many looks it counts like.
fn looks(tastes: &[Taste], weight: f32) -> impl Iterator<Item = (ItemIx, f32)> {
    let all: f32 = tastes.iter().map(|taste| taste.weight).sum();
    tastes.iter().map(move |taste| (taste.item, weight * (taste.weight / all)))
}

/// The items of the taste whose neighbours are asked for.
fn remembered(model: &Model, tastes: &[Taste], weight: f32) -> Vec<ReachedStep> {
    let newest = model.neighbours().and_then(|neighbours| neighbours.reach().first().copied());
    let reach = newest.unwrap_or(0.0);
    let step =
        |(item, looks)| ReachedStep { item, kind: EventKind::ViewItem, reach: reach * looks };
    looks(tastes, weight).map(step).filter(|step| speaks(model, step)).collect()
}
