//! The linear algebra that the classical families share: Gram matrices, Cholesky factors,
//! inverses, and rows worked on by all threads. Sums are cut into pieces of a fixed size and
//! added in their order, so that no result depends on the thread count.

use crate::features::Sparse;
use mercer::rng::Rng;
use ndarray::{Array2, ArrayView2, Axis};
use std::sync::{Mutex, PoisonError};

/// Rows whose products are summed by themselves.
const GRAM_ROWS: usize = 4096;

/// A matrix of normal noise with this standard deviation.
#[expect(clippy::cast_possible_truncation, reason = "noise needs no precision")]
pub(super) fn noise((rows, columns): (usize, usize), deviation: f64, rng: &mut Rng) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, columns), || (rng.normal() * deviation) as f32)
}

/// `XᵀX` of `x`, `[n, d]`: `[d, d]`, products in `f32`, their sums in `f64`.
pub(super) fn gram(x: &Array2<f32>, threads: usize) -> Array2<f64> {
    let n_parts = x.nrows().div_ceil(GRAM_ROWS);
    let mut parts = vec![Array2::<f32>::zeros((0, 0)); n_parts];
    share_out(&mut parts, 1, threads, |at, part| {
        let from = at * GRAM_ROWS;
        let rows = x.slice_axis(Axis(0), (from..(from + GRAM_ROWS).min(x.nrows())).into());
        part[0] = rows.t().dot(&rows);
    });
    let mut sum = Array2::zeros((x.ncols(), x.ncols()));
    for part in &parts {
        sum += &part.mapv(f64::from);
    }
    sum
}

/// `X·D`, where every cell of `X` counts 1; the same on any number of threads.
pub(super) fn times(x: &Sparse, dense: &Array2<f32>, threads: usize) -> Array2<f32> {
    let width = dense.ncols();
    let mut product = Array2::zeros((x.n_rows(), width));
    let rows = product.as_slice_mut().expect("row-major, never sliced");
    let dense = dense.as_slice().expect("row-major, never sliced");
    share_out(rows, 256 * width, threads, |at, part| {
        for (row, sum) in (at / width..).zip(part.chunks_exact_mut(width)) {
            for &column in x.columns(row) {
                let vector = &dense[column as usize * width..][..width];
                sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
            }
        }
    });
    product
}

/// Hands `rows`, in chunks of `chunk`, to whichever thread is free: `work` gets the position
/// of the first element and the chunk. What is written must hang on these alone.
pub(super) fn share_out<T: Send>(
    rows: &mut [T],
    chunk: usize,
    threads: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    share_out_with(rows, chunk, threads, || (), |(), at, part| work(at, part));
}

/// As [`share_out`], with room for each thread that `start` makes once.
pub(super) fn share_out_with<T: Send, S>(
    rows: &mut [T],
    chunk: usize,
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, &mut [T]) + Sync,
) {
    let queue = Mutex::new(rows.chunks_mut(chunk).enumerate());
    let run = || {
        let mut room = start();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, part)) = next else { return };
            work(&mut room, at * chunk, part);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
}

/// The inverse of a symmetric positive definite matrix, by halves: with
/// `S = D − BᵀA⁻¹B` (the Schur complement), the inverse of `[[A, B], [Bᵀ, D]]` falls apart into
/// products of smaller ones. `None` where the matrix is not positive definite.
pub(super) fn inverse(matrix: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    const BASE: usize = 64;
    let n = matrix.nrows();
    if n <= BASE {
        return small_inverse(matrix);
    }
    let (upper, lower) = matrix.split_at(Axis(0), n / 2);
    let ((first, side), (_, last)) =
        (upper.split_at(Axis(1), n / 2), lower.split_at(Axis(1), n / 2));
    let corner = inverse(&first)?;
    let carried = corner.dot(&side);
    let rest = inverse(&(&last - &side.t().dot(&carried)).view())?;
    let off = -carried.dot(&rest);
    let mut whole = Array2::zeros((n, n));
    let (upper, lower) = whole.view_mut().split_at(Axis(0), n / 2);
    let ((mut first, mut side), (mut other_side, mut last)) =
        (upper.split_at(Axis(1), n / 2), lower.split_at(Axis(1), n / 2));
    first.assign(&(corner - off.dot(&carried.t())));
    side.assign(&off);
    other_side.assign(&off.t());
    last.assign(&rest);
    Some(whole)
}

fn small_inverse(matrix: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let mut factor: Vec<f64> = matrix.iter().copied().collect();
    if !factorise(&mut factor, n) {
        return None;
    }
    let mut inverse = Array2::zeros((n, n));
    for column in 0..n {
        let mut unit = vec![0.0; n];
        unit[column] = 1.0;
        substitute(&factor, &mut unit);
        for (row, x) in unit.into_iter().enumerate() {
            inverse[[row, column]] = x;
        }
    }
    Some(inverse)
}

/// `L⁻¹`, lower triangular, of the positive definite `matrix = L·Lᵀ`; `None` where it is not.
pub(super) fn inverse_factor(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let mut factor: Vec<f64> = matrix.iter().copied().collect();
    if !factorise(&mut factor, n) {
        return None;
    }
    let mut inverse = Array2::zeros((n, n));
    for column in 0..n {
        for row in column..n {
            let known: f64 =
                (column..row).map(|k| factor[row * n + k] * inverse[[k, column]]).sum();
            let one = f64::from(u8::from(row == column));
            inverse[[row, column]] = (one - known) / factor[row * n + row];
        }
    }
    Some(inverse)
}

/// The eigenvalues of a symmetric matrix, largest first, and their vectors as columns, by
/// cyclic Jacobi rotations (Golub & Van Loan 2013, section 8.5).
pub(super) fn eigen(matrix: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    const MOST_SWEEPS: usize = 40;
    let n = matrix.nrows();
    let (mut a, mut vectors) = (matrix.clone(), Array2::eye(n));
    let scale = a.iter().map(|x| x * x).sum::<f64>();
    for _ in 0..MOST_SWEEPS {
        let off: f64 = a.indexed_iter().filter(|((p, q), _)| p != q).map(|(_, x)| x * x).sum();
        if off <= scale * 1e-24 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, (p, q));
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[[j, j]].total_cmp(&a[[i, i]]));
    (order.iter().map(|&i| a[[i, i]]).collect(), vectors.select(Axis(1), &order))
}

/// Turns the plane of coordinates `p` and `q` so that `a[p, q]` becomes 0.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, (p, q): (usize, usize)) {
    if a[[p, q]] == 0.0 {
        return;
    }
    let slope = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let tangent = slope.signum() / (slope.abs() + slope.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn = |(x, y): (f64, f64)| (cosine * x - sine * y, sine * x + cosine * y);
    for k in 0..a.nrows() {
        (a[[k, p]], a[[k, q]]) = turn((a[[k, p]], a[[k, q]]));
    }
    for k in 0..a.nrows() {
        (a[[p, k]], a[[q, k]]) = turn((a[[p, k]], a[[q, k]]));
        (vectors[[k, p]], vectors[[k, q]]) = turn((vectors[[k, p]], vectors[[k, q]]));
    }
}

/// Writes the Cholesky factor of the symmetric `matrix`, `[n, n]` row-major, into its lower
/// half. `false` where it is not positive definite.
pub(super) fn factorise(matrix: &mut [f64], n: usize) -> bool {
    for row in 0..n {
        for column in 0..=row {
            let (a, b) = (&matrix[row * n..][..column], &matrix[column * n..][..column]);
            let sum: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let rest = matrix[row * n + column] - sum;
            matrix[row * n + column] = if row > column {
                rest / matrix[column * n + column]
            } else if rest > 0.0 {
                rest.sqrt()
            } else {
                return false;
            };
        }
    }
    true
}

/// Solves `L·Lᵀ·x = b` in place of `b`, with the factor that [`factorise`] wrote.
pub(super) fn substitute(factor: &[f64], b: &mut [f64]) {
    let n = b.len();
    for row in 0..n {
        let sum: f64 = factor[row * n..][..row].iter().zip(&*b).map(|(l, x)| l * x).sum();
        b[row] = (b[row] - sum) / factor[row * n + row];
    }
    for row in (0..n).rev() {
        let below = (row + 1..n).map(|k| factor[k * n + row] * b[k]);
        b[row] = (b[row] - below.sum::<f64>()) / factor[row * n + row];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_times_the_matrix_is_one() {
        let x = noise((300, 150), 1.0, &mut Rng::new(1));
        let mut matrix = gram(&x, 2);
        matrix.diag_mut().mapv_inplace(|x| x + 1.0);
        let product = inverse(&matrix.view()).unwrap().dot(&matrix);
        for ((row, column), &x) in product.indexed_iter() {
            let one = f64::from(u8::from(row == column));
            assert!((x - one).abs() < 1e-9, "[{row}, {column}] = {x}");
        }
        matrix[[140, 140]] = -1.0;
        assert!(inverse(&matrix.view()).is_none(), "not positive definite");
    }

    #[test]
    fn eigenvectors_are_turned_by_nothing() {
        let matrix = gram(&noise((50, 20), 1.0, &mut Rng::new(5)), 1);
        let (values, vectors) = eigen(&matrix);
        assert!(values.windows(2).all(|pair| pair[0] >= pair[1]));
        let image = matrix.dot(&vectors);
        for ((row, k), &x) in image.indexed_iter() {
            assert!((x - values[k] * vectors[[row, k]]).abs() < 1e-8, "[{row}, {k}]");
        }
        let product = vectors.t().dot(&vectors);
        assert!(
            product
                .indexed_iter()
                .all(|((i, j), x)| { (x - f64::from(u8::from(i == j))).abs() < 1e-10 })
        );
    }

    #[test]
    fn a_gram_matrix_is_the_same_on_any_number_of_threads() {
        let x = noise((10_000, 16), 1.0, &mut Rng::new(2));
        let one = gram(&x, 1);
        assert_eq!(one, gram(&x, 3));
        let column = |k: usize| x.column(k).mapv(f64::from);
        assert!((one[[3, 5]] - column(3).dot(&column(5))).abs() < 1e-2);
    }

    #[test]
    fn every_chunk_is_worked_on_once() {
        let mut rows = vec![0_usize; 103];
        share_out(&mut rows, 10, 3, |at, part| {
            for (offset, x) in part.iter_mut().enumerate() {
                *x += at + offset + 1;
            }
        });
        assert!(rows.iter().enumerate().all(|(at, &x)| x == at + 1));
    }
}
