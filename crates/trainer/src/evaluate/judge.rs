use super::beyond::{Beyond, Past};
use super::cases::Case;
use super::exposure::Exposures;
use super::facts::Facts;
use super::metrics::{Accuracy, Columns};
use super::rank::{Answer, Asked};
use super::ranker::{Ranked, Ranker, Visit};
use super::run::Options;
use super::segments::{Segment, Segments};
use super::table::add;
use crate::log::LogEvent;
use mercer::types::ItemIx;
use std::collections::HashSet;
use std::time::Instant;

/// What one session showed.
pub(super) struct Judged {
    /// Sums of [`Columns`] over its cases.
    pub(super) accuracy: Vec<f64>,
    /// The same, where only items the shopper had not been on are right.
    pub(super) new_items: Vec<f64>,
    /// Sums of [`Columns`] and of the columns of [`Beyond`] over its cases in each segment.
    pub(super) segments: Vec<(Segment, Vec<f64>)>,
    /// Sums of the columns of [`Beyond`].
    pub(super) beyond: Vec<f64>,
    pub(super) unknown_targets: usize,
    /// Microseconds of each slate.
    pub(super) times: Vec<f64>,
}

/// Judges sessions one by one.
pub(super) struct Judge<'a> {
    pub(super) ranker: &'a dyn Ranker,
    pub(super) options: &'a Options,
    pub(super) facts: Option<&'a Facts<'a>>,
    pub(super) segments: Option<&'a Segments<'a>>,
}

impl Judge<'_> {
    /// How slates are judged by more than being right, if they are.
    pub(super) fn beyond(&self) -> Option<Beyond<'_>> {
        let Options { at, seen, beyond, .. } = self.options;
        let facts = self.facts.filter(|_| *beyond)?;
        Some(Beyond { ranker: self.ranker, facts, at, seen: *seen })
    }

    /// The columns of accuracy.
    pub(super) fn columns(&self) -> Columns<'_> {
        Columns { metrics: &Accuracy::ALL, at: &self.options.at }
    }

    /// Walks through one session.
    pub(super) fn session(&self, case: &Case<'_>, exposures: &mut Exposures) -> Judged {
        let mut visit = self.ranker.begin();
        let mut known = Known::default();
        let mut judged = self.nothing();
        for (item, event) in &case.history {
            visit.observe(item, event);
            known.observe(item, event, self);
        }
        let mut predictions = case.predictions.iter().peekable();
        for (at, (item, event)) in case.events.iter().enumerate() {
            if let Some(prediction) = predictions.next_if(|prediction| prediction.known == at) {
                let segments = self.segments.map(|segments| segments.of(case, prediction));
                let segments = segments.unwrap_or_default();
                let right = (case.right(prediction), &*segments);
                let slate = self.predict(&mut *visit, &known, right, &mut judged);
                if self.options.beyond {
                    exposures.show(&slate, &self.options.at, &segments);
                }
            }
            visit.observe(item, event);
            known.observe(item, event, self);
        }
        judged
    }

    fn nothing(&self) -> Judged {
        Judged {
            accuracy: vec![0.0; self.columns().width()],
            new_items: vec![0.0; self.columns().width()],
            segments: Vec::new(),
            beyond: vec![0.0; self.beyond().map_or(0, |beyond| beyond.width())],
            unknown_targets: 0,
            times: Vec::new(),
        }
    }

    /// Asks for a slate, adds what it is worth to `judged`, and returns it; empty where nobody
    /// asks for more than the ranks of items the ranker does not know.
    fn predict(
        &self,
        visit: &mut dyn Visit,
        known: &Known<'_>,
        (right, segments): (&[&str], &[Segment]),
        judged: &mut Judged,
    ) -> Vec<Ranked> {
        let mut answers = self.answers(right);
        let is_known = answers.iter().any(|answer| answer.item.is_some());
        judged.unknown_targets += usize::from(!is_known);
        let mut slate = Vec::new();
        if is_known || self.options.beyond {
            let (length, n_items) = (self.options.at.longest(), self.ranker.n_items());
            let mut asked = Asked { visit, length, seen: self.options.seen, n_items };
            let start = Instant::now();
            slate = asked.slate();
            judged.times.push(start.elapsed().as_secs_f64() * 1e6);
            asked.place(&slate, &mut answers);
        }
        let mut row = self.tally(&answers, known, judged);
        if let Some(beyond) = self.beyond() {
            let found = |answer: &Answer<'_>| Some((answer.item?, answer.rank?));
            let found: Vec<(ItemIx, usize)> = answers.iter().filter_map(found).collect();
            let beyond = beyond.row(&slate, &known.past(), &found, answers.len());
            add(&mut judged.beyond, &beyond);
            row.extend(beyond);
        }
        tally_segments(&row, segments, judged);
        slate
    }

    /// The distinct right answers, not yet placed.
    fn answers<'b>(&self, right: &[&'b str]) -> Vec<Answer<'b>> {
        let mut ids = right.to_vec();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| Answer { id, item: self.ranker.item_ix(id), rank: None }).collect()
    }

    /// Adds how accurate the slate is, all items and new ones; gives the row of the former.
    fn tally(&self, answers: &[Answer<'_>], known: &Known<'_>, judged: &mut Judged) -> Vec<f64> {
        let columns = self.columns();
        let row = columns.row(&ranks(answers), answers.len());
        add(&mut judged.accuracy, &row);
        let new: Vec<Answer<'_>> =
            answers.iter().copied().filter(|answer| !known.ids.contains(answer.id)).collect();
        if !new.is_empty() {
            add(&mut judged.new_items, &columns.row(&ranks(&new), new.len()));
        }
        row
    }
}

/// Adds a case to the segments it is in.
fn tally_segments(row: &[f64], segments: &[Segment], judged: &mut Judged) {
    for segment in segments {
        match judged.segments.iter_mut().find(|(other, _)| other == segment) {
            Some((_, sums)) => add(sums, row),
            None => judged.segments.push((*segment, row.to_vec())),
        }
    }
}

/// The places of those in the slate, ascending.
fn ranks(answers: &[Answer<'_>]) -> Vec<usize> {
    let mut ranks: Vec<usize> = answers.iter().filter_map(|answer| answer.rank).collect();
    ranks.sort_unstable();
    ranks
}

/// What the shopper was on so far.
#[derive(Default)]
struct Known<'a> {
    ids: HashSet<&'a str>,
    items: Vec<ItemIx>,
    /// `[n_categories]`, empty before the first item that has one.
    categories: Vec<f64>,
}

impl<'a> Known<'a> {
    fn observe(&mut self, id: &'a str, event: &LogEvent, judge: &Judge<'_>) {
        if id.is_empty() || !event.kind.is_interest() || !self.ids.insert(id) {
            return;
        }
        let Some(facts) = judge.facts else { return };
        self.items.extend(judge.ranker.item_ix(id));
        if let Some(category) = facts.category_of(id) {
            self.categories.resize(facts.n_categories, 0.0);
            self.categories[category] += 1.0;
        }
    }

    fn past(&self) -> Past<'_> {
        Past { items: &self.items, n_items: self.ids.len(), categories: &self.categories }
    }
}
