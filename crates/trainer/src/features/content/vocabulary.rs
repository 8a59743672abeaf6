//! Which features come back from item to item?

use super::settings::ContentSettings;
use mercer::model::words::{FIRST, Group};
use std::collections::HashMap;

/// Distinct features that are counted at a time.
const MAX_COUNTED: usize = 4_000_000;

/// Counts on how many items each feature stands, in bounded memory: when too many are held,
/// those met once go (lossy counting, Manku & Motwani 2002).
#[derive(Debug, Default)]
pub(super) struct Counter {
    items_of: HashMap<Box<str>, u32>,
    n_items: u32,
}

impl Counter {
    /// Counts the features of one item, each once.
    pub(super) fn count<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        self.n_items += 1;
        for key in keys {
            match self.items_of.get_mut(key) {
                Some(items) => *items += 1,
                None => drop(self.items_of.insert(key.into(), 1)),
            }
        }
        if self.items_of.len() > MAX_COUNTED {
            self.items_of.retain(|_, items| *items > 1);
        }
    }

    /// The features that stand on at least `min_items`, and not on all; of more than
    /// `max_features` those on the most items.
    pub(super) fn vocabulary(self, min_items: u32, max_features: usize) -> Vocabulary {
        let n_items = self.n_items;
        let mut kept: Vec<(Box<str>, u32)> = self
            .items_of
            .into_iter()
            .filter(|(_, items)| (min_items..n_items).contains(items))
            .collect();
        kept.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        kept.truncate(max_features);
        kept.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let idf = kept.iter().map(|(_, items)| idf(*items, n_items)).collect();
        let keys: Vec<Box<str>> = kept.into_iter().map(|(key, _)| key).collect();
        let index = (0..).zip(&keys).map(|(at, key)| (key.clone(), at)).collect();
        Vocabulary { keys, idf, index }
    }
}

/// Features and how much each says.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Ascending: the letter of the group, then the feature.
    keys: Vec<Box<str>>,
    idf: Vec<f32>,
    index: HashMap<Box<str>, u32>,
}

impl Vocabulary {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn find(&self, key: &str) -> Option<u32> {
        self.index.get(key).copied()
    }

    /// Inverse document frequency times the weight of the group.
    pub(super) fn weight(&self, feature: u32, settings: &ContentSettings) -> f32 {
        self.idf[feature as usize] * settings.weight(self.group(feature))
    }

    pub(super) fn group(&self, feature: u32) -> Group {
        Group::ALL[usize::from(self.keys[feature as usize].as_bytes()[0] - FIRST)]
    }

    /// The feature without the letter of its group.
    pub(super) fn text(&self, feature: u32) -> &str {
        &self.keys[feature as usize][1..]
    }
}

/// `ln((1 + N) / (1 + n)) + 1` for a feature on `n` of `N` items.
#[expect(clippy::cast_possible_truncation, reason = "a weight of a few digits")]
fn idf(items: u32, n_items: u32) -> f32 {
    (((1.0 + f64::from(n_items)) / (1.0 + f64::from(items))).ln() + 1.0) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_one_item_or_on_all_is_left_out() {
        let mut counter = Counter::default();
        for keys in [["aall", "atwo"], ["aall", "atwo"], ["aall", "fone"], ["aall", "fno=1"]] {
            counter.count(keys.into_iter());
        }
        let vocabulary = counter.vocabulary(2, 10);
        assert_eq!(vocabulary.len(), 1);
        assert_eq!(vocabulary.text(0), "two");
        assert_eq!(vocabulary.group(0), Group::Title);
        assert_eq!(vocabulary.find("aall"), None);
        let weight = vocabulary.weight(0, &ContentSettings::default());
        assert!((weight - ((5.0_f32 / 3.0).ln() + 1.0)).abs() < 1e-6);
    }

    #[test]
    fn of_too_many_those_on_the_most_items_stay() {
        let mut counter = Counter::default();
        for keys in [&["fa=1", "fb=2", "fc=3"][..], &["fa=1", "fb=2", "fc=3"], &["fb=2"], &[]] {
            counter.count(keys.iter().copied());
        }
        let vocabulary = counter.vocabulary(2, 2);
        assert_eq!([vocabulary.text(0), vocabulary.text(1)], ["a=1", "b=2"]);
        assert_eq!(vocabulary.group(1), Group::Attribute);
    }
}
