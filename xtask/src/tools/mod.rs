//! What the chores need from the machine: found, installed, or asked for by the command
//! that installs it. Nothing is ever skipped because it is missing.

pub(crate) mod browsers;
pub(crate) mod node;
pub(crate) mod rust;

use anyhow::Result;

/// One thing that must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The wasm32 target of the pinned Rust.
    WasmTarget,
    /// The wasm-bindgen command and test runner of the version in `Cargo.lock`.
    WasmBindgen,
    /// Node and the packages of `package-lock.json`.
    Node,
    /// The runtimes and bundlers of `tests/packaging/package-lock.json`.
    Runtimes,
    /// Chromium, Firefox and `WebKit`, with their drivers.
    Browsers,
}

/// All that building and serving takes.
pub(crate) const FOR_BUILDING: [Need; 3] = [Need::WasmTarget, Need::WasmBindgen, Need::Node];

/// Makes sure of each need, in order, and says on stderr what was found or done.
///
/// # Errors
/// - something is missing and cannot be installed from here: the message names the command
///   that installs it.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    for need in needs {
        match need {
            Need::WasmTarget => rust::ensure_wasm_target()?,
            Need::WasmBindgen => rust::ensure_wasm_bindgen()?,
            Need::Node => node::ensure()?,
            Need::Runtimes => node::ensure_runtimes()?,
            Need::Browsers => browsers::ensure()?,
        }
    }
    Ok(())
}

/// A line of progress: what is there, in which form.
fn report(what: &str, state: &str) {
    eprintln!("  {what:<14} {state}");
}
