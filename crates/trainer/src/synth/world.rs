//! The planted shop: its products, how good they truly are, and what goes with what.

use super::Settings;
use super::calendar::SPLIT_DAY;
use super::chance::{happens, index, log_normal, one_of, pick, real, row, whole};
use super::shelves::Shelves;
use super::vocabulary::{
    BRANDS, Brand, COLLECTIONS, COLOURS, Colour, KINDS, Kind, Material, N_KINDS, N_STYLES, STYLES,
    Type, kind_at,
};
use mercer::rng::Rng;
use std::collections::HashMap;

/// Share of the items first released after the log begins and before the test period.
pub const NEW_SHARE: f64 = 0.12;
/// Share of the items first released in the test period.
pub const COLD_SHARE: f64 = 0.03;
/// Companions each item has at most.
pub const N_COMPANIONS: usize = 3;

/// Streams of the seed's generator, one for each part of the work.
pub(super) mod stream {
    pub(crate) const COLLECTIONS: u64 = 1;
    pub(crate) const KINDS: u64 = 2;
    pub(crate) const ITEMS: u64 = 3;
    pub(crate) const RELEASES: u64 = 4;
    pub(crate) const COMPANIONS: u64 = 5;
    pub(crate) const TEXT: u64 = 6;
    pub(crate) const USERS: u64 = 7;
    pub(crate) const GUESTS: u64 = 8;
    pub(crate) const VISITS: u64 = 9;
}

/// A product: positions in the vocabulary's tables, and its planted truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Position in [`KINDS`].
    pub kind: u8,
    /// Position among the kind's types.
    pub type_at: u8,
    /// Position in [`STYLES`].
    pub style: u8,
    /// Position in [`COLOURS`].
    pub colour: u8,
    /// Position among the kind's materials.
    pub material: u8,
    /// Position among the type's sizes; 0 where it has none.
    pub size: u8,
    /// Which drawing of its kind the storefront uses, 0 to 5.
    pub variant: u8,
    /// Position in [`World::collections`].
    pub collection: u32,
    /// Running number within its kind, from 1: the digits of its id.
    pub number: u32,
    /// How many earlier items would have the same title.
    pub namesakes: u32,
    /// Price in hundredths.
    pub price_cents: u32,
    /// True appeal: how often it is wanted by a shopper whom everything suits, relative to
    /// the other items of its kind. Log-normal with median 1.
    pub appeal: f64,
    /// First day it could be seen, counted from the first day of the log; negative for
    /// items that were there before.
    pub released_day: i32,
}

/// A maker's collection: items that share a name, a style and three colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Position in [`COLLECTIONS`].
    pub name: usize,
    /// Position in [`BRANDS`].
    pub brand: usize,
    /// Position in [`STYLES`].
    pub style: usize,
    /// Positions in [`COLOURS`].
    pub colours: [usize; 3],
}

/// A shop whose every secret is known. Everything follows from its [`Settings`].
#[derive(Debug)]
pub struct World {
    pub(super) settings: Settings,
    pub(super) root: Rng,
    pub(super) shelves: Shelves,
    collections: Vec<Collection>,
    items: Vec<Item>,
    companions: Vec<[u32; N_COMPANIONS]>,
}

const NO_COMPANION: u32 = u32::MAX;
/// Items among which a companion is chosen.
const COMPANION_DRAWS: usize = 6;

impl World {
    /// Makes the shop. Takes about 100 bytes of memory an item.
    pub fn plant(settings: &Settings) -> Self {
        let root = Rng::new(settings.seed());
        let collections = collections(settings.items(), &mut root.fork(stream::COLLECTIONS));
        let mut items = Maker::new(&collections, &root).make(settings.items());
        release(&mut items, &mut root.fork(stream::RELEASES));
        count_namesakes(&mut items, &collections);
        let mut shelves = Shelves::stock(&items);
        if settings.devotion() > 0.0 {
            shelves = shelves.with_collections(&items);
        }
        let mut world = Self {
            settings: settings.clone(),
            root,
            shelves,
            collections,
            items,
            companions: Vec::new(),
        };
        world.companions = (0..world.items.len()).map(|at| world.choose_companions(at)).collect();
        world
    }

    /// What it was made from.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Every product; an item's position is its index everywhere in this module.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// One product.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn item(&self, ix: u32) -> &Item {
        &self.items[ix as usize]
    }

    /// Every collection of every maker.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// The collection an item belongs to.
    pub fn collection(&self, item: &Item) -> &Collection {
        &self.collections[item.collection as usize]
    }

    /// The maker of an item.
    pub fn brand(&self, item: &Item) -> &'static Brand {
        &BRANDS[self.collection(item).brand]
    }

    /// The items that go with this one, the best first: what shoppers move on to, and buy
    /// together with it.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn companions(&self, ix: u32) -> impl Iterator<Item = u32> + '_ {
        self.companions[ix as usize].iter().copied().filter(|&other| other != NO_COMPANION)
    }

    /// The item's id in the shop's files, for example `KET-0137`.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn id(&self, ix: u32) -> String {
        let item = self.item(ix);
        format!("{}-{:04}", item.kind().prefix, item.number)
    }

    fn choose_companions(&self, at: usize) -> [u32; N_COMPANIONS] {
        let item = &self.items[at];
        let mut rng = self.root.fork(stream::COMPANIONS).fork(at as u64);
        let goes_with = item.kind().goes_with;
        let mut chosen = [NO_COMPANION; N_COMPANIONS];
        for slot in 0..N_COMPANIONS {
            let kind = kind_at(goes_with[slot % goes_with.len()]);
            if let Some(best) = self.best_companion(item, kind, &mut rng)
                && !chosen.contains(&best)
            {
                chosen[slot] = best;
            }
        }
        chosen.sort_by_key(|&other| other == NO_COMPANION);
        chosen
    }

    /// The likest of a few items of another kind: of the same collection before the same
    /// maker before a colour of the same family.
    fn best_companion(&self, item: &Item, kind: usize, rng: &mut Rng) -> Option<u32> {
        let mut best = None;
        let mut best_likeness = -1.0;
        for _ in 0..COMPANION_DRAWS {
            let drawn = self.shelves.draw(kind, usize::from(item.style), rng);
            let candidate = drawn.or_else(|| self.shelves.of_kind(kind, rng))?;
            let likeness = self.likeness(item, self.item(candidate)) + 0.5 * rng.unit_f64();
            if likeness > best_likeness {
                (best, best_likeness) = (Some(candidate), likeness);
            }
        }
        best
    }

    fn likeness(&self, one: &Item, other: &Item) -> f64 {
        let collection = f64::from(u8::from(one.collection == other.collection));
        let brand = self.collection(one).brand == self.collection(other).brand;
        let colour = one.colour().family == other.colour().family;
        2.0 * collection + f64::from(u8::from(brand)) + f64::from(u8::from(colour))
    }
}

impl Item {
    /// What kind of product it is.
    pub fn kind(&self) -> &'static Kind {
        KINDS[usize::from(self.kind)]
    }

    /// Its type within the kind.
    pub fn type_of(&self) -> &'static Type {
        &self.kind().types[usize::from(self.type_at)]
    }

    /// Its colour.
    pub fn colour(&self) -> &'static Colour {
        &COLOURS[usize::from(self.colour)]
    }

    /// What it is made of.
    pub fn material(&self) -> &'static Material {
        &self.kind().materials[usize::from(self.material)]
    }

    /// Its size as the title names it, if it has one.
    pub fn size(&self) -> Option<&'static str> {
        self.type_of().sizes.get(usize::from(self.size)).copied()
    }

    /// Its price in whole units of currency.
    pub fn price(&self) -> f64 {
        f64::from(self.price_cents) / 100.0
    }

    /// Whether it can be seen on a day of the log.
    pub fn is_released(&self, day: usize) -> bool {
        // A negative day does not convert: the item was there before the log.
        !usize::try_from(self.released_day).is_ok_and(|released| released > day)
    }

    /// Whether it first appears in the test period.
    pub fn is_cold(&self) -> bool {
        !self.is_released(SPLIT_DAY - 1)
    }
}

/// About one collection for six items, the same number for every maker.
fn collections(n_items: usize, rng: &mut Rng) -> Vec<Collection> {
    let per_brand = (n_items / (BRANDS.len() * 6)).clamp(1, COLLECTIONS.len());
    let mut names: Vec<usize> = (0..COLLECTIONS.len()).collect();
    rng.shuffle(&mut names);
    let mut made = Vec::with_capacity(per_brand * BRANDS.len());
    for (brand_at, brand) in BRANDS.iter().enumerate() {
        for nth in 0..per_brand {
            // 25 makers and 144 names share no factor: no maker uses a name twice.
            let name = names[(brand_at + nth * BRANDS.len()) % names.len()];
            made.push(collection(name, brand_at, brand, rng));
        }
    }
    made
}

fn collection(name: usize, brand_at: usize, brand: &Brand, rng: &mut Rng) -> Collection {
    let style = match rng.unit_f64() {
        draw if draw < 0.7 => brand.styles[0],
        draw if draw < 0.95 => brand.styles[1],
        _ => rng.below(N_STYLES),
    };
    let mut palette = STYLES[style].palette;
    rng.shuffle(&mut palette);
    Collection { name, brand: brand_at, style, colours: [palette[0], palette[1], palette[2]] }
}

/// Makes items one by one, each from its own generator.
struct Maker<'a> {
    collections: &'a [Collection],
    /// Per department, the collections of the makers that serve it.
    by_department: Vec<Vec<usize>>,
    root: &'a Rng,
    made: [u32; N_KINDS],
}

impl<'a> Maker<'a> {
    fn new(collections: &'a [Collection], root: &'a Rng) -> Self {
        let serves = |department: usize| {
            let of = |at: &usize| BRANDS[collections[*at].brand].departments.contains(&department);
            (0..collections.len()).filter(of).collect()
        };
        let by_department = (0..super::vocabulary::DEPARTMENTS.len()).map(serves).collect();
        Self { collections, by_department, root, made: [0; N_KINDS] }
    }

    /// The first items are one of each kind, so that even a small shop has variety.
    fn make(mut self, n: usize) -> Vec<Item> {
        let mut rng = self.root.fork(stream::KINDS);
        let mut first: Vec<usize> = (0..N_KINDS).collect();
        rng.shuffle(&mut first);
        let weights: Vec<f64> = KINDS.iter().map(|kind| libm::sqrt(kind.demand)).collect();
        let mut items = Vec::with_capacity(n);
        for at in 0..n {
            let drawn = || pick(&weights, &mut rng).expect("every kind has demand");
            let kind = first.get(at).copied().unwrap_or_else(drawn);
            items.push(self.item(kind, &mut self.root.fork(stream::ITEMS).fork(at as u64)));
        }
        items
    }

    fn item(&mut self, kind_at: usize, rng: &mut Rng) -> Item {
        let kind = KINDS[kind_at];
        let collection_at = *one_of(&self.by_department[kind.department], rng);
        let collection = &self.collections[collection_at];
        let type_at = rng.below(kind.types.len());
        self.made[kind_at] += 1;
        Item {
            kind: row(kind_at),
            type_at: row(type_at),
            style: row(collection.style),
            colour: row(colour(collection, rng)),
            material: row(rng.below(kind.materials.len())),
            size: row(rng.below(kind.types[type_at].sizes.len().max(1))),
            variant: row(rng.below(6)),
            collection: index(collection_at),
            number: self.made[kind_at],
            namesakes: 0,
            price_cents: price_cents(kind, BRANDS[collection.brand].price_level, rng),
            appeal: log_normal(1.0, 0.9, rng),
            released_day: 0,
        }
    }
}

fn colour(collection: &Collection, rng: &mut Rng) -> usize {
    let colours = if happens(0.75, rng) {
        collection.colours.as_slice()
    } else {
        STYLES[collection.style].palette.as_slice()
    };
    *one_of(colours, rng)
}

/// Log-normal around the kind's median and the maker's level, kept in the kind's band and
/// ending as prices do.
fn price_cents(kind: &Kind, level: f64, rng: &mut Rng) -> u32 {
    let price = log_normal(kind.price.median * level, 0.28, rng);
    let ending = match rng.below(10) {
        0..3 => 0,
        3..5 => 50,
        _ => 90,
    };
    let cents = whole(price.clamp(kind.price.low, kind.price.high)) * 100 + ending;
    cents.min(whole(kind.price.high) * 100)
}

/// Most items were there before the log; some appear during it, a few only in the test
/// period. The first item is always an old one: a shop opens with something.
fn release(items: &mut [Item], rng: &mut Rng) {
    let n = items.len();
    let mut order: Vec<usize> = (1..n).collect();
    rng.shuffle(&mut order);
    let n_cold = whole(COLD_SHARE * real(n) + 0.5) as usize;
    let n_new = whole(NEW_SHARE * real(n) + 0.5) as usize;
    for item in items.iter_mut() {
        item.released_day = -days_in(30..900, rng);
    }
    for (nth, &at) in order.iter().enumerate().take(n_cold + n_new) {
        items[at].released_day = if nth < n_cold {
            days_in(SPLIT_DAY..SPLIT_DAY + 7, rng)
        } else {
            days_in(3..SPLIT_DAY - 2, rng)
        };
    }
}

fn days_in(range: std::ops::Range<usize>, rng: &mut Rng) -> i32 {
    let day = range.start + rng.below(range.len());
    i32::try_from(day).expect("a few hundred days")
}

/// Numbers the items that would carry the same title, so that the title can tell them apart.
fn count_namesakes(items: &mut [Item], collections: &[Collection]) {
    let mut counts: HashMap<(usize, [u8; 5]), u32> = HashMap::new();
    for item in items {
        let name = collections[item.collection as usize].name;
        let key = (name, [item.kind, item.type_at, item.colour, item.material, item.size]);
        let count = counts.entry(key).or_default();
        item.namesakes = *count;
        *count += 1;
    }
}
