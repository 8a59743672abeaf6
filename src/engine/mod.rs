//! The walk from a session to a slate: the only folder that knows the order of the stages.
//!
//! *Input → output:* [`Session`] and [`Request`] → [`Slate`].
//!
//! **Architecture Invariant:** what each placement is made of is data (`placements.rs`). The
//! engine holds a model and rules and no shopper.

mod file;
mod page;
mod placements;
mod shelf;
mod shortfall;
mod tries;
mod walk;
mod ways;
mod why;

use crate::explain::{Left, Stage, Unwatched, Watch};
use crate::explore::Newcomers;
use crate::model::{Model, ModelError};
use crate::rules::{Known, RuleSet, eligible};
use crate::session::{Session, Step};
use crate::types::{ItemIx, Mask, Owned, Placement, Request, Seen, Slate};
use walk::Walk;

/// A loaded model, the shop's rules, and the walk through them. It holds no shopper: sessions
/// are arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine {
    model: Model,
    rules: RuleSet,
    newcomers: Newcomers,
}

impl Engine {
    /// An engine that serves this model, without rules.
    pub fn new(model: Model) -> Self {
        let newcomers = Newcomers::of(&model);
        Self { model, rules: RuleSet::default(), newcomers }
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
    /// twice. Only [`Placement::RecentlyViewed`] and [`Placement::Search`] show some items
    /// only, and may give fewer.
    ///
    /// The items come in the order of the placement's ways of ranking, best first within
    /// each: what a fallback fills in stands behind what the first way had to say.
    pub fn recommend(&self, session: &Session, request: &Request) -> Slate {
        self.watched(session, request, &Unwatched)
    }

    /// The same slate, while `watch` looks on.
    pub fn watched(&self, session: &Session, request: &Request, watch: &dyn Watch) -> Slate {
        self.walk(session, request, watch).slate()
    }

    /// Everything that is settled before anything is ranked.
    fn walk<'a>(
        &'a self,
        session: &'a Session,
        request: &'a Request,
        watch: &'a dyn Watch,
    ) -> Walk<'a> {
        let steps = session.steps(|id| self.model.item_ix(id));
        watch.after(Stage::Session, None, Left::Count(steps.len()));
        let at_hand = self.at_hand(session, request);
        let mask = self.mask(session, &steps, &at_hand, request);
        watch.after(Stage::Eligible, None, Left::Mask(&mask, self.model.n_items()));
        let lifts = self.rules.lifts();
        Walk { engine: self, session, request, steps, at_hand, mask, lifts, watch }
    }

    /// The product of the page and what else the caller names; in a cart, and where nothing
    /// is named, what the session says is in the cart.
    fn at_hand(&self, session: &Session, request: &Request) -> Vec<ItemIx> {
        let mut items: Vec<ItemIx> =
            request.item.into_iter().chain(request.context.iter().copied()).collect();
        let is_cart = request.placement == Placement::Cart && request.context.is_empty();
        if items.is_empty() || is_cart {
            let cart = session.state().cart.iter();
            items.extend(cart.filter_map(|id| self.model.item_ix(id)));
        }
        ways::once(&items)
    }

    /// The caller's exclusions, what the slate is for and, unless wanted, what is known.
    fn mask(
        &self,
        session: &Session,
        steps: &[Step<ItemIx>],
        at_hand: &[ItemIx],
        request: &Request,
    ) -> Mask {
        let seen: Vec<ItemIx> = steps.iter().map(|step| step.item).collect();
        let resolve = |id: &str| self.model.item_ix(id);
        let state = session.state();
        let owned: Vec<ItemIx> =
            state.cart.iter().chain(&state.bought).filter_map(|id| resolve(id)).collect();
        let dismissed: Vec<ItemIx> = session.dismissed().into_iter().filter_map(resolve).collect();
        let known = Known { seen: &seen, owned: &owned, dismissed: &dismissed };
        let n_items = self.model.n_items();
        let mut mask = match request.placement {
            Placement::RecentlyViewed => {
                let request = Request { seen: Seen::Include, ..request.clone() };
                eligible(n_items, &request, known)
            }
            Placement::Search => {
                let request =
                    Request { seen: Seen::Include, owned: Owned::Include, ..request.clone() };
                eligible(n_items, &request, Known { dismissed: &[], ..known })
            }
            _ => eligible(n_items, request, known),
        };
        let is_for = |placement| matches!(placement, Placement::Cart | Placement::BoughtTogether);
        let context: &[ItemIx] = if is_for(request.placement) { at_hand } else { &request.context };
        context.iter().for_each(|&item| mask.close(item));
        mask
    }
}
