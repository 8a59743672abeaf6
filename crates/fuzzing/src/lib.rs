//! "Can anything from outside break it?" Every door that bytes of others come through is a
//! target: a plain function that takes any bytes and panics where a promise is broken.
//!
//! ```text
//! seeds ▸ mutate ▸ target ▸ a find: a file that breaks a promise
//! ```
//!
//! The same functions are driven by a seeded runner on the stable compiler
//! (`cargo xtask fuzz`), by libFuzzer (`fuzz/`), and by the tests, which replay every find
//! in `tests/hostile/`.
//!
//! **Invariant:** a target is a function of its bytes; what it accepts it also uses.

pub mod campaign;
mod file;
mod heap;
mod mutate;
mod said;
mod seeds;
mod targets;
pub mod watch;
mod words;

pub use mutate::Mutator;
pub use targets::{TARGETS, Target, target};
pub use watch::Watch;
