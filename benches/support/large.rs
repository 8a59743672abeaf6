//! A model of 100,000 products as a shop of that size has it: vectors, popularity, and what the
//! catalogue says. Nothing was learned for it: vectors are random, so more items are nearly as
//! good as the best than in a trained model, and each of them has to be looked at.

use mercer::kernels::CodeWidth;
use mercer::model::{
    Attributes, Column, Encoder, FactorParts, InterestRule, ModelParts, PartsError, Terms, write,
};
use mercer::rng::Rng;

const N_ITEMS: usize = 100_000;
const DIM: usize = 64;
/// As training has it, roughly: 8 to 13.
const TEMPERATURE: f32 = 10.0;

/// The model file.
pub(crate) fn file() -> Result<Vec<u8>, PartsError> {
    let mut rng = Rng::new(1);
    let codes = (0..N_ITEMS * DIM).map(|_| [-7, -4, -2, -1, 0, 1, 2, 4, 7][rng.below(9)]).collect();
    let popularity: Vec<f32> = (0..N_ITEMS).map(|_| 6.0 * rng.unit_f32()).collect();
    let weights = ["affinity.brand", "affinity.category", "affinity.price"];
    write(&ModelParts {
        about: "{}".to_owned(),
        items: (0..N_ITEMS).map(|at| format!("item-{at:06}")).collect(),
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes,
            lengths: None,
            biases: popularity.iter().map(|value| 0.2 * value).collect(),
            interest: InterestRule::Attention(Encoder {
                temperature: TEMPERATURE,
                ..Encoder::flat(20, DIM)
            }),
        }),
        popularity,
        signals: weights.map(|name| (name.to_owned(), 0.3)).to_vec(),
        attributes: Some(attributes(&mut rng)),
        ..ModelParts::default()
    })
}

/// The model file of nothing but vectors: `codes` `[n_items, 64]`, row-major, −7 to 7. All items
/// are as popular as each other, so that the order is that of likeness.
pub(crate) fn bare(codes: Vec<i8>) -> Result<Vec<u8>, PartsError> {
    let n_items = codes.len() / DIM;
    write(&ModelParts {
        about: "{}".to_owned(),
        items: (0..n_items).map(|at| format!("item-{at:07}")).collect(),
        factors: Some(FactorParts {
            dim: DIM,
            width: CodeWidth::Four,
            codes,
            lengths: None,
            biases: vec![0.0; n_items],
            interest: InterestRule::Attention(Encoder {
                temperature: TEMPERATURE,
                ..Encoder::flat(20, DIM)
            }),
        }),
        popularity: vec![0.0; n_items],
        ..ModelParts::default()
    })
}

/// Forty top categories of twelve each, a thousand brands, prices from 1 to 500.
fn attributes(rng: &mut Rng) -> Attributes {
    let (mut categories, mut brands) = (Terms::default(), Terms::default());
    let mut prices = Vec::with_capacity(N_ITEMS);
    for _ in 0..N_ITEMS {
        let top = format!("c{:02}", rng.below(40));
        let below = format!("{top} > {:02}", rng.below(12));
        categories.push([top.as_str(), below.as_str()]);
        brands.push([format!("b{:04}", rng.below(1000)).as_str()]);
        prices.push((1.0 + 499.0 * rng.unit_f32() * rng.unit_f32()).round());
    }
    let mut attributes = Attributes::default();
    attributes.insert("category", Column::Terms(categories));
    attributes.insert("brand", Column::Terms(brands));
    attributes.insert("price", Column::Numbers(prices));
    attributes
}
