//! The newest sessions, held out of a rehearsal of the fit: every signal of every item, for
//! those who weigh the signals against each other.

use super::batch::Example;
use super::encode::{Dropout, Encoded};
use super::params::Params;
use super::successors::Lists;
use crate::features::{Sequences, StepRow};
use mercer::rng::Rng;
use ndarray::{Array2, Axis, linalg::general_mat_mul};
use std::collections::HashMap;

/// Scores computed a pass, at most: cases × items.
const MAX_SCORES: usize = 150_000_000;
/// Held-out cases below which there is nothing to weigh signals on.
pub(super) const MIN_CASES: usize = 200;
/// Kinds of lists: successors, what is described alike, and of the newcomers what is described
/// alike and what came with their like.
pub(super) const N_LISTS: usize = 4;
/// The likeness of items that are no candidates.
const OUT: f32 = -100.0;
/// Cases whose scores are held at a time.
const CHUNK: usize = 32;

/// Held-out cases, and the rehearsed model that ranks them.
pub(super) struct HeldOut<'a> {
    sequences: &'a Sequences,
    cases: Vec<Example>,
    threads: usize,
    /// `τ·ê` of every item, `[n_items, dim]`.
    items: Array2<f32>,
    params: &'a Params,
    /// 1 for the newcomers, else 0, `[n_items]`.
    new: Vec<f32>,
    /// How much oftener than all over an item was gone to lately, `[n_items]`.
    trends: Option<Vec<f32>>,
    /// Items that nobody can have come to.
    out: Vec<usize>,
    reach: Option<Reach<'a>>,
}

/// One held-out case: the features of every item, and which came next.
pub(super) struct Case<'a> {
    /// `τ·h·e_i`, `[n_items]`.
    pub(super) likeness: &'a [f32],
    pub(super) biases: &'a [f32],
    /// 1 for the newcomers, else 0, `[n_items]`.
    pub(super) new: &'a [f32],
    /// [`super::trend`], `[n_items]`.
    pub(super) trends: &'a [f32],
    /// What speaks for single items, each once: the session's, newest first, then the other
    /// successors of its items.
    pub(super) marks: Vec<Mark>,
    pub(super) answer: u32,
    /// What it counts.
    pub(super) weight: f32,
}

/// What speaks for one item beside its likeness and its bias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) item: usize,
    /// Its newest position in the session, newest first, if it stands there.
    pub(super) place: Option<usize>,
    /// `Σ_t reach_t · weight(item_t → item)`, by successors and by content.
    pub(super) near: [f32; N_LISTS],
}

/// What goes with each item, and how much each step of the session counts.
pub(super) struct Reach<'a> {
    /// What came soon after it; what the catalogue describes alike.
    pub(super) lists: [Option<&'a Lists>; N_LISTS],
    /// Newest first, `[max_steps]`.
    pub(super) steps: Vec<f32>,
}

impl<'a> HeldOut<'a> {
    /// Where there are many examples, an even selection of them is taken.
    pub(super) fn new(
        params: &'a Params,
        sequences: &'a Sequences,
        examples: &[Example],
        threads: usize,
    ) -> Self {
        let most = (MAX_SCORES / sequences.n_items()).max(MIN_CASES);
        let stride = examples.len().div_ceil(most).max(1);
        let cases = examples.iter().copied().step_by(stride).collect();
        let mut items = params.items.clone();
        let temperature = params.temperature();
        for (mut row, norm) in items.rows_mut().into_iter().zip(&params.inverse_norms) {
            row *= temperature * norm;
        }
        let new = vec![0.0; sequences.n_items()];
        let (trends, out, reach) = (None, Vec::new(), None);
        Self { sequences, cases, threads, items, params, new, trends, out, reach }
    }

    /// Tells which items are newcomers to the rehearsal, and which are no candidates at all.
    pub(super) fn set_new(&mut self, new: &[bool], out: &[bool]) {
        self.new = new.iter().map(|&new| f32::from(u8::from(new))).collect();
        self.out = (0..out.len()).filter(|&item| out[item]).collect();
    }

    /// Tells the items' trends before the cases, none at first; gives what was told before.
    pub(super) fn set_trends(&mut self, trends: Option<Vec<f32>>) -> Option<Vec<f32>> {
        std::mem::replace(&mut self.trends, trends)
    }

    /// The same cases with these lists; with none at first.
    pub(super) fn set_reach(&mut self, reach: Option<Reach<'a>>) {
        self.reach = reach;
    }

    /// Whether there are newcomers to the rehearsal.
    pub(super) fn has_new(&self) -> bool {
        self.new.iter().any(|&new| new > 0.0)
    }

    /// The bonus that the fit gave to returns, newest position first.
    pub(super) fn trained_returns(&self) -> &[f32] {
        self.params.small.returning()
    }

    /// Shows every case to `add`, shared out among the threads; gives what each thread made
    /// of its share, in the order of the cases.
    pub(super) fn fold<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, &Case<'_>) + Sync,
    ) -> Vec<T> {
        let per_thread = self.cases.len().div_ceil(self.threads).max(1);
        let (start, add) = (&start, &add);
        std::thread::scope(|scope| {
            let part = |cases| {
                scope.spawn(move || {
                    let mut sum = start();
                    self.each(cases, |case| add(&mut sum, case));
                    sum
                })
            };
            let threads: Vec<_> = self.cases.chunks(per_thread).map(part).collect();
            threads.into_iter().map(|t| t.join().expect("weighing does not panic")).collect()
        })
    }

    fn each(&self, cases: &[Example], mut show: impl FnMut(&Case<'_>)) {
        let max_steps = self.trained_returns().len();
        let mut scores = Array2::zeros((CHUNK, self.items.nrows()));
        let none = vec![0.0; self.items.nrows()];
        let trends = self.trends.as_ref().unwrap_or(&none);
        for part in cases.chunks(CHUNK) {
            let mut chunk = Encoded::new();
            for case in part {
                let prefix = case.prefix(self.sequences, max_steps);
                chunk.push(self.params, prefix, &mut Dropout::new(0.0, Rng::new(0)));
            }
            chunk.encode(self.params);
            let mut scores = scores.slice_axis_mut(Axis(0), (0..part.len()).into());
            general_mat_mul(1.0, &chunk.interests, &self.items.t(), 0.0, &mut scores);
            for &item in &self.out {
                scores.column_mut(item).fill(OUT);
            }
            for (at, (case, likeness)) in part.iter().zip(scores.rows()).enumerate() {
                show(&Case {
                    likeness: likeness.to_slice().expect("row-major"),
                    biases: &self.params.biases,
                    new: &self.new,
                    trends,
                    marks: self.marks(chunk.steps_of(at)),
                    answer: case.answer(self.sequences),
                    weight: case.weight(self.sequences),
                });
            }
        }
    }

    /// What speaks for single items after these steps, newest first.
    fn marks(&self, steps: &[StepRow]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (t, step) in steps.iter().enumerate() {
            let item = step.item as usize;
            if marks.iter().all(|mark| mark.item != item) {
                marks.push(Mark { item, place: Some(t), near: [0.0; N_LISTS] });
            }
        }
        let Some(reach) = &self.reach else { return marks };
        let mut at: HashMap<usize, usize> =
            marks.iter().enumerate().map(|(at, mark)| (mark.item, at)).collect();
        for (step, &share) in steps.iter().zip(&reach.steps).filter(|(_, share)| **share > 0.0) {
            for (kind, lists) in reach.lists.iter().enumerate() {
                let Some(lists) = lists else { continue };
                for &(item, weight) in &lists[step.item as usize] {
                    let item = item as usize;
                    let known = *at.entry(item).or_insert(marks.len());
                    if known == marks.len() {
                        marks.push(Mark { item, place: None, near: [0.0; N_LISTS] });
                    }
                    marks[known].near[kind] += share * weight;
                }
            }
        }
        marks
    }
}
