use super::table::{Table, add};
use mercer::rng::Rng;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often the signs are drawn.
pub const ROUNDS: usize = 10_000;
/// Draws that share a stream of random numbers, so that threads can share the work.
const BLOCK: usize = 100;

/// Two-sided p-values of a sign-flip permutation test (Fisher 1935; Good 2005, chapter 3), for
/// every column of `table` but the first. A row holds how far one ranker is ahead of another
/// in a session. If they were equally good, either could have been ahead by as much, so the
/// signs of whole rows are drawn again [`ROUNDS`] times; the p-value is the share of draws,
/// what was seen counted among them, whose sum is at least as far from 0. Whole sessions are
/// flipped, because cases of one session are not independent.
pub(super) fn p_values(table: &Table, seed: u64, threads: usize) -> Vec<f64> {
    let differ: Vec<&[f64]> =
        table.rows().map(|row| &row[1..]).filter(|row| row.iter().any(|&d| d != 0.0)).collect();
    let flips = Flips::new(&differ, table.width().saturating_sub(1));
    let next = AtomicU64::new(0);
    let work = || {
        let mut extreme = vec![0.0; flips.seen.len()];
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= (ROUNDS / BLOCK) as u64 {
                return extreme;
            }
            add(&mut extreme, &flips.block(&mut Rng::new(seed).fork(block)));
        }
    };
    let mut extreme = vec![1.0; flips.seen.len()];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            add(&mut extreme, &thread.join().expect("sums do not panic"));
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "a count of draws")]
    let draws = (ROUNDS + 1) as f64;
    extreme.into_iter().map(|n| n / draws).collect()
}

/// Rows whose signs are drawn.
struct Flips<'a> {
    rows: &'a [&'a [f64]],
    /// The sums as they are.
    seen: Vec<f64>,
    /// What sums may differ by for rounding alone.
    slack: Vec<f64>,
}

impl<'a> Flips<'a> {
    fn new(rows: &'a [&'a [f64]], width: usize) -> Self {
        let (mut seen, mut slack) = (vec![0.0; width], vec![0.0; width]);
        for row in rows {
            add(&mut seen, row);
            slack.iter_mut().zip(*row).for_each(|(slack, d)| *slack += d.abs() * 1e-12);
        }
        Self { rows, seen, slack }
    }

    /// How many of the draws of a block are at least as far from 0, for each column.
    fn block(&self, rng: &mut Rng) -> Vec<f64> {
        let mut extreme = vec![0.0; self.seen.len()];
        for _ in 0..BLOCK {
            let kept = self.draw(rng);
            let columns = kept.iter().zip(&self.seen).zip(&self.slack);
            for (extreme, ((kept, seen), slack)) in extreme.iter_mut().zip(columns) {
                // Those that keep their sign, less those that do not.
                let flipped = 2.0 * kept - seen;
                if flipped.abs() >= seen.abs() - slack {
                    *extreme += 1.0;
                }
            }
        }
        extreme
    }

    /// The sums of the rows that keep their sign, each with a chance of one half.
    fn draw(&self, rng: &mut Rng) -> Vec<f64> {
        let mut kept = vec![0.0; self.seen.len()];
        for rows in self.rows.chunks(64) {
            let mut signs = rng.next_u64();
            while signs != 0 {
                if let Some(row) = rows.get(signs.trailing_zeros() as usize) {
                    add(&mut kept, row);
                }
                signs &= signs - 1;
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(differences: &[f64], seed: u64) -> f64 {
        let mut table = Table::new(2);
        for &d in differences {
            table.push(&[1.0, d]);
        }
        p_values(&table, seed, 2)[0]
    }

    #[test]
    fn all_sign_patterns_of_four_sessions() {
        // Sums of ±1 ±2 ±3 ±4: of 16 patterns |sum| ≥ 8 holds for ±10 and ±8, so p = 4 / 16.
        let found = p(&[-1.0, 2.0, 3.0, 4.0], 1);
        assert!((found - 0.25).abs() < 0.02, "{found}");
        let found = p(&[1.0, 2.0, 3.0, 4.0], 1);
        assert!((found - 0.125).abs() < 0.02, "{found}");
    }

    #[test]
    fn no_difference_is_no_evidence() {
        assert!((p(&[0.0; 20], 1) - 1.0).abs() < 1e-12);
        assert!((p(&[], 1) - 1.0).abs() < 1e-12);
        assert!((p(&[1.0, -1.0], 1) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let mut rng = Rng::new(3);
        let mut table = Table::new(3);
        for _ in 0..200 {
            table.push(&[1.0, rng.normal() + 0.1, rng.normal()]);
        }
        assert_eq!(p_values(&table, 5, 1), p_values(&table, 5, 7));
        assert_ne!(p_values(&table, 5, 1), p_values(&table, 6, 1));
    }

    #[test]
    fn under_the_null_p_is_uniform_and_a_real_difference_is_found() {
        let worlds = 200_u32;
        let p_of = |seed: u32, ahead: f64| {
            let mut rng = Rng::new(u64::from(seed));
            let session = |_| ahead + rng.normal() * f64::from(1 + seed % 3);
            let differences: Vec<f64> = (0..60).map(session).collect();
            p(&differences, u64::from(seed))
        };
        let null: Vec<f64> = (0..worlds).map(|seed| p_of(seed, 0.0)).collect();
        // A share of 200 worlds has a standard error of at most 0.036.
        for level in [0.05, 0.25, 0.5, 0.75] {
            let below = null.iter().filter(|&&p| p <= level).count();
            let share = f64::from(u32::try_from(below).unwrap()) / f64::from(worlds);
            assert!((share - level).abs() < 0.1, "{share} of the worlds are below {level}");
        }
        let found = (0..worlds).filter(|&seed| p_of(seed, 1.5) < 0.05).count();
        assert!(found > 180, "{found} of 200 real differences were found");
    }
}
