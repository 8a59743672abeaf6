//! A bounded number of executions of every target: what was promised holds for them.
//!
//! One test, because what a target allocates is counted for the whole process. No clock
//! decides: an input that never ends ends with the patience of whoever waits.

use mercer_fuzzing::campaign::{Find, attempt, keep};
use mercer_fuzzing::{Mutator, TARGETS};

/// Not the runner's default, so that the two try different inputs.
const SEED: u64 = 20_261_129;

#[test]
fn no_target_breaks() {
    for target in &TARGETS {
        let seeds = (target.seeds)();
        let mut mutator = Mutator::new(SEED);
        for at in 0..target.smoke {
            let at = usize::try_from(at).unwrap();
            let mut input = seeds[at % seeds.len()].clone();
            if at >= seeds.len() {
                let other = &seeds[at / 7 % seeds.len()];
                (target.mutate)(&mut mutator, &mut input, other);
            }
            if let Err(said) = attempt(target, &input) {
                let folder = std::env::temp_dir();
                let find = Find { input, said, hangs: false };
                let path = keep(target, &find, &folder).unwrap();
                panic!("{}: {}\n{}", target.name, find.said, path.display());
            }
        }
    }
}
