//! A small shop whose vectors, words and prices are known.

use crate::kernels::CodeWidth;
use crate::model::{
    Attributes, Column, Encoder, FactorParts, FoldIn, InterestRule, Model, ModelParts,
    NeighbourParts, Terms, write,
};
use crate::rng::Rng;
use crate::types::ItemIx;

pub(super) const N_ITEMS: usize = 60;
pub(super) const DIM: usize = 16;

/// `item-00` to `item-59` with random vectors.
pub(super) fn parts(seed: u64) -> ModelParts {
    let mut rng = Rng::new(seed);
    let mut code = || i8::try_from(rng.below(15)).unwrap() - 7;
    ModelParts {
        about: "{}".to_owned(),
        items: (0..N_ITEMS).map(id).collect(),
        popularity: (0..N_ITEMS).map(|_| 1.0).collect(),
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes: (0..N_ITEMS * DIM).map(|_| code()).collect(),
            lengths: None,
            biases: vec![0.0; N_ITEMS],
            interest: InterestRule::Attention(Encoder {
                temperature: 8.0,
                position: vec![0.5, 0.2, 0.0, -0.3],
                returning: vec![5.0; 4],
                ..Encoder::flat(4, DIM)
            }),
        }),
        attributes: Some(attributes(&mut Rng::new(seed).fork(1))),
        ..ModelParts::default()
    }
}

/// With a ridge and a Gram matrix.
pub(super) fn fold_in(seed: u64) -> ModelParts {
    let mut parts = parts(seed);
    let diagonal = |at: usize| (1..=DIM).any(|row| row * (row + 1) / 2 - 1 == at);
    let mut rule = FoldIn::sum(6);
    rule.gram = (0..DIM * (DIM + 1) / 2).map(|at| if diagonal(at) { 2.0 } else { 0.05 }).collect();
    rule.ridge = 0.4;
    rule.confidence.fill(3.0);
    rule.pull.fill(4.0);
    parts.factors.as_mut().unwrap().interest = InterestRule::FoldIn(rule);
    parts
}

/// Each item next to the one after it.
pub(super) fn lists(seed: u64) -> ModelParts {
    let next = |at: usize| vec![(ItemIx::from_usize((at + 1) % N_ITEMS), 0.7)];
    let lists = (0..N_ITEMS).map(next).collect();
    let neighbours = Some(NeighbourParts { lists, reach: vec![1.0, 0.5] });
    ModelParts { factors: None, neighbours, attributes: None, ..parts(seed) }
}

pub(super) fn id(item: usize) -> String {
    format!("item-{item:02}")
}

pub(super) fn model(parts: &ModelParts) -> Model {
    Model::read(&write(parts).unwrap()).unwrap()
}

pub(super) fn weighing(parts: ModelParts, signals: &[(&str, f32)]) -> Model {
    let signals = signals.iter().map(|&(name, weight)| (name.to_owned(), weight)).collect();
    model(&ModelParts { signals, ..parts })
}

/// Paths of one to three levels, some items without; prices from 0.5 to 500, some unknown.
fn attributes(rng: &mut Rng) -> Attributes {
    let (mut category, mut brand) = (Terms::default(), Terms::default());
    let mut prices = Vec::new();
    for _ in 0..N_ITEMS {
        let top = format!("T{}", rng.below(3));
        let mid = format!("{top} > M{}", rng.below(2));
        let leaf = format!("{mid} > L{}", rng.below(2));
        let path = [top.as_str(), mid.as_str(), leaf.as_str()];
        category.push(path[..rng.below(4)].iter().copied());
        let name = format!("B{}", rng.below(5));
        brand.push((rng.below(6) > 0).then_some(name.as_str()));
        let known = rng.below(6) > 0;
        prices.push(if known { 0.5 * libm::expf(7.0 * rng.unit_f32()) } else { f32::NAN });
    }
    let mut attributes = Attributes::default();
    attributes.insert("category", Column::Terms(category));
    attributes.insert("brand", Column::Terms(brand));
    attributes.insert("price", Column::Numbers(prices));
    attributes
}
