//! What came soon after what, in lists: the sharp memory that vectors of a few dozen
//! coordinates do not have.
//!
//! ```text
//! c_ij      = Σ over sessions of the largest 1 / (q − p) with item i at step p, j at q, p < q ≤ p + 3
//! weight_ij = (c_ij / n_i)^½      n_i: sessions in which something follows i
//! ```
//!
//! A pair stands on at least as many sessions as the shop asks of anything it ships.

use crate::features::{Sequences, StepRow};
use std::collections::BTreeMap;

/// Steps after an item that count as soon.
const WINDOW: usize = 3;
/// Successors an item, at most.
const MOST: usize = 20;

/// For each item others with their weights, strongest first, `[n_items]`.
pub(super) type Lists = Vec<Vec<(u32, f32)>>;

/// The successors of each item, counted in the sessions that end before `end`, a position of [`Sequences::steps`].
#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
pub(super) fn successors(sequences: &Sequences, end: usize, min_sessions: u32) -> Lists {
    let mut pairs: BTreeMap<(u32, u32), (u32, f32)> = BTreeMap::new();
    let mut followed = vec![0_u32; sequences.n_items()];
    let ends = sequences.starts.windows(2).filter(|ends| ends[1] <= end);
    for session in ends.map(|ends| &sequences.steps[ends[0]..ends[1]]) {
        for (pair, near) in pairs_of(session) {
            let (sessions, sum) = pairs.entry(pair).or_default();
            *sessions += 1;
            *sum += near;
        }
        let mut openers: Vec<u32> = session.iter().rev().skip(1).map(|step| step.item).collect();
        openers.sort_unstable();
        openers.dedup();
        for item in openers {
            followed[item as usize] += 1;
        }
    }
    let mut lists = vec![Vec::new(); sequences.n_items()];
    for ((item, next), (sessions, sum)) in pairs {
        if sessions >= min_sessions {
            let share = sum / followed[item as usize] as f32;
            lists[item as usize].push((next, share.sqrt()));
        }
    }
    for list in &mut lists {
        list.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(MOST);
    }
    lists
}

/// The pairs of a session, each once, with how near they were at their nearest.
#[expect(clippy::cast_precision_loss, reason = "at most the window")]
fn pairs_of(session: &[StepRow]) -> Vec<((u32, u32), f32)> {
    let mut pairs = Vec::new();
    for (at, step) in session.iter().enumerate() {
        for (gap, next) in session[at + 1..].iter().take(WINDOW).enumerate() {
            if next.item != step.item {
                pairs.push(((step.item, next.item), 1.0 / (gap + 1) as f32));
            }
        }
    }
    pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    pairs.dedup_by_key(|(pair, _)| *pair);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequences(sessions: &[&[u32]]) -> Sequences {
        let mut starts = vec![0];
        let mut steps = Vec::new();
        for session in sessions {
            steps.extend(session.iter().map(|&item| StepRow { item, kind: 0, dwell: 0 }));
            starts.push(steps.len());
        }
        Sequences { items: vec![String::new(); 5], steps, starts, weights: Vec::new() }
    }

    #[test]
    fn near_followers_weigh_more_and_rare_pairs_are_left_out() {
        let log = sequences(&[&[0, 1, 2], &[0, 1], &[0, 3], &[0, 1, 0, 1], &[0, 2]]);
        let lists = successors(&log, usize::MAX, 2);
        let expected = [(1, (3.0_f32 / 5.0).sqrt()), (2, (1.5_f32 / 5.0).sqrt())];
        assert_eq!(lists[0], expected);
        assert!(lists[1].is_empty(), "1 → 2 and 1 → 0 stand on one session each");
        assert_eq!(successors(&log, 7, 2)[0], [(1, (2.0_f32 / 3.0).sqrt())]);
    }
}
