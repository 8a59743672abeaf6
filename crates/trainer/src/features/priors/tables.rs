//! How much more each category is chosen in a case than at large.
//!
//! ```text
//! p(c)     = n_c / Σ_c n_c                              n_c: sessions with an item of c
//! p(c | x) = (n_xc + α·p(c)) / (Σ_c n_xc + α)           the posterior mean under a Dirichlet
//! lift_xc  = ln p(c | x) / p(c)                         prior of α = 100 sessions around p
//! ```
//!
//! and 0 where fewer sessions than the minimum stand behind `n_xc`.

use super::visits::{Categories, Visit, n_cases};
use mercer::model::Context;

/// Sessions the prior counts for.
const ALPHA: f64 = 100.0;

/// The lifts of one context, `[n_cases, n_categories]`.
#[expect(clippy::cast_possible_truncation, reason = "a logarithm of a few digits")]
pub(super) fn table(
    context: Context,
    visits: &[Visit],
    categories: &Categories,
    min_sessions: u32,
) -> Vec<f32> {
    let n = categories.len();
    let mut counts = vec![0_u32; n_cases(context, categories) * n];
    for visit in visits {
        let Some(case) = visit.cases[context as usize] else { continue };
        for category in categories_of(visit, context, categories) {
            counts[case * n + category] += 1;
        }
    }
    let sum = |counts: &mut dyn Iterator<Item = &u32>| counts.copied().map(f64::from).sum::<f64>();
    let all = sum(&mut counts.iter());
    let shares: Vec<f64> =
        (0..n).map(|c| sum(&mut counts.iter().skip(c).step_by(n)) / all.max(1.0)).collect();
    let lift = |(at, &count): (usize, &u32)| {
        let row = at / n * n;
        let here = sum(&mut counts[row..row + n].iter());
        let share = shares[at % n];
        let posterior = (f64::from(count) + ALPHA * share) / (here + ALPHA);
        if count < min_sessions { 0.0 } else { (posterior / share).ln() as f32 }
    };
    counts.iter().enumerate().map(lift).collect()
}

/// The categories of a visit, each once. What a landing speaks of is what came after it.
fn categories_of(visit: &Visit, context: Context, categories: &Categories) -> Vec<usize> {
    let skipped = usize::from(context == Context::Landing);
    let items = visit.items.iter().skip(skipped);
    let mut own: Vec<usize> = items.filter_map(|&item| categories.of_item[item as usize]).collect();
    own.sort_unstable();
    own.dedup();
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(hour: usize, items: &[u32]) -> Visit {
        let cases = [Some(hour), None, None, None, Some(items[0] as usize)];
        Visit { cases, items: items.to_vec(), start_ms: None }
    }

    #[test]
    fn lifts_by_hand() {
        let names = ["a", "b"].map(str::to_owned).to_vec();
        let categories = Categories { names, of_item: vec![Some(0), Some(1), None] };
        let mut visits: Vec<Visit> = (0..60).map(|_| visit(8, &[0])).collect();
        visits.extend((0..20).map(|_| visit(8, &[1, 2])));
        visits.extend((0..3).map(|_| visit(20, &[0])));
        visits.extend((0..17).map(|_| visit(20, &[1])));
        let hours = table(Context::Hour, &visits, &categories, 5);
        // Shares 0.63 and 0.37; at eight 60 and 20 of 80, at twenty 3 and 17 of 20.
        let wanted = |count: f64, all: f64, share: f64| {
            ((count + 100.0 * share) / (all + 100.0) / share).ln()
        };
        let near = |at: usize, wanted: f64| {
            assert!((f64::from(hours[at]) - wanted).abs() < 1e-6, "{at}: {}", hours[at]);
        };
        near(16, wanted(60.0, 80.0, 0.63));
        near(17, wanted(20.0, 80.0, 0.37));
        near(40, 0.0);
        near(41, wanted(17.0, 20.0, 0.37));
        assert_eq!(hours.iter().filter(|&&lift| lift != 0.0).count(), 3, "no other case");
        let landing = table(Context::Landing, &visits, &categories, 1);
        assert!(landing.iter().all(|&lift| lift == 0.0), "nothing came after");
    }
}
