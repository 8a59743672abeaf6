//! The direction of imports, and the length of files. `A -> B` in a message means that A
//! imports B and must not; `ARCHITECTURE.md` says why.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file without its tests.
const MAX_LINES: usize = 400;

/// What each folder or file of `src/` may import of the others. `lib` names them all.
const ENGINE: [(&str, &[&str]); 13] = [
    ("types", &[]),
    ("rng", &[]),
    ("model", &["kernels", "types"]),
    ("session", &["kernels", "model", "rng", "types"]),
    ("retrieval", &["kernels", "model", "rng", "types"]),
    ("ranking", &["kernels", "model", "rng", "types"]),
    ("diversity", &["kernels", "model", "rng", "types"]),
    ("explore", &["kernels", "model", "rng", "types"]),
    ("rules", &["kernels", "model", "rng", "types"]),
    ("explain", &["kernels", "model", "rng", "types"]),
    (
        "engine",
        &[
            "diversity",
            "explain",
            "explore",
            "kernels",
            "model",
            "ranking",
            "retrieval",
            "rng",
            "rules",
            "session",
            "types",
        ],
    ),
    ("caller", &["explain", "model", "rules", "session", "types"]),
    ("wasm", &["caller", "engine", "explain", "model", "rules", "session", "types"]),
];

/// The trainer's stages, and which earlier stages each may build on: a stage's result is the
/// next one's input, never the other way round. What is not listed here (the log, shared
/// types, a stage still to come) may import no stage at all.
const TRAINER: [(&str, &[&str]); 13] = [
    ("ingest", &[]),
    ("synth", &[]),
    ("split", &[]),
    ("features", &["ingest"]),
    ("embed", &[]),
    ("fit", &["features"]),
    ("pack", &["features", "fit"]),
    ("shard", &[]),
    ("evaluate", &[]),
    // Rankers that are judged and never packed.
    ("baseline", &["ingest", "features", "evaluate"]),
    ("report", &["evaluate"]),
    // The bars: they implement what a fit reports its progress to, so fits know no terminal.
    ("progress", &["fit"]),
    (
        "command",
        &[
            "ingest", "synth", "split", "features", "embed", "fit", "pack", "shard", "evaluate",
            "baseline", "report", "progress",
        ],
    ),
];

/// Files that stand above the trainer's stages.
const TRAINER_TOP: [&str; 3] = ["lib", "main", "cli"];

/// Crates that only the door to JavaScript may name.
const BROWSER_CRATES: [&str; 5] =
    ["js_sys", "wasm_bindgen", "serde_wasm_bindgen", "web_sys", "getrandom"];

/// One source file, its comments and tests left out.
struct Source {
    /// Below the crate's `src/`.
    path: PathBuf,
    code: String,
}

impl Source {
    /// The folder of `src/` it is in, or its own name if it is in none.
    fn layer(&self) -> String {
        let first = self.path.iter().next().expect("a file has a path");
        Path::new(first).with_extension("").to_string_lossy().into_owned()
    }

    /// Modules above it, from the crate down: `["model"]` for `model/read.rs`.
    fn parents(&self) -> Vec<String> {
        let path = self.path.with_extension("");
        let mut parts: Vec<String> =
            path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts.pop();
        parts
    }

    /// The top modules of its own crate that it names.
    fn imports(&self) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = after(&self.code, "crate::").into_iter().collect();
        let up = "super::".repeat(self.parents().len() + 1);
        found.extend(after(&self.code, &up));
        found
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of a crate's `src/` but `tests.rs` and `tests/`: tests may look at everything.
fn sources(src: &str) -> Vec<Source> {
    let base = root().join(src);
    let mut sources = Vec::new();
    let mut folders = vec![base.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Tests in a folder of their own are tests as well.
                if path.file_name().is_none_or(|name| name != "tests") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs")
            {
                let code = without_comments(&without_tests(&fs::read_to_string(&path).unwrap()));
                let path = path.strip_prefix(&base).unwrap().to_owned();
                sources.push(Source { path, code });
            }
        }
    }
    assert!(!sources.is_empty(), "{src} has no files");
    sources
}

/// Everything before the tests, which stand last.
fn without_tests(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_tests = |at: &usize| {
        lines[*at] == "#[cfg(test)]"
            && lines.get(at + 1).is_some_and(|next| next.starts_with("mod"))
    };
    let end = (0..lines.len()).find(is_tests).unwrap_or(lines.len());
    lines[..end].join("\n")
}

fn without_comments(text: &str) -> String {
    let kept = text.lines().map(|line| line.find("//").map_or(line, |at| &line[..at]));
    kept.collect::<Vec<_>>().join("\n")
}

/// The module names that follow `prefix`, alone or in braces: `a` and `b` for
/// `crate::{a::X, b}`.
fn after(code: &str, prefix: &str) -> Vec<String> {
    let starts = code.match_indices(prefix).map(|(at, _)| at);
    let whole = starts
        .filter(|&at| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
    whole.flat_map(|at| names(&code[at + prefix.len()..])).collect()
}

fn names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut depth = 0_usize;
    let mut names = Vec::new();
    let mut start = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            c if start && !c.is_whitespace() => {
                names.push(name(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    names
}

/// `A -> B (file)` for every import that `rules` do not allow. Layers in `top` may import
/// all; layers without a rule may import none that has one.
fn violations(sources: &[Source], rules: &[(&str, &[&str])], top: &[&str]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        let layer = source.layer();
        if top.contains(&layer.as_str()) {
            continue;
        }
        let rule = rules.iter().find(|(name, _)| *name == layer);
        let allowed = rule.map_or([].as_slice(), |(_, allowed)| *allowed);
        for import in source.imports() {
            let has_rule = rules.iter().any(|(name, _)| *name == import);
            if has_rule && import != layer && !allowed.contains(&import.as_str()) {
                violations.push(format!("{layer} -> {import} ({})", source.path.display()));
            }
        }
    }
    violations
}

#[test]
fn the_engines_layers_import_downwards() {
    let found = violations(&sources("src"), &ENGINE, &["lib"]);
    assert!(found.is_empty(), "imports against the layers:\n{}", found.join("\n"));
}

#[test]
fn every_layer_of_the_engine_has_its_rule() {
    for source in sources("src") {
        let layer = source.layer();
        let known = layer == "lib" || ENGINE.iter().any(|(name, _)| *name == layer);
        assert!(known, "`{layer}` has no place in the layers: tests/layers.rs, ARCHITECTURE.md");
    }
}

#[test]
fn only_the_door_knows_the_browser() {
    for source in sources("src").iter().filter(|source| source.layer() != "wasm") {
        for name in BROWSER_CRATES {
            let uses = source.code.contains(&format!("{name}::"));
            assert!(!uses, "{} -> {name} ({})", source.layer(), source.path.display());
        }
    }
}

#[test]
fn the_trainers_stages_build_only_on_earlier_ones() {
    let found = violations(&sources("crates/trainer/src"), &TRAINER, &TRAINER_TOP);
    assert!(found.is_empty(), "imports against the walk:\n{}", found.join("\n"));
}

#[test]
fn files_of_the_engine_are_short() {
    for source in sources("src") {
        let lines = source.code.lines().count();
        let path = source.path.display();
        assert!(lines <= MAX_LINES, "src/{path}: {lines} lines without tests, {MAX_LINES} allowed");
    }
}

#[test]
fn no_crate_may_be_unsafe() {
    let manifest = |path: &Path| fs::read_to_string(path.join("Cargo.toml")).unwrap();
    let workspace = manifest(&root());
    assert!(workspace.contains("\nunsafe_code = \"forbid\"\n"), "the workspace forbids `unsafe`");
    let members = workspace.split_once("members = [").and_then(|(_, rest)| rest.split_once(']'));
    let members: Vec<&str> = members.unwrap().0.split('"').skip(1).step_by(2).collect();
    assert!(members.contains(&"crates/trainer"), "{members:?}");
    for member in members.iter().copied().chain(["."]) {
        let manifest = manifest(&root().join(member));
        let obeys = manifest.contains("\n[lints]\nworkspace = true\n");
        assert!(obeys, "{member}/Cargo.toml does not take over the workspace's lints");
    }
}

/// A file with these lines.
fn source(path: &str, code: &str) -> Source {
    Source { path: PathBuf::from(path), code: without_comments(&without_tests(code)) }
}

#[test]
fn an_import_against_the_layers_is_named() {
    let seen = |path, code| violations(&[source(path, code)], &ENGINE, &["lib"]);
    let upwards = ["model -> session (model/read.rs)"];
    assert_eq!(seen("model/read.rs", "use crate::session::Session;"), upwards);
    assert_eq!(seen("model/read.rs", "use crate::{kernels::{TopK, dot}, session};"), upwards);
    assert_eq!(seen("model/read.rs", "fn f() { crate::session::encode(); }"), upwards);
    assert_eq!(seen("model/read.rs", "use super::super::session::Step;"), upwards);
    assert_eq!(seen("model/mod.rs", "use super::session;"), ["model -> session (model/mod.rs)"]);
    assert_eq!(seen("rng.rs", "use super::types::ItemIx;"), ["rng -> types (rng.rs)"]);
    assert_eq!(seen("ranking/signals.rs", "use crate::rules;").len(), 1);
}

#[test]
fn what_is_allowed_is_not_named() {
    let code = "
        //! [`Engine`](crate::engine::Engine) calls this.
        use super::session; // its own module `model::session`
        use crate::types::ItemIx;
        use mycrate::session::Step;
        #[cfg(test)]
        use crate::kernels;";
    assert_eq!(violations(&[source("model/read.rs", code)], &ENGINE, &["lib"]), [""; 0]);
    let tests = "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::session::Session;\n}";
    assert_eq!(violations(&[source("model/read.rs", tests)], &ENGINE, &["lib"]), [""; 0]);
}
