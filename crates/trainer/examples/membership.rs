//! `cargo xtask privacy`: can somebody who holds the model file, and a visit, tell whether that
//! visit was learned from? Membership inference, after Shokri and others (2017) and, with a
//! reference model, Carlini and others (2022).
//!
//! ```text
//! membership split EVENTS DIR                         half of the visits, and the others
//! membership attack MODEL REFERENCE MEMBERS OTHERS    prints a line for each attack
//! ```
//!
//! The visits of both halves are of one shop and one time: nothing but membership parts them.
#![expect(clippy::print_stdout, reason = "a program that a command reads")]

use anyhow::{Context, Result, bail};
use mercer::Engine;
use mercer::rng::Rng;
use mercer::types::Seen;
use mercer_trainer::evaluate::{Ranked, Ranker};
use mercer_trainer::ingest::{ReadOptions, read_log};
use mercer_trainer::log::{Log, LogSession};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// How many visits of each half are attacked, at most.
const VISITS: usize = 1_000;
/// How many times they are drawn again for the interval.
const ROUNDS: usize = 1_000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["split", events, dir] => split(events, Path::new(dir)),
        ["attack", model, reference, members, others] => {
            attack(&engine(model)?, &engine(reference)?, &[log(members)?, log(others)?]);
            Ok(())
        }
        _ => bail!("usage: membership split EVENTS DIR | attack MODEL REFERENCE MEMBERS OTHERS"),
    }
}

fn engine(path: &str) -> Result<Engine> {
    let file = fs::read(path).with_context(|| path.to_owned())?;
    Engine::load(&file).with_context(|| path.to_owned())
}

fn log(path: &str) -> Result<Log> {
    Ok(read_log(&[PathBuf::from(path)], &ReadOptions::default())?.0)
}

/// Parts a log of the sample shop, every row by its visit.
fn split(events: &str, dir: &Path) -> Result<()> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(events)?).read_to_string(&mut text)?;
    let (header, rows) = text.split_once('\n').context("an empty log")?;
    let column =
        header.split(',').position(|name| name == "session_id").context("no session_id")?;
    let mut halves = [format!("{header}\n"), format!("{header}\n")];
    for row in rows.lines() {
        let visit = row.split(',').nth(column).context("a row that is cut short")?;
        let sum: u64 = visit.bytes().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
        let half = Rng::new(sum).below(2);
        halves[half].push_str(row);
        halves[half].push('\n');
    }
    fs::create_dir_all(dir)?;
    for (name, rows) in ["members.csv", "others.csv"].into_iter().zip(halves) {
        fs::write(dir.join(name), rows)?;
    }
    Ok(())
}

/// How well a model knows a visit: means over its steps but the first.
struct Known {
    /// Logarithm of the probability of the step, softmax over the scores of all items.
    likelihood: f64,
    /// One over its rank.
    rank: f64,
}

fn attack(model: &Engine, reference: &Engine, halves: &[Log; 2]) {
    let mut scores: [[Vec<f64>; 2]; 3] = Default::default();
    for (half, log) in halves.iter().enumerate() {
        let every = log.sessions.len().div_ceil(VISITS).max(1);
        for visit in log.sessions.iter().step_by(every) {
            let Some(ours) = known(model, log, visit) else { continue };
            let Some(theirs) = known(reference, log, visit) else { continue };
            scores[0][half].push(ours.likelihood);
            scores[1][half].push(ours.rank);
            scores[2][half].push(ours.likelihood - theirs.likelihood);
        }
    }
    let names = ["likelihood", "rank", "likelihood, less that of a model of the others"];
    for (name, [members, others]) in names.iter().zip(&scores) {
        let (low, high) = interval(members, others);
        let (auc, caught) = (auc(members, others), caught(members, others));
        let n = [members.len(), others.len()];
        println!(
            "{name}: AUC {auc:.3} ({low:.3} to {high:.3}), {:.1} % of members at 1 % of others, \
             {} and {} visits",
            100.0 * caught,
            n[0],
            n[1]
        );
    }
}

/// `None` for a visit without a step that can be foreseen.
fn known(engine: &Engine, log: &Log, visit: &LogSession) -> Option<Known> {
    let mut shopper = engine.begin();
    let mut steps = Vec::new();
    let mut last = None;
    for event in &visit.events {
        let id = event.item.map_or("", |item| &log.items[item.at()]);
        if event.kind.is_interest() && last.is_some_and(|last| last != id) {
            let slate = shopper.slate(engine.model().n_items(), Seen::Include);
            steps.extend(place(engine, &slate, id));
        }
        if event.kind.is_interest() && !id.is_empty() {
            last = Some(id);
        }
        shopper.observe(id, event);
    }
    let n = f64::from(u32::try_from(steps.len()).ok()?);
    let mean = |of: fn(&Known) -> f64| steps.iter().map(of).sum::<f64>() / n;
    (n > 0.0)
        .then(|| Known { likelihood: mean(|step| step.likelihood), rank: mean(|step| step.rank) })
}

/// What a slate of all items says of one; nothing of an item the file does not hold, which
/// would give every visit away that is alone with it.
fn place(engine: &Engine, slate: &[Ranked], id: &str) -> Option<Known> {
    let item = Ranker::item_ix(engine, id)?;
    let at = slate.iter().position(|ranked| ranked.item == item)?;
    let best = f64::from(slate.first()?.score);
    let sum: f64 = slate.iter().map(|ranked| (f64::from(ranked.score) - best).exp()).sum();
    let rank = 1.0 / f64::from(u32::try_from(at + 1).ok()?);
    Some(Known { likelihood: f64::from(slate[at].score) - best - sum.ln(), rank })
}

/// How often a member scores higher than another, ties counted half: 0.5 is a guess.
fn auc(members: &[f64], others: &[f64]) -> f64 {
    let mut others = others.to_vec();
    others.sort_by(f64::total_cmp);
    let below = |score: &f64| {
        let (less, most) = (
            others.partition_point(|other| other < score),
            others.partition_point(|other| other <= score),
        );
        count(less) + (count(most) - count(less)) / 2.0
    };
    members.iter().map(below).sum::<f64>() / (count(members.len()) * count(others.len()))
}

/// The share of members above the threshold that one other in a hundred is above.
fn caught(members: &[f64], others: &[f64]) -> f64 {
    let mut others = others.to_vec();
    others.sort_by(|a, b| b.total_cmp(a));
    let Some(threshold) = others.get(others.len() / 100) else { return 0.0 };
    count(members.iter().filter(|score| *score > threshold).count()) / count(members.len())
}

/// 95 %, visits drawn again with replacement.
fn interval(members: &[f64], others: &[f64]) -> (f64, f64) {
    let mut rng = Rng::new(1);
    let mut again = |scores: &[f64]| -> Vec<f64> {
        scores.iter().map(|_| scores[rng.below(scores.len())]).collect()
    };
    let mut drawn: Vec<f64> = (0..ROUNDS).map(|_| auc(&again(members), &again(others))).collect();
    drawn.sort_by(f64::total_cmp);
    (drawn[ROUNDS / 40], drawn[ROUNDS - 1 - ROUNDS / 40])
}

#[expect(clippy::cast_precision_loss, reason = "counts of visits")]
fn count(n: usize) -> f64 {
    n as f64
}
