use super::Visits;
use crate::evaluate::{Ranked, Ranker, Visit};
use crate::log::LogEvent;
use mercer::session::{Step, merge};
use mercer::types::{ItemIx, Seen};

/// A baseline's formula.
pub trait Score: Sync {
    /// Writes a score for every item, `[n_items]`, higher is better and none below 0; the
    /// slice comes with zeros, which mean that nothing is known. `steps` are the items the shopper was on, oldest first, repeats included, as
    /// numbers of [`Visits`]; items that it does not know are left out.
    fn score(&self, steps: &[u32], scores: &mut [f64]);
}

/// A formula over the items of a training log, to be judged like a model file. All items of
/// log and catalogue are ranked. Of equal scores the item that was visited last stands first;
/// the items about which the formula knows nothing are tied, and ties count against it.
pub struct Baseline<'a> {
    visits: &'a Visits,
    formula: Box<dyn Score + 'a>,
}

impl<'a> Baseline<'a> {
    /// Ranks the items of `visits`, from which the formula was made, by `formula`.
    pub fn new(visits: &'a Visits, formula: Box<dyn Score + 'a>) -> Self {
        Self { visits, formula }
    }
}

impl Ranker for Baseline<'_> {
    fn n_items(&self) -> usize {
        self.visits.n_items()
    }

    fn item_ix(&self, id: &str) -> Option<ItemIx> {
        self.visits.find(id).map(ItemIx)
    }

    fn item_id(&self, item: ItemIx) -> &str {
        &self.visits.items()[item.at()]
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of visits")]
    fn sessions(&self) -> Vec<f64> {
        self.visits.counts().map(|count| count as f64).collect()
    }

    fn begin(&self) -> Box<dyn Visit + '_> {
        Box::new(BaselineVisit { baseline: self, events: Vec::new() })
    }
}

/// The events of one shopper about items that the training knew.
struct BaselineVisit<'a> {
    baseline: &'a Baseline<'a>,
    events: Vec<Step<u32>>,
}

impl Visit for BaselineVisit<'_> {
    fn observe(&mut self, item: &str, event: &LogEvent) {
        if let Some(item) = self.baseline.visits.find(item) {
            self.events.push(Step { item, kind: event.kind, dwell_ms: None });
        }
    }

    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let steps: Vec<u32> =
            merge(self.events.iter().copied()).iter().map(|step| step.item).collect();
        let mut scores = vec![0.0; self.baseline.n_items()];
        self.baseline.formula.score(&steps, &mut scores);
        let may_stand = |item: &u32| seen == Seen::Include || !steps.contains(item);
        let items = || (0_u32..).zip(&scores).filter(|(item, _)| may_stand(item));
        let scored = items().filter(|(_, score)| **score > 0.0).map(|(item, _)| item).collect();
        let mut slate = self.baseline.ordered(scored, &scores, count);
        let unknown = items().filter(|(_, score)| **score <= 0.0);
        let unknown = unknown.map(|(item, _)| Ranked { item: ItemIx(item), score: 0.0 });
        slate.extend(unknown.take(count - slate.len()));
        slate
    }
}

impl Baseline<'_> {
    /// The best `count` of the items, which all have a score: equal scores in the order of
    /// their last visit, the newest first, then in that of the items. The slate's scores are
    /// places counted from the worst, so that this order is no tie.
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^24 items")]
    fn ordered(&self, mut items: Vec<u32>, scores: &[f64], count: usize) -> Vec<Ranked> {
        let last_visit = |item: &u32| self.visits.with_item(*item).last();
        let order = |one: &u32, other: &u32| {
            let by_score = scores[*other as usize].total_cmp(&scores[*one as usize]);
            by_score
                .then_with(|| last_visit(other).cmp(&last_visit(one)))
                .then_with(|| one.cmp(other))
        };
        if count < items.len() {
            items.select_nth_unstable_by(count, order);
            items.truncate(count);
        }
        items.sort_unstable_by(order);
        let place = |(at, item)| Ranked { item: ItemIx(item), score: (self.n_items() - at) as f32 };
        items.into_iter().enumerate().map(place).collect()
    }
}
