use super::Visits;
use crate::evaluate::{Ranked, Ranker, Visit, best};
use crate::log::LogEvent;
use mercer::session::{Step, merge};
use mercer::types::{ItemIx, Seen};

/// A baseline's formula.
pub trait Score: Sync {
    /// Writes a score for every item, `[n_items]`, higher is better; the slice comes with
    /// zeros. `steps` are the items the shopper was on, oldest first, repeats included, as
    /// numbers of [`Visits`]; items that it does not know are left out.
    fn score(&self, steps: &[u32], scores: &mut [f64]);
}

/// A formula over the items of a training log, to be judged like a model file. All items of
/// log and catalogue are ranked; those about which the formula knows nothing score 0, which
/// is a tie, and ties count against it.
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

    #[expect(clippy::cast_possible_truncation, reason = "slates carry f32 scores")]
    fn slate(&mut self, count: usize, seen: Seen) -> Vec<Ranked> {
        let steps: Vec<u32> =
            merge(self.events.iter().copied()).iter().map(|step| step.item).collect();
        let mut scores = vec![0.0; self.baseline.n_items()];
        self.baseline.formula.score(&steps, &mut scores);
        let scores: Vec<f32> = scores.iter().map(|&score| score as f32).collect();
        let left_out = match seen {
            Seen::Include => Vec::new(),
            Seen::LeaveOut => steps.iter().map(|&item| ItemIx(item)).collect(),
        };
        best(&scores, &left_out, count)
    }
}
