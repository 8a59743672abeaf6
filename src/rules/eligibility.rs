use super::catalogue::Catalogue;
use super::plan::{Plan, context};
use super::rule::{Action, Treatment, Variants};
use super::rule_set::{Reach, RuleSet};
use crate::model::Model;
use crate::types::{ItemIx, ItemSet, Mask, Owned, Placement, Request, Seen, Shortfall};
use std::sync::Arc;

/// What the shopper already knows, resolved to the model's items.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Items the shopper has been on.
    pub seen: &'a [ItemIx],
    /// Items in the cart or bought.
    pub owned: &'a [ItemIx],
    /// Items the shopper said no to.
    pub dismissed: &'a [ItemIx],
}

/// What keeps an item out of a slate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// It is not in the caller's list, or, where these are shown, not among the shopper's own.
    Unlisted,
    /// The slate is for it.
    Page,
    /// The caller excludes it.
    Excluded,
    /// The shopper said no to it.
    Dismissed,
    /// It is in the cart, or bought.
    Owned,
    /// The shopper has been on it.
    Seen,
    /// It is a variant of an item the slate is for, of one that the shopper has or said no to, or
    /// of one that is shown.
    Variant,
    /// The request's filter.
    Filter,
    /// It is out of stock.
    Stock,
    /// The rule at this position.
    Rule(u16),
}

/// Which items may be shown, and why the others may not.
#[derive(Debug, Clone)]
pub struct Eligibility {
    mask: Mask,
    closed: Vec<Layer>,
    resting: Vec<Bar>,
}

/// What one cause keeps out.
#[derive(Debug, Clone)]
struct Layer {
    bar: Bar,
    items: Closed,
    /// How many of them nothing before kept out.
    n: usize,
}

#[derive(Debug, Clone)]
enum Closed {
    /// These few.
    Few(Vec<ItemIx>),
    /// These.
    Those(Arc<ItemSet>),
    /// All but these.
    Others(Arc<ItemSet>),
}

/// Which items may be shown: of a search those of the caller's list, of what was recently viewed
/// those the shopper has been on; not what the slate is
/// for nor its variants, not what the caller excludes, not what the shopper dismissed, and,
/// unless the request includes them, neither seen nor owned items; only what meets the
/// filter, is in stock, and what the shop's rules let through.
pub fn eligible(
    rules: &RuleSet,
    model: &Model,
    request: &Request,
    known: Known<'_>,
) -> Eligibility {
    let mut closing = Eligibility::open(model.n_items());
    let catalogue = rules.catalogue(model);
    let listed = match request.placement {
        Placement::Search => Some(request.listed.as_slice()),
        Placement::RecentlyViewed => Some(known.seen),
        _ => None,
    };
    if let Some(listed) = listed {
        let listed = ItemSet::of(model.n_items(), listed.iter().copied());
        closing.close(Bar::Unlisted, Closed::Others(Arc::new(listed)));
    }
    closing.close_few(Bar::Page, request.item.iter().chain(&request.context));
    closing.close_few(Bar::Excluded, &request.exclude);
    closing.close_few(Bar::Dismissed, known.dismissed);
    if request.owned == Owned::LeaveOut {
        closing.close_few(Bar::Owned, known.owned);
    }
    if request.seen == Seen::LeaveOut {
        closing.close_few(Bar::Seen, known.seen);
    }
    if rules.variants(request) == Variants::Collapse {
        let owned = if request.owned == Owned::LeaveOut { known.owned } else { &[] };
        let products = [context(request), known.dismissed, owned].concat();
        closing.close_variants(catalogue, &products);
    }
    closing.close_filtered(catalogue, request);
    for (items, treatment) in rules.stock(request).kinds {
        if treatment == Treatment::Exclude && !items.is_empty() {
            closing.close(Bar::Stock, Closed::Those(Arc::clone(items)));
        }
    }
    closing.close_ruled(rules, catalogue, request);
    closing
}

impl Eligibility {
    /// Every item of `n_items` may be shown.
    pub fn open(n_items: usize) -> Self {
        Self { mask: Mask::open(n_items), closed: Vec::new(), resting: Vec::new() }
    }

    /// The items that may be shown.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// How many items may not be shown, by the first cause, in the order of the causes.
    pub fn counts(&self) -> impl Iterator<Item = (Bar, usize)> {
        self.closed.iter().map(|layer| (layer.bar, layer.n))
    }

    /// The first cause that keeps an item out; `None` if it may be shown.
    pub fn cause(&self, item: ItemIx) -> Option<Bar> {
        let closes = |layer: &&Layer| match &layer.items {
            Closed::Few(items) => items.contains(&item),
            Closed::Those(items) => items.has(item),
            Closed::Others(items) => !items.has(item),
        };
        self.closed.iter().find(closes).map(|layer| layer.bar)
    }

    /// Rules, and the filter, that say nothing because they compare with a product that the
    /// slate has not, or of which the catalogue does not say enough.
    pub fn resting(&self) -> &[Bar] {
        &self.resting
    }

    /// Why a slate is short: what takes the most items away. `others`: what else does, and how
    /// many.
    pub fn shortfall(&self, others: &[(Shortfall, usize)]) -> Shortfall {
        let mut sums: Vec<(Shortfall, usize)> = Vec::new();
        // A search is of the caller's list: the rest of the catalogue is not missed.
        let closed = self.counts().filter(|(bar, _)| *bar != Bar::Unlisted);
        let closed = closed.map(|(bar, n)| (bar.shortfall(), n));
        for (why, n) in closed.chain(others.iter().copied()) {
            match sums.iter_mut().find(|(other, _)| *other == why) {
                Some((_, sum)) => *sum += n,
                None => sums.push((why, n)),
            }
        }
        // Of equals the first: causes stand in order.
        let most = sums.iter().rev().max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 0);
        most.map_or(Shortfall::Catalogue, |(why, _)| *why)
    }

    fn close(&mut self, bar: Bar, items: Closed) {
        let before = self.mask.n_open();
        match &items {
            Closed::Few(items) => items.iter().for_each(|&item| self.mask.close(item)),
            Closed::Those(items) => self.mask.close_all(items),
            Closed::Others(items) => self.mask.close_others(items),
        }
        self.closed.push(Layer { bar, items, n: before - self.mask.n_open() });
    }

    fn close_few<'a>(&mut self, bar: Bar, items: impl IntoIterator<Item = &'a ItemIx>) {
        let items: Vec<ItemIx> = items.into_iter().copied().collect();
        if !items.is_empty() {
            self.close(bar, Closed::Few(items));
        }
    }

    /// Closes what shares a `group` with what the slate is for, or with what the shopper has or
    /// said no to.
    fn close_variants(&mut self, catalogue: Catalogue<'_>, products: &[ItemIx]) {
        let variants = variants(catalogue, products);
        if !variants.is_empty() {
            self.close(Bar::Variant, Closed::Those(Arc::new(variants)));
        }
    }

    fn close_filtered(&mut self, catalogue: Catalogue<'_>, request: &Request) {
        let Some(filter) = &request.filter else { return };
        match Plan::of(filter, catalogue).items(catalogue, request) {
            Some(items) => self.close(Bar::Filter, Closed::Others(items)),
            None => self.resting.push(Bar::Filter),
        }
    }

    fn close_ruled(&mut self, rules: &RuleSet, catalogue: Catalogue<'_>, request: &Request) {
        for (rule, declared) in rules.holding(request) {
            let bar = Bar::Rule(rule);
            let closed = match declared.action {
                Action::Include => Closed::Others,
                Action::Exclude => Closed::Those,
                _ => continue,
            };
            match rules.items_for(rule, catalogue, request) {
                Some(Reach::Some(items)) => self.close(bar, closed(items)),
                Some(Reach::All) => {}
                None => self.resting.push(bar),
            }
        }
    }
}

impl Bar {
    /// The stable word for it in JavaScript and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unlisted => "unlisted",
            Self::Page => "page",
            Self::Excluded => "excluded",
            Self::Dismissed => "dismissed",
            Self::Owned => "owned",
            Self::Seen => "seen",
            Self::Variant => "variant",
            Self::Filter => "filter",
            Self::Stock => "stock",
            Self::Rule(_) => "rule",
        }
    }

    fn shortfall(self) -> Shortfall {
        match self {
            Self::Unlisted => Shortfall::Catalogue,
            Self::Page | Self::Excluded => Shortfall::Excluded,
            Self::Dismissed | Self::Owned | Self::Seen => Shortfall::Known,
            Self::Filter => Shortfall::Filter,
            Self::Variant | Self::Stock | Self::Rule(_) => Shortfall::Rules,
        }
    }
}

/// The items that share a `group` with one of these.
pub(super) fn variants(catalogue: Catalogue<'_>, items: &[ItemIx]) -> ItemSet {
    let attributes = catalogue.model.attributes();
    let (Some(field), Some(groups)) = (attributes.field("group"), attributes.terms("group")) else {
        return ItemSet::none(0);
    };
    let wanted: Vec<u32> = items.iter().flat_map(|item| groups.of(*item)).copied().collect();
    if wanted.is_empty() { ItemSet::none(0) } else { catalogue.having(field, &wanted) }
}
