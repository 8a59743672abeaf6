//! Who shops: segments of people with tastes of their own, and what one of them wants today.

use super::calendar::season_factor;
use super::chance::{log_normal, one_of, pick};
use super::vocabulary::{BRANDS, KINDS, N_KINDS, N_STYLES, STYLES};
use super::world::{Item, World, stream};
use mercer::rng::Rng;
use serde::Serialize;

/// A group of shoppers with similar tastes.
#[derive(Debug, Serialize)]
pub struct Segment {
    /// Its name, for the analyst.
    pub name: &'static str,
    /// Share of all shoppers.
    pub share: f64,
    /// Love for each department, in the order of the departments.
    pub departments: [f64; 6],
    /// Love for each style, in the order of the styles.
    pub styles: [f64; N_STYLES],
    /// Log of the price level they look for, relative to the kind's median.
    pub price_level: f64,
}

/// Every segment.
pub static SEGMENTS: [Segment; 6] = [
    Segment {
        name: "first home",
        share: 0.22,
        departments: [1.2, 1.2, 1.4, 1.0, 0.2, 0.4],
        styles: [4.0, 0.4, 0.8, 0.6, 0.5, 0.2, 0.8, 2.5],
        price_level: -0.35,
    },
    Segment {
        name: "keen cooks",
        share: 0.17,
        departments: [3.0, 2.2, 0.4, 0.3, 0.3, 0.3],
        styles: [0.6, 2.2, 2.6, 0.4, 0.3, 1.4, 0.3, 0.8],
        price_level: 0.25,
    },
    Segment {
        name: "walkers and campers",
        share: 0.2,
        departments: [0.3, 0.2, 0.2, 0.3, 3.2, 2.4],
        styles: [0.7, 1.8, 2.8, 0.4, 1.4, 0.4, 0.5, 0.9],
        price_level: 0.1,
    },
    Segment {
        name: "homebodies",
        share: 0.16,
        departments: [0.5, 0.7, 2.4, 2.8, 0.1, 0.7],
        styles: [1.0, 0.5, 0.1, 3.2, 2.2, 0.6, 0.5, 1.0],
        price_level: 0.0,
    },
    Segment {
        name: "families",
        share: 0.15,
        departments: [0.6, 1.5, 0.7, 0.9, 1.4, 1.6],
        styles: [0.8, 1.2, 0.3, 0.7, 0.8, 0.1, 4.0, 0.2],
        price_level: -0.3,
    },
    Segment {
        name: "gift buyers",
        share: 0.1,
        departments: [0.8, 1.0, 1.6, 1.0, 0.5, 1.2],
        styles: [0.6, 0.3, 0.2, 1.8, 0.6, 3.6, 0.8, 0.7],
        price_level: 0.4,
    },
];

/// How well a maker outside a shopper's favourites does, where a favourite has 1.
pub const OTHER_BRAND: f64 = 0.45;
/// The same for colours outside the favourite family.
pub const OTHER_COLOUR: f64 = 0.5;
/// How far from the price they look for shoppers still go: the width of the bell, in logs.
pub const PRICE_WIDTH: f64 = 0.45;
/// No price is so wrong that fit falls below this factor.
pub const WRONG_PRICE: f64 = 0.12;
/// Weight of a style that is not today's: this much for any, and more for the beloved.
pub const OTHER_STYLE: (f64, f64) = (0.03, 0.3);

/// What one shopper likes, from visit to visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Taste {
    /// Position in [`SEGMENTS`].
    pub segment: usize,
    /// Share of each style; sums to 1.
    pub styles: [f64; N_STYLES],
    /// Favourite makers, positions in [`BRANDS`].
    pub brands: [usize; 3],
    /// Log of the price level, relative to the kind's median.
    pub price_level: f64,
    /// Favourite family of colours.
    pub colour_family: usize,
}

/// What brought a shopper here today.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The kind looked for, a position in [`KINDS`]; for a theme, where it starts.
    pub kind: usize,
    /// How far the visit ranges.
    pub scope: Scope,
    /// Weight of each style today, 1 for the one in mind.
    pub styles: [f64; N_STYLES],
    /// The style in mind, a position in [`STYLES`].
    pub style: usize,
}

/// How far a visit ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// After one kind of thing.
    Kind,
    /// After anything in the department that suits the style: doing up a room, packing
    /// for a trip.
    Theme,
}

impl Taste {
    /// The taste of a returning shopper: the same at every visit.
    pub fn of_user(world: &World, user: u32) -> Self {
        Self::draw(&mut world.root.fork(stream::USERS).fork(u64::from(user)))
    }

    /// The taste of a guest, who is never seen again.
    pub fn of_guest(world: &World, visit: u64) -> Self {
        Self::draw(&mut world.root.fork(stream::GUESTS).fork(visit))
    }

    fn draw(rng: &mut Rng) -> Self {
        let shares = SEGMENTS.each_ref().map(|segment| segment.share);
        let segment = pick(&shares, rng).expect("shares are positive");
        let likes = &SEGMENTS[segment];
        let loved: [f64; N_STYLES] = likes.styles.map(|love| log_normal(love, 0.9, rng));
        let sum: f64 = loved.iter().sum();
        let styles = loved.map(|love| love / sum);
        Self {
            segment,
            styles,
            brands: std::array::from_fn(|_| favourite_brand(&styles, rng)),
            price_level: likes.price_level + 0.3 * rng.normal(),
            colour_family: favourite_family(&styles, rng),
        }
    }

    /// How well an item suits this shopper today, from above 0 to 1.
    pub fn fit(&self, intent: &Intent, world: &World, item: &Item) -> f64 {
        intent.styles[usize::from(item.style)] * self.fit_beside_style(world, item)
    }

    /// The same without the style.
    pub(super) fn fit_beside_style(&self, world: &World, item: &Item) -> f64 {
        let brand = world.collection(item).brand;
        let of_brand = if self.brands.contains(&brand) { 1.0 } else { OTHER_BRAND };
        let favourite = item.colour().family == self.colour_family;
        let of_colour = if favourite { 1.0 } else { OTHER_COLOUR };
        let level = libm::log(item.price() / item.kind().price.median);
        let off = (level - self.price_level) / PRICE_WIDTH;
        of_brand * of_colour * libm::exp(-0.5 * off * off).max(WRONG_PRICE)
    }
}

fn favourite_brand(styles: &[f64; N_STYLES], rng: &mut Rng) -> usize {
    let love = |at: usize| styles[BRANDS[at].styles[0]] + 0.4 * styles[BRANDS[at].styles[1]];
    let weights: [f64; BRANDS.len()] = std::array::from_fn(love);
    pick(&weights, rng).expect("every style is loved a little")
}

fn favourite_family(styles: &[f64; N_STYLES], rng: &mut Rng) -> usize {
    let style = pick(styles, rng).expect("shares of styles are positive");
    super::vocabulary::COLOURS[*one_of(&STYLES[style].palette, rng)].family
}

impl Intent {
    /// What brings a shopper of this taste here on this day; `None` in a shop without items.
    pub(super) fn draw(world: &World, taste: &Taste, day: usize, rng: &mut Rng) -> Option<Self> {
        let kind = pick(&world.kind_weights(taste, day), rng)?;
        let style = pick(&taste.styles, rng)?;
        let scope = if rng.unit_f64() < 0.3 { Scope::Theme } else { Scope::Kind };
        Some(Self { kind, scope, styles: today(taste, style), style })
    }

    /// The intent of someone who comes back for an item of an earlier visit.
    pub(super) fn resume(taste: &Taste, item: &Item) -> Self {
        let style = usize::from(item.style);
        let styles = today(taste, style);
        Self { kind: usize::from(item.kind), scope: Scope::Kind, styles, style }
    }
}

fn today(taste: &Taste, style: usize) -> [f64; N_STYLES] {
    let (any, beloved) = OTHER_STYLE;
    std::array::from_fn(|at| if at == style { 1.0 } else { any + beloved * taste.styles[at] })
}

impl World {
    /// How much a shopper of this taste wants each kind on a day of the log; 0 for kinds
    /// that the shop does not sell.
    pub fn kind_weights(&self, taste: &Taste, day: usize) -> [f64; N_KINDS] {
        std::array::from_fn(|at| {
            let kind = KINDS[at];
            let sold = self.shelves.kind_mass(at) > 0.0;
            let love = SEGMENTS[taste.segment].departments[kind.department];
            f64::from(u8::from(sold)) * kind.demand * love * season_factor(kind.season, day)
        })
    }
}
