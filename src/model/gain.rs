use super::attributes::Column;
use super::read::Model;
use crate::types::{Contribution, ItemIx, Lift, Spread, band_of};

impl Model {
    /// What a lift adds to an item's score; 0 for an item it says nothing of.
    pub fn gain(&self, lift: &Lift, item: ItemIx) -> f32 {
        match &lift.spread {
            Spread::Each(values) => values.get(item.at()).copied().unwrap_or(0.0),
            Spread::Few(values) => {
                let found = values.binary_search_by_key(&item, |&(item, _)| item);
                found.map_or(0.0, |at| values[at].1)
            }
            Spread::Among { items, value } => {
                if items.has(item) {
                    *value
                } else {
                    0.0
                }
            }
            Spread::Terms { field, worth, tally } => match self.attributes().column(*field) {
                Some(Column::Terms(terms)) => {
                    let worth = |&term: &u32| worth.get(term as usize).copied().unwrap_or(0.0);
                    tally.of(terms.of(item).iter().map(worth))
                }
                _ => 0.0,
            },
            Spread::Bands { field, worth } => match self.attributes().column(*field) {
                Some(Column::Numbers(numbers)) => {
                    let number = numbers.get(item.at()).copied().unwrap_or(f32::NAN);
                    worth.get(band_of(number)).copied().unwrap_or(0.0)
                }
                _ => 0.0,
            },
        }
    }

    /// The part of an item's score that a lift makes, if any.
    pub fn contribution(&self, lift: &Lift, item: ItemIx) -> Option<Contribution> {
        let value = self.gain(lift, item);
        (value != 0.0).then_some(Contribution { signal: lift.signal, value })
    }
}
