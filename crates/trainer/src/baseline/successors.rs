use super::{Score, Visits};

/// What came next: an item's score is how often it followed the shopper's newest item, a
/// first-order Markov chain. Equal counts are told apart by which was seen last.
#[derive(Debug, Clone, PartialEq)]
pub struct Successors {
    /// For each item its successors with their scores, ascending by item.
    after: Vec<Vec<(u32, f64)>>,
}

impl Successors {
    /// Counts the pairs of neighbouring steps in all visits.
    pub fn new(visits: &Visits) -> Self {
        let mut pairs: Vec<(u32, u32, usize)> = Vec::new();
        for (visit, steps) in visits.steps().iter().enumerate() {
            pairs.extend(steps.windows(2).map(|pair| (pair[0], pair[1], visit)));
        }
        pairs.sort_unstable();
        let mut after: Vec<Vec<(u32, f64)>> = vec![Vec::new(); visits.n_items()];
        for same in pairs.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let (item, next, newest) = same[same.len() - 1];
            after[item as usize].push((next, blended(same.len(), newest, visits.steps().len())));
        }
        Self { after }
    }
}

/// The count, and less than one for how recent the pair is.
#[expect(clippy::cast_precision_loss, reason = "counts")]
fn blended(count: usize, newest: usize, n_visits: usize) -> f64 {
    count as f64 + newest as f64 / (n_visits + 1) as f64
}

impl Score for Successors {
    fn score(&self, steps: &[u32], scores: &mut [f64]) {
        let Some(&newest) = steps.last() else { return };
        for &(next, score) in &self.after[newest as usize] {
            scores[next as usize] = score;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::tests::{log, scores};

    #[test]
    fn pairs_are_counted_and_the_newest_of_equals_leads() {
        let visits = Visits::new(&log(&[&[0, 1, 0, 2], &[0, 1], &[0, 2], &[1, 1]]), None);
        let successors = Successors::new(&visits);
        // After 0: item 1 twice, last in visit 1; item 2 twice, last in visit 2; of 4 visits.
        assert_eq!(scores(&successors, &[2, 0])[..3], [0.0, 2.0 + 0.2, 2.0 + 0.4]);
        assert_eq!(scores(&successors, &[1])[..3], [1.0, 1.0 + 0.6, 0.0]);
        assert!(scores(&successors, &[]).iter().all(|score| *score == 0.0));
    }
}
