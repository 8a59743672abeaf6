//! What the shopper's items have in common: category, brand, what they cost.

use super::steps::Step;
use super::taste::gain;
use super::visit::{Refusal, Session};
use crate::model::{Column, Model, Terms};
use crate::types::{BANDS, ItemIx, Lift, Signal, Spread, Tally, band_of};

/// How many of the newest steps are read.
const MAX_READ: usize = 20;
/// So many steps later a step says half as much.
const HALF_LIFE_STEPS: f32 = 5.0;

/// How much the shopper is for (above 0) or against (below 0) an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaning {
    /// The item.
    pub item: ItemIx,
    /// How much, unitless.
    pub weight: f32,
    /// What it cost when the shopper was on it, where the shop said so.
    pub price: Option<f32>,
}

/// What the shopper is for and against. Of the newest 20 steps the `t`-th newest, from 0,
/// counts `g·2^(−t / 5)` with `g` by what the shopper did: 3 bought or in the cart, 2 on the
/// wish list, 1 looked at, ½ clicked in a list. An item the shopper said no to counts −1
/// instead, one taken out of the cart −½.
pub fn leanings(model: &Model, session: &Session, steps: &[Step<ItemIx>]) -> Vec<Leaning> {
    let refused = refused(model, session);
    let prices = prices(model, session);
    let price =
        |item| prices.iter().rev().find(|(other, _)| *other == item).map(|(_, price)| *price);
    let mut fade = 1.0;
    let mut leanings: Vec<Leaning> = Vec::new();
    for step in steps.iter().rev().take(MAX_READ) {
        if refused.iter().all(|(item, _)| *item != step.item) {
            let weight = gain(step.kind) * fade;
            leanings.push(Leaning { item: step.item, weight, price: price(step.item) });
        }
        fade *= libm::exp2f(-1.0 / HALF_LIFE_STEPS);
    }
    let against = refused.iter().rev().take(MAX_READ);
    leanings.extend(against.map(|&(item, weight)| Leaning {
        item,
        weight: -weight,
        price: price(item),
    }));
    leanings
}

/// What items gain that have something in common with the shopper's items: a lift a field to
/// which the model gives weight ([`Signals::affinity`](crate::model::Signals::affinity)).
pub fn affinities(model: &Model, leanings: &[Leaning]) -> Vec<Lift> {
    let lift = |name| affinity(model, leanings, name, model.signals().affinity(name));
    model.attributes().names().filter_map(lift).collect()
}

/// What items gain that have something in common with the shopper's items in one field. `None`
/// where the weight is 0, or nobody says anything of the shopper's items in this field.
///
/// Of a term `s = Σ w / Σ |w|`, above over the leanings towards items that have it, below over
/// those towards items that have any term of the field. An item of terms `s_1 … s_L`, for a
/// category outermost first, gains `weight · v_L` with `v_1 = s_1`,
/// `v_l = ⅓·v_(l−1) + ⅔·s_l`: the deepest level weighs most. Where the field has numbers, an
/// item of number `p`, above 0, gains `weight · Σ w·2^(−4·log2(p / q)²) / Σ |w|` over the
/// leanings towards items of numbers `q`: half as much 41 % above or below, next to nothing at
/// twice or half of it, and nothing beyond four times or a quarter. Numbers are rounded to
/// sixteen bands an octave. What an event said of the price goes before the catalogue's. All
/// of it is between `−weight` and `weight`.
pub fn affinity(model: &Model, leanings: &[Leaning], name: &str, weight: f32) -> Option<Lift> {
    let field = model.attributes().field(name).filter(|_| weight != 0.0)?;
    let spread = match model.attributes().column(field)? {
        Column::Terms(terms) => {
            let worth = in_common(terms, leanings, weight)?;
            Spread::Terms { field, worth, tally: Tally::Deepest }
        }
        Column::Numbers(numbers) => {
            let said = |leaning: &Leaning| leaning.price.filter(|_| name == "price");
            let own = |leaning: &Leaning| numbers.get(leaning.item.at()).copied();
            let number = |leaning: &Leaning| said(leaning).or_else(|| own(leaning));
            let band = |leaning: &Leaning| Some((band(number(leaning)?)?, leaning.weight));
            let known: Vec<(usize, f32)> = leanings.iter().filter_map(band).collect();
            Spread::Bands { field, worth: alike(&known, weight)? }
        }
    };
    Some(Lift { signal: Signal::Affinity { field }, spread })
}

/// Items the shopper said no to or took out of the cart, with how much that counts.
pub(super) fn refused(model: &Model, session: &Session) -> Vec<(ItemIx, f32)> {
    let weight = |how| if how == Refusal::Dismissed { 1.0 } else { 0.5 };
    let known = |(id, how): (&str, Refusal)| Some((model.item_ix(id)?, weight(how)));
    session.refused().into_iter().filter_map(known).collect()
}

/// What the shop said that items cost, oldest first.
#[expect(clippy::cast_possible_truncation, reason = "a price to seven digits will do")]
fn prices(model: &Model, session: &Session) -> Vec<(ItemIx, f32)> {
    let events = session.state().events.iter().filter(|event| event.price.is_some());
    let price = |event: &crate::types::Event| {
        Some((model.item_ix(event.item.as_deref()?)?, event.price? as f32))
    };
    events.filter_map(price).collect()
}

/// What each term is worth, `[n_terms]`; `None` where no leaning has a term.
fn in_common(terms: &Terms, leanings: &[Leaning], weight: f32) -> Option<Vec<f32>> {
    let mut shares = vec![0.0; terms.n_terms()];
    let mut all = 0.0;
    for leaning in leanings {
        let own = terms.of(leaning.item);
        all += if own.is_empty() { 0.0 } else { leaning.weight.abs() };
        for &term in own {
            shares[term as usize] += leaning.weight;
        }
    }
    if all == 0.0 {
        return None;
    }
    for share in &mut shares {
        *share *= weight / all;
    }
    Some(shares)
}

/// What each band is worth, `known` being the bands of the leanings with their weights; `None`
/// where there are none.
fn alike(known: &[(usize, f32)], weight: f32) -> Option<Vec<f32>> {
    let all: f32 = known.iter().map(|(_, leaning)| leaning.abs()).sum();
    (all != 0.0).then(|| by_band(known, weight / all))
}

/// Every band of a finite number.
const ALL_BANDS: usize = 255 * BANDS;
/// Beyond two octaves the kernel is below 2^−15, and taken as 0.
const REACH: usize = 2 * BANDS;

/// The band of a number above 0; `None` for every other number, and for what is as good as 0.
fn band(number: f32) -> Option<usize> {
    let band = band_of(number);
    (band > 0 && band < ALL_BANDS).then_some(band)
}

/// What an item of each band gains, `[ALL_BANDS]`.
fn by_band(known: &[(usize, f32)], scale: f32) -> Vec<f32> {
    let mut gains = vec![0.0; ALL_BANDS];
    let heights: [f32; BANDS] = std::array::from_fn(height);
    for &(band, leaning) in known {
        let near = band.saturating_sub(REACH)..(band + REACH + 1).min(ALL_BANDS);
        for other in near {
            let distance = octaves(other, &heights) - octaves(band, &heights);
            gains[other] += scale * leaning * libm::exp2f(-4.0 * distance * distance);
        }
    }
    gains[0] = 0.0;
    gains
}

/// How far above the beginning of its octave the middle of a band is, in octaves.
#[expect(clippy::cast_precision_loss, reason = "at most 16")]
fn height(band: usize) -> f32 {
    libm::log2f(1.0 + (band as f32 + 0.5) / BANDS as f32)
}

#[expect(clippy::cast_precision_loss, reason = "at most 255")]
fn octaves(band: usize, heights: &[f32; BANDS]) -> f32 {
    (band / BANDS) as f32 + heights[band % BANDS]
}
