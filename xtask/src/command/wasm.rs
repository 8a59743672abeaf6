//! `cargo xtask wasm`: the npm package's generated half, checked and measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cli::{Args, Command};
use crate::glue;
use crate::process::{cargo, command, root, run as run_program, target_dir};
use crate::stamp::{self, Fingerprint};
use crate::tools::{self, node, rust::WasmBindgen};
use crate::wasm_file::{self, Import, Summary};

pub(super) const COMMAND: Command = Command {
    name: "wasm",
    about: "Builds pkg/wasm/ from the engine, checks it and measures what ships",
    details: "
Compiles the engine for wasm32, makes the JavaScript glue with wasm-bindgen and shrinks
the module with wasm-opt. Fails when the module

  - holds no SIMD instruction (a RUSTFLAGS variable replaces the flag that asks for it),
  - imports a function that calls upon more than xtask/src/glue.rs allows,
  - makes a part of the package weigh more than pkg/size-budget.json allows.
",
    options: &[],
    run,
};

/// What WebAssembly of Rust 1.95 consists of, and SIMD; without these wasm-opt refuses it.
const FEATURES: [&str; 8] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

const OUTPUTS: [&str; 2] = ["mercer.js", "mercer_bg.wasm"];

fn run(_args: &Args) -> Result<()> {
    tools::ensure(&tools::FOR_BUILDING)?;
    build()
}

/// Builds `pkg/wasm/`, checks it and prints its sizes. What has not changed is not done
/// again.
///
/// # Errors
/// - the engine does not compile, or a tool fails;
/// - the module has no SIMD in it, imports what it must not, or is over the budget.
pub(super) fn build() -> Result<()> {
    run_program(&mut cargo(
        "build --package mercer --lib --target wasm32-unknown-unknown --profile wasm",
    ))?;
    let compiled = target_dir().join("wasm32-unknown-unknown/wasm/mercer.wasm");
    let package = root().join("pkg/wasm");
    let stamp = target_dir().join("xtask/wasm.stamp");
    let inputs = inputs(&compiled)?;
    if is_built(&stamp, inputs.clone(), &package) {
        eprintln!("  pkg/wasm       up to date");
    } else {
        let fresh = generate(&compiled)?;
        let glue = fresh.join("mercer.js");
        check(&fs::read(fresh.join("mercer_bg.wasm"))?, &glue)?;
        run_program(command("node").arg("xtask/glue.mjs").arg(&glue))?;
        install(&fresh, &package)?;
        stamp::write(&stamp, &with_outputs(inputs, &package)?.finish())?;
    }
    measure()
}

/// Everything that decides what comes out, the rules of these checks among it.
fn inputs(compiled: &Path) -> Result<Fingerprint> {
    let rules = [
        include_str!("wasm.rs"),
        include_str!("../glue.rs"),
        include_str!("../wasm_file.rs"),
        include_str!("../../glue.mjs"),
    ];
    let print = rules.into_iter().fold(Fingerprint::default(), Fingerprint::text);
    print.file(compiled)?.file(&root().join("package-lock.json"))?.file(&root().join("Cargo.lock"))
}

fn is_built(stamp: &Path, inputs: Fingerprint, package: &Path) -> bool {
    with_outputs(inputs, package).is_ok_and(|print| stamp::holds(stamp, &print.finish()))
}

fn with_outputs(print: Fingerprint, package: &Path) -> Result<Fingerprint> {
    OUTPUTS.iter().try_fold(print, |print, name| print.file(&package.join(name)))
}

/// Glue and shrunk module in a folder of their own, so that a failure leaves the package
/// as it was.
fn generate(compiled: &Path) -> Result<PathBuf> {
    let folder = target_dir().join("xtask/wasm");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut bindgen = command(WasmBindgen::find()?.cli());
    bindgen.args(["--target", "web", "--out-name", "mercer", "--no-typescript"]);
    bindgen.arg("--remove-producers-section");
    run_program(bindgen.arg("--out-dir").arg(&folder).arg(compiled))?;
    ensure!(
        !folder.join("snippets").exists(),
        "a dependency brings its own JavaScript (see {}); the package has no place for it",
        folder.join("snippets").display()
    );
    let module = folder.join("mercer_bg.wasm");
    let mut shrink = command(node::tool("wasm-opt")?);
    shrink.arg("-O3").args(FEATURES).args(["--strip-debug", "--strip-target-features"]);
    run_program(shrink.arg(&module).arg("--output").arg(&module))?;
    Ok(folder)
}

fn install(fresh: &Path, package: &Path) -> Result<()> {
    fs::create_dir_all(package).with_context(|| format!("cannot make {}", package.display()))?;
    for name in OUTPUTS {
        fs::copy(fresh.join(name), package.join(name))
            .with_context(|| format!("cannot write {}", package.join(name).display()))?;
    }
    Ok(())
}

/// Holds the module to its promises.
fn check(module: &[u8], glue: &Path) -> Result<()> {
    let summary = wasm_file::summarise(module)?;
    eprintln!(
        "  mercer.wasm    {} functions, {} SIMD instructions, {} imports",
        summary.n_functions,
        summary.n_simd,
        summary.imports.len()
    );
    check_simd(&summary)?;
    check_imports(&summary.imports, &fs::read_to_string(glue)?)
}

fn check_simd(summary: &Summary) -> Result<()> {
    if summary.n_simd > 0 {
        return Ok(());
    }
    let cause = match std::env::var("RUSTFLAGS") {
        Ok(flags) => format!(
            "RUSTFLAGS is set (`{flags}`) and replaces the flags of .cargo/config.toml; unset it"
        ),
        Err(_) => ".cargo/config.toml should say `-C target-feature=+simd128` for wasm32, and \
                   the engine's kernels should use it"
            .to_owned(),
    };
    bail!("the module holds no SIMD instruction: {cause}")
}

/// The module may ask for nothing but its own glue, and that for nothing but plain values.
fn check_imports(imports: &[Import], glue: &str) -> Result<()> {
    for Import { module, name } in imports {
        ensure!(
            module == "./mercer_bg.js" && glue.contains(name.as_str()),
            "the module imports `{name}` from `{module}`, which is not its glue"
        );
    }
    let strangers = glue::strangers(glue)?;
    ensure!(
        strangers.is_empty(),
        "what the module imports calls upon {strangers:?}. If that touches neither network nor \
         storage, page, clock or entropy, add it to VALUES in xtask/src/glue.rs"
    );
    Ok(())
}

fn measure() -> Result<()> {
    run_program(command("node").arg("xtask/sizes.mjs").arg("pkg/size-budget.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(module: &str, name: &str) -> Import {
        Import { module: module.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn only_the_modules_own_glue_may_be_imported() {
        let glue = "function __wbg_get_imports() {\n const import0 = { __wbg_new_1: arg0 };\n}";
        check_imports(&[import("./mercer_bg.js", "__wbg_new_1")], glue).unwrap();
        for (module, name) in [
            ("env", "__wbg_new_1"),
            ("./mercer_bg.js", "__wbg_get_2"),
            ("wasi_snapshot_preview1", "fd_write"),
        ] {
            let said = check_imports(&[import(module, name)], glue).unwrap_err().to_string();
            assert!(said.contains(name) && said.contains(module), "{said}");
        }
        let said = check_imports(&[], &glue.replace("arg0", "fetch")).unwrap_err().to_string();
        assert!(said.contains("\"fetch\""), "{said}");
    }

    #[test]
    fn a_module_without_simd_is_refused() {
        let said = check_simd(&Summary::default()).unwrap_err().to_string();
        assert!(said.contains("no SIMD instruction"), "{said}");
        assert!(check_simd(&Summary { n_simd: 1, ..Summary::default() }).is_ok());
    }
}
