use crate::features::steps_of;
use crate::ingest::Catalog;
use crate::log::Log;
use std::collections::HashMap;

/// A training log as the baselines read it: every item has a number, and the visits stand in
/// the order in which they ended, so that a visit's position says how recent it is.
///
/// It holds what single shoppers did. That is why nothing made from it is ever packed.
#[derive(Debug, Clone)]
pub struct Visits {
    items: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
    steps: Vec<Vec<u32>>,
    ends_ms: Vec<Option<i64>>,
    with_item: Vec<Vec<u32>>,
}

impl Visits {
    /// Numbers the items of the log, then those that only the catalogue has, and sorts the
    /// visits by their last event: by time where the log has times, else they keep the order
    /// of the log. Visits without a step on any item are left out.
    ///
    /// # Panics
    /// At 2^32 visits or items, which no machine holds.
    pub fn new(log: &Log, catalog: Option<&Catalog>) -> Self {
        let more = catalog.into_iter().flat_map(Catalog::items).map(|item| &item.id);
        let (mut items, mut numbers) = (Vec::new(), HashMap::new());
        for id in log.items.iter().chain(more) {
            numbers.entry(id.clone()).or_insert_with(|| {
                items.push(id.clone());
                number(items.len() - 1)
            });
        }
        let mut visits: Vec<(Option<i64>, Vec<u32>)> = Vec::new();
        for session in &log.sessions {
            let steps: Vec<u32> = steps_of(session).iter().map(|step| step.item.0).collect();
            if !steps.is_empty() {
                visits.push((session.events.iter().filter_map(|e| e.time_ms).max(), steps));
            }
        }
        visits.sort_by_key(|(end, _)| *end);
        let (ends_ms, steps): (Vec<_>, Vec<_>) = visits.into_iter().unzip();
        let with_item = postings(items.len(), &steps);
        Self { items, numbers, steps, ends_ms, with_item }
    }

    /// How many items there are to rank.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    /// The number of the item with this id.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The shop's ids, by number.
    pub fn items(&self) -> &[Box<str>] {
        &self.items
    }

    /// The steps of every visit, oldest first, repeats included; the visit that ended last
    /// stands last.
    pub fn steps(&self) -> &[Vec<u32>] {
        &self.steps
    }

    /// When each visit ended, in milliseconds since 1970.
    pub fn ends_ms(&self) -> &[Option<i64>] {
        &self.ends_ms
    }

    /// The visits with this item, each once, the oldest first.
    pub fn with_item(&self, item: u32) -> &[u32] {
        &self.with_item[item as usize]
    }

    /// How many visits each item occurs in, `[n_items]`.
    pub fn counts(&self) -> impl Iterator<Item = usize> {
        self.with_item.iter().map(Vec::len)
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than 2^32 of them")
}

fn postings(n_items: usize, steps: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut with_item: Vec<Vec<u32>> = vec![Vec::new(); n_items];
    for (visit, steps) in steps.iter().enumerate() {
        for &item in steps {
            let visits = &mut with_item[item as usize];
            if visits.last() != Some(&number(visit)) {
                visits.push(number(visit));
            }
        }
    }
    with_item
}

/// The items of `steps`, each once, ascending.
pub(super) fn distinct(steps: &[u32]) -> Vec<u32> {
    let mut items = steps.to_vec();
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{log, timed};
    use crate::ingest::CatalogItem;

    #[test]
    fn visits_stand_in_the_order_of_their_end() {
        let visits = Visits::new(&timed(&[(50, &[0, 1]), (20, &[2]), (30, &[1, 1])]), None);
        assert_eq!(visits.steps(), [vec![2], vec![1, 1], vec![0, 1]]);
        assert_eq!(visits.ends_ms(), [Some(20), Some(30), Some(50)]);
        assert_eq!(visits.with_item(1), [1, 2], "a visit counts once an item");
        let untimed = Visits::new(&log(&[&[1], &[], &[0]]), None);
        assert_eq!(untimed.steps(), [[1], [0]]);
    }

    #[test]
    fn items_of_the_catalogue_follow_those_of_the_log() {
        let item = |id: &str| CatalogItem { id: id.into(), ..CatalogItem::default() };
        let catalog: Catalog = ["new", "b"].map(item).into_iter().collect();
        let visits = Visits::new(&log(&[&[0, 1]]), Some(&catalog));
        let last = visits.n_items() - 1;
        assert_eq!(visits.find("new"), Some(u32::try_from(last).unwrap()));
        assert_eq!(visits.find("b"), Some(1));
        assert_eq!(visits.items()[last].as_ref(), "new");
        assert_eq!(visits.find("elsewhere"), None);
        assert_eq!(visits.with_item(visits.find("new").unwrap()), [0; 0]);
    }
}
