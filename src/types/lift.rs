use super::{FieldIx, ItemIx, ItemSet, Signal};
use std::sync::Arc;

/// What one signal adds to items' scores beside their likeness to the session. What it adds to
/// one item is told by [`Model::gain`](crate::model::Model::gain).
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
    /// By the item's terms in a field.
    Terms {
        /// The field.
        field: FieldIx,
        /// What a term is worth, `[n_terms]`; none for a term beyond the last.
        worth: Vec<f32>,
        /// What the item gains by all its terms.
        tally: Tally,
    },
    /// By the band the item's number in a field is in: [`band_of`].
    Bands {
        /// The field.
        field: FieldIx,
        /// What a band is worth; nothing for a band beyond the last.
        worth: Vec<f32>,
    },
}

/// How the worths of an item's terms make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tally {
    /// Their sum.
    Sum,
    /// `v_1` is the first worth, `v_l = ⅓·v_(l−1) + ⅔·w_l`: on a path the deepest weighs most.
    Deepest,
}

/// Bands an octave.
pub const BANDS: usize = 16;

/// What the deeper level of a path counts beside all levels above it together.
const DEEPER: f32 = 2.0 / 3.0;

/// The band of a number: its exponent and the first four bits after it, so that no logarithm is
/// taken an item. A negative number, an infinite one and no number come to stand at
/// `255 · BANDS` or beyond.
pub fn band_of(number: f32) -> usize {
    (number.to_bits() >> 19) as usize
}

impl Tally {
    /// What an item gains whose terms are worth this, in their order; 0 for one without terms.
    pub fn of(self, worths: impl Iterator<Item = f32>) -> f32 {
        let mut worths = worths;
        match self {
            Self::Sum => worths.fold(0.0, |sum, worth| sum + worth),
            Self::Deepest => {
                let outermost = worths.next().unwrap_or(0.0);
                worths.fold(outermost, |outer, inner| outer + DEEPER * (inner - outer))
            }
        }
    }
}

impl Spread {
    /// What it adds to an item at most, at least 0: what it says nothing of gains nothing. An
    /// item has a term once.
    pub fn most(&self) -> f32 {
        let most = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
        match self {
            Self::Each(values) => most(values),
            Self::Few(values) => values.iter().fold(0.0, |most, (_, value)| value.max(most)),
            Self::Among { value, .. } => value.max(0.0),
            Self::Terms { worth, tally: Tally::Sum, .. } => {
                worth.iter().fold(0.0, |sum, worth| sum + worth.max(0.0))
            }
            Self::Terms { worth, .. } | Self::Bands { worth, .. } => most(worth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gains_more_than_the_most() {
        let field = FieldIx(0);
        let set = Arc::new(ItemSet::none(3));
        let worth = || vec![-1.0, 0.5];
        for (spread, most) in [
            (Spread::Each(vec![-2.0, 1.5]), 1.5),
            (Spread::Each(vec![-2.0]), 0.0),
            (Spread::Few(vec![(ItemIx(3), 2.0), (ItemIx(4), -1.0)]), 2.0),
            (Spread::Among { items: Arc::clone(&set), value: -1.0 }, 0.0),
            (Spread::Among { items: set, value: 0.25 }, 0.25),
            (Spread::Terms { field, worth: worth(), tally: Tally::Deepest }, 0.5),
            (Spread::Terms { field, worth: worth(), tally: Tally::Sum }, 0.5),
            (Spread::Bands { field, worth: worth() }, 0.5),
        ] {
            assert_eq!(spread.most().to_bits(), f32::to_bits(most), "{spread:?}");
        }
    }

    #[test]
    fn the_deepest_level_weighs_most() {
        let of = |worths: &[f32]| Tally::Deepest.of(worths.iter().copied());
        assert_eq!((of(&[]), of(&[0.5])), (0.0, 0.5));
        assert!((of(&[0.0, 0.9]) - 0.6).abs() < 1e-6);
        assert!((Tally::Sum.of([0.5, 0.25].into_iter()) - 0.75).abs() < 1e-6);
    }

    #[test]
    fn bands_are_in_the_order_of_numbers_above_0() {
        assert_eq!(band_of(2.0) - band_of(1.0), BANDS);
        assert_eq!(band_of(0.0), 0);
        for none in [-1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(band_of(none) >= 255 * BANDS);
        }
    }
}
