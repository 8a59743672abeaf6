//! Many executions of one target, from a seed.

use crate::{Mutator, Target, Watch};
use anyhow::{Context as _, Result};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// An input that takes longer is a find.
const SLOW: Duration = Duration::from_secs(1);
/// How often a slow input is tried again: a busy machine is slow once, not three times.
const RETRIES: usize = 2;

/// When a campaign ends.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// After so many executions.
    pub executions: u64,
    /// After so much time.
    pub time: Option<Duration>,
}

/// What a campaign came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How many inputs were tried.
    pub executions: u64,
    /// The longest that one of them took.
    pub slowest: Duration,
    /// The input that broke a promise, if one did.
    pub find: Option<Find>,
}

/// An input that breaks a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Its bytes.
    pub input: Vec<u8>,
    /// What is said of it.
    pub said: String,
    /// Whether it is not to be tried again, because it never ends.
    pub hangs: bool,
}

/// Tries every seed as it is, then changed ones until the bounds or a find. The same seed tries
/// the same inputs.
pub fn run(target: &Target, seed: u64, bounds: Bounds, watch: &Watch) -> Outcome {
    let seeds = (target.seeds)();
    let started = Instant::now();
    let mut outcome = Outcome::nothing();
    for input in &seeds {
        if !outcome.takes(target, input, watch) {
            return outcome;
        }
    }
    let mut mutator = Mutator::new(seed);
    while outcome.executions < bounds.executions {
        if bounds.time.is_some_and(|time| started.elapsed() >= time) {
            break;
        }
        let input = changed(target, &seeds, &mut mutator);
        if !outcome.takes(target, &input, watch) {
            break;
        }
    }
    outcome
}

/// Tries one input.
pub fn once(target: &Target, input: &[u8], watch: &Watch) -> Outcome {
    let mut outcome = Outcome::nothing();
    outcome.takes(target, input, watch);
    outcome
}

fn changed(target: &Target, seeds: &[Vec<u8>], mutator: &mut Mutator) -> Vec<u8> {
    let mut input = seeds[mutator.below(seeds.len())].clone();
    let other = &seeds[mutator.below(seeds.len())];
    (target.mutate)(mutator, &mut input, other);
    input
}

impl Outcome {
    fn nothing() -> Self {
        Self { executions: 0, slowest: Duration::ZERO, find: None }
    }

    /// Whether the target takes the input; if not, it is the find.
    fn takes(&mut self, target: &Target, input: &[u8], watch: &Watch) -> bool {
        self.executions += 1;
        let attempt = || {
            watch.begin(self.executions, input);
            attempt(target, input)
        };
        let mut taken = attempt();
        for _ in 0..RETRIES {
            if taken.as_ref().is_ok_and(|time| *time > SLOW) {
                taken = attempt();
            }
        }
        let said = match taken {
            Ok(time) => {
                self.slowest = self.slowest.max(time);
                if time <= SLOW {
                    return true;
                }
                format!("it takes {time:?}")
            }
            Err(said) => said,
        };
        self.find = Some(Find { input: input.to_vec(), said, hangs: false });
        false
    }
}

/// How long the target takes, or what it says when it panics.
///
/// # Errors
/// What the panic says.
pub fn attempt(target: &Target, input: &[u8]) -> Result<Duration, String> {
    let started = Instant::now();
    match panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input))) {
        Ok(()) => Ok(started.elapsed()),
        Err(said) => {
            let text = said.downcast_ref::<String>().cloned();
            let text = text.or_else(|| said.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(text.unwrap_or_else(|| "it panics".to_owned()))
        }
    }
}

/// Writes the seeds of a target into a folder of its name.
///
/// # Errors
/// The disk refuses them.
pub fn write_seeds(target: &Target, folder: &Path) -> Result<()> {
    for seed in (target.seeds)() {
        write(target, &seed, folder)?;
    }
    Ok(())
}

/// Writes a find, in the form that means the same for ever, and says where.
///
/// # Errors
/// The disk refuses it.
pub fn keep(target: &Target, find: &Find, folder: &Path) -> Result<PathBuf> {
    let spelt = (target.keep)(&find.input);
    // Kept as it is where spelling it out mends it: both are worth a look. What never ends
    // cannot be asked.
    let breaks = !find.hangs && attempt(target, &spelt).is_err();
    write(target, if breaks { &spelt } else { &find.input }, folder)
}

fn write(target: &Target, input: &[u8], folder: &Path) -> Result<PathBuf> {
    let folder = folder.join(target.name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{:016x}.bin", xxhash_rust::xxh64::xxh64(input, 0)));
    fs::write(&path, input).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A door that does not let `!` in.
    pub(crate) const BROKEN: Target = Target {
        name: "broken",
        about: "",
        run: |bytes| assert!(!bytes.contains(&b'!'), "a `!` came in"),
        seeds: || vec![b"sound".to_vec()],
        mutate: Mutator::bytes,
        keep: <[u8]>::to_vec,
        smoke: 0,
    };

    #[test]
    fn what_breaks_a_promise_is_found_and_found_again() {
        let bounds = Bounds { executions: 100_000, time: None };
        let outcome = run(&BROKEN, 1, bounds, &Watch::new());
        let find = outcome.find.clone().unwrap();
        assert!(find.input.contains(&b'!') && find.said == "a `!` came in", "{find:?}");
        assert!(!find.hangs);
        assert_eq!(once(&BROKEN, &find.input, &Watch::new()).find, Some(find));
        assert!(outcome.executions < 100_000);
        let again = run(&BROKEN, 1, bounds, &Watch::new());
        assert_eq!((again.executions, again.find), (outcome.executions, outcome.find));
    }

    #[test]
    fn a_campaign_ends_at_its_bounds() {
        let sound = Target { run: |_| {}, ..BROKEN };
        let bounds = Bounds { executions: 500, time: None };
        let outcome = run(&sound, 1, bounds, &Watch::new());
        assert_eq!((outcome.executions, outcome.find), (500, None));
    }
}
