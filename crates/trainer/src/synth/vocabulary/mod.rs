//! The shop's words: departments, kinds of product, materials, colours, styles and brands,
//! written by hand. Nothing here decides anything; `synth::text` puts the words together.

mod bath;
mod brands;
mod dining;
mod kitchen;
mod living;
mod materials;
mod outdoor;
mod palette;
mod wear;

pub use brands::{BRANDS, Brand, COLLECTIONS};
pub use materials::Material;
pub use palette::{COLOURS, Colour, FAMILIES, N_STYLES, STYLES, Style};

/// The top level of the category tree.
pub const DEPARTMENTS: [&str; 6] =
    ["Kitchen", "Dining", "Living", "Bed & Bath", "Outdoor", "Clothing"];

/// How many kinds of product the shop sells.
pub const N_KINDS: usize = 24;

/// Every kind of product. Each is one category of the second level; its types are the third.
pub static KINDS: [&Kind; N_KINDS] = [
    &kitchen::KETTLE,
    &kitchen::TEAPOT,
    &kitchen::PAN,
    &kitchen::KNIFE,
    &dining::MUG,
    &dining::PLATE,
    &dining::BOWL,
    &dining::GLASSES,
    &living::LAMP,
    &living::CUSHION,
    &living::VASE,
    &living::CANDLE,
    &bath::TOWEL,
    &bath::BLANKET,
    &bath::PILLOW,
    &bath::SOAP,
    &outdoor::TENT,
    &outdoor::BACKPACK,
    &outdoor::FLASK,
    &outdoor::LANTERN,
    &wear::JACKET,
    &wear::SWEATER,
    &wear::BEANIE,
    &wear::BOOTS,
];

/// The position in [`KINDS`] of the kind a word names.
///
/// # Panics
/// If there is no such kind; the words stand in this folder's own tables.
pub fn kind_at(word: &str) -> usize {
    KINDS.iter().position(|kind| kind.word == word).expect("the tables name their own kinds")
}

/// A kind of product: what the storefront draws one picture for.
#[derive(Debug)]
pub struct Kind {
    /// The word the storefront's pictures go by: `kettle`.
    pub word: &'static str,
    /// Three letters that open the item ids: `KET`.
    pub prefix: &'static str,
    /// Position in [`DEPARTMENTS`].
    pub department: usize,
    /// The category of the second level: `Kettles`.
    pub category: &'static str,
    /// The types of the third level.
    pub types: [Type; 3],
    /// What it is made of.
    pub materials: &'static [Material],
    /// Sentences about what it is for, true of every type.
    pub uses: [&'static str; 3],
    /// What shoppers type into the search box.
    pub searches: &'static [&'static str],
    /// How one is counted: empty, or `pair of ` for things that come in twos.
    pub counted: &'static str,
    /// The most that one shopper buys at once.
    pub max_quantity: u32,
    /// Median price and the band no price leaves, in whole units of currency.
    pub price: PriceRange,
    /// How demand moves over the year.
    pub season: Season,
    /// Share of demand before seasons and tastes, relative to the other kinds.
    pub demand: f64,
    /// Words of the kinds that are bought together with this one.
    pub goes_with: &'static [&'static str],
}

/// A type of product within a kind: a category of the third level.
#[derive(Debug)]
pub struct Type {
    /// As it stands in a sentence: `gooseneck kettle`.
    pub name: &'static str,
    /// The category: `Gooseneck kettles`.
    pub category: &'static str,
    /// Sizes as they stand in a title; empty where the title names none.
    pub sizes: &'static [&'static str],
    /// Sentences that are true of this type only.
    pub says: [&'static str; 2],
}

/// Prices of one kind.
#[derive(Debug, Clone, Copy)]
pub struct PriceRange {
    /// What the middle product of a middle brand costs.
    pub median: f64,
    /// No price is below.
    pub low: f64,
    /// No price is above.
    pub high: f64,
}

/// A wave of demand: `1 + amplitude · cos(2π (day − peak_day) / period)`.
#[derive(Debug, Clone, Copy)]
pub struct Season {
    /// From 0 (all year alike) to below 1.
    pub amplitude: f64,
    /// Days after the first day of the log at which demand is highest.
    pub peak_day: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn words_and_prefixes_are_unique() {
        let words: HashSet<_> = KINDS.iter().map(|kind| kind.word).collect();
        let prefixes: HashSet<_> = KINDS.iter().map(|kind| kind.prefix).collect();
        assert_eq!((words.len(), prefixes.len()), (N_KINDS, N_KINDS));
    }

    #[test]
    fn every_kind_goes_with_others_that_exist() {
        for kind in KINDS {
            assert!(!kind.goes_with.is_empty(), "{}", kind.word);
            assert!(kind.goes_with.iter().all(|&word| KINDS[kind_at(word)].word != kind.word));
        }
    }

    #[test]
    fn every_department_has_several_brands() {
        for (at, department) in DEPARTMENTS.iter().enumerate() {
            let n = BRANDS.iter().filter(|brand| brand.departments.contains(&at)).count();
            assert!(n >= 4, "{department} has {n} brands");
        }
    }

    #[test]
    fn sentences_are_sentences() {
        let of_kinds = KINDS.iter().flat_map(|kind| {
            let of_types = kind.types.iter().flat_map(|one| one.says);
            of_types.chain(kind.uses).chain(kind.materials.iter().map(|material| material.care))
        });
        let brands = BRANDS.iter().map(|brand| brand.voice);
        for sentence in of_kinds.chain(brands) {
            let first = sentence.chars().next().unwrap_or(' ');
            assert!(!first.is_lowercase() && sentence.ends_with('.'), "{sentence:?}");
        }
    }

    #[test]
    fn searches_have_one_or_two_words() {
        for search in KINDS.iter().flat_map(|kind| kind.searches) {
            assert!((1..=2).contains(&search.split(' ').count()), "{search:?}");
        }
    }
}
