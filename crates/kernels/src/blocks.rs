//! Many sums, and the best of them without looking at most.

use super::TopK;
use super::scan::{BLOCK, next_reaching, peak};

/// Sums in blocks of [`BLOCK`], and the greatest of each block.
#[derive(Debug)]
pub struct Blocks {
    sums: Vec<f32>,
    peaks: Vec<f32>,
}

impl Blocks {
    /// `fill(start, sums)` adds to the sums from `start` on, which are 0.
    pub fn of(n: usize, mut fill: impl FnMut(usize, &mut [f32])) -> Self {
        let mut sums = vec![0.0; n];
        let mut peaks = Vec::with_capacity(n.div_ceil(BLOCK));
        for (block, sums) in sums.chunks_mut(BLOCK).enumerate() {
            fill(block * BLOCK, sums);
            peaks.push(peak(sums));
        }
        Self { sums, peaks }
    }

    /// Calls `offer(top, at, sum)` once for every position whose sum, with at most `more`
    /// beside, may still come to the bar of `top`, and for some that may not.
    ///
    /// The best of the best blocks come first: they raise the bar, and little is left to clear
    /// it.
    pub fn offer(&self, top: &mut TopK, more: f32, mut offer: impl FnMut(&mut TopK, usize, f32)) {
        let mut offered = vec![None; self.peaks.len()];
        for (block, peak) in self.best_blocks(top.k()) {
            offered[block] = next_reaching(self.until_end_of(block), block * BLOCK, 0.0, peak);
            if let Some(at) = offered[block] {
                // Not the peak, which may be 0 where the sum is −0.
                offer(top, at, self.sums[at]);
            }
        }
        for ((block, peak), offered) in self.peaks.iter().enumerate().zip(offered) {
            if peak + more < top.bar() {
                continue;
            }
            let (sums, mut from) = (self.until_end_of(block), block * BLOCK);
            while let Some(at) = next_reaching(sums, from, more, top.bar()) {
                if offered != Some(at) {
                    offer(top, at, sums[at]);
                }
                from = at + 1;
            }
        }
    }

    /// The `k` blocks with the greatest peaks, and those.
    fn best_blocks(&self, k: usize) -> impl Iterator<Item = (usize, f32)> {
        let mut best = TopK::new(k);
        (0..).zip(&self.peaks).for_each(|(block, &peak)| best.push(block, peak));
        best.into_sorted().into_iter().map(|(block, peak)| (block as usize, peak))
    }

    fn until_end_of(&self, block: usize) -> &[f32] {
        &self.sums[..self.sums.len().min((block + 1) * BLOCK)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_missed_and_nothing_offered_twice(
            // Few distinct values, so that ties are common; several blocks.
            sums in proptest::collection::vec((-20_i8..20).prop_map(|x| -f32::from(x)), 0..900),
            extra in proptest::collection::vec((0_u8..4).prop_map(f32::from), 900),
            k in 0_usize..12,
        ) {
            let blocks = Blocks::of(sums.len(), |start, out| {
                out.copy_from_slice(&sums[start..start + out.len()]);
            });
            let (mut top, mut all) = (TopK::new(k), TopK::new(k));
            let mut offered = vec![0; sums.len()];
            blocks.offer(&mut top, 3.0, |top, at, sum| {
                assert_eq!(sum.to_bits(), sums[at].to_bits());
                offered[at] += 1;
                top.push(u32::try_from(at).unwrap(), sum + extra[at]);
            });
            for (ix, (sum, extra)) in (0..).zip(sums.iter().zip(&extra)) {
                all.push(ix, sum + extra);
            }
            prop_assert_eq!(top.into_sorted(), all.into_sorted());
            prop_assert!(offered.iter().all(|&n| n <= 1));
        }
    }
}
