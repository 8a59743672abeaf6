//! What chance alone would do, so that no log is corrected for its noise.

use super::shown::Harvest;

/// Items whose chances to be looked at vary by less than this share of the mean, beyond what
/// chance makes of it, have nothing to be corrected for: weights would cost more than that.
const SMALL: f64 = 0.05;

/// What a χ² statistic with so many free numbers exceeds by chance once in a thousand times:
/// Wilson & Hilferty's (1931) approximation, exact enough from one free number up.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(super) fn limit(free: usize) -> f64 {
    let free = free as f64;
    let part = 2.0 / (9.0 * free);
    free * (1.0 - part + 3.09 * part.sqrt()).powi(3)
}

/// Whether items share the well-seen positions as evenly as a shuffle would do it: an analysis
/// of variance (Fisher 1925) of `propensity_at` over the impressions, by item and words. If
/// so, or nearly so, position favours no item, and weights would add variance for nothing.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(super) fn is_shuffled(harvest: &Harvest, propensity_at: impl Fn(u32) -> f64) -> bool {
    let n = harvest.shown.len() as f64;
    let all = || harvest.shown.iter().map(|shown| propensity_at(shown.position));
    let mean = all().sum::<f64>() / n;
    let variance = all().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let (mut n_groups, mut between) = (0_usize, 0.0);
    for group in harvest.shown.chunk_by(|a, b| a.group == b.group) {
        let sum: f64 = group.iter().map(|shown| propensity_at(shown.position) - mean).sum();
        between += sum.powi(2) / group.len() as f64;
        n_groups += 1;
    }
    if n_groups < 2 || between / variance < limit(n_groups - 1) {
        return true;
    }
    let by_chance = (n_groups - 1) as f64 * variance;
    let spread = ((between - by_chance) / n).sqrt();
    spread < SMALL * mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_tables() {
        for (free, expected) in [(1, 10.83), (7, 24.32), (100, 149.45)] {
            assert!((limit(free) / expected - 1.0).abs() < 0.04, "{free}: {}", limit(free));
        }
    }
}
