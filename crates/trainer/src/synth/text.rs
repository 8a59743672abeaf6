//! Products as the shop's pages tell of them: titles, descriptions, attributes.

use super::calendar::{DAYS, date};
use super::chance::{happens, one_of};
use super::vocabulary::{COLLECTIONS, DEPARTMENTS, STYLES};
use super::world::{Item, World, stream};
use mercer::rng::Rng;

/// Words that tell namesakes apart, used up before numbers are.
const VARIANT_WORDS: [&str; 6] =
    ["Classic", "Studio", "Everyday", "Signature", "Original", "Workshop"];
/// Share of the items that are out of stock when the log ends.
const OUT_OF_STOCK: f64 = 0.04;
/// Items released in this many last days of the log wear a "new" badge.
const NEW_DAYS: i32 = 30;

/// Everything that is told of one product.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// The item's id.
    pub id: String,
    /// For example `Fjord Stoneware Tea Mug in Sage, 350 ml`.
    pub title: String,
    /// Three sentences.
    pub description: String,
    /// Department, category and type.
    pub category: [&'static str; 3],
    /// The maker.
    pub brand: &'static str,
    /// The collection's name.
    pub collection: &'static str,
    /// The style's name.
    pub style: &'static str,
    /// What it is made of.
    pub material: &'static str,
    /// Its size, if it has one.
    pub size: Option<&'static str>,
    /// Whether it can be had when the log ends.
    pub in_stock: bool,
    /// First day it could be seen, `YYYY-MM-DD`.
    pub released: String,
    /// Whether it came out in the last 30 days of the log.
    pub is_new: bool,
}

impl World {
    /// Tells of one product. Made on demand: a million descriptions are not kept in memory.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn product(&self, ix: u32) -> Product {
        let item = self.item(ix);
        let mut rng = self.root.fork(stream::TEXT).fork(u64::from(ix));
        let kind = item.kind();
        Product {
            id: self.id(ix),
            title: self.title(ix),
            description: self.description(item, &mut rng),
            category: [DEPARTMENTS[kind.department], kind.category, item.type_of().category],
            brand: self.brand(item).name,
            collection: self.collection_name(item),
            style: STYLES[usize::from(item.style)].name,
            material: item.material().name,
            size: item.size(),
            in_stock: !happens(OUT_OF_STOCK, &mut rng),
            released: date(item.released_day),
            is_new: item.released_day + NEW_DAYS >= i32::try_from(DAYS).expect("120"),
        }
    }

    /// The title of one product; no two products share one.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn title(&self, ix: u32) -> String {
        let item = self.item(ix);
        let collection = self.collection_name(item);
        let material = title_case(item.material().name);
        let noun = title_case(item.type_of().name);
        let namesakes = item.namesakes as usize;
        let (word, number) = match namesakes.checked_sub(1) {
            None => (String::new(), String::new()),
            Some(nth) if nth < VARIANT_WORDS.len() => {
                (format!("{} ", VARIANT_WORDS[nth]), String::new())
            }
            Some(_) => (String::new(), format!(" No. {namesakes}")),
        };
        let colour = item.colour().name;
        let size = item.size().map(|size| format!(", {size}")).unwrap_or_default();
        format!("{collection} {word}{material} {noun}{number} in {colour}{size}")
    }

    fn collection_name(&self, item: &Item) -> &'static str {
        COLLECTIONS[self.collection(item).name]
    }

    fn description(&self, item: &Item, rng: &mut Rng) -> String {
        let kind = item.kind();
        let opening = self.opening(item, rng);
        let middle = if happens(0.75, rng) {
            one_of(&item.type_of().says, rng)
        } else {
            one_of(&kind.uses, rng)
        };
        let brand = self.brand(item);
        let closing = match rng.below(10) {
            4..7 if !opening.contains(brand.name) => brand.voice,
            0..7 => item.material().care,
            7..9 => one_of(&kind.uses, rng),
            _ => STYLES[usize::from(item.style)].close,
        };
        if closing == *middle {
            return format!("{opening} {middle}");
        }
        format!("{opening} {middle} {closing}")
    }

    fn opening(&self, item: &Item, rng: &mut Rng) -> String {
        let adjective = *one_of(&STYLES[usize::from(item.style)].adjectives, rng);
        let counted = item.kind().counted;
        let noun = item.type_of().name;
        let thing = format!("{counted}{adjective} {noun}");
        let thing = format!("{} {thing}", article(&thing));
        let material = item.material().name;
        let finish = format!("{} {}", item.material().finish, item.colour().name.to_lowercase());
        let brand = self.brand(item).name;
        let collection = self.collection_name(item);
        match rng.below(4) {
            0 => format!("{} in {material}, {finish}.", capital(&thing)),
            1 => format!(
                "From the {collection} collection by {brand}: {thing} in {material}, {finish}."
            ),
            2 => format!("{brand} makes {thing} of {material}, {finish}."),
            _ => format!("{}, made of {material}, {finish}.", capital(&thing)),
        }
    }
}

fn article(phrase: &str) -> &'static str {
    // "one-cup", "unfussy": sound decides, not spelling; the tables hold one such word.
    let vowel = phrase.starts_with(['a', 'e', 'i', 'o', 'u']) && !phrase.starts_with("one");
    if vowel || phrase.starts_with("honest") { "an" } else { "a" }
}

fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn title_case(phrase: &str) -> String {
    let cased = |word: &str| if word == "with" { word.to_owned() } else { capital(word) };
    phrase.split(' ').map(cased).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_sound() {
        assert_eq!(article("honest mug"), "an");
        assert_eq!(article("unfussy lamp"), "an");
        assert_eq!(article("one-cup teapot"), "a");
        assert_eq!(article("pair of old-school boots"), "a");
    }

    #[test]
    fn titles_are_cased() {
        assert_eq!(title_case("teapot with infuser"), "Teapot with Infuser");
        assert_eq!(title_case("chef's knife"), "Chef's Knife");
    }
}
