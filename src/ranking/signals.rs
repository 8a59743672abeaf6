use crate::kernels::{TopK, dot_f32};
use crate::model::{Factors, Model};
use crate::types::{Contribution, Interest, ItemIx, Lift, Scored, Signal};

/// Scores `candidates` with every signal of the model and returns the best `count`, best
/// first, ties by item index.
///
/// `temperature · h·e_i` falls apart into one likeness a step, because `h` is the sum of the
/// steps' vectors times their shares; each step whose neighbours are asked for gives an item
/// among them its weight; an item that stands in the session gets the bonus of its newest
/// position; the bias is the item's popularity; each lift adds what it says of the item.
///
/// Without factors there is no bias. There an item that no neighbour speaks for is below all
/// others, by how far it is from the most popular one.
pub fn rank(
    model: &Model,
    (interest, lifts): (&Interest, &[Lift]),
    candidates: &[ItemIx],
    count: usize,
) -> Vec<Scored> {
    let open = |item| {
        let mut parts = contributions(model, interest, item);
        parts.extend(lifts.iter().filter_map(|lift| lift.contribution(item)));
        Scored::new(item, parts)
    };
    let mut best = TopK::new(count);
    for &item in candidates {
        best.push(item.0, open(item).score);
    }
    best.into_sorted().into_iter().map(|(ix, _)| open(ItemIx(ix))).collect()
}

fn contributions(model: &Model, interest: &Interest, item: ItemIx) -> Vec<Contribution> {
    let mut parts = Vec::with_capacity(interest.steps.len() + interest.reached.len() + 2);
    if let Some(factors) = model.factors() {
        push_likeness(&mut parts, factors, interest, item);
    }
    if let Some(neighbours) = model.neighbours() {
        for step in &interest.reached {
            let value = step.reach * neighbours.weight(step.item, item);
            if value > 0.0 {
                let signal = Signal::Neighbours { of: step.item, kind: step.kind };
                parts.push(Contribution { signal, value });
            }
        }
    }
    let signal = Signal::Popularity;
    if let Some(factors) = model.factors() {
        let returning = factors.interest().returning();
        let position = interest.steps.iter().position(|step| step.item == item);
        if let Some(&value) = position.and_then(|position| returning.get(position)) {
            parts.push(Contribution { signal: Signal::Return, value });
        }
        parts.push(Contribution { signal, value: model.bias(item) });
    } else if parts.is_empty() {
        parts.push(Contribution { signal, value: model.standing(item) });
    }
    parts
}

fn push_likeness(
    parts: &mut Vec<Contribution>,
    factors: &Factors,
    interest: &Interest,
    item: ItemIx,
) {
    let temperature = factors.interest().temperature();
    let mut push = |(step, likeness): (&crate::types::AttendedStep, f32)| {
        let signal = Signal::Likeness { to: step.item, kind: step.kind };
        parts.push(Contribution { signal, value: temperature * step.share * likeness });
    };
    if interest.vectors.is_empty() {
        let likeness = |step: &crate::types::AttendedStep| factors.likeness(step.item, item);
        interest.steps.iter().map(|step| (step, likeness(step))).for_each(&mut push);
    } else {
        let row: Vec<f32> = factors.row(item).iter().map(|&code| f32::from(code)).collect();
        let vectors = interest.vectors.chunks_exact(factors.dim());
        let likeness = vectors.map(|vector| dot_f32(vector, &row) * factors.scale(item));
        interest.steps.iter().zip(likeness).for_each(push);
    }
}
