//! Every chore of the project, as `cargo xtask …`. `cargo xtask` alone lists them.
//!
//! Exit codes: 0 done, 1 a check failed or a tool broke, 2 the command line was not
//! understood. Results go to stdout, progress and messages to stderr.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: results on stdout, progress on stderr"
)]

mod cli;
mod command;
mod glue;
mod http;
mod lockfile;
mod mute;
mod process;
mod stamp;
mod tools;
mod wasm_file;

use std::process::ExitCode;

use cli::{Args, Command};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        None => overview(),
        Some((word, _)) if ["help", "--help", "-h"].contains(&word.as_str()) => overview(),
        Some((word, rest)) => match command::ALL.iter().find(|command| command.name == word) {
            Some(command) => run(command, rest),
            None => misuse(&anyhow::anyhow!("no command is called `{word}`"), ""),
        },
    }
}

fn overview() -> ExitCode {
    println!("{}", cli::overview(&command::ALL));
    ExitCode::SUCCESS
}

fn run(command: &Command, words: &[String]) -> ExitCode {
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{}", command.help());
        return ExitCode::SUCCESS;
    }
    match Args::parse(command.options, words) {
        Err(error) => misuse(&error, command.name),
        Ok(args) => match (command.run)(&args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(1)
            }
        },
    }
}

fn misuse(error: &anyhow::Error, command: &str) -> ExitCode {
    eprintln!("error: {error:#}");
    eprintln!("`cargo xtask {command}{}--help` shows what there is", gap(command));
    ExitCode::from(2)
}

fn gap(command: &str) -> &'static str {
    if command.is_empty() { "" } else { " " }
}
