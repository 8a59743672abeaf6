//! ALS and BPR beside the package `implicit`, without it: its figures on a sample shop are
//! recorded in `fixtures/peers.json` with the commands that made them. `cargo xtask parity`
//! compares with the package itself, on more data.

#[path = "support/peers.rs"]
mod peers;

use mercer_trainer::features::{Interactions, Sequences, Sparse};
use mercer_trainer::ingest::{ReadOptions, read_log};
use mercer_trainer::synth::{Settings, World, write};
use peers::{Vectors, als, bpr, precision_and_ndcg, split};

/// The shop that `mercer synth --items 600 --sessions 6000` makes.
fn shop() -> Sparse {
    let folder = tempfile::tempdir().unwrap();
    let world = World::plant(&Settings::try_new(600, 6000, 1).unwrap());
    write(&world, folder.path()).unwrap();
    let (log, _) =
        read_log(&[folder.path().join("events.csv.gz")], &ReadOptions::default()).unwrap();
    Interactions::of(&Sequences::build(&log).unwrap()).sessions
}

/// What the package reached, by seed.
fn recorded(model: &str, metric: &str) -> Vec<f64> {
    let fixture: serde_json::Value =
        serde_json::from_str(include_str!("fixtures/peers.json")).unwrap();
    let seeds = fixture[model][metric].as_array().unwrap();
    seeds.iter().map(|figure| figure.as_f64().unwrap()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "three seeds")]
fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / figures.len() as f64
}

/// Our means over three seeds against theirs: precision, then NDCG.
fn compare(model: &str, fit: impl Fn(&Sparse, u64, usize) -> Vectors, tolerance: f64) {
    let (train, held) = split(&shop());
    let judged = [1, 2, 3].map(|seed| precision_and_ndcg(&fit(&train, seed, 2), &train, &held));
    let ours = [judged.map(|figures| figures.0), judged.map(|figures| figures.1)];
    for (metric, ours) in ["precision", "ndcg"].into_iter().zip(ours) {
        let (here, there) = (mean(&ours), mean(&recorded(model, metric)));
        let behind = (there - here) / there;
        assert!(behind < tolerance, "{model}: {metric} {here:.4}, recorded {there:.4}");
        assert!(behind > -0.03, "{model}: {metric} {here:.4} is too good beside {there:.4}");
    }
}

#[test]
fn als_is_as_good_as_the_package() {
    compare("als", als, 0.01);
}

#[test]
fn bpr_is_as_good_as_the_package() {
    compare("bpr", bpr, 0.01);
}
