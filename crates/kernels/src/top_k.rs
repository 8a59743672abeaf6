use std::cmp::Ordering;

/// The best `k` of a stream of scored indices: a heap of at most `k` entries with the worst
/// on top. Equal scores are ordered by index, so the answer never depends on the order of
/// arrival.
#[derive(Debug, Clone)]
pub struct TopK {
    k: usize,
    heap: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    score: f32,
    ix: u32,
}

impl Entry {
    /// Higher score first, then lower index.
    fn order(self, other: Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.ix.cmp(&other.ix))
    }

    fn is_worse_than(self, other: Self) -> bool {
        self.order(other) == Ordering::Greater
    }
}

impl TopK {
    /// An empty collector of at most `k` entries; room is taken as entries arrive.
    pub fn new(k: usize) -> Self {
        Self { k, heap: Vec::new() }
    }

    /// The lowest score that [`push`](Self::push) may keep: minus infinity while there is room.
    pub fn bar(&self) -> f32 {
        match self.heap.first() {
            Some(worst) if self.heap.len() == self.k => worst.score,
            // Of none, none is kept.
            None if self.k == 0 => f32::INFINITY,
            _ => f32::NEG_INFINITY,
        }
    }

    /// Offers one scored index.
    #[inline]
    pub fn push(&mut self, ix: u32, score: f32) {
        let entry = Entry { score, ix };
        if self.heap.len() < self.k {
            self.heap.push(entry);
            self.sift_up();
        } else if self.heap.first().is_some_and(|worst| worst.is_worse_than(entry)) {
            self.heap[0] = entry;
            self.sift_down();
        }
    }

    /// The kept entries as `(index, score)`, best first.
    pub fn into_sorted(mut self) -> Vec<(u32, f32)> {
        let mut sorted = Vec::with_capacity(self.heap.len());
        while let Some(worst) = self.pop() {
            sorted.push((worst.ix, worst.score));
        }
        sorted.reverse();
        sorted
    }

    /// Takes the worst entry off the top.
    fn pop(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let Some(top) = self.heap.first_mut() else { return Some(last) };
        let worst = std::mem::replace(top, last);
        self.sift_down();
        Some(worst)
    }

    fn sift_up(&mut self) {
        let mut at = self.heap.len() - 1;
        while at > 0 {
            let parent = (at - 1) / 2;
            if !self.heap[at].is_worse_than(self.heap[parent]) {
                return;
            }
            self.heap.swap(at, parent);
            at = parent;
        }
    }

    fn sift_down(&mut self) {
        let mut at = 0;
        loop {
            let worse = |a: usize, b: usize| self.heap[a].is_worse_than(self.heap[b]);
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut worst = at;
            if left < self.heap.len() && worse(left, worst) {
                worst = left;
            }
            if right < self.heap.len() && worse(right, worst) {
                worst = right;
            }
            if worst == at {
                return;
            }
            self.heap.swap(at, worst);
            at = worst;
        }
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
