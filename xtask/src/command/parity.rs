//! `cargo xtask parity`: Mercer's classical fits beside those of packages from `PyPI`, and its
//! VMIS-kNN beside Serenade's, on the same data, judged by one metric.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::cli::{Args, Command, Opt};
use crate::process::{capture, cargo, command, find_on_path, root, run as run_program, target_dir};
use crate::stamp::{self, Fingerprint};

pub(super) const COMMAND: Command = Command {
    name: "parity",
    about: "Compares the classical fits with packages from PyPI, VMIS-kNN with Serenade",
    details: "
Needs Python 3; the packages of benches/peers/requirements.txt go into a folder of
their own below target/. Holds every fifth cell of a log and of a ratings file out, lets
both sides fit the rest with the same settings on all cores, in turns, and judges both by one
metric. Fails if ALS is behind by more than 1 %, BPR by more than the seeds differ (at least
3 %), or the error of the ratings by more than 0.01. Medians of the times are printed. VMIS-kNN
is judged with Serenade's settings on its toy log, and fails where hit rate or MRR at 21 is more
than half a point from what Serenade's own evaluator says.
",
    options: &[
        Opt { name: "--data", value: Some("DIR"), help: "default ../shared/data" },
        Opt { name: "--rounds", value: Some("N"), help: "seeds of each side (default 3)" },
    ],
    run,
};

/// Largest relative difference of ALS, and the least that is allowed to BPR.
const ALS: f64 = 0.01;
const BPR: f64 = 0.03;
/// Largest difference of the ratings' RMSE.
const RMSE: f64 = 0.01;
/// What Serenade's own evaluator says of its toy log, and the largest difference from it.
const SERENADE: [(&str, f64); 2] = [("hit_rate@21", 0.6692), ("mrr@21", 0.3402)];
const POINTS: f64 = 0.005;

fn run(args: &Args) -> Result<()> {
    let rounds: u32 = args.number("--rounds")?.unwrap_or(3);
    ensure!(rounds > 0, "`--rounds 0`: at least one round is needed");
    let data = root().join(args.all("--data").pop().unwrap_or("../shared/data"));
    let (events, ratings) =
        (data.join("diginetica/train.tsv.gz"), data.join("ml100k/interactions.tsv.gz"));
    let toy = ["train", "test"].map(|part| data.join(format!("serenade_toy/{part}.tsv.gz")));
    for file in [&events, &ratings].into_iter().chain(&toy) {
        ensure!(file.is_file(), "{} is not there; name its folder with --data", file.display());
    }
    let folder = target_dir().join("peers");
    let python = python(&folder)?;
    run_program(&mut cargo("build --release --package mercer-cli --bin mercer --example peers"))?;
    let mut failures = vmis_knn(&toy)?;
    let sides = Sides { python, mercer: target_dir().join("release/examples/peers"), folder };
    let mut prepare = command(&sides.mercer);
    run_program(prepare.arg("prepare").arg(&sides.folder).arg(events).arg(ratings))?;
    for name in ["als", "bpr", "ratings"] {
        let table = sides.rounds(name, rounds)?;
        println!("{}", table.text(name));
        failures.extend(table.failure(name));
    }
    ensure!(failures.is_empty(), "{}", failures.join("; "));
    Ok(())
}

/// Judges VMIS-kNN on Serenade's toy log with the settings that were tuned there; gives what is
/// too far from Serenade's figures.
fn vmis_knn([train, test]: &[PathBuf; 2]) -> Result<Vec<String>> {
    let mut mercer = command(target_dir().join("release/mercer"));
    mercer.args(["baseline", "vmis-knn", "--train"]).arg(train).arg("--events").arg(test);
    mercer.args("--sample 1502 --neighbours 288 --last 4 --at 21 --json".split(' '));
    let judged: Value = serde_json::from_str(&capture(&mut mercer)?)?;
    println!("{:<13} {:>7} {:>10}", "vmis-knn", "mercer", "serenade");
    let mut failures = Vec::new();
    for (name, there) in SERENADE {
        let here = judged["metrics"][name].as_f64().unwrap_or(f64::NAN);
        println!("  {name:<11} {here:>7.4} {there:>10.4}");
        failures.extend(apart(name, here, there));
    }
    println!();
    Ok(failures)
}

/// What is too far from Serenade's figure, in words.
fn apart(name: &str, here: f64, there: f64) -> Option<String> {
    let near = (here - there).abs() <= POINTS;
    (!near).then(|| format!("vmis-knn: {name} {here:.4}, Serenade has {there:.4}"))
}

/// The Python of the comparison's own environment, with its packages.
fn python(folder: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    let wanted = root().join("benches/peers/requirements.txt");
    let stamp = folder.join("venv.stamp");
    let settings = Fingerprint::default().file(&wanted)?.finish();
    if !(python.is_file() && stamp::holds(&stamp, &settings)) {
        let base = find_on_path(&["python3", "python"])
            .context("Python 3 is not on PATH: install it with its venv module")?;
        run_program(command(base).args(["-m", "venv"]).arg(&venv))?;
        run_program(command(&python).args(["-m", "pip", "install", "-q", "-r"]).arg(&wanted))?;
        stamp::write(&stamp, &settings)?;
    }
    Ok(python)
}

/// How each side is started.
struct Sides {
    python: PathBuf,
    mercer: PathBuf,
    folder: PathBuf,
}

impl Sides {
    /// Both sides in turns, so that a busy minute is shared.
    fn rounds(&self, name: &str, rounds: u32) -> Result<Table> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut table = Table::default();
        for seed in 1..=rounds {
            let words = [seed.to_string(), threads.to_string()];
            let mut own = command(&self.mercer);
            let said = capture(own.args(["fit", name]).arg(&self.folder).args(&words))?;
            table.read("mercer", &said);
            let mut other = command(&self.python);
            other.arg("benches/peers/peer.py").arg(name).arg(&self.folder).args(&words);
            table.read("peer", &capture(&mut other)?);
            if name != "ratings" {
                let said = capture(command(&self.mercer).args(["judge", name]).arg(&self.folder))?;
                for line in said.lines() {
                    let (side, rest) = line.split_once(' ').unwrap_or_default();
                    table.read(if side == "mercer" { "mercer" } else { "peer" }, rest);
                }
            }
            eprintln!("  {name:<14} round {seed} of {rounds}");
        }
        Ok(table)
    }
}

/// The figures of all rounds, by side and name.
#[derive(Debug, Default)]
struct Table {
    figures: BTreeMap<(&'static str, String), Vec<f64>>,
}

impl Table {
    /// Reads lines of `name value name value …`; lines that begin otherwise are passed over.
    fn read(&mut self, side: &'static str, said: &str) {
        for line in said.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.chunks(2) {
                let [name, value] = pair else { break };
                let Ok(value) = value.parse() else { break };
                self.figures.entry((side, (*name).to_owned())).or_default().push(value);
            }
        }
    }

    fn of(&self, side: &'static str, name: &str) -> &[f64] {
        self.figures.get(&(side, name.to_owned())).map_or(&[], Vec::as_slice)
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!("{name:<10} {:>10} {:>10} {:>8}\n", "mercer", "peer", "ratio");
        for figure in ["precision", "ndcg", "rmse", "mae", "seconds"] {
            let [own, other] = ["mercer", "peer"].map(|side| self.of(side, figure));
            if own.is_empty() || other.is_empty() {
                continue;
            }
            let (own, other) = match figure {
                "seconds" => (median(own), median(other)),
                _ => (mean(own), mean(other)),
            };
            let ratio = own / other;
            let _ = writeln!(text, "  {figure:<8} {own:>10.4} {other:>10.4} {ratio:>8.3}");
        }
        text
    }

    /// What is too far apart, in words.
    fn failure(&self, name: &str) -> Option<String> {
        let figure = if name == "ratings" { "rmse" } else { "precision" };
        let [own, other] = ["mercer", "peer"].map(|side| self.of(side, figure));
        let (here, there) = (mean(own), mean(other));
        let allowed = match name {
            "als" => ALS * there,
            "bpr" => (2.0 * (spread(own) + spread(other))).max(BPR * there),
            _ => RMSE,
        };
        // A side may be better, not worse.
        let behind = if name == "ratings" { here - there } else { there - here };
        let fails = behind.is_nan() || behind > allowed;
        fails.then(|| format!("{name}: {figure} {here:.4}, the peer has {there:.4}"))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of rounds")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The standard deviation over the rounds; 0 for one.
#[expect(clippy::cast_precision_loss, reason = "a handful of rounds")]
fn spread(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|x| (x - centre).powi(2)).sum();
    (squares / (values.len().max(2) - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(own: &str, other: &str) -> Table {
        let mut table = Table::default();
        table.read("mercer", own);
        table.read("peer", other);
        table
    }

    #[test]
    fn what_is_too_far_behind_fails() {
        let near = table("precision 0.1 ndcg 0.2\nseconds 1", "precision 0.1005\nseconds 3");
        assert_eq!(near.failure("als"), None);
        assert!(near.text("als").contains("seconds      1.0000     3.0000    0.333"));
        let far = table("precision 0.1", "precision 0.102");
        assert!(far.failure("als").unwrap().contains("0.1000, the peer has 0.1020"));
        assert_eq!(far.failure("bpr"), None);
        assert!(table("rmse 0.95", "rmse 0.93").failure("ratings").is_some());
        assert!(table("", "precision 0.1").failure("als").is_some(), "no figure is no pass");
    }

    #[test]
    fn half_a_point_from_serenade_is_near_enough() {
        assert_eq!(apart("mrr@21", 0.338, 0.3402), None);
        assert!(apart("mrr@21", 0.335, 0.3402).unwrap().contains("Serenade has 0.3402"));
        assert!(apart("mrr@21", f64::NAN, 0.3402).is_some(), "no figure is no pass");
    }

    #[test]
    fn rounds_are_put_together() {
        let mut table = table("seconds 3\nown precision 9", "seconds 1");
        table.read("mercer", "seconds 1\nseconds 2");
        assert!((median(table.of("mercer", "seconds")) - 2.0).abs() < 1e-12);
        assert_eq!(table.of("mercer", "precision"), [0.0_f64; 0]);
        assert!((spread(&[1.0, 3.0]) - 2.0_f64.sqrt()).abs() < 1e-12);
    }
}
