//! One file per command.

mod bench;
mod checks;
mod demo;
mod parity;
mod serve;
mod setup;
mod test;
mod wasm;

use crate::cli::Command;

/// Every command, in the order of the overview.
pub(crate) const ALL: [Command; 7] = [
    setup::COMMAND,
    wasm::COMMAND,
    demo::COMMAND,
    serve::COMMAND,
    test::COMMAND,
    bench::COMMAND,
    parity::COMMAND,
];
