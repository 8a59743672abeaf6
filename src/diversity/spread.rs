use crate::model::Model;
use crate::types::{ItemIx, Scored, SmallMap};

/// Items, best first, in an order that has at most `at_most` of each top category before any
/// further one: those that are over stand at the end, in their order. An item without a
/// category is a shelf of its own. Where the catalogue has no categories the order stays.
pub fn spread(model: &Model, ranked: Vec<Scored>, at_most: usize) -> Vec<Scored> {
    let Some(terms) = model.attributes().terms("category") else { return ranked };
    let top = |item: ItemIx| terms.of(item).first().copied();
    let mut counts: SmallMap<u32, usize> = SmallMap::new();
    let fits = |scored: &Scored| {
        let Some(top) = top(scored.item) else { return true };
        counts.count(top) <= at_most
    };
    let (mut first, over): (Vec<Scored>, Vec<Scored>) = ranked.into_iter().partition(fits);
    first.extend(over);
    first
}
