//! From what was learned to the bytes of a file: so many bits a coordinate, or as many as a budget
//! of bytes allows.

use super::beside::BesideArgs;
use super::input::is_same;
use crate::evaluate::{Options, Protocol, Report, cases, evaluate};
use crate::features::Sequences;
use crate::fit::Fitted;
use crate::log::Log;
use crate::pack::{Packing, pack, pack_spelt};
use crate::progress::Bar;
use crate::stage::Target;
use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use mercer::Engine;
use mercer::kernels::CodeWidth;
use mercer::model::words::Columns;
use mercer::model::{Attributes, ModelParts, PartsError};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// How small the file is to be.
#[derive(Debug, Args)]
pub(super) struct SizeArgs {
    /// Bits a coordinate in the file; below 4, vectors are spelt with words of codebooks
    #[arg(long, value_enum, default_value = "4")]
    bits: Bits,
    /// Take the most bits a coordinate with which the whole file has at most so many bytes
    #[arg(long, value_name = "BYTES", conflicts_with = "bits",
          value_parser = clap::value_parser!(u64).range(1..))]
    budget: Option<u64>,
    /// Write what was learned with other bits to another file as well; repeatable
    #[arg(long, value_name = "BITS=FILE")]
    also: Vec<Also>,
}

/// Bits a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Bits {
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
    #[value(name = "3")]
    Three,
    #[value(name = "4")]
    Four,
    #[value(name = "8")]
    Eight,
}

impl Bits {
    const MOST_FIRST: [Self; 5] = [Self::Eight, Self::Four, Self::Three, Self::Two, Self::One];

    pub(super) fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// Packs what was learned at so many bits.
    pub(super) fn pack(
        self,
        sequences: &Sequences,
        fitted: Fitted,
        min_sessions: u32,
    ) -> ModelParts {
        let width = CodeWidth::from_bits(self.number());
        let packing = Packing { width: width.unwrap_or(CodeWidth::Four), min_sessions };
        match width {
            Some(_) => pack(sequences, fitted, packing, String::new()),
            None => pack_spelt(sequences, fitted, (self.number(), packing), String::new()),
        }
    }
}

/// Another file of the same fit.
#[derive(Debug, Clone)]
struct Also {
    bits: Bits,
    file: PathBuf,
}

impl FromStr for Also {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (bits, file) = text.split_once('=').ok_or("write BITS=FILE, like 2=small.mercer")?;
        let bits = Bits::from_str(bits, false)
            .map_err(|_| format!("`{bits}` is none of 1, 2, 3, 4 and 8 bits"))?;
        if file.is_empty() {
            return Err("there is no file behind the `=`".to_owned());
        }
        Ok(Self { bits, file: file.into() })
    }
}

/// The files that are to be written besides `--out`.
pub(super) type Others = Vec<(Bits, PathBuf, Target)>;

impl SizeArgs {
    /// Finds out whether the other files can be written; none may be `out`, an input or another.
    pub(super) fn others<'a>(
        &'a self,
        out: &'a Path,
        inputs: impl Iterator<Item = &'a Path>,
    ) -> Result<Others> {
        let mut taken: Vec<&Path> = inputs.chain([out]).collect();
        let mut others = Vec::new();
        for Also { bits, file } in &self.also {
            if taken.iter().any(|other| other == file || is_same(other, file)) {
                bail!(
                    "--also {}: this is an input or written already; name another file",
                    file.display()
                );
            }
            taken.push(file);
            others.push((*bits, file.clone(), Target::check_flag("--also", file)?));
        }
        Ok(others)
    }

    /// The file that was asked for: `make` gives the finished file of so many bits, or how many
    /// bytes it would have where those are more than it is told.
    pub(super) fn choose<T>(
        &self,
        make: impl Fn(Bits, u64) -> Result<Result<T, u64>>,
    ) -> Result<T> {
        let (budget, candidates) = match self.budget {
            Some(budget) => (budget, Bits::MOST_FIRST.as_slice()),
            None => (u64::MAX, std::slice::from_ref(&self.bits)),
        };
        let mut smallest = u64::MAX;
        for &bits in candidates {
            match make(bits, budget)? {
                Ok(file) => return Ok(file),
                Err(bytes) => smallest = smallest.min(bytes),
            }
        }
        bail!(
            "--budget {budget}: the smallest file has {smallest} bytes; allow so many, or pack less \
             with --dim or --attributes"
        )
    }
}

/// The bytes of a file, and how it judged the held-out sessions.
pub(super) type Made = (Vec<u8>, Option<Report>);

/// All that a file is made of beside what was learned.
pub(super) struct Making<'a> {
    pub(super) sequences: &'a Sequences,
    pub(super) training: &'a Log,
    pub(super) held_out: &'a Log,
    pub(super) beside: &'a BesideArgs,
    pub(super) attributes: Option<Attributes>,
    pub(super) reading: Option<Columns>,
    /// What the file says of itself, but for what is known only when it is made.
    pub(super) about: serde_json::Value,
    pub(super) min_sessions: u32,
    pub(super) threads: usize,
}

impl Making<'_> {
    /// The bytes of a file of so many bits, and how it judged the held-out sessions; or how many
    /// bytes it would have, if more than the budget.
    pub(super) fn file(
        &self,
        fitted: &Fitted,
        (bits, budget): (Bits, u64),
    ) -> Result<Result<Made, u64>> {
        let (parts, about) = self.parts(fitted.clone(), bits);
        let bytes = write(&parts)?.len() as u64;
        if bytes > budget {
            return Ok(Err(bytes));
        }
        let (parts, report) = judge(parts, &about, self.held_out, self.threads)?;
        let file = write(&parts)?;
        let bytes = file.len() as u64;
        Ok(if bytes > budget { Err(bytes) } else { Ok((file, report)) })
    }

    fn parts(&self, fitted: Fitted, bits: Bits) -> (ModelParts, serde_json::Value) {
        let mut about = self.about.clone();
        about["settings"]["bits"] = bits.number().into();
        let mut parts = bits.pack(self.sequences, fitted, self.min_sessions);
        parts.attributes.clone_from(&self.attributes);
        parts.reading = self.reading.clone().filter(|_| parts.lexicon.is_some());
        about["priors"] = self.beside.add(&mut parts, self.training, self.min_sessions);
        parts.about = about.to_string();
        (parts, about)
    }
}

/// The bytes of the file. A number that no file can hold means that the steps of a fit led ever
/// further away.
fn write(parts: &ModelParts) -> Result<Vec<u8>> {
    mercer::model::write(parts).map_err(|error| match error {
        PartsError::Weight(_) => anyhow!(error).context(
            "the fit ran off to numbers that no file can hold; give a smaller --rate or a larger \
             --ridge, or look for ratings that lie far outside all others",
        ),
        other => other.into(),
    })
}

/// Ranks the held-out sessions with the packed file and writes the result into what it says
/// of itself.
fn judge(
    mut parts: ModelParts,
    about: &serde_json::Value,
    held_out: &Log,
    threads: usize,
) -> Result<(ModelParts, Option<Report>)> {
    let cases = cases(held_out, None, Protocol::EveryPrefix);
    let bar = Bar::new("judging", cases.iter().map(|case| case.predictions.len() as u64).sum());
    if cases.is_empty() {
        if !held_out.sessions.is_empty() {
            bar.say("note: no held-out session has a second step, so there is nothing to judge");
        }
        return Ok((parts, None));
    }
    bar.say(&format!("judging the file on {} held-out sessions", held_out.sessions.len()));
    let engine = Engine::load(&write(&parts)?)?;
    let options = Options { threads, ..Options::default() };
    let report = evaluate(&engine, &cases, &options, &|n| bar.advance(n));
    bar.finish();
    let mut about = about.clone();
    about["holdout"] = json!({
        "protocol": Protocol::EveryPrefix.name(),
        "cases": report.cases,
        "metrics": report.headline(),
    });
    parts.about = about.to_string();
    Ok((parts, Some(report)))
}
