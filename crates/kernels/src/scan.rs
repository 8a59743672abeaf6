//! One direction against many rows: the loop that a slate waits for.
//!
//! What is called here for a whole block is never inlined: in the engine it would be compiled for
//! size, as the engine is.

use super::CodeWidth;
use super::dot::{Wide, dot_wide, four_wide, widened};
use super::four::Four;
use super::narrow::{DIM, Narrow};

/// How many rows make a block.
pub const BLOCK: usize = 256;

/// A direction, ready to be held against rows.
#[derive(Debug)]
pub struct Scan {
    query: Vec<Wide>,
    narrow: Option<Narrow>,
    dim: usize,
    scale: f32,
}

impl Scan {
    /// Of a direction `[dim]`, `dim` a multiple of 16 and above 0, and the factor on every
    /// product, for rows whose codes fit `width`.
    pub fn new(query: &[i8], scale: f32, width: CodeWidth) -> Self {
        let narrow = Narrow::of(query, width);
        Self { query: widened(query), narrow, dim: query.len(), scale }
    }

    /// Adds `scale · scales[r] · (query · rows[r])` to `sums[r]` for every row: `rows`
    /// `[n_rows, dim]`, row-major, `scales` and `sums` `[n_rows]`.
    ///
    /// The product of codes is exact, and rounded to 24 bits before it is scaled.
    #[expect(clippy::cast_precision_loss, reason = "512 × 127² stays below 2^24")]
    #[inline(never)]
    pub fn add(&self, rows: &[i8], scales: &[f32], sums: &mut [f32]) {
        // Of the usual length, so that the direction stays in registers from row to row.
        let done = match (&self.narrow, self.query.as_array::<4>()) {
            (Some(narrow), _) => self.add_fours(rows, scales, sums, |four| narrow.four(four)),
            (None, Some(query)) => {
                self.add_fours(rows, scales, sums, |four| four_wide(query, four))
            }
            (None, None) => 0,
        };
        let rows = rows.chunks_exact(self.dim).skip(done);
        for ((row, factor), sum) in rows.zip(&scales[done..]).zip(&mut sums[done..]) {
            *sum += dot_wide(&self.query, row) as f32 * factor * self.scale;
        }
    }

    /// [`add`](Self::add) for as many rows of 64 as make fours; how many those are.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "one loop for each way to multiply")]
    fn add_fours(
        &self,
        rows: &[i8],
        scales: &[f32],
        sums: &mut [f32],
        dots: impl Fn(&[[i8; DIM]; 4]) -> [i32; 4],
    ) -> usize {
        let (rows, _) = rows.as_chunks::<DIM>();
        let (rows, _) = rows.as_chunks::<4>();
        let (factors, _) = scales.as_chunks::<4>();
        let (sums, _) = sums.as_chunks_mut::<4>();
        let mut done = 0;
        for ((rows, factors), sums) in rows.iter().zip(factors).zip(sums) {
            let products = Four::of_integers(dots(rows)).times(Four::of(factors));
            *sums = Four::of(sums).plus(products.times(Four::all(self.scale))).each();
            done += 4;
        }
        done
    }
}

/// How many sums are looked at together.
const GLANCE: usize = 16;

/// The greatest of the sums; minus infinity of none. What is no number is passed over.
#[inline(never)]
pub(super) fn peak(sums: &[f32]) -> f32 {
    let (fours, rest) = sums.as_chunks::<4>();
    let (pairs, odd) = fours.as_chunks::<2>();
    // Two at a time: a maximum takes longer than a load.
    let low = [Four::all(f32::NEG_INFINITY); 2];
    let [a, b] = pairs
        .iter()
        .fold(low, |[a, b], [next, after]| [a.greater(Four::of(next)), b.greater(Four::of(after))]);
    let most = odd.iter().fold(a.greater(b), |most, four| most.greater(Four::of(four)));
    let greater = |a: f32, b: &f32| if *b > a { *b } else { a };
    most.each().iter().chain(rest).fold(f32::NEG_INFINITY, greater)
}

/// The first position from `from` on whose sum and `more` together come to `bar` or above.
#[inline(never)]
pub(super) fn next_reaching(sums: &[f32], from: usize, more: f32, bar: f32) -> Option<usize> {
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
            query in proptest::collection::vec(any::<i8>(), 6 * 16),
            codes in proptest::collection::vec(any::<i8>(), 6 * 16 * 8),
            width in prop_oneof![Just(CodeWidth::Four), Just(CodeWidth::Eight)],
            scale in -2.0_f32..2.0,
        ) {
            let dim = 16 * chunks;
            let query = &query[..dim];
            // Of four bits: the low half with its sign.
            let narrowed = |code: &i8| if width == CodeWidth::Four { *code << 4 >> 4 } else { *code };
            let rows: Vec<i8> = codes[..codes.len() / dim * dim].iter().map(narrowed).collect();
            let rows = rows.as_slice();
            let scales: Vec<f32> = (0_u8..).take(rows.len() / dim).map(f32::from).collect();
            let mut sums = vec![0.5; scales.len()];
            Scan::new(query, scale, width).add(rows, &scales, &mut sums);
            for (ix, row) in rows.chunks(dim).enumerate() {
                let dot: i32 =
                    query.iter().zip(row).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
                let naive = 0.5 + dot as f32 * scales[ix] * scale;
                prop_assert_eq!(sums[ix].to_bits(), naive.to_bits());
            }
        }

        #[test]
        fn a_peak_is_the_greatest(sums in proptest::collection::vec(any::<f32>(), 0..80)) {
            let numbers = sums.iter().copied().filter(|sum| !sum.is_nan());
            let naive = numbers.fold(f32::NEG_INFINITY, f32::max);
            // 0 and −0 are as great as each other.
            let bits = |sum: f32| (sum + 0.0).to_bits();
            prop_assert_eq!(bits(peak(&sums)), bits(naive));
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
