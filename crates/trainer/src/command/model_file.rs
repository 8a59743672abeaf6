//! Model files as the commands open and print them.

use anyhow::{Context, Result, anyhow, bail};
use mercer::Engine;
use mercer::model::{Model, ModelError, Section};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Reads the model file `path` into an engine.
pub(super) fn load(path: &Path) -> Result<Engine> {
    let shown = path.display();
    if path.is_dir() {
        bail!("{shown}: this is a folder; name the model file in it");
    }
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("{shown}: there is no such file; check the path"),
        _ => anyhow!("{shown}: cannot be read: {error}; check its permissions"),
    })?;
    Engine::load(&bytes).map_err(|error| anyhow!("{shown}: {error}{}", fix(&error)))
}

/// What to do about a file that is no model, where the error itself does not say.
fn fix(error: &ModelError) -> &'static str {
    match error {
        ModelError::Newer { .. } => "",
        ModelError::NotAModel => "; name a file that `mercer train` wrote",
        _ => "; copy the file again, or train it anew",
    }
}

/// The size of a model, for people and for `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Size {
    /// The whole file.
    pub(super) bytes: u64,
    /// Item vectors and biases alone.
    pub(super) bytes_per_item: f64,
    pub(super) n_items: usize,
    /// 0 in a file without vectors.
    pub(super) dim: usize,
    pub(super) bits: u8,
}

impl Size {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    pub(super) fn of(model: &Model, path: &Path) -> Result<Self> {
        let per_item = [Section::Vectors, Section::Spelt, Section::Biases];
        let sections = model.section_bytes().iter();
        let bytes: usize =
            sections.filter(|(section, _)| per_item.contains(section)).map(|(_, n)| n).sum();
        Ok(Self {
            bytes: std::fs::metadata(path).with_context(|| path.display().to_string())?.len(),
            bytes_per_item: bytes as f64 / model.n_items() as f64,
            n_items: model.n_items(),
            dim: model.dim(),
            bits: model.bits(),
        })
    }
}

/// Writes a result to stdout. The error keeps its kind, so that a reader who left early is
/// no failure.
fn print(text: &str) -> Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes()).context("cannot write standard output")
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
}

impl Form {
    /// The form that `--json` asks for.
    pub(super) fn of(json: bool) -> Self {
        if json { Self::Json } else { Self::Text }
    }
}

/// Writes a result to stdout in the form that was asked for.
pub(super) fn show(
    form: Form,
    result: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<()> {
    match form {
        Form::Text => print(&text()),
        Form::Json => print_json(result),
    }
}

/// Writes a result to stdout as one JSON object.
fn print_json(result: &impl Serialize) -> Result<()> {
    print(&(serde_json::to_string_pretty(result)? + "\n"))
}

/// Bytes as people read them.
pub(super) fn bytes(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let n_float = n as f64;
    match n {
        0..10_000 => format!("{n} B"),
        10_000..1_000_000 => format!("{:.0} kB", n_float / 1e3),
        _ => format!("{:.1} MB", n_float / 1e6),
    }
}
