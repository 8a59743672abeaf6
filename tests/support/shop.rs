//! A small shop with attributes, for tests of rules.

use mercer::kernels::CodeWidth;
use mercer::model::{
    Attributes, Column, Encoder, FactorParts, InterestRule, Model, ModelParts, Terms, write,
};
use mercer::rng::Rng;

/// A product as the tests write it.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: String,
    /// Empty: the catalogue does not say.
    pub(crate) category: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) price: Option<f32>,
    pub(crate) availability: &'static str,
    pub(crate) group: Option<String>,
    pub(crate) colours: Vec<&'static str>,
    /// Days since 1970.
    pub(crate) added: Option<f32>,
}

/// Every level of a path, outermost first.
pub(crate) fn levels(path: &str) -> Vec<String> {
    let names: Vec<&str> = path.split(" > ").filter(|name| !name.is_empty()).collect();
    (1..=names.len()).map(|n| names[..n].join(" > ")).collect()
}

fn terms(products: &[Product], of: impl Fn(&Product) -> Vec<String>) -> Column {
    let mut terms = Terms::default();
    for product in products {
        let own = of(product);
        terms.push(own.iter().map(String::as_str));
    }
    Column::Terms(terms)
}

fn numbers(products: &[Product], of: impl Fn(&Product) -> Option<f32>) -> Column {
    Column::Numbers(products.iter().map(|product| of(product).unwrap_or(f32::NAN)).collect())
}

fn one(word: &str) -> Vec<String> {
    if word.is_empty() { Vec::new() } else { vec![word.to_owned()] }
}

/// A model of these products, whose ids ascend, with random vectors.
pub(crate) fn model(products: &[Product], seed: u64) -> Model {
    let mut rng = Rng::new(seed);
    let n = products.len();
    let parts = ModelParts {
        about: "{}".to_owned(),
        items: products.iter().map(|product| product.id.clone()).collect(),
        popularity: (0..n).map(|_| rng.unit_f32()).collect(),
        factors: Some(FactorParts {
            dim: 16,
            width: CodeWidth::Four,
            codes: (0..16 * n).map(|_| i8::try_from(rng.below(15)).unwrap() - 7).collect(),
            lengths: None,
            biases: vec![0.0; n],
            interest: InterestRule::Attention(Encoder::flat(20, 16)),
        }),
        ..ModelParts::default()
    };
    let mut attributes = Attributes::default();
    attributes.insert("category", terms(products, |product| levels(product.category)));
    attributes.insert("brand", terms(products, |product| one(product.brand)));
    attributes.insert("price", numbers(products, |product| product.price));
    attributes.insert("availability", terms(products, |product| one(product.availability)));
    let group = |product: &Product| product.group.clone().into_iter().collect();
    attributes.insert("group", terms(products, group));
    let colours = |product: &Product| product.colours.iter().map(|&c| c.to_owned()).collect();
    attributes.insert("colour", terms(products, colours));
    attributes.insert("added", numbers(products, |product| product.added));
    Model::read(&write(&parts).unwrap()).unwrap().with_attributes(attributes)
}
