//! `cargo xtask ablation`: what each ingredient of the session model is worth.

use anyhow::{Context as _, Result, bail};

use super::accuracy::judge::{self, Bench, Measured, metric};
use super::accuracy::rows::{self, Row};
use super::accuracy::table::{fraction, megabytes, shown};
use super::{accuracy, demo};
use crate::cli::{Args, Command, Opt};
use crate::process::command;

pub(super) const COMMAND: Command = Command {
    name: "ablation",
    about: "Trains the session model with one ingredient switched off at a time",
    details: "
For each data set of --only: trains with the defaults, then once more without each of the
ingredients that `mercer train --without` knows, judges every file on the same cases, and
prints a table in Markdown on stdout. As many trainings as ingredients, and one.
",
    options: &[
        Opt { name: "DATA", value: None, help: "folder that holds the folders of data" },
        Opt { name: "--only", value: Some("NAME,…"), help: accuracy::ROWS_HELP },
        Opt { name: "--without", value: Some("NAME,…"), help: "these ingredients alone" },
    ],
    run,
};

fn run(args: &Args) -> Result<()> {
    let only = args.all("--only");
    if only.is_empty() {
        bail!("say on which data: --only NAME; there are {}", accuracy::ROWS_HELP);
    }
    let chosen = rows::choose(&only)?;
    let bench =
        Bench { data: judge::data_folder(args.all("DATA").pop()), mercer: demo::build_trainer()? };
    let asked: Vec<&str> =
        args.all("--without").into_iter().flat_map(|list| list.split(',')).map(str::trim).collect();
    let ingredients = choose(ingredients(&bench)?, &asked)?;
    for row in chosen {
        if !bench.has(&row) {
            bail!("{} is not in {}", row.name, bench.data.display());
        }
        eprintln!("\n== {}: all ingredients", row.name);
        let whole = bench.measure(&row, &[])?;
        let mut lines = vec![header(&row), line(&row, "all", &whole, None)?];
        for ingredient in &ingredients {
            eprintln!("\n== {}: without {ingredient}", row.name);
            let part = bench.measure(&row, &["--without", ingredient])?;
            lines.push(line(&row, &format!("without {ingredient}"), &part, Some(&whole))?);
        }
        println!("{}\n", lines.join("\n"));
    }
    Ok(())
}

/// The names that `mercer train --without` knows. The trainer's own list is the only one:
/// refusing a word that is none of them, it says what there is.
fn ingredients(bench: &Bench) -> Result<Vec<String>> {
    let words = ["train", "--events", "none", "--out", "none", "--without", "?"];
    let output = command(&bench.mercer).args(words).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    names_in(&said).with_context(|| format!("`mercer train --without` lists no names:\n{said}"))
}

/// `… [possible values: a, b]` → `a` and `b`.
fn names_in(said: &str) -> Option<Vec<String>> {
    let (_, rest) = said.split_once("[possible values: ")?;
    let (list, _) = rest.split_once(']')?;
    Some(list.split(',').map(|name| name.trim().to_owned()).collect())
}

fn choose(known: Vec<String>, asked: &[&str]) -> Result<Vec<String>> {
    if let Some(unknown) = asked.iter().find(|name| !known.iter().any(|known| known == *name)) {
        bail!("`--without {unknown}`: there are {}", known.join(", "));
    }
    let is_asked = |name: &String| asked.is_empty() || asked.contains(&name.as_str());
    Ok(known.into_iter().filter(is_asked).collect())
}

fn header(row: &Row) -> String {
    let metrics: Vec<String> = row.metrics().map(|name| format!(" {} | |", shown(name))).collect();
    let rule = "---|".repeat(2 * row.metrics().count());
    format!(
        "| {} |{} bytes | training s | peak memory |\n|---|{rule}---|---|---|",
        row.name,
        metrics.concat(),
    )
}

fn line(row: &Row, what: &str, part: &Measured, whole: Option<&Measured>) -> Result<String> {
    let mut cells = vec![format!("| {what} |")];
    for name in row.metrics() {
        let value = metric(&part.evaluate, name)?;
        let change = match whole {
            Some(whole) => format!("{:+.4}", value - metric(&whole.evaluate, name)?),
            None => String::new(),
        };
        cells.push(format!(" {} | {change} |", fraction(value)));
    }
    let bytes = part.evaluate.json["model"]["bytes"].as_u64().context("the result has no bytes")?;
    let (seconds, peak) = (part.train.seconds, megabytes(part.train.peak));
    cells.push(format!(" {bytes} | {seconds:.0} | {peak} |"));
    Ok(cells.concat())
}

#[cfg(test)]
mod tests {
    use super::super::accuracy::measure::Ran;
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn names_come_from_what_the_trainer_says() {
        let said = "error: invalid value '?' for '--without <NAME>'\n  [possible values: returns, \
                    attention]\n\nFor more";
        assert_eq!(names_in(said).unwrap(), ["returns", "attention"]);
        assert_eq!(names_in("error: unexpected argument '--without'"), None);
        let known = || vec!["returns".to_owned(), "attention".to_owned()];
        assert_eq!(choose(known(), &[]).unwrap().len(), 2);
        assert_eq!(choose(known(), &["attention"]).unwrap(), ["attention"]);
        let said = choose(known(), &["salt"]).unwrap_err().to_string();
        assert_eq!(said, "`--without salt`: there are returns, attention");
    }

    #[test]
    fn a_line_says_what_is_lost() {
        let ran = |json: Value| Ran { json, seconds: 3.0, peak: None };
        let measured = |rate: f64| Measured {
            train: ran(json!({})),
            evaluate: ran(json!({
                "metrics": { "hit_rate@20": rate, "mrr@20": 0.2 },
                "model": { "bytes": 900 },
            })),
            inspect: json!({}),
        };
        let (row, whole) = (rows::ALL[0], measured(0.5));
        let text = line(&row, "without returns", &measured(0.45), Some(&whole)).unwrap();
        let expected =
            "| without returns | .4500 | -0.0500 | .2000 | +0.0000 | 900 | 3 | unknown |";
        assert_eq!(text, expected);
        let columns = |text: &str| text.lines().next().unwrap().matches('|').count();
        assert_eq!(columns(&header(&row)), columns(&text));
    }
}
