use super::likeness::Likeness;
use crate::kernels::TopK;
use crate::model::Model;
use crate::types::{AttendedStep, Contribution, Ground, ItemIx, Reading, Scored, Signal, Visit};

/// The best `count` of `candidates`, best first, ties by item index. Their scores are what
/// [`open`] opens; here they are not, so that many can be looked at where few are shown.
///
/// `temperature · h·e_i` falls apart into one likeness a step, because `h` is the sum of the
/// steps' vectors times their shares; each step whose neighbours are asked for gives an item
/// among them its weight; an item that stands in the session gets the bonus of its newest
/// position; the ground is what it has whatever the session; each lift adds what it says of
/// the item.
pub fn rank(
    model: &Model,
    reading: &Reading<'_>,
    candidates: &[ItemIx],
    count: usize,
) -> Vec<Scored> {
    let likeness = Likeness::of(model, reading, candidates);
    let mut best = TopK::new(count);
    for (at, &item) in candidates.iter().enumerate() {
        let mut score = 0.0;
        each_part(model, reading, (item, likeness.to(at)), |part| score += part.value);
        best.push(item.0, score);
    }
    let closed = |(ix, score)| Scored { item: ItemIx(ix), score, contributions: Vec::new() };
    best.into_sorted().into_iter().map(closed).collect()
}

/// The item with its score and every part of it.
pub fn open(model: &Model, reading: &Reading<'_>, item: ItemIx) -> Scored {
    let most = reading.interest.steps.len() + reading.interest.reached.len() + 4;
    let mut parts = Vec::with_capacity(most);
    let likeness = Likeness::of(model, reading, &[item]);
    each_part(model, reading, (item, likeness.to(0)), |part| parts.push(part));
    Scored::new(item, parts)
}

/// The parts of an item's score, always in the same order. `likeness`: to each step.
fn each_part(
    model: &Model,
    reading: &Reading<'_>,
    (item, likeness): (ItemIx, impl Iterator<Item = f32>),
    mut push: impl FnMut(Contribution),
) {
    if let Some(factors) = model.factors() {
        let temperature = factors.interest().temperature();
        for (step, likeness) in reading.interest.steps.iter().zip(likeness) {
            let signal = match step.visit {
                Visit::This => Signal::Likeness { to: step.item, kind: step.kind },
                Visit::Earlier => Signal::Taste { to: step.item },
            };
            push(Contribution { signal, value: temperature * step.share * likeness });
        }
    }
    let is_neighbour = push_neighbours(&mut push, model, reading, item);
    match (reading.ground, model.factors()) {
        (Ground::Bias, Some(factors)) => {
            let returning = factors.interest().returning();
            let returns = |step: &AttendedStep| step.item == item && step.visit == Visit::This;
            let position = reading.interest.steps.iter().position(returns);
            if let Some(&value) = position.and_then(|position| returning.get(position)) {
                push(Contribution { signal: Signal::Return, value });
            }
            push(Contribution { signal: Signal::Popularity, value: model.bias(item) });
        }
        (Ground::Bias, None) if !is_neighbour => {
            push(Contribution { signal: Signal::Popularity, value: model.standing(item) });
        }
        (Ground::Popularity, _) => {
            let value = model.popularity().get(item.at()).copied().unwrap_or(0.0);
            push(Contribution { signal: Signal::Popularity, value });
        }
        (Ground::Bias, None) | (Ground::Level, _) => {}
    }
    reading.lifts().filter_map(|lift| model.contribution(lift, item)).for_each(push);
}

/// Whether there were any.
fn push_neighbours(
    push: &mut impl FnMut(Contribution),
    model: &Model,
    reading: &Reading<'_>,
    item: ItemIx,
) -> bool {
    let Some(neighbours) = model.neighbours() else { return false };
    let mut any = false;
    for step in &reading.interest.reached {
        let value = step.reach * neighbours.weight(step.item, item);
        if value > 0.0 {
            let signal = Signal::Neighbours { of: step.item, kind: step.kind };
            push(Contribution { signal, value });
            any = true;
        }
    }
    any
}
