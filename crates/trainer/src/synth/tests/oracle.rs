//! What the truth predicts, beside what needs no truth.

use super::super::oracle::Oracle;
use super::*;
use std::collections::HashMap;

/// Share of the test period's next pages that stand among the best 20: for the oracle, for
/// the last item's successors of the training period, for the most viewed.
struct HitRates {
    oracle: f64,
    successor: f64,
    popular: f64,
}

#[test]
fn the_truth_predicts_far_better_than_popularity() {
    let rates = hit_rates(&world(600, 20_000, 1));
    let HitRates { oracle, successor, popular } = rates;
    // Measured: .835, .509 and .090.
    let told = format!("oracle {oracle:.3}, successor {successor:.3}, popular {popular:.3}");
    assert!(oracle > 0.78 && popular < 0.15, "{told}");
    assert!((0.4..0.65).contains(&successor), "{told}");
}

/// The share of the later pages of the first one's kind that are of its collection as well.
fn stays(made: &World) -> f64 {
    let (mut pages, mut at_home) = (0.0_f64, 0.0_f64);
    for visit in made.visits() {
        let viewed: Vec<&Item> = visit.viewed().map(|ix| made.item(ix)).collect();
        let Some((first, later)) = viewed.split_first() else { continue };
        for item in later.iter().filter(|item| item.kind == first.kind) {
            pages += 1.0;
            at_home += f64::from(u8::from(item.collection == first.collection));
        }
    }
    at_home / pages
}

#[test]
fn devoted_visits_stay_in_the_collection_they_began_with() {
    let settings = Settings::try_new(4000, 3000, 1).unwrap();
    let devoted = World::plant(&settings.clone().devoted(0.8).unwrap());
    let (devoted, not) = (stays(&devoted), stays(&World::plant(&settings)));
    // Measured: .174 and .085; most collections of so small a shop have one item of a kind.
    assert!(devoted > 1.6 * not, "{devoted} where without devotion it is {not}");
}

#[test]
fn the_oracle_knows_of_devotion() {
    let settings = Settings::try_new(600, 200, 1).unwrap().devoted(0.8).unwrap();
    let made = World::plant(&settings);
    let oracle = Oracle::new(&made);
    for visit in made.visits().filter(|visit| visit.viewed().count() >= 3) {
        let seen: Vec<u32> = visit.viewed().take(2).collect();
        let chances = oracle.chances(&visit, &seen);
        let sum: f64 = chances.iter().sum();
        assert!((0.75..=1.000_001).contains(&sum), "{sum}");
    }
    let HitRates { oracle: known, .. } =
        hit_rates(&World::plant(&Settings::try_new(600, 4000, 1).unwrap().devoted(0.8).unwrap()));
    assert!(known > 0.78, "{known}");
}

fn hit_rates(made: &World) -> HitRates {
    let n = made.items().len();
    let mut views = vec![0.0; n];
    let mut follows: HashMap<u32, Vec<f64>> = HashMap::new();
    for visit in made.visits().filter(|visit| !visit.is_test()) {
        let viewed: Vec<u32> = visit.viewed().collect();
        for &item in &viewed {
            views[item as usize] += 1.0;
        }
        for pair in viewed.windows(2) {
            follows.entry(pair[0]).or_insert_with(|| vec![0.0; n])[pair[1] as usize] += 1.0;
        }
    }
    let oracle = Oracle::new(made);
    let nothing = vec![0.0; n];
    let (mut cases, mut hits) = (0.0, [0.0; 3]);
    for visit in made.visits().filter(Visit::is_test) {
        let viewed: Vec<u32> = visit.viewed().collect();
        for at in 1..viewed.len() {
            cases += 1.0;
            let chances = oracle.chances(&visit, &viewed[..at]);
            let followers = follows.get(&viewed[at - 1]).unwrap_or(&nothing);
            for (hit, scores) in hits.iter_mut().zip([&chances, followers, &views]) {
                *hit += f64::from(u8::from(is_in_best(scores, viewed[at], 20)));
            }
        }
    }
    let [oracle, successor, popular] = hits.map(|hit| hit / cases);
    HitRates { oracle, successor, popular }
}

/// Ties count against the prediction.
fn is_in_best(scores: &[f64], target: u32, count: usize) -> bool {
    let score = scores[target as usize];
    scores.iter().filter(|&&other| other >= score).count() <= count
}

#[test]
fn the_oracle_s_chances_sum_to_one() {
    let made = world(300, 200, 1);
    let oracle = Oracle::new(&made);
    for visit in made.visits().filter(|visit| visit.viewed().count() >= 3) {
        let seen: Vec<u32> = visit.viewed().take(2).collect();
        let sum: f64 = oracle.chances(&visit, &seen).iter().sum();
        assert!((0.75..=1.000_001).contains(&sum), "{sum}");
    }
}
