use super::Engine;
use crate::session::Session;
use crate::types::{Request, Slate};

impl Engine {
    /// Ranks the units of a page in their order: what one unit shows, no later one does. Each
    /// is otherwise what [`Self::recommend`] gives.
    pub fn page(&self, session: &Session, requests: &[Request]) -> Vec<Slate> {
        let mut shown = Vec::new();
        let mut slates = Vec::with_capacity(requests.len());
        for request in requests {
            let exclude = request.exclude.iter().chain(&shown).copied().collect();
            let slate = self.recommend(session, &Request { exclude, ..request.clone() });
            shown.extend(slate.items.iter().map(|scored| scored.item));
            slates.push(slate);
        }
        slates
    }
}
