use super::Sequences;

/// `ln(1 + sessions)` of every item, `[n_items]`, where a session counts once an item; 0 for
/// items that fewer than `min_sessions` stand behind, so that no shipped number speaks of a
/// few shoppers.
#[expect(clippy::cast_precision_loss, reason = "session counts are far below 2^24")]
pub fn popularity(sequences: &Sequences, min_sessions: u32) -> Vec<f32> {
    let mut counts = vec![0_u32; sequences.n_items()];
    let mut last_session = vec![usize::MAX; sequences.n_items()];
    for (session, steps) in sequences.sessions().enumerate() {
        for step in steps {
            let item = step.item as usize;
            if last_session[item] != session {
                last_session[item] = session;
                counts[item] += 1;
            }
        }
    }
    let shown = |count: u32| if count < min_sessions { 0.0 } else { (count as f32).ln_1p() };
    counts.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;

    #[test]
    fn a_session_counts_once_and_few_sessions_do_not_count() {
        let step = |item| StepRow { item, kind: 0, dwell: 0 };
        let sequences = Sequences {
            items: vec!["a".into(), "b".into()],
            steps: [0, 0, 1, 0, 1, 0].map(step).to_vec(),
            starts: vec![0, 3, 5, 6],
        };
        assert_eq!(popularity(&sequences, 3), [4.0_f32.ln(), 0.0]);
        assert_eq!(popularity(&sequences, 2), [4.0_f32.ln(), 3.0_f32.ln()]);
    }
}
