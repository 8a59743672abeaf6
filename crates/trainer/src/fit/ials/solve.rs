//! One half step of the alternation: every row of one side, the other side held still.
//!
//! With the other side's vectors `Y`, a row's cells `C = diag(α·r)` over the `n` vectors `Y_u`
//! it touches and `A = YᵀY + λI`, the row minimises Hu, Koren & Volinsky's equation 3, so
//!
//! ```text
//! (A + Y_uᵀ·C·Y_u)·x = Y_uᵀ·(1 + C)·1                               (their equation 4)
//! ```
//!
//! A row of few cells is solved exactly by pushing `A⁻¹`, which all rows share, through:
//! `x = (Y_u·A⁻¹)ᵀ·w` with `(C⁻¹ + Y_u·A⁻¹·Y_uᵀ)·w = C⁻¹·(1 + C)·1`, a system of `n` unknowns in
//! place of `d`. A longer row takes a few steps of conjugate gradient from where it stands
//! (Takács, Pilászy & Tikk 2011).

use crate::features::Sparse;
use crate::fit::linear::{gram, inverse, share_out_with};
use ndarray::{Array2, Axis};
use pulp::Arch;

/// Rows handed to a thread at a time.
const CHUNK: usize = 128;
/// Cells up to which a row is solved exactly: beyond, the small system costs more than a few
/// steps of conjugate gradient.
const SHORT: usize = 32;
const LANES: usize = 16;

/// What is weighed how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// `α`: how much each count adds to the confidence of a cell.
    pub(super) confidence: f32,
    /// `λ`.
    pub(super) regularization: f64,
    /// Steps of conjugate gradient for a long row.
    pub(super) steps: usize,
}

/// Solves every row of `x`, `[n_rows, d]`, `d` a multiple of 16, against `y`, `[n_columns, d]`.
/// `None` where `YᵀY + λI` is not positive definite.
pub(super) fn half_step(
    cells: &Sparse,
    x: &mut Array2<f32>,
    y: &Array2<f32>,
    (weights, threads): (&Weights, usize),
) -> Option<()> {
    let mut shared = gram(y, threads);
    shared.diag_mut().mapv_inplace(|g| g + weights.regularization);
    #[expect(clippy::cast_possible_truncation, reason = "rows are solved in f32")]
    let inverse = inverse(&shared.view())?.mapv(|g| g as f32);
    let projected = project(y, &inverse, threads);
    #[expect(clippy::cast_possible_truncation, reason = "rows are solved in f32")]
    let shared = shared.mapv(|g| g as f32);
    let dim = y.ncols();
    let side = Side {
        cells,
        weights: *weights,
        dim,
        y: y.as_slice().expect("row-major, never sliced"),
        projected: projected.as_slice().expect("row-major, never sliced"),
        shared: shared.as_slice().expect("row-major, never sliced"),
    };
    let arch = Arch::new();
    let rows = x.as_slice_mut().expect("row-major, never sliced");
    share_out_with(rows, CHUNK * dim, threads, || Room::new(dim), |room, at, rows| {
        arch.dispatch(
            #[inline(always)]
            || side.solve(at / dim, rows, room),
        );
    });
    Some(())
}

/// `Y·A⁻¹`.
fn project(y: &Array2<f32>, inverse: &Array2<f32>, threads: usize) -> Array2<f32> {
    let dim = y.ncols();
    let mut projected = Array2::zeros(y.raw_dim());
    let rows = projected.as_slice_mut().expect("row-major, never sliced");
    share_out_with(rows, 1024 * dim, threads, || (), |(), at, part| {
        let from = at / dim;
        let rows = y.slice_axis(Axis(0), (from..from + part.len() / dim).into());
        let product = rows.dot(inverse);
        part.copy_from_slice(product.as_slice().expect("a fresh product is row-major"));
    });
    projected
}

/// What every row of a half step reads.
struct Side<'a> {
    cells: &'a Sparse,
    weights: Weights,
    dim: usize,
    y: &'a [f32],
    /// `Y·A⁻¹`.
    projected: &'a [f32],
    /// `A`.
    shared: &'a [f32],
}

/// One thread's room, used again by each row.
struct Room {
    system: Vec<f32>,
    solution: Vec<f32>,
    residual: Vec<f32>,
    direction: Vec<f32>,
    image: Vec<f32>,
}

impl Room {
    fn new(dim: usize) -> Self {
        let [residual, direction, image] = std::array::from_fn(|_| vec![0.0; dim]);
        let (system, solution) = (vec![0.0; SHORT * SHORT], vec![0.0; SHORT]);
        Self { system, solution, residual, direction, image }
    }
}

#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
impl Side<'_> {
    #[inline(always)]
    fn solve(&self, first: usize, rows: &mut [f32], room: &mut Room) {
        for (row, x) in (first..).zip(rows.chunks_exact_mut(self.dim)) {
            match self.cells.columns(row).len() {
                0 => x.fill(0.0),
                1..=SHORT if self.exactly(row, x, room) => {}
                _ => self.by_gradient(row, x, room),
            }
        }
    }

    /// Solves a short row; `false` where rounding kept its system from being positive definite.
    #[inline(always)]
    fn exactly(&self, row: usize, x: &mut [f32], room: &mut Room) -> bool {
        let (columns, values) = (self.cells.columns(row), self.cells.values(row));
        let n = columns.len();
        for (i, (&column, value)) in columns.iter().zip(values).enumerate() {
            let y = self.row(self.y, column);
            for (j, &other) in columns[..=i].iter().enumerate() {
                room.system[i * n + j] = dot(y, self.row(self.projected, other));
            }
            let inverse = 1.0 / (self.weights.confidence * value);
            room.system[i * n + i] += inverse;
            room.solution[i] = inverse + 1.0;
        }
        if !solve_small(&mut room.system[..n * n], &mut room.solution[..n]) {
            return false;
        }
        x.fill(0.0);
        for (&column, &weight) in columns.iter().zip(&room.solution) {
            add_scaled(x, weight, self.row(self.projected, column));
        }
        true
    }

    /// A few steps of conjugate gradient from where `x` stands.
    #[inline(always)]
    fn by_gradient(&self, row: usize, x: &mut [f32], room: &mut Room) {
        let Room { residual, direction, image, .. } = room;
        self.multiply(row, x, image);
        for (r, a) in residual.iter_mut().zip(&*image) {
            *r = -a;
        }
        for (&column, value) in self.cells.columns(row).iter().zip(self.cells.values(row)) {
            let weight = 1.0 + self.weights.confidence * value;
            add_scaled(residual, weight, self.row(self.y, column));
        }
        direction.copy_from_slice(residual);
        let mut square = dot(residual, residual);
        for _ in 0..self.weights.steps {
            if square < f32::MIN_POSITIVE {
                return;
            }
            self.multiply(row, direction, image);
            let length = square / dot(direction, image);
            add_scaled(x, length, direction);
            add_scaled(residual, -length, image);
            let next = dot(residual, residual);
            for (p, r) in direction.iter_mut().zip(&*residual) {
                *p = r + next / square * *p;
            }
            square = next;
        }
    }

    /// `image = (A + Y_uᵀ·C·Y_u)·v`.
    #[inline(always)]
    fn multiply(&self, row: usize, v: &[f32], image: &mut [f32]) {
        image.fill(0.0);
        for (&x, shared) in v.iter().zip(self.shared.chunks_exact(self.dim)) {
            add_scaled(image, x, shared);
        }
        for (&column, value) in self.cells.columns(row).iter().zip(self.cells.values(row)) {
            let y = self.row(self.y, column);
            add_scaled(image, self.weights.confidence * value * dot(y, v), y);
        }
    }

    #[inline(always)]
    fn row<'a>(&self, matrix: &'a [f32], column: u32) -> &'a [f32] {
        &matrix[column as usize * self.dim..][..self.dim]
    }
}

/// Solves the symmetric system, whose lower half is given, by Cholesky, in place of `b`.
#[expect(clippy::inline_always, reason = "what is inlined takes on the registers of its caller")]
#[inline(always)]
fn solve_small(system: &mut [f32], b: &mut [f32]) -> bool {
    let n = b.len();
    for row in 0..n {
        let (above, own) = system.split_at_mut(row * n);
        let own = &mut own[..=row];
        for column in 0..row {
            let other = &above[column * n..][..=column];
            let sum: f32 = own[..column].iter().zip(other).map(|(a, b)| a * b).sum();
            own[column] = (own[column] - sum) / other[column];
        }
        let pivot = own[row] - own[..row].iter().map(|l| l * l).sum::<f32>();
        if pivot.is_nan() || pivot <= 0.0 {
            return false;
        }
        own[row] = pivot.sqrt();
        let known: f32 = own[..row].iter().zip(&*b).map(|(l, x)| l * x).sum();
        b[row] = (b[row] - known) / own[row];
    }
    for row in (0..n).rev() {
        b[row] /= system[row * n + row];
        let solved = b[row];
        for (x, l) in b[..row].iter_mut().zip(&system[row * n..]) {
            *x -= l * solved;
        }
    }
    true
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
        (0..dim).for_each(|p| matrix[p * dim + p] += weights.regularization);
        assert!(factorise(&mut matrix, dim));
        substitute(&matrix, &mut b);
        b
    }

    #[test]
    fn short_and_long_rows_solve_the_normal_equations() {
        let weights = Weights { confidence: 3.0, regularization: 0.5, steps: 40 };
        let cells = cells(60, 75);
        let y = noise((80, 16), 0.3, &mut Rng::new(1));
        let mut x = noise((60, 16), 0.1, &mut Rng::new(2));
        half_step(&cells, &mut x, &y, (&weights, 2)).unwrap();
        let long = (0..60).filter(|&row| cells.columns(row).len() > SHORT).count();
        assert!((10..50).contains(&long), "{long} long rows");
        for row in 0..60 {
            for (x, expected) in x.row(row).iter().zip(naive(&cells, row, &y, &weights)) {
                assert!((f64::from(*x) - expected).abs() < 2e-4, "row {row}: {x}, {expected}");
            }
        }
    }

    #[test]
    fn a_row_without_a_cell_is_zero() {
        let cells = Sparse::sum(1, 80, std::iter::empty());
        let weights = Weights { confidence: 1.0, regularization: 0.1, steps: 3 };
        let y = noise((80, 16), 0.3, &mut Rng::new(1));
        let mut x = Array2::ones((1, 16));
        half_step(&cells, &mut x, &y, (&weights, 1)).unwrap();
        assert!(x.iter().all(|&x| x == 0.0));
    }
}
