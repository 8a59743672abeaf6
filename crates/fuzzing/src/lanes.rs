//! Several targets at a time, each in a process of its own: what a target allocates is counted
//! for the whole process, and one that brings its process down leaves the others alone.

use anyhow::{Context as _, Result};
use mercer_fuzzing::Target;
use std::io::Write as _;
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The exit code of a process that found something and said so.
pub(super) const FOUND: u8 = 1;

/// Runs this program once for each target, `jobs` at a time, with `words` behind
/// `--target NAME`. Whether nothing was found.
///
/// # Errors
/// - the program cannot be started again.
pub(super) fn run(targets: &[&Target], jobs: usize, words: &[String]) -> Result<bool> {
    let waiting = Mutex::new(targets.iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let lane = || {
        let mut sound = true;
        while let Some(target) = next() {
            let words: Vec<&str> = ["--target", target.name]
                .into_iter()
                .chain(words.iter().map(String::as_str))
                .collect();
            let program = std::env::current_exe().context("cannot tell where this program is")?;
            let status = Command::new(program).args(&words).status();
            let status = status.context("cannot start this program again")?;
            sound &= status.success();
            if let Some(said) = crash(target.name, status, &words) {
                writeln!(std::io::stdout(), "{said}")?;
            }
        }
        Ok(sound)
    };
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(lane)).collect();
        let ended = lanes.into_iter().map(|lane| lane.join().expect("a lane does not panic"));
        ended.collect::<Vec<Result<bool>>>().into_iter().try_fold(true, |all, one| Ok(all & one?))
    })
}

/// What to say of a process that did not end by itself: its inputs follow from the seed.
fn crash(name: &str, status: ExitStatus, words: &[&str]) -> Option<String> {
    let by_itself = status.success() || status.code() == Some(i32::from(FOUND));
    let again = format!("cargo xtask fuzz {}", words.join(" "));
    (!by_itself).then(|| format!("{name:<8} FIND it ends with {status}; again: {again}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;

    #[test]
    fn a_crash_names_the_command_that_repeats_it() {
        let words = ["--target", "model", "--seed", "1"];
        let said = crash("model", ExitStatus::from_raw(6), &words).unwrap();
        assert!(said.contains("signal: 6"), "{said}");
        assert!(said.ends_with("again: cargo xtask fuzz --target model --seed 1"), "{said}");
        let ended = |code: i32| crash("model", ExitStatus::from_raw(code << 8), &words);
        assert_eq!((ended(0), ended(1)), (None, None));
        assert!(ended(101).is_some());
    }
}
