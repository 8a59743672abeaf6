//! What the session says, as the walk asks for it.

use super::walk::Walk;
use crate::explore::Record;
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

    /// How a new product has fared with this shopper: how often it was shown and not clicked.
    pub(super) fn record(&self, item: ItemIx) -> Record {
        let id = self.engine.model.item_id(item);
        let mut impressions = self.session.state().impressions.iter();
        let shown = impressions.find(|one| one.item == id).map_or(0.0, |one| one.shown);
        Record { shown, chosen: 0.0 }
    }

    /// How a way of ranking has fared with this shopper.
    pub(super) fn fared(&self, key: &str) -> Record {
        let trial = self.session.trial(key);
        trial.map_or_else(Record::default, |trial| Record {
            shown: trial.shown,
            chosen: trial.chosen,
        })
    }
}
