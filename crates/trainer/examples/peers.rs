//! Mercer's side of `cargo xtask parity`: prepares the data for every side, fits, and judges
//! the vectors of all of them with one metric.
//!
//! ```text
//! peers prepare DIR EVENTS RATINGS    splits both, writes what every side reads
//! peers fit NAME DIR SEED THREADS     als, bpr or ratings; prints `seconds S`
//! peers judge NAME DIR                als or bpr; prints `SIDE precision P ndcg N`
//! ```
#![expect(clippy::print_stdout, reason = "a program that a command reads")]

#[path = "../tests/support/peers.rs"]
mod peers;

use anyhow::{Context, Result, bail};
use mercer_trainer::features::{Interactions, Ratings, Sequences, Sparse};
use mercer_trainer::fit::Unwatched;
use mercer_trainer::fit::ratings::{Settings, factorise};
use mercer_trainer::ingest::{ReadOptions, read_log};
use ndarray::Array2;
use peers::{Vectors, als, bpr, precision_and_ndcg, split};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["prepare", dir, events, ratings] => prepare(Path::new(dir), events, ratings),
        ["fit", "ratings", dir, seed, threads] => {
            fit_ratings(Path::new(dir), seed.parse()?, threads.parse()?)
        }
        ["fit", name, dir, seed, threads] => {
            fit(name, Path::new(dir), seed.parse()?, threads.parse()?)
        }
        ["judge", name, dir] => judge(name, Path::new(dir)),
        _ => bail!(
            "usage: peers prepare DIR EVENTS RATINGS | fit NAME DIR SEED THREADS | judge NAME DIR"
        ),
    }
}

fn prepare(dir: &Path, events: &str, rated: &str) -> Result<()> {
    fs::create_dir_all(dir)?;
    let read = |file: &str| -> Result<_> {
        let (log, _) = read_log(&[PathBuf::from(file)], &ReadOptions::default())?;
        let sequences = Sequences::build(&log).context("nothing to learn from")?;
        Ok((log, sequences))
    };
    let (_, sequences) = read(events)?;
    write_both(dir, "events", &Interactions::of(&sequences).sessions)?;
    let (log, sequences) = read(rated)?;
    let ratings = Ratings::build(&log, &sequences).context("no ratings")?;
    write_both(dir, "ratings", &ratings.cells)?;
    let settings = serde_json::json!({
        "factors": peers::FACTORS,
        "als": {"epochs": peers::ALS_EPOCHS, "ridge": peers::ALS_RIDGE, "confidence": peers::CONFIDENCE},
        "bpr": {"epochs": peers::BPR_EPOCHS, "ridge": peers::BPR_RIDGE, "rate": peers::BPR_RATE},
        "ratings": {"epochs": RATINGS.epochs, "ridge": RATINGS.ridge, "rate": RATINGS.rate},
    });
    fs::write(dir.join("settings.json"), settings.to_string())?;
    Ok(())
}

const RATINGS: Settings =
    Settings { dim: 64, epochs: 20, rate: 0.005, ridge: 0.02, seed: 1, threads: 1 };

fn write_both(dir: &Path, name: &str, cells: &Sparse) -> Result<()> {
    let (train, held) = split(cells);
    for (part, cells) in [("train", train), ("held", held)] {
        let mut text = format!("{}\t{}\t0\n", cells.n_rows(), cells.n_columns());
        for (row, item, value) in cells.cells() {
            writeln!(text, "{row}\t{item}\t{value}")?;
        }
        fs::write(dir.join(format!("{name}-{part}.tsv")), text)?;
    }
    Ok(())
}

fn read(dir: &Path, name: &str) -> Result<Sparse> {
    let path = dir.join(format!("{name}.tsv"));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let triple = |line: &str| -> Result<(usize, usize, f32)> {
        let mut words = line.split('\t');
        let mut next = || words.next().context("three numbers a line");
        Ok((next()?.parse()?, next()?.parse()?, next()?.parse()?))
    };
    let mut lines = text.lines().map(triple);
    let (n_rows, n_columns, _) = lines.next().context("an empty file")??;
    Ok(Sparse::sum(n_rows, n_columns, lines.collect::<Result<Vec<_>>>()?.into_iter()))
}

fn fit(name: &str, dir: &Path, seed: u64, threads: usize) -> Result<()> {
    let train = read(dir, "events-train")?;
    let started = Instant::now();
    let vectors = match name {
        "als" => als(&train, seed, threads),
        "bpr" => bpr(&train, seed, threads),
        _ => bail!("`{name}`: there are als, bpr and ratings"),
    };
    println!("seconds {:.3}", started.elapsed().as_secs_f64());
    for (part, matrix) in [("rows", &vectors.rows), ("items", &vectors.items)] {
        let bytes: Vec<u8> = matrix.iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(dir.join(format!("{name}-mercer-{part}.f32")), bytes)?;
    }
    Ok(())
}

fn fit_ratings(dir: &Path, seed: u64, threads: usize) -> Result<()> {
    let (cells, held) = (read(dir, "ratings-train")?, read(dir, "ratings-held")?);
    let ratings = Ratings::of(cells).context("no ratings")?;
    let started = Instant::now();
    let settings = Settings { seed, threads, ..RATINGS };
    let learned = factorise(&ratings, &settings, &Unwatched);
    println!("seconds {:.3}", started.elapsed().as_secs_f64());
    let error = |(user, item, rating): (usize, u32, f32)| {
        learned.predict(user, item as usize) - f64::from(rating)
    };
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let n = held.n_cells() as f64;
    println!("rmse {:.5}", (held.cells().map(|cell| error(cell).powi(2)).sum::<f64>() / n).sqrt());
    println!("mae {:.5}", held.cells().map(|cell| error(cell).abs()).sum::<f64>() / n);
    Ok(())
}

fn judge(name: &str, dir: &Path) -> Result<()> {
    let (train, held) = (read(dir, "events-train")?, read(dir, "events-held")?);
    for side in ["mercer", "implicit"] {
        let part = |part: &str, n: usize| -> Result<Array2<f32>> {
            let path = dir.join(format!("{name}-{side}-{part}.f32"));
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            let floats: Vec<f32> =
                bytes.as_chunks::<4>().0.iter().map(|x| f32::from_le_bytes(*x)).collect();
            Ok(Array2::from_shape_vec((n, floats.len() / n), floats)?)
        };
        let vectors = Vectors {
            rows: part("rows", train.n_rows())?,
            items: part("items", train.n_columns())?,
        };
        let (precision, ndcg) = precision_and_ndcg(&vectors, &train, &held);
        println!("{side} precision {precision:.5} ndcg {ndcg:.5}");
    }
    Ok(())
}
