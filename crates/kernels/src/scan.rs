//! One direction against many rows: the loop that a slate waits for.

use super::dot::{Wide, dot_wide, four_wide, widened};

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
        let mut done = 0;
        // Of the usual length, so that the direction stays in registers from row to row.
        if let Some(query) = self.query.as_array::<4>() {
            let (rows, _) = rows.as_chunks::<64>();
            let (rows, _) = rows.as_chunks::<4>();
            let (factors, _) = scales.as_chunks::<4>();
            let (sums, _) = sums.as_chunks_mut::<4>();
            for ((rows, factors), sums) in rows.iter().zip(factors).zip(sums) {
                let dots = four_wide(query, rows);
                for lane in 0..4 {
                    sums[lane] += dots[lane] as f32 * factors[lane] * self.scale;
                }
                done += 4;
            }
        }
        let rows = rows.chunks_exact(self.dim).skip(done);
        for ((row, factor), sum) in rows.zip(&scales[done..]).zip(&mut sums[done..]) {
            *sum += dot_wide(&self.query, row) as f32 * factor * self.scale;
        }
    }
}

/// How many sums are looked at together.
const GLANCE: usize = 16;

/// The first position from `from` on whose sum and `more` together come to `bar` or above.
pub fn next_reaching(sums: &[f32], from: usize, more: f32, bar: f32) -> Option<usize> {
    let reaches = |&sum: &f32| sum + more >= bar;
    let mut at = from;
    while let Some(glance) = sums.get(at..at + GLANCE).and_then(<[f32]>::as_array::<GLANCE>) {
        // All sixteen at once, without a branch for each: nearly always there is none.
        if glance.iter().fold(false, |any, sum| any | reaches(sum)) {
            break;
        }
        at += GLANCE;
    }
    sums.get(at..)?.iter().position(reaches).map(|found| at + found)
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
            codes in proptest::collection::vec(any::<i8>(), 6 * 16 * 8),
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

        #[test]
        fn what_reaches_is_found(
            sums in proptest::collection::vec(-4_i8..=4, 0..80),
            from in 0_usize..90,
            bar in -3_i8..=9,
        ) {
            let sums: Vec<f32> = sums.into_iter().map(f32::from).collect();
            let naive = (from..sums.len()).find(|&at| sums[at] + 1.5 >= f32::from(bar));
            prop_assert_eq!(next_reaching(&sums, from, 1.5, f32::from(bar)), naive);
        }
    }
}
