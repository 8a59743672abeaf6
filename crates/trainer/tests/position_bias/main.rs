//! A log of lists that put bad items on top teaches positions to a trainer that believes every
//! click. With the correction, it teaches preferences.

mod shop;

use mercer::kernels::CodeWidth;
use mercer::types::{Event, EventKind, Request};
use mercer::{Engine, Session};
use mercer_trainer::features::Sequences;
use mercer_trainer::features::propensity::{NoCorrection, Propensity, effective_share};
use mercer_trainer::fit::Unwatched;
use mercer_trainer::fit::session::{Settings, fit};
use mercer_trainer::log::Log;
use mercer_trainer::pack::{Packing, pack};
use shop::{LENGTH, N_ITEMS, N_TASTES, Ranker, Shop, even, id, steep};

const SEEDS: [u64; 3] = [1, 2, 3];

/// How well a trained file agrees with what was planted.
#[derive(Debug, Clone, Copy)]
struct Agreement {
    /// Kendall's tau of the popularity with the quality of the items, -1 to 1.
    popularity: f64,
    /// Mean NDCG@10 of slates after two clicks, with the appeal to the shopper as gain.
    slates: f64,
}

/// Trains with these weights of the steps, packs, and asks the engine.
fn agreement(shop: &Shop, log: &Log, weights: Vec<f32>) -> Agreement {
    let mut sequences = Sequences::build(log).unwrap();
    assert_eq!(sequences.n_items(), N_ITEMS as usize, "else numbers and ids do not agree");
    sequences.weights = weights;
    let settings = Settings { dim: 16, epochs: 6, batch: 256, threads: 2, ..Settings::default() };
    let fitted = fit(&sequences, &settings, &Unwatched);
    let packing = Packing { width: CodeWidth::Four, min_sessions: 5 };
    let parts = pack(&sequences, fitted, packing, "{}".into());
    let engine = Engine::load(&mercer::model::write(&parts).unwrap()).unwrap();
    let qualities: Vec<f64> = (0..N_ITEMS).map(|item| shop.quality(item)).collect();
    let popularity: Vec<f64> = parts.popularity.iter().map(|&x| f64::from(x)).collect();
    Agreement { popularity: tau(&popularity, &qualities), slates: slates(shop, &engine) }
}

/// Every shopper's second click follows on a first one of the same taste.
fn slates(shop: &Shop, engine: &Engine) -> f64 {
    let of_taste = N_ITEMS / N_TASTES;
    let mut sum = 0.0;
    for first in 0..N_ITEMS {
        let taste = shop.taste_of(first);
        let second = taste * of_taste + (first + 7) % of_taste;
        let mut session = Session::new();
        for item in [first, second] {
            let (kind, item) = (EventKind::ViewItem, Some(id(item)));
            session.observe(Event { kind, item, time_ms: 0, dwell_ms: None, query: None }).unwrap();
        }
        let request =
            Request { count: LENGTH as usize, ..Request::default() };
        let slate = engine.recommend(&session, &request);
        let gains = slate.items.iter().map(|scored| shop.appeal(taste, scored.item.0));
        let others = (0..N_ITEMS).filter(|item| ![first, second].contains(item));
        let mut ideal: Vec<f64> = others.map(|item| shop.appeal(taste, item)).collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        sum += discounted(gains) / discounted(ideal.into_iter().take(LENGTH as usize));
    }
    sum / f64::from(N_ITEMS)
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    gains.zip(2..).map(|(gain, place)| gain / f64::from(place).log2()).sum()
}

/// Kendall's tau-a: pairs in the same order less pairs in the opposite one, as a share of all.
fn tau(found: &[f64], planted: &[f64]) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for one in 0..found.len() {
        for other in 0..one {
            let order = |x: &[f64]| x[one].partial_cmp(&x[other]).unwrap() as i8;
            sum += f64::from(order(found) * order(planted));
            pairs += f64::from(order(planted).abs());
        }
    }
    sum / pairs
}

/// Propensities where there should be one over them: what a mistaken sign would do.
fn inverted(weights: &[f32]) -> Vec<f32> {
    weights.iter().map(|weight| 1.0 / weight).collect()
}

#[test]
fn a_biased_log_does_not_teach_position() {
    for seed in SEEDS {
        let shop = Shop::plant(seed);
        let log = shop.log(Ranker::Perverse, steep);
        let propensity = Propensity::estimate(&log).unwrap();
        for range in propensity.ranges() {
            let last = range.to.unwrap_or(LENGTH - 1);
            let planted = (range.from..=last).map(steep).sum::<f64>()
                / f64::from(last - range.from + 1);
            let error = range.propensity / planted - 1.0;
            assert!(error.abs() < 0.2, "seed {seed}: {error} in {propensity:?}");
        }
        let weights = propensity.step_weights(&log);
        assert!(effective_share(&weights) > 0.4, "seed {seed}");
        let wrong = agreement(&shop, &log, inverted(&weights));
        let without = agreement(&shop, &log, Vec::new());
        let with = agreement(&shop, &log, weights);
        println!("seed {seed}: inverted {wrong:?}, without {without:?}, with {with:?}");
    }
}

#[test]
fn an_unbiased_log_is_left_as_it_is() {
    for seed in SEEDS {
        let shop = Shop::plant(seed);
        let found = Propensity::estimate(&shop.log(Ranker::Perverse, even));
        assert!(matches!(found, Err(NoCorrection::NoBias { .. })), "seed {seed}: {found:?}");
        let log = shop.log(Ranker::Blind, steep);
        let weights = Propensity::estimate(&log).unwrap().step_weights(&log);
        let without = agreement(&shop, &log, Vec::new());
        let with = agreement(&shop, &log, weights);
        println!("seed {seed}: without {without:?}, with {with:?}");
    }
}
