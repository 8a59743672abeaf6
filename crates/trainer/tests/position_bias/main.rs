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
use shop::{LENGTH, N_ITEMS, N_TASTES, Ranker, Shop, even, id, steep, taste_of};

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
    let settings =
        Settings { dim: 16, epochs: Some(6), batch: 256, threads: 2, ..Settings::default() };
    let fitted = fit(&sequences, None, &settings, &Unwatched);
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
        let taste = taste_of(first);
        let second = taste * of_taste + (first + 7) % of_taste;
        let mut session = Session::new();
        for item in [first, second] {
            session.observe(Event::new(EventKind::ViewItem, &id(item))).unwrap();
        }
        let request = Request { count: LENGTH as usize, ..Request::default() };
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

#[test]
fn a_biased_log_does_not_teach_position() {
    for seed in SEEDS {
        let shop = Shop::plant(seed);
        let log = shop.log(Ranker::Perverse, steep);
        let propensity = Propensity::estimate(&log).unwrap();
        assert_planted(&propensity);
        let weights = propensity.step_weights(&log);
        assert!(effective_share(&weights) > 0.4, "seed {seed}");
        let without = agreement(&shop, &log, Vec::new());
        let with = agreement(&shop, &log, weights.clone());
        let told = format!("seed {seed}: without {without:?}, with {with:?}");
        // Measured: tau .18 to .28 without, .92 to .95 with; NDCG .74 to .78, .89 to .93.
        assert!(with.popularity > without.popularity + 0.4, "{told}");
        assert!(with.slates > without.slates + 0.06, "{told}");
        assert!(with.popularity > 0.85 && with.slates > 0.85, "{told}");
        // The same weights upside down make it worse than none, so it is they that help.
        let inverted = weights.iter().map(|weight| 1.0 / weight).collect();
        let wrong = agreement(&shop, &log, inverted);
        let told = format!("seed {seed}: inverted {wrong:?}, without {without:?}");
        assert!(wrong.popularity < without.popularity - 0.4, "{told}");
        assert!(wrong.slates < without.slates - 0.15, "{told}");
    }
}

/// Within 20 % of what was planted, pooled positions of their mean.
fn assert_planted(propensity: &Propensity) {
    for range in propensity.ranges() {
        let positions = range.from..=range.to.unwrap_or(LENGTH - 1);
        let n = f64::from(u32::try_from(positions.clone().count()).unwrap());
        let planted = positions.map(steep).sum::<f64>() / n;
        let error = range.propensity / planted - 1.0;
        assert!(error.abs() < 0.2, "{error} in {propensity:?}");
    }
}

#[test]
fn an_unbiased_log_is_left_as_it_is() {
    for seed in SEEDS {
        let shop = Shop::plant(seed);
        let read_to_the_end = Propensity::estimate(&shop.log(Ranker::Perverse, even));
        assert!(matches!(read_to_the_end, Err(NoCorrection::NoBias { .. })), "seed {seed}");
        let in_no_order = Propensity::estimate(&shop.log(Ranker::Blind, steep));
        assert_eq!(in_no_order, Err(NoCorrection::Shuffled), "seed {seed}");
    }
}
