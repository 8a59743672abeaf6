use super::metrics::Interval;
use super::table::{Quotient, Table};
use mercer::rng::Rng;

/// How many times the sessions are drawn again.
const ROUNDS: usize = 1_000;

/// 95 % percentile intervals of quotients of sums when whole sessions, the rows of `table`,
/// are drawn again with replacement (Efron & Tibshirani 1993, chapter 13): cases of one
/// session are not independent, sessions are. All quotients share the draws, so they may be
/// compared. A quotient whose denominator is 0 has no interval but 0 to 0.
pub(super) fn intervals(table: &Table, quotients: &[Quotient], seed: u64) -> Vec<Interval> {
    let mut rng = Rng::new(seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); quotients.len()];
    if table.n_rows() > 0 {
        for _ in 0..ROUNDS {
            let sums = resampled(table, &mut rng);
            for (values, quotient) in drawn.iter_mut().zip(quotients) {
                values.extend(quotient.of(&sums));
            }
        }
    }
    drawn.into_iter().map(middle).collect()
}

fn resampled(table: &Table, rng: &mut Rng) -> Vec<f64> {
    let mut sums = vec![0.0; table.width()];
    for _ in 0..table.n_rows() {
        let row = table.row(rng.below(table.n_rows()));
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sums
}

/// What is left without the lowest and the highest 2.5 %.
fn middle(mut values: Vec<f64>) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    let cut = values.len() / 40;
    match values.get(cut..values.len() - cut) {
        Some([low, .., high]) => Interval { low: *low, high: *high },
        Some([only]) => Interval { low: *only, high: *only },
        _ => Interval { low: 0.0, high: 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(sessions: &[(f64, f64)]) -> Interval {
        let mut table = Table::new(2);
        for &(cases, sum) in sessions {
            table.push(&[cases, sum]);
        }
        intervals(&table, &[Quotient { sum: 1, of: 0, less: 0.0 }], 1)[0]
    }

    #[test]
    fn covers_the_binomial_spread() {
        let sessions: Vec<(f64, f64)> =
            (0..1_000).map(|n| (1.0, if n < 300 { 1.0 } else { 0.0 })).collect();
        let Interval { low, high } = interval(&sessions);
        // Standard error √(0.3·0.7/1000) = 0.0145, so about ±0.0284.
        assert!((0.264..0.280).contains(&low), "{low}");
        assert!((0.320..0.336).contains(&high), "{high}");
    }

    #[test]
    fn sessions_that_agree_leave_no_doubt() {
        let Interval { low, high } = interval(&[(2.0, 1.0); 10]);
        assert!((low - 0.5).abs() < 1e-12 && (high - 0.5).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_divide_by_is_no_interval() {
        for sessions in [&[][..], &[(0.0, 0.0); 3]] {
            assert_eq!(interval(sessions), Interval { low: 0.0, high: 0.0 });
        }
    }

    #[test]
    fn quotients_are_judged_on_the_same_draws() {
        let mut table = Table::new(3);
        for n in 0..50_u8 {
            table.push(&[1.0, f64::from(n), f64::from(n) + 3.0]);
        }
        let quotient = |sum, less| Quotient { sum, of: 0, less };
        let both = intervals(&table, &[quotient(1, 0.0), quotient(2, 3.0)], 9);
        assert!((both[0].low - both[1].low).abs() < 1e-12);
        assert!((both[0].high - both[1].high).abs() < 1e-12);
    }
}
