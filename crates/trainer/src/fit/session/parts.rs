//! An item's vector where the catalogue describes it: what is learned of the item itself,
//! and the place its content gives it,
//!
//! ```text
//! e_i = unit(own_i + unit(c_i·M))
//! ```
//!
//! with content `c_i` and a learned map `M`. At every step a share of the items is shown as
//! if it were new: without its own vector, at the bias of a new item. So content alone
//! learns to serve, and a product without an event has a place (the idea of `DropoutNet`,
//! Volkovs, Yu & Poutanen 2017).

use super::encode::through_unit;
use super::params::{Params, inverse_norm};
use super::step::through_threads;
use crate::features::content::{Content, LexiconFeature};
use crate::fit::Lexicon;
use crate::fit::adam::{Moments, Pace};
use mercer::rng::Rng;
use ndarray::{Array2, ArrayView1, Axis, linalg::general_mat_mul};

/// Items that are composed at a time when all are.
const CHUNK: usize = 8192;
/// Length of an item's own vector at the start, beside a place of length 1.
const START: f32 = 0.02;

/// What the vectors of described items are made of.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// What is learned of the item itself, `[n_items, dim]`.
    pub(super) own: Array2<f32>,
    /// Its own log-odds, `[n_items]`.
    pub(super) own_biases: Vec<f32>,
    /// From content to item space, `[input, dim]`.
    pub(super) map: Array2<f32>,
    /// The log-odds of a new item.
    pub(super) new_bias: [f32; 1],
    map_moments: [Array2<f32>; 2],
    new_bias_moments: [[f32; 1]; 2],
    /// Which items are shown as new, `[n_items]`.
    pub(super) new: Vec<bool>,
    /// The items composed last, `[composed]`.
    composed: Vec<u32>,
    /// Their content, `[composed, input]`.
    rows: Array2<f32>,
    /// The places it gives them, of length 1, `[composed, dim]`.
    places: Array2<f32>,
    place_norms: Vec<f32>,
}

impl Parts {
    pub(super) fn start(shape: (usize, usize), input: usize, rng: &mut Rng) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
        let mut noise = |scale: f32| scale * rng.normal() as f32;
        let map = Array2::from_shape_simple_fn((input, shape.1), || noise(0.1));
        Self {
            own: Array2::from_shape_simple_fn(shape, || noise(START)),
            own_biases: vec![0.0; shape.0],
            map_moments: [Array2::zeros(map.dim()), Array2::zeros(map.dim())],
            map,
            new_bias: [0.0],
            new_bias_moments: [[0.0], [0.0]],
            new: vec![false; shape.0],
            composed: Vec::new(),
            rows: Array2::zeros((0, input)),
            places: Array2::zeros((0, shape.1)),
            place_norms: Vec::new(),
        }
    }

    /// Moves the map and the bias of new items against the gradients of the composed vectors,
    /// `[n_items, dim]`, and of the biases, `[n_items]`; both are left at zero.
    pub(super) fn learn(
        &mut self,
        gradients: &mut Array2<f32>,
        bias_gradients: &mut [f32],
        (pace, haste, threads): (Pace, f32, usize),
    ) {
        let (mut of_map, of_new) = self.back(gradients, bias_gradients, threads);
        for &item in &self.composed {
            gradients.row_mut(item as usize).fill(0.0);
            bias_gradients[item as usize] = 0.0;
        }
        let [first, second] = &mut self.map_moments;
        let moments = Moments { first: slice(first), second: slice(second) };
        pace.update(slice(&mut self.map), slice(&mut of_map), moments);
        let [first, second] = &mut self.new_bias_moments;
        pace.times(haste).update(&mut self.new_bias, &[of_new], Moments { first, second });
    }

    /// From gradients of composed vectors and biases to those of the map, `[input, dim]`, and of
    /// the bias of new items.
    pub(super) fn back(
        &self,
        gradients: &Array2<f32>,
        bias_gradients: &[f32],
        threads: usize,
    ) -> (Array2<f32>, f32) {
        let mut of_places = Array2::zeros(self.places.dim());
        let mut of_new = 0.0;
        for (at, &item) in self.composed.iter().enumerate() {
            let (gradient, place) = (gradients.row(item as usize), self.places.row(at));
            let gradient = gradient.as_slice().expect("row-major");
            let place = place.as_slice().expect("row-major");
            let back = through_unit(gradient, place, self.place_norms[at]);
            of_places.row_mut(at).assign(&ArrayView1::from(&back));
            if self.new[item as usize] {
                of_new += bias_gradients[item as usize];
            }
        }
        let mut of_map = Array2::zeros(self.map.dim());
        let rows = &self.rows;
        let span = of_map.nrows().div_ceil(threads).max(1);
        through_threads(
            of_map.axis_chunks_iter_mut(Axis(0), span).enumerate(),
            |(at, mut part)| {
                let columns = (at * span..at * span + part.nrows()).into();
                let rows = rows.slice_axis(Axis(1), columns);
                general_mat_mul(1.0, &rows.t(), &of_places, 0.0, &mut part);
            },
        );
        (of_map, of_new)
    }

    fn read(&mut self, content: &Array2<f32>, items: Vec<u32>, threads: usize) {
        self.composed = items;
        let n = self.composed.len();
        self.rows = Array2::zeros((n, content.ncols()));
        self.places = Array2::zeros((n, self.map.ncols()));
        let (composed, map) = (&self.composed, &self.map);
        let span = n.div_ceil(threads).max(1);
        let chunks = self.rows.axis_chunks_iter_mut(Axis(0), span);
        let chunks = chunks.zip(self.places.axis_chunks_iter_mut(Axis(0), span)).enumerate();
        through_threads(chunks, |(at, (mut rows, mut places))| {
            for (mut row, &item) in rows.rows_mut().into_iter().zip(&composed[at * span..]) {
                row.assign(&content.row(item as usize));
            }
            general_mat_mul(1.0, &rows, map, 0.0, &mut places);
        });
        self.place_norms.clear();
        for mut place in self.places.rows_mut() {
            let norm = inverse_norm(place.as_slice().expect("row-major"));
            place *= norm;
            self.place_norms.push(norm);
        }
    }
}

impl Params {
    /// Composes the vectors of `items` (each once) from their parts, a `share` of them as if
    /// they were new.
    pub(super) fn compose(
        &mut self,
        content: &Array2<f32>,
        items: Vec<u32>,
        (share, rng, threads): (f32, &mut Rng, usize),
    ) {
        let Some(parts) = &mut self.parts else { return };
        for &item in &items {
            #[expect(clippy::cast_possible_truncation, reason = "a chance")]
            let chance = rng.unit_f64() as f32;
            parts.new[item as usize] = chance < share;
        }
        parts.read(content, items, threads);
        self.put_together();
    }

    /// After the last step: items without an event (`counts`) are new where they have content;
    /// where they have none, nothing speaks for them.
    pub(super) fn settle(&mut self, content: Option<&Array2<f32>>, counts: &[u32], threads: usize) {
        if let Some(content) = content {
            self.compose_all(content, counts, threads);
        }
        self.bury(content, counts);
    }

    /// Items without an event and without content stand below all others.
    pub(super) fn bury(&mut self, content: Option<&Array2<f32>>, counts: &[u32]) {
        let least = self.biases.iter().copied().fold(0.0, f32::min);
        for (at, &count) in counts.iter().enumerate() {
            let placed = content.is_some_and(|content| content.row(at).iter().any(|&x| x != 0.0));
            if count == 0 && !placed {
                self.biases[at] = least;
            }
        }
    }

    /// Adds to the log-odds of the newcomers (`new`, `[n_items]`).
    pub(super) fn favour(&mut self, new: &[bool], by: f32) {
        for (bias, _) in self.biases.iter_mut().zip(new).filter(|(_, new)| **new) {
            *bias += by;
        }
    }

    /// The features of the catalogue with their places in item space, for products to come.
    pub(super) fn lexicon(&self, content: &Content) -> Option<Lexicon> {
        let (parts, lexicon) = (self.parts.as_ref()?, content.lexicon.as_ref()?);
        Some(Lexicon {
            features: lexicon.features.iter().map(LexiconFeature::key).collect(),
            weights: lexicon.features.iter().map(|feature| feature.weight).collect(),
            vectors: lexicon.loadings.dot(&parts.map),
        })
    }

    /// The map from imported vectors to item space, `[dim, input]`, for products to come.
    pub(super) fn content_map(&self, content: &Content) -> Option<Array2<f32>> {
        let (parts, reduction) = (self.parts.as_ref()?, content.reduction.as_ref()?);
        Some(reduction.dot(&parts.map).t().as_standard_layout().into_owned())
    }

    /// Composes all items; those without an event (`counts`) are new.
    pub(super) fn compose_all(&mut self, content: &Array2<f32>, counts: &[u32], threads: usize) {
        let n_items = u32::try_from(self.items.nrows()).expect("fewer than 2^32 items");
        let all: Vec<u32> = (0..n_items).collect();
        for items in all.chunks(CHUNK) {
            let Some(parts) = &mut self.parts else { return };
            for &item in items {
                parts.new[item as usize] = counts[item as usize] == 0;
            }
            parts.read(content, items.to_vec(), threads);
            self.put_together();
        }
    }

    /// Vectors, lengths and biases of what was read last.
    fn put_together(&mut self) {
        let Some(parts) = &self.parts else { return };
        for (&item, place) in parts.composed.iter().zip(parts.places.rows()) {
            let at = item as usize;
            let mut row = self.items.row_mut(at);
            row.assign(&place);
            if parts.new[at] {
                self.biases[at] = parts.new_bias[0];
            } else {
                row += &parts.own.row(at);
                self.biases[at] = parts.own_biases[at];
            }
            self.inverse_norms[at] = inverse_norm(row.as_slice().expect("row-major"));
        }
    }
}

fn slice(matrix: &mut Array2<f32>) -> &mut [f32] {
    matrix.as_slice_mut().expect("row-major, never sliced")
}
