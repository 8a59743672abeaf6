//! `cargo xtask test`: every check, in order, until one fails.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::checks::{self, Check};
use crate::cli::{Args, Command, Opt};
use crate::tools::{self, Need};

pub(super) const COMMAND: Command = Command {
    name: "test",
    about: "Sets up what is missing and runs every check",
    details: "
Runs the checks in the order of `--list` and stops at the first that fails, with exit
code 1 and a table of what was done. With the variable CI set, output has no colours and
no progress bars.
",
    options: &[
        Opt {
            name: "--only",
            value: Some("NAME"),
            help: "this check alone, with what it needs; may be repeated",
        },
        Opt { name: "--list", value: None, help: "shows the names of the checks" },
    ],
    run,
};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// A line of the table at the end.
struct Row {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

fn run(args: &Args) -> Result<()> {
    let chosen = choose(&checks::ALL, &args.all("--only"))?;
    if args.has("--list") {
        for check in chosen {
            println!("{:<14} {}", check.name, check.about);
        }
        return Ok(());
    }
    let start = Instant::now();
    eprintln!("\n== setup: what the checks need");
    tools::ensure(&needs_of(&chosen))?;
    eprintln!("== setup: done in {}", seconds(start.elapsed()));
    let (rows, result) = run_until_failure(&chosen);
    println!("\n{}", table(&rows, start.elapsed()));
    result
}

/// The checks of these names in their usual order, or all.
fn choose<'a>(all: &'a [Check], names: &[&str]) -> Result<Vec<&'a Check>> {
    for name in names {
        if !all.iter().any(|check| check.name == *name) {
            let known: Vec<&str> = all.iter().map(|check| check.name).collect();
            bail!("no check is called `{name}`; there are: {}", known.join(", "));
        }
    }
    let wanted = |check: &&Check| names.is_empty() || names.contains(&check.name);
    Ok(all.iter().filter(wanted).collect())
}

fn needs_of(checks: &[&Check]) -> Vec<Need> {
    let mut needs = Vec::new();
    for need in checks.iter().flat_map(|check| check.needs) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    needs
}

fn run_until_failure(checks: &[&Check]) -> (Vec<Row>, Result<()>) {
    let mut result = Ok(());
    let mut rows = Vec::new();
    for check in checks {
        let start = Instant::now();
        let outcome = if result.is_err() {
            Outcome::NotRun
        } else {
            eprintln!("\n== {}: {}", check.name, check.about);
            result = (check.run)().with_context(|| {
                format!("check `{0}` failed (again: `cargo xtask test --only {0}`)", check.name)
            });
            if result.is_ok() { Outcome::Passed } else { Outcome::Failed }
        };
        if outcome == Outcome::Passed {
            eprintln!("== {}: passed in {}", check.name, seconds(start.elapsed()));
        }
        rows.push(Row { name: check.name, outcome, took: start.elapsed() });
    }
    (rows, result)
}

fn table(rows: &[Row], took: Duration) -> String {
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.push(format!("{:<14} {:<8} {:>8}", "all", "", seconds(took)));
    lines.join("\n")
}

fn line(row: &Row) -> String {
    match row.outcome {
        Outcome::Passed => format!("{:<14} {:<8} {:>8}", row.name, "passed", seconds(row.took)),
        Outcome::Failed => format!("{:<14} {:<8} {:>8}", row.name, "FAILED", seconds(row.took)),
        Outcome::NotRun => format!("{:<14} not run", row.name),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKS: [Check; 3] = [
        Check { name: "one", about: "", needs: &[Need::Node], run: || Ok(()) },
        Check { name: "two", about: "", needs: &[Need::Node], run: || bail!("broken") },
        Check { name: "three", about: "", needs: &[Need::WasmTarget], run: || Ok(()) },
    ];

    #[test]
    fn checks_are_chosen_by_name_in_their_own_order() {
        let names = |only: &[&str]| -> Vec<&str> {
            choose(&CHECKS, only).unwrap().iter().map(|check| check.name).collect()
        };
        assert_eq!(names(&[]), ["one", "two", "three"]);
        assert_eq!(names(&["three", "one"]), ["one", "three"]);
        let said = choose(&CHECKS, &["four"]).err().unwrap().to_string();
        assert!(said.contains("`four`") && said.contains("one, two, three"), "{said}");
    }

    #[test]
    fn each_need_is_met_once() {
        let chosen = choose(&CHECKS, &[]).unwrap();
        assert_eq!(needs_of(&chosen), [Need::Node, Need::WasmTarget]);
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        let chosen = choose(&CHECKS, &[]).unwrap();
        let (rows, result) = run_until_failure(&chosen);
        let outcomes: Vec<Outcome> = rows.iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [Outcome::Passed, Outcome::Failed, Outcome::NotRun]);
        let said = format!("{:#}", result.unwrap_err());
        assert!(said.contains("`two` failed") && said.contains("broken"), "{said}");
        let table = table(&rows, Duration::from_secs(1));
        assert!(
            table.contains("two            FAILED") && table.contains("three          not run")
        );
    }

    #[test]
    fn names_are_unique() {
        for (at, check) in checks::ALL.iter().enumerate() {
            assert!(checks::ALL[..at].iter().all(|c| c.name != check.name), "{}", check.name);
        }
    }
}
