//! `--position-correction`: what it did, in words and as JSON.

use crate::features::Sequences;
use crate::features::propensity::{PositionRange, Propensity, effective_share};
use crate::log::Log;
use clap::ValueEnum;
use serde::Serialize;
use std::fmt::{self, Write};

/// Ranges shown in a line.
const A_LINE: usize = 8;

/// Whether clicks in lists are weighed by their positions: where the log tells how likely each
/// was looked at, or never.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PositionCorrection {
    Auto,
    Off,
}

/// What became of it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Corrected {
    Applied { applied: bool, clicks: u32, effective_share: f64, ranges: Vec<Range> },
    Not { applied: bool, reason: String },
}

/// A range of positions and what a click there counts.
#[derive(Debug, Serialize)]
pub(super) struct Range {
    from: u32,
    to: Option<u32>,
    clicks: u32,
    propensity: f64,
    weight: f64,
}

impl PositionCorrection {
    /// Estimates the propensities from `log` and weighs its `sequences` by them, if it is
    /// wanted and can be done.
    pub(super) fn apply(self, log: &Log, sequences: &mut Sequences) -> Corrected {
        let not = |reason| Corrected::Not { applied: false, reason };
        if matches!(self, Self::Off) {
            return not("--position-correction off".to_owned());
        }
        let propensity = match Propensity::estimate(log) {
            Ok(propensity) => propensity,
            Err(why) => return not(why.to_string()),
        };
        sequences.weights = propensity.step_weights(log);
        Corrected::Applied {
            applied: true,
            clicks: propensity.ranges().iter().map(|range| range.clicks).sum(),
            effective_share: rounded(effective_share(&sequences.weights)),
            ranges: propensity.ranges().iter().map(Range::of).collect(),
        }
    }
}

impl Range {
    fn of(range: &PositionRange) -> Self {
        let PositionRange { from, to, clicks, propensity } = *range;
        Self { from, to, clicks, propensity: rounded(propensity), weight: rounded(range.weight()) }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) if to == self.from => write!(f, "{to}")?,
            Some(to) => write!(f, "{}–{to}", self.from)?,
            None => write!(f, "{}+", self.from)?,
        }
        write!(f, ": {:.2}", self.propensity)
    }
}

impl Corrected {
    /// As a paragraph of the report.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Not { reason, .. } => format!("  list positions not corrected for: {reason}\n"),
            Self::Applied { clicks, effective_share, ranges, .. } => {
                let mut text = format!(
                    "  list positions corrected for; how likely each is looked at, from {clicks} \
                     clicks:\n"
                );
                for line in ranges.chunks(A_LINE) {
                    let line: Vec<String> = line.iter().map(Range::to_string).collect();
                    writeln!(text, "    {}", line.join("  ")).expect("text takes everything");
                }
                let share = 100.0 * effective_share;
                text + &format!(
                    "    the steps so weighed are worth {share:.1} % of as many alike\n"
                )
            }
        }
    }
}

/// Four decimals are more than an estimate has.
fn rounded(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}
