//! One door under libFuzzer. What a door promises is in `crates/fuzzing`; here it is only
//! connected. The macros of `libfuzzer-sys` contain the `unsafe` that a C library asks for,
//! which is why this is no member of the workspace that forbids it.

pub use libfuzzer_sys;
pub use mercer_fuzzing;

/// Hands libFuzzer's inputs to the target of this name. Every other change is one that knows
/// the target's format, the rest is libFuzzer's own, which knows what is covered.
#[macro_export]
macro_rules! door {
    ($name:literal) => {
        use $crate::libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
        use $crate::mercer_fuzzing::{Mutator, Target, target};

        fn door() -> &'static Target {
            target($name).expect("a target of this name")
        }

        fuzz_target!(|bytes: &[u8]| (door().run)(bytes));

        fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            if seed % 2 == 0 {
                return fuzzer_mutate(data, size, max_size);
            }
            let mut changed = data[..size].to_vec();
            (door().mutate)(&mut Mutator::new(seed.into()), &mut changed, &[]);
            changed.truncate(max_size);
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        });
    };
}
