//! The small version: a planted shop, on which the model must beat what needs no model.

use std::path::Path;

use anyhow::{Result, ensure};

use super::judge::metric;
use super::measure::{self, Ran};
use super::table::{fraction, shown};
use crate::process::{command, run as run_program, target_dir};

const SHOP: [&str; 4] = ["--items", "1000", "--sessions", "6000"];
const BASELINES: [&str; 2] = ["popularity", "successors"];
/// Shown; the first of them decides.
const METRICS: [&str; 2] = ["hit_rate@10", "mrr@10"];

/// Trains on a sample shop and checks that the file beats the baselines on its newest visits.
///
/// # Errors
/// - `mercer` fails;
/// - a baseline is as good as the model.
pub(in crate::command) fn check(mercer: &Path) -> Result<()> {
    let shop = target_dir().join("accuracy/quick");
    run_program(command(mercer).arg("synth").args(SHOP).arg("--out").arg(&shop))?;
    let (train, test) = (shop.join("events.csv.gz"), shop.join("test-events.csv.gz"));
    let model = target_dir().join("accuracy/quick.mercer");
    let mut training = command(mercer);
    training.arg("train").arg("--events").arg(&train).arg("--catalog");
    training.arg(shop.join("catalog.jsonl")).arg("--out").arg(&model);
    run_program(&mut training)?;
    let judge = |words: &[&str], path: &Path| {
        let mut judging = command(mercer);
        judging.args(words).arg(path).arg("--events").arg(&test).args(["--at", "10", "--json"]);
        measure::run(&mut judging)
    };
    let reached = judge(&["evaluate", "--model"], &model)?;
    println!("{:<12} {}", "model", line(&reached)?);
    for name in BASELINES {
        let baseline = judge(&["baseline", name, "--train"], &train)?;
        println!("{name:<12} {}", line(&baseline)?);
        ensure_better(&reached, name, &baseline)?;
    }
    Ok(())
}

fn line(ran: &Ran) -> Result<String> {
    let figure = |name: &&str| Ok(format!("{} {}", shown(name), fraction(metric(ran, name)?)));
    Ok(METRICS.iter().map(figure).collect::<Result<Vec<String>>>()?.join("  "))
}

fn ensure_better(model: &Ran, name: &str, baseline: &Ran) -> Result<()> {
    let (ours, theirs) = (metric(model, METRICS[0])?, metric(baseline, METRICS[0])?);
    let (what, shown_ours, shown_theirs) = (shown(METRICS[0]), fraction(ours), fraction(theirs));
    ensure!(ours > theirs, "{what}: the model reaches {shown_ours}, {name} {shown_theirs}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_baseline_that_is_as_good_is_named() {
        let ran = |hit_rate: f64, mrr: f64| Ran {
            json: json!({ "metrics": { "hit_rate@10": hit_rate, "mrr@10": mrr } }),
            seconds: 1.0,
            peak: None,
        };
        ensure_better(&ran(0.3, 0.2), "popularity", &ran(0.2, 0.1)).unwrap();
        let worse = ensure_better(&ran(0.3, 0.2), "popularity", &ran(0.3, 0.1)).unwrap_err();
        assert_eq!(worse.to_string(), "HR@10: the model reaches .3000, popularity .3000");
        assert_eq!(line(&ran(0.3, 0.25)).unwrap(), "HR@10 .3000  MRR@10 .2500");
    }
}
