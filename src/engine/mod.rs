//! The walk from a session to a slate: the only folder that knows the order of the stages.
//!
//! *Input → output:* [`Session`] and [`Request`] → [`Slate`].
//!
//! **Architecture Invariant:** what each placement is made of is data (`placements.rs`). The
//! engine holds a model and rules and no shopper.

mod heard;
mod known;
mod live;
mod page;
mod placements;
mod shards;
mod shelf;
mod shortfall;
mod tries;
mod walk;
mod ways;
mod why;

use crate::explain::{Left, Stage, Unwatched, Watch};
use crate::explore::Newcomers;
use crate::model::{Model, ModelError};
use crate::rules::{Eligibility, Known, RuleSet, eligible};
use crate::session::{Session, Step, rotation};
use crate::types::{ItemIx, Owned, Placement, Request, Seen, Slate};
pub use shards::Wanted;
use std::cell::OnceCell;
pub use tries::Tries;
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
        Self { rules: RuleSet::none(&model), model, newcomers }
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
        self.walk(session, request, watch, |walk| walk.slate())
    }

    /// Settles everything that is settled before anything is ranked, and goes on from there.
    fn walk<T>(
        &self,
        session: &Session,
        request: &Request,
        watch: &dyn Watch,
        go: impl for<'a> FnOnce(&'a Walk<'a>) -> T,
    ) -> T {
        let steps = session.steps(|id| self.model.item_ix(id));
        watch.after(Stage::Session, None, Left::Count(steps.len()));
        let request = &self.complete(session, request);
        let at_hand: Vec<ItemIx> = request.item.iter().chain(&request.context).copied().collect();
        let at_hand = ways::once(&at_hand);
        let eligibility = self.eligibility(session, &steps, request);
        why::tell_eligible(watch, &eligibility);
        let mut lifts = self.rules.lifts(&self.model, request);
        let now_ms = request.moment.time_ms;
        lifts.extend(rotation(&self.model, session, now_ms, request.rotation));
        let heard = OnceCell::new();
        go(&Walk {
            engine: self,
            session,
            request,
            steps,
            at_hand,
            eligibility,
            lifts,
            watch,
            heard,
        })
    }

    /// The request with everything said that it leaves to be understood: a cart is what the
    /// session says is in the cart; what the shopper or the caller lists is not left out for
    /// being known.
    fn complete(&self, session: &Session, request: &Request) -> Request {
        let mut request = request.clone();
        let is_nameless = request.placement == Placement::BoughtTogether && request.item.is_none();
        let is_cart = request.placement == Placement::Cart || is_nameless;
        if is_cart && request.context.is_empty() {
            request.context = session.cart().filter_map(|id| self.model.item_ix(id)).collect();
        }
        let lists = [Placement::RecentlyViewed, Placement::Search];
        if lists.contains(&request.placement) {
            request.seen = Seen::Include;
        }
        if request.placement == Placement::Search {
            request.owned = Owned::Include;
        }
        request
    }

    /// What may be shown, and why the rest may not.
    fn eligibility(
        &self,
        session: &Session,
        steps: &[Step<ItemIx>],
        request: &Request,
    ) -> Eligibility {
        let resolve = |id: &str| self.model.item_ix(id);
        let seen: Vec<ItemIx> = steps.iter().map(|step| step.item).collect();
        let owned: Vec<ItemIx> = session.owned().filter_map(resolve).collect();
        let dismissed: Vec<ItemIx> = match request.placement {
            Placement::Search => Vec::new(),
            _ => session.dismissed().into_iter().filter_map(resolve).collect(),
        };
        let known = Known { seen: &seen, owned: &owned, dismissed: &dismissed };
        eligible(&self.rules, &self.model, request, known)
    }
}
