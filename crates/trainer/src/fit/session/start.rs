//! Where item vectors start: not anywhere, but near those of the items that the same sessions
//! hold.
//!
//! Every item gets a direction by lot; then each takes the mean direction of its sessions, and a
//! session that of its items, a few times over:
//!
//! ```text
//! s = unit(Σ e_i over the session's items)      e_i ← unit(Σ s over the item's sessions)
//! ```
//!
//! The start is the direction of the sum over all rounds. That is a random projection of walks over
//! the log (`FastRP`: Chen, Sultan, Tian, Chen & Skiena 2019). A fit moves an item with few events
//! only a little way from where it starts, so it is worth starting among its like: neighbours
//! that never met in one session are already close.

use super::batch::Example;
use crate::features::{Interactions, Sequences, Sparse};
use crate::fit::linear::{share_out, times};
use ndarray::Array2;

/// Rounds: an item hears of those that lie as many sessions away.
const ROUNDS: usize = 8;
/// What is kept of the direction by lot, beside a length of 1 for every round: items that always
/// came together start near each other, not on one spot.
const OWN: f32 = 0.3;
/// The length that vectors start with. Adam moves a coordinate by about the rate a step, so short
/// vectors turn quickly.
const LENGTH: f32 = 0.8;

/// Vectors to start from, `[n_items, dim]`, made of `lots` of the same shape: directions by lot.
/// Sessions of `examples` alone speak, which stand in the order of their sessions.
pub(super) fn walked(
    mut lots: Array2<f32>,
    sequences: &Sequences,
    examples: &[Example],
    threads: usize,
) -> Array2<f32> {
    let Interactions { sessions, items } = visits(sequences, examples);
    to_length(&mut lots, 1.0, threads);
    let mut sum = &lots * OWN;
    let mut round = lots;
    for _ in 0..ROUNDS {
        let mut of_sessions = times(&sessions, &round, threads);
        to_length(&mut of_sessions, 1.0, threads);
        round = times(&items, &of_sessions, threads);
        to_length(&mut round, 1.0, threads);
        sum += &round;
    }
    to_length(&mut sum, LENGTH, threads);
    sum
}

/// Which items the sessions of the examples hold.
fn visits(sequences: &Sequences, examples: &[Example]) -> Interactions {
    let of_one = |a: &Example, b: &Example| a.start() == b.start();
    let triples = examples.chunk_by(of_one).enumerate().flat_map(|(row, session)| {
        let opening = session.iter().filter_map(|example| example.opening(sequences));
        let answers = session.iter().map(|example| example.answer(sequences));
        let items = opening.map(|step| step.item).chain(answers);
        items.map(move |item| (row, item as usize, 1.0))
    });
    let n_sessions = examples.chunk_by(of_one).count();
    let sessions = Sparse::sum(n_sessions, sequences.n_items(), triples);
    let items = sessions.transposed();
    Interactions { sessions, items }
}

/// Brings every row that has a direction to this length.
fn to_length(rows: &mut Array2<f32>, length: f32, threads: usize) {
    let dim = rows.ncols();
    let rows = rows.as_slice_mut().expect("row-major, never sliced");
    share_out(rows, 256 * dim, threads, |_, part| {
        for row in part.chunks_exact_mut(dim) {
            let now = row.iter().map(|x| x * x).sum::<f32>().sqrt();
            if now > 0.0 {
                for x in row {
                    *x *= length / now;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::StepRow;
    use mercer::rng::Rng;

    fn lots(n: usize) -> Array2<f32> {
        let mut rng = Rng::new(4);
        #[expect(clippy::cast_possible_truncation, reason = "noise")]
        let lot = || rng.normal() as f32;
        Array2::from_shape_simple_fn((n, 16), lot)
    }

    /// Sessions of three steps on items of one group of ten each; item 30 is nowhere.
    fn sequences() -> Sequences {
        let mut rng = Rng::new(2);
        let mut item = |session: usize| u32::try_from(session % 3 * 10 + rng.below(10)).unwrap();
        let steps = (0..600).map(|at| StepRow { item: item(at / 3), kind: 0, dwell: 0 }).collect();
        let items = (0..31).map(|n| format!("{n:02}")).collect();
        let starts = (0..=200).map(|n| n * 3).collect();
        Sequences { items, steps, starts, weights: Vec::new() }
    }

    fn cosine(rows: &Array2<f32>, a: usize, b: usize) -> f32 {
        rows.row(a).dot(&rows.row(b)) / (LENGTH * LENGTH)
    }

    #[test]
    fn items_of_one_group_start_together_and_groups_apart() {
        let sequences = sequences();
        let examples = Example::all(&sequences);
        let rows = walked(lots(31), &sequences, &examples, 2);
        for (a, b) in [(0, 1), (3, 8), (12, 19), (20, 29)] {
            assert!(cosine(&rows, a, b) > 0.9, "{a}, {b}: {}", cosine(&rows, a, b));
        }
        for (a, b) in [(0, 10), (5, 25), (14, 28)] {
            assert!(cosine(&rows, a, b) < 0.7, "{a}, {b}: {}", cosine(&rows, a, b));
        }
        assert!(rows.rows().into_iter().all(|row| (row.dot(&row).sqrt() - LENGTH).abs() < 1e-4));
        assert!((cosine(&rows, 30, 30) - 1.0).abs() < 1e-4, "nobody was there: by lot");
    }

    #[test]
    fn only_the_sessions_of_the_examples_speak() {
        let sequences = sequences();
        let all = Example::all(&sequences);
        let older: Vec<Example> = all.iter().copied().filter(|e| e.is_before(300)).collect();
        let cut = Sequences { starts: sequences.starts[..=100].to_vec(), ..sequences.clone() };
        let alone = walked(lots(31), &cut, &Example::all(&cut), 1);
        assert_eq!(walked(lots(31), &sequences, &older, 2), alone, "on any number of threads");
        assert_ne!(walked(lots(31), &sequences, &all, 1), alone);
    }
}
