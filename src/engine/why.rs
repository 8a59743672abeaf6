use super::Engine;
use super::placements::recipe;
use super::walk::Walk;
use super::ways::Among;
use crate::explain::{Stage, Tracer, Unwatched, Why, why};
use crate::ranking::open;
use crate::session::Session;
use crate::types::{ItemIx, Request};

impl Engine {
    /// Why an item is in the slate that [`Self::recommend`] gives, or what kept it out. `item`
    /// is the shop's id.
    pub fn why(&self, session: &Session, request: &Request, item: &str) -> Why {
        let Some(item) = self.model.item_ix(item) else { return Why::Unknown };
        let tracer = Tracer::default();
        let walk = self.walk(session, request, &tracer);
        walk.slate();
        if !walk.mask.allows(item) && !tracer.is_left(Stage::Placed, item) {
            return Why::Closed { cause: "known", rule: None };
        }
        let score = self.walk(session, request, &Unwatched).score(item);
        why(&tracer.into_trace(), item, request.count, score)
    }
}

impl Walk<'_> {
    /// What an item would score by the first way of ranking that speaks of the whole
    /// catalogue; `None` where there is none.
    fn score(&self, item: ItemIx) -> Option<f32> {
        let ways = recipe(self.request.placement).chain.iter();
        let ranking = ways.filter_map(|&way| self.read(way));
        let total = ranking.into_iter().find(|ranking| matches!(ranking.among, Among::All));
        total.map(|ranking| open(&self.engine.model, &ranking.reading, item).score)
    }
}
