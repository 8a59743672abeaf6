use super::base::Base;
use crate::kernels::{Blocks, TopK, sort_by};
use crate::model::Model;
use crate::types::{ItemIx, Lift, Mask, Reading, Spread};
use std::borrow::Cow;

/// A set of at most so many items is looked at item by item.
const NARROW: usize = 256;
/// Rounding may make a sum a little more than its parts.
const SLACK: f32 = 1e-4;

/// The `k` items with the highest `temperature · h·e_i + ground_i + neighbours_i + lifts_i`
/// that the mask lets through, best first. The interest's direction is rounded to eight bits
/// here.
///
/// Every item is looked at. The few that something is said of one by one come first; then of
/// the others those whose likeness and ground, with all that lifts can add, come near the best
/// so far are looked at whole. So none can be missed, and most cost one product.
pub fn nearest(model: &Model, reading: &Reading<'_>, mask: &Mask, k: usize) -> Vec<ItemIx> {
    let (base, said) = (Base::of(model, reading), Said::of(model, reading));
    let mut top = TopK::new(k);
    let mut rest = Cow::Borrowed(mask);
    for &item in &said.few {
        if mask.allows(item) {
            top.push(item.0, said.whole(&base, item));
            rest.to_mut().close(item);
        }
    }
    let blocks = Blocks::of(model.n_items(), |start, sums| base.fill(start, sums));
    blocks.offer(&mut top, said.most, |top, at, sum| {
        let item = ItemIx::from_usize(at);
        if rest.allows(item) {
            said.push(top, item, sum);
        }
    });
    top.into_sorted().into_iter().map(|(ix, _)| ItemIx(ix)).collect()
}

/// What neighbours and lifts say of items.
struct Said<'a> {
    model: &'a Model,
    reading: &'a Reading<'a>,
    /// Those that something is said of one by one, each once.
    few: Vec<ItemIx>,
    /// Lifts that speak of few items alone.
    narrow: Vec<&'a Lift>,
    /// Lifts that speak of whole fields and sets, those that may add most first, each with what
    /// those from it on add to an item at most.
    wide: Vec<(&'a Lift, f32)>,
    /// What `wide` adds to an item at most.
    most: f32,
}

impl<'a> Said<'a> {
    fn of(model: &'a Model, reading: &'a Reading<'a>) -> Self {
        let (mut few, mut narrow, mut wide) = (Vec::new(), Vec::new(), Vec::new());
        for lift in reading.lifts() {
            match &lift.spread {
                Spread::Few(items) => few.extend(items.iter().map(|(item, _)| *item)),
                // So that what few items gain lets no others be looked at.
                Spread::Among { items, value } if *value > 0.0 && items.len() <= NARROW => {
                    few.extend(items.iter());
                }
                spread => {
                    wide.push((lift, spread.most()));
                    continue;
                }
            }
            narrow.push(lift);
        }
        if let Some(neighbours) = model.neighbours() {
            for step in &reading.interest.reached {
                few.extend(neighbours.of(step.item).map(|(item, _)| item));
            }
        }
        sort_by(&mut few, Ord::cmp);
        few.dedup();
        sort_by(&mut wide, |a, b| b.1.total_cmp(&a.1));
        let mut most = 0.0;
        for (_, own) in wide.iter_mut().rev() {
            most += *own;
            *own = most + SLACK * (1.0 + most);
        }
        let most = wide.first().map_or(0.0, |(_, most)| *most);
        Self { model, reading, few, narrow, wide, most }
    }

    /// The score of an item that something is said of alone.
    fn whole(&self, base: &Base<'_>, item: ItemIx) -> f32 {
        let neighbours = self.neighbours(item);
        let own = if neighbours > 0.0 { base.beside_neighbours(item) } else { base.at(item) };
        let lifts = self.narrow.iter().chain(self.wide.iter().map(|(lift, _)| lift));
        lifts.fold(own + neighbours, |sum, lift| sum + self.model.gain(lift, item))
    }

    /// Offers an item of which only whole fields and sets speak, unless what is left to be said
    /// cannot make it one of the best.
    fn push(&self, top: &mut TopK, item: ItemIx, base: f32) {
        let mut sum = base;
        for (lift, most) in &self.wide {
            if sum + most < top.bar() {
                return;
            }
            sum += self.model.gain(lift, item);
        }
        top.push(item.0, sum);
    }

    fn neighbours(&self, item: ItemIx) -> f32 {
        let Some(neighbours) = self.model.neighbours() else { return 0.0 };
        let reached = self.reading.interest.reached.iter();
        reached.map(|step| step.reach * neighbours.weight(step.item, item)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::CodeWidth;
    use crate::model::{
        Attributes, Column, Encoder, FactorParts, InterestRule, ModelParts, NeighbourParts, Terms,
        write,
    };
    use crate::rng::Rng;
    use crate::types::{
        EventKind, FieldIx, Ground, Interest, ItemSet, ReachedStep, Signal, Spread, Tally,
    };
    use proptest::prelude::*;
    use std::sync::Arc;

    const DIM: usize = 16;
    const N: usize = 700;

    fn model(rng: &mut Rng, has_factors: bool) -> Model {
        let mut attributes = Attributes::default();
        let mut paths = Terms::default();
        for _ in 0..N {
            let (top, deep) = (["a", "b"][rng.below(2)], ["a/c", "a/d", "b/e"][rng.below(3)]);
            paths.push(match rng.below(4) {
                0 => vec![],
                1 => vec![top],
                _ => vec![top, deep],
            });
        }
        let prices = (0..N).map(|_| 1.0 + 40.0 * rng.unit_f32()).collect();
        attributes.insert("category", Column::Terms(paths));
        attributes.insert("price", Column::Numbers(prices));
        let list = |ix| if ix % 3 == 0 { some(rng) } else { Vec::new() };
        let lists = (0..N).map(list).collect();
        let factors = has_factors.then(|| FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes: (0..N * DIM).map(|_| [-7, -2, 0, 3, 7][rng.below(5)]).collect(),
            lengths: None,
            biases: (0..N).map(|_| rng.unit_f32()).collect(),
            interest: InterestRule::Attention(Encoder::flat(4, DIM)),
        });
        let parts = ModelParts {
            about: "{}".to_owned(),
            items: (0..N).map(|at| format!("{at:04}")).collect(),
            popularity: (0..N).map(|_| 5.0 * rng.unit_f32()).collect(),
            neighbours: Some(NeighbourParts { lists, reach: vec![1.0] }),
            factors,
            ..ModelParts::default()
        };
        Model::read(&write(&parts).unwrap()).unwrap().with_attributes(attributes)
    }

    /// Up to eight items, ascending, and what is said of them.
    fn some(rng: &mut Rng) -> Vec<(ItemIx, f32)> {
        let items = ItemSet::of(N, (0..8).map(|_| ItemIx::from_usize(rng.below(N))));
        items.iter().map(|item| (item, 2.0 * rng.unit_f32())).collect()
    }

    fn lifts(rng: &mut Rng) -> Vec<Lift> {
        let mut worth = |n| (0..n).map(|_| 3.0 * rng.unit_f32() - 1.0).collect::<Vec<f32>>();
        let (terms, bands, each) = (worth(5), worth(255 * 16), worth(N));
        let (sums, values) = (worth(5), worth(2));
        let few = some(rng).into_iter().map(|(item, value)| (item, value - 1.0)).collect();
        let set = ItemSet::of(N, (0..N).step_by(7).map(ItemIx::from_usize));
        let field = FieldIx(0);
        [
            Spread::Terms { field, worth: terms, tally: Tally::Deepest },
            Spread::Terms { field, worth: sums, tally: Tally::Sum },
            Spread::Bands { field: FieldIx(1), worth: bands },
            Spread::Each(each),
            Spread::Few(few),
            Spread::Among { items: Arc::new(set), value: values[0] },
        ]
        .into_iter()
        .filter(|_| rng.below(2) == 0)
        .map(|spread| Lift { signal: Signal::Popularity, spread })
        .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn nothing_is_missed(seed in any::<u64>(), k in 0_usize..40, has_factors in any::<bool>()) {
            let mut rng = Rng::new(seed);
            let model = model(&mut rng, has_factors);
            let direction = match rng.below(3) {
                0 => Vec::new(),
                _ => (0..DIM).map(|_| rng.unit_f32() - 0.5).collect(),
            };
            let step = |at| {
                ReachedStep { item: ItemIx(at), kind: EventKind::ViewItem, reach: 1.0 }
            };
            let reached = (0..).take(rng.below(5)).map(step).collect();
            let reading = Reading {
                interest: Interest { direction, reached, ..Interest::default() },
                ground: [Ground::Bias, Ground::Popularity, Ground::Level][rng.below(3)],
                shared: &lifts(&mut rng),
                heard: &[],
                own: lifts(&mut rng),
            };
            let mut mask = Mask::open(N);
            (0..rng.below(400)).for_each(|_| mask.close(ItemIx::from_usize(rng.below(N))));
            let (base, said) = (Base::of(&model, &reading), Said::of(&model, &reading));
            let mut all = mask.items();
            let whole = |item: &ItemIx| said.whole(&base, *item);
            all.sort_by(|a, b| whole(b).total_cmp(&whole(a)).then(a.cmp(b)));
            all.truncate(k);
            prop_assert_eq!(nearest(&model, &reading, &mask, k), all);
        }
    }
}
