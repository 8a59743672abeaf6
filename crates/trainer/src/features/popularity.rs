use super::Sequences;

/// `ln(1 + sessions)` of every item, `[n_items]`, where a session counts once an item, by the
/// weight of its first step there; 0 for items that fewer than `min_sessions` stand behind,
/// whatever they weigh, so that no shipped number speaks of a few shoppers.
#[expect(clippy::cast_possible_truncation, reason = "popularity is f32")]
pub fn popularity(sequences: &Sequences, min_sessions: u32) -> Vec<f32> {
    let mut counts = vec![0_u32; sequences.n_items()];
    let mut masses = vec![0.0_f64; sequences.n_items()];
    let mut last_session = vec![usize::MAX; sequences.n_items()];
    for (session, ends) in sequences.starts.windows(2).enumerate() {
        for at in ends[0]..ends[1] {
            let item = sequences.steps[at].item as usize;
            if last_session[item] != session {
                last_session[item] = session;
                counts[item] += 1;
                masses[item] += f64::from(sequences.weight(at));
            }
        }
    }
    let shown = |(count, mass): (u32, f64)| {
        if count < min_sessions { 0.0 } else { (mass as f32).ln_1p() }
    };
    counts.into_iter().zip(masses).map(shown).collect()
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
            weights: Vec::new(),
        };
        assert_eq!(popularity(&sequences, 3), [4.0_f32.ln(), 0.0]);
        assert_eq!(popularity(&sequences, 2), [4.0_f32.ln(), 3.0_f32.ln()]);
    }

    #[test]
    fn the_first_step_on_an_item_weighs_its_session_and_few_sessions_never_count() {
        let step = |item| StepRow { item, kind: 0, dwell: 0 };
        let sequences = Sequences {
            items: vec!["a".into(), "b".into()],
            steps: [0, 0, 1, 0, 1].map(step).to_vec(),
            starts: vec![0, 3, 5],
            weights: vec![0.5, 9.0, 2.0, 1.5, 1.0],
        };
        assert_eq!(popularity(&sequences, 2), [3.0_f32.ln(), 4.0_f32.ln()]);
        assert_eq!(popularity(&sequences, 3), [0.0, 0.0]);
    }
}
