//! One step of the optimiser: gradients of a batch on all threads, then the update, item
//! ranges shared out among the same threads. Who does what depends on the thread count
//! alone, so the result does too.

use super::batch::Example;
use super::encode::{Dropout, Encoded, ItemGradients, through_unit};
use super::loss::{Answer, Columns, Loss, Partial, Returns};
use super::negatives::Shared;
use super::params::{Params, Small, inverse_norm};
use super::settings::{Ingredient, Settings};
use crate::features::Sequences;
use crate::fit::adam::{Moments, Pace};
use mercer::rng::Rng;
use ndarray::Array2;
use pulp::{Arch, Simd, WithSimd};

/// Examples whose logits are held at a time: their rows stay in the cache.
const CHUNK: usize = 64;

/// What is learned from, and how.
#[derive(Clone, Copy)]
pub(super) struct Lesson<'a> {
    pub(super) sequences: &'a Sequences,
    /// The items' content vectors, `[n_items, input]`, if they have any.
    pub(super) content: Option<&'a Array2<f32>>,
    pub(super) settings: &'a Settings,
    pub(super) returns: Returns,
}

/// The room one step needs, used again by the next.
pub(super) struct Step<'a> {
    sequences: &'a Sequences,
    settings: &'a Settings,
    content: Option<&'a Array2<f32>>,
    returns: Returns,
    /// Share of the coordinates of the session's vectors that are dropped.
    hidden: f32,
    arch: Arch,
    partials: Vec<Partial>,
    /// Gradients of the items' unit vectors, `[n_items, dim]`; zero between steps.
    gradients: Array2<f32>,
    bias_gradients: Vec<f32>,
    touched: Vec<bool>,
}

impl<'a> Step<'a> {
    /// A share of the coordinates is `hidden`, and `n_columns` candidates are shared by the
    /// examples of a step.
    pub(super) fn new(lesson: Lesson<'a>, (hidden, n_columns): (f32, usize)) -> Self {
        let Lesson { sequences, content, settings, returns } = lesson;
        let (n_items, dim) = (sequences.n_items(), settings.dim);
        let partial = Partial::new(n_columns, settings.max_steps, dim);
        Self {
            sequences,
            settings,
            content,
            returns,
            hidden,
            arch: Arch::new(),
            partials: vec![partial; settings.threads],
            gradients: Array2::zeros((n_items, dim)),
            bias_gradients: vec![0.0; n_items],
            touched: vec![false; n_items],
        }
    }

    /// Moves `params` against the gradient of the weighted mean loss of `examples` and returns that
    /// loss, in nats.
    pub(super) fn take(
        &mut self,
        params: &mut Params,
        examples: &[Example],
        shared: &Shared,
        (pace, rng): (Pace, &Rng),
    ) -> f64 {
        if let Some(content) = self.content {
            let items = self.items_of(examples, shared);
            let mut new = rng.fork(u64::MAX);
            let share = self.settings.as_new;
            params.compose(content, items, (share, &mut new, self.settings.threads));
        }
        self.gradients(params, examples, shared, rng);
        let mut small = Small::zeros(self.settings.max_steps, self.settings.dim);
        for partial in &self.partials {
            for (sum, x) in small.flat.iter_mut().zip(&partial.small.flat) {
                *sum += x;
            }
        }
        if !self.settings.with(Ingredient::Attention) {
            small.attention_mut().fill(0.0);
        }
        params.update_small(&small, pace, self.settings.haste);
        self.update_items(params, shared, pace);
        if let Some(parts) = &mut params.parts {
            let pace = (pace, self.settings.haste, self.settings.threads);
            parts.learn(&mut self.gradients, &mut self.bias_gradients, pace);
        }
        let loss = self.partials.iter().map(|partial| partial.loss).sum::<f64>();
        loss / self.weight(examples)
    }

    /// Every item that the step has to do with, once.
    fn items_of(&mut self, examples: &[Example], shared: &Shared) -> Vec<u32> {
        let mut items = Vec::new();
        let mut add = |item: u32| {
            if !std::mem::replace(&mut self.touched[item as usize], true) {
                items.push(item);
            }
        };
        shared.items.iter().copied().for_each(&mut add);
        for example in examples {
            add(example.answer(self.sequences));
            let prefix = example.prefix(self.sequences, self.settings.max_steps);
            prefix.for_each(|step| add(step.item));
        }
        for &item in &items {
            self.touched[item as usize] = false;
        }
        items
    }

    /// What the examples count together.
    fn weight(&self, examples: &[Example]) -> f64 {
        examples.iter().map(|example| f64::from(example.weight(self.sequences))).sum()
    }

    /// Fills the partials, one thread each.
    fn gradients(&mut self, params: &Params, examples: &[Example], shared: &Shared, rng: &Rng) {
        #[expect(clippy::cast_possible_truncation, reason = "gradients are f32")]
        let share = 1.0 / self.weight(examples) as f32;
        let columns = Columns::gather(params, shared);
        let returns = self.returns;
        let loss = Loss { arch: self.arch, params, columns: &columns, returns, share };
        let per_thread = examples.len().div_ceil(self.partials.len());
        let (sequences, max_steps, loss) = (self.sequences, self.settings.max_steps, &loss);
        let hidden = self.hidden;
        std::thread::scope(|scope| {
            for (thread, partial) in self.partials.iter_mut().enumerate() {
                partial.clear();
                let from = (thread * per_thread).min(examples.len());
                let mine = &examples[from..(from + per_thread).min(examples.len())];
                let work = Work { sequences, max_steps, hidden, loss };
                let first = u64::try_from(from).expect("small");
                scope.spawn(move || work.run(mine, partial, |at| rng.fork(first + at)));
            }
        });
    }

    /// Adds the partials up by item and moves the items, one range of items a thread.
    fn update_items(&mut self, params: &mut Params, shared: &Shared, pace: Pace) {
        let dim = self.settings.dim;
        let rows = self.sequences.n_items().div_ceil(self.partials.len()).max(1);
        let (partials, arch) = (&self.partials, self.arch);
        let [first, second] = &mut params.item_moments;
        let [bias_first, bias_second] = &mut params.bias_moments;
        let (moved, moved_biases, shown) = match &mut params.parts {
            Some(parts) => {
                (&mut parts.own, &mut parts.own_biases, Some((&params.items, &parts.new)))
            }
            None => (&mut params.items, &mut params.biases, None),
        };
        let matrices = [moved, first, second, &mut self.gradients].map(|matrix| {
            matrix.as_slice_mut().expect("row-major, never sliced").chunks_mut(rows * dim)
        });
        let [items, first, second, gradients] = matrices;
        let biases = moved_biases.chunks_mut(rows).zip(self.bias_gradients.chunks_mut(rows));
        let bias_moments = bias_first.chunks_mut(rows).zip(bias_second.chunks_mut(rows));
        let marks = params.inverse_norms.chunks_mut(rows).zip(self.touched.chunks_mut(rows));
        let matrices = items.zip(first).zip(second).zip(gradients);
        let vectors = biases.zip(bias_moments).zip(marks);
        std::thread::scope(|scope| {
            for (range, (matrix, vector)) in matrices.zip(vectors).enumerate() {
                let (((items, first), second), gradients) = matrix;
                let (((biases, bias_gradients), bias_moments), (norms, touched)) = vector;
                let mut part = Range {
                    from: range * rows,
                    dim,
                    items,
                    norms,
                    biases,
                    moments: Moments { first, second },
                    bias_moments: Moments { first: bias_moments.0, second: bias_moments.1 },
                    gradients,
                    bias_gradients,
                    touched,
                    shown: shown.map(|(items, new)| Shown { items, new }),
                };
                scope.spawn(move || {
                    part.gather(partials, shared);
                    arch.dispatch(Update { part, pace });
                });
            }
        });
    }
}

/// One thread's examples of a step.
struct Work<'a> {
    sequences: &'a Sequences,
    max_steps: usize,
    hidden: f32,
    loss: &'a Loss<'a>,
}

impl Work<'_> {
    /// `rng_of` gives each example its own generator, by position.
    fn run(&self, examples: &[Example], partial: &mut Partial, rng_of: impl Fn(u64) -> Rng) {
        let mut logits = Array2::zeros((0, 0));
        let mut at = 0;
        for part in examples.chunks(CHUNK) {
            let mut chunk = Encoded::new();
            for example in part {
                let mut dropout = Dropout::new(self.hidden, rng_of(at));
                let prefix = example.prefix(self.sequences, self.max_steps);
                chunk.push(self.loss.params, prefix, &mut dropout);
                at += 1;
            }
            chunk.encode(self.loss.params);
            let answer = |example: &Example| Answer {
                item: example.answer(self.sequences),
                weight: example.weight(self.sequences),
            };
            let answers: Vec<Answer> = part.iter().map(answer).collect();
            let gradients = self.loss.backward(&chunk, &answers, &mut logits, partial);
            let into = (&mut partial.small, &mut partial.items);
            chunk.backward(&gradients, &self.loss.params.small, into);
        }
    }
}

/// One thread's range of items: everything that belongs to it, as slices.
struct Range<'a> {
    from: usize,
    dim: usize,
    items: &'a mut [f32],
    norms: &'a mut [f32],
    biases: &'a mut [f32],
    moments: Moments<'a>,
    bias_moments: Moments<'a>,
    gradients: &'a mut [f32],
    bias_gradients: &'a mut [f32],
    touched: &'a mut [bool],
    shown: Option<Shown<'a>>,
}

/// [`Range::update`], on the widest registers there are.
struct Update<'a> {
    part: Range<'a>,
    pace: Pace,
}

impl WithSimd for Update<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "it takes on the registers of its caller")]
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        self.part.update(self.pace);
    }
}

/// How described items were shown: all of them, not only a range.
struct Shown<'a> {
    /// Composed vectors, `[n_items, dim]`.
    items: &'a Array2<f32>,
    /// Which ones were shown as new, `[n_items]`.
    new: &'a [bool],
}

impl Range<'_> {
    /// Adds up what the threads found for the items of this range, thread by thread.
    fn gather(&mut self, partials: &[Partial], shared: &Shared) {
        for partial in partials {
            self.add(&partial.items);
            let rows = partial.columns.as_slice().expect("row-major, never sliced");
            for (column, &item) in shared.items.iter().enumerate() {
                let row = &rows[column * self.dim..][..self.dim];
                self.add_row(item, row, partial.column_biases[column]);
            }
        }
    }

    fn add(&mut self, found: &ItemGradients) {
        let rows = found.rows.chunks_exact(self.dim).zip(&found.biases);
        for (&item, (row, &bias)) in found.items.iter().zip(rows) {
            self.add_row(item, row, bias);
        }
    }

    fn add_row(&mut self, item: u32, row: &[f32], bias: f32) {
        let Some(at) = (item as usize).checked_sub(self.from) else { return };
        if at >= self.biases.len() {
            return;
        }
        self.touched[at] = true;
        self.bias_gradients[at] += bias;
        for (sum, x) in self.gradients[at * self.dim..][..self.dim].iter_mut().zip(row) {
            *sum += x;
        }
    }

    /// Moves every item of the range, and leaves its gradients at zero; where items are
    /// composed, they are left as those of the composed vectors.
    #[expect(clippy::inline_always, reason = "it takes on the registers of its caller")]
    #[inline(always)]
    fn update(&mut self, pace: Pace) {
        let none = vec![0.0; self.dim];
        for at in 0..self.biases.len() {
            let span = at * self.dim..(at + 1) * self.dim;
            let item = &mut self.items[span.clone()];
            let gradient = &mut self.gradients[span.clone()];
            let new = self.shown.as_ref().is_some_and(|shown| shown.new[self.from + at]);
            if self.touched[at] {
                let unit: Vec<f32> = match &self.shown {
                    Some(shown) => shown.items.row(self.from + at).to_vec(),
                    None => item.to_vec(),
                };
                let unit: Vec<f32> = unit.into_iter().map(|x| x * self.norms[at]).collect();
                gradient.copy_from_slice(&through_unit(gradient, &unit, self.norms[at]));
            }
            let first = &mut self.moments.first[span.clone()];
            let second = &mut self.moments.second[span];
            pace.update(item, if new { &none } else { gradient }, Moments { first, second });
            if self.shown.is_none() {
                self.norms[at] = inverse_norm(item);
                gradient.fill(0.0);
            }
        }
        self.update_biases(pace);
        self.touched.fill(false);
    }

    fn update_biases(&mut self, pace: Pace) {
        let Moments { first, second } = &mut self.bias_moments;
        let Some(shown) = &self.shown else {
            pace.update(self.biases, self.bias_gradients, Moments { first, second });
            self.bias_gradients.fill(0.0);
            return;
        };
        let new = &shown.new[self.from..];
        let own = self.bias_gradients.iter().zip(new).map(|(&g, &new)| if new { 0.0 } else { g });
        let own: Vec<f32> = own.collect();
        pace.update(self.biases, &own, Moments { first, second });
    }
}

/// Does each piece of work on a thread of its own.
pub(super) fn through_threads<T: Send>(pieces: impl Iterator<Item = T>, work: impl Fn(T) + Sync) {
    let work = &work;
    std::thread::scope(|scope| {
        for piece in pieces {
            scope.spawn(move || work(piece));
        }
    });
}
