//! Symmetric positive definite systems, small and dense, in `f32` with one order of every
//! sum: the same bits on every machine.

/// Running sums side by side, as many as one or two registers hold.
const LANES: usize = 8;

/// The product of two vectors, in eight running sums that are added up in their order.
/// Elements past the shorter vector do not count.
pub fn dot_f32(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len().min(b.len());
    let ((a, a_rest), (b, b_rest)) = (a[..n].as_chunks::<LANES>(), b[..n].as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = a_rest.iter().zip(b_rest).fold(0.0, |sum, (a, b)| sum + a * b);
    sums.iter().fold(rest, |sum, x| sum + x)
}

/// A symmetric positive definite matrix, taken apart into `L·Lᵀ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    n: usize,
    /// `L`, row by row, each up to its diagonal, `[n · (n + 1) / 2]`.
    lower: Vec<f32>,
}

impl Cholesky {
    /// Takes apart the matrix with this lower triangle, row by row, `[n · (n + 1) / 2]`.
    /// `None` where it is not positive definite, as far as `f32` can tell.
    ///
    /// # Panics
    /// If `lower` is shorter than that.
    pub fn new(n: usize, mut lower: Vec<f32>) -> Option<Self> {
        for i in 0..n {
            let (above, row) = lower.split_at_mut(start(i));
            for j in 0..i {
                let other = &above[start(j)..=start(j) + j];
                row[j] = (row[j] - dot_f32(&row[..j], &other[..j])) / other[j];
            }
            let pivot = row[i] - dot_f32(&row[..i], &row[..i]);
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(Self { n, lower })
    }

    /// Replaces `b`, `[n]`, by the solution `x` of `matrix · x = b`.
    ///
    /// # Panics
    /// If `b` is shorter than that.
    pub fn solve(&self, b: &mut [f32]) {
        for i in 0..self.n {
            let row = self.row(i);
            b[i] = (b[i] - dot_f32(&row[..i], &b[..i])) / row[i];
        }
        for i in (0..self.n).rev() {
            let row = self.row(i);
            b[i] /= row[i];
            let x = b[i];
            for (b, l) in b[..i].iter_mut().zip(row) {
                *b -= l * x;
            }
        }
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.lower[start(i)..=start(i) + i]
    }
}

/// Where a row of a lower triangle begins.
fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `Bᵀ·B + I` for a random `B`: positive definite, its lower triangle.
    fn matrix(n: usize, values: &[f32]) -> Vec<f32> {
        let entry = |i: usize, j: usize| {
            let product: f32 = (0..n).map(|k| values[k * n + i] * values[k * n + j]).sum();
            product + if i == j { 1.0 } else { 0.0 }
        };
        (0..n).flat_map(|i| (0..=i).map(move |j| entry(i, j))).collect()
    }

    proptest! {
        #[test]
        fn what_is_solved_gives_back_the_right_side(
            (n, values, b) in (1_usize..24).prop_flat_map(|n| {
                let numbers = |len| proptest::collection::vec(-1.0_f32..1.0, len);
                (Just(n), numbers(n * n), numbers(n))
            }),
        ) {
            let lower = matrix(n, &values);
            let mut x = b.clone();
            Cholesky::new(n, lower.clone()).unwrap().solve(&mut x);
            for i in 0..n {
                let at = |j: usize| lower[start(i.max(j)) + i.min(j)];
                let back: f32 = (0..n).map(|j| at(j) * x[j]).sum();
                prop_assert!((back - b[i]).abs() < 1e-3, "{back} for {}", b[i]);
            }
        }

        #[test]
        fn lanes_sum_what_one_sum_would(
            pairs in proptest::collection::vec((-9_i8..9, -9_i8..9), 0..40),
        ) {
            // Small integers: exact in any order.
            let floats = |x: &[i8]| x.iter().map(|&x| f32::from(x)).collect::<Vec<f32>>();
            let (a, b): (Vec<i8>, Vec<i8>) = pairs.into_iter().unzip();
            let naive: i32 = a.iter().zip(&b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
            #[expect(clippy::cast_precision_loss, reason = "at most 40 · 81")]
            let naive = naive as f32;
            prop_assert_eq!(dot_f32(&floats(&a), &floats(&b)).to_bits(), naive.to_bits());
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert_eq!(Cholesky::new(2, vec![1.0, 2.0, 1.0]), None);
        assert_eq!(Cholesky::new(1, vec![0.0]), None);
        assert_eq!(Cholesky::new(1, vec![f32::NAN]), None);
        assert_eq!(Cholesky::new(1, vec![f32::INFINITY]), None);
    }
}
