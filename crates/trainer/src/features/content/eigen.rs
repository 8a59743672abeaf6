//! In which directions does a symmetric matrix stretch, and how much?

use ndarray::Array2;

/// Passes over all pairs; a symmetric matrix of a few hundred rows needs about ten.
const MAX_SWEEPS: usize = 40;
/// Size beside the diagonal, relative to it, that counts as none.
const NOTHING: f64 = 1e-12;

/// Eigenvalues, largest first, and the eigenvectors as the columns of a matrix, of a
/// symmetric matrix: the cyclic Jacobi method (Golub & Van Loan, *Matrix Computations*,
/// section 8.5).
pub(super) fn eigen(mut matrix: Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = matrix.nrows();
    // One a row, because rows lie together in memory.
    let mut vectors = Array2::<f64>::eye(n);
    let scale = matrix.diag().iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    for _ in 0..MAX_SWEEPS {
        let mut at_rest = true;
        for p in 0..n {
            for q in p + 1..n {
                let beside = matrix[[p, q]];
                let pair = (matrix[[p, p]] * matrix[[q, q]]).abs().sqrt();
                if beside.abs() > NOTHING * pair.max(NOTHING * scale) {
                    at_rest = false;
                    let turn = Turn::between(matrix[[p, p]], beside, matrix[[q, q]]);
                    turn.rows(&mut matrix, p, q);
                    turn.columns(&mut matrix, p, q);
                    turn.rows(&mut vectors, p, q);
                }
            }
        }
        if at_rest {
            break;
        }
    }
    sorted(&matrix, &vectors)
}

fn sorted(matrix: &Array2<f64>, vectors: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let mut order: Vec<usize> = (0..matrix.nrows()).collect();
    order.sort_by(|&a, &b| matrix[[b, b]].total_cmp(&matrix[[a, a]]));
    let values = order.iter().map(|&at| matrix[[at, at]]).collect();
    let columns = Array2::from_shape_fn(vectors.raw_dim(), |(row, at)| vectors[[order[at], row]]);
    (values, columns)
}

/// A turn in the plane of two axes.
struct Turn {
    cosine: f64,
    sine: f64,
}

impl Turn {
    /// The turn after which the two axes do not mix.
    fn between(pp: f64, pq: f64, qq: f64) -> Self {
        let theta = (qq - pp) / (2.0 * pq);
        let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
        let cosine = tangent.hypot(1.0).recip();
        Self { cosine, sine: tangent * cosine }
    }

    fn apply(&self, a: &mut f64, b: &mut f64) {
        (*a, *b) = (self.cosine * *a - self.sine * *b, self.sine * *a + self.cosine * *b);
    }

    fn rows(&self, matrix: &mut Array2<f64>, p: usize, q: usize) {
        let n = matrix.ncols();
        let all = matrix.as_slice_mut().expect("a matrix of our own, in row order");
        let (before, after) = all.split_at_mut(q * n);
        let (a, b) = (&mut before[p * n..(p + 1) * n], &mut after[..n]);
        a.iter_mut().zip(b).for_each(|(a, b)| self.apply(a, b));
    }

    fn columns(&self, matrix: &mut Array2<f64>, p: usize, q: usize) {
        for mut row in matrix.rows_mut() {
            let (mut a, mut b) = (row[p], row[q]);
            self.apply(&mut a, &mut b);
            (row[p], row[q]) = (a, b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mercer::rng::Rng;

    #[test]
    fn the_matrix_is_put_together_again() {
        let mut rng = Rng::new(3);
        let half = Array2::from_shape_simple_fn((30, 20), || rng.normal());
        let matrix = half.dot(&half.t());
        let (values, vectors) = eigen(matrix.clone());
        assert!(values.is_sorted_by(|a, b| a >= b));
        assert!(values[20..].iter().all(|value| value.abs() < 1e-9), "{values:?}");
        let again = (&vectors * &ndarray::Array1::from(values)).dot(&vectors.t());
        assert!((&again - &matrix).iter().all(|x| x.abs() < 1e-9));
        let unit = vectors.t().dot(&vectors) - Array2::<f64>::eye(30);
        assert!(unit.iter().all(|x| x.abs() < 1e-9));
    }

    #[test]
    fn a_matrix_of_nothing_is_at_rest() {
        let (values, vectors) = eigen(Array2::zeros((3, 3)));
        assert_eq!(values, [0.0; 3]);
        assert_eq!(vectors, Array2::<f64>::eye(3));
    }
}
