//! One half step of the alternation: every row of one side, the other side held still.
//!
//! With the other side's vectors `Y`, a row's cells `C = diag(α·r)` over the `n` vectors `Y_u`
//! it touches and `A = YᵀY + λI`, the row minimises Hu, Koren & Volinsky's equation 3, so
//!
//! ```text
//! (A + Y_uᵀ·C·Y_u)·x = Y_uᵀ·(1 + C)·1                               (their equation 4)
//! ```
//!
//! Conjugate gradient solves it (Takács, Pilászy & Tikk 2011), preconditioned by what all rows
//! share: with `A = L·Lᵀ`, `V = Y·L⁻ᵀ` and `x = L⁻ᵀ·z` it becomes
//!
//! ```text
//! (I + V_uᵀ·C·V_u)·z = V_uᵀ·(1 + C)·1
//! ```
//!
//! A step then costs `2·n·d` in place of `d² + 2·n·d`, and few steps are enough: a row of `n`
//! cells is exact after `n` of them, and a row of many is close to the identity.

use crate::features::Sparse;
use crate::fit::linear::{gram, inverse_factor, share_out, share_out_with};
use ndarray::{Array2, ArrayView2, Axis};
use pulp::{Arch, Simd, WithSimd};

/// Rows handed to a thread at a time.
const CHUNK: usize = 128;
const LANES: usize = 16;
/// A residual this much shorter than the first is none.
const EXACT: f32 = 1e-6;

/// What is weighed how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// `α`: how much each count adds to the confidence of a cell.
    pub(super) confidence: f32,
    /// `λ`.
    pub(super) ridge: f64,
    /// Steps of conjugate gradient, at most.
    pub(super) steps: usize,
}

/// Solves every row of `x`, `[n_rows, d]`, `d` a multiple of 16, against `y`, `[n_columns, d]`;
/// `whitened` is room for `V`, of the same shape as `y`. What stood in `x` does not count. `None` where `YᵀY + λI` is not positive definite.
pub(super) fn half_step(
    cells: &Sparse,
    x: &mut Array2<f32>,
    (y, whitened): (&Array2<f32>, &mut Array2<f32>),
    (weights, threads): (&Weights, usize),
) -> Option<()> {
    let dim = y.ncols();
    let mut shared = gram(y, threads);
    shared.diag_mut().mapv_inplace(|g| g + weights.ridge);
    #[expect(clippy::cast_possible_truncation, reason = "rows are solved in f32")]
    let inverse = inverse_factor(&shared)?.mapv(|l| l as f32);
    times(y, &inverse.t(), whitened, threads);
    let whitened = whitened.as_slice().expect("row-major, never sliced");
    let arch = Arch::new();
    let rows = x.as_slice_mut().expect("row-major, never sliced");
    share_out_with(
        rows,
        CHUNK * dim,
        threads,
        || Room::new(dim),
        |room, at, rows| {
            let first = at / dim;
            arch.dispatch(Rows { cells, weights, dim, whitened, first, out: rows, room });
            let solved = ArrayView2::from_shape((rows.len() / dim, dim), rows).expect("whole rows");
            let back = solved.dot(&inverse);
            rows.copy_from_slice(back.as_slice().expect("a fresh product is row-major"));
        },
    );
    Some(())
}

/// `product = Y·M`, on all threads.
fn times(y: &Array2<f32>, matrix: &ArrayView2<'_, f32>, product: &mut Array2<f32>, threads: usize) {
    let dim = y.ncols();
    let rows = product.as_slice_mut().expect("row-major, never sliced");
    share_out(rows, 1024 * dim, threads, |at, part| {
        let from = at / dim;
        let rows = y.slice_axis(Axis(0), (from..from + part.len() / dim).into());
        part.copy_from_slice(rows.dot(matrix).as_slice().expect("a product is row-major"));
    });
}

/// One thread's room, used again by each row.
struct Room {
    /// The vectors of the row's cells, one after the other: they lie far apart in the matrix.
    vectors: Vec<f32>,
    residual: Vec<f32>,
    direction: Vec<f32>,
    image: Vec<f32>,
}

impl Room {
    fn new(dim: usize) -> Self {
        let [residual, direction, image] = std::array::from_fn(|_| vec![0.0; dim]);
        Self { vectors: Vec::new(), residual, direction, image }
    }
}

/// A chunk of rows to solve.
struct Rows<'a> {
    cells: &'a Sparse,
    weights: &'a Weights,
    dim: usize,
    /// `V`.
    whitened: &'a [f32],
    first: usize,
    out: &'a mut [f32],
    room: &'a mut Room,
}

// A type of its own, not a closure: a closure that only borrows is called through a shim that
// is compiled without the wide registers.
impl WithSimd for Rows<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "what is inlined takes on the registers of its caller"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { cells, weights, dim, whitened, first, out, room } = self;
        for (row, z) in (first..).zip(out.chunks_exact_mut(dim)) {
            room.vectors.clear();
            for &column in cells.columns(row) {
                room.vectors.extend_from_slice(&whitened[column as usize * dim..][..dim]);
            }
            solve(z, cells.values(row), weights, room);
        }
    }
}

/// Steps of conjugate gradient from nothing.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn solve(z: &mut [f32], counts: &[f32], weights: &Weights, room: &mut Room) {
    let Room { vectors, residual, direction, image } = room;
    residual.fill(0.0);
    for (v, count) in vectors.chunks_exact(z.len()).zip(counts) {
        add_scaled(residual, 1.0 + weights.confidence * count, v);
    }
    direction.copy_from_slice(residual);
    let mut square = dot(residual, residual);
    let exact = square * EXACT * EXACT;
    z.fill(0.0);
    // A row is exact after as many steps as it has cells.
    for _ in 0..weights.steps.min(counts.len()) {
        if square <= exact {
            return;
        }
        image.copy_from_slice(direction);
        for (v, count) in vectors.chunks_exact(z.len()).zip(counts) {
            add_scaled(image, weights.confidence * count * dot(v, direction), v);
        }
        let length = square / dot(direction, image);
        add_scaled(z, length, direction);
        add_scaled(residual, -length, image);
        let next = dot(residual, residual);
        let kept = next / square;
        for (p, r) in direction.iter_mut().zip(&*residual) {
            *p = r + kept * *p;
        }
        square = next;
    }
}

/// The dot product of two vectors whose length is a multiple of 16.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let eight: [f32; 8] = std::array::from_fn(|k| sums[k] + sums[k + 8]);
    let four: [f32; 4] = std::array::from_fn(|k| eight[k] + eight[k + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn add_scaled(to: &mut [f32], factor: f32, from: &[f32]) {
    let pairs = to.as_chunks_mut::<LANES>().0.iter_mut().zip(from.as_chunks::<LANES>().0);
    for (to, from) in pairs {
        for (to, from) in to.iter_mut().zip(from) {
            *to += factor * from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::linear::{factorise, noise, substitute};
    use mercer::rng::Rng;

    /// Rows of 1 to `longest` cells over 80 columns.
    fn cells(n_rows: usize, longest: usize) -> Sparse {
        let mut rng = Rng::new(7);
        let mut triples = Vec::new();
        for row in 0..n_rows {
            for _ in 0..=rng.below(longest) {
                triples.push((row, rng.below(80), 1.0));
            }
        }
        Sparse::sum(n_rows, 80, triples.into_iter())
    }

    /// Equation 4 as it is written, densely and in `f64`.
    fn naive(cells: &Sparse, row: usize, y: &Array2<f32>, weights: &Weights) -> Vec<f64> {
        let dim = y.ncols();
        let mut matrix = vec![0.0; dim * dim];
        let mut b = vec![0.0; dim];
        for item in 0..y.nrows() {
            let count = cells.row(row).find(|cell| cell.0 as usize == item).map_or(0.0, |c| c.1);
            let confidence = 1.0 + f64::from(weights.confidence * count);
            for p in 0..dim {
                let left = confidence * f64::from(y[[item, p]]);
                b[p] += if count > 0.0 { left } else { 0.0 };
                for q in 0..dim {
                    matrix[p * dim + q] += left * f64::from(y[[item, q]]);
                }
            }
        }
        (0..dim).for_each(|p| matrix[p * dim + p] += weights.ridge);
        assert!(factorise(&mut matrix, dim));
        substitute(&matrix, &mut b);
        b
    }

    #[test]
    fn rows_solve_the_normal_equations() {
        let weights = Weights { confidence: 3.0, ridge: 0.5, steps: 40 };
        let cells = cells(60, 75);
        let y = noise((80, 16), 0.3, &mut Rng::new(1));
        let mut x = noise((60, 16), 0.1, &mut Rng::new(2));
        half_step(&cells, &mut x, (&y, &mut y.clone()), (&weights, 2)).unwrap();
        for row in 0..60 {
            for (x, expected) in x.row(row).iter().zip(naive(&cells, row, &y, &weights)) {
                assert!((f64::from(*x) - expected).abs() < 2e-4, "row {row}: {x}, {expected}");
            }
        }
    }

    #[test]
    fn a_row_without_a_cell_is_zero() {
        let cells = Sparse::sum(1, 80, std::iter::empty());
        let weights = Weights { confidence: 1.0, ridge: 0.1, steps: 3 };
        let y = noise((80, 16), 0.3, &mut Rng::new(1));
        let mut x = Array2::ones((1, 16));
        half_step(&cells, &mut x, (&y, &mut y.clone()), (&weights, 1)).unwrap();
        assert!(x.iter().all(|&x| x == 0.0));
    }
}
