use crate::kernels::{TopK, dot_f32};
use crate::model::{Factors, Model};
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
    let mut best = TopK::new(count);
    for &item in candidates {
        best.push(item.0, score(model, reading, item));
    }
    let closed = |(ix, score)| Scored { item: ItemIx(ix), score, contributions: Vec::new() };
    best.into_sorted().into_iter().map(closed).collect()
}

/// The item with its score and every part of it.
pub fn open(model: &Model, reading: &Reading<'_>, item: ItemIx) -> Scored {
    let most = reading.interest.steps.len() + reading.interest.reached.len() + 4;
    let mut parts = Vec::with_capacity(most);
    each_part(model, reading, item, |part| parts.push(part));
    Scored::new(item, parts)
}

/// The score alone: the same sum in the same order.
fn score(model: &Model, reading: &Reading<'_>, item: ItemIx) -> f32 {
    let mut sum = 0.0;
    each_part(model, reading, item, |part| sum += part.value);
    sum
}

fn each_part(
    model: &Model,
    reading: &Reading<'_>,
    item: ItemIx,
    mut push: impl FnMut(Contribution),
) {
    if let Some(factors) = model.factors() {
        push_likeness(&mut push, factors, reading, item);
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

fn push_likeness(
    push: &mut impl FnMut(Contribution),
    factors: &Factors,
    reading: &Reading<'_>,
    item: ItemIx,
) {
    let interest = &reading.interest;
    let temperature = factors.interest().temperature();
    let mut push = |(step, likeness): (&AttendedStep, f32)| {
        let signal = match step.visit {
            Visit::This => Signal::Likeness { to: step.item, kind: step.kind },
            Visit::Earlier => Signal::Taste { to: step.item },
        };
        push(Contribution { signal, value: temperature * step.share * likeness });
    };
    if interest.vectors.is_empty() {
        let likeness = |step: &AttendedStep| factors.likeness(step.item, item);
        interest.steps.iter().map(|step| (step, likeness(step))).for_each(&mut push);
    } else {
        let row: Vec<f32> = factors.row(item).iter().map(|&code| f32::from(code)).collect();
        let vectors = interest.vectors.chunks_exact(factors.dim());
        let likeness = vectors.map(|vector| dot_f32(vector, &row) * factors.scale(item));
        interest.steps.iter().zip(likeness).for_each(push);
    }
}
