use super::likeness::Likeness;
use crate::model::Model;
use crate::types::Scored;

/// How many of the best items are considered.
pub const WINDOW: usize = 200;

/// Puts items, best first, in an order that weighs relevance against likeness to the items
/// before, by maximal marginal relevance (Carbonell & Goldstein 1998, section 2):
///
/// ```text
/// next = argmax_i (1 − level)·relevance_i − level·max_{j before} cosine(i, j)
/// ```
///
/// among the [`WINDOW`] best items, of equal ones the better ranked. Relevance is where the
/// score stands between the lowest (0) and the highest (1) of them; the cosine of the first
/// place is −1. The first `places` places are given out like this; what is left stands behind
/// in its order. At level 0, and for anything that is not above it, the order stays; above 1
/// is as 1.
///
/// The cost is `places · min(n, WINDOW)` dot products.
pub fn arrange(model: &Model, ranked: Vec<Scored>, level: f32, places: usize) -> Vec<Scored> {
    let window = &ranked[..ranked.len().min(WINDOW)];
    if !(level > 0.0 && window.len() > 1) {
        return ranked;
    }
    let order = marginal(window, &Likeness::of(model, window), level.min(1.0), places);
    let mut left: Vec<Option<Scored>> = ranked.into_iter().map(Some).collect();
    let mut arranged = Vec::with_capacity(left.len());
    arranged.extend(order.into_iter().filter_map(|at| left[at].take()));
    arranged.extend(left.into_iter().flatten());
    arranged
}

/// Positions in the order of maximal marginal relevance, at most `places`.
fn marginal(items: &[Scored], likeness: &Likeness, level: f32, places: usize) -> Vec<usize> {
    let mut left = weighted_relevance(items, 1.0 - level);
    // What likeness to the items before takes away: the largest so far, one step at a time.
    let mut nearest = vec![-1.0_f32; items.len()];
    let mut order = Vec::with_capacity(places.min(items.len()));
    while order.len() < places {
        let values = left.iter().zip(&nearest).map(|(own, near)| own - level * near);
        // What is chosen has nothing left, and is never chosen again.
        let best = values.enumerate().filter(|(_, value)| *value > f32::NEG_INFINITY);
        let best = best.reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((chosen, _)) = best else { break };
        left[chosen] = f32::NEG_INFINITY;
        likeness.to(chosen, |other, cosine| {
            // Not `f32::max`, which is a call in WebAssembly for the sake of what is no number.
            if cosine > nearest[other] {
                nearest[other] = cosine;
            }
        });
        order.push(chosen);
    }
    order
}

/// `weight` times where each score stands between the lowest and the highest.
fn weighted_relevance(items: &[Scored], weight: f32) -> Vec<f32> {
    let scores = || items.iter().map(|scored| scored.score);
    let highest = scores().fold(f32::NEG_INFINITY, f32::max);
    let lowest = scores().fold(f32::INFINITY, f32::min);
    let span = (highest - lowest).max(f32::MIN_POSITIVE);
    scores().map(|score| weight * ((score - lowest) / span)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::CodeWidth;
    use crate::model::{Encoder, FactorParts, InterestRule, ModelParts, write};
    use crate::rng::Rng;
    use crate::types::{Contribution, ItemIx, Signal};
    use proptest::prelude::*;

    const DIM: usize = 16;

    /// Few directions, some of them none, so that likeness and ties are common.
    fn model(n_items: usize, rng: &mut Rng) -> Model {
        let mut codes = vec![0_i8; n_items * DIM];
        for row in codes.chunks_exact_mut(DIM) {
            for _ in 0..rng.below(4) {
                row[rng.below(4)] = [-7, -2, 3, 7][rng.below(4)];
            }
        }
        let factors = FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes,
            lengths: None,
            biases: vec![0.0; n_items],
            interest: InterestRule::Attention(Encoder::flat(4, DIM)),
        };
        let file = write(&ModelParts {
            about: "{}".to_owned(),
            items: (0..n_items).map(|at| format!("{at:04}")).collect(),
            popularity: vec![0.0; n_items],
            factors: Some(factors),
            ..ModelParts::default()
        });
        Model::read(&file.unwrap()).unwrap()
    }

    fn ranked(n_items: usize, rng: &mut Rng) -> Vec<Scored> {
        let score = |at: usize, rng: &mut Rng| {
            let value = 0.5 * f32::from(u8::try_from(rng.below(9)).unwrap());
            let part = Contribution { signal: Signal::Popularity, value };
            Scored::new(ItemIx::from_usize(at), vec![part])
        };
        let mut items: Vec<Scored> = (0..n_items).map(|at| score(at, rng)).collect();
        items.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        items
    }

    /// The formula as it is written, everything anew for each place.
    fn naive(model: &Model, ranked: &[Scored], level: f32, places: usize) -> Vec<ItemIx> {
        let n = ranked.len().min(WINDOW);
        let scores: Vec<f32> = ranked[..n].iter().map(|scored| scored.score).collect();
        let lowest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut order: Vec<usize> = Vec::new();
        while order.len() < places.min(n) {
            let value = |at: usize| {
                let span = (highest - lowest).max(f32::MIN_POSITIVE);
                let cosine = |&chosen: &usize| model.cosine(ranked[chosen].item, ranked[at].item);
                let near = order.iter().map(cosine).fold(-1.0, f32::max);
                (1.0 - level) * ((scores[at] - lowest) / span) - level * near
            };
            let open = (0..n).filter(|at| !order.contains(at));
            let best = open.min_by(|&a, &b| value(b).total_cmp(&value(a)).then(a.cmp(&b)));
            order.push(best.unwrap());
        }
        let rest = (0..ranked.len()).filter(|at| !order.contains(at));
        order.iter().copied().chain(rest).map(|at| ranked[at].item).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn matches_the_formula(
            seed in any::<u64>(),
            n_items in 1_usize..260,
            level in prop_oneof![Just(0.0_f32), Just(1.0), 0.0_f32..1.0],
            places in 0_usize..30,
        ) {
            let mut rng = Rng::new(seed);
            let model = model(n_items, &mut rng);
            let ranked = ranked(n_items, &mut rng);
            let arranged = arrange(&model, ranked.clone(), level, places);
            let order: Vec<ItemIx> = arranged.iter().map(|scored| scored.item).collect();
            if level > 0.0 {
                prop_assert_eq!(&order, &naive(&model, &ranked, level, places));
            } else {
                prop_assert_eq!(&arranged, &ranked, "level 0 moves nothing");
            }
            // The same items with the same scores, only elsewhere.
            let mut back = arranged;
            back.sort_by_key(|scored| scored.item);
            let mut before = ranked;
            before.sort_by_key(|scored| scored.item);
            prop_assert_eq!(back, before);
        }
    }

    #[test]
    fn levels_that_are_none_do_no_harm() {
        let mut rng = Rng::new(3);
        let model = model(40, &mut rng);
        let ranked = ranked(40, &mut rng);
        for level in [f32::NAN, -1.0, f32::NEG_INFINITY] {
            assert_eq!(arrange(&model, ranked.clone(), level, 20), ranked);
        }
        let most = arrange(&model, ranked.clone(), 1.0, 20);
        assert_eq!(arrange(&model, ranked, f32::INFINITY, 20), most);
        assert_eq!(arrange(&model, Vec::new(), 1.0, 20), []);
    }
}
