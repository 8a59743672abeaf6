use super::Engine;
use crate::session::Session;
use crate::types::{Request, Slate};

impl Engine {
    /// Ranks the units of a page in their order: what one unit shows, no later one
    /// does, nor its variants where these stand for one. Each
    /// is otherwise what [`Self::recommend`] gives.
    pub fn page(&self, session: &Session, requests: &[Request]) -> Vec<Slate> {
        self.page_with(requests, |request| self.recommend(session, request))
    }

    /// The same, each unit ranked by `rank` with what the units before it leave.
    pub fn page_with(
        &self,
        requests: &[Request],
        mut rank: impl FnMut(&Request) -> Slate,
    ) -> Vec<Slate> {
        let mut shown = Vec::new();
        let mut slates = Vec::with_capacity(requests.len());
        for request in requests {
            let mut next = request.clone();
            self.rules().keep_apart(self.model(), &shown, &mut next);
            let slate = rank(&next);
            shown.extend(slate.items.iter().map(|scored| scored.item));
            slates.push(slate);
        }
        slates
    }
}
