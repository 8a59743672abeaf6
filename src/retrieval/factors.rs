use crate::kernels::{TopK, dots, quantise_i8};
use crate::model::Model;
use crate::types::{Ground, ItemIx, Mask, Reading};
use std::borrow::Cow;

/// The `k` items with the highest `temperature · h·e_i + ground_i + neighbours_i + lifts_i`
/// that the mask lets through, best first. The interest's direction is rounded to eight bits
/// here.
///
/// Every item is looked at, and whatever speaks for single items is added before the best are
/// chosen, so none can be missed.
#[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
pub fn nearest(model: &Model, reading: &Reading<'_>, mask: &Mask, k: usize) -> Vec<ItemIx> {
    let offsets = &*offsets(model, reading);
    let mut top = TopK::new(k);
    match model.factors().filter(|_| !reading.interest.direction.is_empty()) {
        Some(factors) => {
            let (query, step) = quantise_i8(&reading.interest.direction);
            let scale = factors.interest().temperature() * step;
            let scales = factors.scales();
            dots(&query, factors.rows(), |row, dot| {
                let item = ItemIx::from_usize(row);
                let score = dot as f32 * scales[row] * scale + offsets[row];
                if !top.is_beyond(score) && mask.allows(item) {
                    top.push(item.0, score);
                }
            });
        }
        None => {
            for (ix, &score) in (0..).zip(offsets) {
                if !top.is_beyond(score) && mask.allows(ItemIx(ix)) {
                    top.push(ix, score);
                }
            }
        }
    }
    top.into_sorted().into_iter().map(|(ix, _)| ItemIx(ix)).collect()
}

/// What an item's score holds beside its likeness to the session, but for returns, `[n_items]`.
fn offsets<'a>(model: &'a Model, reading: &Reading<'_>) -> Cow<'a, [f32]> {
    let mut sums = neighboured(model, reading);
    for lift in reading.lifts() {
        lift.add_to(sums.to_mut());
    }
    sums
}

/// Ground and neighbours.
fn neighboured<'a>(model: &'a Model, reading: &Reading<'_>) -> Cow<'a, [f32]> {
    let ground = ground(model, reading.ground);
    let reached = &reading.interest.reached;
    let Some(neighbours) = model.neighbours().filter(|_| !reached.is_empty()) else {
        return ground.unwrap_or_else(|| Cow::Owned(vec![0.0; model.n_items()]));
    };
    let mut sums = ground.map_or_else(|| vec![0.0; model.n_items()], Cow::into_owned);
    for step in reached {
        for (item, weight) in neighbours.of(step.item) {
            sums[item.at()] += step.reach * weight;
        }
    }
    if model.factors().is_none() && reading.ground == Ground::Bias {
        for (ix, sum) in (0..).zip(&mut sums).filter(|(_, sum)| **sum <= 0.0) {
            *sum = model.standing(ItemIx(ix));
        }
    }
    Cow::Owned(sums)
}

/// `None` where it is 0 for every item.
fn ground(model: &Model, ground: Ground) -> Option<Cow<'_, [f32]>> {
    match ground {
        Ground::Bias => model.factors().map(|factors| Cow::Borrowed(factors.biases())),
        Ground::Popularity => Some(Cow::Borrowed(model.popularity())),
        Ground::Level => None,
    }
}
