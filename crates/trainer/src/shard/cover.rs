//! Which clusters share a group: about as popular as each other, and far apart.

use mercer::model::MIN_COVER;

/// How many groups are made of clusters about as popular as each other.
const TOGETHER: usize = 8;

/// The group of each cluster. `masses`: how often sessions were on its items, in an order in which
/// clusters that are alike stand near each other; at least [`MIN_COVER`] of them. Groups have
/// [`MIN_COVER`] clusters, or a few more.
pub(super) fn groups(masses: &[f64]) -> Vec<u16> {
    let mut order: Vec<usize> = (0..masses.len()).collect();
    order.sort_by(|&a, &b| masses[b].total_cmp(&masses[a]).then(a.cmp(&b)));
    let mut groups = vec![0; masses.len()];
    let mut first = 0;
    let mut rest = order.as_slice();
    while !rest.is_empty() {
        let block = TOGETHER * MIN_COVER;
        // What is left over is no block of its own.
        let n = if rest.len() < block + MIN_COVER { rest.len() } else { block };
        let (now, later) = rest.split_at(n);
        let mut alike = now.to_vec();
        alike.sort_unstable();
        let n_groups = u16::try_from(n / MIN_COVER).expect("at most nine").max(1);
        for (cluster, turn) in alike.into_iter().zip((0..n_groups).cycle()) {
            groups[cluster] = first + turn;
        }
        first += n_groups;
        rest = later;
    }
    groups
}

/// Of how many equally popular clusters a group hides as much as of these: `2^entropy`.
pub(super) fn effective(masses: &[f64]) -> f64 {
    let all: f64 = masses.iter().sum();
    let parts = masses.iter().map(|mass| mass / all).filter(|part| *part > 0.0);
    parts.map(|part| -part * part.ln()).sum::<f64>().exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_eight_clusters_that_stand_apart() {
        for n in [8, 9, 15, 16, 64, 71, 72, 128, 500] {
            let masses: Vec<f64> = (0..n).map(|at| f64::from((at * 37) % 11)).collect();
            let groups = groups(&masses);
            let n_groups = usize::from(*groups.iter().max().unwrap()) + 1;
            for group in 0..n_groups {
                let own: Vec<usize> =
                    (0..groups.len()).filter(|&at| usize::from(groups[at]) == group).collect();
                assert!((MIN_COVER..2 * MIN_COVER).contains(&own.len()), "{n}: {own:?}");
                // What is left over of full blocks is as far apart as it happens to be.
                let is_full = groups.len().is_multiple_of(TOGETHER * MIN_COVER);
                assert!(!is_full || own.windows(2).all(|pair| pair[1] - pair[0] >= 8), "{own:?}");
            }
        }
    }

    #[test]
    fn a_group_hides_as_much_as_it_is_even() {
        assert!((effective(&[1.0; 8]) - 8.0).abs() < 1e-9);
        assert!((effective(&[1.0, 0.0, 0.0]) - 1.0).abs() < 1e-9);
    }
}
