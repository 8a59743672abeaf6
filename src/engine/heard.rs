//! What the session says, as the walk asks for it.

use super::walk::Walk;
use crate::explore::Record;
use crate::kernels::sort_by;
use crate::session::{Impression, Step, encode_with_taste, lifts, searched, tastes};
use crate::types::{Interest, ItemIx, Lift};

impl Walk<'_> {
    /// What the steps of this visit are after, and earlier visits where they are remembered.
    pub(super) fn interest(&self, steps: &[Step<ItemIx>]) -> Interest {
        let model = self.engine.model();
        let tastes = tastes(model, self.session, self.request.moment.time_ms);
        encode_with_taste(model, steps, &tastes, model.signals().taste())
    }

    /// What else the session says of items, where they are ranked by what it is after.
    pub(super) fn heard(&self) -> &[Lift] {
        let words = self.request.query.as_deref();
        self.heard.get_or_init(|| lifts(self.engine.model(), self.session, &self.steps, words))
    }

    /// What is like the words of the search: the request's, or else the latest of the session.
    pub(super) fn searched(&self) -> Option<Lift> {
        searched(self.engine.model(), self.session, self.request.query.as_deref())
    }

    /// How new products have fared with this shopper, ascending by item: how often each was
    /// shown and not clicked.
    pub(super) fn records(&self) -> Vec<(ItemIx, Record)> {
        let impressions = self.session.state().impressions.iter();
        let record = |one: &Impression| {
            let item = self.engine.model.item_ix(&one.item)?;
            Some((item, Record { shown: one.shown, chosen: 0.0 }))
        };
        let mut records: Vec<(ItemIx, Record)> = impressions.filter_map(record).collect();
        sort_by(&mut records, |a, b| a.0.cmp(&b.0));
        records
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
