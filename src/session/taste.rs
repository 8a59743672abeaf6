//! What earlier visits were about.

use super::memory::{Liking, on_grid};
use super::state::MAX_TASTE;
use super::visit::Session;
use crate::kernels::sort_by;
use crate::model::Model;
use crate::types::{EventKind, ItemIx};

/// After so many days half of a liking is gone.
const HALF_LIFE_DAYS: f32 = 30.0;
/// How many items of the taste are read: the strongest. More would cost time at every item
/// that is ranked, and say little.
const MAX_READ: usize = 20;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// An item of the shopper's taste.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taste {
    /// The item.
    pub item: ItemIx,
    /// What is left of the liking, above 0.
    pub weight: f32,
}

/// What the shopper's earlier visits were about, as of `now_ms` (milliseconds since 1970, 0
/// where it is not known: then nothing fades): the items the model knows, strongest first, at
/// most 20. A liking of `w` is `w·2^(−days / 30)` later.
pub fn tastes(model: &Model, session: &Session, now_ms: u64) -> Vec<Taste> {
    let taste = |liking: &Liking| {
        let weight = faded(liking, day(now_ms));
        Some(Taste { item: model.item_ix(&liking.item)?, weight })
    };
    let mut tastes: Vec<Taste> = session.state().taste.iter().filter_map(taste).collect();
    tastes.retain(|taste| taste.weight > 0.0);
    sort_by(&mut tastes, |a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
    tastes.truncate(MAX_READ);
    tastes
}

/// Days since 1970.
pub(super) fn day(time_ms: u64) -> u32 {
    u32::try_from(time_ms / DAY_MS).unwrap_or(u32::MAX)
}

/// How much one step of a visit says of the taste.
pub(super) fn gain(kind: EventKind) -> f32 {
    match kind {
        EventKind::Purchase | EventKind::AddToCart => 3.0,
        EventKind::AddToWishlist => 2.0,
        EventKind::SelectItem => 0.5,
        _ => 1.0,
    }
}

/// The likings after a visit on `day` that was about `gains`, each an item with how much, and
/// said no to `refused`; strongest first as of that day. The order of the gains does not
/// matter.
pub(super) fn after(
    before: &[Liking],
    gains: &[(&str, f32)],
    refused: &[&str],
    day: u32,
) -> Vec<Liking> {
    let mut likings = before.to_vec();
    for &(item, gain) in gains {
        match likings.iter_mut().find(|liking| liking.item == item) {
            Some(liking) => {
                liking.weight = on_grid(faded(liking, day) + gain);
                liking.day = liking.day.max(day);
            }
            None => likings.push(Liking { item: item.to_owned(), weight: on_grid(gain), day }),
        }
    }
    likings.retain(|liking| {
        !refused.contains(&liking.item.as_str()) && on_grid(faded(liking, day)) > 0.0
    });
    let stronger = |a: &Liking, b: &Liking| faded(b, day).total_cmp(&faded(a, day));
    sort_by(&mut likings, |a, b| stronger(a, b).then_with(|| a.item.cmp(&b.item)));
    likings.truncate(MAX_TASTE);
    likings
}

/// What is left of a liking on a day.
#[expect(clippy::cast_precision_loss, reason = "days since 1970 stay below 2^24 for 45,000 years")]
fn faded(liking: &Liking, day: u32) -> f32 {
    let days = day.saturating_sub(liking.day) as f32;
    liking.weight * libm::exp2f(-days / HALF_LIFE_DAYS)
}
