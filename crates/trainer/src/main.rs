//! The `mercer` command: parse, run, exit code.

use clap::Parser;
use mercer_trainer::{cli::Cli, stage};
use std::io::Write;
use std::process::ExitCode;

const FAILED: u8 = 1;
const BROKE: u8 = 2;

fn main() -> ExitCode {
    // Without a handler Ctrl-C still ends the process, only less politely.
    let _ = ctrlc::set_handler(interrupted);
    match Cli::parse().run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) if reader_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr leaves the exit code to speak.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(BROKE)
        }
    }
}

/// Whoever read our output has seen enough, as in `mercer inspect … | head`.
fn reader_left(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

#[expect(clippy::exit, reason = "the handler runs on its own thread")]
fn interrupted() {
    let _abandoned = stage::abandon();
    let _ = writeln!(std::io::stderr(), "\nerror: interrupted; no file was left half-written");
    std::process::exit(i32::from(BROKE));
}
