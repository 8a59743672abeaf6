//! What is to be noted of rules once their items are known.

use super::at::At;
use super::note::Remark;
use super::reader::Reader;
use super::rule::{Action, Rule};
use super::rule_set::RuleSet;
use crate::types::{ItemIx, Mask, Placement};

/// Placements that have a product to compare with.
const COMPARING: [Placement; 4] =
    [Placement::Related, Placement::BoughtTogether, Placement::MoreLikeThis, Placement::Cart];

pub(super) fn add(reader: &mut Reader<'_>, set: &RuleSet) {
    let root = At::root("rules");
    let n_items = reader.model.n_items();
    for (at, rule) in set.rules().iter().enumerate() {
        let place = root.index(at);
        let condition = place.field("where");
        match set.meeting(at).map(|items| items.len()) {
            Some(0) => reader.note(&condition, Remark::MatchesNothing),
            Some(all) if all == n_items => reader.note(&condition, Remark::MatchesEverything),
            None if set.compares(at) && never_compares(rule) => {
                reader.note(&condition, Remark::NeverCompares);
            }
            _ => {}
        }
        if let Action::Pin { items, .. } = &rule.action {
            let (pins, list) = (items.iter().enumerate(), place.field("items"));
            for (place, item) in pins.filter_map(|(place, item)| item.map(|item| (place, item))) {
                if let Some(by) = closer(set, rule, item) {
                    let item = reader.model.item_id(item).to_owned();
                    let by = root.index(by).path();
                    reader.note(&list.index(place), Remark::PinClosed { item, by });
                }
            }
        }
    }
    add_emptied(reader, set);
}

fn never_compares(rule: &Rule) -> bool {
    let placements = &rule.scope.placements;
    !placements.is_empty() && !placements.iter().any(|placement| COMPARING.contains(placement))
}

/// The rule that never shows an item where another pins it.
fn closer(set: &RuleSet, pin: &Rule, item: ItemIx) -> Option<usize> {
    set.rules().iter().enumerate().position(|(at, rule)| {
        let has = set.meeting(at).map(|items| items.has(item));
        let closes = match rule.action {
            Action::Include => has == Some(false),
            Action::Exclude => has == Some(true),
            _ => false,
        };
        closes && rule.scope.meets(&pin.scope)
    })
}

/// Notes the rule after which nothing is left in some placement, times aside.
fn add_emptied(reader: &mut Reader<'_>, set: &RuleSet) {
    let n_items = reader.model.n_items();
    let mut noted = Vec::new();
    for placement in Placement::ALL {
        let mut mask = Mask::open(n_items);
        let rules = set.rules().iter().enumerate();
        for (at, rule) in rules.filter(|(_, rule)| always_in(rule, placement)) {
            let Some(items) = set.meeting(at) else { continue };
            match rule.action {
                Action::Include => mask.close_others(&items),
                Action::Exclude => mask.close_all(&items),
                _ => continue,
            }
            if mask.n_open() == 0 {
                if !noted.contains(&at) {
                    reader.note(&At::root("rules").index(at), Remark::LeavesNothing);
                    noted.push(at);
                }
                break;
            }
        }
    }
}

/// Whether a rule holds in a placement at all times.
fn always_in(rule: &Rule, placement: Placement) -> bool {
    rule.scope.holds_in(placement) && rule.scope.from.is_none() && rule.scope.until.is_none()
}
