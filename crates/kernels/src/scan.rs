//! One direction against many rows: the loop that a slate waits for.

use super::dot::{Wide, dot_wide, widened};

/// How many rows make a block.
pub const BLOCK: usize = 256;

/// A direction, ready to be held against rows.
#[derive(Debug)]
pub struct Scan {
    query: Vec<Wide>,
    dim: usize,
    scale: f32,
}

impl Scan {
    /// Of a direction `[dim]`, `dim` a multiple of 16 and above 0, and the factor on every
    /// product.
    pub fn new(query: &[i8], scale: f32) -> Self {
        Self { query: widened(query), dim: query.len(), scale }
    }

    /// Adds `scale · scales[r] · (query · rows[r])` to `sums[r]` for every row: `rows`
    /// `[n_rows, dim]`, row-major, `scales` and `sums` `[n_rows]`.
    ///
    /// The product of codes is exact, and rounded to 24 bits before it is scaled.
    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    pub fn add(&self, rows: &[i8], scales: &[f32], sums: &mut [f32]) {
        // Of the usual length, so that the direction stays in registers from row to row.
        if let Some(query) = self.query.as_array::<4>() {
            let (rows, _) = rows.as_chunks::<64>();
            for ((row, factor), sum) in rows.iter().zip(scales).zip(sums) {
                *sum += dot_wide(query, row) as f32 * factor * self.scale;
            }
        } else {
            let rows = rows.chunks_exact(self.dim);
            for ((row, factor), sum) in rows.zip(scales).zip(sums) {
                *sum += dot_wide(&self.query, row) as f32 * factor * self.scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        #[expect(clippy::cast_precision_loss, reason = "as in the kernel")]
        fn adds_what_the_formula_says(
            chunks in 1_usize..=6,
            codes in proptest::collection::vec(any::<i8>(), 6 * 16 * 5),
            scale in -2.0_f32..2.0,
        ) {
            let dim = 16 * chunks;
            let (query, rows) = codes.split_at(dim);
            let rows = &rows[..rows.len() / dim * dim];
            let scales: Vec<f32> = (0_u8..).take(rows.len() / dim).map(f32::from).collect();
            let mut sums = vec![0.5; scales.len()];
            Scan::new(query, scale).add(rows, &scales, &mut sums);
            for (ix, row) in rows.chunks(dim).enumerate() {
                let dot: i32 =
                    query.iter().zip(row).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
                let naive = 0.5 + dot as f32 * scales[ix] * scale;
                prop_assert_eq!(sums[ix].to_bits(), naive.to_bits());
            }
        }
    }
}
