use super::{Contribution, ItemIx, ItemSet, Signal};
use std::sync::Arc;

/// What one signal adds to items' scores beside their likeness to the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    /// Which signal.
    pub signal: Signal,
    /// How much for which items.
    pub spread: Spread,
}

/// How much a [`Lift`] adds (log-odds, finite), and to which items.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// To every item, `[n_items]`.
    Each(Vec<f32>),
    /// To a few, strictly ascending by item.
    Few(Vec<(ItemIx, f32)>),
    /// The same to each of a set.
    Among {
        /// The items; shared, because rules keep their sets.
        items: Arc<ItemSet>,
        /// How much.
        value: f32,
    },
}

impl Lift {
    /// What it adds to `item`; 0 for an item it says nothing of.
    pub fn of(&self, item: ItemIx) -> f32 {
        match &self.spread {
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
        }
    }

    /// The part of `item`'s score it makes, if any.
    pub fn contribution(&self, item: ItemIx) -> Option<Contribution> {
        let value = self.of(item);
        (value != 0.0).then_some(Contribution { signal: self.signal, value })
    }

    /// Adds it to the scores of all items, `[n_items]`.
    pub fn add_to(&self, sums: &mut [f32]) {
        match &self.spread {
            Spread::Each(values) => {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += value;
                }
            }
            Spread::Few(values) => {
                for &(item, value) in values {
                    if let Some(sum) = sums.get_mut(item.at()) {
                        *sum += value;
                    }
                }
            }
            Spread::Among { items, value } => {
                for item in items.iter() {
                    if let Some(sum) = sums.get_mut(item.at()) {
                        *sum += value;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_the_same_to_all_as_to_each() {
        let set = Arc::new(ItemSet::of(10, [ItemIx(2), ItemIx(9)]));
        for spread in [
            Spread::Each(vec![0.5, 0.0, -1.0]),
            Spread::Few(vec![(ItemIx(0), 0.5), (ItemIx(2), -1.0), (ItemIx(9), 7.0)]),
            Spread::Among { items: set, value: 0.5 },
        ] {
            let lift = Lift { signal: Signal::Popularity, spread };
            let mut sums = [1.0; 3];
            lift.add_to(&mut sums);
            let each: Vec<f32> = (0..3).map(|ix| 1.0 + lift.of(ItemIx(ix))).collect();
            assert_eq!(each, sums);
            assert_eq!(lift.contribution(ItemIx(1)), None);
        }
    }
}
