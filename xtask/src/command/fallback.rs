//! The engine in JavaScript, for pages where WebAssembly cannot run: the same module without
//! SIMD, brought down to what wasm2js understands, and through it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::wasm::{self, bind, check_imports, mute_panics, optimise, summarise};
use crate::process::{command, run, target_dir};
use crate::tools::node;

/// Passes that replace what WebAssembly got after its first version; then what makes it small.
const LOWERING: [&str; 5] = [
    "--llvm-memory-copy-fill-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--signext-lowering",
    "-Oz",
    "--strip-debug",
];

/// Compiles the engine without SIMD.
///
/// # Errors
/// - it does not compile.
pub(super) fn compile() -> Result<PathBuf> {
    // In place of the flags in .cargo/config.toml, which ask for SIMD.
    wasm::compile("scalar", Some("-Ctarget-cpu=mvp"))
}

/// The JavaScript build, in a folder of its own.
///
/// # Errors
/// - a tool fails, or the module imports what it must not.
pub(super) fn generate(scalar: &Path, folder: &Path) -> Result<()> {
    let steps = target_dir().join("xtask/fallback");
    fs::create_dir_all(&steps)?;
    // The standard library says that it has reference types, and then wasm-bindgen would use
    // them: so the module says nothing of the kind.
    let (muted, plain) = (steps.join("muted.wasm"), steps.join("plain.wasm"));
    mute_panics(scalar, &muted)?;
    optimise(&muted, &plain, &["--strip-target-features"])?;
    let bound = steps.join("bound");
    bind(&plain, &bound)?;
    let (module, glue) = (steps.join("lowered.wasm"), bound.join("mercer.js"));
    optimise(&bound.join("mercer_bg.wasm"), &module, &LOWERING)?;
    let summary = summarise(&module)?;
    ensure!(
        summary.n_simd == 0,
        "the module for JavaScript has {} SIMD instructions",
        summary.n_simd
    );
    check_imports(&summary.imports, &fs::read_to_string(&glue)?)?;
    let code = steps.join("code.js");
    run(command(node::tool("wasm2js")?).arg("-Oz").arg(&module).arg("--output").arg(&code))?;
    run(command("node").arg("xtask/glue.mjs").arg(&glue))?;
    fs::create_dir_all(folder)?;
    let out = folder.join("mercer.js");
    run(command("node").arg("xtask/fallback.mjs").args([&glue, &code, &out]))
}
