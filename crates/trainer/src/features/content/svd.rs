//! Truncated SVD of a sparse matrix by a randomised range finder (Halko, Martinsson & Tropp
//! 2011, algorithm 4.4 with the stabilisation they advise), on the side of the features, so
//! that memory does not grow with the number of items.

use super::eigen::eigen;
use super::rows::Rows;
use mercer::rng::Rng;
use ndarray::{Array2, Axis, Slice};

/// Directions sought beyond those asked for (`p` of the paper).
const OVERSAMPLING: usize = 16;
/// Rounds of the subspace iteration (`q` of the paper).
const ROUNDS: usize = 3;
/// Rows multiplied at a time.
const BLOCK: usize = 512;
/// Part of a direction that must be new, squared; below it is rounding.
const NEW: f64 = 1e-6;

/// The strongest right singular vectors, `[n_features, rank]`, strongest first, and their
/// singular values. `rank` is `dim`, or less where the matrix has no more directions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Svd {
    pub(super) loadings: Array2<f32>,
    pub(super) values: Vec<f32>,
}

/// Decomposes `rows`. The same rows, `dim` and seed give the same numbers.
pub(super) fn svd(rows: &Rows, dim: usize, seed: u64) -> Svd {
    let width = (dim + OVERSAMPLING).min(rows.n_rows()).min(rows.n_columns());
    let mut basis = orthonormal(&sketch(rows, width, seed));
    for _ in 0..ROUNDS {
        basis = orthonormal(&orthonormal(&round(rows, &basis)));
    }
    let (values, turns) = eigen(gram_of_projection(rows, &basis));
    let strongest = values.first().copied().unwrap_or(0.0);
    let rank = values.iter().take(dim).take_while(|value| **value > NEW * strongest).count();
    #[expect(clippy::cast_possible_truncation, reason = "loadings are f32")]
    let turns = turns.slice_axis(Axis(1), Slice::from(..rank)).mapv(|x| x as f32);
    #[expect(clippy::cast_possible_truncation, reason = "singular values are f32")]
    let values = values[..rank].iter().map(|value| value.sqrt() as f32).collect();
    Svd { loadings: basis.dot(&turns), values }
}

/// `Xᵀ·G` for a Gaussian `G`, `[n_features, width]`.
fn sketch(rows: &Rows, width: usize, seed: u64) -> Array2<f32> {
    let mut rng = Rng::new(seed);
    let mut sketch = Array2::zeros((rows.n_columns(), width));
    let mut draw = vec![0.0; width];
    for at in 0..rows.n_rows() {
        #[expect(clippy::cast_possible_truncation, reason = "random numbers")]
        draw.fill_with(|| rng.normal() as f32);
        scatter(rows, at, &draw, &mut sketch);
    }
    sketch
}

/// `Xᵀ·(X·basis)`.
fn round(rows: &Rows, basis: &Array2<f32>) -> Array2<f32> {
    let mut sum = Array2::zeros(basis.raw_dim());
    let mut projection = vec![0.0; basis.ncols()];
    for at in 0..rows.n_rows() {
        rows.project(at, &basis.view(), &mut projection);
        scatter(rows, at, &projection, &mut sum);
    }
    sum
}

/// Adds row `at`, transposed, times `factor` to `sum`.
fn scatter(rows: &Rows, at: usize, factor: &[f32], sum: &mut Array2<f32>) {
    for (column, value) in rows.row(at) {
        let mut to = sum.row_mut(column);
        let to = to.as_slice_mut().expect("rows of a matrix in row order");
        for (to, from) in to.iter_mut().zip(factor) {
            *to += value * from;
        }
    }
}

/// `(X·basis)ᵀ·(X·basis)`, `[width, width]`.
fn gram_of_projection(rows: &Rows, basis: &Array2<f32>) -> Array2<f64> {
    let mut gram = Array2::zeros((basis.ncols(), basis.ncols()));
    for start in (0..rows.n_rows()).step_by(BLOCK) {
        let end = (start + BLOCK).min(rows.n_rows());
        let mut block = Array2::zeros((end - start, basis.ncols()));
        for (at, mut row) in (start..end).zip(block.rows_mut()) {
            rows.project(at, &basis.view(), row.as_slice_mut().expect("in row order"));
        }
        gram += &block.t().dot(&block).mapv(f64::from);
    }
    gram
}

/// An orthonormal basis of what the columns span (Cholesky QR); a column that is a sum of
/// those before it is left out.
fn orthonormal(columns: &Array2<f32>) -> Array2<f32> {
    let mut gram = Array2::<f64>::zeros((columns.ncols(), columns.ncols()));
    for block in columns.axis_chunks_iter(Axis(0), BLOCK) {
        gram += &block.t().dot(&block).mapv(f64::from);
    }
    columns.dot(&inverse_root(&gram))
}

/// The triangular matrix `T` for which `Tᵀ·G·T` is the identity, `[width, rank]`: the inverse
/// of the Cholesky factor, without the columns that depend on those before them.
fn inverse_root(gram: &Array2<f64>) -> Array2<f32> {
    let width = gram.nrows();
    let mut lower = Array2::<f64>::zeros((width, width));
    for at in 0..width {
        let product = |a: usize| -> f64 { (0..at).map(|m| lower[[a, m]] * lower[[at, m]]).sum() };
        let rest = gram[[at, at]] - product(at);
        if rest > NEW * gram[[at, at]] {
            let below: Vec<f64> = (at..width).map(|row| gram[[row, at]] - product(row)).collect();
            for (row, value) in (at..width).zip(below) {
                lower[[row, at]] = value / rest.sqrt();
            }
        }
    }
    let kept: Vec<usize> = (0..width).filter(|&at| lower[[at, at]] > 0.0).collect();
    let mut inverse = Array2::<f64>::zeros((width, kept.len()));
    for (column, &at) in kept.iter().enumerate() {
        inverse[[at, column]] = lower[[at, at]].recip();
        for &row in kept.iter().take(column).rev() {
            let sum: f64 = (row + 1..=at).map(|m| lower[[m, row]] * inverse[[m, column]]).sum();
            inverse[[row, column]] = -sum / lower[[row, row]];
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "the basis is f32")]
    inverse.mapv(|x| x as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random sparse rows whose directions weaken, some of them there twice.
    fn sample(n_rows: usize, n_columns: usize) -> Rows {
        let mut rng = Rng::new(11);
        let mut rows = Rows::new(n_columns);
        let columns = u32::try_from(n_columns).unwrap();
        for _ in 0..n_rows {
            let row: Vec<(u32, f32)> = (0..columns)
                .filter_map(|at| {
                    (rng.below(3) == 0).then(|| {
                        (at, 10.0 * rng.unit_f32() / f32::from(u8::try_from(at + 1).unwrap()))
                    })
                })
                .collect();
            rows.push(row.clone());
            rows.push(row);
        }
        rows
    }

    fn dense(rows: &Rows) -> Array2<f64> {
        let mut dense = Array2::zeros((rows.n_rows(), rows.n_columns()));
        for at in 0..rows.n_rows() {
            rows.row(at).for_each(|(column, value)| dense[[at, column]] = f64::from(value));
        }
        dense
    }

    #[test]
    fn it_agrees_with_the_dense_decomposition() {
        let rows = sample(60, 50);
        let dense = dense(&rows);
        let (squares, vectors) = eigen(dense.t().dot(&dense));
        let svd = svd(&rows, 8, 5);
        for (value, square) in svd.values.iter().zip(&squares) {
            assert!((f64::from(*value) / square.sqrt() - 1.0).abs() < 1e-3, "{value} {square}");
        }
        for at in 0..4 {
            let mine = svd.loadings.column(at).mapv(f64::from);
            let cosine = mine.dot(&vectors.column(at)).abs();
            assert!(cosine > 0.999, "direction {at}: {cosine}");
        }
        let products = svd.loadings.t().dot(&svd.loadings);
        assert!((products - Array2::<f32>::eye(8)).iter().all(|x| x.abs() < 1e-4));
    }

    #[test]
    fn there_are_no_more_directions_than_the_rows_have() {
        let rows = sample(5, 40);
        let svd = svd(&rows, 30, 1);
        assert_eq!(svd.values.len(), 5, "{:?}", svd.values);
        let dense = dense(&rows);
        let loadings = svd.loadings.mapv(f64::from);
        let rest = &dense - dense.dot(&loadings).dot(&loadings.t());
        assert!(rest.iter().all(|x| x.abs() < 1e-3));
    }

    #[test]
    fn nothing_has_no_direction() {
        let mut rows = Rows::new(3);
        assert_eq!(svd(&rows, 4, 1).loadings.dim(), (3, 0));
        rows.push([]);
        rows.push([]);
        assert!(svd(&rows, 4, 1).values.is_empty());
        assert_eq!(svd(&Rows::new(0), 4, 1).loadings.dim(), (0, 0));
    }
}
