use super::metrics::Interval;
use mercer::rng::Rng;

/// How many times the sessions are drawn again.
const ROUNDS: usize = 1_000;

/// 95 % percentile interval of `Σ sums / Σ cases` when whole sessions are drawn again with
/// replacement (Efron & Tibshirani 1993, chapter 13): cases of one session are not
/// independent, sessions are. `sessions` holds `(cases, sum of the metric)` of each.
pub(super) fn interval(sessions: &[(f64, f64)], seed: u64) -> Interval {
    if sessions.is_empty() {
        return Interval { low: 0.0, high: 0.0 };
    }
    let mut rng = Rng::new(seed);
    let mut means: Vec<f64> = (0..ROUNDS).map(|_| resampled(sessions, &mut rng)).collect();
    means.sort_unstable_by(f64::total_cmp);
    Interval { low: means[ROUNDS / 40], high: means[ROUNDS - 1 - ROUNDS / 40] }
}

fn resampled(sessions: &[(f64, f64)], rng: &mut Rng) -> f64 {
    let (mut cases, mut sum) = (0.0, 0.0);
    for _ in 0..sessions.len() {
        let drawn = sessions[rng.below(sessions.len())];
        cases += drawn.0;
        sum += drawn.1;
    }
    sum / cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_the_binomial_spread() {
        let sessions: Vec<(f64, f64)> =
            (0..1_000).map(|n| (1.0, if n < 300 { 1.0 } else { 0.0 })).collect();
        let Interval { low, high } = interval(&sessions, 1);
        // Standard error √(0.3·0.7/1000) = 0.0145, so about ±0.0284.
        assert!((0.264..0.280).contains(&low), "{low}");
        assert!((0.320..0.336).contains(&high), "{high}");
    }

    #[test]
    fn sessions_that_agree_leave_no_doubt() {
        let Interval { low, high } = interval(&[(2.0, 1.0); 10], 1);
        assert!((low - 0.5).abs() < 1e-12 && (high - 0.5).abs() < 1e-12);
    }
}
