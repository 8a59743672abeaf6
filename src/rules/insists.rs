//! What rules insist on in a slate: pins, shares, limits, the minimum, one variant of each.

use super::catalogue::Catalogue;
use super::eligibility::Bar;
use super::place::Shelf;
use super::plan::counted;
use super::rule::{Action, Per, Variants};
use super::rule_set::Reach;
use crate::types::{FieldIx, ItemIx, ItemSet, Mask, Scored, SmallMap};
use std::sync::Arc;

/// A share of the places, and how much of it was given.
pub(super) struct Quota {
    pub(super) items: Arc<ItemSet>,
    pub(super) share: f64,
    n_placed: usize,
    /// There is nothing left to promote.
    pub(super) is_exhausted: bool,
}

/// At most so many items, of each term or together.
struct Limit {
    rule: u16,
    items: Reach,
    /// The field and the level whose terms are counted; `None`: all items together.
    per: Option<(FieldIx, Option<u8>)>,
    most: usize,
    /// How many were placed of each term; together: of term 0.
    counts: SmallMap<u32, usize>,
}

/// The rules of placing that hold for a request, with what was placed so far.
pub(super) struct Insists<'a> {
    catalogue: Catalogue<'a>,
    pub(super) quotas: Vec<Quota>,
    limits: Vec<Limit>,
    /// The rule of the minimum, and how far below the best it allows.
    floor: Option<(u16, f32)>,
    /// The field `group`, where variants stand for one.
    group: Option<FieldIx>,
    /// The groups that are shown.
    groups: Vec<u32>,
}

impl<'a> Insists<'a> {
    pub(super) fn of(shelf: &Shelf<'a>) -> Self {
        let Shelf { rules, model, request, .. } = *shelf;
        let catalogue = rules.catalogue(model);
        let collapse = rules.variants(request) == Variants::Collapse;
        let group = model.attributes().field("group").filter(|_| collapse);
        let (mut quotas, mut limits, mut floor) = (Vec::new(), Vec::new(), None);
        for (rule, declared) in rules.holding(request) {
            let reach = || rules.items_for(rule, catalogue, request);
            match declared.action {
                Action::Promote(share) => quotas.extend(Quota::of(reach(), share)),
                Action::Limit { per, most } => {
                    limits.extend(reach().and_then(|items| Limit::of(rule, items, (per, most))));
                }
                Action::Minimum(below) => floor = Some((rule, below)),
                _ => {}
            }
        }
        Self { catalogue, quotas, limits, floor, group, groups: Vec::new() }
    }

    /// Eligible pins within the slate, each with its place.
    pub(super) fn pins(shelf: &Shelf<'_>) -> Vec<(usize, ItemIx)> {
        let mut pins = Vec::new();
        for (_, rule) in shelf.rules.holding(shelf.request) {
            if let Action::Pin { items, at } = &rule.action {
                let placed = (*at..).zip(items);
                pins.extend(placed.filter_map(|(place, item)| Some((place, (*item)?))));
            }
        }
        pins.retain(|(place, item)| *place <= shelf.request.count && shelf.mask.allows(*item));
        pins
    }

    /// The promotion that a place is owed to: of the first `place` places it has had fewer
    /// than its share.
    #[expect(clippy::cast_precision_loss, reason = "places are few")]
    pub(super) fn owed(&self, place: usize) -> Option<usize> {
        let owed = |quota: &Quota| {
            // So that 0.3 · 10 is 3, whatever way it is rounded.
            let due = libm::floor(place as f64 * quota.share + 1e-9);
            !quota.is_exhausted && due > quota.n_placed as f64
        };
        self.quotas.iter().position(owed)
    }

    /// Counts an item for the shares it belongs to.
    pub(super) fn count_promoted(&mut self, item: ItemIx) {
        for quota in self.quotas.iter_mut().filter(|quota| quota.items.has(item)) {
            quota.n_placed += 1;
        }
    }

    /// What keeps an item out of the slate as it stands. `best`: the best score of those ranked
    /// as it was.
    pub(super) fn refuses(
        &self,
        scored: &Scored,
        best: impl FnOnce() -> Option<f32>,
    ) -> Option<Bar> {
        let item = scored.item;
        if let Some((rule, below)) = self.floor
            && best().is_some_and(|best| scored.score < best - below)
        {
            return Some(Bar::Rule(rule));
        }
        self.full_for(item)
    }

    /// The limit that is full for an item, or its variant that is shown.
    pub(super) fn full_for(&self, item: ItemIx) -> Option<Bar> {
        if self.groups_of(item).iter().any(|group| self.groups.contains(group)) {
            return Some(Bar::Variant);
        }
        let full = self.limits.iter().find(|limit| limit.is_full_for(self.catalogue, item));
        full.map(|limit| Bar::Rule(limit.rule))
    }

    /// Counts an item for limits and variants.
    pub(super) fn count(&mut self, item: ItemIx) {
        let groups = self.groups_of(item).to_vec();
        self.groups.extend(groups);
        for limit in &mut self.limits {
            for term in limit.terms(self.catalogue, item) {
                limit.counts.count(term);
            }
        }
    }

    /// Closes what a limit is full for, and variants of what is shown.
    pub(super) fn close_full(&self, mask: &mut Mask) {
        if let Some(field) = self.group {
            mask.close_all(&self.catalogue.having(field, &self.groups));
        }
        for limit in &self.limits {
            limit.close_full(self.catalogue, mask);
        }
    }

    fn groups_of(&self, item: ItemIx) -> &'a [u32] {
        let terms = self.group.and_then(|field| self.catalogue.terms(field));
        terms.map_or(&[], |terms| terms.of(item))
    }
}

impl Quota {
    /// `None` where the rule rests, or would promote every item.
    fn of(reach: Option<Reach>, share: f64) -> Option<Self> {
        let Some(Reach::Some(items)) = reach else { return None };
        Some(Self { items, share, n_placed: 0, is_exhausted: false })
    }

    pub(super) fn promotes(&self, item: ItemIx) -> bool {
        self.items.has(item)
    }
}

impl Limit {
    /// `None` for a limit on a field that the model lacks.
    fn of(rule: u16, items: Reach, (per, most): (Per, usize)) -> Option<Self> {
        let per = match per {
            Per::All => None,
            Per::Term(field, level) => Some((field, level)),
            Per::Nothing => return None,
        };
        Some(Self { rule, items, per, most, counts: SmallMap::new() })
    }

    /// The terms an item counts for; none if the rule does not speak of it.
    fn terms(&self, catalogue: Catalogue<'_>, item: ItemIx) -> Vec<u32> {
        if !self.items.has(item) {
            return Vec::new();
        }
        self.per.map_or_else(|| vec![0], |per| counted(catalogue, per, item))
    }

    fn is_full_for(&self, catalogue: Catalogue<'_>, item: ItemIx) -> bool {
        self.terms(catalogue, item).iter().any(|term| self.is_full(*term))
    }

    fn is_full(&self, term: u32) -> bool {
        self.counts.get(&term).is_some_and(|&n| n >= self.most)
    }

    fn close_full(&self, catalogue: Catalogue<'_>, mask: &mut Mask) {
        let full: Vec<u32> =
            self.counts.keys().copied().filter(|&term| self.is_full(term)).collect();
        if full.is_empty() {
            return;
        }
        let Some((field, wanted)) = self.per else {
            match &self.items {
                Reach::All => {}
                Reach::Some(items) => mask.close_all(items),
            }
            return;
        };
        let having = |full: &[u32]| {
            let mut items = catalogue.having(field, full);
            if let Reach::Some(own) = &self.items {
                items.intersect(own);
            }
            items
        };
        // What stands at the wanted level is counted for every item that has it. Another outer
        // category may hold items that are counted for an inner one.
        let levels = catalogue.levels(field);
        let is_plain = |term: &u32| {
            levels.is_none_or(|all| all.get(*term as usize).copied() == wanted.map(usize::from))
        };
        let (plain, outer): (Vec<u32>, Vec<u32>) = full.iter().partition(|term| is_plain(term));
        mask.close_all(&having(&plain));
        if outer.is_empty() {
            return;
        }
        for item in having(&outer).iter() {
            if mask.allows(item) && self.is_full_for(catalogue, item) {
                mask.close(item);
            }
        }
    }
}
