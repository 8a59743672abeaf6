use crate::kernels::TopK;
use crate::model::Model;
use crate::types::{Contribution, Interest, ItemIx, Scored, Signal};

/// Scores `candidates` with every signal of the model and returns the best `count`, best
/// first, ties by item index.
///
/// `temperature · h·e_i` falls apart into one likeness a step, because `h` is the sum of the
/// steps' vectors times their shares; an item that stands in the session gets the bonus of
/// its newest position; the bias is the item's popularity.
pub fn rank(
    model: &Model,
    interest: &Interest,
    candidates: &[ItemIx],
    count: usize,
) -> Vec<Scored> {
    let open = |item| Scored::new(item, contributions(model, interest, item));
    let mut best = TopK::new(count);
    for &item in candidates {
        best.push(item.0, open(item).score);
    }
    best.into_sorted().into_iter().map(|(ix, _)| open(ItemIx(ix))).collect()
}

fn contributions(model: &Model, interest: &Interest, item: ItemIx) -> Vec<Contribution> {
    let encoder = model.encoder();
    let mut parts = Vec::with_capacity(interest.steps.len() + 2);
    parts.extend(interest.steps.iter().map(|step| Contribution {
        signal: Signal::Likeness { to: step.item, kind: step.kind },
        value: encoder.temperature * step.share * model.cosine(step.item, item),
    }));
    if let Some(position) = interest.steps.iter().position(|step| step.item == item) {
        let value = encoder.returning.get(position).copied().unwrap_or(0.0);
        parts.push(Contribution { signal: Signal::Return, value });
    }
    let bias = model.biases().get(item.at()).copied().unwrap_or(0.0);
    parts.push(Contribution { signal: Signal::Popularity, value: bias });
    parts
}
