/// The best `k` of a stream of scored indices: a heap of at most `k` entries with the worst
/// on top. Equal scores are ordered by index, so the answer never depends on the order of
/// arrival.
#[derive(Debug, Clone)]
pub struct TopK {
    k: usize,
    /// Keys, the least on top.
    heap: Vec<u64>,
}

/// Score and index as one number that grows with the score, in the order of
/// [`f32::total_cmp`], and among equal scores is greater for the lower index: one comparison
/// in place of two or three.
fn key(ix: u32, score: f32) -> u64 {
    let bits = score.to_bits().cast_signed();
    // A negative number's other bits are turned over, then the sign of all.
    let ascending = bits ^ ((bits >> 31).cast_unsigned() >> 1).cast_signed();
    (u64::from(ascending.cast_unsigned() ^ SIGN) << 32) | u64::from(!ix)
}

const SIGN: u32 = 1 << 31;

fn score(key: u64) -> f32 {
    let [high, _] = halves(key);
    let ascending = (high ^ SIGN).cast_signed();
    let bits = ascending ^ ((ascending >> 31).cast_unsigned() >> 1).cast_signed();
    f32::from_bits(bits.cast_unsigned())
}

fn index(key: u64) -> u32 {
    let [_, low] = halves(key);
    !low
}

#[expect(clippy::cast_possible_truncation, reason = "that is what a half is")]
fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

impl TopK {
    /// An empty collector of at most `k` entries; room is taken as entries arrive.
    pub fn new(k: usize) -> Self {
        Self { k, heap: Vec::new() }
    }

    /// How many are kept at most.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The lowest score that [`push`](Self::push) may keep: minus infinity while there is room.
    pub fn bar(&self) -> f32 {
        match self.heap.first() {
            Some(&worst) if self.heap.len() == self.k => score(worst),
            // Of none, none is kept.
            None if self.k == 0 => f32::INFINITY,
            _ => f32::NEG_INFINITY,
        }
    }

    /// Offers one scored index.
    #[inline]
    pub fn push(&mut self, ix: u32, score: f32) {
        let key = key(ix, score);
        if self.heap.len() < self.k {
            self.heap.push(key);
            self.sift_up();
        } else if self.heap.first().is_some_and(|&worst| worst < key) {
            self.sift_down(key);
        }
    }

    /// The kept entries as `(index, score)`, best first.
    pub fn into_sorted(mut self) -> Vec<(u32, f32)> {
        let mut sorted = Vec::with_capacity(self.heap.len());
        while let Some(worst) = self.pop() {
            sorted.push((index(worst), score(worst)));
        }
        sorted.reverse();
        sorted
    }

    /// Takes the worst entry off the top.
    fn pop(&mut self) -> Option<u64> {
        let last = self.heap.pop()?;
        let Some(&worst) = self.heap.first() else { return Some(last) };
        self.sift_down(last);
        Some(worst)
    }

    fn sift_up(&mut self) {
        let mut at = self.heap.len() - 1;
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.heap[at] >= self.heap[parent] {
                return;
            }
            self.heap.swap(at, parent);
            at = parent;
        }
    }

    /// Puts an entry in place of the one on top.
    fn sift_down(&mut self, key: u64) {
        let heap = self.heap.as_mut_slice();
        let mut at = 0;
        loop {
            let left = 2 * at + 1;
            let Some(&first) = heap.get(left) else { break };
            let (mut child, mut least) = (left, first);
            if let Some(&second) = heap.get(left + 1)
                && second < first
            {
                (child, least) = (left + 1, second);
            }
            if key <= least {
                break;
            }
            heap[at] = least;
            at = child;
        }
        heap[at] = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(scores: &[f32], k: usize) -> Vec<(u32, f32)> {
        let mut all: Vec<(u32, f32)> = (0..).zip(scores.iter().copied()).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(k);
        all
    }

    proptest! {
        #[test]
        fn keys_give_back_what_they_are_made_of(ix in any::<u32>(), bits in any::<u32>()) {
            let key = key(ix, f32::from_bits(bits));
            prop_assert_eq!((index(key), score(key).to_bits()), (ix, bits));
        }

        #[test]
        fn keys_are_ordered_as_scores_and_then_indices(
            a in (any::<u32>(), any::<u32>()),
            b in (0_u32..4, any::<u32>()),
            same in any::<bool>(),
        ) {
            let (a, b) = ((a.0, f32::from_bits(a.1)), (b.0, f32::from_bits(if same { a.1 } else { b.1 })));
            let order = a.1.total_cmp(&b.1).then(b.0.cmp(&a.0));
            prop_assert_eq!(key(a.0, a.1).cmp(&key(b.0, b.1)), order);
        }

        #[test]
        fn matches_sorting_everything(
            // Few distinct values, so that ties are common.
            scores in proptest::collection::vec((0_i8..6).prop_map(f32::from), 0..80),
            k in 0_usize..20,
        ) {
            let mut top = TopK::new(k);
            for (ix, &score) in (0..).zip(&scores) {
                top.push(ix, score);
            }
            prop_assert_eq!(top.into_sorted(), naive(&scores, k));
        }
    }
}
