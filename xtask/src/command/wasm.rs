//! `cargo xtask wasm`: the npm package's generated half, checked and measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::{fallback, reproducible};
use crate::cli::{Args, Command};
use crate::glue;
use crate::mute;
use crate::process::{cargo, command, root, run as run_program, target_dir};
use crate::stamp::{self, Fingerprint};
use crate::tools::{self, node, rust::WasmBindgen};
use crate::wasm_file::{self, Import, Summary};

pub(super) const COMMAND: Command = Command {
    name: "wasm",
    about: "Builds what the package generates from the engine, checks it and measures what ships",
    details: "
Compiles the engine for wasm32, makes the JavaScript glue with wasm-bindgen and shrinks
the module with wasm-opt: pkg/wasm/, twice, with SIMD and with relaxed SIMD, both behind the
same glue. The same without SIMD goes through wasm2js, for pages where WebAssembly cannot
run: pkg/fallback/. And pkg/dist/ for pages without modules. Fails when a module

  - holds no SIMD instruction (a RUSTFLAGS variable replaces the flag that asks for it), or,
    for JavaScript, holds one; holds relaxed ones where it should not, or none where it should,
  - imports a function that calls upon more than xtask/src/glue.rs allows,
  - makes a part of the package weigh more than pkg/size-budget.json allows.
",
    options: &[],
    run,
};

/// What WebAssembly of Rust 1.95 consists of, and SIMD; without these wasm-opt refuses it. It uses
/// relaxed instructions only where there are some: what a module has of them is counted.
const FEATURES: [&str; 9] = [
    "--enable-simd",
    "--enable-relaxed-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What cargo is asked for, before the profile. As a library for Rust too, the module would keep
/// whatever Rust could call.
pub(super) const COMPILE: &str =
    "rustc --package mercer --lib --crate-type cdylib --target wasm32-unknown-unknown --profile";

/// And behind everything else: the linker leaves its notes, which say where panics go through.
pub(super) const LINKING: [&str; 3] = ["--", "-C", "link-arg=--emit-relocs"];

/// What is generated, in the package's folder.
const OUTPUTS: [&str; 4] =
    ["wasm/mercer.js", "wasm/mercer_bg.wasm", "wasm/mercer_relaxed.wasm", "fallback/mercer.js"];

/// In place of the flag in .cargo/config.toml.
pub(super) const RELAXED: &str = "-Ctarget-feature=+simd128,+relaxed-simd";

/// Which instructions a module is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Simd {
    Plain,
    Relaxed,
}

/// What makes the module small once it is compressed. A function that is called once stays a
/// function: where they are merged, ever more local variables need ever longer numbers, and the
/// module gets smaller, but its compressed form grows by a tenth. Hints at alignment, which no
/// engine heeds, differ where the code does not. The lowest kilobyte is the far end of the stack,
/// so an address in it is never meant, and sums of addresses can be folded into the instruction.
pub(super) const PASSES: [&str; 11] = [
    "--low-memory-unused",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=20",
    "--dealign",
];

fn run(_args: &Args) -> Result<()> {
    tools::ensure(&tools::FOR_BUILDING)?;
    build()
}

/// Builds the generated files, checks them and prints their sizes. What has not changed is
/// not done again.
///
/// # Errors
/// - the engine does not compile, or a tool fails;
/// - a module has no SIMD in it or should have none, imports what it must not, or is over the
///   budget.
pub(super) fn build() -> Result<()> {
    let compiled = compile("wasm", None)?;
    let relaxed = compile("relaxed", Some(RELAXED))?;
    let scalar = fallback::compile()?;
    let package = root().join("pkg");
    let stamp = target_dir().join("xtask/wasm.stamp");
    let inputs = inputs(&compiled)?.file(&relaxed)?.file(&scalar)?;
    if is_built(&stamp, inputs.clone(), &package) {
        eprintln!("  pkg/wasm       up to date");
    } else {
        let fresh = target_dir().join("xtask/package");
        generate_both(&compiled, &relaxed, &fresh)?;
        fallback::generate(&scalar, &fresh.join("fallback"))?;
        install(&fresh, &package)?;
        stamp::write(&stamp, &with_outputs(inputs, &package)?.finish())?;
    }
    run_program(command("node").arg("xtask/dist.mjs").arg("pkg"))?;
    measure()
}

/// The engine as the linker leaves it. `flag` stands in place of those in .cargo/config.toml.
///
/// # Errors
/// - it does not compile.
pub(super) fn compile(profile: &str, flag: Option<&str>) -> Result<PathBuf> {
    let mut build = cargo(COMPILE);
    build.arg(profile);
    match flag {
        Some(flag) => {
            let flags = [vec![flag.to_owned()], reproducible::rustc_flags()?].concat();
            build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        }
        None => {
            build.arg("--config").arg(reproducible::setting()?);
        }
    }
    run_program(build.args(LINKING))?;
    Ok(target_dir().join("wasm32-unknown-unknown").join(profile).join("mercer.wasm"))
}

/// Writes a compiled module without what its panics would say.
///
/// # Errors
/// - the linker left no notes, or a file cannot be read or written.
pub(super) fn mute_panics(compiled: &Path, to: &Path) -> Result<()> {
    let muted = mute::mute(&fs::read(compiled)?)
        .with_context(|| format!("while panics of {} were muted", compiled.display()))?;
    eprintln!("  panics         {} functions, {} bytes of texts", muted.n_functions, muted.n_bytes);
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::write(to, muted.module).with_context(|| format!("cannot write {}", to.display()))
}

/// The module with relaxed SIMD, in the folder of the one without, whose glue it must fit.
///
/// # Errors
/// - as [`generate`], or the glue of the two differs.
fn generate_both(compiled: &Path, relaxed: &Path, fresh: &Path) -> Result<()> {
    let (apart, folder) = (fresh.join("relaxed"), fresh.join("wasm"));
    generate(relaxed, &apart, Simd::Relaxed)?;
    generate(compiled, &folder, Simd::Plain)?;
    let glue = |folder: &Path| fs::read_to_string(folder.join("mercer.js"));
    ensure!(glue(&apart)? == glue(&folder)?, "the two modules need different glue");
    fs::copy(apart.join("mercer_bg.wasm"), folder.join("mercer_relaxed.wasm"))?;
    Ok(())
}

/// Everything that decides what comes out, the rules of these checks among it.
fn inputs(compiled: &Path) -> Result<Fingerprint> {
    let rules = [
        include_str!("wasm.rs"),
        include_str!("fallback.rs"),
        include_str!("../glue.rs"),
        include_str!("../wasm_file.rs"),
        include_str!("../mute/mod.rs"),
        include_str!("../mute/symbols.rs"),
        include_str!("../../glue.mjs"),
        include_str!("../../fallback.mjs"),
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
///
/// # Errors
/// - a tool fails, or the module is not as it has to be.
pub(super) fn generate(compiled: &Path, folder: &Path, simd: Simd) -> Result<()> {
    let muted = target_dir().join("xtask/muted.wasm");
    mute_panics(compiled, &muted)?;
    bind(&muted, folder)?;
    let (module, glue) = (folder.join("mercer_bg.wasm"), folder.join("mercer.js"));
    // With the functions' names, for `node xtask/weigh.mjs`.
    let named = target_dir().join("xtask/named.wasm");
    optimise(&module, &named, &[&PASSES[..], &["-g"]].concat())?;
    optimise(&named, &module, &["--strip-debug", "--strip-target-features"])?;
    reproducible::check(&fs::read(&module)?)?;
    let summary = summarise(&module)?;
    check_simd(&summary, simd)?;
    check_imports(&summary.imports, &fs::read_to_string(&glue)?)?;
    run_program(command("node").arg("xtask/glue.mjs").arg(&glue))
}

/// wasm-bindgen's module and glue, in a folder that holds nothing else.
///
/// # Errors
/// - wasm-bindgen fails, or a dependency brings JavaScript of its own.
pub(super) fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut bindgen = command(WasmBindgen::find()?.cli());
    bindgen.args(["--target", "web", "--out-name", "mercer", "--no-typescript"]);
    bindgen.arg("--remove-producers-section");
    run_program(bindgen.arg("--out-dir").arg(folder).arg(compiled))?;
    ensure!(
        !folder.join("snippets").exists(),
        "a dependency brings its own JavaScript (see {}); the package has no place for it",
        folder.join("snippets").display()
    );
    Ok(())
}

/// Runs passes of wasm-opt.
///
/// # Errors
/// - it fails.
pub(super) fn optimise(from: &Path, to: &Path, passes: &[&str]) -> Result<()> {
    let mut tool = command(node::tool("wasm-opt")?);
    run_program(tool.args(FEATURES).args(passes).arg(from).arg("--output").arg(to))
}

fn install(fresh: &Path, package: &Path) -> Result<()> {
    for name in OUTPUTS {
        let to = package.join(name);
        let copied = fs::create_dir_all(to.parent().unwrap_or(package))
            .and_then(|()| fs::copy(fresh.join(name), &to));
        copied.with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}

/// What a built module holds.
///
/// # Errors
/// - the file is no module, or one that the reader does not understand.
pub(super) fn summarise(module: &Path) -> Result<Summary> {
    let name = module.display();
    let bytes = fs::read(module).with_context(|| format!("cannot read {name}"))?;
    let summary = wasm_file::summarise(&bytes).with_context(|| format!("in {name}"))?;
    eprintln!(
        "  {:<14} {} functions, {} SIMD instructions, {} of them relaxed, {} imports",
        module.file_name().unwrap_or_default().display(),
        summary.n_functions,
        summary.n_simd,
        summary.n_relaxed,
        summary.imports.len()
    );
    Ok(summary)
}

fn check_simd(summary: &Summary, simd: Simd) -> Result<()> {
    if summary.n_simd > 0 {
        let (has, wanted) = (summary.n_relaxed > 0, simd == Simd::Relaxed);
        ensure!(has == wanted, "{} relaxed instructions in a {simd:?} module", summary.n_relaxed);
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
///
/// # Errors
/// - it asks for more; the message names it.
pub(super) fn check_imports(imports: &[Import], glue: &str) -> Result<()> {
    for Import { module, name, .. } in imports {
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
        Import { module: module.to_owned(), name: name.to_owned(), is_function: true }
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
        let said = check_simd(&Summary::default(), Simd::Plain).unwrap_err().to_string();
        assert!(said.contains("no SIMD instruction"), "{said}");
        let with = |n_relaxed| Summary { n_simd: 2, n_relaxed, ..Summary::default() };
        assert!(check_simd(&with(0), Simd::Plain).is_ok());
        assert!(check_simd(&with(1), Simd::Relaxed).is_ok());
        assert!(check_simd(&with(1), Simd::Plain).is_err());
        assert!(check_simd(&with(0), Simd::Relaxed).is_err());
    }
}
