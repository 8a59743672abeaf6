//! The walk from a session to a slate: the only file that knows the order of the stages.

use crate::model::{Model, ModelError};
use crate::ranking::rank;
use crate::retrieval::{nearest, popular};
use crate::rules::{Known, eligible};
use crate::session::{Session, Step, encode};
use crate::types::{
    Contribution, EventKind, ItemIx, Mask, Placement, Request, Scored, Seen, Signal, Slate, Source,
};

/// How many candidates are ranked beyond those asked for: the scan sees the interest rounded
/// to eight bits, the ranking sees it whole.
const MIN_CANDIDATES: usize = 200;

/// A loaded model and the walk through it. It holds no shopper: sessions are arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine {
    model: Model,
}

impl Engine {
    /// An engine that serves this model.
    pub fn new(model: Model) -> Self {
        Self { model }
    }

    /// An engine that serves this model file.
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

    /// Ranks a slate for a session: `min(request.count, eligible items)` items, no item
    /// twice, best first. Only [`Placement::RecentlyViewed`] may give fewer.
    pub fn recommend(&self, session: &Session, request: &Request) -> Slate {
        let mut steps = session.steps(|id| self.model.item_ix(id));
        let mask = self.mask(session, &steps, request);
        match request.placement {
            Placement::Popular => self.popular(&mask, request.count),
            Placement::RecentlyViewed => recent(&steps, &mask, request.count),
            Placement::Home => self.personal(&steps, &mask, request.count),
            Placement::Related => {
                put_page_first(&mut steps, request.item);
                self.personal(&steps, &mask, request.count)
            }
        }
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

    fn personal(&self, steps: &[Step<ItemIx>], mask: &Mask, count: usize) -> Slate {
        let interest = encode(&self.model, steps);
        if interest.is_empty() {
            return self.popular(mask, count);
        }
        let k = count.saturating_mul(2).max(MIN_CANDIDATES);
        let mut candidates = nearest(&self.model, &interest, mask, k);
        for item in interest.steps.iter().map(|step| step.item) {
            if mask.allows(item) && !candidates.contains(&item) {
                candidates.push(item);
            }
        }
        let items = rank(&self.model, &interest, &candidates, count);
        Slate { source: Source::Session, items }
    }

    fn popular(&self, mask: &Mask, count: usize) -> Slate {
        let scored = |(item, value)| {
            Scored::new(item, vec![Contribution { signal: Signal::Popularity, value }])
        };
        let items = popular(&self.model, mask, count).into_iter().map(scored).collect();
        Slate { source: Source::Popular, items }
    }
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
    Slate { source: Source::Recent, items }
}
