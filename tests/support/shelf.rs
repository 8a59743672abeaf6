//! What a golden model holds beside vectors: attributes, signal weights, companions, priors.

use mercer::model::words::{Bands, Column, Columns};
use mercer::model::{self, Attributes, Context, PriorParts, Terms};
use mercer::rng::Rng;

/// The categories of the golden shop, ascending.
const CATEGORIES: [&str; 3] = ["Kitchen", "Outdoor", "Schuhe & Söhne"];

/// Fields of every kind: several terms an item, one, prices, measures; some items have none.
pub(crate) fn attributes(n_items: usize, rng: &mut Rng) -> Attributes {
    let (mut category, mut brand) = (Terms::default(), Terms::default());
    let (mut price, mut grams) = (Vec::new(), Vec::new());
    for at in 0..n_items {
        let top = CATEGORIES[at % 3];
        let leaf = format!("{top} > {}", at % 7);
        category.push([top, &leaf].into_iter().take(at % 5));
        brand.push(["Hario", "Ünal", "acme"].into_iter().skip(rng.below(4)).take(1));
        price.push([19.99, 5.0, f32::NAN, 120.5, 0.0][rng.below(5)]);
        grams.push([0.1, 1.0 / 3.0, f32::NAN, -2.5][rng.below(4)]);
    }
    let mut attributes = Attributes::default();
    attributes.insert("category", model::Column::Terms(category));
    attributes.insert("brand", model::Column::Terms(brand));
    attributes.insert("price", model::Column::Numbers(price));
    attributes.insert("grams", model::Column::Numbers(grams));
    attributes
}

/// A column of every kind.
pub(crate) fn reading() -> Columns {
    let bands = Bands::with_edges(vec![0.1, 7.5, 1e6]).expect("ascending");
    let columns = [
        ("care", Column::Text),
        ("colour", Column::List('|')),
        ("grams", Column::Measure(bands.clone())),
        ("größe", Column::Name),
    ];
    let attributes = columns.map(|(name, column)| (name.to_owned(), column)).into_iter().collect();
    Columns { attributes, levels: Some(','), prices: bands }
}

/// A weight of every kind.
pub(crate) fn signals() -> Vec<(String, f32)> {
    let weights = [
        ("affinity.brand", 0.75),
        ("affinity.category", 0.5),
        ("context", 0.8),
        ("newcomer", -2.25),
        ("query", 0.6),
        ("rotation", 1.5),
        ("taste", 0.4),
        ("trend", 0.3),
    ];
    weights.map(|(name, weight)| (name.to_owned(), weight)).to_vec()
}

/// A table for every context, and a trend.
pub(crate) fn priors(n_items: usize, rng: &mut Rng) -> PriorParts {
    let mut numbers = |n: usize| (0..n).map(|_| [0.0, 0.5, -0.25, 1.27][rng.below(4)]).collect();
    let table = |context: Context| (context, numbers(context.n_cases(3) * 3));
    PriorParts {
        categories: CATEGORIES.map(str::to_owned).to_vec(),
        tables: Context::ALL.map(table).to_vec(),
        trend: (0..n_items).map(|at| [0.0, 1.0, -0.5][at % 3]).collect(),
    }
}
