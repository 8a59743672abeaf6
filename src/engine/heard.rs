//! What the session says, as the walk asks for it.

use super::walk::Walk;
use crate::session::{Step, encode_with_taste, lifts, tastes};
use crate::types::{Interest, ItemIx, Lift};

impl Walk<'_> {
    /// What the steps of this visit are after, and earlier visits where they are remembered.
    pub(super) fn interest(&self, steps: &[Step<ItemIx>]) -> Interest {
        let model = self.engine.model();
        let tastes = tastes(model, self.session, self.request.moment.time_ms);
        encode_with_taste(model, steps, &tastes, model.signals().taste())
    }

    /// What else the session says of items, where they are ranked by what it is after.
    pub(super) fn heard(&self) -> Vec<Lift> {
        lifts(self.engine.model(), self.session, &self.steps)
    }
}
