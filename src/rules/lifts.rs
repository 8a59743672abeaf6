//! What rules add to scores.

use super::catalogue::Catalogue;
use super::rule::{Action, Treatment};
use super::rule_set::{Reach, RuleSet};
use crate::types::{ItemIx, ItemSet, Lift, Request, Signal, Spread};
use std::sync::Arc;

const DAY_MS: u64 = 86_400_000;
/// After so many half-lives an item is no longer new: it would gain a thousandth.
const HALF_LIVES: f32 = 10.0;

pub(super) fn of(rules: &RuleSet, catalogue: Catalogue<'_>, request: &Request) -> Vec<Lift> {
    let mut lifts: Vec<Lift> = buried_stock(rules, request).collect();
    for (rule, declared) in rules.holding(request) {
        let by = match declared.action {
            Action::Boost(by) => Amount::Same(by),
            Action::Bury(by) => Amount::Same(-by),
            Action::Fresh { by, half_life_days } => Amount::ByAge { by, half_life_days },
            _ => continue,
        };
        let Some(items) = rules.items_for(rule, catalogue, request) else { continue };
        let spread = match by {
            Amount::Same(value) => Spread::Among { items: every(items, catalogue), value },
            Amount::ByAge { by, half_life_days } => {
                fresh(catalogue, &items, (by, half_life_days), request.moment.time_ms)
            }
        };
        lifts.push(Lift { signal: Signal::Rule { rule }, spread });
    }
    lifts
}

enum Amount {
    Same(f32),
    ByAge { by: f32, half_life_days: f32 },
}

fn every(items: Reach, catalogue: Catalogue<'_>) -> Arc<ItemSet> {
    match items {
        Reach::Some(items) => items,
        Reach::All => {
            let mut all = ItemSet::none(catalogue.n_items());
            all.invert();
            Arc::new(all)
        }
    }
}

fn buried_stock(rules: &RuleSet, request: &Request) -> impl Iterator<Item = Lift> {
    let stock = rules.stock(request);
    let (signal, value) = (Signal::Rule { rule: stock.rule }, -stock.by);
    let buried = stock.kinds.into_iter().filter(|(_, done)| *done == Treatment::Bury);
    buried.map(move |(items, _)| {
        let items = Arc::clone(items);
        Lift { signal, spread: Spread::Among { items, value } }
    })
}

/// `by · 2^(−age / half-life)` for every item whose age is known and at most
/// [`HALF_LIVES`]; the age is in whole days, 0 for an item of the future. Nothing where the
/// time of the request is not known.
fn fresh(
    catalogue: Catalogue<'_>,
    items: &Reach,
    (by, half_life_days): (f32, f32),
    time_ms: u64,
) -> Spread {
    let added = catalogue.model.attributes().numbers("added").unwrap_or_default();
    if time_ms == 0 {
        return Spread::Few(Vec::new());
    }
    let today = time_ms / DAY_MS;
    let gains = gains(by, half_life_days);
    let oldest = oldest(today, gains.len());
    let mut new = ItemSet::meeting(catalogue.n_items(), added, |added| added >= oldest);
    if let Reach::Some(items) = items {
        new.intersect(items);
    }
    let gain = |item: ItemIx| {
        let age = age(today, *added.get(item.at())?);
        gains.get(age).map(|&gain| (item, gain))
    };
    Spread::Few(new.iter().filter_map(gain).collect())
}

/// The first day an item can have been added and still be new.
#[expect(clippy::cast_precision_loss, reason = "days are few")]
fn oldest(today: u64, n_ages: usize) -> f32 {
    today.saturating_sub(n_ages as u64) as f32
}

/// What an item of each age gains, in days.
fn gains(by: f32, half_life_days: f32) -> Vec<f32> {
    let last = HALF_LIVES * half_life_days;
    let ages = (0_u16..).map(f32::from).take_while(|age| *age <= last);
    ages.map(|age| by * libm::exp2f(-age / half_life_days)).collect()
}

/// Whole days since an item was added.
#[expect(clippy::cast_possible_truncation, reason = "a huge age is beyond every half-life")]
#[expect(clippy::cast_sign_loss, reason = "an item of the future is new")]
fn age(today: u64, added: f32) -> usize {
    today.saturating_sub(added as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_it_is_left_after_a_half_life() {
        let gains = gains(2.0, 7.0);
        assert_eq!((gains[0], gains[7], gains[14]), (2.0, 1.0, 0.5));
        assert_eq!(gains.len(), 71, "and after ten it is no longer new");
    }

    #[test]
    fn ages_are_whole_days() {
        assert_eq!(age(20_000, 19_999.4), 1);
        assert_eq!(age(20_000, 20_005.0), 0);
        assert_eq!(age(20_000, f32::NEG_INFINITY), 20_000);
        assert_eq!((oldest(20_000, 71), oldest(3, 71)), (19_929.0, 0.0));
    }
}
