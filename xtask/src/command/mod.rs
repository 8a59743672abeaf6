//! One file per command.

mod ablation;
mod accuracy;
mod bench;
mod checks;
mod demo;
mod fallback;
mod fuzz;
mod parity;
mod privacy;
mod reproducible;
mod search;
mod serve;
mod setup;
mod soak;
mod test;
mod wasm;

use crate::cli::Command;

/// Every command, in the order of the overview.
pub(crate) const ALL: [Command; 13] = [
    setup::COMMAND,
    wasm::COMMAND,
    demo::COMMAND,
    serve::COMMAND,
    test::COMMAND,
    bench::COMMAND,
    fuzz::COMMAND,
    soak::COMMAND,
    accuracy::COMMAND,
    ablation::COMMAND,
    parity::COMMAND,
    reproducible::COMMAND,
    privacy::COMMAND,
];
