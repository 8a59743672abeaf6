//! The walk from a session to a slate: the only file that knows the order of the stages.

use crate::diversity::arrange;
use crate::model::{Model, ModelError};
use crate::ranking::rank;
use crate::retrieval::{nearest, popular};
use crate::rules::{Known, RuleSet, eligible, place};
use crate::session::{Session, Step, encode};
use crate::types::{
    Contribution, EventKind, ItemIx, Lift, Mask, Placement, Request, Scored, Seen, Signal, Slate,
    Source,
};

/// How many candidates are ranked beyond those asked for: the scan sees the interest rounded
/// to eight bits, the ranking sees it whole, and variety and rules need something to choose
/// from.
const MIN_CANDIDATES: usize = 200;

/// A loaded model, the shop's rules, and the walk through them. It holds no shopper: sessions
/// are arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine {
    model: Model,
    rules: RuleSet,
}

impl Engine {
    /// An engine that serves this model, without rules.
    pub fn new(model: Model) -> Self {
        Self { model, rules: RuleSet::default() }
    }

    /// An engine that serves this model file, without rules.
    ///
    /// # Errors
    /// Those of [`Model::read`].
    pub fn load(file: &[u8]) -> Result<Self, ModelError> {
        Model::read(file).map(Self::new)
    }

    /// The model it serves.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The shop's rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Replaces the shop's rules; they must be resolved to this model.
    pub fn set_rules(&mut self, rules: RuleSet) {
        self.rules = rules;
    }

    /// Ranks a slate for a session: `min(request.count, eligible items)` items, no item
    /// twice, best first. Only [`Placement::RecentlyViewed`] may give fewer.
    pub fn recommend(&self, session: &Session, request: &Request) -> Slate {
        let mut steps = session.steps(|id| self.model.item_ix(id));
        let mask = self.mask(session, &steps, request);
        if request.placement == Placement::RecentlyViewed {
            return recent(&steps, &mask, request.count);
        }
        let lifts = self.rules.lifts();
        if request.placement == Placement::Related {
            put_page_first(&mut steps, request.item);
        }
        let (source, ranked) = match request.placement {
            Placement::Popular => self.popular(&lifts, &mask, request.count),
            _ => self.personal((&steps, &lifts), &mask, request.count),
        };
        let varied = arrange(&self.model, ranked, request.diversity);
        Slate { source, items: place(&self.rules, request, varied), shortfall: None }
    }

    /// The page's product, the caller's exclusions and, unless wanted, what is known.
    /// "Recently viewed" is made of what was seen, so it cannot leave that out.
    fn mask(&self, session: &Session, steps: &[Step<ItemIx>], request: &Request) -> Mask {
        let seen: Vec<ItemIx> = steps.iter().map(|step| step.item).collect();
        let state = session.state();
        let owned_ids = state.cart.iter().chain(&state.bought);
        let owned: Vec<ItemIx> = owned_ids.filter_map(|id| self.model.item_ix(id)).collect();
        let dismissed: Vec<ItemIx> =
            session.dismissed().into_iter().filter_map(|id| self.model.item_ix(id)).collect();
        let known = Known { seen: &seen, owned: &owned, dismissed: &dismissed };
        if request.placement == Placement::RecentlyViewed {
            let request = Request { seen: Seen::Include, ..request.clone() };
            return eligible(self.model.n_items(), &request, known);
        }
        eligible(self.model.n_items(), request, known)
    }

    /// Candidates in the order of the session's interest; by popularity where it says nothing.
    fn personal(
        &self,
        (steps, lifts): (&[Step<ItemIx>], &[Lift]),
        mask: &Mask,
        count: usize,
    ) -> (Source, Vec<Scored>) {
        let interest = encode(&self.model, steps);
        if interest.is_empty() {
            return self.popular(lifts, mask, count);
        }
        let k = candidates(count);
        let mut candidates = nearest(&self.model, (&interest, lifts), mask, k);
        for item in interest.steps.iter().map(|step| step.item) {
            if mask.allows(item) && !candidates.contains(&item) {
                candidates.push(item);
            }
        }
        (Source::Session, rank(&self.model, (&interest, lifts), &candidates, k))
    }

    fn popular(&self, lifts: &[Lift], mask: &Mask, count: usize) -> (Source, Vec<Scored>) {
        let open = |(item, _)| {
            let value = self.model.popularity()[ItemIx::at(item)];
            let popularity = Contribution { signal: Signal::Popularity, value };
            let lifts = lifts.iter().filter_map(|lift| lift.contribution(item));
            Scored::new(item, [popularity].into_iter().chain(lifts).collect())
        };
        let items = popular(&self.model, lifts, mask, candidates(count));
        (Source::Popular, items.into_iter().map(open).collect())
    }
}

/// How many candidates a slate of `count` items is chosen from.
fn candidates(count: usize) -> usize {
    count.saturating_mul(2).max(MIN_CANDIDATES)
}

/// On a product page the page's product is what the shopper is on now, whether or not the
/// shop has already told us so.
fn put_page_first(steps: &mut Vec<Step<ItemIx>>, page: Option<ItemIx>) {
    let Some(item) = page else { return };
    if steps.last().is_none_or(|newest| newest.item != item) {
        steps.push(Step { item, kind: EventKind::ViewItem, dwell_ms: None });
    }
}

/// The shopper's own items, newest first, each once. The score counts down, so that order
/// and score agree.
fn recent(steps: &[Step<ItemIx>], mask: &Mask, count: usize) -> Slate {
    let mut items: Vec<Scored> = Vec::new();
    let mut value = 0.0;
    for step in steps.iter().rev().filter(|step| mask.allows(step.item)) {
        if items.len() < count && items.iter().all(|other| other.item != step.item) {
            items
                .push(Scored::new(step.item, vec![Contribution { signal: Signal::Return, value }]));
            value -= 1.0;
        }
    }
    Slate { source: Source::Recent, items, shortfall: None }
}
