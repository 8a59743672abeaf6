use super::ranker::{Ranked, Visit};
use mercer::types::{ItemIx, Seen};

/// One right answer of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answer<'a> {
    /// The shop's id.
    pub(super) id: &'a str,
    /// `None` if the ranker does not know it.
    pub(super) item: Option<ItemIx>,
    /// Its place in the slate, from 1; `None` where it is not in it.
    pub(super) rank: Option<usize>,
}

/// A visit that is asked for slates of one length.
pub(super) struct Asked<'a> {
    pub(super) visit: &'a mut dyn Visit,
    pub(super) length: usize,
    pub(super) seen: Seen,
    /// How many items the ranker has.
    pub(super) n_items: usize,
}

impl Asked<'_> {
    pub(super) fn slate(&mut self) -> Vec<Ranked> {
        self.visit.slate(self.length, self.seen)
    }

    /// Gives each answer its place in `slate` in the worst of all orders that the scores
    /// allow: among equal scores the right answers stand last. With one right answer its rank
    /// is the number of items that score at least as high. `answers` are distinct.
    pub(super) fn place(&mut self, slate: &[Ranked], answers: &mut [Answer<'_>]) {
        let is_right = |ranked: &Ranked| answers.iter().any(|a| a.item == Some(ranked.item));
        let right: Vec<Ranked> = slate.iter().copied().filter(is_right).collect();
        let (Some(lowest), Some(last)) = (right.last(), slate.last()) else { return };
        // A tie that runs off the slate counts against the ranker in full.
        let whole = if lowest.score <= last.score {
            self.until_tie_ends(slate, lowest.score)
        } else {
            slate.to_vec()
        };
        let all_right: Vec<Ranked> = whole.iter().copied().filter(is_right).collect();
        for ranked in right {
            let ties = |other: &&Ranked| other.score >= ranked.score && ranked.score >= other.score;
            let end = whole.iter().filter(|other| other.score >= ranked.score).count();
            let later = all_right.iter().filter(ties).filter(|o| o.item > ranked.item).count();
            if let Some(answer) = answers.iter_mut().find(|a| a.item == Some(ranked.item)) {
                answer.rank = Some(end - later);
            }
        }
    }

    /// The slate with everything that scores at least `score`, if it must be made longer for
    /// that.
    fn until_tie_ends(&mut self, slate: &[Ranked], score: f32) -> Vec<Ranked> {
        let mut whole = slate.to_vec();
        let mut count = slate.len();
        while count < self.n_items && whole.iter().filter(|r| r.score >= score).count() == count {
            count = count.saturating_mul(4);
            whole = self.visit.slate(count, self.seen);
            if whole.len() < count {
                break;
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::best;
    use crate::log::LogEvent;

    /// Scores that no event changes.
    struct Fixed(Vec<f32>);

    impl Visit for Fixed {
        fn observe(&mut self, _: &str, _: &LogEvent) {}

        fn slate(&mut self, count: usize, _: Seen) -> Vec<Ranked> {
            best(&self.0, &[], count)
        }
    }

    fn ranks(scores: &[f32], length: usize, right: &[u32]) -> Vec<Option<usize>> {
        let (mut visit, n_items) = (Fixed(scores.to_vec()), scores.len());
        let mut asked = Asked { visit: &mut visit, length, seen: Seen::Include, n_items };
        let answer = |&item: &u32| Answer { id: "", item: Some(ItemIx(item)), rank: None };
        let mut answers: Vec<Answer<'_>> = right.iter().map(answer).collect();
        let slate = asked.slate();
        asked.place(&slate, &mut answers);
        answers.into_iter().map(|answer| answer.rank).collect()
    }

    #[test]
    fn one_right_answer_ranks_behind_all_that_score_as_high() {
        let scores = [1.0, 5.0, 3.0, 3.0, 3.0, 0.0];
        assert_eq!(ranks(&scores, 6, &[1]), [Some(1)]);
        assert_eq!(ranks(&scores, 6, &[2]), [Some(4)]);
        assert_eq!(ranks(&scores, 6, &[4]), [Some(4)]);
        assert_eq!(ranks(&scores, 2, &[2]), [Some(4)], "the tie runs off the slate");
        assert_eq!(ranks(&scores, 2, &[0]), [None]);
        assert_eq!(ranks(&[0.0; 40], 3, &[0]), [Some(40)], "a constant ranks everything last");
    }

    #[test]
    fn several_right_answers_stand_last_among_their_equals() {
        let scores = [1.0, 5.0, 3.0, 3.0, 3.0, 0.0];
        assert_eq!(ranks(&scores, 6, &[2, 4, 1]), [Some(3), Some(4), Some(1)]);
        // Both are in a tie of places 2 to 4, of which the slate shows one.
        assert_eq!(ranks(&scores, 2, &[2, 4]), [Some(3), None]);
        assert_eq!(ranks(&[0.0; 3], 3, &[0, 1, 2]), [Some(1), Some(2), Some(3)]);
    }
}
