use super::Engine;
use crate::session::Session;
use crate::types::{Request, Slate};

impl Engine {
    /// Ranks the units of a page in their order: what one unit shows, no later one
    /// does, nor its variants where these stand for one. Each
    /// is otherwise what [`Self::recommend`] gives.
    pub fn page(&self, session: &Session, requests: &[Request]) -> Vec<Slate> {
        let mut shown = Vec::new();
        let mut slates = Vec::with_capacity(requests.len());
        for request in requests {
            let mut next = request.clone();
            self.rules().keep_apart(self.model(), &shown, &mut next);
            let slate = self.recommend(session, &next);
            shown.extend(slate.items.iter().map(|scored| scored.item));
            slates.push(slate);
        }
        slates
    }
}
