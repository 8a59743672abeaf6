use super::{Score, Visits};
use crate::ingest::{Catalog, CatalogItem};
use std::collections::BTreeMap;

/// A word that only one product has says nothing of likeness.
const MIN_PRODUCTS: usize = 2;

/// How the content baseline reads a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContentSettings {
    /// How many of the shopper's newest steps make the centroid.
    pub last: usize,
    /// What a step weighs against the one after it, above 0 and at most 1.
    pub decay: f64,
}

impl Default for ContentSettings {
    fn default() -> Self {
        Self { last: 5, decay: 0.6 }
    }
}

/// What reads like it: products are bags of words with TF-IDF weights, and an item's score is
/// the cosine between its words and the centroid of the shopper's last items, the newest
/// weighing most. The catalogue alone says it; the log is not looked at.
///
/// Words come from title, brand, category and attributes; a word of a field other than the
/// title is a word of its own (`brand:acme`), and the parts of an attribute are its words. A
/// word that stands `n` times in a product, and in `d` of `D` products, weighs
/// `(1 + ln n) · (1 + ln((1 + D) / (1 + d)))` (Salton & Buckley 1988, with logarithmic
/// counts and a smoothed inverse document frequency); products are scaled to length 1.
#[derive(Debug, Clone)]
pub struct Content {
    settings: ContentSettings,
    /// For each item of [`Visits`] its words with their weights.
    words: Vec<Vec<(u32, f64)>>,
    /// For each word the items that have it, with the same weights.
    with_word: Vec<Vec<(u32, f64)>>,
}

impl Content {
    /// Reads the catalogue, the attributes `unread` left aside. Items of the log that are not
    /// in it have no words.
    ///
    /// # Panics
    /// At 2^32 words, which no machine holds.
    pub fn new(
        visits: &Visits,
        catalog: &Catalog,
        unread: &[&str],
        settings: ContentSettings,
    ) -> Self {
        let bag = |item| bag(item, unread);
        let bags: Vec<BTreeMap<String, usize>> = visits
            .items()
            .iter()
            .map(|id| catalog.find(id).map_or_else(BTreeMap::new, bag))
            .collect();
        let numbers = vocabulary(&bags);
        let n_products = bags.iter().filter(|bag| !bag.is_empty()).count();
        let words: Vec<Vec<(u32, f64)>> =
            bags.iter().map(|bag| weighted(bag, &numbers, n_products)).collect();
        let mut with_word = vec![Vec::new(); numbers.len()];
        for (item, words) in (0_u32..).zip(&words) {
            for &(word, weight) in words {
                with_word[word as usize].push((item, weight));
            }
        }
        Self { settings, words, with_word }
    }
}

impl Score for Content {
    fn score(&self, steps: &[u32], scores: &mut [f64]) {
        let mut centroid: BTreeMap<u32, f64> = BTreeMap::new();
        let mut share = 1.0;
        for &item in steps.iter().rev().take(self.settings.last) {
            for &(word, weight) in &self.words[item as usize] {
                *centroid.entry(word).or_default() += share * weight;
            }
            share *= self.settings.decay;
        }
        let length = centroid.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        for (word, weight) in centroid {
            for &(item, other) in &self.with_word[word as usize] {
                scores[item as usize] += weight / length * other;
            }
        }
    }
}

/// The words of a product with how often each stands there.
fn bag(item: &CatalogItem, unread: &[&str]) -> BTreeMap<String, usize> {
    let mut bag = BTreeMap::new();
    let mut add = |prefix: &str, text: &str| {
        for word in words(text) {
            *bag.entry(format!("{prefix}{word}")).or_default() += 1;
        }
    };
    add("", &item.title);
    add("brand:", &item.brand);
    for level in &item.category {
        add("category:", level);
    }
    for (name, value) in item.attributes.iter().filter(|(name, _)| !unread.contains(&&**name)) {
        add(&format!("{name}:"), value);
    }
    bag
}

/// Runs of letters and digits, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The words of at least [`MIN_PRODUCTS`] products, each with its number and how many
/// products have it.
fn vocabulary(bags: &[BTreeMap<String, usize>]) -> BTreeMap<&str, (u32, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in bags.iter().flat_map(BTreeMap::keys) {
        *counts.entry(word).or_default() += 1;
    }
    counts.retain(|_, n_products| *n_products >= MIN_PRODUCTS);
    let numbered = (0_u32..).zip(counts);
    numbered.map(|(number, (word, n_products))| (word, (number, n_products))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
fn weighted(
    bag: &BTreeMap<String, usize>,
    numbers: &BTreeMap<&str, (u32, usize)>,
    n_products: usize,
) -> Vec<(u32, f64)> {
    let weigh = |(word, &times): (&String, &usize)| {
        let &(number, with_it) = numbers.get(word.as_str())?;
        let rarity = 1.0 + ((1 + n_products) as f64 / (1 + with_it) as f64).ln();
        Some((number, (1.0 + (times as f64).ln()) * rarity))
    };
    let mut words: Vec<(u32, f64)> = bag.iter().filter_map(weigh).collect();
    let length = words.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    for (_, weight) in &mut words {
        *weight /= length;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{assert_close, log, scores_of};
    use std::sync::Arc;

    /// Products `a` to `d` of a kettle shop, and one that only the catalogue has.
    fn catalog() -> Catalog {
        let titles = ["Steel kettle", "Steel KETTLE, steel", "Red cup", "cup", "kettle"];
        let items = ["a", "b", "c", "d", "new"].into_iter().zip(titles).map(|(id, title)| {
            let sizes = if id == "d" || id == "new" { "3 17" } else { "" };
            CatalogItem {
                id: id.into(),
                title: title.into(),
                attributes: vec![(Arc::from("size"), sizes.into())],
                ..CatalogItem::default()
            }
        });
        items.collect()
    }

    #[test]
    fn words_weigh_by_count_and_rarity() {
        let visits = Visits::new(&log(&[&[0, 1]]), Some(&catalog()));
        let content =
            Content::new(&visits, &catalog(), &[], ContentSettings { last: 1, decay: 1.0 });
        // Of 5 products, 2 have steel, cup and each size, 3 have kettle; red stands alone.
        let (rare, usual) = (1.0 + 2.0_f64.ln(), 1.0 + 1.5_f64.ln());
        let twice = rare * (1.0 + 2.0_f64.ln());
        let (a, b) = ((rare * rare + usual * usual).sqrt(), (twice * twice + usual * usual).sqrt());
        let new = (usual * usual + 2.0 * rare * rare).sqrt();
        let found = scores_of(6, &content, &[2, 0]);
        let number = visits.find("new").unwrap() as usize;
        assert_close(&found[..3], &[1.0, (rare * twice + usual * usual) / (a * b), 0.0]);
        assert_close(&found[number..], &[usual * usual / (a * new)]);
        assert_close(
            &scores_of(6, &content, &[2])[2..4],
            &[1.0, rare / (3.0 * rare * rare).sqrt()],
        );
    }

    #[test]
    fn attributes_can_be_left_aside() {
        let visits = Visits::new(&log(&[&[0, 1]]), Some(&catalog()));
        let settings = ContentSettings::default();
        let read = scores_of(6, &Content::new(&visits, &catalog(), &[], settings), &[3]);
        let aside = scores_of(6, &Content::new(&visits, &catalog(), &["size"], settings), &[3]);
        assert!(read[5] > 0.0, "d and new share sizes");
        assert_close(&aside[5..], &[0.0]);
    }

    #[test]
    fn the_centroid_leans_to_the_newest_item() {
        let visits = Visits::new(&log(&[&[0, 2]]), Some(&catalog()));
        let content =
            Content::new(&visits, &catalog(), &[], ContentSettings { last: 2, decay: 0.5 });
        let found = scores_of(6, &content, &[1, 0, 2]);
        let length = 1.25_f64.sqrt();
        assert_close(&[found[0], found[2]], &[0.5 / length, 1.0 / length]);
        assert!(
            scores_of(6, &content, &[4]).iter().all(|score| *score == 0.0),
            "e is in no catalogue"
        );
        assert!(scores_of(6, &content, &[]).iter().all(|score| *score == 0.0));
    }
}
