use crate::kernels::TopK;
use crate::model::Model;
use crate::types::Scored;

/// How many of the best items are considered for each place.
const WINDOW: usize = 100;

/// Puts items, best first, in an order that weighs relevance against likeness to the items
/// before: maximal marginal relevance (Carbonell & Goldstein 1998, equation 1),
///
/// ```text
/// next = argmax_i (1 − level)·relevance_i − level·max_{j before} cosine(i, j)
/// ```
///
/// where relevance is the score between the lowest (0) and the highest (1) of the items that are considered.
/// At level 0 the order stays.
pub fn arrange(model: &Model, ranked: Vec<Scored>, level: f32) -> Vec<Scored> {
    if level <= 0.0 || ranked.len() < 2 {
        return ranked;
    }
    let mut left: Vec<Option<Scored>> = ranked.into_iter().map(Some).collect();
    let n = left.len().min(WINDOW);
    let relevance = relevance(&left[..n]);
    let mut likeness = vec![f32::NEG_INFINITY; n];
    let mut arranged: Vec<Scored> = Vec::with_capacity(left.len());
    for _ in 0..n {
        let mut best = TopK::new(1);
        for (at, _) in (0..).zip(&left[..n]).filter(|(_, item)| item.is_some()) {
            let near = likeness[at as usize].max(-1.0);
            let value = (1.0 - level) * relevance[at as usize] - level * near;
            best.push(at, value);
        }
        let Some((at, _)) = best.into_sorted().pop() else { break };
        let Some(chosen) = left[at as usize].take() else { break };
        for (near, other) in likeness.iter_mut().zip(&left) {
            if let Some(other) = other {
                *near = near.max(model.cosine(chosen.item, other.item));
            }
        }
        arranged.push(chosen);
    }
    arranged.extend(left.into_iter().flatten());
    arranged
}

fn relevance(items: &[Option<Scored>]) -> Vec<f32> {
    let scores = || items.iter().flatten().map(|item| item.score);
    let highest = scores().fold(f32::NEG_INFINITY, f32::max);
    let lowest = scores().fold(f32::INFINITY, f32::min);
    let span = (highest - lowest).max(f32::MIN_POSITIVE);
    scores().map(|score| (score - lowest) / span).collect()
}
