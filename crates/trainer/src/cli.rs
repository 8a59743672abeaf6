//! The command line: what can be asked, and which command answers.

use crate::command::{
    baseline, check, compare, evaluate, inspect, recommend, rules, shard, signed, synth, train,
};
use clap::{Parser, Subcommand};

/// Product recommendations that run inside the shopper's browser: train, judge and inspect
/// the model file.
#[derive(Debug, Parser)]
#[command(
    name = "mercer",
    version,
    arg_required_else_help = true,
    after_help = "\
Exit code: 0 fine, 1 a check failed, 2 it broke. Results go to stdout, progress to stderr.

Examples:
  mercer synth --out shop
  mercer check --events shop/events.csv.gz --catalog shop/catalog.jsonl
  mercer train --events shop/events.csv.gz --out shop.mercer
  mercer evaluate --model shop.mercer --events shop/test-events.csv.gz --at 5,10,20
  mercer compare --model new.mercer --with shop.mercer --events shop/test-events.csv.gz
  mercer recommend --model shop.mercer --session \"view_item:KET-0001\" --explain"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Synth(synth::SynthArgs),
    Check(check::CheckArgs),
    Train(train::TrainArgs),
    Evaluate(evaluate::EvaluateArgs),
    Baseline(baseline::BaselineArgs),
    Compare(compare::CompareArgs),
    Inspect(inspect::InspectArgs),
    Recommend(recommend::RecommendArgs),
    Rules(rules::RulesArgs),
    Shard(shard::ShardArgs),
    Keygen(signed::KeygenArgs),
    Sign(signed::SignArgs),
    Verify(signed::VerifyArgs),
}

impl Cli {
    /// Runs the command; `false` means that it ran and a check failed.
    ///
    /// # Errors
    /// Whatever kept the command from running, with its causes.
    pub fn run(&self) -> anyhow::Result<bool> {
        match &self.command {
            Command::Synth(args) => synth::run(args),
            Command::Check(args) => check::run(args),
            Command::Train(args) => train::run(args),
            Command::Evaluate(args) => evaluate::run(args),
            Command::Baseline(args) => baseline::run(args),
            Command::Compare(args) => compare::run(args),
            Command::Inspect(args) => inspect::run(args),
            Command::Recommend(args) => recommend::run(args),
            Command::Rules(args) => rules::run(args),
            Command::Shard(args) => shard::run(args),
            Command::Keygen(args) => signed::keygen(args),
            Command::Sign(args) => signed::sign(args),
            Command::Verify(args) => signed::verify(args),
        }
    }
}
