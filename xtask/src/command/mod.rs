//! One file per command.

mod ablation;
mod accuracy;
mod bench;
mod checks;
mod demo;
mod fallback;
mod parity;
mod serve;
mod setup;
mod test;
mod wasm;

use crate::cli::Command;

/// Every command, in the order of the overview.
pub(crate) const ALL: [Command; 9] = [
    setup::COMMAND,
    wasm::COMMAND,
    demo::COMMAND,
    serve::COMMAND,
    test::COMMAND,
    bench::COMMAND,
    accuracy::COMMAND,
    ablation::COMMAND,
    parity::COMMAND,
];
