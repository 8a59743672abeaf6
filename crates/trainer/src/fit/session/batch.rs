use crate::features::{Sequences, StepRow};

/// One training example: a session up to a step, and that step's item as the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Example {
    /// Where the session starts in [`Sequences::steps`].
    start: u32,
    /// The step whose item is the answer; all steps from `start` up to it are the prefix.
    answer: u32,
}

impl Example {
    /// Every prefix of every session that something follows.
    pub(super) fn all(sequences: &Sequences) -> Vec<Self> {
        let at = |position: usize| u32::try_from(position).expect("fewer than 2^32 steps");
        let session = |ends: &[usize]| {
            let start = at(ends[0]);
            (ends[0] + 1..ends[1]).map(move |answer| Self { start, answer: at(answer) })
        };
        sequences.starts.windows(2).flat_map(session).collect()
    }

    /// Whether its session starts before this position of [`Sequences::steps`].
    pub(super) fn is_before(self, position: usize) -> bool {
        (self.start as usize) < position
    }

    /// What it counts.
    pub(super) fn weight(self, sequences: &Sequences) -> f32 {
        sequences.weight(self.answer as usize)
    }

    /// The item that comes next.
    pub(super) fn answer(self, sequences: &Sequences) -> u32 {
        sequences.steps[self.answer as usize].item
    }

    /// The newest steps before the answer, newest first, at most `max_steps`. The newest
    /// one's dwell is not known: on the device the shopper is still there. Steps are merged
    /// over the whole session, so a step's kind may know of a removal from the cart that
    /// comes later; on the device it does not yet.
    pub(super) fn prefix(
        self,
        sequences: &Sequences,
        max_steps: usize,
    ) -> impl Iterator<Item = StepRow> {
        let steps = &sequences.steps[self.start as usize..self.answer as usize];
        let newest_first = steps.iter().rev().take(max_steps).enumerate();
        newest_first.map(|(t, step)| if t == 0 { StepRow { dwell: 0, ..*step } } else { *step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_run_newest_first_and_stay_in_their_session() {
        let step = |item| StepRow { item, kind: 0, dwell: 3 };
        let sequences = Sequences {
            items: vec![String::new(); 9],
            steps: [1, 2, 3, 7, 8].map(step).to_vec(),
            starts: vec![0, 3, 5],
            weights: Vec::new(),
        };
        let examples = Example::all(&sequences);
        let read = |example: &Example| {
            let prefix = example.prefix(&sequences, 2);
            (prefix.map(|s| (s.item, s.dwell)).collect::<Vec<_>>(), example.answer(&sequences))
        };
        let expected = [(vec![(1, 0)], 2), (vec![(2, 0), (1, 3)], 3), (vec![(7, 0)], 8)];
        assert_eq!(examples.iter().map(read).collect::<Vec<_>>(), expected);
    }
}
