//! The checks of `cargo xtask test`: a table, and a function for each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::demo::{self, ShopSize};
use super::{accuracy::quick, fuzz, wasm};
use crate::process::{capture, cargo, command, find_on_path, root, run, run_and_keep};
use crate::tools::rust::WasmBindgen;
use crate::tools::{FOR_BUILDING, Need, browsers};
use crate::wasm_file;

/// One check.
pub(super) struct Check {
    /// For `--only`.
    pub(super) name: &'static str,
    /// What is wrong when it fails.
    pub(super) about: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) run: fn() -> Result<()>,
}

/// Every check: the quick ones first, then those that stand on them.
pub(super) const ALL: [Check; 16] = [
    Check { name: "fmt", about: "Rust is formatted", needs: &[], run: fmt },
    Check {
        name: "dependencies",
        about: "licences, sources and bans of crates, where cargo-deny is there",
        needs: &[],
        run: dependencies,
    },
    Check { name: "clippy", about: "no lint, native", needs: &[], run: clippy },
    Check {
        name: "clippy-wasm",
        about: "no lint, wasm32",
        needs: &[Need::WasmTarget],
        run: clippy_wasm,
    },
    Check { name: "doc", about: "documentation builds without a warning", needs: &[], run: doc },
    Check {
        name: "doc-wasm",
        about: "documentation of the bindings builds without a warning",
        needs: &[Need::WasmTarget],
        run: doc_wasm,
    },
    Check { name: "rust", about: "Rust tests, native", needs: &[], run: rust },
    Check { name: "rust-doc", about: "examples in the documentation", needs: &[], run: rust_doc },
    Check {
        name: "fuzz",
        about: "new inputs at each fuzz target: a minute where CI is set, elsewhere 5 s",
        needs: &[],
        run: fuzz::smoke,
    },
    Check {
        name: "accuracy",
        about: "a model beats what needs no model on a sample shop",
        needs: &[],
        run: accuracy,
    },
    Check {
        name: "wasm-node",
        about: "wasm tests in Node, with SIMD and without",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Node],
        run: wasm_in_node,
    },
    Check {
        name: "wasm-chromium",
        about: "the same wasm tests in headless Chromium, and with relaxed SIMD",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browsers],
        run: wasm_in_chromium,
    },
    Check {
        name: "package",
        about: "the package builds, has SIMD, calls nothing outside, fits its budget",
        needs: &FOR_BUILDING,
        run: wasm::build,
    },
    Check { name: "js", about: "JavaScript tests in Node", needs: &FOR_BUILDING, run: js },
    Check {
        name: "browsers",
        about: "browser tests in Chromium, Firefox and WebKit",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Node, Need::Browsers],
        run: in_browsers,
    },
    Check {
        name: "packaging",
        about: "the packed package in Node, Deno, Bun, workerd, and built by five bundlers",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Node, Need::Runtimes, Need::Browsers],
        run: packaging,
    },
];

const WASM_TESTS: &str =
    "test --package mercer --target wasm32-unknown-unknown --lib --test wasm_*";
/// Those that multiply.
const RELAXED_TESTS: &str = "test --package mercer --target wasm32-unknown-unknown \
                             --test wasm_kernels --test wasm_scenarios";

fn fmt() -> Result<()> {
    run(&mut cargo("fmt --all --check"))
}

/// By `deny.toml`. Compiling the tool takes minutes, so its absence is said and is no failure;
/// advisories need their database, which is fetched, and are for `cargo deny --workspace check`.
fn dependencies() -> Result<()> {
    if find_on_path(&["cargo-deny"]).is_none() {
        eprintln!(
            "cargo-deny is not installed, so NOTHING was checked here; \
             `cargo install cargo-deny --locked` compiles it in some minutes"
        );
        return Ok(());
    }
    run(&mut cargo("deny --workspace --locked check bans licenses sources"))
}

fn clippy() -> Result<()> {
    run(&mut cargo("clippy --workspace --all-targets -- -D warnings"))
}

fn clippy_wasm() -> Result<()> {
    let words = "clippy --package mercer --target wasm32-unknown-unknown --lib --tests";
    run(cargo(words).args(["--", "-D", "warnings"]))
}

fn doc() -> Result<()> {
    // Libraries only: the page of the binary `mercer` would overwrite that of the engine.
    let words = "doc --no-deps --lib --package mercer --package mercer-cli";
    run(cargo(words).env("RUSTDOCFLAGS", "-D warnings"))?;
    run(cargo("doc --no-deps --bins --package xtask").env("RUSTDOCFLAGS", "-D warnings"))
}

fn doc_wasm() -> Result<()> {
    let words = "doc --no-deps --lib --package mercer --target wasm32-unknown-unknown";
    run(cargo(words).env("RUSTDOCFLAGS", "-D warnings -C target-feature=+simd128"))
}

fn rust() -> Result<()> {
    run(&mut cargo("test --workspace --tests"))
}

fn rust_doc() -> Result<()> {
    run(&mut cargo("test --workspace --doc"))
}

fn accuracy() -> Result<()> {
    quick::check(&demo::build_trainer()?)
}

/// Both code paths of the kernels, and the proof that each was the one meant.
fn wasm_in_node() -> Result<()> {
    let mut with_simd = cargo(WASM_TESTS);
    with_runner(&mut with_simd)?;
    run_wasm_tests(with_simd)?;
    let portable = |words| {
        let mut cargo = cargo(words);
        cargo.env("RUSTFLAGS", "-C target-feature=-simd128");
        cargo
    };
    let mut tests = portable(WASM_TESTS);
    with_runner(&mut tests)?;
    run_wasm_tests(tests)?;
    for (module, summary) in summaries(portable(WASM_TESTS))? {
        let n_simd = summary.n_simd;
        ensure!(n_simd == 0, "{module} was built without SIMD and has {n_simd} such instructions");
    }
    Ok(())
}

/// Relaxed SIMD is tried here: Node 20 has none.
fn wasm_in_chromium() -> Result<()> {
    let relaxed = || {
        let mut cargo = cargo(RELAXED_TESTS);
        cargo.env("RUSTFLAGS", wasm::RELAXED);
        cargo
    };
    for mut tests in [cargo(WASM_TESTS), relaxed()] {
        with_runner(&mut tests)?;
        tests
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", root().join("tests/browser/webdriver.json"))
            .env("CHROMEDRIVER", browsers::chromedriver()?);
        run_wasm_tests(tests)?;
    }
    for (module, summary) in summaries(relaxed())? {
        ensure!(summary.n_relaxed > 0, "{module} has no relaxed instruction");
    }
    Ok(())
}

/// What the modules of tests are made of.
fn summaries(mut tests: Command) -> Result<Vec<(String, wasm_file::Summary)>> {
    let list = capture(tests.args(["--no-run", "--message-format", "json"]))?;
    let one = |module: &str| {
        let bytes = fs::read(module).with_context(|| format!("cannot read {module}"))?;
        Ok((module.to_owned(), wasm_file::summarise(&bytes)?))
    };
    modules_in(&list).into_iter().map(one).collect()
}

fn js() -> Result<()> {
    wasm::build()?;
    node_tests("tests/js")
}

/// The storefront's tests walk through the sample shop, so that is made first.
fn in_browsers() -> Result<()> {
    demo::make_shop(ShopSize::default())?;
    wasm::build()?;
    node_tests("tests/browser")
}

fn packaging() -> Result<()> {
    wasm::build()?;
    node_tests("tests/packaging")
}

fn with_runner(tests: &mut Command) -> Result<()> {
    let runner = WasmBindgen::find()?.test_runner();
    tests.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    for mode in ["WASM_BINDGEN_USE_BROWSER", "NO_HEADLESS", "WASM_BINDGEN_USE_DENO"] {
        tests.env_remove(mode);
    }
    Ok(())
}

/// Runs wasm tests; the runner is content with a module in which it finds no test.
fn run_wasm_tests(mut tests: Command) -> Result<()> {
    let lines = run_and_keep(&mut tests)?;
    let n_passed: usize = lines.iter().filter_map(|line| n_passed(line)).sum();
    ensure!(n_passed > 0, "no wasm test was run; they live in tests/wasm_*.rs");
    Ok(())
}

/// `test result: ok. 3 passed; …` → 3
fn n_passed(line: &str) -> Option<usize> {
    line.trim().strip_prefix("test result: ok. ")?.split(' ').next()?.parse().ok()
}

/// The compiled modules that cargo's messages name as executables.
fn modules_in(messages: &str) -> Vec<&str> {
    messages
        .split("\"executable\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| Path::new(path).extension().is_some_and(|ending| ending == "wasm"))
        .collect()
}

/// Runs `*.test.mjs` of a folder. They are listed here because Node 20 and 22 disagree on
/// what a folder means.
fn node_tests(folder: &str) -> Result<()> {
    let files = test_files(&root().join(folder))?;
    run(command("node").args(["--test", "--test-reporter=spec"]).args(files))
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()));
    let mut files = Vec::new();
    for entry in listing? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{} holds no `*.test.mjs`", folder.display());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::test_folder;

    #[test]
    fn passed_tests_are_counted() {
        assert_eq!(n_passed("test result: ok. 12 passed; 0 failed; 0 ignored"), Some(12));
        assert_eq!(n_passed("no tests to run!"), None);
        assert_eq!(n_passed("test result: FAILED. 0 passed; 1 failed"), None);
    }

    #[test]
    fn modules_are_found_in_cargo_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","executable":"/t/a-1.wasm","fresh":true}"#,
            "\n",
            r#"{"executable":"/t/native"}"#,
        );
        assert_eq!(modules_in(messages), ["/t/a-1.wasm"]);
    }

    #[test]
    fn a_folder_without_tests_is_an_error() {
        let folder = test_folder("checks-js");
        fs::write(folder.join("helper.mjs"), "").unwrap();
        assert!(test_files(&folder).unwrap_err().to_string().contains("holds no"));
        fs::write(folder.join("b.test.mjs"), "").unwrap();
        fs::write(folder.join("a.test.mjs"), "").unwrap();
        let names = test_files(&folder).unwrap();
        assert_eq!(names, [folder.join("a.test.mjs"), folder.join("b.test.mjs")]);
        assert!(test_files(&folder.join("none")).is_err());
    }
}
