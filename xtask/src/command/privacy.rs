//! `cargo xtask privacy`: what a model file tells of the visits it was learned from.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::demo;
use crate::cli::{Args, Command};
use crate::process::{cargo, command, run as run_program, target_dir};

pub(super) const COMMAND: Command = Command {
    name: "privacy",
    about: "Attacks models of a sample shop: which visits were learned from?",
    details: "
Parts the visits of a sample shop into halves, learns a model from each with the defaults, and
asks of every visit whether the first model knows it better than chance would have it
(membership inference). An AUC of 0.5 is a guess. A small shop and a larger one; minutes.
",
    options: &[],
    run,
};

/// Items and visits of the shops that are attacked.
const SHOPS: [[&str; 2]; 2] = [["500", "2000"], ["2000", "20000"]];

fn run(_args: &Args) -> Result<()> {
    let mercer = demo::build_trainer()?;
    run_program(&mut cargo("build --release --package mercer-cli --example membership"))?;
    SHOPS.into_iter().try_for_each(|sizes| attack(&mercer, sizes))
}

fn attack(mercer: &Path, [items, sessions]: [&str; 2]) -> Result<()> {
    let folder = target_dir().join("privacy").join(items);
    fs::create_dir_all(&folder)?;
    let membership = target_dir().join("release/examples/membership");
    let mut synth = command(mercer);
    synth.args(["synth", "--items", items, "--sessions", sessions, "--out"]).arg(&folder);
    run_program(&mut synth)?;
    run_program(command(&membership).arg("split").arg(folder.join("events.csv.gz")).arg(&folder))?;
    for name in ["members", "others"] {
        let mut train = command(mercer);
        train.arg("train").arg("--events").arg(folder.join(format!("{name}.csv")));
        train.arg("--catalog").arg(folder.join("catalog.jsonl"));
        run_program(train.arg("--out").arg(folder.join(format!("{name}.mercer"))))?;
    }
    println!("{items} items, {sessions} visits, half of them learned from:");
    let files = ["members.mercer", "others.mercer", "members.csv", "others.csv"];
    run_program(command(&membership).arg("attack").args(files.map(|name| folder.join(name))))
}
