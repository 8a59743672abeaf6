//! The doors that bytes of others come through.

mod door;
mod feeds;
mod kernels;
mod model;
mod rules;
mod session;

use crate::{Mutator, seeds};

/// One door.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name; finds are in `tests/hostile/NAME/`.
    pub name: &'static str,
    /// What comes through it.
    pub about: &'static str,
    /// Hands it any bytes; panics where a promise is broken.
    pub run: fn(&[u8]),
    /// Sound inputs, and those that once were found.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Changes an input in the way its kind asks for; the last is another input.
    pub mutate: fn(&mut Mutator, &mut Vec<u8>, &[u8]),
    /// The bytes under which an input is kept: they mean the same for ever.
    pub keep: fn(&[u8]) -> Vec<u8>,
    /// How many executions a test does: as many as take about eight seconds.
    pub smoke: u64,
}

/// All of them.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "model",
        about: "a model file, its header repaired; what is read is served",
        run: model::run,
        seeds: seeds::models,
        mutate: Mutator::model,
        keep: <[u8]>::to_vec,
        smoke: 40_000,
    },
    Target {
        name: "session",
        about: "a stored session, restored, gone on with and stored again",
        run: session::run,
        seeds: seeds::sessions,
        mutate: Mutator::bytes,
        keep: session::spelt,
        smoke: 40_000,
    },
    Target {
        name: "rules",
        about: "a declaration of rules or a filter; what is read is obeyed",
        run: rules::run,
        seeds: seeds::rules,
        mutate: Mutator::bytes,
        keep: rules::spelt,
        smoke: 40_000,
    },
    Target {
        name: "door",
        about: "calls in any order, as JavaScript makes them",
        run: door::run,
        seeds: seeds::calls,
        mutate: Mutator::bytes,
        keep: door::spelt,
        smoke: 10_000,
    },
    Target {
        name: "feeds",
        about: "a log and a catalogue: CSV and its kin, JSON Lines, times",
        run: feeds::run,
        seeds: seeds::feeds,
        mutate: Mutator::text,
        keep: <[u8]>::to_vec,
        smoke: 40_000,
    },
    Target {
        name: "kernels",
        about: "codes of 4 and 8 bits, scans and selections against three-line oracles",
        run: kernels::run,
        seeds: seeds::kernels,
        mutate: Mutator::bytes,
        keep: <[u8]>::to_vec,
        smoke: 100_000,
    },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
